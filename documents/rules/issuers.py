"""Rules on who issues: which organs may, jointly with whom, and under whose seal (条例 第十七条)."""

import re
from collections.abc import Iterator
from itertools import combinations

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.organs import named, same_organ
from documents.rules.ranks import is_collective, is_department, is_government, rank, same_place
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix

# 财政局预算科, 办公厅秘书一处: a division named after its organ; 办事处 and 管理处 are bodies of their own.
DIVISION = re.compile(
    r"(?:局|厅|委员会|部|委|政府|办公厅|办公室)[\u4e00-\u9fff]{1,10}(?<!办事)(?<!管理)(?<!专员)(?:处|科|股)$"
)
CONGRESS = re.compile(r"人民代表大会|人大")


@rule("R09", "block", "issuers", "条例 第十七条", "除办公厅（室）外，部门内设机构不得对外正式行文。")
def no_internal_division(paper: Paper, office: Office) -> Iterator[Fault]:
    for name in paper.issuers:
        if is_division(office, name):
            yield Fault(f"发文机关“{name}”是内设机构，不得对外正式行文；请以所在机关或其办公室名义发文。")


def is_division(office: Office, name: str) -> bool:
    fact = office.organ(name)
    return fact.is_division if fact else bool(DIVISION.search(name))


@rule("R15", "block", "issuers", "条例 第八条(十三)", "议案由人民政府向同级人民代表大会或其常务委员会提出。")
def motion_from_government_to_congress(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind != "议案":
        return
    for name in paper.issuers:
        if not is_government(name):
            yield Fault(f"议案只能由人民政府提出，“{name}”不是人民政府，请改发文机关或改用其他文种。")
    names = named(paper.primary_recipients)
    if not names or not all(CONGRESS.search(name) for name in names):
        yield Fault("议案应主送同级人民代表大会或其常务委员会。", field="primary_recipients")
    elif any(differs_in_rank(name, paper.issuers[0]) for name in names):
        yield Fault(f"议案应主送与“{paper.issuers[0]}”同级的人大。", field="primary_recipients")


def differs_in_rank(one: str, other: str) -> bool:
    first, second = rank(one), rank(other)
    return first is not None and second is not None and first != second


@rule("R36", "warn", "primary_recipients", "条例 第九条(八)", "机关名称应使用登记的全称或规范化简称。")
def names_are_registered(paper: Paper, office: Office) -> Iterator[Fault]:
    if not office.keeps_register:
        return
    for field, label in (
        ("primary_recipients", "主送机关"),
        ("cc_recipients", "抄送机关"),
        ("printing_office", "印发机关"),
    ):
        unknown = [name for name in named(getattr(paper, field)) if not is_collective(name) and not office.organ(name)]
        if unknown:
            yield Fault(f"{label}不在机关名录中：{'、'.join(unknown)}；请用全称或规范化简称。", field=field)


@rule(
    "R37", "block", "seal", "条例 第九条(十三)", "加盖的印章应与署名机关相符，署名机关应为发文机关。", since="register"
)
def seal_matches_signature(paper: Paper, office: Office) -> Iterator[Fault]:
    foreign = [
        unit for unit in paper.signature_units if not any(same_organ(office, unit, name) for name in paper.issuers)
    ]
    if foreign:
        yield Fault(
            f"署名“{'、'.join(foreign)}”不是发文机关，印章与署名将不相符；请改为发文机关的名称。",
            fix("署名改为发文机关", "signature_units", list(paper.issuers)),
            field="signature_units",
        )
    if isinstance(paper.seal, tuple) and len(paper.seal) != len(paper.signature_units):
        yield Fault(f"有{len(paper.signature_units)}个署名机关，却给了{len(paper.seal)}枚印章，应一一对应，请增减。")


@rule("R56", "block", "issuers", "条例 第十七条", "联合行文只限于同级机关之间。")
def joint_among_equals(paper: Paper, office: Office) -> Iterator[Fault]:
    for one, other in combinations(paper.issuers, 2):
        if unequal(office, one, other):
            yield Fault(f"“{one}”与“{other}”不是同级机关，不能联合行文；请由一方发文，另一方列抄送。")
            return


def unequal(office: Office, one: str, other: str) -> bool:
    first, second = office.organ(one), office.organ(other)
    if first and second:
        in_line = first.name == second.superior or second.name == first.superior
        return in_line or (first.is_department == second.is_department and first.level != second.level)
    alike = is_government(one) == is_government(other) and is_department(one) == is_department(other)
    if alike and (is_government(one) or is_department(one)):
        return differs_in_rank(one, other)
    mixed = {is_government(one), is_government(other)} == {True, False}
    return mixed and (is_department(one) or is_department(other)) and same_place(one, other)


@rule("R63", "block", "issuers", "条例 第三十七条", "发文机关应已办理发文立户并在有效期内。")
def issuer_is_entitled(paper: Paper, office: Office) -> Iterator[Fault]:
    if not office.keeps_register:
        return
    for at, name in enumerate(paper.issuers):
        fact = office.organ(name)
        if not fact and at:  # an organ elsewhere is registered where it issues its own papers
            message = f"联合发文的“{name}”不在机关名录中；请核对其全称和发文资格，并写明核对情况。"
            yield Fault(message, severity="override")
        elif not fact:
            yield Fault(f"发文机关“{name}”不在机关名录中，尚未办理发文立户；请核对名称，或由系统管理员登记。")
        elif not fact.active:
            yield Fault(f"发文机关“{name}”已停用，不能再发文；请改用现行机关名称。")
