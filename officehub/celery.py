"""The queue. A job is found in a room's `jobs.py` (`tasks` is a room's name, so Celery's own word is taken)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
app = Celery("officehub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
