from celery import shared_task
from django.utils import timezone

from officehub.notifications.send import send_waiting


@shared_task(name="notifications.send_messages")
def send_messages():
    while send_waiting(timezone.now()):
        pass


@shared_task(name="inbox.remind")
def remind():
    """The ledger of reminders: whatever is due. Sending pokes the job above, so it is called from here."""
    from officehub.notifications import remind

    remind.remind(timezone.now())
