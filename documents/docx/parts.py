"""From the lines of a draft to the fields of a paper: recipients above, signature, date, note and 版记 below."""

import re
from typing import Any

from documents.docx import styled
from documents.docx.annexes import Annex
from documents.docx.recognise import COPIES, NOTE_NUMBER, ORGAN, imprint, issuers_in, kind_of, marks, written_date
from documents.docx.title import NUMBER
from documents.docx.walk import Draft

NOTE = re.compile(r"附件[：:]\s*(?P<name>.+)")
REMARKS = re.compile(r"[（(](?P<text>[^（）()]*(?:联系人|公开|此件)[^（）()]*)[）)]")
LONGEST_RECIPIENTS = 300  # characters


def as_raw(draft: Draft) -> dict[str, Any]:
    """The draft in the interchange format; what cannot be told from it is left out, so `parse` may refuse it."""
    if styled.tells(draft):
        return styled.as_raw(draft)
    lines = list(draft.lines)
    ends = [list(annex.lines) for annex in draft.annexes]
    raw: dict[str, Any] = {"kind": kind_of(draft.title, draft.head), "title": draft.title}
    raw |= imprint(ends[-1] if ends else lines)
    raw |= above(draft, lines)
    raw |= below(lines)
    raw["attachments"] = with_annexes(raw["attachments"], draft.annexes, ends)
    raw["issuers"] = raw.get("signature_units") or issuers_in(draft.title)
    raw["body"] = "\n".join(with_gaps(lines))
    return {name: value for name, value in raw.items() if value}


def with_annexes(noted: list[dict], annexes: tuple[Annex, ...], ends: list[list[str]]) -> list[dict[str, str]]:
    """The attachments that the note names, each with the text of its annex; annexes by title first, else by place."""
    found = [dict(one) for one in noted] or [{"title": annex.title} for annex in annexes]
    free = list(range(len(found)))
    for annex, lines in zip(annexes, ends, strict=True):
        same = [at for at in free if bare(found[at]["title"]) == bare(annex.title)]
        at = (same or free or [len(found)])[0]
        if at == len(found):
            found.append({"title": annex.title})
        else:
            free.remove(at)
        found[at]["body"] = "\n".join(with_gaps(lines))
        found[at]["title"] = found[at]["title"] or annex.title or f"附件{at + 1}"
    return found


def bare(title: str) -> str:
    return re.sub(r"[\s《》]", "", title)


def above(draft: Draft, lines: list[str]) -> dict[str, Any]:
    """Number, marks and recipients; the recipients' line is taken out of `lines`."""
    number = next((found[0] for line in draft.head if (found := re.search(r"\S*〔\d{4}〕\d+号", line))), "")
    if lines and NUMBER.fullmatch(lines[0].strip("（）")):
        number = lines.pop(0).strip("（）")
    recipients = ""
    if lines and lines[0][-1] in "：:" and len(lines[0]) <= LONGEST_RECIPIENTS and "。" not in lines[0]:
        recipients = lines.pop(0)[:-1]
    return {"document_number": number, "primary_recipients": recipients, **marks(draft.head)}


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
