"""The rows of who takes part in a task: they follow the task's own columns, and keep who had a part before."""

from collections.abc import Iterable
from datetime import datetime

from officehub.inbox.models import WorkItem
from officehub.people.models import Department, Person
from tasks.asking import ASSIST, ask, part_done
from tasks.models import Participation, Task
from tasks.who import answer_for, let_see

ROLE, STATE = Participation.Role, Participation.State


def seat(task: Task, by: Person, now: datetime) -> Participation:
    """The lead as the task has it from now on; whoever led before has given it back."""
    live = Participation.objects.filter(task=task, role=ROLE.LEAD, state__in=Participation.LIVE)
    live.update(state=STATE.WITHDRAWN, ended_at=now)
    return Participation.objects.create(
        task=task, role=ROLE.LEAD, unit=task.lead_unit, person=task.lead_person, by=by, at=now
    )


def lead_of(task: Task):
    """The row of the lead, to be changed."""
    return Participation.objects.filter(task=task, role=ROLE.LEAD, state__in=Participation.LIVE)


def name_responsible(task: Task, by: Person, now: datetime) -> None:
    """责任人: one at a time."""
    live = Participation.objects.filter(task=task, role=ROLE.RESPONSIBLE, state__in=Participation.LIVE)
    if live.filter(person=task.responsible).exists():
        return
    live.update(state=STATE.WITHDRAWN, ended_at=now)
    if task.responsible:
        rows = Participation(task=task, role=ROLE.RESPONSIBLE, person=task.responsible, by=by, at=now)
        rows.state, rows.accepted_at = STATE.ACCEPTED, now
        rows.save()


def name_assistants(
    task: Task, units: list[Department], people: list[Person], by: Person, now: datetime
) -> list[Participation]:
    """Those that assist from now on, and nobody else; whoever has a part already keeps it. Returns the new parts."""
    live = Participation.objects.filter(task=task, role=ROLE.ASSIST, state__in=Participation.LIVE)
    wanted = {("unit", unit.pk) for unit in units} | {("person", person.pk) for person in people}
    has = {_whose(one): one for one in live}
    for whose, one in has.items():
        if whose not in wanted:
            withdraw_part(task, one, now, "已撤回")
    return add_assistants(
        task,
        [unit for unit in units if ("unit", unit.pk) not in has],
        [person for person in people if ("person", person.pk) not in has],
        by,
        now,
    )


def add_assistants(
    task: Task, units: Iterable[Department], people: Iterable[Person], by: Person, now: datetime
) -> list[Participation]:
    shared = {"task": task, "role": ROLE.ASSIST, "by": by, "at": now}
    rows = [Participation(unit=unit, **shared) for unit in units]
    rows += [Participation(person=person, **shared) for person in people]
    for row in rows:
        row.save(force_insert=True)
    return rows


def _whose(one: Participation) -> tuple[str, int]:
    return ("unit", one.unit_id) if one.unit_id else ("person", one.person_id)


def live_parts(task: Task):
    """The assisting parts that are asked for or under way."""
    rows = Participation.objects.filter(task=task, role=ROLE.ASSIST, state__in=[STATE.ASKED, STATE.ACCEPTED])
    return rows.select_related("unit", "person").order_by("id")


def ask_parts(task: Task, now: datetime) -> None:
    """Ask every assisting part that was not asked yet: the unit's head, or the person."""
    asked = set(WorkItem.objects.of(task).filter(verb=ASSIST).values_list("key", flat=True))
    for one in live_parts(task):
        if not any(key == f"{ASSIST}:{one.pk}" or key.startswith(f"{ASSIST}:{one.pk}:") for key in asked):
            ask_part(task, one, now)


def ask_part(task: Task, one: Participation, now: datetime) -> None:
    people = [one.person] if one.person else answer_for(one.unit, now)
    let_see(task, people)
    ask(task, ASSIST, people, now, seq=one.pk)


def withdraw_part(task: Task, one: Participation, now: datetime, outcome: str) -> None:
    Participation.objects.filter(pk=one.pk, state__in=Participation.LIVE).update(state=STATE.WITHDRAWN, ended_at=now)
    part_done(task, one, outcome, now)


def end_all(task: Task, now: datetime) -> None:
    """The task is closed: every part that was not done yet ends with it."""
    live = Participation.objects.filter(task=task, state__in=[STATE.ASKED, STATE.ACCEPTED])
    live.exclude(role=ROLE.ASSIST).update(state=STATE.DONE, ended_at=now)
    live.update(state=STATE.WITHDRAWN, ended_at=now)
