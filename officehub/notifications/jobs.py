from celery import shared_task
from django.utils import timezone

from officehub.notifications.send import send_waiting


@shared_task(name="notifications.send_messages")
def send_messages():
    while send_waiting(timezone.now()):
        pass
