"""Typed values out of untrusted JSON, strictly: every complaint is collected with the name of its field.

It knows nothing of official documents; `interchange` says which fields there are.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

MAX_ERRORS = 50  # a hostile file may break every one of its fields; nobody reads further than this
FIRST_YEAR, LAST_YEAR = 1900, 2199
SPOOFING = frozenset("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u2028\u2029")


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field and what to do about it, for the person who wrote it."""

    field: str
    message: str


class Refused(Exception):
    """The input cannot be taken; `errors` names every field at fault, all at once."""

    def __init__(self, errors: list[FieldError]):
        self.errors = errors
        super().__init__("；".join(f"{error.field}：{error.message}" for error in errors))


def short(value: object) -> str:
    """A quotation of `value` that fits into a message."""
    shown = value[:41] if isinstance(value, str) else repr(value)[:41]
    visible = "".join(char if char.isprintable() else "\ufffd" for char in shown)
    return visible[:40] + "…" if len(visible) > 40 else visible


def unprintable(text: str) -> str:
    """The first character of `text` that has no place in a paper, as U+XXXX; empty when there is none."""
    for char in text:
        if char in SPOOFING or unicodedata.category(char) in ("Cc", "Cs") or ord(char) & 0xFFFE == 0xFFFE:
            return f"U+{ord(char):04X}"
    return ""


@dataclass
class Reader:
    """One JSON object being read; `prefix` is its place in the whole, as it appears in messages."""

    raw: dict[str, Any]
    prefix: str = ""
    errors: list[FieldError] = field(default_factory=list)

    def complain(self, name: str, message: str) -> None:
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(FieldError(f"{self.prefix}{name}", message))

    def inner(self, raw: dict[str, Any], place: str) -> "Reader":
        return Reader(raw, f"{self.prefix}{place}.", self.errors)

    def refuse_unknown(self, known: Collection[str]) -> None:
        for key in self.raw:
            if key not in known:
                near = get_close_matches(short(key), list(known), 1)
                hint = f"，是否应为 {near[0]}？" if near else "，请删去。"
                self.complain(short(key), f"没有这个字段{hint}")

    def require(self, name: str, label: str) -> None:
        if name not in self.raw:
            self.complain(name, f"缺少{label}，请填写。")

    def text(self, name: str, label: str, limit: int, pattern: str = "", hint: str = "") -> str:
        """A one-line string of at most `limit` characters, trimmed; empty when absent or refused."""
        return self.line(self.raw.get(name, ""), name, label, limit, pattern, hint)

    def line(self, value: object, name: str, label: str, limit: int, pattern: str = "", hint: str = "") -> str:
        fault = line_fault(value, label, limit)
        if fault:
            self.complain(name, fault)
            return ""
        trimmed = str(value).strip()
        if trimmed and pattern and not re.fullmatch(pattern, trimmed, re.ASCII):
            self.complain(name, hint)
            return ""
        return trimmed

    def choice(self, name: str, label: str, allowed: Collection[str], default: str = "") -> str:
        value = self.raw.get(name, default)
        if value == default or (isinstance(value, str) and value in allowed):
            return str(value)
        self.complain(name, f"{label}只能是{'、'.join(allowed)}之一，现为“{short(value)}”。")
        return default

    def texts(self, name: str, label: str, limit: int, most: int) -> tuple[str, ...]:
        """A list of non-empty one-line strings; empty when absent."""
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            self.complain(name, f"{label}应为列表（方括号内逐个列出）。")
            return ()
        if len(value) > most:
            self.complain(name, f"{label}最多{most}个，现有{len(value)}个。")
            return ()
        return tuple(self.member(item, f"{name}[{at}]", label, limit) for at, item in enumerate(value))

    def member(self, value: object, place: str, label: str, limit: int) -> str:
        known = len(self.errors)
        text = self.line(value, place, label, limit)
        if not text and len(self.errors) == known:
            self.complain(place, f"{label}不能为空，请填写或删去这一项。")
        return text

    def day(self, name: str, label: str) -> date | None:
        value = self.raw.get(name)
        if name not in self.raw:
            return None
        wanted = f"{label}应为“年-月-日”，如 2026-11-23，现为“{short(value)}”。"
        if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
            self.complain(name, wanted)
            return None
        return self.existing_day(name, value, wanted)

    def existing_day(self, name: str, value: str, wanted: str) -> date | None:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.complain(name, f"没有这一天：{wanted}")
            return None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.complain(name, f"年份应在{FIRST_YEAR}至{LAST_YEAR}之间。")
            return None
        return day

    def number(self, name: str, label: str, least: int, most: int) -> int | None:
        value = self.raw.get(name)
        if name not in self.raw:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.complain(name, f"{label}应为{least}至{most}之间的整数，现为“{short(value)}”。")
            return None
        return value

    def flag(self, name: str, label: str) -> bool:
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.complain(name, f"{label}应为 true 或 false，现为“{short(value)}”。")
            return False
        return value

    def objects(self, name: str, label: str, most: int, make: Callable[["Reader"], Any]) -> tuple[Any, ...]:
        """A list of JSON objects, each read by `make`."""
        value = self.raw.get(name, [])
        if not isinstance(value, list):
            self.complain(name, f"{label}应为列表（方括号内逐个列出）。")
            return ()
        if len(value) > most:
            self.complain(name, f"{label}最多{most}个，现有{len(value)}个，请拆分或改为附件。")
            return ()
        return tuple(self.made(item, f"{name}[{at}]", label, make) for at, item in enumerate(value))

    def made(self, item: object, place: str, label: str, make: Callable[["Reader"], Any]) -> Any:
        if isinstance(item, dict):
            return make(self.inner(item, place))
        self.complain(place, f"{label}的每一项应为对象（花括号），现为“{short(item)}”。")
        return None


def line_fault(value: object, label: str, limit: int) -> str:
    """Why `value` is not a one-line text of at most `limit` characters; empty when it is."""
    if not isinstance(value, str):
        return f"{label}应为文字，现为“{short(value)}”。"
    if len(value) > limit:
        return f"{label}最多{limit}字，现有{len(value)}字，请压缩。"
    if "\n" in value.strip() or "\r" in value.strip():
        return f"{label}应写在一行内，请去掉换行。"
    code = unprintable(value.strip())
    return f"{label}含有不能印刷的字符 {code}，请删去。" if code else ""
