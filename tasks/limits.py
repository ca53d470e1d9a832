"""时限: so many units from when a task is assigned, or a day that was named."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone

from officehub.workdays.arithmetic import Unit, due_at


@dataclass(frozen=True)
class Limit:
    """A value with its unit, or a day. Neither means that none was set."""

    value: int | None = None
    unit: str = ""
    day: date | None = None

    def __bool__(self) -> bool:
        return self.value is not None or self.day is not None


def end_of(day: date) -> datetime:
    """A day named as the limit is still in time until it ends."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=timezone.get_current_timezone())


def columns(limit: Limit) -> dict:
    """A limit as a task keeps it until it is assigned; one counted from then has no moment yet."""
    if limit.value is not None:
        return {"limit_value": limit.value, "limit_unit": limit.unit, "due_at": None, "due_provisional": False}
    end = end_of(limit.day) if limit.day else None
    return {"limit_value": None, "limit_unit": "", "due_at": end, "due_provisional": False}


def limit_of(task) -> Limit:
    """The limit as it was set."""
    if task.limit_value is not None:
        return Limit(task.limit_value, task.limit_unit)
    return Limit(day=timezone.localdate(task.due_at)) if task.due_at else Limit()


def begin(task, now: datetime) -> dict:
    """The columns of a limit that begins to run: counted from now when it is a number of units and does not run yet."""
    if task.limit_value is None or task.due_at is not None:
        return {"due_at": task.due_at, "due_provisional": task.due_provisional}
    end, provisional = due_at(now, task.limit_value, task.limit_unit)
    return {"due_at": end, "due_provisional": provisional, "starts_at": now}


def soon(now: datetime) -> datetime:
    """Up to which moment a limit counts as near (rules.md 3.3); asked for once by a page."""
    return due_at(now, settings.TASK_DUE_SOON_WORKING_DAYS, Unit.WORKING_DAYS)[0]
