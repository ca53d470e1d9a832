"""The one door through which the calendar changes: the days, what they were before, and the limits to count anew."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from officehub.workdays.arrangement import Line
from officehub.workdays.models import CalendarChange, CalendarDay, DayChange

KEPT = ("is_workday", "name", "source", "confirmed", "is_local")


@dataclass(frozen=True)
class Difference:
    """One day that a list would change; `became` is None when its row would go."""

    date: date
    was: dict | None
    became: dict | None


@dataclass(frozen=True)
class Taken:
    """What taking a list would do: the days that change, those already so, and the local ones left as they are."""

    changed: list[Difference]
    same: int
    local: list[date]

    @property
    def written(self) -> int:
        return len(self.changed) + self.same

    @property
    def named(self) -> list[Difference]:
        """The changed days that are not plain ones of the year."""
        return [one for one in self.changed if one.was or not _is_plain(one)]


def _is_plain(one: Difference) -> bool:
    row = one.became or {}
    return not row.get("name") and row.get("is_workday") == (one.date.weekday() < 5)


def compared(lines: Iterable[Line], year: int, *, local: bool = False) -> Taken:
    """What taking a list would change. A national list confirms every other day of its year by its weekday, and leaves
    the days of local rule alone; a local list is only about the days it names."""
    listed = {line.date: line for line in lines}
    wanted = {day: _row(line, local) for day, line in listed.items()}
    before = _rows(date(year - 1, 12, 1), date(year, 12, 31))
    if not local:
        source = next(iter(listed.values())).source
        known = {day for day, row in before.items() if row["confirmed"]}
        plain = [day for day in _days_of(year) if day not in listed and day not in known]
        wanted |= {day: _row(Line(day, day.weekday() < 5, "", source), local=False) for day in plain}
    stands = [] if local else sorted(day for day in wanted if day in before and before[day]["is_local"])
    asked = {day: row for day, row in sorted(wanted.items()) if day not in stands}
    changed = [Difference(day, before.get(day), row) for day, row in asked.items() if before.get(day) != row]
    return Taken(changed, len(asked) - len(changed), stands)


def _row(line: Line, local: bool) -> dict:
    worked = {"is_workday": line.is_workday, "name": line.name, "source": line.source}
    return {**worked, "confirmed": True, "is_local": local}


def _rows(first: date, last: date) -> dict[date, dict]:
    rows = CalendarDay.objects.filter(date__gte=first, date__lte=last).values("date", *KEPT)
    return {row.pop("date"): row for row in rows}


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def take(
    lines: list[Line], year: int, *, by, now: datetime, local: bool = False
) -> tuple[Taken, CalendarChange | None]:
    """Write a list whole, inside one transaction with its history. Without a difference there is no change."""
    with transaction.atomic():
        _one_at_a_time()
        taken = compared(lines, year, local=local)
        return taken, _keep(taken.changed, CalendarChange.How.LIST, lines[0].source, by, now, year)


def set_days(days: Mapping[date, dict | None], *, by, now: datetime) -> CalendarChange | None:
    """Days set or taken away (None) by hand; each row as in `KEPT`."""
    with transaction.atomic():
        _one_at_a_time()
        before = _rows(min(days), max(days)) if days else {}
        changed = [Difference(day, before.get(day), row) for day, row in days.items() if before.get(day) != row]
        source = next((row["source"] for row in days.values() if row), "")
        year = min(days).year if days else None
        return _keep(changed, CalendarChange.How.DAY, source, by, now, year)


def _one_at_a_time() -> None:
    """Two lists taken at once follow each other: the second compares with what the first wrote."""
    list(CalendarDay.objects.select_for_update().order_by("date").values_list("date")[:1])


def _keep(changed: list[Difference], how: str, source: str, by, now: datetime, year: int | None):
    if not changed:
        return None
    days = [one.date for one in changed]
    kept = CalendarChange.objects.create(
        how=how, year=year, source=source, by=by, at=now, first=min(days), last=max(days)
    )
    rows = [CalendarDay(date=one.date, **one.became) for one in changed if one.became]
    CalendarDay.objects.bulk_create(rows, update_conflicts=True, unique_fields=["date"], update_fields=KEPT)
    CalendarDay.objects.filter(date__in=[one.date for one in changed if one.became is None]).delete()
    DayChange.objects.bulk_create([DayChange(change=kept, at=now, **vars(one)) for one in changed], batch_size=500)
    from officehub.workdays.jobs import poke  # the job calls back into the room

    transaction.on_commit(poke)
    return kept
