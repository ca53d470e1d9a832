from celery import shared_task
from django.utils import timezone

from officehub.audit.record import seal_events


@shared_task(name="audit.seal")
def seal():
    while seal_events(timezone.now()):
        pass
