from celery import shared_task
from django.utils import timezone

from officehub.notifications import digests, send


@shared_task(name="notifications.send_messages")
def send_messages():
    """Each outlet with something to send gets a job of its own, so that one that hangs holds up no other."""
    now = timezone.now()
    for outlet in send.outlets():
        if send.waiting(outlet, now).exists():
            send_through.delay(outlet.pk)


@shared_task(name="notifications.send_through")
def send_through(pk: int):
    while send.send_through(pk, timezone.now()):
        pass


@shared_task(name="inbox.remind")
def remind():
    """The ledger of reminders: whatever is due. Sending pokes the job above, so it is called from here."""
    from officehub.notifications import remind

    remind.remind(timezone.now())


@shared_task(name="notifications.write_digests")
def write_digests():
    if digests.write(timezone.now()):
        send_messages()
