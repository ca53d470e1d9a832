"""A sample seal, drawn from the organ's name and marked 示意: it shows where the seal will stand, no more.

A real seal is an image the office supplies; neither is an electronic signature.
"""

import math
from html import escape

SIZE = 42.0  # mm across (国务院印章管理规定); also the user units of the drawing
RED = "#e60012"


def sample_seal(organ: str) -> bytes:
    """SVG of a round seal with the organ's name around a star."""
    middle = SIZE / 2
    ring = f'<circle cx="{middle}" cy="{middle}" r="{middle - 0.6}" fill="none" stroke="{RED}" stroke-width="1.2"/>'
    label = lettering("示意", middle, middle + 16.8, 3.2)
    parts = [ring, star(middle, middle, 6.2), *around(organ), label]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}mm" height="{SIZE}mm" viewBox="0 0 {SIZE} {SIZE}">'
        f'<g fill="{RED}" font-family="GW Song">{"".join(parts)}</g></svg>'
    ).encode()


def lettering(text: str, x: float, y: float, size: float) -> str:
    return f'<text x="{x:.2f}" y="{y:.2f}" font-size="{size}" text-anchor="middle">{escape(text)}</text>'


def star(x: float, y: float, radius: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(corner * 36 - 90)
        points.append(f"{x + reach * math.cos(angle):.2f},{y + reach * math.sin(angle):.2f}")
    return f'<polygon points="{" ".join(points)}"/>'


def around(organ: str) -> list[str]:
    """The characters of the name along the upper arc, from left to right."""
    count = len(organ)
    sweep = min(270.0, 26.0 * max(count - 1, 1))
    size = min(5.2, math.radians(sweep / max(count - 1, 1)) * 14.5 * 0.98) if count > 1 else 5.2
    angles = [-sweep / 2 + sweep * at / max(count - 1, 1) for at in range(count)]
    return [
        f'<text x="0" y="-14.6" font-size="{size:.2f}" text-anchor="middle" '
        f'transform="translate({SIZE / 2} {SIZE / 2}) rotate({angle:.2f})">{escape(char)}</text>'
        for char, angle in zip(organ, angles, strict=True)
    ]
