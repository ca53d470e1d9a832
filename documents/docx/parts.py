"""From the lines of a draft to the fields of a paper: recipients above, signature, date, note and 版记 below."""

import re
from datetime import date
from typing import Any

from documents.docx.title import NUMBER
from documents.docx.walk import Draft
from documents.interchange import KINDS

DEFAULT_KIND = "通知"
DATE = re.compile(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
NOTE = re.compile(r"附件[：:]\s*(?P<name>.+)")
NOTE_NUMBER = re.compile(r"^\d{1,2}\s*[.．、]\s*")
REMARKS = re.compile(r"[（(](?P<text>[^（）()]*(?:联系人|公开|此件)[^（）()]*)[）)]")
COPIES = re.compile(r"抄\s*送[：:]\s*(?P<names>.+?)。?")
ORGAN = re.compile(r"[\u4e00-\u9fff（）、 ]{3,40}")
LONGEST_RECIPIENTS = 300  # characters


def as_raw(draft: Draft) -> dict[str, Any]:
    """The draft in the interchange format; what cannot be told from it is left out, so `parse` may refuse it."""
    lines = list(draft.lines)
    raw: dict[str, Any] = {"kind": kind_of(draft.title), "title": draft.title}
    raw |= above(draft, lines)
    raw |= below(lines)
    raw["issuers"] = raw.get("signature_units") or issuers_in(draft.title)
    raw["body"] = "\n".join(with_gaps(lines))
    return {name: value for name, value in raw.items() if value}


def kind_of(title: str) -> str:
    """The kind a title ends with; a title that ends with none is read as a 通知, and the title rule will say so."""
    bare = re.sub(r"（[^（）]*）$", "", title)
    if bare.endswith("令"):
        return "命令"
    return next((kind for kind in KINDS if bare.endswith(kind)), DEFAULT_KIND)


def issuers_in(title: str) -> list[str]:
    """The organ named before 关于, if one is."""
    head = title.partition("关于")[0] if "关于" in title else ""
    return [head] if ORGAN.fullmatch(head) else []


def above(draft: Draft, lines: list[str]) -> dict[str, Any]:
    """Number and recipients; the recipients' line is taken out of `lines`."""
    number = next((found[0] for line in draft.head if (found := re.search(r"\S*〔\d{4}〕\d+号", line))), "")
    if lines and NUMBER.fullmatch(lines[0].strip("（）")):
        number = lines.pop(0).strip("（）")
    recipients = ""
    if lines and lines[0][-1] in "：:" and len(lines[0]) <= LONGEST_RECIPIENTS and "。" not in lines[0]:
        recipients = lines.pop(0)[:-1]
    return {"document_number": number, "primary_recipients": recipients}


def below(lines: list[str]) -> dict[str, Any]:
    """What stands under the body, read from the end; it is taken out of `lines`."""
    raw: dict[str, Any] = {}
    at = next((at for at in range(len(lines) - 1, max(-1, len(lines) - 14), -1) if written_date(lines[at])), None)
    if at is not None:
        raw["date_of_document"] = written_date(lines[at])
        raw |= after_date(lines[at + 1 :])
        del lines[at:]
        raw["signature_units"] = signature(lines)
    raw["attachments"] = noted(lines)
    return raw


def written_date(line: str) -> str:
    """The ISO date of a line that is only a date; empty for any other line."""
    found = DATE.fullmatch(line.strip().replace(" ", ""))
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])).isoformat() if found else ""
    except ValueError:
        return ""


def after_date(lines: list[str]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for line in lines:
        if found := REMARKS.fullmatch(line):
            raw["remarks"] = found["text"]
        elif found := COPIES.fullmatch(line):
            raw["cc_recipients"] = found["names"]
    return raw


def signature(lines: list[str]) -> list[str]:
    """The organ named on the line above the date."""
    if lines and ORGAN.fullmatch(lines[-1]) and not lines[-1].startswith("附件"):
        return [lines.pop().replace(" ", "")]
    return []


def noted(lines: list[str]) -> list[dict[str, str]]:
    """The attachments that a closing 附件说明 names; the note is taken out of `lines`."""
    start = next((at for at in range(len(lines) - 1, max(-1, len(lines) - 12), -1) if NOTE.fullmatch(lines[at])), None)
    if start is None or any("。" in line for line in lines[start:]):
        return []
    names = [NOTE.fullmatch(lines[start])["name"], *lines[start + 1 :]]
    del lines[start:]
    return [{"title": NOTE_NUMBER.sub("", name)} for name in names]


def with_gaps(lines: list[str]) -> list[str]:
    """The lines with an empty one about each table, so that two tables do not become one."""
    return [part for line in lines for part in (["", line, ""] if line.startswith("|") else [line])]
