"""Tables of our own .docx, element by element: python-docx looks every cell up anew, seconds for a large table."""

from typing import Any

from docx.oxml.ns import qn

from documents.docx import names
from documents.docx.write_page import element
from documents.docx.write_styles import FANG, HEI
from documents.elements import Block
from documents.paper.mainbody import type_size

AREA_TWIPS = 8845  # 156 mm


def table(document: Any, block: Block) -> None:
    """A ruled table across the type area, its head repeated on every page, at the end of the document."""
    columns = len(block.rows[0])
    made = element("tbl")
    settings = element("tblPr")
    settings.append(element("tblStyle", val=document.styles["Table Grid"].style_id))
    settings.append(element("tblW", w=AREA_TWIPS, type="dxa"))
    settings.append(element("jc", val="center"))
    made.append(settings)
    grid = element("tblGrid")
    for _ in range(columns):
        grid.append(element("gridCol", w=AREA_TWIPS // columns))
    made.append(grid)
    style, size = document.styles[names.CELL].style_id, str(round(type_size(columns) * 2))
    for at, cells in enumerate(block.rows):
        made.append(row(cells, style, size, head=block.header and at == 0))
    document.element.body.insert_element_before(made, "w:sectPr")


def row(cells: tuple[str, ...], style: str, size: str, *, head: bool) -> Any:
    made = element("tr")
    if head:
        settings = element("trPr")
        settings.append(element("tblHeader"))
        made.append(settings)
    for text in cells:
        made.append(cell(text, style, size, HEI if head else FANG, AREA_TWIPS // len(cells)))
    return made


def cell(text: str, style: str, size: str, face: str, across: int) -> Any:
    made, settings = element("tc"), element("tcPr")
    settings.append(element("tcW", w=across, type="dxa"))
    settings.append(element("vAlign", val="center"))
    made.append(settings)
    paragraph, look, words, shown = element("p"), element("pPr"), element("r"), element("rPr")
    look.append(element("pStyle", val=style))
    shown.append(element("rFonts", eastAsia=face, ascii=face, hAnsi=face, cs=face))
    shown.append(element("sz", val=size))
    written = element("t")
    written.text = text
    written.set(qn("xml:space"), "preserve")
    for child in (shown, written):
        words.append(child)
    paragraph.append(look)
    paragraph.append(words)
    made.append(paragraph)
    return made
