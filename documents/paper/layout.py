"""A paper as one HTML page flow in its format: general, letter, order or minutes (GB/T 9704 7, 10).

The style sheet is `paper.css`; drawing it is `render`.
"""

import re
from dataclasses import replace
from html import escape

from documents.elements import Attachment, Paper
from documents.paper import grid
from documents.paper.back import TEXT_END
from documents.paper.compose import Measure, joined, tokenise
from documents.paper.ending import (
    attachment_note,
    attendance_html,
    imprint_html,
    remarks_html,
    signature,
)
from documents.paper.grid import CHAR, FRAME_TOP, HALF_LEADING, PITCH
from documents.paper.head import chinese_date, corner_marks, general_head, head_lines, number_text, opening, title_html
from documents.paper.mainbody import FIGURE, LAND, LAST_ROWS, blocks_html, body_html, land_html, table_html, wide
from documents.paper.mark import masthead
from documents.paper.markup import Runs, boxed, gap, lines_html, placed, plain_html, runs_html
from documents.transmitted import annexes

UNNUMBERED = "（签发后编号）"  # where the number of a draft will stand (条例 第二十五条(二): numbered after sign-off)
LINE_STYLE = re.compile(r'<div class="((?:spaced )?l[^"]*)" style="([^"]*)">')
SPACED = '<div class="spaced l'
KEPT = 2  # lines of the text that stay with the signature, so that it never stands alone on a page (7.3.5.5)
SHORT_TAIL = 6  # lines of 附件说明 or attendance that stay between them

LETTER_MARK, LETTER_MARK_HEIGHT = 30.0, 15.0  # 10.1: mm from the top of the sheet
LETTER_RULE_WIDTH, LETTER_RULE_BOTTOM = 170.0, 20.0
ORDER_MARK = grid.AREA_TOP + 20  # 10.2
ORDER_MARK_HEIGHT = 20.5  # with which the number, two lines below, falls on the grid


def html(paper: Paper, draft: str = "") -> str:
    """The whole document; `draft` is printed across every page of a paper that is not yet issued."""
    shown = replace(paper, document_number=UNNUMBERED) if draft and not paper.document_number else paper
    opened = {"general": general, "letter": letter, "order": order, "minutes": minutes}[paper.layout](shown)
    behind = [line for one in paper.attachments if one.body for line in annex_html(paper, one)]
    imprint = imprint_html(paper, ruled=paper.layout != "letter")
    flow = [watermark(draft), *opened, *behind]
    return whole(paper, paper.layout, [*flow, text_end(flow), imprint])


def back_html(paper: Paper, draft: str = "") -> str:
    """A blank page and one with nothing but the 版记; empty for a paper without, and for a letter (10.1)."""
    imprint = "" if paper.layout == "letter" else imprint_html(paper)
    return whole(paper, "back", [watermark(draft), '<div class="turn"></div>', imprint]) if imprint else ""


def watermark(draft: str) -> str:
    return f'<div class="draft">{escape(draft)}</div>' if draft else ""


def whole(paper: Paper, kind: str, parts: list[str]) -> str:
    title = escape(paper.title or f"{paper.masthead}{number_text(paper)}")
    style, body = classed("\n".join(parts))
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="author" content="{escape("、".join(paper.issuers))}"><style>{style}</style></head>'
        f'<body class="{kind}">{body}</body></html>'
    )


def classed(flow: str) -> tuple[str, str]:
    """The styles of lines as classes, and the flow that names them: read line by line they cost a fifth of the time."""
    names: dict[str, str] = {}

    def named(line: re.Match[str]) -> str:
        return f'<div class="{line[1]} {names.setdefault(line[2], f"z{len(names)}")}">'

    flow = LINE_STYLE.sub(named, flow)
    return "".join(f".{name}{{{style}}}" for style, name in names.items()), flow


def general(paper: Paper) -> list[str]:
    passed = adopted_html(paper)
    return [general_head(paper), *opening(paper), *passed, *text_and_end(paper)]


MEETING = re.compile(r"(.+?会议)(?:关于|公报|决议)")


def adopted_html(paper: Paper) -> list[str]:
    """题注 of a 决议 or 公报, which bears no signature: when it was adopted, and by which meeting if the title says."""
    if paper.signature_units or paper.signature_stamp or not paper.date_of_document or paper.layout != "general":
        return []
    meeting = MEETING.match(paper.title)
    by = f"{meeting[1]}通过" if meeting else ""
    text = [("k", f"（{chinese_date(paper.date_of_document)}{by}）")]
    return [*lines_html(text, Measure(), "l c"), gap()]


