"""The paper on the screen: every page as a picture, drawn by the same renderer as the print and kept for a while.

The PDF is kept; a page becomes a picture when somebody looks at it. Typists and readers have a desk each, so that
nobody's typing holds up a reader.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.core.cache import caches

from documents.annulling.stamp import stamped
from documents.interchange import Paper, dump
from documents.models import Rendition
from documents.paper.process import Desk, TooLong, render_safely, turn
from documents.paper.raster import PDFIUM
from documents.paper.render import one_page_png, page_count

SCREEN_DPI, PRINT_DPI = 110, 200
DRAFT = "草稿"
READING_SECONDS = 20.0  # somebody asked to see it and waits; the print is made by a job, which may take longer
WAIT_SECONDS = 5.0  # for one's turn, at a desk or at PDFium
LIVE_CHARACTERS, LIVE_CELLS = 20_000, 800  # some three seconds of drawing each; longer papers are drawn when asked
GIVEN_UP_FOR = 120  # seconds in which a paper that took too long is not tried again

Images = Mapping[str, bytes] | None
typing, reading = Desk(), Desk()
pdfium = PDFIUM


@dataclass(frozen=True)
class Sheets:
    """A drawn paper: `key` finds its pages again while they are kept; `count` is how many there are."""

    key: str
    count: int


def _kept():
    return caches["sheets"]


def too_long_to_draw_live(paper: Paper) -> bool:
    """Whether drawing it at every pause of the typist would keep the others from theirs."""
    blocks = [*paper.body, *(block for attachment in paper.attachments for block in attachment.body)]
    cells = [cell for block in blocks for row in block.rows for cell in row]
    characters = sum(len(block.text) for block in blocks) + sum(map(len, cells))
    return characters > LIVE_CHARACTERS or len(cells) > LIVE_CELLS


def draw_live(paper: Paper, images: Images = None) -> Sheets:
    """Draw what is being typed, within `PREVIEW_SECONDS`. Raises RenderFailed (Busy, TooLong)."""
    return _draw(paper, DRAFT, settings.PREVIEW_SECONDS, images)


def draw(paper: Paper, note: str = "", images: Images = None) -> Sheets:
    """Draw a paper not yet printed, without its seal; `note` is printed across it (草稿). `images` are those of its
    text, by names that tell their content.

    Raises RenderFailed: `TooLong` after `READING_SECONDS`, `Busy` when the desk is taken.
    """
    return _draw(paper, note, READING_SECONDS, images)


def _draw(paper: Paper, note: str, seconds: float, images: Images) -> Sheets:
    paper = replace(paper, seal=False)
    seen = json.dumps([dump(paper), note, sorted(images or ())], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(seen.encode()).hexdigest()
    desk = typing if note == DRAFT else reading
    return _draw_once(key, lambda: _at_desk(desk, key, paper, note, seconds, images))


def _at_desk(desk: Desk, key: str, paper: Paper, note: str, seconds: float, images: Images) -> int:
    """Draw and keep a paper, unless whoever had the desk before has just done so."""
    given_up = f"{key}:{seconds:g}s"
    with desk.turn(WAIT_SECONDS):
        if drawn := _kept().get(f"{key}:pdf"):
            return drawn[0]
        if sentence := _kept().get(given_up):
            raise TooLong(sentence)
        try:
            return _keep(key, render_safely(paper, draft=note, images=images, seconds=seconds, at=desk))
        except TooLong as error:
            _kept().set(given_up, str(error), GIVEN_UP_FOR)
            raise


def draw_rendition(rendition: Rendition, stamp: tuple[str, str] | None = None) -> Sheets:
    """The pages of a PDF already made; with the stamp of a void paper, when it is one."""
    key = rendition.sha256 + ("".join(stamp) if stamp else "")
    key = hashlib.sha256(key.encode()).hexdigest() if stamp else key

    def read() -> int:
        return _keep(key, pdf_of(rendition, stamp))

    return _draw_once(key, read)


def pdf_of(rendition: Rendition, stamp: tuple[str, str] | None = None) -> bytes:
    """The stored PDF as it is; of a void paper a copy that says so, since the original is never altered.

    Raises `Busy` when PDFium is taken.
    """
    with rendition.pdf.open("rb") as file:
        return marked(file.read(), stamp)


def marked(pdf: bytes, stamp: tuple[str, str] | None, wait: float = WAIT_SECONDS) -> bytes:
    """A copy of a PDF with the stamp of a void paper on it; the PDF itself without one. Raises `Busy` after `wait`."""
    if stamp is None:
        return pdf
    with turn(pdfium, wait):
        return stamped(pdf, stamp)


def _draw_once(key: str, make: Callable[[], int]) -> Sheets:
    drawn = _kept().get(f"{key}:pdf")
    return Sheets(key, drawn[0] if drawn else make())


def _keep(key: str, pdf: bytes) -> int:
    with turn(pdfium, WAIT_SECONDS):
        count = page_count(pdf)
    _kept().set(f"{key}:pdf", (count, pdf))
    return count


def sheet(key: str, number: int, dpi: int = SCREEN_DPI) -> bytes | None:
    """One page as a PNG, or None when there is none or the paper is no longer kept. Raises `Busy`."""
    place = f"{key}:{number}" + (f":{dpi}" if dpi != SCREEN_DPI else "")
    if png := _kept().get(place):
        return png
    count, pdf = _kept().get(f"{key}:pdf") or (0, b"")
    if not 1 <= number <= count:
        return None
    with turn(pdfium, WAIT_SECONDS):
        png = _kept().get(place) or one_page_png(pdf, number, dpi)
        _kept().set(place, png)
    return png
