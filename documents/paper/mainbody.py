"""Headings, paragraphs, tables and images as printed lines (GB/T 9704 7.3.3).

It does not number or correct anything: what the drafter wrote is what is set.
"""

from dataclasses import replace
from html import escape

from documents.body import is_sentence, run_in_end
from documents.elements import Block
from documents.paper import grid
from documents.paper.compose import width_of
from documents.paper.markup import HEADING_FACES, gap, lines_html, plain_html

UPRIGHT, LAND = grid.AREA_WIDTH, grid.AREA_HEIGHT  # mm: the room for a table on an upright page and across it
WIDE = 8  # columns
PARTED, KEPT_ROWS = 5, 2  # a table of so many rows that ends the text leaves so many with the signature
LAST_ROWS = '<div class="rows">'
FIGURE = '<div class="figure">'
CELL_PADDING = 1.2  # mm, each side
TALL = 100.0  # mm: a row that may be broken over two pages
NARROWEST = 11.0  # mm: a column of a table, about two characters and the padding


def blocks_html(blocks: tuple[Block, ...]) -> list[str]:
    """The printed lines of a body, one string per line or table; a wide table between texts lies on a page of its own.

    The first page must show the text (7.3.3) and the last some of it, so what begins or ends a body stands upright.
    """
    last = len(blocks) - 1
    return [
        html
        for at, block in enumerate(blocks)
        for html in ([land_html([table_html(block, LAND)])] if 0 < at < last and wide(block) else block_html(block))
    ]


def land_html(parts: list[str], kind: str = "land") -> str:
    """What lies across the sheet: its head at the left edge, on front and back alike (GB/T 9704 8)."""
    return f'<div class="{kind}">{"".join(parts)}</div>'


def wide(block: Block) -> bool:
    """A table of many columns that would have to break its entries on an upright page."""
    if block.type != "table" or len(block.rows[0]) < WIDE:
        return False
    size = type_size(len(block.rows[0]))
    return sum(max(cell_width(cell, size) for cell in column) for column in zip(*block.rows, strict=True)) > UPRIGHT


def block_html(block: Block) -> list[str]:
    if block.type == "table":
        return [table_html(block)]
    if block.type == "image":
        return [image_html(block)]
    if block.type == "heading":
        face = "f" if is_sentence(block.text) else HEADING_FACES[block.level]
        return lines_html([(face, block.text)], kind="l keep-next" if face != "f" or block.level > 2 else "l")
    return lines_html(paragraph_runs(block))


def paragraph_runs(block: Block) -> list[tuple[str, str]]:
    """A run-in heading is set in the face of its level, up to and with its full stop."""
    end = run_in_end(block.text) if block.level and not is_sentence(block.text) else 0
    return [(HEADING_FACES[block.level], block.text[:end]), ("f", block.text[end:])] if end else [("f", block.text)]


def image_html(block: Block) -> str:
    caption = f'<div class="caption">{plain_html(block.caption, "h")}</div>' if block.caption else ""
    return f'{FIGURE}<img alt="" src="gw:{escape(block.file)}">{caption}</div>'


def body_html(blocks: tuple[Block, ...]) -> list[str]:
    """The text of a paper; the last rows of a table that ends it are apart, so that they stay with the signature."""
    if not blocks or blocks[-1].type != "table":
        return blocks_html(blocks)
    before, table = blocks_html(blocks)[:-1], blocks[-1]
    widths = widths_of(table, UPRIGHT)
    if len(table.rows) < PARTED:
        return [*before, f"{LAST_ROWS}{table_part(table, widths)}</div>"]
    upper = replace(table, rows=table.rows[:-KEPT_ROWS])
    lower = replace(table, rows=table.rows[-KEPT_ROWS:], header=False, caption="")
    return [*before, table_part(upper, widths), f"{LAST_ROWS}{table_part(lower, widths)}</div>"]


def table_html(block: Block, room: float = UPRIGHT) -> str:
    return table_part(block, widths_of(block, room)) + gap(0.5)


def widths_of(block: Block, room: float) -> list[float]:
    """Of the columns, in mm."""
    return column_widths(block.rows, type_size(len(block.rows[0]) * UPRIGHT / room), room)


def table_part(block: Block, widths: list[float]) -> str:
    room = sum(widths)
    size = type_size(len(widths) * UPRIGHT / room)
    columns = "".join(f'<col style="width:{width:.2f}mm">' for width in widths)
    head = row_html(block.rows[0], widths, size, "th") if block.header else ""
    body = "".join(row_html(row, widths, size, "td") for row in block.rows[1 if block.header else 0 :])
    caption = f'<div class="caption keep-next">{plain_html(block.caption, "h")}</div>' if block.caption else ""
    return (
        f'{caption}<table style="font-size:{size}pt;width:{room:.2f}mm"><colgroup>{columns}</colgroup>'
        f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"
    )


def type_size(columns: float) -> float:
    """The more columns on an upright page the smaller: 4号, 小四, 五号, 小五."""
    return next(size for most, size in ((4, 14.0), (7, 12.0), (11, 10.5), (99, 9.0)) if columns <= most)


def column_widths(rows: tuple[tuple[str, ...], ...], size: float, room: float) -> list[float]:
    """In mm: narrow columns get what they hold, wide ones share the rest in proportion."""
    wanted = [max(cell_width(cell, size) for cell in column) for column in zip(*rows, strict=True)]
    wanted = [max(want, cell_width(head, size, "h")) for want, head in zip(wanted, rows[0], strict=True)]
    least = min(NARROWEST * size / 14, room / len(wanted))
    wanted = [max(want, least) for want in wanted]
    if sum(wanted) <= room:
        return [want * room / sum(wanted) for want in wanted]
    return shared_out(wanted, room, least)


def cell_width(cell: str, size: float, face: str = "f") -> float:
    return width_of([(face, cell)], size) + 2 * CELL_PADDING + 0.5


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
