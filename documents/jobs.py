from celery import shared_task
from django.utils import timezone

from documents import distribute, duties, printing
from documents.incoming import chasing, circulate
from documents.incoming import duty as incoming_duty


@shared_task(name="documents.print_paper")
def print_paper(pk: int):
    printing.print_rendition(pk, timezone.now())


@shared_task(name="documents.deliver")
def deliver(pk: int):
    distribute.deliver(pk, timezone.now())


def roles_changed(signal, sender, roles, **kwargs):
    """Not queued: whoever lost a role must not find its errands a minute later."""
    duties.refresh(timezone.now(), roles)
    incoming_duty.refresh(timezone.now(), roles)
    circulate.reseat(timezone.now(), sender)


@shared_task(name="documents.sweep")
def sweep():
    """What a lost message or a dead worker left behind is found here, every minute."""
    now = timezone.now()
    for pk in printing.waiting(now).values_list("pk", flat=True)[:100]:
        print_paper.delay(pk)
    for pk in distribute.waiting(now).values_list("pk", flat=True)[:100]:
        deliver.delay(pk)


@shared_task(name="documents.incoming_alarms")
def incoming_alarms():
    """Overdue stations and papers, each told of once; and stations follow who is away today."""
    now = timezone.now()
    for pk in circulate.overdue(now).values_list("pk", flat=True)[:500]:
        circulate.alarm(pk, now)
    for pk in chasing.overdue(now).values_list("pk", flat=True)[:500]:
        chasing.alarm(pk, now)
    circulate.reseat(now)
