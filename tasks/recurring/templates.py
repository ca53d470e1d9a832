"""Keeping a task as a template, changing it, and beginning from it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.people.models import Person
from tasks.models import Participation, Recurrence, Task, TaskTemplate


def usable(person: Person):
    """One's own templates, and those shared in the department one is in or in one above it."""
    rows = TaskTemplate.objects.select_related("unit", "owner")
    above = [int(part) for part in person.department.path.split("/") if part] if person.department else []
    return rows.filter(Q(owner=person) | Q(unit__in=above))


def fields_of(task: Task) -> dict[str, Any]:
    """What of a task is worth keeping for the next one; its limit as a number of days only."""
    live = task.participations.filter(role=Participation.Role.ASSIST, state__in=Participation.LIVE)
    parts = list(live.order_by("id").values_list("unit", "person"))
    return {
        "title": task.title,
        "details": task.details,
        "source_text": task.source_text,
        "importance": task.importance,
        "urgency": task.urgency,
        "evidence_asked": task.evidence_asked,
        "evidence_file": task.evidence_file,
        "lead_unit": task.lead_unit_id,
        "lead_person": task.lead_person_id,
        "responsible": task.responsible_id,
        "assisting": [unit for unit, _person in parts if unit],
        "helpers": [person for unit, person in parts if person and not unit],
        "limit_value": task.limit_value,
        "limit_unit": task.limit_unit,
    }


def keep(*, by: Person, now: datetime, name: str, fields: dict[str, Any], shared: bool) -> TaskTemplate:
    unit = by.department if shared else None
    with transaction.atomic():
        made = TaskTemplate.objects.create(name=name.strip(), owner=by, unit=unit, fields=fields, changed_at=now)
        record(made, "keep_template", by=by, now=now, facts={"name": made.name})
    return made


def change(
    template: TaskTemplate, *, by: Person, now: datetime, name: str, fields: dict[str, Any], shared: bool
) -> None:
    """Raises DecisionRefused while somebody else lets it recur: what is given in their name is theirs to word."""
    with transaction.atomic():
        held = TaskTemplate.objects.select_for_update(no_key=True).get(pk=template.pk)
        if held.recurrences.exclude(state=Recurrence.State.ENDED).exclude(by=by).exists():
            raise DecisionRefused(["其他人的定期任务正用着这个模板，不能修改，请另建模板。"])
        held.name, held.fields, held.changed_at = name.strip(), fields, now
        held.unit = by.department if shared else None
        held.save()
        record(held, "change_template", by=by, now=now, facts={"name": held.name}, held=True)


def drop(template: TaskTemplate, *, by: Person, now: datetime) -> None:
    """Raises DecisionRefused when something recurs, or recurred, by it."""
    with transaction.atomic():
        held = TaskTemplate.objects.select_for_update().get(pk=template.pk)
        if held.recurrences.exists():
            raise DecisionRefused(["有定期任务用着这个模板，不能删除。"])
        record(held, "drop_template", by=by, now=now, facts={"name": held.name}, held=True)
        held.delete()
