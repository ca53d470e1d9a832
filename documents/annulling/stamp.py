"""The stamp that a void paper bears on the screen and on every copy of it fetched from then on.

The stored original is never altered: the stamp is laid over a copy, when somebody looks.
"""

import functools
import io
from datetime import date
from typing import Any

from documents.annulling.force import void
from documents.models import Document
from documents.paper import fonts
from documents.paper.render import opened

RED = (200, 0, 12, 150)
WIDTH, HEIGHT = 560, 190  # pixels of the stamp; on paper 48 mm wide
WIDE_MM, MARGIN_MM, TURN = 48.0, 12.0, 12  # degrees
POINTS = 72 / 25.4


def words_of(document: Document, today: date) -> tuple[str, str] | None:
    """What the stamp says, in two lines; None while the paper, or most of it, is in force."""
    if document.annulled == Document.Annulled.PARTLY:
        return "部分失效", "详见登记"
    if not void(document, today):
        return None
    if document.annulled == Document.Annulled.REVOKED:
        return "已撤销", "自始无效"
    day = document.annulled_from
    return "已废止", f"{day.year}年{day.month}月{day.day}日起"


def stamped(pdf: bytes, words: tuple[str, str]) -> bytes:
    """The PDF with the stamp at the upper right of every page. Callers take turns at PDFium, as for drawing."""
    import pypdfium2

    out = io.BytesIO()
    with opened(pdf) as document:
        bitmap = pypdfium2.PdfBitmap.from_pil(picture(words))
        for page in document:
            _lay(document, page, bitmap)
        document.save(out)
    return out.getvalue()


def _lay(document: Any, page: Any, bitmap: Any) -> None:
    import pypdfium2

    width, height = page.get_size()
    wide = WIDE_MM * POINTS
    high = wide * bitmap.height / bitmap.width
    image = pypdfium2.PdfImage.new(document)
    image.set_bitmap(bitmap)
    place = pypdfium2.PdfMatrix().scale(wide, high)
    image.set_matrix(place.translate(width - wide - MARGIN_MM * POINTS, height - high - MARGIN_MM * POINTS))
    page.insert_obj(image)
    page.gen_content()


@functools.lru_cache(maxsize=32)
def picture(words: tuple[str, str]) -> Any:
    """The stamp as a picture through which the paper can be read: a red frame, two lines, a little turned."""
    from PIL import Image, ImageDraw, ImageFont

    face = fonts.face("GW Hei").file
    image = Image.new("RGBA", (WIDTH, HEIGHT), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((4, 4, WIDTH - 5, HEIGHT - 5), radius=14, outline=RED, width=7)
    middle = WIDTH / 2
    pen.text((middle, 72), words[0], fill=RED, font=ImageFont.truetype(face, 92), anchor="mm")
    pen.text((middle, 150), words[1], fill=RED, font=ImageFont.truetype(face, 42), anchor="mm")
    return image.rotate(TURN, expand=True, resample=Image.Resampling.BICUBIC)
