"""Headings, paragraphs, tables and images as printed lines (GB/T 9704 7.3.3).

It does not number or correct anything: what the drafter wrote is what is set.
"""

from html import escape

from documents.body import run_in_end
from documents.elements import Block
from documents.paper import grid
from documents.paper.compose import Measure, width_of
from documents.paper.markup import HEADING_FACES, gap, lines_html, plain_html

CAPTION = Measure()
CELL_PADDING = 1.2  # mm, each side
TALL = 100.0  # mm: a row that may be broken over two pages
NARROWEST = 11.0  # mm: a column of a table, about two characters and the padding


def blocks_html(blocks: tuple[Block, ...]) -> list[str]:
    """The printed lines of a body, one string per line or table."""
    return [html for block in blocks for html in block_html(block)]


def block_html(block: Block) -> list[str]:
    if block.type == "table":
        return [table_html(block)]
    if block.type == "image":
        return [image_html(block)]
    if block.type == "heading":
        return lines_html([(HEADING_FACES[block.level], block.text)], kind="l keep-next")
    return lines_html(paragraph_runs(block))


def paragraph_runs(block: Block) -> list[tuple[str, str]]:
    """A run-in heading is set in the face of its level, up to and with its full stop."""
    end = run_in_end(block.text) if block.level else 0
    return [(HEADING_FACES[block.level], block.text[:end]), ("f", block.text[end:])] if end else [("f", block.text)]


def image_html(block: Block) -> str:
    caption = f'<div class="caption">{plain_html(block.caption, "h")}</div>' if block.caption else ""
    return f'<div class="figure"><img alt="" src="gw:{escape(block.file)}">{caption}</div>'


def table_html(block: Block) -> str:
    size = type_size(len(block.rows[0]))
    widths = column_widths(block.rows, size)
    columns = "".join(f'<col style="width:{width:.2f}mm">' for width in widths)
    head = row_html(block.rows[0], widths, size, "th") if block.header else ""
    body = "".join(row_html(row, widths, size, "td") for row in block.rows[1 if block.header else 0 :])
    caption = "".join(f'<div class="caption keep-next">{plain_html(block.caption, "h")}</div>') if block.caption else ""
    return (
        f'{caption}<table style="font-size:{size}pt"><colgroup>{columns}</colgroup>'
        f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>{gap(0.5)}"
    )


def type_size(columns: int) -> float:
    """The more columns the smaller: 4号, 小四, 五号, 小五."""
    return next(size for most, size in ((4, 14.0), (7, 12.0), (11, 10.5), (99, 9.0)) if columns <= most)


def column_widths(rows: tuple[tuple[str, ...], ...], size: float) -> list[float]:
    """In mm: narrow columns get what they hold, wide ones share the rest in proportion."""
    wanted = [max(cell_width(cell, size) for cell in column) for column in zip(*rows, strict=True)]
    least = min(NARROWEST * size / 14, grid.AREA_WIDTH / len(wanted))
    wanted = [max(want, least) for want in wanted]
    if sum(wanted) <= grid.AREA_WIDTH:
        return [want * grid.AREA_WIDTH / sum(wanted) for want in wanted]
    return shared_out(wanted, grid.AREA_WIDTH, least)


def cell_width(cell: str, size: float) -> float:
    return width_of([("f", cell)], size) + 2 * CELL_PADDING + 0.5


def shared_out(wanted: list[float], room: float, least: float) -> list[float]:
    """Columns that want less than an even share keep their wish; the others share what is left by its square root."""
    small = {at for at, want in enumerate(wanted) if want <= room / len(wanted)}
    rest = room - sum(wanted[at] for at in small)
    weights = [0.0 if at in small else want**0.5 for at, want in enumerate(wanted)]
    widths = [want if at in small else rest * weights[at] / sum(weights) for at, want in enumerate(wanted)]
    return widths if min(widths) >= least else [room / len(wanted)] * len(wanted)


def row_html(row: tuple[str, ...], widths: list[float], size: float, tag: str) -> str:
    cells = (cell_html(cell, width, size, tag) for cell, width in zip(row, widths, strict=True))
    kind = ' class="tall"' if row_height(row, widths, size) > TALL else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"


def row_height(row: tuple[str, ...], widths: list[float], size: float) -> float:
    """About how high a row will be, in mm."""
    lines = (-(-cell_width(cell, size) // max(width, 1.0)) for cell, width in zip(row, widths, strict=True))
    return max(lines) * size * grid.POINT * 1.5


def cell_html(cell: str, width: float, size: float, tag: str) -> str:
    """Short entries stand in the middle, longer ones run from the left."""
    fits = width_of([("f", cell)], size) <= width - 2 * CELL_PADDING
    kind = "" if fits or tag == "th" else " class=w"
    return f"<{tag}{kind}>{plain_html(cell, 'h' if tag == 'th' else 'f')}</{tag}>"
