"""Page, grid, page numbers, rules and frames of our own .docx: what python-docx has no words for."""

from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from lxml import etree

from documents.docx import names
from documents.docx.write_styles import LEFT, RIGHT, SMALL, SONG, run
from documents.elements import Paper

LINE_PITCH, CHAR_SPACE = 579, -842  # twips; 4096ths of a point: 22 lines of 28 characters
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VARIANT = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
UNPRINTED = ("kind", "layout", "direction", "masthead", "disclosure", "disclosure_reason", "in_reply_to")
THICK, THIN = "8", "6"  # eighths of a point: 0.35 mm, 0.25 mm


def element(name: str, **attributes: Any) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), str(value))
    return made


def page_setup(document: Any, *, letter: bool, mark: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25.5)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(element("docGrid", type="linesAndChars", linePitch=LINE_PITCH, charSpace=CHAR_SPACE))
    document.settings.odd_and_even_pages_header_footer = True
    section.different_first_page_header_footer = letter
    numbered(section.footer, RIGHT)
    numbered(section.even_page_footer, LEFT)
    if mark:
        headers = [section.header, section.even_page_header, *([section.first_page_header] if letter else [])]
        for header in headers:
            header.paragraphs[0].style = names.LEFT_OUT
            run(header.paragraphs[0], mark)


def numbered(footer: Any, side: Any) -> None:
    """— 1 —, one character from the outer edge (7.5)."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = side
    layout = paragraph.paragraph_format
    layout.right_indent, layout.left_indent = (Pt(SMALL), Pt(0)) if side == RIGHT else (Pt(0), Pt(SMALL))
    for words in ("— ", None, " —"):
        added = paragraph.add_run(words or "")
        faced_run(added)
        if words is None:
            added._element.append(element("fldChar", fldCharType="begin"))
            code = element("instrText")
            code.text = " PAGE "
            added._element.append(code)
            added._element.append(element("fldChar", fldCharType="end"))


def faced_run(added: Any) -> None:
    added.font.size = Pt(SMALL)
    fonts = added._element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi"):
        fonts.set(qn(script), SONG)


def ruled(paragraph: Any, **edges: dict[str, Any]) -> None:
    """Rules above or below a paragraph."""
    borders = element("pBdr")
    for edge in ("top", "bottom"):
        if edge in edges:
            borders.append(element(edge, **{"val": "single", "space": 0, "color": "000000", **edges[edge]}))
    settings = paragraph._p.get_or_add_pPr()
    settings.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def imprint_line(paragraph: Any, text: str, *, first: bool, last: bool, ruled_off: bool) -> None:
    """One row of the 版记, in a frame that hangs at the bottom of the type area of its page (7.4)."""
    run(paragraph, text)
    layout = paragraph.paragraph_format
    layout.left_indent, layout.right_indent = Pt(SMALL), Pt(SMALL)
    layout.tab_stops.add_tab_stop(Mm(156) - Pt(SMALL), alignment=WD_TAB_ALIGNMENT.RIGHT)
    frame = element("framePr", w=8845, wrap="around", vAnchor="margin", hAnchor="margin", x=1, yAlign="bottom")
    paragraph._p.get_or_add_pPr().insert_element_before(
        frame, "w:widowControl", "w:numPr", "w:pBdr", "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    if ruled_off:
        edges = {"top": {"sz": THICK if first else THIN}, **({"bottom": {"sz": THICK}} if last else {})}
        ruled(paragraph, **edges)


def write_properties(document: Any, paper: Paper) -> None:
    """What a paper is besides its words, as custom properties of the file (in Word: 文件 → 信息 → 属性)."""
    document.core_properties.title, document.core_properties.author = paper.title, "、".join(paper.issuers)
    root = etree.Element(f"{{{PROPERTIES}}}Properties", nsmap={None: PROPERTIES, "vt": VARIANT})
    held = {name: getattr(paper, name) for name in UNPRINTED}
    for at, (name, value) in enumerate((key, text) for key, text in held.items() if text):
        node = etree.SubElement(
            root, f"{{{PROPERTIES}}}property", fmtid=FORMAT, pid=str(at + 2), name=names.PROPERTY + name
        )
        etree.SubElement(node, f"{{{VARIANT}}}lpwstr").text = value
    content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    part = Part(PackURI("/docProps/custom.xml"), CUSTOM_TYPE, content, package)
    package.relate_to(part, PROPERTIES.replace("/custom-properties", "/relationships/custom-properties"))
