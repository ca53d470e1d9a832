"""Rules on the numbering of headings: 一、 （一） 1. （1）, in order and without gaps (GB/T 9704 7.3.3)."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import takewhile

from documents import body as body_text
from documents.interchange import Block, Paper
from documents.rules.attachments import NOTE
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import body_of, fix

BASIS = "GB/T 9704 7.3.3"
DIGITS = "零一二三四五六七八九"
WORTH = {"十": 10, "百": 100}
NUMBER = re.compile(r"[（(]?(?P<number>[零一二三四五六七八九十百]+|\d{1,3})[）)]?[、.．]?")
WRONG_FORMS = (  # how people type numbers, and how they are to stand
    (re.compile(r"^([一二三四五六七八九十]{1,3})[.．,，](?=[\u4e00-\u9fff])", re.M), r"\1、"),
    (re.compile(r"^[（(]([一二三四五六七八九十]{1,3})[）)][、.．，]?(?=[\u4e00-\u9fff“《])", re.M), r"（\1）"),
    (re.compile(r"^(\d{1,2})[、．](?=[\u4e00-\u9fff“《])", re.M), r"\1."),
    (re.compile(r"^[（(](\d{1,2})[）)][、.．，]?(?=[\u4e00-\u9fff“《])", re.M), r"（\1）"),
)


def value(text: str) -> int:
    """The number a heading begins with; 0 for none."""
    found = NUMBER.match(text)
    if not found:
        return 0
    return int(found["number"]) if found["number"].isdigit() else from_chinese(found["number"])


def from_chinese(text: str) -> int:
    """十二 is 12, 二十 is 20, 一百零三 is 103."""
    total = digit = 0
    for character in text:
        if character in DIGITS:
            digit = DIGITS.index(character)
        else:
            total += (digit or 1) * WORTH[character]
            digit = 0
    return total + digit


def to_chinese(number: int) -> str:
    """The numeral of a heading, up to 999; a longer list is counted in digits."""
    if number > 999:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    head = f"{DIGITS[hundreds]}百" if hundreds else ""
    middle = f"{'' if tens == 1 and not hundreds else DIGITS[tens]}十" if tens else "零" * bool(hundreds and units)
    return head + middle + (DIGITS[units] if units else "")


def items(paper: Paper) -> list[tuple[Block, int]]:
    """Every numbered line with its level, up to a typed 附件说明, whose numbers are those of the attachments."""
    lines = takewhile(lambda block: not NOTE.match(block.text), paper.body)
    levels = [(block, body_text.number_level(block.text)) for block in lines if block.type in ("heading", "paragraph")]
    return [(block, level) for block, level in levels if level]


@rule("R35", "warn", "body", BASIS, "结构层次依次为“一、”“（一）”“1.”“（1）”，不越级。")
def levels_descend_in_order(paper: Paper, office: Office) -> Iterator[Fault]:
    last = 0
    for section in sections(items(paper)):
        used = {level for _, level in section}
        for block, level in section:
            if leaps(last, level, used):
                yield Fault(f"“{short(block.text)}”越过了上一级序号，层次应依次为“一、”“（一）”“1.”“（1）”。")
                return
            last = level


def sections(marks: list[tuple[Block, int]]) -> list[list[tuple[Block, int]]]:
    """The numbered lines, divided before each 一、."""
    found: list[list[tuple[Block, int]]] = []
    for mark in marks:
        if mark[1] == 1 or not found:
            found.append([])
        found[-1].append(mark)
    return found


def leaps(last: int, level: int, used: set[int]) -> bool:
    """Whether a level was skipped; where a section has only two levels, 1. may follow 一、 at once."""
    if last == 0:
        return level in (2, 4) and 3 in used  # items 1. 2. 3. alone, or （一） alone, are common and clear
    return level > last + 1 and not (last == 1 and level == 3 and 2 not in used)


@rule("R35", "warn", "body", BASIS, "同级序号应当连续。")
def siblings_are_continuous(paper: Paper, office: Office) -> Iterator[Fault]:
    wrong = next(((block, due) for block, due in numbered(paper) if value(block.text) != due), None)
    if wrong:
        block, due = wrong
        yield Fault(f"序号不连续：“{short(block.text)}”处应为第{due}项。", fix("重新编号", "body", renumbered(paper)))


def numbered(paper: Paper) -> Iterator[tuple[Block, int]]:
    """Each heading with the number it should bear.

    Under a new 一、 the items （一） begin again or, as the longer papers have it, run on through the whole text.
    """
    counts, running = [0] * 5, [0] * 5
    for block, level in items(paper):
        runs_on = counts[level] == 0 and running[level] > 0 and value(block.text) == running[level] + 1
        counts[level] = running[level] = running[level] + 1 if runs_on else counts[level] + 1
        counts[level + 1 :] = [0] * (4 - level)
        yield block, counts[level]


def renumbered(paper: Paper) -> str:
    due = {id(block): number for block, number in numbered(paper)}
    return body_text.to_text(tuple(with_number(block, due.get(id(block), 0)) for block in paper.body))


def with_number(block: Block, number: int) -> Block:
    if not number:
        return block
    rest = NUMBER.sub("", block.text, count=1)
    marks = (f"{to_chinese(number)}、", f"（{to_chinese(number)}）", f"{number}.", f"（{number}）")
    return replace(block, text=marks[body_text.number_level(block.text) - 1] + rest)


@rule("R35", "warn", "body", BASIS, "序号写作“一、”“（一）”“1.”“（1）”，括号后不加标点。")
def numbers_are_written_right(paper: Paper, office: Office) -> Iterator[Fault]:
    text = repaired = body_of(paper)
    for wrong, right in WRONG_FORMS:
        repaired = wrong.sub(right, repaired)
    if repaired != text:
        pairs = zip(text.split("\n"), repaired.split("\n"), strict=True)
        line, better = next((one, other) for one, other in pairs if one != other)
        yield Fault(f"序号“{short(line, 6)}”应写作“{short(better, 6)}”。", fix("统一序号写法", "body", repaired))


def short(text: str, length: int = 14) -> str:
    return text if len(text) <= length else text[:length] + "……"
