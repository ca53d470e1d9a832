"""版头: copy number, urgency, masthead, document number, signers and the red rule (GB/T 9704 7.2).

Also the title and the recipients, which stand between the head and the text (7.3.1, 7.3.2).
"""

from documents.elements import Paper
from documents.paper import grid
from documents.paper.compose import Measure, compose, width_of
from documents.paper.grid import CHAR, FRAME_TOP, HALF_LEADING, PITCH
from documents.paper.markup import gap, line_html, placed, plain_html, runs_html
from documents.paper.title import break_costs, title_lines

MARK_TOP = grid.AREA_TOP + 35  # 7.2.4
RULE_GAP = 4.0  # 7.2.7
RULE_LINE = 8  # the red rule falls on the grid, eight lines down, so that the text below keeps the grid too
MARK_HEIGHT = RULE_LINE * PITCH - (MARK_TOP + 2 * PITCH + CHAR + RULE_GAP - FRAME_TOP)
MARK_WIDEST = 150.0
NARROWEST = 0.68  # how far the letters of a long masthead may be condensed
WITH_SEAT = 20  # lines of the first page that head, title and recipients may take: the text must begin there


def general_head(paper: Paper) -> str:
    """Everything down to the red rule, in a box as high as a whole number of lines."""
    names, suffix = masthead_names(paper)
    extra = max(len(names) - 1, 0)
    mark_height = MARK_HEIGHT + extra * PITCH
    rows = signer_rows(paper)
    last = MARK_TOP + mark_height + (1 + len(rows)) * PITCH  # em-top of the number, level with the last signers
    rule = last + CHAR + RULE_GAP
    inner = [corner_marks(paper), masthead(names, suffix, MARK_TOP, mark_height)]
    inner += [signers_html(rows, last), number_html(paper, last)]
    inner += [placed("rule", "", top=rule - FRAME_TOP, left=0, width=grid.AREA_WIDTH)]
    return (
        f'<div class="head" style="height:{(RULE_LINE + extra + len(rows) - 1) * PITCH:.3f}mm">{"".join(inner)}</div>'
    )


def head_lines(paper: Paper) -> int:
    return RULE_LINE + max(len(masthead_names(paper)[0]) - 1, 0) + len(signer_rows(paper)) - 1


def corner_marks(paper: Paper, top: float = grid.AREA_TOP) -> str:
    """份号, 密级和保密期限, 紧急程度, one below the other from the top left corner (7.2.1-7.2.3)."""
    secret = "★".join(filter(None, (paper.security_classification, paper.classification_period)))
    marks = [("f", paper.copy_number), ("h", secret), ("h", paper.urgency)]
    shown = [mark for mark in marks if mark[1]]
    return "".join(
        placed("line", plain_html(mark[1], mark[0]), top=top - HALF_LEADING - FRAME_TOP + at * PITCH, left=0)
        for at, mark in enumerate(shown)
    )


def masthead_names(paper: Paper) -> tuple[list[str], str]:
    """The organs of a masthead that names all of them, and 文件; else the masthead, on two lines if it is very long."""
    joined = "、".join(paper.issuers)
    if len(paper.issuers) > 1 and paper.masthead.startswith(joined):
        return list(paper.issuers), paper.masthead[len(joined) :]
    return mark_lines(paper.masthead), ""


