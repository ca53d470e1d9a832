"""The workbench: what I must do by when, what I did, what I set going."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import Count, F, Prefetch, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officehub.approvals.models import Run, Step
from officehub.inbox.errands import see
from officehub.inbox.models import WorkItem
from officehub.web import hubs
from officehub.web.listing import Page, newest_first, soonest_first
from officehub.web.office_time import grouped

RATED_DAYS = 90


@dataclass(frozen=True)
class Tab:
    """One tab: what it lists, and the template that shows it."""

    name: str
    label: str
    template: str
    current: bool
    count: int | None = None

    @property
    def url(self) -> str:
        return f"?tab={self.name}"


@dataclass(frozen=True)
class OnTime:
    """How many of the errands with a limit, finished in the last 90 days, were finished in time."""

    done: int
    late: int

    @property
    def rate(self) -> str:
        return f"{(self.done - self.late) / self.done:.1%}" if self.done else "—"


def on_time(person, now: datetime) -> OnTime:
    recent = WorkItem.objects.done(person).filter(done_at__gte=now - timedelta(days=RATED_DAYS), due_at__isnull=False)
    counted = recent.aggregate(done=Count("id"), late=Count("id", filter=Q(done_at__gt=F("due_at"))))
    return OnTime(counted["done"], counted["late"])


def greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < 6:
        return _("夜深了")
    return _("上午好") if hour < 12 else _("下午好") if hour < 18 else _("晚上好")


def how_pressing(person, now: datetime) -> dict[str, int]:
    """All open errands, those overdue and those due by the end of today."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return WorkItem.objects.todo(person).aggregate(
        all=Count("id"),
        overdue=Count("id", filter=Q(due_at__lt=now)),
        today=Count("id", filter=Q(due_at__gte=now, due_at__lt=midnight)),
    )


def todo_page(person, now: datetime, cursor: str) -> Page:
    page = soonest_first(WorkItem.objects.todo(person).select_related("acting_for"), "due_at", cursor)
    return replace(page, rows=grouped(page.rows, now))


def done_page(person, now: datetime, cursor: str) -> Page:
    return newest_first(WorkItem.objects.done(person).select_related("acting_for"), "done_at", cursor)


def _runs_page(runs, cursor: str) -> Page:
    has_it = (Step.State.OPEN, Step.State.ASSISTED, Step.State.INSIDE)
    waiting = Step.objects.filter(state__in=has_it).select_related("approver", "stage")
    page = newest_first(
        runs.filter(parent=None).prefetch_related("subject", Prefetch("steps", waiting, "waiting_for")),
        "started_at",
        cursor,
    )
    for run in page.rows:
        run.url = hubs.door(run.subject)
    return page


def running_page(person, now: datetime, cursor: str) -> Page:
    return _runs_page(under_way(person), cursor)


def under_way(person):
    return Run.objects.filter(started_by=person, state__in=(Run.State.RUNNING, Run.State.SUSPENDED))


def started_page(person, now: datetime, cursor: str) -> Page:
    return _runs_page(Run.objects.filter(started_by=person), cursor)


PAGES = {"todo": todo_page, "running": running_page, "done": done_page, "started": started_page}


def tabs(current: str, person, todo: int) -> list[Tab]:
    running = under_way(person).filter(parent=None).count()
    listed = [
        ("todo", _("待办"), "web/todo.html", todo),
        ("running", _("在办"), "web/started.html", running),
        ("done", _("已办"), "web/done.html", None),
        ("started", _("我发起的"), "web/started.html", None),
    ]
    return [Tab(name, label, template, name == current, count) for name, label, template, count in listed]


@require_safe
def workbench(request):
    now, person = timezone.now(), request.user
    name = request.GET.get("tab") if request.GET.get("tab") in PAGES else "todo"
    pressing = how_pressing(person, now)
    shown = tabs(name, person, pressing["all"])
    context = {
        "tabs": shown,
        "tab": next(tab for tab in shown if tab.current),
        "page": PAGES[name](person, now, request.GET.get("after", "")),
        "greeting": greeting(now),
        "pressing": pressing,
        "on_time": on_time(person, now),
        "panels": hubs.panels_at("workbench.side", person, now),
    }
    return render(request, "web/workbench.html", context)


@require_safe
def open_item(request, pk):
    """Note the first opening, then go where the errand is done."""
    item = get_object_or_404(WorkItem, pk=pk, assignee=request.user)
    see(item, timezone.now())
    address = item.subject and hubs.door(item.subject)
    if not address:
        messages.warning(request, _("“%(title)s”已不能打开，请联系交办人。") % {"title": item.title})
    return redirect(address or "workbench")
