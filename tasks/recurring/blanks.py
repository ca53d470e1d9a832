"""The blanks of a template: `{年}`, `{月}` and the like are filled by the calendar, `【…】` by whoever uses it."""

import re
from datetime import date
from typing import Any

from tasks.recurring.dates import Period

TEXTS = ("title", "details", "source_text", "evidence_asked")
BY_HAND = re.compile(r"【[^【】]{0,40}】")
SORTS = ("{年}", "{月}", "{日}", "{季}", "{周}")


def filled(fields: dict[str, Any], period: Period, due: date) -> dict[str, Any]:
    """The fields with what the calendar fills, for a period and the day it is due."""
    first = period.first
    said = {
        "{年}": str(first.year),
        "{月}": str(first.month),
        "{日}": f"{due.month}月{due.day}日",
        "{季}": "一二三四"[(first.month - 1) // 3],
        "{周}": str(first.isocalendar().week),
    }
    return {name: _with(text or "", said) if name in TEXTS else text for name, text in fields.items()}


def with_words(fields: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """The fields with what was filled in by hand, by the blanks."""
    return {name: _with(text or "", words) if name in TEXTS else text for name, text in fields.items()}


def _with(text: str, said: dict[str, str]) -> str:
    for blank, word in said.items():
        text = text.replace(blank, word)
    return text


def open_blanks(fields: dict[str, Any]) -> list[str]:
    """What is still to be filled by hand, each once."""
    found = [blank for name in TEXTS for blank in BY_HAND.findall(fields.get(name) or "")]
    return list(dict.fromkeys(found))
