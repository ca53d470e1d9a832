"""What was changed inside one piece of text, character by character; figures and Latin words stay whole.

Long pieces are first matched sentence by sentence, so that the work stays bounded whatever is compared.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST = 1_000  # characters matched one by one; longer pieces sentence by sentence first
MANY = 20_000  # pairs of like characters; beyond these, which no prose has, the commonest are no place to begin from
TOKEN = re.compile(r"\d[\d,.]*|[A-Za-z]+|.", re.S)
SENTENCE = re.compile(r"[^。；！？;!?]*[。；！？;!?]?")
KEPT, GONE, NEW = "kept", "gone", "new"


@dataclass(frozen=True)
class Piece:
    """Some characters that stayed, went (`gone`) or came (`new`)."""

    sort: str
    text: str


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """Old and new as one text in which every change can be seen; joined again, either comes out of it."""
    if old == new:
        return (Piece(KEPT, old),) if old else ()
    if max(len(old), len(new)) <= LONGEST:
        return tuple(joined(readable(_matched(TOKEN.findall(old), TOKEN.findall(new)))))
    return tuple(joined(_by_sentence(old, new)))


def _by_sentence(old: str, new: str) -> Iterator[Piece]:
    """Sentences matched whole; between those that stayed, what changed is compared in itself while it is short."""
    before, after = SENTENCE.findall(old), SENTENCE.findall(new)
    for sort, gone, came in _stretches(before, after):
        left, right = "".join(gone), "".join(came)
        if sort == "equal":
            yield Piece(KEPT, left)
        elif left and right and max(len(left), len(right)) <= LONGEST:
            yield from readable(_matched(TOKEN.findall(left), TOKEN.findall(right)))
        else:
            yield Piece(GONE, left)
            yield Piece(NEW, right)


def _matched(old: Sequence[str], new: Sequence[str]) -> list[Piece]:
    found = []
    for sort, gone, came in _stretches(old, new):
        if sort == "equal":
            found.append(Piece(KEPT, "".join(gone)))
        else:
            found += [Piece(GONE, "".join(gone)), Piece(NEW, "".join(came))]
    return found


def _stretches(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
    """The stretches both share and those they do not, in order."""
    for sort, a, b, c, d in spans(old, new):
        yield sort, old[a:b], new[c:d]


def spans(old: Sequence, new: Sequence) -> Iterator[tuple[str, int, int, int, int]]:
    """As `SequenceMatcher.get_opcodes`, in bounded time; what both begin and end with is not searched again."""
    first = shared(old, new)
    last = shared(old[first:][::-1], new[first:][::-1])
    end_old, end_new = len(old) - last, len(new) - last
    middle_old, middle_new = old[first:end_old], new[first:end_new]
    if first:
        yield "equal", 0, first, 0, first
    matcher = SequenceMatcher(None, middle_old, middle_new, autojunk=alike(middle_old, middle_new) > MANY)
    for sort, a, b, c, d in matcher.get_opcodes():
        yield sort, a + first, b + first, c + first, d + first
    if last:
        yield "equal", end_old, len(old), end_new, len(new)


def alike(old: Iterable, new: Iterable) -> int:
    """How many pairs of like items there are: what matching them costs."""
    counted = Counter(new)
    return sum(count * counted[item] for item, count in Counter(old).items())


def shared(old: Sequence, new: Sequence) -> int:
    """How many items both begin with."""
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count


def readable(found: list[Piece]) -> list[Piece]:
    """A single character that happens to stay between two longer changes is read as part of one change."""
    made: list[Piece] = []
    for at, piece in enumerate(found):
        beside = _longest(found[max(at - 2, 0) : at]), _longest(found[at + 1 : at + 3])
        if piece.sort == KEPT and len(piece.text) == 1 and min(beside) > 1:
            made += [Piece(GONE, piece.text), Piece(NEW, piece.text)]
        else:
            made.append(piece)
    return made


def _longest(beside: list[Piece]) -> int:
    """The length of the longest change among neighbours."""
    return max((len(piece.text) for piece in beside if piece.sort != KEPT), default=0)


def joined(found: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one sort become one piece; between two that stayed, what went comes before what came."""
    gone, new = "", ""
    kept = ""
    for piece in found:
        if piece.sort == KEPT and piece.text:
            yield from _flushed("", gone, new)
            gone = new = ""
            kept += piece.text
        elif piece.text:
            yield from _flushed(kept, "", "")
            kept = ""
            gone += piece.text if piece.sort == GONE else ""
            new += piece.text if piece.sort == NEW else ""
    yield from _flushed(kept, gone, new)


def _flushed(kept: str, gone: str, new: str) -> Iterator[Piece]:
    yield from (Piece(sort, text) for sort, text in ((KEPT, kept), (GONE, gone), (NEW, new)) if text)


def before(found: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in found if piece.sort != NEW)


def after(found: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in found if piece.sort != GONE)
