"""版头: copy number, urgency, masthead, document number, signers and the red rule (GB/T 9704 7.2).

Also the title and the recipients, which stand between the head and the text (7.3.1, 7.3.2).
"""

import re
from datetime import date

from documents.elements import Paper
from documents.paper import grid
from documents.paper.compose import Measure, compose, width_of
from documents.paper.grid import CHAR, FRAME_TOP, HALF_LEADING, PITCH
from documents.paper.mark import least_height, masthead, masthead_names
from documents.paper.markup import boxed, gap, line_html, placed, plain_html, runs_html
from documents.paper.title import title_lines

MARK_TOP = grid.AREA_TOP + 35  # 7.2.4
RULE_GAP = 4.0  # 7.2.7
RULE_LINE = 8  # the red rule falls on the grid, eight lines down, so that the text below keeps the grid too
MARK_HEIGHT = RULE_LINE * PITCH - (MARK_TOP + 2 * PITCH + CHAR + RULE_GAP - FRAME_TOP)
WITH_SEAT = 20  # lines of the first page that head, title and recipients may take: the text must begin there
HEAD_LINES = {"letter": 3, "order": 7}  # of the formats without signers and joint mastheads


def general_head(paper: Paper) -> str:
    """Everything down to the red rule, in a box as high as a whole number of lines. Of minutes the organ and the date
    stand between number and rule, as is the practice; the standard leaves that open (10.3)."""
    names, suffix = masthead_names(paper)
    mark_height = MARK_HEIGHT + extra_lines(paper) * PITCH
    rows = signer_rows(paper)
    last = MARK_TOP + mark_height + (1 + len(rows)) * PITCH  # em-top of the number, level with the last signers
    dated = dated_rows(paper)
    rule = last + len(dated) * PITCH + CHAR + RULE_GAP
    inner = [corner_marks(paper), masthead(names, suffix, MARK_TOP, mark_height)]
    inner += [signers_html(rows, last), number_html(paper, last), dated_html(paper, dated, last + PITCH)]
    inner += [placed("rule", "", top=rule - FRAME_TOP, left=0, width=grid.AREA_WIDTH)]
    return boxed("head", inner, head_lines(paper) * PITCH)


def head_lines(paper: Paper) -> int:
    """How many lines of the first page the head takes."""
    if paper.layout == "letter":
        return HEAD_LINES["letter"] + max(len(marks_of(paper)) - 1, 0)
    if paper.layout == "order":
        return HEAD_LINES["order"]
    return RULE_LINE + extra_lines(paper) + len(signer_rows(paper)) - 1 + len(dated_rows(paper))