def mark_lines(name: str) -> list[str]:
    """The masthead on one line; one that would be condensed too far on two, broken by meaning, or on more."""
    if natural_width(name, MARK_HEIGHT) * NARROWEST <= MARK_WIDEST:
        return [name]
    middle = len(name) / 2
    costs = {at: cost + abs(at - middle) for at, cost in break_costs(name).items()}
    best = min(costs, key=lambda at: costs[at], default=round(middle))
    halves = [name[:best], name[best:]]
    if max(natural_width(half, mark_size(2)) for half in halves) * NARROWEST <= MARK_WIDEST:
        return halves
    most = int(MARK_WIDEST / NARROWEST / mark_size(9))
    step = -(-len(name) // -(-len(name) // most))
    return [name[at : at + step] for at in range(0, len(name), step)]


def mark_size(lines: int) -> float:
    """How high the characters of a masthead of several lines are, in mm."""
    return 9.5 + 5 / lines


def masthead(names: list[str], suffix: str, top: float, height: float) -> str:
    """The red name of the issuing organ, as large as the room allows; several names stand above each other."""
    if len(names) == 1:
        return mark_line(names[0], top, height, MARK_WIDEST)
    size = mark_size(len(names))
    step = (height - size) / (len(names) - 1)
    room = MARK_WIDEST - (2.4 * size if suffix else 0)
    left = (MARK_WIDEST - room) / 2
    shared = max(min(natural_width(name, size), room) for name in names) if suffix else 0.0
    lines = [mark_line(name, top + at * step, size, room, -left, shared) for at, name in enumerate(names)]
    if suffix:
        lines.append(mark_line(suffix, top + (height - size) / 2, size, 2.4 * size, room / 2))
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


def signer_rows(paper: Paper) -> list[tuple[str, ...]]:
    """签发人 of an upward paper, two to a row, the lead organ's first (7.2.6); always at least one row."""
    shown = paper.signers if paper.direction == "upward" else ()
    pairs = [shown[at : at + 2] for at in range(0, len(shown), 2)] or [()]
    number = width_of([("f", paper.document_number)], grid.BODY, grid.TRACKING)
    beside = grid.AREA_WIDTH - 7 * CHAR - number  # free of 签发人：, the margins of both sides and a space between
    return pairs if sum(signer_columns(pairs)) <= beside else [(name,) for name in shown]


def signers_html(rows: list[tuple[str, ...]], last: float) -> str:
    if not rows[0]:
        return ""
    label = ("f", "签发人：")
    columns = signer_columns(rows)
    left = grid.AREA_WIDTH - CHAR - sum(columns)
    first = last - (len(rows) - 1) * PITCH - HALF_LEADING - FRAME_TOP
    parts = [placed("line", runs_html((label,)), top=first, left=left - 4 * CHAR)]
    for at, row in enumerate(rows):
        for column, name in enumerate(row):
            place = left + sum(columns[:column])
            parts.append(placed("line", plain_html(spread(name), "k"), top=first + at * PITCH, left=place))
    return "".join(parts)


def signer_columns(rows: list[tuple[str, ...]]) -> list[float]:
    """Widths in mm of the one or two columns of names, the first with a character's space after it."""
    widths = [max((len(spread(row[at])) * CHAR for row in rows if len(row) > at), default=0.0) for at in (0, 1)]
    return [widths[0] + CHAR, widths[1]] if widths[1] else [widths[0]]


def spread(name: str) -> str:
    """A name of two characters is spaced to the width of three, as names are set in lists."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def number_html(paper: Paper, em_top: float) -> str:
    """文号: centred; on an upward paper one character from the left, level with the last signers (7.2.5)."""
    top = em_top - HALF_LEADING - FRAME_TOP
    if paper.direction == "upward" and paper.signers:
        return placed("line", plain_html(paper.document_number), top=top, left=CHAR)
    return placed("line c", plain_html(paper.document_number), top=top, left=0, width=grid.AREA_WIDTH)


def title_html(title: str) -> list[str]:
    return [f'<div class="t">{plain_html(line, "x")}</div>' for line in title_lines(title)] if title else []


def recipients_html(paper: Paper) -> list[str]:
    """主送机关: flush left, also where it wraps, closed by a full-width colon (7.3.2)."""
    if not paper.primary_recipients:
        return []
    return [line_html(line, round(grid.TRACKING, 3)) for line in recipient_lines(paper)]


def recipient_lines(paper: Paper) -> list:
    return compose([("f", paper.primary_recipients + "：")], Measure()) if paper.primary_recipients else []


def recipients_fit(paper: Paper) -> bool:
    """Whether the text still begins on the first page below the recipients; else they go to the 版记 (7.3.2)."""
    used = head_lines(paper) + 2 + len(title_lines(paper.title)) + 1 + len(recipient_lines(paper))
    return used <= WITH_SEAT


def opening(paper: Paper, blank_before: int = 2) -> list[str]:
    """Title, and recipients where they fit on the first page, each below its blank lines."""
    recipients = recipients_html(paper) if recipients_fit(paper) else []
    return [gap(blank_before), *title_html(paper.title), gap(), *recipients]
