"""Rules on printing the 签发人; whether that person may sign is the document room's affair."""

from collections.abc import Iterator

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.recipients import is_upward
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix


@rule("R03", "block", "signers", "条例 第九条(六)", "上行文应当标注签发人姓名。", since="register")
def upward_names_its_signer(paper: Paper, office: Office) -> Iterator[Fault]:
    if is_upward(paper) and not paper.signers:
        yield Fault("上行文应当标注签发人，请填写签发人姓名。")
    elif is_upward(paper) and len(paper.signers) < len(paper.issuers):
        lacking = "、".join(paper.issuers[len(paper.signers) :])
        yield Fault(f"联合上行文应当标注各机关的签发人，还缺{lacking}的，请在“联合行文”中填写。")


@rule("R05", "warn", "signers", "条例 第九条(六)", "只有上行文标注签发人。")
def only_upward_names_its_signer(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.direction != "upward" and paper.signers:
        yield Fault("只有上行文标注签发人，本文不印签发人。", fix("去掉签发人", "signers", []))
