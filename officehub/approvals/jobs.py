from celery import shared_task
from django.utils import timezone

from officehub.approvals.reassigning import reassign_all
from officehub.approvals.silence import lapse as record_silence


@shared_task(name="approvals.reassign")
def reassign():
    """After posts, roles or delegations changed, and every morning: delegations begin and end with the day."""
    reassign_all(timezone.now())


@shared_task(name="approvals.lapse")
def lapse():
    """Where a stage takes silence for consent, record whose time is over."""
    record_silence(timezone.now())
