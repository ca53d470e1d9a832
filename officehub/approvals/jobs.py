from celery import shared_task
from django.utils import timezone

from officehub.approvals.reassigning import reassign_all


@shared_task(name="approvals.reassign")
def reassign():
    """After posts, roles or delegations changed, and every morning: delegations begin and end with the day."""
    reassign_all(timezone.now())
