"""Whom a paper goes to: departments and people, each once, and who takes it in for a department."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from documents.models import Addressee, Distribution, Document
from officehub.people.models import Appointment, Department, Person, Role
from officehub.people.models.persons import ADMINISTRATORS


@dataclass
class Whom:
    """Departments and people in the order named, each once."""

    departments: list[Department] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.departments or self.people)

    def __len__(self) -> int:
        return len(self.departments) + len(self.people)

    def __add__(self, other: "Whom") -> "Whom":
        return Whom(
            list(dict.fromkeys([*self.departments, *other.departments])),
            list(dict.fromkeys([*self.people, *other.people])),
        )

    def __sub__(self, other: "Whom") -> "Whom":
        gone, left = set(other.departments), set(other.people)
        return Whom([d for d in self.departments if d not in gone], [p for p in self.people if p not in left])

    @property
    def names(self) -> list[str]:
        return [one.name for one in [*self.departments, *self.people]]

    def said(self, most: int = 8) -> str:
        """The first few names, and how many there are."""
        shown = "、".join(self.names[:most])
        return shown if len(self) <= most else f"{shown}等{len(self)}个"


def readers_by_department(departments: Iterable[Department], now: datetime) -> dict[int, list[Person]]:
    """Who takes in papers for each department: its registry clerks, or else its heads; two queries for all of them."""
    found: dict[int, list[Person]] = defaultdict(list)
    named = {department.pk for department in departments}
    clerks = Person.objects.filter(is_active=True, department__in=named, role_holdings__role=Role.REGISTRY_CLERK)
    for person in clerks.select_related("department").order_by("id"):
        found[person.department_id].append(person)
    heads = Appointment.objects.filter(
        current_heads(timezone.localdate(now)), person__is_active=True, post__department__in=named - set(found)
    )
    for held in heads.select_related("person__department", "post").order_by("person_id"):
        if held.person not in found[held.post.department_id]:
            found[held.post.department_id].append(held.person)
    return found


def current_heads(today: date) -> Q:
    """Which appointments make somebody a head of a department on a day."""
    return (Q(until__isnull=True) | Q(until__gte=today)) & Q(since__lte=today, post__is_head=True)


def readers_of(department: Department, now: datetime) -> list[Person]:
    """Who takes in what comes to one department."""
    return readers_by_department([department], now)[department.pk]


def without_readers(departments: Iterable[Department], now: datetime) -> list[str]:
    """The names of the departments that have nobody to take a paper in."""
    departments = list(departments)
    readers = readers_by_department(departments, now)
    return [department.name for department in departments if not readers.get(department.pk)]


def standing(document: Document) -> Whom:
    """Whom the paper has been sent to and not been called back from, inner circulation aside."""
    rows = Addressee.objects.filter(distribution__document=document, recalled_at=None)
    rows = rows.exclude(distribution__nature=Distribution.Nature.PASSED_ON).select_related("department", "person")
    rows = list(rows.order_by("id"))
    return Whom([row.department for row in rows if row.department], [row.person for row in rows if row.person])


def active(whom: Whom) -> tuple[Whom, list[str]]:
    """Those a paper may be sent to, and the names of the others: departments given up, people who left."""
    administrators = set(
        Person.objects.filter(pk__in=[p.pk for p in whom.people], role_holdings__role__in=ADMINISTRATORS).values_list(
            "pk", flat=True
        )
    )
    stay = Whom(
        [department for department in whom.departments if department.is_active],
        [person for person in whom.people if person.is_active and person.pk not in administrators],
    )
    return stay, (whom - stay).names


def label(one: Department | Person, document: Document) -> str:
    """What stands on a numbered copy: the addressee, with its organ's short name where that is another's."""
    if isinstance(one, Person):
        return f"受文人：{one.name}"
    organ = one.organ
    own = organ.pk in (document.organ_id, document.organ.office_id) or organ.office_id == document.organ_id
    whose = "" if own or one.name.startswith((organ.short_name, organ.name)) else organ.short_name
    return f"受文单位：{whose}{one.name}"
