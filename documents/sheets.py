"""The paper on the screen: every page as a picture, drawn by the same renderer as the print and kept for a while."""

import hashlib
import json
from dataclasses import dataclass, replace

from django.core.cache import caches

from documents.interchange import Paper, dump
from documents.models import Rendition
from documents.paper.process import render_safely
from documents.paper.render import pages_png

SCREEN_DPI = 110
PREVIEW_SECONDS = 20.0  # a person is waiting; the print itself is made by a job, which may take longer


@dataclass(frozen=True)
class Sheets:
    """Drawn pages: `key` finds them again while they are kept."""

    key: str
    count: int


def _kept():
    return caches["sheets"]


def draw(paper: Paper, note: str = "") -> Sheets:
    """Draw a paper not yet printed, without its seal; `note` is printed across it (草稿).

    Raises RenderFailed, also after `PREVIEW_SECONDS`.
    """
    paper = replace(paper, seal=False)
    seen = json.dumps([dump(paper), note], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(seen.encode()).hexdigest()
    return _draw_once(key, lambda: render_safely(paper, draft=note, seconds=PREVIEW_SECONDS))


def draw_rendition(rendition: Rendition) -> Sheets:
    """The pages of a PDF already made."""

    def read() -> bytes:
        with rendition.pdf.open("rb") as file:
            return file.read()

    return _draw_once(rendition.sha256, read)


def _draw_once(key: str, make) -> Sheets:
    count = _kept().get(f"{key}:count")
    if count is None:
        pages = pages_png(make(), SCREEN_DPI)
        count = len(pages)
        _kept().set_many({f"{key}:{number}": png for number, png in enumerate(pages, 1)})
        _kept().set(f"{key}:count", count)
    return Sheets(key, count)


def sheet(key: str, number: int) -> bytes | None:
    """One drawn page, or None when it is no longer kept."""
    return _kept().get(f"{key}:{number}")
