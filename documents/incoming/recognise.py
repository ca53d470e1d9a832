"""What an incoming paper's words say of it: title, number, issuer, date, kind, urgency, recipients.

Pure: lines in, facts out. It only offers; whoever registers the paper reads the page and has the last word.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from documents.docx.title import KIND_END, MASTHEAD
from documents.elements import KINDS
from documents.models.incoming import OTHER, URGENCIES
from documents.rules.number import BRACKETS, WIDE, repaired
from officehub.secrecy import is_marked

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
BETWEEN = re.compile(rf"(?<=[{HAN}，、：。〔〕（）《》]) +(?=[{HAN}，、：。〔〕（）《》\d])|(?<=[\d〔]) +(?=[{HAN}〕])")
NUMBER = re.compile(r"(?P<code>[\u4e00-\u9fffA-Za-z]{1,16})〔(?P<year>(?:19|20)\d{2})〕第?0*(?P<seq>\d{1,6})号")
ISSUE = re.compile(r"^[（(]?(?P<whole>(?:(?:19|20)\d{2}年)?第\d{1,5}[号期])[）)]?$")
DATE = re.compile(r"(?P<year>(?:19|20)\d{2})年(?P<month>1[0-2]|0?[1-9])月(?P<day>3[01]|[12]\d|0?[1-9])日")
HAN_DATE = re.compile(
    r"(?P<year>[一二三四五六七八九〇○零]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
HAN_DIGITS = {"〇": 0, "○": 0, "零": 0, **{digit: at for at, digit in enumerate("一二三四五六七八九", 1)}}
COPIES = re.compile(r"^抄\s*[送报][：:]\s*(?P<names>.+)$")
PRINTED = re.compile(r"(?P<organ>.*?)\s*(?:19|20)\d{2}年\d{1,2}月\d{1,2}日\s*印发$")
NOTE = re.compile(r"^附\s*件[：:]\s*(?P<name>.+)$")
NOTED_NEXT = re.compile(r"^\d{1,2}\s*[.．、]\s*(?P<name>.+)$")
CONTACT = re.compile(r"联\s?系\s?人(?:及电话|及联系方式|、?电话)?[：:]?\s*(?P<words>[^（）()]{2,60})")
SIGNERS = re.compile(r"^签发人[：:]?\s*(?P<names>.+)$")
ORGAN_LINE = re.compile(rf"^[{HAN}、 ]{{3,45}}$")
ORGAN_END = re.compile(
    r"(?:政府|委员会|委|办公厅|办公室|办|厅|局|部|院|署|总局|管理局|中心|公司|集团|学校|大学|学院|银行|法院|检察院|"
    r"指挥部|领导小组|机构|协会|联合会|人大|政协|工会|总站|支队|大队|处|所|站|会|组)$"
)
PAGE_MARK = re.compile(r"^[—–\-－]?\s*\d{1,3}\s*[—–\-－]?$")
STOPS = "。；：:！？"
LOOKED_AT = 30  # lines from the beginning in which number and title stand
TITLE_LINES, TITLE_LONGEST = 5, 120
LONGEST = 300
URGENT_LINE = re.compile(rf"^(?:{'|'.join(URGENCIES)})$")


@dataclass(frozen=True)
class Recognised:
    """What was recognised; empty where nothing was. The names are those of the register."""

    title: str = ""
    document_number: str = ""
    sender_name: str = ""
    dated: date | None = None
    kind: str = ""
    urgency: str = ""
    recipients: str = ""
    cc: str = ""
    contact: str = ""
    attachments: tuple[str, ...] = ()
    secret: bool = False

    def plain(self) -> dict:
        return {
            **asdict(self),
            "dated": self.dated.isoformat() if self.dated else "",
            "attachments": [*self.attachments],
        }


def recognise(lines: Iterable[str], title: str = "") -> Recognised:
    """The facts of a paper's lines, in the order they are read; `title` is one known from elsewhere (Word's looks)."""
    spaced = [line for line in map(legible, lines) if line and not PAGE_MARK.match(line)]
    lines = [BETWEEN.sub("", line) for line in spaced]
    number_at, number = find_number(lines)
    start, end = find_title(lines, number_at) if not title else (0, 0)
    title = title or "".join(lines[start:end])
    if not end:
        end = next((at + 1 for at, line in enumerate(lines[:LOOKED_AT]) if line and title.endswith(line)), 0)
    recipients = find_recipients(lines, end) if end else ""
    dated_at, dated = find_date(lines, end)
    issuer = find_issuer(spaced, title, number_at, dated_at)
    return Recognised(
        title=title[:200],
        document_number=number,
        sender_name=issuer,
        dated=dated,
        kind=kind_of(title),
        urgency=next((line for line in lines[: number_at or LOOKED_AT] if URGENT_LINE.match(line)), ""),
        recipients=recipients,
        cc=next((found["names"].rstrip("。") for line in lines if (found := COPIES.match(line))), "")[:LONGEST],
        contact=find_contact(lines),
        attachments=find_attachments(lines),
        secret=any(map(is_marked, lines)),
    )


def legible(line: str) -> str:
    """A line as printed, the brackets of a year put right and what cannot be printed taken away."""
    plain = BRACKETS.sub(r"〔\g<year>〕", line.translate(WIDE).replace("\u3000", " ").replace("\xa0", " "))
    plain = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]", "", plain)
    return re.sub(r"\s+", " ", plain).strip()


def find_number(lines: list[str]) -> tuple[int | None, str]:
    """The line of the paper's own number, above the title and alone on it, or beside 签发人; not one that is cited."""
    for at, line in enumerate(lines[:LOOKED_AT]):
        bare = line.partition("签发人")[0].strip().strip("（）()")
        if found := NUMBER.fullmatch(bare):
            return at, repaired(found[0])
        if found := ISSUE.match(bare):
            return at, found["whole"]
        if is_sentence(line):
            break
    return None, ""


