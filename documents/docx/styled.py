"""From the styles that our own export names each part by to the fields of a paper: even after editing."""

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from documents import body as body_text
from documents.docx import names, recognise
from documents.docx.title import Line

if TYPE_CHECKING:
    from documents.docx.walk import Draft

HEADING_LEVEL = {name: level for level, name in names.HEADINGS.items()}
BODY = (names.TEXT, names.FIGURE, names.CAPTION, *names.HEADINGS.values(), "")
SUFFIXES = ("文件", "令", "纪要")
SIGNED_BY = re.compile(r"(?P<number>.*?)\s*签发人：(?P<names>.*)")
PEOPLE = {"出席": "present", "请假": "excused", "列席": "observers"}
HIDDEN = ("kind", "layout", "direction", "masthead", "disclosure", "disclosure_reason", "in_reply_to")


def tells(draft: "Draft") -> bool:
    """Whether the styles say what is what: a title or a masthead, and a text."""
    styles = {line.style for line in draft.styled}
    return bool(styles & {names.TITLE, names.MARK}) and bool(styles & {names.TEXT, *HEADING_LEVEL})


def as_raw(draft: "Draft") -> dict[str, Any]:
    main, annexes = cut(draft.styled)
    held = {name: draft.properties.get(names.PROPERTY + name, "") for name in HIDDEN}
    title = one(main, names.TITLE)
    raw: dict[str, Any] = {**held, "title": title, "body": typed(main), **marks(main), **ending(main)}
    raw["kind"] = held["kind"] or recognise.kind_of(title, all_of(main, names.MARK))
    raw["issuers"] = issuers(main) or raw["signature_units"] or recognise.issuers_in(title)
    raw["primary_recipients"] = one(main, names.TO).rstrip("：:")
    raw["attachments"] = attachments(main, annexes)
    raw |= recognise.imprint([line.text for line in draft.styled if line.style == names.IMPRINT])
    raw |= moved(draft.styled)
    if not raw["signature_units"] and raw["kind"]:
        raw["signature_units"] = []
        return {name: value for name, value in raw.items() if value or name == "signature_units"}
    return {name: value for name, value in raw.items() if value}


def cut(lines: tuple[Line, ...]) -> tuple[list[Line], list[list[Line]]]:
    """The main text and each annex, with its label where it has one; the imprint belongs to neither."""
    kept = [line for line in lines if line.style not in (names.IMPRINT, names.LEFT_OUT)]
    before = ["", *(line.style for line in kept)]
    opens = {names.ANNEX: (), names.ANNEX_TITLE: (names.ANNEX, names.ANNEX_TITLE)}  # a text transmitted has no label
    starts = [at for at, line in enumerate(kept) if line.style in opens and before[at] not in opens[line.style]]
    edges = [*starts, len(kept)]
    annexes = [kept[start:end] for start, end in pairwise(edges)]
    return kept[: edges[0]], annexes


def all_of(lines: list[Line], style: str) -> list[str]:
    return [line.text for line in lines if line.style == style]


def one(lines: list[Line], style: str) -> str:
    """The text of a part that is one, even if it was broken over several lines; Latin words keep their blanks."""
    return "".join(all_of(lines, style))


def issuers(lines: list[Line]) -> list[str]:
    """The organs of a masthead that names them."""
    marks_of = all_of(lines, names.MARK)
    if len(marks_of) > 1:
        return [name for name in marks_of if name not in SUFFIXES]
    bare = marks_of[0] if marks_of else ""
    return [next((bare.removesuffix(end) for end in SUFFIXES if bare.endswith(end)), bare)] if bare else []


def marks(lines: list[Line]) -> dict[str, Any]:
    number, signers = one(lines, names.NUMBER), ""
    if found := SIGNED_BY.fullmatch(number):
        number, signers = found["number"], found["names"]
    number = "" if number == names.UNNUMBERED else number
    return {"document_number": number, "signers": signers.split(), **recognise.marks(all_of(lines, names.CORNER))}


def ending(lines: list[Line]) -> dict[str, Any]:
    day = one(lines, names.DAY) or one(lines, names.ADOPTED).split(" ")[-1].strip("（）")
    raw: dict[str, Any] = {"date_of_document": recognise.written_date(day)}
    raw["signature_units"] = all_of(lines, names.UNIT)
    if stamp := all_of(lines, names.STAMP):
        office, _, name = stamp[0].rpartition("\u3000\u3000")
        raw["signature_stamp"] = {"office": office.strip(), "name": name.strip()}
    notes = [text.removeprefix("（").removesuffix("）") for text in all_of(lines, names.REMARK)]
    raw["remarks"] = next((note for note in notes if not re.fullmatch("此件(公开发布|依申请公开)", note)), "")
    for text in all_of(lines, names.PRESENT):
        label, _, people = text.partition("：")
        if label in PEOPLE:
            raw[PEOPLE[label]] = people.split("、")
    return raw


def moved(lines: tuple[Line, ...]) -> dict[str, str]:
    """主送 that stands in the imprint."""
    found = [line.text for line in lines if line.style == names.IMPRINT and line.text.startswith("主送：")]
    return {"primary_recipients": found[0].removeprefix("主送：").rstrip("。")} if found else {}


def attachments(main: list[Line], annexes: list[list[Line]]) -> list[dict[str, str]]:
    noted = [re.sub(r"^附件：", "", text) for text in all_of(main, names.NOTED)]
    many = len(noted) > 1
    found = [{"title": recognise.NOTE_NUMBER.sub("", text) if many else text} for text in noted]
    after = 0  # a text that no 附件说明 names (印发、转发、批转) stands where it stood
    for lines in annexes:
        title, text = one(lines, names.ANNEX_TITLE), typed(lines)
        at = next((at for at, one in enumerate(found) if "body" not in one and one["title"] == title), None)
        if at is None:
            found.insert(after, {"title": title, "body": text})
        else:
            found[at]["body"] = text
        after = after + 1 if at is None else at + 1
    return found


def typed(lines: list[Line]) -> str:
    """The body as typed: a paragraph that looks like a heading is marked as one."""
    out: list[str] = []
    caption = ""
    for line in lines:
        if line.style not in BODY:
            continue
        if line.style == names.CAPTION:
            caption = captioned(out, line.text)
        elif line.text.startswith("|") and line.is_table:
            out += ["", f"|{body_text.CAPTION}{body_text.escaped(caption)}|" if caption else "", line.text, ""]
            caption = ""
        else:
            out.append(line.text if line.is_table else spoken(line))
    return "\n".join(text for at, text in enumerate(out) if text or (at and out[at - 1])).strip("\n")


def captioned(out: list[str], text: str) -> str:
    """The caption of a picture goes into its line, which stands above; that of a table waits for the table below."""
    if out and out[-1].startswith("![](") and body_text.IMAGE.fullmatch(out[-1]):
        out[-1] = f"![{body_text.bracketed(text)}]{out[-1].removeprefix('![]')}"
        return ""
    return text


def spoken(line: Line) -> str:
    if HEADING_LEVEL.get(line.style):
        return line.text
    return body_text.plain_text(body_text.paragraph(line.text)) if line.style == names.TEXT else line.text
