import logging

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError

from officehub.workdays import recount as counting


@shared_task(name="workdays.recount")
def recount():
    """After a change of the calendar, piece by piece; every minute for what a lost message or a dead worker left."""
    if counting.step(timezone.now()):
        poke()


def poke() -> None:
    """When the queue cannot be reached the change stays, and the sweep of the minute finds it."""
    try:
        recount.delay()
    except OperationalError as error:
        logging.getLogger("officehub").error("queue unreachable, %s waits for the sweep: %s", recount.name, error)
