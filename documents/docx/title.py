"""Which lines of a draft are its title: centred or large, ending in a kind, after any masthead and number."""

import re
from dataclasses import dataclass

from documents.interchange import KINDS

LARGE = 36  # half-points, 小二; titles are 二号 (44)
LOOKED_AT, LONGEST = 20, 60  # lines from the beginning; characters of one title line
MASTHEAD = re.compile(r"(?:文件|纪要)$|^[（(]?代拟稿|^\d{6}$|^特急$|^加急$|^签发人")
NUMBER = re.compile(r"[〔\[﹝【（(]\d{4}[〕\]﹞】）)]第?\d*号|^第\d+[号期]$")
KIND_END = re.compile(rf"(?:{'|'.join((*KINDS, '令'))})(?:（[^（）]+）)?$")


@dataclass(frozen=True)
class Line:
    """A line of the draft, with the looks that tell a title."""

    text: str
    centred: bool = False
    size: int = 0
    is_table: bool = False
    style: str = ""  # the name of one of our own export's paragraph styles
    face: str = ""  # the East Asian face of its first run


def split_title(lines: list[Line]) -> tuple[list[str], str, list[str]]:
    """The lines above the title, the title, and the rest; the title is empty when no line looks like one."""
    start, end = span(lines)
    texts = [line.text for line in lines]
    return texts[:start], "".join(texts[start:end]).replace(" ", ""), texts[end:]


def span(lines: list[Line]) -> tuple[int, int]:
    start = next((at for at, line in enumerate(lines[:LOOKED_AT]) if may_begin(line)), None)
    if start is None:
        return 0, 0
    end = start + 1
    while not KIND_END.search(lines[end - 1].text) and end < len(lines) and goes_on(lines, start, end):
        end += 1
    if stands_out(lines[start]) or KIND_END.search(lines[end - 1].text):
        return start, end
    return 0, 0


def goes_on(lines: list[Line], start: int, end: int) -> bool:
    """Whether the next line continues the title: at most five lines, all of one size."""
    return end - start < 5 and stands_out(lines[end]) and lines[end].size == lines[start].size


def may_begin(line: Line) -> bool:
    if MASTHEAD.search(line.text) or NUMBER.search(line.text):
        return False
    return stands_out(line) or (is_short(line) and bool(KIND_END.search(line.text)))


def stands_out(line: Line) -> bool:
    return is_short(line) and (line.centred or line.size >= LARGE)


def is_short(line: Line) -> bool:
    return not line.is_table and len(line.text) <= LONGEST and line.text[-1] not in "。；：:"
