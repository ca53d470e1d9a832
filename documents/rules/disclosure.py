"""Rules on 公开属性: chosen before sign-off, and with a reason when a paper is kept from the public."""

from collections.abc import Iterator

from documents.interchange import DISCLOSURES, Paper
from documents.keeping.grounds import parted
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix

BASIS = "政府信息公开条例 第十三条至第十六条"
PUBLIC_REMARKS = ("此件公开发布", "此件主动公开", "主动公开", "信息公开形式：主动公开")


@rule("R48", "block", "disclosure", BASIS, "签发前应确定公开属性。", since="sign")
def disclosure_is_chosen(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.disclosure not in DISCLOSURES:
        stated = paper.remarks.strip("（）()") in PUBLIC_REMARKS
        offered = fix("按附注填“主动公开”", "disclosure", "主动公开") if stated else None
        yield Fault("还没有确定公开属性，请选主动公开、依申请公开或不予公开。", offered)


@rule("R48", "block", "disclosure_reason", BASIS, "不予公开的，应当说明理由。")
def secrecy_has_a_reason(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.disclosure == "不予公开" and not paper.disclosure_reason:
        yield Fault("公开属性选了不予公开，请写明理由。")


@rule("R48", "block", "disclosure_reason", BASIS, "不予公开应属于法定情形。", since="sign")
def secrecy_has_a_legal_ground(paper: Paper, office: Office) -> Iterator[Fault]:
    ground, words = parted(paper.disclosure_reason)
    if paper.disclosure != "不予公开" or not paper.disclosure_reason:
        return
    if not ground:
        yield Fault("不予公开的理由没有说明属于哪种法定情形，请从“不予公开的情形”中选择。")
    elif not words:
        yield Fault("除法定情形外，还应写明不予公开的具体理由。")
