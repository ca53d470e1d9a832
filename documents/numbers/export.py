"""The register of gaps as Excel."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain
from typing import IO

from django.utils import timezone

from documents.models import NumberEntry, NumberYear
from officehub.web.workbook import long_workbook

SHEET = {  # columns and their widths in characters
    "机关代字": 14, "年份": 8, "起号": 8, "止号": 8, "情形": 12, "说明": 50, "留给": 20, "留到": 14, "经手人": 12,
    "时间": 14,
}  # fmt: skip


def gaps_as_excel(rows, openings: Iterable[NumberYear], today: date) -> IO[bytes]:
    """The ranges used before first, then every empty number, newest first."""
    lines = chain(map(_opening, openings), (_entry(row, today) for row in rows.iterator(chunk_size=2000)))
    return long_workbook("空号登记", SHEET, lines)


def _opening(counter: NumberYear) -> Iterator:
    who = counter.opened_by.name if counter.opened_by else ""
    yield from (counter.series.code, counter.year, 1, counter.opening, "启用前已用", counter.opening_reason)
    yield from ("", None, who, _day(counter.opened_at))


def _entry(entry: NumberEntry, today: date) -> Iterator:
    yield from (entry.series.code, entry.year, entry.seq, entry.seq)
    if entry.reason:
        who = entry.emptied_by.name if entry.emptied_by else ""
        yield from ("空号", entry.reason, "", None, who, _day(entry.emptied_at))
        return
    held = entry.reservation
    sort = "预留已过期" if held.until < today else "预留"
    yield from (sort, held.reason, held.holder, held.until, held.by.name, _day(held.at))


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None
