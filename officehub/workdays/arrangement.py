"""A year's arrangement as the office receives it: a list of the days that differ, taken whole or refused whole."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from officehub.workdays.models import CalendarDay

WORKED = {"班": True, "休": False}
LONGEST_LIST = 400  # lines; a year has 366 days


@dataclass(frozen=True)
class Line:
    """One day of the list: worked or not, the holiday it belongs to, the paper that says so."""

    date: date
    is_workday: bool
    name: str
    source: str


class ListRefused(Exception):
    """The list was not taken; `faults` name each line and what is wrong with it."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("；".join(faults))


def read_list(text: str, year: int) -> list[Line]:
    """The days of a list, one a line: `2027-01-01,休,元旦,国办发明电〔2026〕×号`. Raises `ListRefused`.

    The list of a year may also move the last days of the December before (a New Year's holiday begins there).
    """
    lines: list[Line] = []
    faults: list[str] = []
    seen: dict[date, int] = {}
    numbered = [(place, line.strip()) for place, line in enumerate(text.lstrip("\ufeff").splitlines(), 1)]
    filled = [(place, line) for place, line in numbered if line]
    if not filled or len(filled) > LONGEST_LIST:
        raise ListRefused([f"名单应有 1 至 {LONGEST_LIST} 行，现有 {len(filled)} 行。"])
    for place, line in filled:
        try:
            day = _read_line(line.replace("，", ","), year)
        except ValueError as error:
            faults.append(f"第 {place} 行：{error}")
            continue
        if day.date in seen:
            faults.append(f"第 {place} 行：{day.date} 在第 {seen[day.date]} 行已有。")
        seen[day.date] = place
        lines.append(day)
    if faults:
        raise ListRefused(faults)
    return lines


def _read_line(line: str, year: int) -> Line:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != 4:
        raise ValueError("应有四栏：日期,休或班,名称,来源。")
    written, worked, name, source = parts
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"“{written[:20]}”不是日期，应如 {year}-01-01。") from None
    if worked not in WORKED:
        raise ValueError(f"“{worked[:20]}”应为“休”或“班”。")
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise ValueError(f"{day} 不在 {year} 年。")
    if not source or len(source) > 60 or len(name) > 40:
        raise ValueError("来源必填（至多60字），名称至多40字。")
    return Line(day, WORKED[worked], name, source)


def confirm(lines: list[Line], year: int) -> int:
    """Write the list, and every other day of the year by its weekday, as confirmed. Returns the days written."""
    listed = {line.date: line for line in lines}
    with transaction.atomic():
        known = set(CalendarDay.objects.filter(date__year=year, confirmed=True).values_list("date", flat=True))
        plain = [
            Line(day, day.weekday() < 5, "", lines[0].source)
            for day in _days_of(year)
            if day not in listed and day not in known
        ]
        CalendarDay.objects.bulk_create(
            [CalendarDay(**vars(line), confirmed=True) for line in [*lines, *plain]],
            update_conflicts=True,
            unique_fields=["date"],
            update_fields=["is_workday", "name", "source", "confirmed"],
        )
    return len(lines) + len(plain)


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]
