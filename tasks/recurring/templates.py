"""Keeping a task as a template, changing it, and beginning from it."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from officehub.people.models import Person
from tasks.models import Participation, Task, TaskTemplate


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
    return TaskTemplate.objects.create(name=name.strip(), owner=by, unit=unit, fields=fields, changed_at=now)
