"""By which days a recurrence falls due, and on which its tasks are given out. Reads the calendar, writes nothing."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from officehub.workdays.arithmetic import Due, add, roll
from tasks.models import Recurrence

DAY = timedelta(days=1)
ROLLED = timedelta(days=12)  # no holiday is longer, so no limit rolls further out of its period
MOST_PERIODS = 400  # looked through at once: more than a year of weeks


@dataclass(frozen=True)
class Period:
    """A week (`2026-W48`), a month (`2026-11`) or a year (`2026`), by its first and last day."""

    key: str
    first: date
    last: date


@dataclass(frozen=True)
class Planned:
    """One time: `on` is the day the task is given out, `due` the day it is due. `provisional` (按推算) while a day it
    was reckoned by is only assumed from its weekday."""

    period: Period
    due: date
    on: date
    provisional: bool


def periods(every: str, day: date) -> Iterator[Period]:
    """The period a day is in, and all after it."""
    first = _first(every, day)
    while first.year < 9998:
        following = _following(every, first)
        yield Period(_key(every, first), first, following - DAY)
        first = following


def _first(every: str, day: date) -> date:
    if every == Recurrence.Every.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every == Recurrence.Every.MONTH else date(day.year, 1, 1)


def _following(every: str, first: date) -> date:
    if every == Recurrence.Every.WEEK:
        return first + timedelta(days=7)
    if every == Recurrence.Every.YEAR:
        return date(first.year + 1, 1, 1)
    return (first + timedelta(days=31)).replace(day=1)


def _key(every: str, first: date) -> str:
    if every == Recurrence.Every.WEEK:
        year, week, _weekday = first.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{first:%Y-%m}" if every == Recurrence.Every.MONTH else f"{first:%Y}"


def due_in(rule: Recurrence, period: Period) -> Due:
    """The day a rule falls due in a period."""
    if rule.day_by == Recurrence.By.WORKDAY:
        return _nth_workday(period if rule.month is None else month_of(period, rule.month), rule.day)
    return _rolled(_named_day(rule, period), rule.roll)


def month_of(period: Period, month: int) -> Period:
    """A month of the year a period is."""
    first = period.first.replace(month=month)
    return Period(period.key, first, first.replace(day=calendar.monthrange(first.year, month)[1]))


def _named_day(rule: Recurrence, period: Period) -> date:
    """The day by its number; the 31st of a shorter month is its last, and -1 counts from the end."""
    if rule.every == Recurrence.Every.WEEK:
        return period.first + timedelta(days=rule.weekday or 0)
    month = month_of(period, rule.month) if rule.every == Recurrence.Every.YEAR else period
    days = (month.last - month.first).days + 1
    number = rule.day if rule.day > 0 else days + 1 + rule.day
    return month.first + timedelta(days=min(max(number, 1), days) - 1)


def _rolled(day: date, how: str) -> Due:
    return roll(day) if how == Recurrence.Roll.FORWARD else add(day + DAY, -1)


def _nth_workday(period: Period, number: int) -> Due:
    """The number-th working day of a period, from its end when negative. Where there are fewer, the last (or first)
    there is; where there is none at all, the next one after."""
    due = add(period.first - DAY, number) if number > 0 else add(period.last + DAY, number)
    if period.first <= due.date <= period.last:
        return due
    edge = add(period.last + DAY, -1) if number > 0 else add(period.first - DAY, 1)
    if period.first <= edge.date <= period.last:
        return edge
    return add(period.last, 1)


def planned(rule: Recurrence, period: Period) -> Planned:
    due = due_in(rule, period)
    on = add(due.date, -rule.lead_days) if rule.lead_days else due
    return Planned(period, due.date, on.date, due.provisional or on.provisional)


def upcoming(rule: Recurrence, today: date, *, without: frozenset[str] = frozenset()) -> Iterator[Planned]:
    """Every time still to come, in order: due today or later, within the rule's days, outside the periods `without`."""
    for period in islice(periods(rule.every, max(today, rule.starts_on) - ROLLED), MOST_PERIODS):
        if period.key in without:
            continue
        one = planned(rule, period)
        if rule.ends_on and one.due > rule.ends_on:
            return
        if one.due >= max(today, rule.starts_on):
            yield one


def fallen(rule: Recurrence, since: date, today: date, *, without: frozenset[str]) -> list[Planned]:
    """The times that should have been given out by today and are in none of the periods `without`, in order; those due
    before `since` are left aside."""
    found = []
    for period in islice(periods(rule.every, max(since, rule.starts_on) - ROLLED), MOST_PERIODS):
        if period.key in without:
            continue
        one = planned(rule, period)
        if one.on > today or (rule.ends_on and one.due > rule.ends_on):
            break
        if one.due >= max(since, rule.starts_on):
            found.append(one)
    return found
