"""Limits that were counted on an assumed calendar are counted again when the year's arrangement is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from officehub.audit.record import record
from officehub.workdays.arithmetic import due_at
from tasks.asking import follow_limit, hold, news
from tasks.models import Task

AT_ONCE = 500


@dataclass(frozen=True)
class Moved:
    """A task whose limit is another day now."""

    task: Task
    was: datetime
    due_at: datetime


def provisional() -> Iterable[list[int]]:
    """The open tasks whose limit was counted on days nobody had confirmed, in lots."""
    last = 0
    while True:
        rows = Task.objects.open().filter(due_provisional=True, limit_value__isnull=False, pk__gt=last)
        pks = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not pks:
            return
        yield pks
        last = pks[-1]


def recompute(now: datetime) -> list[Moved]:
    """Count every open provisional limit again, from when it was first counted. Returns what moved; done twice, the
    second time moves nothing. `first_due_at` stays as it was given."""
    found = [_recompute_one(pk, now) for pks in provisional() for pk in pks]
    return [one for one in found if one is not None]


def _recompute_one(pk: int, now: datetime) -> Moved | None:
    with transaction.atomic():
        task = hold(Task(pk=pk))
        if not (task.is_open and task.due_provisional and task.limit_value is not None and task.starts_at):
            return None
        end, assumed = due_at(task.starts_at, task.limit_value, task.limit_unit)
        was = task.due_at
        if (end, assumed) == (was, True):
            return None
        Task.objects.filter(pk=pk).update(due_at=end, due_provisional=assumed)
        task.due_at, task.due_provisional = end, assumed
        follow_limit(task, now)
        if end == was:
            return None
        facts = {"was": was.isoformat(), "due": end.isoformat()}
        event = record(task, "recomputed", by=None, now=now, facts=facts, held=True)
        news("recomputed", task, [task.lead_person, task.responsible, task.assigner], now, seq=event.seq,
             was=f"{was:%Y-%m-%d}", day=f"{end:%Y-%m-%d}")  # fmt: skip
        return Moved(task, was, end)
