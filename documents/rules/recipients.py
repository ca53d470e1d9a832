"""Rules on whom a paper goes to: 主送 and 抄送 (条例 第十四条 to 第十六条)."""

import re
from collections.abc import Iterator

from documents.interchange import Paper
from documents.rules.office import Office, OrganFact, superiors
from documents.rules.organs import ENDS, OFFICE, full_name, named, same_organ
from documents.rules.ranks import (
    CITY,
    COUNTRY,
    COUNTY,
    MUNICIPALITY,
    PROVINCE,
    TOWNSHIP,
    is_collective,
    is_committee,
    is_department,
    is_government,
    plainly_below,
    rank,
    same_place,
)
from documents.rules.registry import Fault, rule
from documents.rules.wording import body_of, fix

UPWARD_KINDS = ("请示", "报告", "意见")  # 意见 only when it is written upward
PERSON = re.compile(
    r"(?:同志|先生|女士|书记|省长|市长|县长|区长|州长|镇长|乡长|主任|厅长|局长|部长|处长|科长|主席|总理|秘书长|校长|主任委员)$"
)
PERSONS_OFFICE = re.compile(r"(?:书记|[省市县区]长)办公室$")
COMMANDING = (
    "命令",
    "决定",
    "通知",
    "通报",
    "意见",
    "批复",
    "决议",
)  # kinds that ask lower organs to carry something out
AGREED = re.compile(r"经[^。；]{0,30}(?:同意|批准|授权|审议通过)")
LEAPS = {(COUNTY, PROVINCE), (COUNTY, COUNTRY), (CITY, COUNTRY), (TOWNSHIP, PROVINCE), (TOWNSHIP, COUNTRY)}


def is_upward(paper: Paper) -> bool:
    return paper.direction == "upward" and paper.kind in UPWARD_KINDS


@rule(
    "R01", "override", "primary_recipients", "条例 第十五条(一)", "请示、报告和上行的意见，原则上只主送一个上级机关。"
)
def one_recipient_upward(paper: Paper, office: Office) -> Iterator[Fault]:
    names = named(paper.primary_recipients)
    if not is_upward(paper) or len(names) == 1:
        return
    if not names:
        yield Fault(f"{paper.kind}还没有主送机关，应主送一个上级机关。")
        return
    yield Fault(
        f"{paper.kind}主送了{len(names)}个机关（{'、'.join(names)}），原则上只主送一个，其他上级机关用抄送。",
        fix(f"只主送“{names[0]}”（{'、'.join(names[1:])}请改列抄送）", "primary_recipients", names[0]),
    )


