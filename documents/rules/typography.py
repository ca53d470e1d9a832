"""Form of the written text: full-width digits, wrong brackets, half-width marks in Chinese; each with its repair."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from documents.interchange import Paper
from documents.rules.content import ADDRESS
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix, texts

HAN = r"[\u4e00-\u9fff》）”〕]"
FULL_WIDTH = re.compile(r"[０-９Ａ-Ｚａ-ｚ％]")
TO_HALF = {
    code: code - 0xFEE0 for code in [*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B), 0xFF05]
}
CITED = re.compile(r"(?<=[\u4e00-\u9fffA-Za-z])\s?[\[［﹝【（(](?P<year>(?:19|20)\d{2})[\]］﹞】）)]\s?(?=第?\d+号)")
MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
AFTER_HAN = re.compile(rf"(?<={HAN})[,;:?!](?!//)")
BEFORE_HAN = re.compile(rf"[,;](?={HAN[:-1]}《“（])")
HALF_STOP = re.compile(r"(?<=[\u4e00-\u9fff》）”])\.(?=\s*$|[\u4e00-\u9fff])", re.M)
HALF_BRACKETS = re.compile(r"\((?P<inner>[^()（）\n]{1,200})\)")  # bounded: an unclosed mark must not cost n²
HALF_QUOTES = re.compile(r'"(?P<inner>[^"\n]{1,200})"')
CHINESE = re.compile(r"[\u4e00-\u9fff]")
DOUBLED = re.compile(r"([，。；：、？！])\1+")
PLACES = {
    "title": "标题", "primary_recipients": "主送机关", "remarks": "附注", "cc_recipients": "抄送机关", "body": "正文"
}  # fmt: skip


def half_width(text: str) -> str:
    """Digits, letters and percent signs in half width."""
    return text.translate(TO_HALF)


def six_angled(text: str) -> str:
    """Years of cited document numbers in 〔〕 (U+3014, U+3015)."""
    return CITED.sub(r"〔\g<year>〕", text)


def chinese_marks(text: str) -> str:
    """Full-width marks beside Chinese characters; web and mail addresses are left as they are."""
    kept = [*ADDRESS.finditer(text)]
    edges = [0, *(edge for found in kept for edge in found.span()), len(text)]
    return "".join(
        text[start:end] if at % 2 else with_marks(text[start:end]) for at, (start, end) in enumerate(pairwise(edges))
    )


def with_marks(text: str) -> str:
    text = HALF_BRACKETS.sub(lambda found: enclosed(found, "（）"), text)
    text = HALF_QUOTES.sub(lambda found: enclosed(found, "“”"), text)
    text = BEFORE_HAN.sub(lambda found: MARKS[found[0]], AFTER_HAN.sub(lambda found: MARKS[found[0]], text))
    return DOUBLED.sub(r"\1", HALF_STOP.sub("。", text))


def enclosed(found: re.Match[str], marks: str) -> str:
    """The same words in full-width marks, when there is Chinese among them."""
    return marks[0] + found["inner"] + marks[1] if CHINESE.search(found["inner"]) else found[0]


def repairs(paper: Paper, repair: Callable[[str], str], what: str) -> Iterator[Fault]:
    """One fault for every field that the repair changes, with the first place it changes."""
    for field, text in texts(paper):
        better = repair(text)
        if better != text:
            yield Fault(
                f"{PLACES[field]}中{what}（“{spot(text, better)}”）。", fix("全部改正", field, better), field=field
            )


def spot(text: str, better: str) -> str:
    """A few characters about the first difference."""
    at = next((at for at, (one, other) in enumerate(zip(text, better, strict=False)) if one != other), len(better))
    return text[max(0, at - 4) : at + 6].replace("\n", " ").strip()


@rule("F01", "warn", "body", "GB/T 9704 7.2.5、7.3.5.4", "数字、字母用半角。")
def digits_are_half_width(paper: Paper, office: Office) -> Iterator[Fault]:
    yield from repairs(paper, half_width, "有全角数字或字母")


@rule("F02", "warn", "body", "GB/T 9704 7.2.5", "引用的发文字号，年份用六角括号〔〕。")
def numbers_are_cited_in_brackets(paper: Paper, office: Office) -> Iterator[Fault]:
    yield from repairs(paper, six_angled, "引用的发文字号年份未用六角括号〔〕")


@rule("F03", "warn", "body", "GB/T 15834", "中文用全角标点，不重复。")
def marks_are_chinese(paper: Paper, office: Office) -> Iterator[Fault]:
    yield from repairs(paper, chinese_marks, "有半角或重复的标点")
