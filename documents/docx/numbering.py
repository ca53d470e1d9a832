"""Automatic numbers of Word paragraphs, rendered as they are shown: 一、 （一） 1. （1）."""

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from documents.docx.package import WORD

DIGITS = "〇一二三四五六七八九"
CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCounting",
    "ideographTraditional",
)
ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
DEEPEST = 9  # levels of a Word list


@dataclass(frozen=True)
class Level:
    format: str
    text: str  # "%1、": the number of level 1, then a mark
    start: int = 1


@dataclass
class Numbering:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)  # by list (w:num)
    series: dict[str, str] = field(default_factory=dict)  # list -> what it counts along with
    counts: dict[str, list[int]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def next(self, number_id: str, depth: int) -> str:
        """The number shown before the next paragraph of a list at a level (0 = first); empty for bullets."""
        level = self.levels.get(number_id, {}).get(depth)
        if level is None or not 0 <= depth < DEEPEST:
            return ""
        self.count(number_id, depth)
        return re.sub(r"%([1-9])", lambda found: self.shown(number_id, int(found[1]) - 1), level.text)

    def count(self, number_id: str, depth: int) -> None:
        counts = self.counts.setdefault(self.series.get(number_id, number_id), [0] * DEEPEST)
        start = self.levels[number_id][depth].start
        counts[depth] = counts[depth] + 1 if counts[depth] else start
        counts[depth + 1 :] = [0] * (DEEPEST - depth - 1)

    def shown(self, number_id: str, depth: int) -> str:
        level = self.levels[number_id].get(depth)
        if level is None:
            return ""
        number = self.counts[self.series.get(number_id, number_id)][depth] or level.start
        return self.formatted(number, level.format)

    def formatted(self, number: int, style: str) -> str:
        if style in CHINESE:
            return chinese(number)
        if style in ("bullet", "none"):
            return ""
        if style in ("lowerLetter", "upperLetter"):
            letter = chr(ord("a") + (number - 1) % 26)
            return letter.upper() if style == "upperLetter" else letter
        if style in ("lowerRoman", "upperRoman"):
            return roman(number).upper() if style == "upperRoman" else roman(number)
        if style == "decimalEnclosedCircle" and number <= 20:
            return chr(0x245F + number)
        if style not in ("decimal", "decimalFullWidth", "decimalZero"):
            self.unknown.add(style)
        return str(number)


def chinese(number: int) -> str:
    """1-99 as they are counted (十二, 二十); beyond, digit by digit."""
    if number > 99:
        return "".join(DIGITS[int(digit)] for digit in str(number))
    tens, units = divmod(number, 10)
    return (DIGITS[tens] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[units] if units or not tens else "")


def roman(number: int) -> str:
    parts = []
    for worth, sign in ROMAN:
        parts.append(sign * (number // worth))
        number %= worth
    return "".join(parts)


def read_numbering(root: Element | None) -> Numbering:
    """The lists that word/numbering.xml defines; an empty set without that part."""
    found = Numbering()
    if root is None:
        return found
    abstract = {node.get(WORD + "abstractNumId", ""): levels_of(node) for node in root.iter(WORD + "abstractNum")}
    for node in root.iter(WORD + "num"):
        number_id = node.get(WORD + "numId", "")
        series = value(node.find(WORD + "abstractNumId"))
        overrides = overrides_of(node)
        found.levels[number_id] = {**abstract.get(series, {}), **restarted(abstract.get(series, {}), overrides)}
        found.series[number_id] = number_id if overrides else series
    return found


def levels_of(node: Element) -> dict[int, Level]:
    return {
        integer(level.get(WORD + "ilvl")): Level(
            value(level.find(WORD + "numFmt")) or "decimal",
            "" if value(level.find(WORD + "numFmt")) == "bullet" else value(level.find(WORD + "lvlText")),
            integer(value(level.find(WORD + "start")), 1),
        )
        for level in node.iter(WORD + "lvl")
    }


def overrides_of(node: Element) -> dict[int, int]:
    """Levels that a list begins anew, with their first numbers."""
    return {
        integer(item.get(WORD + "ilvl")): integer(value(item.find(WORD + "startOverride")), 1)
        for item in node.iter(WORD + "lvlOverride")
        if item.find(WORD + "startOverride") is not None
    }


def restarted(levels: dict[int, Level], overrides: dict[int, int]) -> dict[int, Level]:
    return {
        depth: Level(levels[depth].format, levels[depth].text, start)
        for depth, start in overrides.items()
        if depth in levels
    }


def value(node: Element | None) -> str:
    """The w:val of an element; empty for none."""
    return node.get(WORD + "val", "") if node is not None else ""


def integer(text: str | None, default: int = 0) -> int:
    """A whole number of at most six digits, else `default`: a file may say anything."""
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default
