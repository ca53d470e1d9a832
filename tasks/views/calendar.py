"""日程 by month or week, the days off and what is only assumed marked; and the private feed of it."""

import calendar
from datetime import date, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officehub.web.views import for_the_office
from tasks.calendar import feed as feeds
from tasks.calendar.entries import days, entries
from tasks.models import CalendarFeed

VIEWS = {"month": gettext_lazy("月"), "week": gettext_lazy("周")}
FURTHEST = timedelta(days=3660)


class FeedForm(forms.Form):
    with_titles = forms.BooleanField(
        label=gettext_lazy("日历中显示事项标题"), required=False,
        help_text=gettext_lazy("标题可能含有工作秘密；日历软件若把内容存到外网，请不要勾选。"),
    )  # fmt: skip


def _asked_day(request, today: date) -> date:
    """The day whose month or week is asked for; anything odd or far away means today's."""
    try:
        day = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return day if abs(day - today) <= FURTHEST else today


@for_the_office
@require_safe
def calendar_page(request):
    now = timezone.now()
    today = timezone.localdate(now)
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "month"
    on = _asked_day(request, today)
    first, last, before, after = _span(view, on)
    shown = days(
        first, last, entries(request.user, first, last), today=today, month=on.month if view == "month" else None
    )
    context = {
        "days": shown, "view": view, "on": on, "first": first, "last": last, "before": before, "after": after,
        "today": today, "any": any(day.entries for day in shown), "assumed": any(day.assumed for day in shown),
        "views": [{"label": label, "url": f"?view={name}&on={on}", "current": name == view}
                  for name, label in VIEWS.items()],
    }  # fmt: skip
    return render(request, "tasks/calendar.html", context)


def _span(view: str, on: date) -> tuple[date, date, date, date]:
    """First and last day shown, whole weeks; and a day of the month or week before and after."""
    if view == "week":
        first = on - timedelta(days=on.weekday())
        return first, first + timedelta(days=6), first - timedelta(days=7), first + timedelta(days=7)
    begins = on.replace(day=1)
    ends = begins.replace(day=calendar.monthrange(on.year, on.month)[1])
    first, last = begins - timedelta(days=begins.weekday()), ends + timedelta(days=6 - ends.weekday())
    return first, last, begins - timedelta(days=1), ends + timedelta(days=1)


# --- the feed -------------------------------------------------------------------------------------------------------


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("token")
def calendar_feed(request):
    """Whether there is a feed; a new address for it, shown this once."""
    now, address = timezone.now(), ""
    form = FeedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        token = feeds.issue(request.user, with_titles=form.cleaned_data["with_titles"], now=now)
        address = request.build_absolute_uri(reverse("tasks:ics", args=[token]))
    current = CalendarFeed.objects.filter(person=request.user).first()
    context = {
        "form": form, "feed": current, "address": address, "may_show": settings.CALENDAR_FEED_MAY_SHOW_TITLES,
    }  # fmt: skip
    return render(request, "tasks/calendar_feed.html", context)


@for_the_office
@require_POST
def revoke_feed(request):
    if feeds.revoke(request.user, now=timezone.now()):
        messages.success(request, _("订阅地址已停用。"))
    return redirect("tasks:calendar_feed")


@login_not_required
@require_safe
@sensitive_variables("token")
def ics(request, token):
    """What a calendar program fetches: by the secret address alone, so many times an hour."""
    now, feed = timezone.now(), feeds.feed_of(token)
    if feed is None or feed.person.is_staff:
        raise Http404
    if not feeds.may_read(feed, now):
        return HttpResponse(status=429, headers={"Retry-After": "3600", "Cache-Control": "no-store"})
    with translation.override(settings.LANGUAGE_CODE):
        text = feeds.text_of(feed, now)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="officehub.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)
