"""Rules on 附件 and 附件说明; the note itself is printed by the system from the list of attachments."""

import re
from collections.abc import Iterator

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, Fix, rule
from documents.rules.wording import body_of, fix, lines_of, unquoted

BASIS = "GB/T 9704 7.3.4、7.3.7"
NOTE = re.compile(r"附件[：:]\s*(?P<names>.*)")
NUMBERED = re.compile(r"(?:附件)?\s*\d{1,2}\s*[.．、:：]\s*|附件\s*\d{0,2}\s*[：:]?\s*(?=\S)")
REFERENCE = re.compile(
    r"(?:见|详见|按照|填写|参照)[^。；《》]{0,6}附件\s*(?P<number>\d{1,2})?|[（(]附件\s*(?P<bracketed>\d{1,2})?[）)]"
)
ENDING = "。．.，,；;：:、！! 　"


def clean(title: str) -> str:
    """An attachment's name as the note prints it: no number of its own, no mark at the end."""
    return NUMBERED.sub("", title, count=1).rstrip(ENDING) if NUMBERED.match(title) else title.rstrip(ENDING)


@rule("R33", "block", "attachments", BASIS, "附件名称后不加标点，顺序号由系统编排。")
def names_are_bare(paper: Paper, office: Office) -> Iterator[Fault]:
    titles = [item.title for item in paper.attachments]
    cleaned = [clean(title) for title in titles]
    if cleaned != titles and all(cleaned):
        wrong = next(title for title, better in zip(titles, cleaned, strict=True) if title != better)
        yield Fault(
            f"附件名称“{wrong}”不应自带顺序号或末尾标点，顺序号由系统编排。",
            fix("去掉顺序号和标点", "attachments", cleaned),
        )


@rule("R33", "block", "attachments", BASIS, "附件不得同名。")
def names_differ(paper: Paper, office: Office) -> Iterator[Fault]:
    titles = [clean(item.title) for item in paper.attachments]
    twice = [title for at, title in enumerate(titles) if title in titles[:at]]
    if twice:
        yield Fault(f"附件名称重复：{twice[0]}；请改名以便区分，或删去一个。")


@rule("R33", "block", "body", BASIS, "附件说明与附件一致：有附件必有说明，顺序和名称相同。")
def note_matches_attachments(paper: Paper, office: Office) -> Iterator[Fault]:
    noted = typed_note(lines_of(paper))
    if noted is None:
        return
    start, names = noted
    offered = drop_note(paper, start)
    if names == [clean(item.title) for item in paper.attachments]:
        yield Fault("附件说明由系统按附件生成，正文中的可以删去，以免印两遍。", offered, severity="info")
    else:
        listed = "、".join(names) or "（空）"
        yield Fault(f"正文中的附件说明（{listed}）与所列附件不一致；请以所列附件为准。", offered)


def drop_note(paper: Paper, start: str) -> Fix | None:
    """Offered only when there are attachments for the system to print a note of; else the names would be lost."""
    if not paper.attachments:
        return None
    kept = body_of(paper)
    return fix("删去正文中的附件说明", "body", kept[: kept.rindex(start)].rstrip())


def typed_note(lines: list[str]) -> tuple[str, list[str]] | None:
    """The first line of a note typed at the end of the body, and the names in it; None when there is none."""
    for at in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        found = NOTE.fullmatch(lines[at].strip())
        if found and not any("。" in line for line in lines[at + 1 :]):
            return lines[at], [clean(name) for name in [found["names"], *lines[at + 1 :]] if is_name(name)]
    return None


def is_name(line: str) -> bool:
    return bool(clean(line)) and not re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", line.strip())


@rule("R33", "warn", "body", BASIS, "正文提到的附件应当附上。")
def referred_attachments_exist(paper: Paper, office: Office) -> Iterator[Fault]:
    count = len(paper.attachments)
    for found in REFERENCE.finditer(unquoted(body_of(paper))):
        number = int(found["number"] or found["bracketed"] or 1)
        if number > count:
            there = "没有附件" if not count else f"只有{count}个附件"
            yield Fault(f"正文写了“{found[0]}”，但{there}；请补附件或改正文。")
            return
