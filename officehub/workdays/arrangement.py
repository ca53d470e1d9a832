"""A year's arrangement as the office receives it, read whole or refused whole with every fault named: a list of days
that differ, or the notice as data, `{"year", "papers": [url], "days": [{"name", "date", "isOffDay"}]}`.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

WORKED = {"班": True, "休": False}
LONGEST_LIST = 400  # lines; a year has 366 days
LONGEST_SOURCE, LONGEST_NAME = 200, 40  # characters


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


def read(text: str, year: int) -> list[Line]:
    """The days of a list or of a notice, whichever it is. Raises `ListRefused`."""
    text = text.lstrip("\ufeff")
    return read_notice(text, year) if text.lstrip()[:1] in ("{", "[") else read_list(text, year)


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


def read_notice(text: str, year: int) -> list[Line]:
    """The days of the yearly notice as data. Raises `ListRefused`."""
    try:
        notice = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListRefused([f"不是完整的 JSON：{error}"]) from error
    faults = list(_faults_of(notice, year))
    if faults:
        raise ListRefused(faults)
    source = notice["papers"][0]
    lines: list[Line] = []
    seen: dict[date, int] = {}
    for place, entry in enumerate(notice["days"], 1):
        try:
            line = _read_entry(entry, year, source)
        except ValueError as error:
            faults.append(f"第 {place} 天：{error}")
            continue
        if line.date in seen:
            faults.append(f"第 {place} 天：{line.date} 在第 {seen[line.date]} 天已有。")
        seen[line.date] = place
        lines.append(line)
    if faults:
        raise ListRefused(faults)
    return lines


def _faults_of(notice: Any, year: int):
    """What is wrong with a notice as a whole."""
    if not isinstance(notice, dict):
        yield '应是一个对象：{"year": …, "papers": […], "days": […]}。'
        return
    if notice.get("year") != year:
        yield f"year 是 {str(notice.get('year'))[:20]}，不是所选的 {year}。"
    papers, days = notice.get("papers"), notice.get("days")
    if not isinstance(papers, list) or not papers or not all(isinstance(one, str) and one.strip() for one in papers):
        yield "papers 应列出通知的网址，至少一个；没有通知的年份不能导入。"
    elif len(papers[0]) > LONGEST_SOURCE:
        yield f"papers 中的网址至多 {LONGEST_SOURCE} 字。"
    if not isinstance(days, list) or not 1 <= len(days) <= LONGEST_LIST:
        count = len(days) if isinstance(days, list) else 0
        yield f"days 应有 1 至 {LONGEST_LIST} 天，现有 {count} 天。"


def _read_entry(entry: Any, year: int, source: str) -> Line:
    if not isinstance(entry, dict):
        raise ValueError('应是 {"name": …, "date": …, "isOffDay": …}。')
    name, off = entry.get("name"), entry.get("isOffDay")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        raise ValueError(f"name 应是至多 {LONGEST_NAME} 字的名称。")
    if not isinstance(off, bool):
        raise ValueError("isOffDay 应是 true（休）或 false（班）。")
    return Line(_read_day(str(entry.get("date")), year), not off, name, source)


def _read_day(written: str, year: int) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise ValueError(f"“{written[:20]}”不是日期，应如 {year}-01-01。") from None
    if day.year != year and (day.year, day.month) != (year - 1, 12):
        raise ValueError(f"{day} 不在 {year} 年。")
    return day


def _read_line(line: str, year: int) -> Line:
    parts = [part.strip() for part in line.split(",")]
    if len(parts) != 4:
        raise ValueError("应有四栏：日期,休或班,名称,来源。")
    written, worked, name, source = parts
    day = _read_day(written, year)
    if worked not in WORKED:
        raise ValueError(f"“{worked[:20]}”应为“休”或“班”。")
    if not source or len(source) > LONGEST_SOURCE or len(name) > LONGEST_NAME:
        raise ValueError(f"来源必填（至多{LONGEST_SOURCE}字），名称至多{LONGEST_NAME}字。")
    return Line(day, WORKED[worked], name, source)
