"""What a printed page shows: characters, red circles and full-width rules, in mm from the top left of the sheet.

Reads any PDF, not only ours; it passes no judgement, which is for `measure`.
"""

import io
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from documents.paper import grid

EM_TOP = 0.88  # of an ideographic em, above the baseline
MAX_BYTES, MAX_PAGES = 60 * 1024 * 1024, 400
RASTER_DPI = 400
SEAL_SIZES = (35.0, 65.0)  # mm: smallest and largest seal of an office


class NotMeasurable(Exception):
    """The file is not a PDF that can be measured; the message says why."""


@dataclass(frozen=True)
class Glyph:
    """One upright character."""

    text: str
    font: str
    size: float  # points
    left: float
    right: float
    base: float
    red: bool

    @property
    def top(self) -> float:
        return self.base - EM_TOP * self.size * grid.POINT

    @property
    def bottom(self) -> float:
        return self.base + (1 - EM_TOP) * self.size * grid.POINT


@dataclass(frozen=True)
class Row:
    """Characters on one baseline."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs).strip()

    @cached_property
    def size(self) -> float:
        return Counter(round(glyph.size, 1) for glyph in self.glyphs).most_common(1)[0][0]

    @property
    def left(self) -> float:
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        return max(glyph.right for glyph in self.glyphs)

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def top(self) -> float:
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def base(self) -> float:
        return self.glyphs[0].base

    @property
    def red(self) -> bool:
        return self.glyphs[0].red


@dataclass(frozen=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True)
class Rule:
    """A horizontal rule across the sheet."""

    top: float
    weight: float
    left: float
    right: float


@dataclass
class Page:
    number: int
    width: float
    height: float
    rows: list[Row]
    seals: list[Box]
    fonts: dict[str, bool]  # name → embedded
    across: list[Box] = field(default_factory=list)  # characters that lie on their side, their heads to the left
    raster: Any = field(repr=False, default=None)

    @cached_property
    def body(self) -> list[Row]:
        """Rows of black 3号 type."""
        return [row for row in self.rows if not row.red and abs(row.size - grid.BODY) <= 0.6]

    @cached_property
    def black_rules(self) -> list[Rule]:
        return self.raster.rules(red=False)

    @cached_property
    def red_rules(self) -> list[Rule]:
        return self.raster.rules(red=True)


def read(pdf: bytes) -> list[Page]:
    """Every page of a PDF. Raises `NotMeasurable`."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    if len(pdf) > MAX_BYTES:
        raise NotMeasurable(f"文件超过{MAX_BYTES // 1024 // 1024} MB，不予测量。")
    if not pdf.startswith(b"%PDF-"):
        raise NotMeasurable("不是 PDF 文件。")
    try:
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            if not 0 < len(document.pages) <= MAX_PAGES:
                raise NotMeasurable(f"页数应在1至{MAX_PAGES}之间。")
            return [read_page(page, pdf) for page in document.pages]
    except (PDFException, PdfminerException, ValueError, KeyError, TypeError) as error:
        raise NotMeasurable(f"PDF 已损坏或加密，无法测量（{type(error).__name__}）。") from error


def read_page(page: Any, pdf: bytes) -> Page:
    """A page as it lies when the sheet stands upright: one of landscape size is turned a quarter to the left."""
    from documents.paper.raster import Raster

    turned = page.width > page.height
    chars = [char for char in page.chars if char["size"] >= 5 and not pale(char["non_stroking_color"])]
    glyphs = [seen_glyph(char, page, turned) for char in chars if stands(char, turned)]
    across = [lying_box(char, page, turned) for char in chars if lies(char, turned)]
    width, height = float(page.width) * grid.POINT, float(page.height) * grid.POINT
    raster = Raster(pdf, page.page_number - 1, RASTER_DPI)
    seals = [] if turned else seals_of(page)
    return Page(page.page_number, width, height, rows_of(glyphs), seals, embedded_fonts(page), across, raster)


