"""Rules as they come out on paper: found in the drawn page, because every program draws a rule in its own way."""

import functools
import threading
from typing import Any

from documents.paper import grid

PDFIUM = threading.Lock()  # it is not made for threads, and a web process draws and measures in several
SOLID = 0.75  # share of ink along a row of pixels that makes it part of a rule
SHORTEST = 120.0  # mm


class Raster:
    """One page, drawn when first looked at."""

    def __init__(self, pdf: bytes, index: int, dpi: int):
        self.pdf, self.index, self.dpi = pdf, index, dpi

    @functools.cached_property
    def image(self) -> Any:
        import pypdfium2

        with PDFIUM:
            document = pypdfium2.PdfDocument(self.pdf)
            try:
                return document[self.index].render(scale=self.dpi / 72).to_pil().convert("RGB")
            finally:
                document.close()

    def ink(self, red: bool) -> Any:
        """How much black (or red) each pixel holds, 0-255."""
        from PIL import ImageChops

        r, g, b = self.image.split()
        lighter = ImageChops.lighter(g, b)
        return ImageChops.subtract(r, lighter) if red else ImageChops.invert(ImageChops.lighter(r, lighter))

    def rules(self, red: bool) -> list[Any]:
        """Horizontal rules at least 120 mm long across the middle of the sheet, from top to bottom."""
        from documents.paper.seen import Rule

        ink = self.ink(red)
        strength = 213 if red else 255  # our red on white leaves this much
        width, height = ink.size
        band = ink.crop(
            (self.pixels(grid.PAGE[0] / 2 - SHORTEST / 2), 0, self.pixels(grid.PAGE[0] / 2 + SHORTEST / 2), height)
        )
        rows = [value / strength for value in band.resize((1, height), resample=4).tobytes()]
        found = []
        for first, last in runs([value >= SOLID for value in rows]):
            weight = sum(rows[max(first - 1, 0) : last + 2])
            top = first - (rows[first - 1] if first else 0.0)
            left, right = self.ends(
                ink.crop((0, (first + last) // 2, width, (first + last) // 2 + 1)).tobytes(), strength
            )
            found.append(Rule(self.mm(top), self.mm(weight), self.mm(left), self.mm(right)))
        return found

    def ends(self, row: bytes, strength: int) -> tuple[int, int]:
        inked = [at for at, value in enumerate(row) if value > strength / 2]
        return inked[0], inked[-1] + 1

    def pixels(self, length: float) -> int:
        return round(length / 25.4 * self.dpi)

    def mm(self, pixels: float) -> float:
        return pixels * 25.4 / self.dpi


def runs(flags: list[bool]) -> list[tuple[int, int]]:
    """First and last index of every stretch of true values."""
    edges = [at for at in range(len(flags) + 1) if (at < len(flags) and flags[at]) != (at > 0 and flags[at - 1])]
    return [(start, end - 1) for start, end in zip(edges[::2], edges[1::2], strict=True)]
