"""复核: whether a correction touches the substance of a signed paper (条例 第二十五条(一)).

Pure. What is substantive goes back to the original signer; what is not, 复核 may set right. In doubt it is substantive:
the signer then looks at a trifle, which is better than a change nobody signed.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from documents.versions.align import unnumbered
from documents.versions.compare import BlockChange, Comparison, FieldChange, text_of
from documents.versions.letters import GONE, KEPT, NEW, Piece, after, before, pieces

MARKS = re.compile(r"[\s，。、；：？！“”‘’（）《》〈〉【】〔〕「」…—～·,.;:?!\"'()<>\[\]~_\-－]")
SPACES = re.compile(r"\s")
SENT_TO = ("primary_recipients", "cc_recipients")
BETWEEN = re.compile(r"\s*[，、；,;]\s*")  # one for another: taken away, it would make one addressee of two
WIDE = {ord("　"): " ", **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}}  # full-width forms
NUMERALS = "〇零一二两三四五六七八九十百千万亿半"
FIGURE = re.compile(
    rf"[-−+＋]?\d[\d,]*(?:\.\d+)?\s*[%％‰℃]?[\u4e00-\u9fff]{{0,2}}|百分之[{NUMERALS}点]+|第?[{NUMERALS}]+[\u4e00-\u9fff]?"
)
CITED = re.compile(r"[\u4e00-\u9fffA-Za-z]{0,6}[〔\[［(（]\d{4}[〕\]］)）]\s*第?\d+号")
TITLES = re.compile(r"《[^》]*》")
LIMITS = re.compile(
    r"[之以][前后内外上下]|日前|月底|年底|前|底|起|至|止|内|即日|当日|次日|工作日|自然日|立即|尽快|届满|逾期"
)
MODALS = re.compile(
    r"应当?|必须|务必|须|不得|不准|禁止|严禁|可以?|不宜|原则上|一般|除外|仅限?|只|至少|至多|不少于|不低于|不超过|不高于|"
    r"优先|全部|部分|其他|或者?|且|均|免|不|未|无|非|没有?|否|勿|莫"
)
ADDRESSES = re.compile(r"[A-Za-z][A-Za-z0-9@._:/\-]*")
ORGAN_ENDS = "局委厅部办院会府司署庭校行社团所站处科室队乡镇县区市省州旗村"
TITLE_WORDS = re.compile(
    r"同志|先生|女士|书记|主任|局长|市长|省长|县长|区长|厅长|部长|处长|科长|主席|校长|院长|镇长|乡长"
)
BEFORE_A_NAME = re.compile(
    r"(?:联系人|负责人|组长|成员|经办人|主持人|承办人|任命|免去|聘任)[：:]?[\u4e00-\u9fff]{0,3}$"
)
BESIDE = 2  # characters after a change in which a name or an organ would end


@dataclass(frozen=True)
class Limits:
    """How much may change without touching the substance; an office may set it (settings)."""

    per_paragraph: int  # characters beside punctuation
    altogether: int


@dataclass(frozen=True)
class Reason:
    """Why a change is substantive: what it concerns, and where it stands."""

    what: str
    where: str


def judge(found: Comparison, names: Collection[str], limits: Limits) -> list[Reason]:
    """Every reason why a correction is substantive; none when 复核 may make it. `names` are those of organs,
    departments and people that are known."""
    reasons = [reason for change in found.fields for reason in _field(change, names, limits)]
    reasons += [Reason("附件", f"附件{change.place}") for change in found.changed_attachments]
    for change in found.changed_blocks:
        reasons += _block(change, names, limits)
    total = sum(_letters(*_texts(change)) for change in found.changed_blocks)
    if not reasons and total > limits.altogether:
        reasons.append(Reason(f"全文改动 {total} 个字，超过 {limits.altogether} 个字", "正文"))
    return reasons


def wordings(found: Comparison) -> str:
    """All the changed text in which a name may have come or gone, old and new, as it is compared."""
    said = [text for change in found.fields if change.name == "remarks" for text in (change.old, change.new)]
    for change in found.changed_blocks:
        said += [*_texts(change), *(block.caption for block in (change.old, change.new) if block)]
    return "\n".join(filter(None, said)).translate(WIDE)


def _field(change: FieldChange, names: Collection[str], limits: Limits) -> Iterator[Reason]:
    """Every element is substantive, but for spaces in it, the marks between those it is sent to, and slips in 附注."""
    if SPACES.sub("", change.old) == SPACES.sub("", change.new) and (change.old or change.new):
        return
    if change.name in SENT_TO and BETWEEN.sub("、", change.old) == BETWEEN.sub("、", change.new):
        return
    if change.name == "remarks" and change.old and change.new:
        yield from (Reason(what, change.label) for what in touched(change.old, change.new, names, limits))
    else:
        yield Reason(change.label, change.label)


SORTS = {"gone": "删去一段", "new": "增加一段", "left": "段落移位", "moved": "段落移位"}


def _block(change: BlockChange, names: Collection[str], limits: Limits) -> Iterator[Reason]:
    where = f"第{change.place}段"
    if change.sort == "left":
        return  # told where it went to
    if change.sort in SORTS:
        yield Reason(SORTS[change.sort], where)
    elif change.rows:
        yield from (Reason(what, where) for what in _table(change, names, limits))
    elif change.block.type == "image":
        yield Reason("图片", where)
    else:
        yield from (Reason(what, where) for what in touched(*_texts(change), names, limits))


def _texts(change: BlockChange) -> tuple[str, str]:
    """What a paragraph said and says, the number before it aside: numbering anew changes no substance."""
    if change.rows:
        cells = [cell for row in change.rows for cell in row.cells]
        return "".join(map(before, cells)), "".join(map(after, cells))
    old, new = text_of(change.old), text_of(change.new)
    return (unnumbered(old), unnumbered(new)) if old and new else (old, new)


def _table(change: BlockChange, names: Collection[str], limits: Limits) -> Iterator[str]:
    """A table keeps its rows and columns; a cell may be set right as any text."""
    if change.old is None or change.new is None or _shape(change.old.rows) != _shape(change.new.rows):
        yield "表格的行列"
        return
    yield from touched(change.old.caption, change.new.caption, names, limits)
    for old_row, new_row in zip(change.old.rows, change.new.rows, strict=True):
        for old, new in zip(old_row, new_row, strict=True):
            yield from touched(old, new, names, limits)


def _shape(rows) -> tuple[int, int]:
    return len(rows), len(rows[0])


# --- one piece of text -------------------------------------------------------------------------------------------


def touched(old: str, new: str, names: Collection[str], limits: Limits) -> list[str]:
    """What of substance a change of one paragraph touches; nothing when only its form does."""
    old, new = old.translate(WIDE), new.translate(WIDE)
    if SPACES.sub("", old) == SPACES.sub("", new):
        return []
    found = [what for what, differs in QUESTIONS.items() if differs(old, new)]
    found += [f"名称“{name}”" for name in sorted(names) if old.count(name) != new.count(name)]
    changed = pieces(old, new)
    if _touches_a_name(changed):
        found.append("机关名称或者人名")
    count = _letters(old, new)
    if count > limits.per_paragraph:
        found.append(f"一段改动 {count} 个字，超过 {limits.per_paragraph} 个字")
    return found


def _counted(pattern: re.Pattern) -> Callable[[str, str], bool]:
    """Whether two texts differ in what a pattern finds, whatever the order."""

    def differs(old: str, new: str) -> bool:
        found = (Counter(SPACES.sub("", one[0]) for one in pattern.finditer(text)) for text in (old, new))
        return next(found) != next(found)

    return differs


def _numbers_differ(old: str, new: str) -> bool:
    """Figures in their order, with the unit after them: 3 个工作日 is not 3 日, and 3.5 is not 35."""
    found = ([SPACES.sub("", one[0]) for one in FIGURE.finditer(text)] for text in (old, new))
    return next(found) != next(found)


QUESTIONS: dict[str, Callable[[str, str], bool]] = {
    "数字、日期、金额或者比例": _numbers_differ,
    "引用的文号": _counted(CITED),
    "引用的文件名称": _counted(TITLES),
    "网址、邮箱或者字母代号": _counted(ADDRESSES),
    "时限": _counted(LIMITS),
    "“应当、不得、可以”等用语": _counted(MODALS),
}


def _letters(old: str, new: str) -> int:
    """How many characters were changed, punctuation and spaces aside."""
    found = pieces(MARKS.sub("", old), MARKS.sub("", new))
    gone, came = (sum(len(piece.text) for piece in found if piece.sort == sort) for sort in (GONE, NEW))
    return max(gone, came)


def _touches_a_name(changed: tuple[Piece, ...]) -> bool:
    """Whether a change, or what follows it at once, ends like the name of an organ or the title of a person, or a
    person's name is announced before it."""
    for at, piece in enumerate(changed):
        if piece.sort == KEPT:
            continue
        words = MARKS.sub("", piece.text)
        follows = next((one.text for one in changed[at + 1 :] if one.sort == KEPT), "")[:BESIDE]
        announced = bool(BEFORE_A_NAME.search(before(changed[:at])[-10:]))
        if words and (announced or _ends_a_name(words) or _ends_a_name(MARKS.split(follows, maxsplit=1)[0])):
            return True
    return False


def _ends_a_name(words: str) -> bool:
    return any(end in words for end in ORGAN_ENDS) or bool(TITLE_WORDS.search(words))
