"""HTML for the renderer: one block per composed line, every character of the paper escaped.

Nothing a paper contains is ever markup; only this package writes tags and styles.
"""

import re
from dataclasses import replace
from html import escape, unescape

from documents.paper import grid
from documents.paper.compose import LACKING, PARAGRAPH, Line, Measure, compose, joined, tokenise, width_of

Runs = list[tuple[str, str]]  # (face, text)

LACKS = re.compile(r'<span class=m data-lacks="([^"]*)"')
HEADING_FACES = {1: "h", 2: "k", 3: "f", 4: "f"}  # 7.3.3: 黑体, 楷体, 仿宋, 仿宋


def mm(length: float) -> str:
    return f"{length:.3f}mm"


def runs_html(runs: tuple[tuple[str, str], ...]) -> str:
    return "".join(run_html(face, text) for face, text in runs)


def run_html(face: str, text: str) -> str:
    """Characters no font has stand as 〓, as printers do; drawn as they are they would garble their whole line."""
    if face == LACKING:
        return f'<span class=m data-lacks="{escape(text)}">{"〓" * len(text)}</span>'
    return escape(text) if face == "f" else f"<span class={face}>{escape(text)}</span>"


def lacking(html: str) -> list[str]:
    """The characters of a page flow that no font of this machine has, each once."""
    return list(dict.fromkeys(char for text in LACKS.findall(html) for char in unescape(text)))


def plain_html(text: str, face: str = "f") -> str:
    """Text that needs no line breaking, each character in a face that has it."""
    return runs_html(joined(tokenise([(face, text)])))


def line_html(line: Line, tracking: float = grid.TRACKING, kind: str = "l") -> str:
    style = f"padding-left:{mm(line.indent)};" if line.indent else ""
    if abs(line.spacing - tracking) > 0.001:
        style += f"letter-spacing:{line.spacing}pt;"
    attribute = f' style="{style}"' if style else ""
    return f'<div class="{kind}"{attribute}>{runs_html(line.runs)}</div>'


def lines_html(runs: list[tuple[str, str]], measure: Measure = PARAGRAPH, kind: str = "l") -> list[str]:
    return [line_html(line, round(measure.tracking, 3), kind) for line in compose(runs, measure)]


def labelled_html(label: Runs, runs: Runs, left: float, measure: Measure, kind: str = "l") -> list[str]:
    """A label and the text after it, whose wrapped lines begin exactly below its first character.

    The label (`left` mm in) keeps its natural spacing: stretched with its line it would push the text out of line.
    """
    hang = left + width_of(label, measure.size, measure.tracking)
    first, *rest = compose(runs, replace(measure, first=hang, rest=hang))
    spacings = ((tuple(joined(tokenise(label))), measure.tracking), (first.runs, first.spacing))
    inner = "".join(
        f'<span style="letter-spacing:{spacing:.3f}pt">{runs_html(part)}</span>' for part, spacing in spacings
    )
    opened = f'<div class="{kind}" style="padding-left:{mm(left)}">{inner}</div>'
    return [opened, *(line_html(line, round(measure.tracking, 3), kind) for line in rest)]


def gap(lines: float = 1) -> str:
    """Blank lines of the body's pitch."""
    return f'<div style="height:{mm(lines * grid.PITCH)}"></div>' if lines else ""


def placed(kind: str, inner: str, **lengths: float) -> str:
    """An absolutely placed box; lengths in mm."""
    style = "".join(f"{name}:{mm(length)};" for name, length in lengths.items())
    return f'<div class="{kind}" style="{style}">{inner}</div>'


def boxed(kind: str, inner: list[str], height: float) -> str:
    """A box in the flow, `height` mm high, that absolutely placed parts are measured from."""
    return f'<div class="{kind}" style="height:{mm(height)}">{"".join(inner)}</div>'
