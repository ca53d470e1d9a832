"""Rules on dates: 成文日期, 印发日期, and dates in the text that no calendar knows."""

import re
from collections.abc import Iterator
from datetime import date

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import body_of, fix, lines_of

WRITTEN = re.compile(r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
RIGHT = re.compile(r"\d{4}年(?:[1-9]|1[0-2])月(?:[1-9]|[12]\d|3[01])日")  # GB/T 9704 7.3.5.4
LIKE_A_DATE = re.compile(
    r"[（(]?(?:(?:\d{4}|[二一〇○零三四五六七八九]{4})\s*年\s*[\d元一二三四五六七八九十]{1,3}\s*月\s*[\d一二三四五六七八九十]{1,3}\s*日|"
    r"\d{4}[-./]\d{1,2}[-./]\d{1,2})[）)]?"
)
ADOPTED = re.compile(
    r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日[^（）。]{2,60}(?:会议)?[^（）。]{0,10}(?:通过|批准)"
)
ADOPTING_KINDS = ("决议", "决定", "公报")


def chinese(day: date) -> str:
    """2026年3月1日: Arabic digits, full year, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def as_date(found: re.Match[str]) -> date | None:
    """The day a match names; None when no calendar has it."""
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


@rule(
    "R25",
    "block",
    "date_of_document",
    "条例 第九条(十二)",
    "成文日期为会议通过或负责人签发的日期；联合行文为最后签发的日期。",
)
def date_is_that_of_adoption(paper: Paper, office: Office) -> Iterator[Fault]:
    if not paper.date_of_document:
        return
    adopted = adopted_on(paper.kind, next(iter(lines_of(paper)), ""))
    if adopted and adopted != paper.date_of_document:
        yield Fault(
            f"题注写明{chinese(adopted)}通过，成文日期却是{chinese(paper.date_of_document)}，应与通过日期一致。",
            fix(f"成文日期改为{chinese(adopted)}", "date_of_document", adopted.isoformat()),
        )


def adopted_on(kind: str, note: str) -> date | None:
    """The day a meeting adopted the paper, by the note under its title (题注); None when there is no such note."""
    found = ADOPTED.fullmatch(note.strip().strip("（）()")) if kind in ADOPTING_KINDS else None
    return as_date(found) if found else None


@rule("R26", "block", "date_of_document", "GB/T 9704 7.3.5.4", "公文应标注成文日期。", since="register")
def date_is_given(paper: Paper, office: Office) -> Iterator[Fault]:
    if not paper.date_of_document:
        yield Fault("还没有成文日期，请填写负责人签发（或会议通过）的日期。")


@rule("R26", "block", "body", "GB/T 9704 7.3.5.4", "成文日期用阿拉伯数字标全年月日，年份标全称，月、日不编虚位。")
def closing_date_is_well_formed(paper: Paper, office: Office) -> Iterator[Fault]:
    """A date typed as the body's last line would be printed besides 成文日期; it must at least be right."""
    last = lines_of(paper)[-1].strip() if lines_of(paper) else ""
    if LIKE_A_DATE.fullmatch(last) and not RIGHT.fullmatch(last):
        yield Fault(
            f"正文末行的日期“{last}”不合规定，应如“2026年3月1日”；成文日期由系统排印，正文中可删去。",
            fix("删去正文末行的日期", "body", without_last_line(paper)),
        )


def without_last_line(paper: Paper) -> str:
    return body_of(paper).rstrip().rpartition("\n")[0]


@rule("R26", "warn", "body", "GB/T 9704 7.3.5.4", "文中日期应为历法上存在的日期。")
def dates_exist(paper: Paper, office: Office) -> Iterator[Fault]:
    for found in WRITTEN.finditer(body_of(paper)):
        if as_date(found) is None:
            yield Fault(f"正文中的“{found[0]}”不是存在的日期，请核对。")


@rule("R27", "warn", "printing_date", "条例 第九条(十七)、GB/T 9704 7.4.3", "印发日期不早于成文日期。")
def printed_after_signing(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.printing_date and paper.date_of_document and paper.printing_date < paper.date_of_document:
        yield Fault(
            f"印发日期{chinese(paper.printing_date)}早于成文日期{chinese(paper.date_of_document)}，请改正。",
            fix(f"印发日期改为{chinese(paper.date_of_document)}", "printing_date", paper.date_of_document.isoformat()),
        )