def text_and_end(paper: Paper) -> list[str]:
    """The text, its last lines kept together with what is signed below them."""
    text, tail = body_html(paper.body), [*attachment_note(paper), *attendance_html(paper)]
    lines = [*text, *tail]
    signed, below = signature(paper)
    if not signed:
        return [*lines, *remarks_html(paper)]
    held = len(tail) + held_lines(text) if len(tail) <= SHORT_TAIL else held_lines(tail)
    free = lines[: len(lines) - held]
    kept = lines[len(free) :]
    kind = "keep sealed" if paper.seal else "keep"
    if kept and kept[0].startswith(SPACED):  # its blank line goes to the box, and vanishes with it at the top of a page
        kind, kept[0] = f"{kind} spaced", kept[0].replace(SPACED, '<div class="l', 1)
    return [*free, f'<div class="{kind}">', *kept, *signed, "</div>", *below, *remarks_html(paper)]


def held_lines(lines: list[str]) -> int:
    """How many lines stay with the signature: never all, for the first page must show the text (7.3.3)."""
    count = 0
    for line in reversed(lines[1:]):
        if count == 0 and line.startswith((LAST_ROWS, FIGURE)):
            return 1
        if count == KEPT or not line.startswith(('<div class="l', '<div class="spaced')):
            return count
        count += 1
    return count


def annex_html(paper: Paper, attachment: Attachment) -> list[str]:
    """附件 on a page of its own: its label on line 1, its title from line 3, then its text (7.3.7). A text that the
    paper transmits (印发、转发、批转) stands there likewise, without a label."""
    opened, *rest = annex_pages([("h", annex_label(paper, attachment))], attachment)
    across = opened.startswith('<div class="land')
    return [opened.replace("land", "land annex", 1), *rest] if across else ['<div class="annex"></div>', opened, *rest]


def annex_label(paper: Paper, attachment: Attachment) -> str:
    """附件, with its number when there are several; empty for a text that the paper transmits."""
    proper = annexes(paper)
    places = [at for at, one in enumerate(proper, 1) if one is attachment]
    return "" if not places else f"附件{places[0]}" if len(proper) > 1 else "附件"


def annex_pages(label: Runs, attachment: Attachment) -> list[str]:
    head = [f'<div class="l">{runs_html(joined(tokenise(label)))}</div>', gap(), *title_html(attachment.title), gap()]
    first, rest = attachment.body[0], attachment.body[1:]
    if wide(first):  # label and title lie across the sheet with the table they belong to
        return [land_html([*head, table_html(first, LAND)]), *blocks_html(rest)]
    return [*head, *blocks_html(attachment.body)]


def loose_annex_html(paper: Paper, number: int) -> str:
    """附件 `number`, from 1, that is not bound with its paper: its label says the paper's number first (7.3.7).

    Raises `ValueError` when the paper has no such annex, or it is a separate file.
    """
    if not 1 <= number <= len(paper.attachments) or not paper.attachments[number - 1].body:
        raise ValueError(f"没有可以单独排印的附件{number}。")
    label: Runs = [("f", paper.document_number), ("h", annex_label(paper, paper.attachments[number - 1]))]
    return whole(paper, "general", annex_pages(label, paper.attachments[number - 1]))


def text_end(flow: list[str]) -> str:
    """The mark of where the text ends, on the page of its last line even if that lies across."""
    kind = ' class="land"' if flow[-1].startswith('<div class="land') else ""
    return f'<div id="{TEXT_END}"{kind}></div>'


def letter(paper: Paper) -> list[str]:
    """信函格式 (10.1): the name 30 mm from the sheet's top, double rules 170 mm wide, the number at the right."""
    first = LETTER_MARK + LETTER_MARK_HEIGHT + 4
    number_top = first + 1.6 + grid.PITCH - CHAR - HALF_LEADING - FRAME_TOP
    left = (grid.AREA_WIDTH - LETTER_RULE_WIDTH) / 2
    bottom = grid.PAGE[1] - LETTER_RULE_BOTTOM - 1.6
    inner = [
        masthead([paper.masthead], "", LETTER_MARK, LETTER_MARK_HEIGHT),
        placed("double", "", top=first - FRAME_TOP, left=left, width=LETTER_RULE_WIDTH),
        placed("double up", "", top=bottom - FRAME_TOP, left=left, width=LETTER_RULE_WIDTH),
        corner_marks(paper, number_top + HALF_LEADING + FRAME_TOP),
        placed("line r", plain_html(paper.document_number), top=number_top, left=0, width=grid.AREA_WIDTH),
    ]
    return [boxed("head", inner, head_lines(paper) * PITCH), *opening(paper), *text_and_end(paper)]


def order(paper: Paper) -> list[str]:
    """命令（令）格式 (10.2): the name 20 mm below the type area's top, the number centred, no red rule."""
    lines = head_lines(paper)
    number = placed("line c", plain_html(number_text(paper)), top=(lines - 1) * PITCH, left=0, width=grid.AREA_WIDTH)
    inner = [corner_marks(paper), masthead([paper.masthead], "", ORDER_MARK, ORDER_MARK_HEIGHT), number]
    title = [*title_html(paper.title), gap()] if paper.title else []
    return [boxed("head", inner, lines * PITCH), gap(2), *title, *text_and_end(paper)]


def minutes(paper: Paper) -> list[str]:
    """纪要格式 (10.3): organ and date stand above the red rule, below the number."""
    return [general_head(paper), *opening(paper), *text_and_end(paper)]
