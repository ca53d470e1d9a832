"""Which paragraph of one text became which of the other: the same, changed, moved, gone or new.

Like paragraphs are matched first, then within each stretch that differs those that resemble each other; what is left
over on both sides was moved, when it is the same or nearly so.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from documents.body import NUMBERS
from documents.elements import Block
from documents.versions.letters import spans

RESEMBLES, MOVED = 0.35, 0.7  # share of letter pairs in common: changed in its place, or found elsewhere
SHORTEST_MOVED = 4  # characters; shorter paragraphs are alike by chance
MOST = 40_000  # pairs of paragraphs compared in one stretch that differs; larger ones are simply gone and new


@dataclass(frozen=True)
class Pair:
    """A paragraph before and after, by its place from 0; one is None when it has no counterpart. `moved`: it was put
    elsewhere."""

    old: int | None
    new: int | None
    moved: bool = False


def aligned(old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """Every paragraph of both, in the order of the new text; what is gone stands where it stood."""
    found: list[Pair] = []
    for sort, a, b, c, d in spans(old, new):
        if sort == "equal":
            found += [Pair(a + at, c + at) for at in range(b - a)]
        else:
            found += [_shifted(pair, a, c) for pair in _resembling(old[a:b], new[c:d])]
    return _with_moves(found, old, new)


def _shifted(pair: Pair, old: int, new: int) -> Pair:
    return Pair(None if pair.old is None else pair.old + old, None if pair.new is None else pair.new + new)


def _resembling(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """The pairs of a stretch that differs, in order, so that as much as possible stays recognisable."""
    path = _best_path(old, new) if old and new and len(old) * len(new) <= MOST else []
    at_old = at_new = 0
    for i, j in [*path, (len(old), len(new))]:
        yield from (Pair(n, None) for n in range(at_old, i))
        yield from (Pair(None, n) for n in range(at_new, j))
        if i < len(old):
            yield Pair(i, j)
        at_old, at_new = i + 1, j + 1


def _best_path(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The ascending pairs with the most resemblance together."""
    left, right = [_letters(block) for block in old], [_letters(block) for block in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    like = {}
    for i, j in product(reversed(range(len(old))), reversed(range(len(new)))):
        share = resemblance(left[i], right[j])
        best[i][j] = max(best[i + 1][j], best[i][j + 1])
        if share >= RESEMBLES and share + best[i + 1][j + 1] > best[i][j]:
            best[i][j], like[i, j] = share + best[i + 1][j + 1], True
    path, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if (i, j) in like:
            path.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            i += 1
        else:
            j += 1
    return path


def _letters(block: Block) -> Counter:
    """The pairs of neighbouring letters of a paragraph, its number aside; a table's are kept apart from words."""
    text = unnumbered(block.text)
    if block.type == "table":
        text = "\0" + "\0".join(cell for row in block.rows for cell in row)
    elif block.type == "image":
        text = f"\1{block.caption}{block.file}"
    return Counter(zip(f"\2{text}", f"{text}\2", strict=True))


def unnumbered(text: str) -> str:
    """A heading's or item's words without the number before them."""
    for pattern in NUMBERS:
        if found := pattern.match(text):
            return text[found.end() :]
    return text


def resemblance(left: Counter, right: Counter) -> float:
    """The share of letter pairs in common, from 0 to 1 (Dice)."""
    total = left.total() + right.total()
    if 2 * min(left.total(), right.total()) < RESEMBLES * total:
        return 0.0
    return 2 * (left & right).total() / total


def _with_moves(found: list[Pair], old: Sequence[Block], new: Sequence[Block]) -> list[Pair]:
    """What is gone in one place and new in another was moved: the same first, then what resembles it most."""
    gone = [pair.old for pair in found if pair.new is None and pair.old is not None]
    came = [pair.new for pair in found if pair.old is None and pair.new is not None]
    gone = [at for at in gone if len(old[at].text) >= SHORTEST_MOVED or old[at].rows]
    if not gone or not came or len(gone) * len(came) > MOST:
        return found
    letters = {at: _letters(old[at]) for at in gone}, {at: _letters(new[at]) for at in came}
    likely = [(resemblance(letters[0][i], letters[1][j]), -i, -j) for i, j in product(gone, came)]
    to: dict[int, int] = {}
    for share, i, j in sorted(likely, reverse=True):
        if share >= MOVED and -i not in to and -j not in to.values():
            to[-i] = -j
    come_from = {j: i for i, j in to.items()}
    return [_moved(pair, to, come_from) for pair in found]


def _moved(pair: Pair, to: dict[int, int], come_from: dict[int, int]) -> Pair:
    """At its old place a moved paragraph is told by where it went, at its new one by whence it came."""
    if pair.new is None and pair.old in to:
        return Pair(pair.old, None, moved=True)
    if pair.old is None and pair.new in come_from:
        return Pair(come_from[pair.new], pair.new, moved=True)
    return pair
