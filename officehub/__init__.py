"""The ground floor: what any office has, whatever its business. It never points up to a room."""

from officehub.celery import app as celery_app

__all__ = ["celery_app"]