def extra_lines(paper: Paper) -> int:
    """Lines a masthead of several names takes beyond those of one; fewer when the text would not begin on page 1."""
    names, _ = masthead_names(paper)
    taken = RULE_LINE + len(signer_rows(paper)) - 1 + len(dated_rows(paper)) + 2 + len(title_lines(paper.title)) + 1
    least = -int(-max(least_height(len(names)) - MARK_HEIGHT, 0) // PITCH)
    return max(min(len(names) - 1, WITH_SEAT - taken), least)


def marks_of(paper: Paper) -> list[tuple[str, str]]:
    secret = "★".join(filter(None, (paper.security_classification, paper.classification_period)))
    marks = [("f", paper.copy_number), ("h", secret), ("h", paper.urgency)]
    return [mark for mark in marks if mark[1]]


def corner_marks(paper: Paper, top: float = grid.AREA_TOP) -> str:
    """份号, 密级和保密期限, 紧急程度, one below the other from the top left corner (7.2.1-7.2.3)."""
    return "".join(
        placed("line", plain_html(text, face), top=top - HALF_LEADING - FRAME_TOP + at * PITCH, left=0)
        for at, (face, text) in enumerate(marks_of(paper))
    )


def signer_rows(paper: Paper) -> list[tuple[str, ...]]:
    """签发人 of an upward paper, two to a row, the lead organ's first (7.2.6); always at least one row."""
    shown = paper.signers if paper.direction == "upward" else ()
    pairs = [shown[at : at + 2] for at in range(0, len(shown), 2)] or [()]
    number = width_of([("f", number_text(paper))], grid.BODY, grid.TRACKING)
    beside = grid.AREA_WIDTH - 7 * CHAR - number  # free of 签发人：, the margins of both sides and a space between
    return pairs if sum(signer_columns(pairs)) <= beside else [(name,) for name in shown]


def signers_html(rows: list[tuple[str, ...]], last: float) -> str:
    if not rows[0]:
        return ""
    label = ("f", "签发人：")
    columns = signer_columns(rows)
    left = grid.AREA_WIDTH - CHAR - sum(columns)
    first = last - (len(rows) - 1) * PITCH - HALF_LEADING - FRAME_TOP
    parts = [placed("line", runs_html((label,)), top=first, left=left - 4 * CHAR)]
    for at, row in enumerate(rows):
        for column, name in enumerate(row):
            place = left + sum(columns[:column])
            parts.append(placed("line", plain_html(spread(name), "k"), top=first + at * PITCH, left=place))
    return "".join(parts)


def signer_columns(rows: list[tuple[str, ...]]) -> list[float]:
    """Widths in mm of the one or two columns of names, the first with a character's space after it."""
    widths = [max((name_width(row[at]) for row in rows if len(row) > at), default=0.0) for at in (0, 1)]
    return [widths[0] + CHAR, widths[1]] if widths[1] else [widths[0]]


def name_width(name: str) -> float:
    """As it will stand: letters of other scripts are narrower than a character."""
    return width_of([("k", spread(name))], grid.BODY, grid.TRACKING)


def spread(name: str) -> str:
    """A name of two characters is spaced to the width of three, as names are set in lists."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


BELOW_A_NAME = re.compile(r"[\u4e00-\u9fff]+(?:〔\d{4}〕)?(第\d+[号期])")


def number_text(paper: Paper) -> str:
    """The number as printed: below the name of an order or of minutes 第3号 or 第3期 alone (10.2, 10.3)."""
    found = BELOW_A_NAME.fullmatch(paper.document_number) if paper.layout in ("order", "minutes") else None
    return found[1] if found else paper.document_number


def number_html(paper: Paper, em_top: float) -> str:
    """文号: centred; on an upward paper one character from the left, level with the last signers (7.2.5)."""
    top = em_top - HALF_LEADING - FRAME_TOP
    if paper.direction == "upward" and paper.signers:
        return placed("line", plain_html(number_text(paper)), top=top, left=CHAR)
    return placed("line c", plain_html(number_text(paper)), top=top, left=0, width=grid.AREA_WIDTH)


def dated_rows(paper: Paper) -> list[str]:
    """The organ of minutes, on as many lines as it takes beside the date (条例 第九条(十二)); none of other papers."""
    if paper.layout != "minutes":
        return []
    day = width_of([("f", day_text(paper))], grid.BODY, grid.TRACKING)
    lines = compose([("f", paper.issuers[0])], Measure(width=grid.AREA_WIDTH - 3 * CHAR - day))
    return [runs_html(line.runs) for line in lines]


def chinese_date(day: date) -> str:
    """2026年1月3日: Arabic numerals, the full year, no padding (7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_text(paper: Paper) -> str:
    """成文日期, empty while nobody has signed."""
    return chinese_date(paper.date_of_document) if paper.date_of_document else ""


def dated_html(paper: Paper, rows: list[str], em_top: float) -> str:
    """The organ one character from the left, the date one from the right, level with its last line."""
    if not rows:
        return ""
    top = em_top - HALF_LEADING - FRAME_TOP
    parts = [placed("line", row, top=top + at * PITCH, left=CHAR) for at, row in enumerate(rows)]
    day = day_text(paper)
    left = grid.AREA_WIDTH - CHAR - width_of([("f", day)], grid.BODY, grid.TRACKING)
    return "".join([*parts, placed("line", plain_html(day), top=top + (len(rows) - 1) * PITCH, left=left)])


def title_html(title: str) -> list[str]:
    return [f'<div class="t">{plain_html(line, "x")}</div>' for line in title_lines(title)] if title else []


def recipients_html(paper: Paper) -> list[str]:
    """主送机关: flush left, also where it wraps, closed by a full-width colon (7.3.2)."""
    if not paper.primary_recipients:
        return []
    return [line_html(line, round(grid.TRACKING, 3)) for line in recipient_lines(paper)]


def recipient_lines(paper: Paper) -> list:
    return compose([("f", paper.primary_recipients + "：")], Measure()) if paper.primary_recipients else []


def recipients_fit(paper: Paper) -> bool:
    """Whether the text still begins on the first page below the recipients; else they go to the 版记 (7.3.2)."""
    used = head_lines(paper) + 2 + len(title_lines(paper.title)) + 1 + len(recipient_lines(paper))
    return used <= WITH_SEAT


def opening(paper: Paper, blank_before: int = 2) -> list[str]:
    """Title, and recipients where they fit on the first page, each below its blank lines."""
    recipients = recipients_html(paper) if recipients_fit(paper) else []
    return [gap(blank_before), *title_html(paper.title), gap(), *recipients]
