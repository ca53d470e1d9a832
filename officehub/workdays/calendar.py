"""The calendar as it is known at one moment, and all arithmetic on it, without asking the database again.

民法典 第二百零一条: the starting day is not counted, hours begin at once; 第二百零三条: a limit in days that ends on a
rest day ends on the next working day. Days and office hours are those of the office's own time zone (TIME_ZONE).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from officehub.workdays.hours import in_a_day, span

FURTHEST = 3660  # days; a longer limit is a slip of the pen
LONGEST_REST = 60  # days; no holiday is longer
DAY_ENDS = time(23, 59, 59)
ONE = timedelta(days=1)

Known = Mapping[date, tuple[bool, bool]]  # worked, confirmed


class Unit(models.TextChoices):
    """Laws differ in what they count, so every limit stores its unit."""

    WORKING_DAYS = "working_days", "工作日"
    NATURAL_DAYS = "natural_days", "日"
    HOURS = "hours", "小时"
    OFFICE_HOURS = "office_hours", "工作小时"


@dataclass(frozen=True)
class Due:
    """The day a limit ends, and whether a day on the way was only assumed from its weekday."""

    date: date
    provisional: bool


def reach(value: int, unit: str) -> int:
    """How many days on (or back) a limit of so many units can possibly end, whatever the holidays."""
    if unit == Unit.WORKING_DAYS:
        return abs(value) * 2 + LONGEST_REST
    if unit == Unit.OFFICE_HOURS:
        return (timedelta(hours=abs(value)) // in_a_day(settings.OFFICE_HOURS) + 1) * 2 + LONGEST_REST
    return abs(value) + LONGEST_REST


class Calendar:
    """Which days are worked. Days it does not know follow the weekday, and what counts them is provisional (按推算)."""

    def __init__(self, known: Known):
        self._known = known

    def day(self, day: date) -> tuple[bool, bool]:
        """Worked or not, assumed or not."""
        if day in self._known:
            worked, confirmed = self._known[day]
            return worked, not confirmed
        return day.weekday() < 5, True

    def is_worked(self, day: date) -> bool:
        return self.day(day)[0]

    # --- days ---------------------------------------------------------------------------------------------------

    def add(self, start: date, count: int) -> Due:
        """The `count`-th working day after `start` (before it, when negative). Raises ValueError beyond ten years."""
        _refuse_far(count)
        step = ONE if count >= 0 else -ONE
        day, left, provisional = start, abs(count), False
        while left:
            day += step
            worked, assumed = self.day(day)
            provisional |= assumed
            left -= worked
        return Due(day, provisional)

    def roll(self, day: date) -> Due:
        """The day itself when it is worked, else the next working day."""
        provisional = False
        while True:
            worked, assumed = self.day(day)
            provisional |= assumed
            if worked:
                return Due(day, provisional)
            day += ONE

    def natural(self, start: date, count: int) -> Due:
        """So many days after `start`, rolled forward to a working day. Raises ValueError beyond ten years."""
        _refuse_far(count)
        return self.roll(start + timedelta(days=count))

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        if (end - start).days > FURTHEST * 2:
            raise ValueError(f"两日相距至多 {FURTHEST * 2} 天。")
        return sum(self.is_worked(day) for day in _days(start + ONE, end))

    def is_assumed(self, start: date, end: date) -> bool:
        """True when some day counted by `between` is only assumed from its weekday."""
        first, last = min(start, end) + ONE, max(start, end)
        return any(self.day(day)[1] for day in _days(first, last))

    def worked_days(self, start: date, end: date) -> list[date]:
        """Every worked day from `start` to `end`, both included, in order."""
        return [day for day in _days(start, end) if self.is_worked(day)]

    # --- office hours -------------------------------------------------------------------------------------------

    def add_office_hours(self, start: datetime, hours: int) -> tuple[datetime, bool]:
        """When so many hours of working time have passed since `start`, and whether that is provisional. What begins
        out of hours begins at the next opening. Raises ValueError for less than none or beyond ten years."""
        if hours < 0:
            raise ValueError("工作小时数不能为负。")
        _refuse_far(reach(hours, Unit.OFFICE_HOURS) - LONGEST_REST)
        local, left, provisional = timezone.localtime(start), timedelta(hours=hours), False
        day = local.date()
        while True:
            worked, assumed = self.day(day)
            provisional |= assumed
            for opens, closes in self._pieces(day, local) if worked else ():
                length = span(opens, closes)
                if left <= length:
                    end = datetime.combine(day, opens) + left
                    return end.replace(tzinfo=local.tzinfo), provisional
                left -= length
            day += ONE

    def office_hours_between(self, start: datetime, end: datetime) -> timedelta:
        """How much working time there is from one moment to a later one; negative when `end` is earlier."""
        if end < start:
            return -self.office_hours_between(end, start)
        since, until = timezone.localtime(start), timezone.localtime(end)
        if (until - since).days > FURTHEST * 2:
            raise ValueError(f"两日相距至多 {FURTHEST * 2} 天。")
        worked = self.worked_days(since.date(), until.date())
        pieces = (piece for day in worked for piece in self._pieces(day, since, until))
        return sum((span(*piece) for piece in pieces), timedelta())

    @staticmethod
    def _pieces(day: date, since: datetime, until: datetime | None = None) -> Iterator[tuple[time, time]]:
        """What is left of a day's office hours after one moment, and before another."""
        for opens, closes in settings.OFFICE_HOURS:
            begins = max(opens, since.time()) if day == since.date() else opens
            ends = min(closes, until.time()) if until and day == until.date() else closes
            if begins < ends:
                yield begins, ends

    # --- limits -------------------------------------------------------------------------------------------------

    def due_at(self, start: datetime, value: int, unit: str, ends: time = DAY_ENDS) -> tuple[datetime, bool]:
        """When a limit of `value` units from a moment ends, and whether that is provisional. Days end at `ends`, local
        time; hours and office hours at the minute."""
        match unit:
            case Unit.HOURS:
                _refuse_far(value // 24)
                return start + timedelta(hours=value), False
            case Unit.OFFICE_HOURS:
                return self.add_office_hours(start, value)
            case Unit.WORKING_DAYS | Unit.NATURAL_DAYS:
                local = timezone.localtime(start)
                count = self.add if unit == Unit.WORKING_DAYS else self.natural
                due = count(local.date(), value)
                return datetime.combine(due.date, ends, tzinfo=local.tzinfo), due.provisional
        raise ValueError(f"没有“{unit}”这种时限单位。")

    # --- quiet hours --------------------------------------------------------------------------------------------

    def is_quiet(self, moment: datetime) -> bool:
        """Whether nobody is to be reminded at this moment."""
        return self.after_quiet(moment) != moment

    def after_quiet(self, moment: datetime) -> datetime:
        """The moment itself, or when it is quiet then, the next at which people may be disturbed."""
        local = timezone.localtime(moment)
        day = local.date() + timedelta(days=local.hour >= settings.CHASE_UNTIL_HOUR)
        worked = self.roll(day).date
        if worked == local.date() and local.hour >= settings.CHASE_FROM_HOUR:
            return moment
        return datetime.combine(worked, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)


def midnight(day: date) -> datetime:
    """The moment a day of the office begins."""
    return timezone.make_aware(datetime.combine(day, time()))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def _refuse_far(days: int) -> None:
    if abs(days) > FURTHEST:
        raise ValueError(f"工作日数：最多 {FURTHEST} 天，收到 {days}。")
