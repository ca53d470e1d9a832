"""发文机关标志: the red name of the issuing organ, or the names of all of them, as large as the room allows (7.2.4).

How high the head may be is for `head`; here names are broken, sized and spaced.
"""

from documents.elements import Paper
from documents.paper import grid
from documents.paper.compose import width_of
from documents.paper.grid import FRAME_TOP
from documents.paper.markup import plain_html
from documents.paper.title import break_costs

WIDEST = 150.0
NARROWEST = 0.68  # how far the letters of a long masthead may be condensed
HIGHEST = 15.7  # mm: a masthead of one line
LEAST = 7.2  # mm: names smaller than this are no masthead any more
LEADING = 1.06  # of the letters' height, from name to name
SUFFIX = 1.2  # 文件 beside several names is that much larger than they are


def masthead_names(paper: Paper) -> tuple[list[str], str]:
    """The organs of a masthead that names all of them, and 文件; else the masthead, on two lines if it is very long."""
    joined = "、".join(paper.issuers)
    if len(paper.issuers) > 1 and paper.masthead.startswith(joined):
        return list(paper.issuers), paper.masthead[len(joined) :]
    return mark_lines(paper.masthead), ""


def mark_lines(name: str) -> list[str]:
    """The masthead on one line; one that would be condensed too far on two, broken by meaning, or on more."""
    if natural_width(name, HIGHEST) * NARROWEST <= WIDEST:
        return [name]
    middle = len(name) / 2
    costs = {at: cost + abs(at - middle) for at, cost in break_costs(name).items()}
    best = min(costs, key=lambda at: costs[at], default=round(middle))
    halves = [name[:best], name[best:]]
    if max(natural_width(half, mark_size(2)) for half in halves) * NARROWEST <= WIDEST:
        return halves
    most = int(WIDEST / NARROWEST / mark_size(9))
    step = -(-len(name) // -(-len(name) // most))
    return [name[at : at + step] for at in range(0, len(name), step)]


def mark_size(lines: int) -> float:
    """How high the characters of a masthead of several lines are when there is room, in mm."""
    return 9.5 + 5 / lines


def least_height(count: int) -> float:
    """The least height of a masthead of so many names, in mm."""
    return count * LEAST * LEADING


def masthead(names: list[str], suffix: str, top: float, height: float) -> str:
    """The red name of the issuing organ; several stand above each other, with 文件 at their right, as one group."""
    if len(names) == 1:
        return mark_line(names[0], top, height, WIDEST)
    size = min(mark_size(len(names)), height / len(names) / LEADING)
    step = (height - size) / (len(names) - 1)
    last = min(size * SUFFIX, HIGHEST)
    beside = size + len(suffix) * last if suffix else 0.0
    room = WIDEST - beside
    shared = min(max(natural_width(name, size) for name in names) * 1.12, room) if suffix else 0.0
    lines = [mark_line(name, top + at * step, size, room, -beside / 2, shared) for at, name in enumerate(names)]
    if suffix:
        aside = (shared + size) / 2
        lines.append(mark_line(suffix, top + (height - last) / 2, last, len(suffix) * last, aside))
    return "".join(lines)


def natural_width(name: str, height: float) -> float:
    return width_of([("x", name)], height / grid.POINT)


def mark_line(name: str, top: float, height: float, widest: float, shift: float = 0.0, shared: float = 0.0) -> str:
    """One name, its characters `height` mm high, condensed or spaced to a good width, centred on the area + shift.

    Names that stand above each other are spaced to the one width they share.
    """
    natural = natural_width(name, height)
    squeeze = min(1.0, max(widest / natural, NARROWEST))
    size = height if natural * squeeze <= widest else height * widest / (natural * squeeze)
    generous = min(widest * 0.8 - natural, 0.35 * height * len(name)) if natural < widest * 0.8 else 0.0
    spare = max(shared - natural, 0.0) if shared else generous
    between = spare / max(len(name) - 1, 1)
    style = f"font-size:{size:.3f}mm;letter-spacing:{between:.3f}mm;margin-left:{between / 2:.3f}mm;"
    style += f"transform:scaleX({squeeze:.4f});" if squeeze < 1 else ""
    place = f"top:{top - FRAME_TOP:.3f}mm;left:{shift - 100:.3f}mm;"
    return f'<div class="mark" style="{place}{style}">{plain_html(name, "x")}</div>'
