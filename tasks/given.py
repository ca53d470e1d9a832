"""A task from its plain fields, as a workbook, a template or a request has them: written and assigned in one press."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from officehub.approvals.decide import DecisionRefused
from officehub.people.models import Department, Person
from officehub.people.models.persons import addressable
from tasks.assign import assign, write
from tasks.limits import Limit
from tasks.models import Task

PLAIN = ("title", "details", "source_text", "urgency", "evidence_asked")
FIELDS = (
    *PLAIN, "importance", "evidence_file", "lead_unit", "lead_person", "responsible", "assisting", "helpers", "due_on",
    "limit_value", "limit_unit",
)  # fmt: skip


def give(fields: dict[str, Any], *, by: Person, now: datetime, **more: Any) -> Task:
    """Write and assign a task. `fields` are `FIELDS` as plain JSON: units and people by their ids, days in ISO form;
    `more` goes to `write` as it is. Raises DecisionRefused, and then nothing was made."""
    if by.department is None:
        raise DecisionRefused(["您没有所在部门，不能交办任务，请系统管理员补充。"])
    if not addressable().filter(pk=by.pk).exists():
        raise DecisionRefused(["交办人已离岗，不能再以其名义交办任务，请由他人接管。"])
    with transaction.atomic():
        made = write(by=by, now=now, **arguments(fields), **more)
        return assign(made, by=by, now=now)


def arguments(fields: dict[str, Any]) -> dict[str, Any]:
    """What `write` is told. Raises DecisionRefused when a unit or a person is no longer there to be given anything."""
    said = {name: fields.get(name) or "" for name in PLAIN}
    source = Task.Source.OTHER if said["source_text"] else Task.Source.NONE
    return {
        **said,
        "source": source,
        "importance": fields.get("importance") or 0,
        "evidence_file": bool(fields.get("evidence_file")),
        "limit": limit(fields),
        "lead_unit": _one(_units, fields.get("lead_unit")),
        "lead_person": _one(_people, fields.get("lead_person")),
        "responsible": _one(_people, fields.get("responsible")),
        "assisting_units": _all(_units, fields.get("assisting") or []),
        "assisting_people": _all(_people, fields.get("helpers") or []),
    }


def limit(fields: dict[str, Any]) -> Limit:
    if fields.get("due_on"):
        return Limit(day=date.fromisoformat(fields["due_on"]))
    if fields.get("limit_value"):
        return Limit(fields["limit_value"], fields["limit_unit"])
    return Limit()


def _units():
    return Department.objects.filter(is_active=True).select_related("organ")


def _people():
    return addressable().select_related("department__organ")


def _one(rows, pk: int | None):
    return _all(rows, [pk])[0] if pk else None


def _all(rows, pks: list[int]) -> list:
    found = rows().in_bulk(pks)
    if len(found) < len(set(pks)):
        raise DecisionRefused(["其中的单位或人员已停用，请改选后再交办。"])
    return [found[pk] for pk in pks]