def is_sentence(line: str) -> bool:
    return "。" in line and len(line) > 30


def find_title(lines: list[str], number_at: int | None) -> tuple[int, int]:
    """From where to where the title goes: the lines up to the one that ends with a kind, or else up to whom it is sent
    to, begun after the masthead and the number."""
    first = 0 if number_at is None else number_at + 1
    for end in range(first, min(len(lines), first + LOOKED_AT)):
        line = lines[end]
        if is_sentence(line) or line[-1] in "。；":
            break
        if line[-1] in "：:" and end > first and number_at is not None:
            return title_up_to(lines, first, end - 1, whole=True)
        if KIND_END.search(line) and not MASTHEAD.search(line):
            return title_up_to(lines, first, end, whole=number_at is not None)
    return 0, 0


def title_up_to(lines: list[str], first: int, end: int, whole: bool) -> tuple[int, int]:
    """The lines of a title that ends at `end`; `whole` when nothing but the title stands there from `first` on."""
    start = end
    while (
        start > first and end + 1 - start < TITLE_LINES and goes_before(lines[start - 1], lines[start : end + 1], whole)
    ):
        start -= 1
    return start, end + 1


def goes_before(line: str, rest: list[str], whole: bool) -> bool:
    """Whether a line belongs to the title that goes on below it."""
    if MASTHEAD.search(line) or URGENT_LINE.match(line) or SIGNERS.match(line) or NUMBER.search(line):
        return False
    if line[-1] in STOPS or DATE.fullmatch(line) or len(line) + sum(map(len, rest)) > TITLE_LONGEST:
        return False
    return whole or "关于" not in rest[0] or rest[0].startswith("关于")  # an organ and 关于 begin a title


def find_recipients(lines: list[str], after: int) -> str:
    """主送: the first lines below the title, up to the colon that ends them."""
    said = ""
    for at in range(after, min(after + 4, len(lines))):
        said += lines[at]
        if "。" in said or len(said) > LONGEST:
            break
        if said[-1] in "：:":
            return said[:-1]
    return ""


