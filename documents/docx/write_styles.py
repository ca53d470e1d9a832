"""The paragraph styles of our own .docx: face, size and place of every part, by the name that finds it again."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from documents.docx import names

XIAO, FANG, KAI, HEI, SONG = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体"
RED = RGBColor(0xE6, 0x00, 0x12)
BODY, TITLE, SMALL = 16.0, 22.0, 14.0  # points: 3号, 2号, 4号
CHAR = 15.794  # points: 156 mm / 28
PITCH = 28.95  # points: 225 mm / 22, as WPS and Word reckon lines
CENTRE, RIGHT, LEFT, BOTH = (
    WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
)  # fmt: skip
PARTS: dict[str, tuple[str, float, Any, float]] = {  # face, size, alignment, first line indented by so many characters
    names.CORNER: (HEI, BODY, LEFT, 0),
    names.MARK: (XIAO, 48, CENTRE, 0),
    names.NUMBER: (FANG, BODY, CENTRE, 0),
    names.TITLE: (XIAO, TITLE, CENTRE, 0),
    names.ADOPTED: (KAI, BODY, CENTRE, 0),
    names.TO: (FANG, BODY, BOTH, 0),
    names.TEXT: (FANG, BODY, BOTH, 2),
    names.HEADINGS[1]: (HEI, BODY, BOTH, 2),
    names.HEADINGS[2]: (KAI, BODY, BOTH, 2),
    names.HEADINGS[3]: (FANG, BODY, BOTH, 2),
    names.HEADINGS[4]: (FANG, BODY, BOTH, 2),
    names.CAPTION: (HEI, SMALL, CENTRE, 0),
    names.FIGURE: (FANG, BODY, CENTRE, 0),
    names.CELL: (FANG, BODY, CENTRE, 0),
    names.NOTED: (FANG, BODY, BOTH, 0),
    names.PRESENT: (FANG, BODY, BOTH, 2),
    names.UNIT: (FANG, BODY, RIGHT, 0),
    names.DAY: (FANG, BODY, RIGHT, 0),
    names.STAMP: (FANG, BODY, RIGHT, 0),
    names.REMARK: (FANG, BODY, BOTH, 2),
    names.ANNEX: (HEI, BODY, LEFT, 0),
    names.ANNEX_TITLE: (XIAO, TITLE, CENTRE, 0),
    names.IMPRINT: (FANG, SMALL, LEFT, 0),
    names.LEFT_OUT: (HEI, 26, CENTRE, 0),
}
KEPT_TOGETHER = (*names.HEADINGS.values(), names.TITLE, names.ANNEX_TITLE)
AFTER_AUTO_SPACE = ("w:snapToGrid", "w:spacing", "w:ind", "w:jc")  # in the order of the schema
FREE = (names.FIGURE, names.CELL, names.MARK, names.LEFT_OUT)  # as high as what they hold


def add_styles(document: Any) -> None:
    """Our styles, and Normal set to the body's type, which the grid of the page is reckoned from."""
    normal = document.styles["Normal"]
    faced(normal, FANG, BODY)
    normal.paragraph_format.widow_control = False
    chinese(document)
    for name, (face, size, side, indent) in PARTS.items():
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        faced(style, face, size)
        layout = style.paragraph_format
        layout.alignment, layout.first_line_indent = side, Pt(indent * CHAR)
        layout.space_before = layout.space_after = Pt(0)
        layout.keep_with_next = name in KEPT_TOGETHER
        if name in FREE:
            layout.line_spacing_rule = WD_LINE_SPACING.SINGLE
        else:
            layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(PITCH)
    document.styles[names.MARK].font.color.rgb = RED


def chinese(document: Any) -> None:
    """Lines broken as Chinese is, and no air between characters and figures, which would leave the grid."""
    for language in document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    settings = document.styles["Normal"].element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        closed = OxmlElement(name)
        closed.set(qn("w:val"), "0")
        settings.insert_element_before(closed, *AFTER_AUTO_SPACE)


def faced(style: Any, face: str, size: float) -> None:
    """A face for every script: digits stand in the face of the text, as the standard's examples show."""
    style.font.name, style.font.size, style.font.bold = face, Pt(size), False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(script), face)


def run(paragraph: Any, text: str, face: str = "") -> Any:
    """Words in a paragraph, in its style's face or another."""
    added = paragraph.add_run(text.replace("\r", " "))
    if face:
        fonts = added._element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
            fonts.set(qn(script), face)
    return added
