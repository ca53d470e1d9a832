"""Small answers for machines: is it alive, and how many notices are unread."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import condition, require_safe

from officehub.notifications.models import Notice


def unread_count(person) -> int:
    """Unread notices, counted no further than the badge shows."""
    return len(Notice.objects.filter(recipient=person, read_at=None).values_list("pk")[:100])


@require_safe
@login_not_required
def healthz(request):
    """200 when the database answers; an error of the database is an error of the house."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def _etag(request):
    request.unread = unread_count(request.user)
    request.session = None
    return f'"{request.user.pk}-{request.unread}"'


@require_safe
@condition(etag_func=_etag)
def badges(request):
    """The bell, asked for every 25 seconds while the page is looked at; mostly answered 304.

    Being asked is no sign of life: without its session here, nothing prolongs it (GB/T 22239-2019 8.1.4.1).
    """
    answer = render(request, "web/badges.html", {"unread": request.unread})
    answer["Cache-Control"] = "private, no-cache"
    return answer
