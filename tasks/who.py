"""Who has to do with a task, and therefore who may see it.

A task is seen by:
* whoever takes part in it, from then on (经手人可见, `Because.PARTICIPANT`): who entered, assigned or verifies it, who
  does it, answers for it or assists in person, who was asked to allocate it, and who decides on its extensions;
* those above the units that have it, as long as they are that (`SUPERIOR`): the heads of the lead unit, of the
  assisting units and of the departments these belong to, whoever takes papers in for a unit (收发员), and the leader in
  charge of a unit;
* the supervision office of the assigning organ (`ROLE`): its 督查员;
* nobody for the sake of the task it is a part of, or of its own parts: a subtask is a task of its own, and in the tree
  of parts one sees those that one may see (the others are counted).

Colleagues of a unit do not see it by virtue of being colleagues, nor does an administrator. Rows are written by
`tasks.who` alone, through `people.grants`; when posts or roles change, `tasks.duties` writes them anew.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils import timezone

from officehub.people.grants import Because, grant, hold_to
from officehub.people.models import Department, Person, Post, Role, RoleHolding, role_holders
from officehub.people.models.organs import holders_of
from officehub.people.models.persons import ADMINISTRATORS, addressable
from tasks.models import Participation, Task


def let_see(task: Task, people: Iterable[Person | None]) -> None:
    grant(task, [person for person in people if person is not None], Because.PARTICIPANT)


def show_above(task: Task, now: datetime) -> None:
    """Those above the units that have a task today, and the supervision office, see it; those who were, no longer."""
    today = timezone.localdate(now)
    hold_to(task, superiors(units_of(task), today), Because.SUPERIOR)
    hold_to(task, role_holders(task.organ, Role.SUPERVISOR), Because.ROLE)


def units_of(task: Task) -> list[Department]:
    """The units that have a task, or a part of it."""
    live = Participation.objects.filter(task=task, state__in=Participation.LIVE, unit__isnull=False)
    found = {row.unit_id: row.unit for row in live.select_related("unit").order_by("id")}
    if task.lead_unit:
        found[task.lead_unit_id] = task.lead_unit
    return list(found.values())


def superiors(units: list[Department], today: date) -> list[Person]:
    """Heads of these units and of all above them, their clerks, and the leaders in charge of them."""
    if not units:
        return []
    above = {int(part) for unit in units for part in unit.path.split("/") if part}
    own = [unit.pk for unit in units]
    heads = holders_of(Post.objects.filter(department__in=above, is_head=True), today)
    leaders = holders_of(Post.objects.filter(departments_in_charge__in=own), today)
    clerks = Person.objects.filter(
        is_active=True, department__in=own, role_holdings__role=Role.REGISTRY_CLERK
    ).distinct()
    return list({person.pk: person for rows in (heads, leaders, clerks) for person in rows}.values())


def answer_for(unit: Department, now: datetime) -> list[Person]:
    """Who says who does what in a unit: its heads, or else whoever takes its papers in; empty when it has neither."""
    heads = list(unit.heads(timezone.localdate(now)))
    if heads:
        return heads
    clerks = Person.objects.filter(is_active=True, department=unit, role_holdings__role=Role.REGISTRY_CLERK)
    return list(clerks.order_by("id"))


def heads_unit(person: Person, unit: Department | None, now: datetime) -> bool:
    return unit is not None and any(one.pk == person.pk for one in answer_for(unit, now))


def doers_of(unit: Department):
    """Who may do a task of a unit: its people and those of its divisions, but no administrator."""
    return addressable().filter(department__path__startswith=unit.path).order_by("name_key", "id")


def is_doer_of(person: Person, unit: Department) -> bool:
    return doers_of(unit).filter(pk=person.pk).exists()


def other_verifier(
    task: Task, doer: Person | None, now: datetime, first: Person | None = None, leaver: Person | None = None
) -> Person | None:
    """Who verifies (or, with `first`, decides) when whoever was to do so does the task themselves: the verifier, the
    assigner, the heads of the assigner's department, or the leader in charge of it; None when there is nobody else."""
    barred = {one.pk for one in (doer, leaver) if one}
    home = task.assigner.department
    today = timezone.localdate(now)
    heads = list(home.heads(today)) if home else []
    leaders = list(holders_of(Post.objects.filter(departments_in_charge=home), today)) if home else []
    asked = [*([first] if first else []), task.verifier, task.assigner, *heads, *leaders]
    able = [one for one in asked if one.pk not in barred]
    able = [one for one in able if one.is_active and not _administers(one)]
    return able[0] if able else None


def _administers(person: Person) -> bool:
    return RoleHolding.objects.filter(person=person, role__in=ADMINISTRATORS).exists()
