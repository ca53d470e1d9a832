"""Working-day arithmetic.

民法典 第二百零一条: the starting day is not counted; 第二百零三条: a limit ending on a rest day ends on the next
working day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import models
from django.utils import timezone

from officehub.workdays.models import CalendarDay

FURTHEST = 3660  # days; a longer limit is a slip of the pen


class Unit(models.TextChoices):
    """Laws differ in what they count, so every limit stores its unit."""

    WORKING_DAYS = "working_days", "工作日"
    NATURAL_DAYS = "natural_days", "日"
    HOURS = "hours", "小时"


@dataclass(frozen=True)
class Due:
    """The day a limit ends, and whether a day on the way was only assumed from its weekday."""

    date: date
    provisional: bool


def _known(start: date, end: date) -> dict[date, tuple[bool, bool]]:
    rows = CalendarDay.objects.filter(date__gte=start, date__lte=end)
    return {day: (worked, confirmed) for day, worked, confirmed in rows.values_list("date", "is_workday", "confirmed")}


def _day(known, day: date) -> tuple[bool, bool]:
    """Worked or not, provisional or not."""
    if day in known:
        worked, confirmed = known[day]
        return worked, not confirmed
    return day.weekday() < 5, True


def add(start: date, count: int) -> Due:
    """The `count`-th working day after `start` (before it, when negative)."""
    if abs(count) > FURTHEST:
        raise ValueError(f"工作日数：最多 {FURTHEST} 天，收到 {count}。")
    step = timedelta(days=1 if count >= 0 else -1)
    horizon = start + step * (abs(count) * 2 + 60)
    known = _known(min(start, horizon), max(start, horizon))
    day, left, provisional = start, abs(count), False
    while left:
        day += step
        worked, assumed = _day(known, day)
        provisional |= assumed
        left -= worked
    return Due(day, provisional)


def roll(day: date) -> Due:
    """The day itself when it is worked, else the next working day."""
    known = _known(day, day + timedelta(days=60))
    provisional = False
    while True:
        worked, assumed = _day(known, day)
        provisional |= assumed
        if worked:
            return Due(day, provisional)
        day += timedelta(days=1)


def between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -between(end, start)
    if (end - start).days > FURTHEST * 2:
        raise ValueError(f"两日相距至多 {FURTHEST * 2} 天。")
    known = _known(start, end)
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(_day(known, day)[0] for day in span)


def is_assumed(start: date, end: date) -> bool:
    """True when some day counted by `between` is only assumed from its weekday."""
    first, last = min(start, end) + timedelta(days=1), max(start, end)
    return CalendarDay.objects.filter(date__gte=first, date__lte=last, confirmed=True).count() < (last - first).days + 1


def is_provisional_year(year: int) -> bool:
    """True when nobody has confirmed this year's arrangement yet."""
    return CalendarDay.objects.filter(date__year=year, confirmed=True).count() < 365


def due_at(start: datetime, value: int, unit: str) -> tuple[datetime, bool]:
    """When a limit of `value` units from a moment ends (end of the local day), and whether that is provisional."""
    if unit == Unit.HOURS:
        return start + timedelta(hours=value), False
    local = timezone.localtime(start)
    due = add(local.date(), value) if unit == Unit.WORKING_DAYS else roll(local.date() + timedelta(days=value))
    end = datetime.combine(due.date, time(23, 59, 59), tzinfo=local.tzinfo)
    return end, due.provisional


def worked_days(start: date, end: date) -> list[date]:
    """Every worked day from `start` to `end`, both included, in order: one query for a page full of limits."""
    known = _known(start, end)
    span = (start + timedelta(days=n) for n in range((end - start).days + 1))
    return [day for day in span if _day(known, day)[0]]