@rule("R02", "block", "cc_recipients", "条例 第十五条(一)", "上行文不得抄送下级机关。")
def no_subordinate_in_copy(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.direction != "upward":
        return
    names = named(paper.cc_recipients)
    below = [name for name in names if is_below(office, name, paper.issuers)]
    if below:
        kept = "，".join(name for name in names if name not in below)
        yield Fault(
            f"上行文不得抄送下级机关：{'、'.join(below)}；请从抄送机关中去掉。",
            fix(f"去掉{'、'.join(below)}", "cc_recipients", kept),
        )


def is_below(office: Office, name: str, writers: tuple[str, ...]) -> bool:
    return any(is_subordinate(office, name, writer) for writer in writers)


def is_subordinate(office: Office, name: str, writer: str) -> bool:
    """By the register where it knows both; otherwise only when the names say it plainly."""
    fact, own = office.organ(name), office.organ(writer)
    if fact and own:
        return own.name in superiors(office, fact)
    return plainly_below(name, writer)


@rule("R08", "block", "primary_recipients", "条例 第十五条(五)", "除领导人直接交办外，不得以机关名义向领导人个人行文。")
def organ_not_person(paper: Paper, office: Office) -> Iterator[Fault]:
    people = [
        name for name in named(paper.primary_recipients) if PERSON.search(name) and not PERSONS_OFFICE.search(name)
    ]
    if not people or people[0].startswith("各位"):
        return
    yield Fault(
        f"主送机关应为机关，不应是个人：{'、'.join(people)}；如系领导直接交办，请写明。", severity=strictness(paper)
    )


def strictness(paper: Paper) -> str:
    """A letter may answer a person, such as a deputy; a matter the leader assigned in person may go to that leader."""
    if paper.kind == "函":
        return "warn"
    return "override" if "交办" in body_of(paper) + paper.remarks else "block"


@rule(
    "R10", "override", "primary_recipients", "条例 第十四条", "一般不得越级行文；特殊情况越级的，应当抄送被越过的机关。"
)
def no_level_skipped(paper: Paper, office: Office) -> Iterator[Fault]:
    if not is_upward(paper) or not paper.issuers:
        return
    writer, names = paper.issuers[0], named(paper.primary_recipients)
    fact = office.organ(writer)
    for name in names[:1]:
        if fact and office.organ(name):
            yield from skipped_by_register(paper, office, superiors(office, fact), full_name(office, name))
        elif skips_by_name(writer, name):
            yield Fault(f"“{writer}”向“{name}”行文可能越级；确需越级的，抄送被越过的机关并写明理由。")


def skipped_by_register(paper: Paper, office: Office, above: list[str], target: str) -> Iterator[Fault]:
    skipped = above[: above.index(target)] if target in above else []
    if not skipped:
        return
    copied = named(paper.cc_recipients)
    missing = [name for name in skipped if not any(same_organ(office, name, other) for other in copied)]
    if missing:
        yield Fault(
            f"越级行文，未抄送被越过的{'、'.join(missing)}。",
            fix(f"抄送{'、'.join(missing)}", "cc_recipients", "，".join([*copied, *missing])),
        )
    else:
        yield Fault(f"越过{'、'.join(skipped)}行文（已抄送），请写明越级的理由。")


def skips_by_name(writer: str, name: str) -> bool:
    if MUNICIPALITY.search(writer + name):
        return False  # a district of 北京市 stands directly under it
    return (rank(writer), rank(name)) in LEAPS and is_government(writer) and is_government(name)


@rule(
    "R11",
    "block",
    "body",
    "条例 第十六条(二)",
    "部门不得向下级党委、政府发布指令性公文；经政府同意的，文中应当注明“已经政府同意”。",
)
def department_does_not_command(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind not in COMMANDING or not all(is_department_of(office, name) for name in paper.issuers):
        return
    addressed = [name for name in named(paper.primary_recipients) if leads_below(office, name, paper.issuers[0])]
    if addressed and not AGREED.search(body_of(paper)):
        yield Fault(
            f"部门以{paper.kind}向{'、'.join(addressed)}行文，正文应注明“经××政府同意”；未经同意的，改用函或主送其相关部门。"
        )


def is_department_of(office: Office, name: str) -> bool:
    """Whether `name` is a department; 办公厅（室） may write by the government's authority."""
    if OFFICE.search(name):
        return False
    fact = office.organ(name)
    return fact.is_department if fact else is_department(name)


def leads_below(office: Office, name: str, writer: str) -> bool:
    """Whether `name` is a Party committee or a government of a lower level than the writer."""
    fact, own = office.organ(name), office.organ(writer)
    if fact and own:
        return fact.is_party_or_government and fact.level > own.level
    lower, writing = rank(name), rank(writer)
    leads = is_government(name) or is_committee(name)
    return leads and lower is not None and writing is not None and lower > writing


@rule(
    "R14", "block", "kind", "条例 第八条(十一)(十二)(十四)", "请示、批复只用于有隶属关系的上下级之间；不相隶属的用函。"
)
def petition_only_within_the_line(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind not in ("请示", "批复") or not paper.issuers:
        return
    writer = paper.issuers[0]
    strangers = [name for name in named(paper.primary_recipients) if stands_outside(office, paper.kind, writer, name)]
    if strangers:
        other = "上级" if paper.kind == "请示" else "下级"
        yield Fault(
            f"{'、'.join(strangers)}不是“{writer}”的{other}机关，不用{paper.kind}，应当用函；请改文种，或核对主送机关。"
        )


def stands_outside(office: Office, kind: str, writer: str, name: str) -> bool:
    lower, upper = (writer, name) if kind == "请示" else (name, writer)
    below, above = office.organ(lower), office.organ(upper)
    if below and above:
        line = superiors(office, below)
        return above.name not in line and not guides(below, above, line)
    if is_collective(name):
        return False
    peers = is_department(lower) and is_department(upper) and same_place(lower, upper)
    return peers or (is_government(lower) and is_department(upper))


def guides(below: OrganFact, above: OrganFact, line: list[str]) -> bool:
    """Whether `above` is the same kind of department one or more levels up (上级主管部门, 条例 第十五条(二))."""
    return below.is_department and above.is_department and above.level < below.level and above.superior in line


@rule(
    "R34",
    "info",
    "primary_recipients",
    "GB/T 9704 7.3.2、7.4.2",
    "主送机关末尾用“：”，抄送机关末尾用“。”，由系统排印时加。",
)
def ends_are_set_by_the_printer(paper: Paper, office: Office) -> Iterator[Fault]:
    for field, label, mark in (("primary_recipients", "主送机关", "："), ("cc_recipients", "抄送机关", "。")):
        line = getattr(paper, field)
        bare = line.strip(ENDS)
        if bare != line:
            yield Fault(
                f"{label}首尾不必加标点，排印时自动以“{mark}”结尾。", fix("去掉多余标点", field, bare), field=field
            )
