"""Lines of Chinese text, broken and justified here because WeasyPrint cannot justify Chinese.

Keeps the 28-character grid, no mark at the wrong end of a line (禁则), Latin words and numbers whole.
It knows widths and line ends only; what the lines mean is for `layout`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from documents.paper import fonts, grid

ROLES = {
    "f": "GW FangSong",
    "n": "GW Number",
    "h": "GW Hei",
    "k": "GW Kai",
    "x": "GW XiaoBiaoSong",
    "b": fonts.FALLBACK,
    "B": fonts.FALLBACK,  # beside 黑体 and 小标宋
}
LACKING = "m"  # the face of characters that no font of this machine has
NO_START = frozenset("，。、；：？！）〕》〉」』】”’％%℃…—·,.;:?!)]}～")
NO_END = frozenset("（〔《〈「『【“‘([{￥$№")
TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9.,:/@_+\-&#=?~%]*[A-Za-z0-9%]|[A-Za-z0-9]|——|……|.", re.DOTALL)
TIGHTEST = -0.055  # em per character; more and the squeezed line shows
LOOSEST = 0.16  # em per character; beyond it a long Latin word is split rather than the line stretched
LONG_WORD = 8  # characters


@dataclass(frozen=True)
class Token:
    """Characters that stay together: one Chinese character, one word, one number, one dash."""

    text: str
    face: str
    width: float  # em, without tracking


@dataclass(frozen=True)
class Line:
    """One printed line: where it begins (mm from the measure's left), its runs, and its letter-spacing in points."""

    indent: float
    runs: tuple[tuple[str, str], ...]  # (face, text)
    spacing: float

    @property
    def text(self) -> str:
        return "".join(text for _, text in self.runs)


@dataclass(frozen=True)
class Measure:
    """The type and the width lines are set to; `first` and `rest` are indents in mm."""

    width: float = grid.AREA_WIDTH
    first: float = 0.0
    rest: float = 0.0
    size: float = grid.BODY
    tracking: float = grid.TRACKING

    def room(self, indent: float) -> float:
        return (self.width - indent) / grid.POINT


PARAGRAPH = Measure(first=2 * grid.CHAR)  # 7.3.3: every paragraph is indented by two characters


def compose(runs: Iterable[tuple[str, str]], measure: Measure = PARAGRAPH) -> list[Line]:
    """The lines of one paragraph given as (face, text) runs; the last is not stretched."""
    tokens = tokenise(runs)
    lines: list[Line] = []
    at = 0
    while at < len(tokens):
        indent = measure.rest if lines else measure.first
        end = line_end(tokens, at, measure, indent)
        lines.append(set_line(trimmed(tokens[at:end]), measure, indent, last=end == len(tokens)))
        at = end
        while at < len(tokens) and tokens[at].text == " ":
            at += 1
    return lines


def width_of(runs: Iterable[tuple[str, str]], size: float, tracking: float = 0.0) -> float:
    """The width in mm of text set on one line."""
    return natural(tokenise(runs), size, tracking) * grid.POINT


def tokenise(runs: Iterable[tuple[str, str]]) -> list[Token]:
    tokens = []
    for face, text in runs:
        widths = fonts.face(ROLES[face]).widths
        figures = fonts.face(ROLES["n"]).widths
        for piece in TOKEN.findall(text):
            if face == "f" and piece[0].isascii() and piece[0].isalnum():
                tokens.extend(measured(piece, "n", figures))
            else:
                tokens.extend(measured(piece, face, widths))
    return tokens


def measured(piece: str, face: str, widths: dict[int, float]) -> list[Token]:
    """A piece with its width; a character the face lacks is set from the fallback."""
    if all(ord(char) in widths for char in piece):
        return [Token(piece, face, sum(widths[ord(char)] for char in piece))]
    return [single(char, face, widths) for char in piece]


def single(char: str, face: str, widths: dict[int, float]) -> Token:
    """One character from the face, from the fallback, or marked as one that no font here has."""
    code = ord(char)
    if code in widths:
        return Token(char, face, widths[code])
    spare = fonts.face(fonts.FALLBACK).widths
    return Token(char, ("B" if face in "hxB" else "b") if code in spare else LACKING, spare.get(code, 1.0))


def natural(tokens: list[Token], size: float, tracking: float) -> float:
    """Width in points."""
    return sum(token.width * size + len(token.text) * tracking for token in tokens)


def line_end(tokens: list[Token], start: int, measure: Measure, indent: float) -> int:
    """The index of the token that begins the next line."""
    room = measure.room(indent)
    used, end = 0.0, start
    while end < len(tokens):
        step = tokens[end].width * measure.size + len(tokens[end].text) * measure.tracking
        if used + step > room + 0.01:
            break
        used += step
        end += 1
    if end == len(tokens) or can_squeeze(tokens, start, end, measure, room):
        return end if end == len(tokens) else end + 1
    best = retreat(tokens, start, end)
    return split_word(tokens, start, best, measure, room)


def can_squeeze(tokens: list[Token], start: int, end: int, measure: Measure, room: float) -> bool:
    """Whether the one closing mark that overflows can be pushed in (and nothing that follows needs it too)."""
    if tokens[end].text not in NO_START or end == start:
        return False
    if end + 1 < len(tokens) and tokens[end + 1].text[0] in NO_START:
        return False
    return spacing(tokens[start : end + 1], measure.size, room) >= TIGHTEST * measure.size


def spacing(tokens: list[Token], size: float, room: float) -> float:
    """The letter-spacing in points that makes the tokens fill the room."""
    return (room - natural(tokens, size, 0)) / sum(len(token.text) for token in tokens)


def retreat(tokens: list[Token], start: int, end: int) -> int:
    """The nearest earlier break that leaves no mark at a wrong end; the plain break when there is none."""
    best = end
    while best > start + 1 and (tokens[best].text[0] in NO_START or tokens[best - 1].text[-1] in NO_END):
        best -= 1
    return best if best > start + 1 else max(end, start + 1)


def split_word(tokens: list[Token], start: int, end: int, measure: Measure, room: float) -> int:
    """Break inside a long Latin word (a web address) when moving it whole would tear the line apart."""
    at = word_at(tokens, start, end)
    word = tokens[at]
    fits = natural(tokens[start:end], measure.size, measure.tracking) <= room
    if len(word.text) <= LONG_WORD or (
        fits and spacing(tokens[start:end], measure.size, room) < LOOSEST * measure.size
    ):
        return end
    pieces = [single(char, word.face, fonts.face(ROLES[word.face]).widths) for char in word.text]
    held = fitting(tokens[start:at], pieces, measure, room)
    if at > end and not held:
        return end  # or the mark that opens the word would end the line
    tokens[at : at + 1] = pieces
    return max(at + held, start + 1)


def word_at(tokens: list[Token], start: int, end: int) -> int:
    """Where the word is that the line broke before, past the marks that open it; or the one that fills it alone."""
    if end == start + 1 and len(tokens[start].text) > 1:
        return start
    at = end
    while at + 1 < len(tokens) and tokens[at].text in NO_END:
        at += 1
    return at


def fitting(before: list[Token], pieces: list[Token], measure: Measure, room: float) -> int:
    """How many of the pieces find room after what stands before them."""
    used = natural(before, measure.size, measure.tracking)
    for count, piece in enumerate(pieces):
        used += piece.width * measure.size + measure.tracking
        if used > room:
            return count
    return len(pieces)


def trimmed(tokens: list[Token]) -> list[Token]:
    while len(tokens) > 1 and tokens[-1].text == " ":
        tokens = tokens[:-1]
    return tokens


def set_line(tokens: list[Token], measure: Measure, indent: float, last: bool) -> Line:
    room = measure.room(indent)
    overfull = natural(tokens, measure.size, measure.tracking) > room + 0.01
    spread = spacing(tokens, measure.size, room) if overfull or not last else measure.tracking
    return Line(indent, joined(tokens), round(spread, 3))


def joined(tokens: list[Token]) -> tuple[tuple[str, str], ...]:
    runs: list[tuple[str, str]] = []
    for token in tokens:
        if runs and runs[-1][0] == token.face:
            runs[-1] = (token.face, runs[-1][1] + token.text)
        else:
            runs.append((token.face, token.text))
    return tuple(runs)
