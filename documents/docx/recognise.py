"""Single parts of a paper told by their words: its kind, marks, date and 版记."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from documents.interchange import CLASSIFICATIONS, KINDS, URGENCIES

DEFAULT_KIND = "通知"
DATE = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
PRINTED = re.compile(r"(?P<office>[^\d]*?)\s*(?P<day>\d{4}年\d{1,2}月\d{1,2}日)\s*印发")
RUN = re.compile(r"[（(]?共?印\s*(?P<count>\d{1,6})\s*份[）)]?")
COPIES = re.compile(r"抄\s*送[：:]\s*(?P<names>.+?)。?")
ORGAN = re.compile(r"[\u4e00-\u9fff（）、 ]{3,40}")
NOTE_NUMBER = re.compile(r"^\d{1,2}\s*[.．、]\s*")


def kind_of(title: str, head: Sequence[str]) -> str:
    """The kind a title ends with, else that of the masthead; else 通知, and the title rule will say so."""
    bare = re.sub(r"（[^（）]*）$", "", title)
    if bare.endswith("令") or (not bare and any(line.endswith("令") for line in head)):
        return "命令"
    if any(line.endswith("纪要") for line in head) and not bare.endswith(KINDS):
        return "纪要"
    return next((kind for kind in KINDS if bare.endswith(kind)), DEFAULT_KIND)


def issuers_in(title: str) -> list[str]:
    """The organ named before 关于, if one is."""
    head = title.partition("关于")[0] if "关于" in title else ""
    return [head] if ORGAN.fullmatch(head) else []


def marks(head: Sequence[str]) -> dict[str, Any]:
    """份号, 密级 and 紧急程度 among the lines above the title."""
    raw: dict[str, Any] = {}
    for line in head:
        level, _, period = line.partition("★")
        if line.isdigit() and len(line) == 6:
            raw["copy_number"] = line
        elif level in CLASSIFICATIONS:
            raw |= {"security_classification": level, "classification_period": period}
        elif line in URGENCIES:
            raw["urgency"] = line
    return raw


def imprint(lines: list[str]) -> dict[str, Any]:
    """版记 at the end of the last page: 抄送, 印发机关和日期, 份数; it is taken out of `lines`."""
    raw: dict[str, Any] = {}
    while lines:
        line = lines[-1].strip("| ").replace("|", " ")
        if found := PRINTED.fullmatch(line):
            raw |= {"printing_office": found["office"].strip(), "printing_date": written_date(found["day"])}
        elif found := COPIES.fullmatch(line):
            raw["cc_recipients"] = found["names"]
        elif found := RUN.fullmatch(line):
            raw["print_run"] = int(found["count"])
        else:
            return raw
        lines.pop()
    return raw


def written_date(line: str) -> str:
    """The ISO date of a line that is only a date; empty for any other line."""
    found = DATE.fullmatch(line.strip().replace(" ", ""))
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat() if found else ""
    except ValueError:
        return ""
