"""Everything with a date for one person between two days, each thing once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.inbox.models import WorkItem
from officehub.people.models import Person
from officehub.web.hubs import verb_label
from officehub.workdays.calendar import midnight
from officehub.workdays.models import CalendarDay
from tasks.models import Milestone, Participation, Task

DAY_ENDS = time(23, 59)
MOST = 2_000  # entries of one person; nobody reads more


@dataclass(frozen=True)
class Entry:
    """`key` names the thing for as long as it lives; `at` is its limit, of the whole day when `all_day`."""

    key: str
    at: datetime
    label: str
    title: str
    url: str
    provisional: bool

    @property
    def day(self) -> date:
        return timezone.localdate(self.at)

    @property
    def all_day(self) -> bool:
        return timezone.localtime(self.at).time() >= DAY_ENDS


def entries(person: Person, first: date, last: date) -> list[Entry]:
    """From `first` to `last`, both included, in order; three queries."""
    begins, ends = midnight(first), midnight(last + timedelta(days=1))
    between = {"due_at__gte": begins, "due_at__lt": ends}
    items = list(WorkItem.objects.todo(person).filter(**between).order_by("due_at", "id")[:MOST])
    kind = ContentType.objects.get_for_model(Task).pk
    asked = {item.subject_id for item in items if item.subject_type_id == kind}
    tasks = Task.objects.open().filter(_part_of(person), **between).order_by("due_at", "id")[:MOST]
    steps = Milestone.objects.filter(done_at=None, task__in=_tasks_of(person), **between).select_related("task")
    found = [_of_item(item) for item in items]
    found += [_of_task(task) for task in tasks if task.pk not in asked]
    found += [_of_step(step) for step in steps.order_by("due_at", "id")[:MOST]]
    return sorted(found, key=lambda one: (one.at, one.key))


def _part_of(person: Person) -> Q:
    """The tasks somebody does, gave, answers for or assists in."""
    live = Participation.objects.filter(person=person, state__in=Participation.LIVE)
    return Q(lead_person=person) | Q(assigner=person) | Q(responsible=person) | Q(pk__in=live.values("task"))


def _tasks_of(person: Person):
    return Task.objects.open().filter(Q(lead_person=person) | Q(assigner=person)).values("pk")


def _of_item(item: WorkItem) -> Entry:
    url = reverse("open_item", args=[item.pk])
    return Entry(f"item-{item.pk}", item.due_at, verb_label(item.verb), item.title, url, item.due_provisional)


def _of_task(task: Task) -> Entry:
    url = reverse("tasks:detail", args=[task.pk])
    return Entry(f"task-{task.pk}", task.due_at, _("任务到期"), task.title, url, task.due_provisional)


def _of_step(step: Milestone) -> Entry:
    title = f"{step.name}（{step.task.title}）"
    url = reverse("tasks:detail", args=[step.task_id])
    return Entry(f"milestone-{step.pk}", step.due_at, _("阶段节点"), title, url, step.due_provisional)


@dataclass(frozen=True)
class Day:
    """One day as the calendar shows it. `assumed` (按推算): nobody has confirmed whether it is worked."""

    date: date
    entries: list[Entry]
    worked: bool
    name: str
    assumed: bool
    outside: bool  # of another month than the one shown
    today: bool


def days(first: date, last: date, found: Iterable[Entry], *, today: date, month: int | None = None) -> list[Day]:
    """Every day from `first` to `last` with what falls on it; one query for the office's calendar."""
    rows = CalendarDay.objects.filter(date__gte=first, date__lte=last)
    known = {row.date: row for row in rows}
    by_day: dict[date, list[Entry]] = {}
    for entry in found:
        by_day.setdefault(entry.day, []).append(entry)
    return [
        _day(first + timedelta(days=place), known, by_day, today, month) for place in range((last - first).days + 1)
    ]


def _day(day: date, known: dict[date, CalendarDay], by_day, today: date, month: int | None) -> Day:
    row = known.get(day)
    worked = row.is_workday if row else day.weekday() < 5
    outside = month is not None and day.month != month
    assumed = row is None or not row.confirmed
    return Day(day, by_day.get(day, []), worked, row.name if row else "", assumed, outside, day == today)
