"""版头 of our own .docx in the four layouts: marks, masthead, number, signers, rule (GB/T 9704 7.2, 10)."""

from typing import TYPE_CHECKING

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt

from documents.docx import names
from documents.docx.write_page import ruled
from documents.docx.write_styles import CHAR, FANG, HEI, KAI, LEFT, PITCH, RIGHT, run
from documents.elements import Paper
from documents.paper.head import chinese_date, number_text
from documents.paper.mark import masthead_names
from documents.paper.title import width

if TYPE_CHECKING:
    from documents.docx.write import Writer

RED = "E60012"
WIDEST, HIGHEST = 425.0, 62.0  # points: 150 mm across; the largest type of a masthead
MARK_TOP = {"general": 35.0, "minutes": 35.0, "order": 20.0, "letter": 0.0}  # mm below the top of the type area
CORNERS = {"general": 3, "minutes": 3, "order": 1, "letter": 0}  # lines kept for 份号, 密级, 紧急程度


def head(writer: "Writer", paper: Paper) -> None:
    """Everything above the title, and the blank lines before it."""
    marks = corner_marks(paper)
    if paper.layout == "letter":
        masthead(writer, paper, before=0)
        ruled(writer.document.paragraphs[-1], bottom={"val": "thickThinSmallGap", "sz": 18, "space": 8, "color": RED})
        corners(writer, marks, 0)
        writer.line(names.NUMBER, paper.document_number or names.UNNUMBERED, alignment=RIGHT)
        writer.blank(2)
        return
    lines = max(len(marks), CORNERS[paper.layout])
    corners(writer, marks, lines)
    masthead(writer, paper, before=max(MARK_TOP[paper.layout] / 25.4 * 72 - lines * PITCH, 0))
    number(writer, paper)
    writer.blank(2)


def corner_marks(paper: Paper) -> list[tuple[str, str]]:
    secret = "★".join(filter(None, (paper.security_classification, paper.classification_period)))
    return [mark for mark in ((paper.copy_number, FANG), (secret, HEI), (paper.urgency, HEI)) if mark[0]]


def corners(writer: "Writer", marks: list[tuple[str, str]], lines: int) -> None:
    for text, face in marks:
        writer.line(names.CORNER, text, face)
    for _ in range(lines - len(marks)):
        writer.line(names.CORNER)


def masthead(writer: "Writer", paper: Paper, before: float) -> None:
    organs, suffix = masthead_names(paper)
    if suffix or (len(organs) > 1 and len(paper.issuers) > 1):
        joint(writer, organs, suffix, before)
        return
    mark = "".join(organs)
    made = writer.line(names.MARK, mark, space_before=Pt(before))
    made.runs[0].font.size = Pt(round(min(HIGHEST, WIDEST / max(width(mark), 1)) * 2) / 2)


def joint(writer: "Writer", organs: list[str], suffix: str, before: float) -> None:
    """Several names above each other, 文件 beside them in the middle (7.2.4)."""
    writer.line(names.CELL, space_before=Pt(before))
    table = writer.document.add_table(1, 2)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    size = min(34.0, (WIDEST - 90) / max(map(width, organs)))
    for cell, texts, across in zip(table.rows[0].cells, (organs, [suffix] if suffix else []), (118, 32), strict=True):
        cell.width, cell.vertical_alignment = Mm(across), WD_ALIGN_VERTICAL.CENTER
        for at, text in enumerate(texts or [""]):
            made = cell.paragraphs[0] if at == 0 else cell.add_paragraph()
            made.style = names.MARK
            run(made, text).font.size = Pt(size)


def number(writer: "Writer", paper: Paper) -> None:
    """文号 two lines below; of an upward paper at the left, 签发人 at the right; the rule 4 mm below (7.2.5-7.2.7).

    Of minutes the organ and the date stand between the number and the rule (10.3).
    """
    shown = number_text(paper) or names.UNNUMBERED
    made = writer.line(names.NUMBER, space_before=Pt(2 * PITCH))
    if paper.direction == "upward" and paper.signers:
        made.paragraph_format.alignment = LEFT
        made.paragraph_format.left_indent = made.paragraph_format.right_indent = Pt(CHAR)
        made.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(CHAR), alignment=WD_TAB_ALIGNMENT.RIGHT)
        run(made, f"{shown}\t签发人：")
        run(made, " ".join(paper.signers), KAI)
    else:
        run(made, shown)
    if paper.layout == "minutes":
        made = writer.line(names.ADOPTED, alignment=LEFT, left_indent=Pt(CHAR), right_indent=Pt(CHAR))
        made.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(CHAR), alignment=WD_TAB_ALIGNMENT.RIGHT)
        day = chinese_date(paper.date_of_document) if paper.date_of_document else ""
        run(made, f"{paper.issuers[0]}\t{day}", FANG)
    if paper.layout != "order":
        ruled(made, bottom={"sz": 12, "space": 11, "color": RED})