def find_date(lines: list[str], after: int) -> tuple[int | None, date | None]:
    """成文日期: the last line below the title that is only a date; where there is none, one beside a signature."""
    found = [(at, day) for at, line in enumerate(lines) if at >= after and (day := only_date(line))]
    if found:
        return found[-1]
    for at in range(len(lines) - 1, after, -1):
        if not PRINTED.match(lines[at]) and len(lines[at]) < 40 and lines[at].endswith("日"):
            day = only_date(DATE_TAIL.sub(r"\1", lines[at]))
            if day:
                return at, day
    return None, None


DATE_TAIL = re.compile(rf"^.*?((?:(?:19|20)\d{{2}}|[{''.join(HAN_DIGITS)}]{{4}})年[^年]{{1,4}}月.{{1,3}}日)$")


def only_date(line: str) -> date | None:
    bare = line.strip("（）() ").replace(" ", "")
    if found := DATE.fullmatch(bare):
        return day_of(int(found["year"]), int(found["month"]), int(found["day"]))
    if found := HAN_DATE.fullmatch(bare):
        year = int("".join(str(HAN_DIGITS[digit]) for digit in found["year"]))
        return day_of(year, han_number(found["month"]), han_number(found["day"]))
    return None


def day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def han_number(text: str) -> int:
    tens, ten, ones = text.partition("十")
    if not ten:
        return HAN_DIGITS.get(text, 0) if len(text) == 1 else 0
    return (HAN_DIGITS.get(tens, 0) if tens else 1) * 10 + (HAN_DIGITS.get(ones, 0) if ones else 0)


def find_issuer(lines: list[str], title: str, number_at: int | None, dated_at: int | None) -> str:
    """The sender: who signed above the date, else who stands in the title or in the masthead."""
    before_title = title.partition("关于")[0] if "关于" in title else ""
    if dated_at:
        signed = [organs(line) for line in lines[dated_at - 1 : dated_at] if ORGAN_LINE.match(line)]
        if signed and (ORGAN_END.search(signed[0]) or signed[0] == before_title):
            return signed[0]
    if before_title and ORGAN_LINE.match(before_title) and ORGAN_END.search(before_title):
        return before_title
    above = lines[: number_at if number_at is not None else 6]
    heads = [line for line in above if re.search(r"(?:文件|纪要|令)$", line) and len(line) > 4]
    return re.sub(r"(?:文件|会议纪要|纪要|令)$", "", heads[0]).replace(" ", "") if heads else ""


def organs(line: str) -> str:
    """Who signed on one line: several organs side by side, or one whose characters were spaced out."""
    parts = line.split(" ")
    several = len(parts) > 1 and all(len(part) > 2 and ORGAN_END.search(part) for part in parts)
    return "、".join(parts) if several else "".join(parts)


def kind_of(title: str) -> str:
    """The kind a title ends with; 其他 for what is none of the fifteen, empty when there is no title."""
    bare = re.sub(r"（[^（）]*）$", "", title)
    if bare.endswith("令"):
        return "命令"
    return next((kind for kind in KINDS if bare.endswith(kind)), OTHER if title else "")


def find_contact(lines: list[str]) -> str:
    """Who to call, as 附注 says: a name with a telephone number."""
    found = [found["words"].strip("，,。 ") for line in reversed(lines) if (found := CONTACT.search(line))]
    return next((words for words in found if re.search(r"\d{5}", words) and "|" not in words), "")


def find_attachments(lines: list[str]) -> tuple[str, ...]:
    """What 附件说明 names, at the end of the body."""
    for at, line in enumerate(lines):
        if found := NOTE.match(line):
            names = [NOTED_NEXT.sub(r"\g<name>", found["name"])]
            for more in lines[at + 1 : at + 20]:
                if not (next_one := NOTED_NEXT.match(more)):
                    break
                names.append(next_one["name"])
            return tuple(name[:120] for name in names)
    return ()
