"""工作量: how much each person of a department has to do by when, of every kind of errand; counts, and no titles."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from officehub.inbox.models import WorkItem
from officehub.people.models import Appointment, Department, Person, Role
from officehub.people.models.persons import ADMINISTRATORS
from officehub.workdays.arithmetic import worked_days

DAYS = 14  # working days ahead


@dataclass
class Load:
    """One person's open errands by their limits; `days` in the order of the working days shown."""

    person: Person
    total: int = 0
    overdue: int = 0
    today: int = 0
    week: int = 0
    later: int = 0
    none: int = 0
    days: list[int] = field(default_factory=list)


def overseen(person: Person, today: date):
    """The departments whose workload somebody sees: those they head and those below, those they are in charge of and
    those below, and for the principal leader and the office's director every one of their organ."""
    if person.department is None:
        return Department.objects.none()
    held = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gte=today), person=person, since__lte=today)
    posts = list(held.select_related("post__department"))
    heads = [one.post.department.path for one in posts if one.post.is_head]
    in_charge = Department.objects.filter(leader_in_charge__in=[one.post_id for one in posts])
    wanted = Q(pk__in=[])
    for path in [*heads, *in_charge.values_list("path", flat=True)]:
        wanted |= Q(path__startswith=path)
    if person.has_role(Role.PRINCIPAL_LEADER, Role.OFFICE_DIRECTOR):
        wanted |= Q(organ=person.department.organ_id)
    return Department.objects.filter(wanted, is_active=True).order_by("order", "path")


def people_of(department: Department):
    """Who works in a department and those below it."""
    rows = Person.objects.filter(is_active=True, department__path__startswith=department.path)
    rows = rows.exclude(role_holdings__role__in=ADMINISTRATORS)
    return rows.select_related("department").order_by("department__order", "department__path", "name_key", "id")


def days_ahead(today: date) -> list[date]:
    """The next working days, today among them when it is one."""
    return worked_days(today, today + timedelta(days=45))[:DAYS]


def load_of(people: Iterable[Person], days: list[date], now: datetime) -> list[Load]:
    """How much each has, in two queries however many they are."""
    found = {person.pk: Load(person, days=[0] * len(days)) for person in people}
    rows = WorkItem.objects.filter(assignee__in=list(found), done_at=None).order_by()
    for row in rows.values("assignee").annotate(**_counts(now)):
        load = found[row.pop("assignee")]
        for name, count in row.items():
            setattr(load, name, count)
    if days:
        _spread(found, rows, days)
    return list(found.values())


def _counts(now: datetime) -> dict[str, Count]:
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight, sunday = today + timedelta(days=1), today + timedelta(days=7 - today.weekday())
    return {
        "total": Count("id"),
        "overdue": Count("id", filter=Q(due_at__lt=now)),
        "today": Count("id", filter=Q(due_at__gte=now, due_at__lt=midnight)),
        "week": Count("id", filter=Q(due_at__gte=midnight, due_at__lt=sunday)),
        "later": Count("id", filter=Q(due_at__gte=max(midnight, sunday))),
        "none": Count("id", filter=Q(due_at=None)),
    }


def _spread(found: dict[int, Load], rows, days: list[date]) -> None:
    places = {day: place for place, day in enumerate(days)}
    begins = timezone.make_aware(datetime.combine(days[0], time()))
    ends = timezone.make_aware(datetime.combine(days[-1] + timedelta(days=1), time()))
    near = rows.filter(due_at__gte=begins, due_at__lt=ends).annotate(day=TruncDate("due_at"))
    for row in near.values("assignee", "day").annotate(count=Count("id")):
        if row["day"] in places:
            found[row["assignee"]].days[places[row["day"]]] = row["count"]


def readable(items: list[WorkItem], viewer: Person, now: datetime) -> set[int]:
    """Which of these errands (by id) are about something the viewer may see; one query for each kind of thing."""
    by_kind: dict[int, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for item in items:
        by_kind[item.subject_type_id][item.subject_id].append(item.pk)
    seen: set[int] = set()
    for kind, subjects in by_kind.items():
        rows = ContentType.objects.get_for_id(kind).model_class().objects.filter(pk__in=list(subjects))
        if hasattr(rows, "visible_to"):
            for pk in rows.visible_to(viewer, now).values_list("pk", flat=True):
                seen.update(subjects[pk])
    return seen
