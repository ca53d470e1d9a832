"""Rules on the title: 发文机关＋关于＋事由＋的＋文种 (条例 第九条(七))."""

import re
from collections.abc import Iterator

from documents.interchange import KINDS, Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix

BASIS = "条例 第九条(七)"
TEXT = "标题由发文机关名称、事由和文种组成，以文种结尾，末尾不加标点，不写紧急程度。"
TAIL = re.compile(r"（[^（）]*）$")  # （试行）, （征求意见稿）
ENDING = "。．.，,；;：:！!、 　"
HASTE = re.compile(r"(?:特急|加急|紧急)$")
BARE_KINDS = ("命令", "公报", "公告", "通告", "决议", "纪要")  # commonly titled without 关于
CONVEYED = re.compile(r"印发|转发|批转|发布|公布")
NAMED = re.compile(r"([^关《“]{3,40}?(?:人民政府|办公[厅室]|委员会|[^关《“]{2}[厅局委部]))(?=关于)")
REPEATED = re.compile(r"(?P<word>关于|(?<!目)的)(?P=word)")  # 以就业为目的的培训 is right
SUBJECT = re.compile(r"关于[^，]+?的")


def ending(kind: str) -> str:
    """What a title of this kind ends with; an order is titled “……令”."""
    return "令" if kind == "命令" else kind


def bare(title: str) -> str:
    """The title without a closing bracket and without marks at its end."""
    return TAIL.sub("", title.rstrip(ENDING)).rstrip(ENDING)


@rule("R18", "warn", "title", BASIS, TEXT)
def title_is_well_formed(paper: Paper, office: Office) -> Iterator[Fault]:
    if not paper.title:
        if paper.kind != "命令":
            yield Fault("还没有标题，请填写：发文机关＋关于＋事由＋的＋文种。")
        return
    for seek in (names_its_issuer, ends_with_mark, ends_with_kind, bears_haste, states_subject, repeats_a_word):
        yield from seek(paper)


def names_its_issuer(paper: Paper) -> Iterator[Fault]:
    """A title that begins with an organ's name begins with the issuer's; one without any name is another matter."""
    named = NAMED.match(paper.title)
    if not named or not paper.issuers or any(issuer in named[1] or named[1] in issuer for issuer in paper.issuers):
        return
    rest = paper.title[len(named[1]) :].lstrip()
    repaired = " ".join(paper.issuers) + rest
    yield Fault(
        f"标题写的是“{named[1]}”，发文机关却是“{'、'.join(paper.issuers)}”。",
        fix("改为发文机关名称", "title", repaired),
    )


def ends_with_mark(paper: Paper) -> Iterator[Fault]:
    trimmed = paper.title.rstrip(ENDING)
    if trimmed != paper.title:
        yield Fault("标题末尾不加标点。", fix("去掉末尾标点", "title", trimmed))


def ends_with_kind(paper: Paper) -> Iterator[Fault]:
    title, kind = bare(paper.title), ending(paper.kind)
    if title.endswith(kind):
        return
    other = next((name for name in KINDS if title.endswith(ending(name))), "")
    if other:
        repaired = title.removesuffix(ending(other)) + kind
        message = f"标题以“{ending(other)}”结尾，与文种“{paper.kind}”不一致。"
    else:
        repaired = title.removesuffix("的") + ("的" if "关于" in title else "") + kind
        message = f"标题应以文种“{kind}”结尾。"
    yield Fault(message, fix(f"结尾改为“{kind}”", "title", repaired))


def bears_haste(paper: Paper) -> Iterator[Fault]:
    title, kind = bare(paper.title), ending(paper.kind)
    stem = title.removesuffix(kind)
    if title.endswith(kind) and HASTE.search(stem):
        yield Fault(
            "紧急程度标在版头，不写入标题。",
            fix("去掉紧急字样", "title", paper.title.replace(title, HASTE.sub("", stem) + kind)),
        )


def states_subject(paper: Paper) -> Iterator[Fault]:
    title, kind = bare(paper.title), ending(paper.kind)
    if paper.kind in BARE_KINDS or not title.endswith(kind):
        return
    stem = title.removesuffix(kind)
    if "关于" not in title and not CONVEYED.search(title):
        yield Fault(f"标题应写明事由，一般为“关于……的{kind}”。")
    elif "关于" in title and not CONVEYED.search(title) and not SUBJECT.search(title):
        yield Fault(
            "标题的事由与文种之间缺“的”。", fix("补“的”", "title", paper.title.replace(title, stem + "的" + kind))
        )


def repeats_a_word(paper: Paper) -> Iterator[Fault]:
    for found in REPEATED.finditer(paper.title):
        word = found["word"]
        yield Fault(f"标题中“{word}”重复。", fix(f"删去重复的“{word}”", "title", paper.title.replace(word * 2, word)))
        return