def direction(char: dict[str, Any]) -> tuple[int, int]:
    """Which way a character reads on its page: (1, 0) to the right, (0, 1) up, (0, -1) down; (0, 0) when aslant."""
    along, turn, slant, across, _, _ = char["matrix"]
    if abs(turn) < 0.01 and abs(slant) < 0.01:
        return (1 if along > 0 else -1, 0)
    return (0, 1 if turn > 0 else -1) if abs(along) < 0.01 and abs(across) < 0.01 else (0, 0)


def stands(char: dict[str, Any], turned: bool) -> bool:
    """Upright on the upright sheet; not so the ring of a seal or a watermark."""
    return direction(char) == ((0, -1) if turned else (1, 0))


def lies(char: dict[str, Any], turned: bool) -> bool:
    return direction(char) == ((1, 0) if turned else (0, 1)) and bool(char["text"].strip())


def seen_glyph(char: dict[str, Any], page: Any, turned: bool) -> Glyph:
    *_, along, base = char["matrix"]
    point = grid.POINT
    left, right = (char["top"], char["bottom"]) if turned else (char["x0"], char["x1"])
    down = float(page.width) - along if turned else float(page.height) - base
    font = re.sub(r"^[A-Z]{6}\+", "", char["fontname"])
    size = float(char["size"]) if not turned else char["x1"] - char["x0"]
    red = is_red(char["non_stroking_color"])
    return Glyph(char["text"], font, size, left * point, right * point, down * point, red)


def lying_box(char: dict[str, Any], page: Any, turned: bool) -> Box:
    width = float(page.width)
    if turned:
        sides = (char["top"], width - char["x1"], char["bottom"], width - char["x0"])
    else:
        sides = (char["x0"], char["top"], char["x1"], char["bottom"])
    return Box(*(side * grid.POINT for side in sides))


def shades(color: Any) -> tuple[float, ...]:
    values = color if isinstance(color, (tuple, list)) else (color,)
    return tuple(float(value) for value in values if isinstance(value, (int, float)))


def is_red(color: Any) -> bool:
    """Red in RGB or CMYK."""
    values = shades(color)
    if len(values) == 3:
        return values[0] > 0.6 and max(values[1:]) < 0.4
    return len(values) == 4 and values[0] < 0.4 and min(values[1:3]) > 0.6


def pale(color: Any) -> bool:
    values = shades(color)
    return len(values) in (1, 3) and min(values) > 0.7


def rows_of(glyphs: list[Glyph]) -> list[Row]:
    """Characters sorted into rows by baseline; a seal's lettering (red) never mixes with the text's."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda one: (one.red, one.base, one.left)):
        if rows and rows[-1][0].red == glyph.red and abs(rows[-1][0].base - glyph.base) < 0.6:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    made = [Row(tuple(sorted(row, key=lambda glyph: glyph.left))) for row in rows]
    return sorted((row for row in made if row.text), key=lambda row: row.base)


def seals_of(page: Any) -> list[Box]:
    """Red circles and square images as large as a seal."""
    circles = [shape for shape in page.curves if is_red(shape["stroking_color"]) or is_red(shape["non_stroking_color"])]
    boxes = [
        Box(*(float(shape[side]) * grid.POINT for side in ("x0", "top", "x1", "bottom")))
        for shape in [*circles, *page.images]
    ]
    least, most = SEAL_SIZES
    return [box for box in boxes if least <= box.width <= most and abs(box.bottom - box.top - box.width) < 3]


def embedded_fonts(page: Any) -> dict[str, bool]:
    """Every font the page names, and whether the file holds it."""
    from pdfminer.pdftypes import dict_value, resolve1

    resources = dict_value(page.page_obj.resources)
    found = {}
    for reference in dict_value(resources.get("Font", {})).values():
        font = dict_value(reference)
        name = str(resolve1(font.get("BaseFont", "?"))).strip("/'")
        for part in [resolve1(part) for part in resolve1(font.get("DescendantFonts", [font]))]:
            held = dict_value(part.get("FontDescriptor", {}))
            found[name] = any(f"FontFile{kind}" in held for kind in ("", "2", "3")) or font_is_drawn(font)
    return found


def font_is_drawn(font: dict[str, Any]) -> bool:
    return str(font.get("Subtype")).strip("/'") == "Type3"
