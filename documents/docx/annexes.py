"""附件 set after the main text: each begins with a line “附件” or “附件1”, its title below it."""

import re
from dataclasses import dataclass
from itertools import pairwise

from documents.docx.title import Line, is_short, stands_out

LABEL = re.compile(r"附\s*件\s*\d{0,2}\s*[：:]?")
TITLE_LINES = 5


@dataclass(frozen=True)
class Annex:
    title: str
    lines: tuple[str, ...]


def cut_annexes(lines: list[Line]) -> tuple[list[Line], tuple[Annex, ...]]:
    """The main text, and the annexes behind it. A label that opens the file belongs to the main text."""
    starts = [at for at, line in enumerate(lines) if at > 1 and not line.is_table and LABEL.fullmatch(line.text)]
    if not starts:
        return lines, ()
    edges = [*starts, len(lines)]
    annexes = tuple(annex(lines[start + 1 : end]) for start, end in pairwise(edges))
    return lines[: starts[0]], annexes


def annex(lines: list[Line]) -> Annex:
    """The title is whatever stands out at the beginning, in one size; else a first short line."""
    count = 0
    while count < min(TITLE_LINES, len(lines)) and stands_out(lines[count]) and lines[count].size == lines[0].size:
        count += 1
    if not count and lines and is_short(lines[0]):
        count = 1
    title = "".join(line.text for line in lines[:count]).replace(" ", "")
    return Annex(title, tuple(line.text for line in lines[count:]))
