"""A title over several lines: broken by meaning, in the shape of a trapezoid or a lozenge (GB/T 9704 7.3.1).

There is no dictionary of Chinese here, only the words that official titles are made of.
"""

import re
from itertools import combinations, pairwise
from pathlib import Path

LONGEST = 19  # characters of 2号 type; 20 would touch both edges of the type area
WORDS = Path(__file__).with_name("title_words.txt").read_text("utf-8").split()
FIGURES = r"[A-Za-z0-9.%]+(?:年度|[年月日号个项批届次起])?"
INSIDE = re.compile("|".join([FIGURES, *sorted(WORDS, key=len, reverse=True)]))
BEFORE_GOOD = (
    "关于",
    "《",
    "和",
    "与",
    "及",
    "暨",
    "以及",
    "印发",
    "转发",
    "批转",
    "做好",
    "进一步",
    "加强",
    "推进",
    "加快",
)
AFTER_GOOD = "、，》”室府会委局厅部"
# Words that want their object beside them.
LEADING_ON = ("关于", "进一步", "加快", "全面", "切实", "深入", "抓好", "公布")
AFTER_VERBS = ("印发", "转发", "批转", "加强", "做好", "开展", "推进", "推行", "推动", "促进", "同意", "支持", "调整")
NEVER_FIRST = frozenset("的、，：；》）”’。〕等了之")
NEVER_LAST = frozenset("《（“‘〔第")


def title_lines(title: str) -> list[str]:
    """The lines a title is set in, each at most 19 characters wide (two digits count as one)."""
    if width(title) <= LONGEST:
        return [title]
    fewest = int(width(title) // LONGEST) + 1
    costs = break_costs(title)
    choices = [shape for count in (fewest, fewest + 1) for shape in shapes(title, count, costs)]
    return min(choices)[1] if choices else even_lines(title, fewest)


def width(text: str) -> float:
    """In characters of the title's type; digits and Latin letters are half as wide."""
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def break_costs(title: str) -> dict[int, float]:
    """What it costs the meaning to break before each character; forbidden places are left out."""
    inside = {at for found in INSIDE.finditer(title) for at in range(found.start() + 1, found.end())}
    places = (at for at in range(2, len(title) - 1) if at not in inside)
    allowed = (at for at in places if title[at] not in NEVER_FIRST and title[at - 1] not in NEVER_LAST)
    return {at: break_cost(title, at) for at in allowed}


def break_cost(title: str, at: int) -> float:
    if title.startswith("关于", at):
        return 0.0
    if title.endswith(LEADING_ON, 0, at):
        return 12.0
    if title.startswith(BEFORE_GOOD, at):
        return 2.0
    if title[at - 1] in AFTER_GOOD or title.endswith(AFTER_VERBS, 0, at):
        return 2.0
    quoted = title.rfind("《", 0, at) > title.rfind("》", 0, at)
    known = any(found.start() == at or found.end() == at for found in INSIDE.finditer(title))
    return (4.0 if known else 7.0) + (2.0 if quoted else 0.0)


def shapes(title: str, count: int, costs: dict[int, float]) -> list[tuple[float, list[str]]]:
    """Every way of breaking into `count` lines with its cost; beyond four lines only near-even ones are tried."""
    if count < 2 or count > 4:
        return []
    found = []
    for places in combinations(sorted(costs), count - 1):
        lines = cut(title, places)
        widths = [width(line) for line in lines]
        if max(widths) <= LONGEST:
            found.append((sum(costs[at] for at in places) + shape_cost(widths), lines))
    return found


def cut(title: str, places: tuple[int, ...]) -> list[str]:
    edges = (0, *places, len(title))
    return [title[start:end].strip() for start, end in pairwise(edges)]


def shape_cost(widths: list[float]) -> float:
    """Low for a trapezoid or a lozenge, high for a rectangle, an hourglass or a stub."""
    steps = [after - before for before, after in pairwise(widths)]
    spread = max(widths) - min(widths)
    cost = abs(spread - 3) * 0.6 + 3 * (len(widths) - 2)
    if spread < 1:
        cost += 6
    if any(before < 0 < after for before, after in pairwise(steps)):
        cost += 12  # narrower in the middle
    return cost + (8 if min(widths) < max(widths) / 3 else 0)


def even_lines(title: str, count: int) -> list[str]:
    """A very long title: lines as even as the allowed places permit."""
    allowed = sorted(break_costs(title)) or list(range(1, len(title)))
    places: list[int] = []
    for number in range(1, count):
        target = width(title) * number / count
        ahead = [at for at in allowed if at > (places[-1] if places else 0)]
        if ahead:
            places.append(min(ahead, key=lambda at: abs(width(title[:at]) - target)))
    lines = cut(title, tuple(places))
    fits = max(map(width, lines)) <= LONGEST + 1
    return lines if fits else [title[at : at + LONGEST] for at in range(0, len(title), LONGEST)]
