"""A day as people write it in a table."""

import calendar
import re
from datetime import date

WRITTEN = re.compile(
    r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*(?:[-/.月]\s*(?:(?P<day>\d{1,2})\s*[日号]?|(?P<end>底|末)))前?"
)
COMPACT = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")


def read_day(text: str) -> date | None:
    """`2026-11-30`, `2026/11/30`, `2026.11.30`, `20261130`, `2026年11月30日前`, `2026年11月底`; None for anything
    else, a day without its year among it."""
    found = WRITTEN.fullmatch(text.strip()) or COMPACT.fullmatch(text.strip())
    if not found:
        return None
    year, month = int(found["year"]), int(found["month"])
    if not 1 <= month <= 12 or not 1900 <= year <= 9998:
        return None
    last = calendar.monthrange(year, month)[1]
    day = int(found["day"]) if found["day"] else last
    return date(year, month, day) if 1 <= day <= last else None
