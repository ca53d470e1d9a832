"""A paper as .docx in the official layout (GB/T 9704): for those who must go on in Word or WPS.

The PDF is the paper of record; this is its text in the same measures. Fonts are named, not embedded: the office's own
apply. Every part has a paragraph style of its own (`names`), by which `styled` finds the paper again.

    write(paper, mark=..., images=...) -> bytes
"""

import io
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.shared import Mm, Pt

from documents.docx import names
from documents.docx.write_head import head
from documents.docx.write_page import imprint_line, page_setup, write_properties
from documents.docx.write_styles import CHAR, FANG, HEI, KAI, add_styles, run
from documents.docx.write_table import table
from documents.elements import Attachment, Block, Paper
from documents.paper.ending import PUBLISHED
from documents.paper.head import chinese_date
from documents.paper.layout import annex_label
from documents.paper.mainbody import paragraph_runs
from documents.paper.title import title_lines, width
from documents.transmitted import annexes

FACES = {"h": HEI, "k": KAI, "f": FANG}
MADE = datetime(2000, 1, 1)  # the same paper gives the same bytes


def write(paper: Paper, *, mark: str = "", images: Mapping[str, bytes] | None = None) -> bytes:
    """The .docx of a paper; `mark` (草稿, 已撤销) stands at the head of every page.

    Raises `ValueError` when an image is missing.
    """
    document = Document()
    add_styles(document)
    page_setup(document, letter=paper.layout == "letter", mark=mark)
    writer = Writer(document, images or {})
    head(writer, paper)
    writer.title(paper.title, names.TITLE)
    writer.opening(paper)
    writer.blocks(paper.body)
    writer.ending(paper)
    for attachment in paper.attachments:
        writer.annex(attachment, annex_label(paper, attachment))
    writer.imprint(paper)
    write_properties(document, paper)
    document.core_properties.created = document.core_properties.modified = MADE
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class Writer:
    """One document being written from top to bottom."""

    def __init__(self, document: Any, images: Mapping[str, bytes]) -> None:
        self.document, self.images = document, images

    def line(self, style: str, text: str = "", face: str = "", **layout: Any) -> Any:
        """A paragraph in one of our styles; `layout` are python-docx's paragraph settings."""
        made = self.document.add_paragraph(style=style)
        if text:
            run(made, text, face)
        for name, value in layout.items():
            setattr(made.paragraph_format, name, value)
        return made

    def blank(self, count: int = 1) -> None:
        for _ in range(count):
            self.line(names.CELL)

    def title(self, title: str, style: str) -> None:
        """On as many lines as in print, in one paragraph."""
        if not title:
            return
        made = self.line(style)
        for at, text in enumerate(title_lines(title)):
            added = run(made, text)
            if at < len(title_lines(title)) - 1:
                added.add_break()

    def opening(self, paper: Paper) -> None:
        unsigned = not (paper.signature_units or paper.signature_stamp)
        if unsigned and paper.date_of_document and paper.layout == "general":
            self.line(names.ADOPTED, f"（{chinese_date(paper.date_of_document)}）")
        if paper.title:
            self.blank()
        if paper.primary_recipients:
            self.line(names.TO, paper.primary_recipients + "：")

    def blocks(self, blocks: tuple[Block, ...]) -> None:
        for block in blocks:
            if block.type == "table":
                self.table(block)
            elif block.type == "image":
                self.picture(block)
            elif block.type == "heading":
                self.line(names.HEADINGS[block.level], block.text)
            else:
                made = self.line(names.TEXT)
                for face, text in paragraph_runs(block):
                    run(made, text, FACES[face])

    def table(self, block: Block) -> None:
        if block.caption:
            self.line(names.CAPTION, block.caption, keep_with_next=True)
        table(self.document, block)
        self.document.add_paragraph(style=names.CELL)

    def picture(self, block: Block) -> None:
        if block.file not in self.images:
            raise ValueError(f"缺少图片“{block.file}”，请与公文一并提供。")
        made = self.line(names.FIGURE)
        shape = made.add_run().add_picture(io.BytesIO(self.images[block.file]))
        scale = min(1.0, Mm(156) / shape.width, Mm(190) / shape.height)
        shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
        if block.caption:
            self.line(names.CAPTION, block.caption)

    def ending(self, paper: Paper) -> None:
        """附件说明, 出席名单, 署名, 日期, 附注."""
        listed = annexes(paper)
        for at, attachment in enumerate(listed):
            label = "附件：" if at == 0 else ""
            number = f"{at + 1}. " if len(listed) > 1 else ""
            hang = CHAR * (5 + 0.5 * len(number))
            first = CHAR * 2 - hang if label else -CHAR * 0.5 * len(number)
            layout = {"left_indent": Pt(hang), "first_line_indent": Pt(first)}
            if not at:
                self.blank()
            self.line(names.NOTED, label + number + attachment.title, **layout)
        self.attendance(paper)
        self.signed(paper)
        published = PUBLISHED.get(paper.disclosure, "") if "公开" not in paper.remarks else ""
        for note in filter(None, (paper.remarks, published)):
            self.line(names.REMARK, f"（{note}）")

    def attendance(self, paper: Paper) -> None:
        lists = [("出席", paper.present), ("请假", paper.excused), ("列席", paper.observers)]
        for at, (label, people) in enumerate((label, people) for label, people in lists if people):
            if not at:
                self.blank()
            made = self.line(names.PRESENT)
            run(made, f"{label}：", HEI)
            run(made, "、".join(people))

    def signed(self, paper: Paper) -> None:
        """The date four characters from the right under a seal, two without; the name centred on it or before it."""
        day = chinese_date(paper.date_of_document) if paper.date_of_document else ""
        if paper.signature_stamp:
            self.blank(2)
            text = f"{paper.signature_stamp['office']}\u3000\u3000{paper.signature_stamp['name']}"
            self.line(names.STAMP, text, right_indent=Pt(4 * CHAR))
            self.blank()
            self.dated(day, 4)
        elif paper.signature_units:
            right = 4 if paper.seal else 2
            longest = max(map(width, paper.signature_units))
            self.blank(2 if paper.seal else 1)
            for unit in paper.signature_units:
                indent = right + (width(day) - width(unit)) / 2 if paper.seal else right + longest - width(unit)
                self.line(names.UNIT, unit, right_indent=Pt(max(indent, 0) * CHAR), keep_with_next=True)
            inner = right if paper.seal else max(right + longest - 2 - width(day), right)
            self.dated(day, inner)

    def dated(self, day: str, right: float) -> None:
        if day:
            self.line(names.DAY, day, right_indent=Pt(right * CHAR))

    def annex(self, attachment: Attachment, label: str) -> None:
        """On a page of its own: label on line 1, title on line 3. A text that the paper transmits has no label."""
        if not attachment.body:
            return
        self.line(names.ANNEX, label, page_break_before=True)
        self.blank()
        self.title(attachment.title, names.ANNEX_TITLE)
        self.blank()
        self.blocks(attachment.body)

    def imprint(self, paper: Paper) -> None:
        """版记: a frame at the foot of the type area of the last page; a letter has no rules and no printing office."""
        letter = paper.layout == "letter"
        rows = [("抄送：", f"{paper.cc_recipients}。")] if paper.cc_recipients else []
        lines = [label + text for label, text in rows]
        if not letter and (paper.printing_office or paper.printing_date):
            day = f"{chinese_date(paper.printing_date)}印发" if paper.printing_date else ""
            lines.append(f"{paper.printing_office}\t{day}" if day else paper.printing_office)
        if not letter and paper.print_run and lines:
            lines.append(f"\t共印{paper.print_run}份")
        for at, text in enumerate(lines):
            imprint_line(self.line(names.IMPRINT), text, first=at == 0, last=at == len(lines) - 1, ruled_off=not letter)
