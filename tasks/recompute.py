"""When the calendar changed: the limits tasks keep, counted anew from when they were first counted.

A day that was named is nobody's to move; `first_due_at` stays as it was given.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from officehub.audit.record import record
from officehub.workdays.calendar import Calendar
from officehub.workdays.recount import Anew, At, Owner
from tasks.asking import follow_limit, hold, hold_line
from tasks.models import Task


class Limits(Owner):
    """Of every open task that was given by a number of units."""

    name = "tasks.task"

    def rows(self) -> QuerySet[Task]:
        return Task.objects.open().filter(limit_value__isnull=False, starts_at__isnull=False, due_at__isnull=False)

    def touched(self, first: datetime, last: datetime) -> Q:
        return Q(due_at__gte=first, starts_at__lt=last)

    def again(self, row: Task, calendar: Calendar) -> At:
        return calendar.due_at(row.starts_at, row.limit_value, row.limit_unit, timezone.localtime(row.due_at).time())

    def hold(self, row: Task) -> None:
        hold_line(row)

    def write(self, row: Task, anew: Anew, now: datetime) -> bool:
        kept = {name: getattr(row, name) for name in ("due_at", "limit_value", "limit_unit", "starts_at")}
        same = self.rows().filter(pk=row.pk, **kept)
        return bool(same.update(due_at=anew.at, due_provisional=anew.provisional))

    def follow(self, row: Task, anew: Anew, now: datetime) -> None:
        task = hold(row)
        follow_limit(task, now)
        if not anew.moved:
            return
        was, due = (timezone.localtime(at) for at in (anew.was, anew.at))
        facts = {"was": was.isoformat(), "due": due.isoformat(), "calendar": anew.change.pk}
        record(task, "recomputed", by=None, now=now, facts=facts, held=True)

    def people(self, row: Task) -> Iterable[int]:
        return {pk for pk in (row.lead_person_id, row.responsible_id, row.assigner_id) if pk}

    def said(self, row: Task) -> dict:
        return {"verb": "task_do", "title": row.title, "reference": row.number}


def owners(sender, **kwargs) -> list[Owner]:
    """For `calendar_changed`."""
    return [Limits()]
