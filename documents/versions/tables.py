"""Two states of one table, cell by cell: rows matched by what they hold, columns by their heads where their count
changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.elements import Block
from documents.versions.align import Pair, aligned
from documents.versions.letters import GONE, KEPT, NEW, Piece, pieces


@dataclass(frozen=True)
class Row:
    """One row of both tables together; `sort` is kept, changed, gone or new, and each cell is its pieces."""

    sort: str
    cells: tuple[tuple[Piece, ...], ...]
    head: bool = False


def rows_of(old: Block, new: Block) -> tuple[Row, ...]:
    columns = _columns(old, new)
    return tuple(_rows(old, new, columns))


def _rows(old: Block, new: Block, columns: list[Pair]) -> Iterator[Row]:
    for pair in aligned(_as_lines(old.rows), _as_lines(new.rows)):
        before = old.rows[pair.old] if pair.old is not None and not (pair.moved and pair.new is None) else None
        after = new.rows[pair.new] if pair.new is not None else None
        if before is None and after is None:
            continue  # a row that was moved is shown where it is now
        cells = tuple(_cell(before, after, column) for column in columns)
        yield Row(_sort(before, after, cells), cells, pair.new == 0 and new.header)


def _as_lines(rows: Sequence[Sequence[str]]) -> list[Block]:
    """Rows to be matched as paragraphs are."""
    return [Block("paragraph", "\t".join(row)) for row in rows]


def _columns(old: Block, new: Block) -> list[Pair]:
    """The columns of both: one to one when there are as many, else by their heads."""
    if len(old.rows[0]) == len(new.rows[0]):
        return [Pair(at, at) for at in range(len(old.rows[0]))]
    heads = ([Block("paragraph", cell) for cell in table.rows[0]] for table in (old, new))
    return [pair for pair in aligned(*heads) if not (pair.moved and pair.new is None)]


def _cell(before: Sequence[str] | None, after: Sequence[str] | None, column: Pair) -> tuple[Piece, ...]:
    was = before[column.old] if before is not None and column.old is not None else ""
    is_now = after[column.new] if after is not None and column.new is not None else ""
    return pieces(was, is_now)


def _sort(before, after, cells) -> str:
    if before is None or after is None:
        return NEW if before is None else GONE
    return KEPT if all(piece.sort == KEPT for cell in cells for piece in cell) else "changed"
