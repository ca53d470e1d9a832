"""工作量: one page for each department, for its head, those above and the leader in charge; and its Excel."""

from datetime import datetime

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officehub.inbox.models import WorkItem
from officehub.people.models import Department
from officehub.web.hubs import doors_for
from officehub.web.listing import soonest_first
from officehub.web.office_time import WorkingDays, due_label
from officehub.web.views import for_the_office
from officehub.web.workbook import as_excel, long_workbook
from tasks.workload import Load, days_ahead, load_of, overseen, people_of, readable

DARKEST = 4  # shades of the grid
SHEET = {"部门": 20, "姓名": 12, "合计": 8, "已逾期": 8, "今天": 8, "本周": 8, "以后": 8, "无期限": 8}
BAR = 44  # height of the tallest bar, in the picture's own units


def fetch(request, pk: int, now: datetime) -> Department:
    return get_object_or_404(overseen(request.user, timezone.localdate(now)).select_related("organ"), pk=pk)


@for_the_office
@require_safe
def workloads(request):
    """To the first department one oversees; who oversees none is told whose page it is."""
    first = overseen(request.user, timezone.localdate(timezone.now())).values_list("pk", flat=True).first()
    return redirect("tasks:workload", first) if first else render(request, "tasks/workload_none.html")


@for_the_office
@require_safe
def workload(request, pk):
    now = timezone.now()
    department = fetch(request, pk, now)
    days = days_ahead(timezone.localdate(now))
    loads = load_of(people_of(department), days, now)
    for load in loads:
        load.shades = [(count, min(count, DARKEST)) for count in load.days]
    context = {
        "department": department, "loads": loads, "days": days, "bars": bars(loads, len(days)),
        "departments": overseen(request.user, timezone.localdate(now)), "sum": total(loads),
    }  # fmt: skip
    return render(request, "tasks/workload.html", context)


def total(loads: list[Load]) -> dict[str, int]:
    return {name: sum(getattr(load, name) for load in loads) for name in ("total", "overdue", "today", "week", "later")}


def bars(loads: list[Load], count: int) -> list[dict]:
    """The department's errands day by day, as bars of a small picture."""
    sums = [sum(load.days[place] for load in loads) for place in range(count)]
    most = max([*sums, 1])
    return [
        {"count": one, "x": place * 20, "y": BAR - BAR * one / most, "height": BAR * one / most}
        for place, one in enumerate(sums)
    ]


@for_the_office
@require_safe
def export_workload(request, pk):
    now = timezone.now()
    department = fetch(request, pk, now)
    loads = load_of(people_of(department), [], now)
    name = f"工作量 {department.name} {timezone.localdate(now):%Y%m%d}导出.xlsx"
    return as_excel(name, long_workbook("工作量", SHEET, map(_row, loads)))


def _row(load: Load) -> list:
    counts = (load.total, load.overdue, load.today, load.week, load.later, load.none)
    return [load.person.department.name, load.person.name, *counts]


@for_the_office
@require_safe
def workload_of(request, pk, person_pk):
    """One person's open errands: those about what the viewer may see by their titles, the others by verb and limit."""
    now = timezone.now()
    department = fetch(request, pk, now)
    person = get_object_or_404(people_of(department), pk=person_pk)
    page = soonest_first(WorkItem.objects.todo(person), "due_at", request.GET.get("after", ""))
    seen, days = readable(list(page.rows), request.user, now), WorkingDays((one.due_at for one in page.rows), now)
    opens = doors_for([item for item in page.rows if item.pk in seen])
    for item in page.rows:
        item.readable = item.pk in seen
        item.url = opens.get((item.subject_type_id, item.subject_id), "") if item.readable else ""
        item.due = due_label(item.due_at, now, days)
    context = {"department": department, "person": person, "page": page}
    return render(request, "tasks/workload_of.html", context)
