"""Working-day arithmetic on the calendar as it stands now; every function asks the database once.

The counting itself, with its sources in law, is `calendar.Calendar`'s.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from officehub.workdays.calendar import FURTHEST, LONGEST_REST, Calendar, Due, Unit, reach
from officehub.workdays.models import CalendarDay

__all__ = [
    "FURTHEST", "Due", "Limit", "Unit", "add", "between", "by_noon", "calendar", "chosen", "due_at", "is_assumed",
    "is_provisional_year", "limit", "limit_kept", "natural", "roll", "worked_days", "years_lacking",
]  # fmt: skip


NOTICE_MONTH = 11  # 国务院办公厅 publishes the next year's arrangement in November or a little before


def calendar(first: date, last: date) -> Calendar:
    """The calendar of these days as it stands; the days may be given in either order."""
    rows = CalendarDay.objects.filter(date__gte=min(first, last), date__lte=max(first, last))
    known = rows.values_list("date", "is_workday", "confirmed")
    return Calendar({day: (worked, confirmed) for day, worked, confirmed in known})


def _around(start: date, value: int, unit: str) -> Calendar:
    days = min(reach(value, unit), FURTHEST * 3)
    return calendar(start, start + timedelta(days=days if value >= 0 else -days))


def add(start: date, count: int) -> Due:
    """The `count`-th working day after `start` (before it, when negative)."""
    return _around(start, count, Unit.WORKING_DAYS).add(start, count)


def natural(start: date, count: int) -> Due:
    """So many days after `start`, rolled forward to a working day."""
    return _around(start, count, Unit.NATURAL_DAYS).natural(start, count)


def roll(day: date) -> Due:
    """The day itself when it is worked, else the next working day."""
    return calendar(day, day + timedelta(days=LONGEST_REST)).roll(day)


def between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    return calendar(start, end).between(start, end)


def is_assumed(start: date, end: date) -> bool:
    """True when some day counted by `between` is only assumed from its weekday."""
    return calendar(start, end).is_assumed(start, end)


def is_provisional_year(year: int) -> bool:
    """True when nobody has confirmed this year's arrangement yet."""
    return CalendarDay.objects.filter(date__year=year, confirmed=True).count() < 365


def years_lacking(now: datetime) -> list[int]:
    """This year, and from November on the next, when nobody has confirmed it: the notice comes about then."""
    today = timezone.localdate(now)
    years = [today.year, today.year + 1] if today.month >= NOTICE_MONTH else [today.year]
    return [year for year in years if is_provisional_year(year)]


def due_at(start: datetime, value: int, unit: str) -> tuple[datetime, bool]:
    """When a limit of `value` units from a moment ends (days: the end of the local day), and whether that is
    provisional."""
    if unit == Unit.HOURS:
        return Calendar({}).due_at(start, value, unit)
    return _around(timezone.localdate(start), value, unit).due_at(start, value, unit)


def worked_days(start: date, end: date) -> list[date]:
    """Every worked day from `start` to `end`, both included, in order: one query for a page full of limits."""
    return calendar(start, end).worked_days(start, end)


# --- limits with how they were made ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limit:
    """When something is due, and how that was counted; what somebody chose was not (`unit` is empty)."""

    at: datetime | None
    provisional: bool = False
    start: datetime | None = None
    value: int | None = None
    unit: str = ""

    @property
    def ends(self) -> datetime:
        """When a limit that was counted ends."""
        if self.at is None:
            raise ValueError("没有时限。")
        return self.at

    @property
    def shown(self) -> dict:
        """For an errand that follows this limit."""
        return {"due_at": self.at, "due_provisional": self.provisional}

    @property
    def fields(self) -> dict:
        """For a row that keeps how it was made (`models.CountedLimit`), so that a changed calendar counts it anew."""
        made = {"due_from": self.start, "due_value": self.value, "due_unit": self.unit}
        return {**self.shown, **made}


def limit_kept(row) -> Limit:
    """The limit of a row that keeps how it was made (`models.CountedLimit` with `due_at` and `due_provisional`)."""
    return Limit(row.due_at, row.due_provisional, row.due_from, row.due_value, row.due_unit)


def limit(start: datetime, value: int, unit: str) -> Limit:
    """A limit of `value` units from a moment."""
    return Limit(*due_at(start, value, unit), start, value, unit)


def chosen(at: datetime | None) -> Limit:
    """A moment somebody chose, or none: no calendar moves it."""
    return Limit(at)


def by_noon(start: datetime) -> Limit:
    """Noon of the next working day."""
    ends = time(12)
    at = _around(timezone.localdate(start), 1, Unit.WORKING_DAYS).due_at(start, 1, Unit.WORKING_DAYS, ends)
    return Limit(*at, start, 1, Unit.WORKING_DAYS)
