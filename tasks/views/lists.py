"""Lists of tasks: those I do, gave, assist in or verify, and all that I may see."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from officehub.people.grants import on_visible
from officehub.web.listing import newest_first
from officehub.web.office_time import WorkingDays, due_label
from officehub.workdays.calendar import midnight
from tasks.forms import FilterForm
from tasks.limits import soon
from tasks.models import Participation, Signal, Task

STATE = Task.State
TABS = {
    "mine": _("我承办的"),
    "given": _("我交办的"),
    "assisting": _("协办的"),
    "verify": _("待我核验"),
    "all": _("全部可见"),
}


def of_tab(tab: str, person, now: datetime) -> QuerySet[Task]:
    """The rows of a tab; each has an index that ends in the list's order."""
    if tab == "given":
        return Task.objects.filter(assigner=person)
    if tab == "assisting":
        live = Participation.objects.filter(person=person, role="assist", state__in=Participation.LIVE)
        return Task.objects.filter(pk__in=live.values("task"))
    if tab == "verify":
        return Task.objects.filter(verifier=person, state=STATE.SUBMITTED)
    if tab == "all":
        return on_visible(Task.objects.all(), "pk", person, now)
    return Task.objects.filter(lead_person=person)


def filtered(rows: QuerySet[Task], form: FilterForm, now: datetime) -> QuerySet[Task]:
    """The rows, as far as the filters let them through."""
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    if words := given.get("words"):
        rows = rows.filter(Q(title__icontains=words) | Q(number__icontains=words))
    if given.get("state"):
        rows = rows.filter(state=given["state"])
    if given.get("signal"):
        rows = rows.filter(_by_signal(given["signal"], now))
    if given.get("unit"):
        rows = rows.filter(lead_unit=given["unit"])
    if given.get("since"):
        rows = rows.filter(due_at__gte=midnight(given["since"]))
    if given.get("until"):
        rows = rows.filter(due_at__lt=midnight(given["until"] + timedelta(days=1)))
    return rows


def _by_signal(signal: str, now: datetime) -> Q:
    if signal == Signal.OVERDUE:
        return Q(state__in=Task.OPEN, due_at__lt=now)
    near = soon(now)
    if signal == Signal.DUE_SOON:
        return Q(state__in=Task.OPEN, due_at__gte=now, due_at__lte=near)
    return Q(state__in=Task.OPEN, due_at__gt=near)


def with_signals(rows: list[Task], now: datetime) -> None:
    """Each task of a page knows how it stands by its limit; one query for all."""
    near, days = soon(now), WorkingDays([task.due_at for task in rows], now)
    for task in rows:
        task.light = task.signal(now, near)
        task.due = due_label(task.due_at, now, days)
        task.past_original = task.was_extended and task.is_past_original(now)


def _first_tab(person, now: datetime) -> str:
    """The first that shows anything: a leader has nothing to do, but gave and verifies."""
    return next((tab for tab in ("mine", "verify", "given", "assisting") if of_tab(tab, person, now).exists()), "mine")


@require_safe
def tasks(request):
    now = timezone.now()
    tab = request.GET.get("tab", "") if request.GET.get("tab") in TABS else _first_tab(request.user, now)
    form = FilterForm(request.GET)
    rows = filtered(of_tab(tab, request.user, now), form, now)
    shown = rows.select_related("lead_unit", "lead_person", "assigner")
    page = newest_first(shown, "sort_at", request.GET.get("after", ""))
    with_signals(list(page.rows), now)
    asked = request.GET.copy()
    asked.pop("after", None)
    asked["tab"] = tab
    context = {
        "page": page,
        "form": form,
        "tab": tab,
        "tabs": [{"label": label, "url": f"?tab={name}", "current": name == tab} for name, label in TABS.items()],
        "query": asked.urlencode() + "&",
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "tasks/list.html", context)
