"""Rules on the format of a paper, who signs it and whether it is sealed (条例 第九条; GB/T 9704 7.3.5, 10)."""

from collections.abc import Iterator

from documents.interchange import Paper
from documents.reading import UNSIGNED_KINDS
from documents.rules.office import Office
from documents.rules.organs import named
from documents.rules.ranks import is_collective
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix

STAMPED = ("命令", "议案")
ADOPTED = (*UNSIGNED_KINDS, "决定")  # may be adopted by a meeting, and then bear 题注


@rule("R03", "block", "layout", "GB/T 9704 7.2.6、10.1", "上行文标注签发人，用文件格式，不用信函格式。")
def upward_is_no_letter(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.direction == "upward" and paper.layout == "letter":
        yield Fault("信函格式没有签发人的位置，上行文请用文件格式。", fix("改为文件格式", "layout", "general"))


@rule("R37", "block", "stamp_name", "GB/T 9704 7.3.5.3、10.2", "命令（令）加盖签发人签名章，签名章左侧标注职务。")
def order_is_signed_by_a_person(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.kind == "命令" and not paper.signature_stamp:
        yield Fault("命令（令）应加盖签发人签名章，请填写签发人职务和签名章姓名。")
    elif paper.kind == "议案" and not paper.signature_stamp and not paper.signature_units:
        yield Fault("议案没有署名，请填写签发人职务和签名章姓名，或者改为署名并加盖印章。")


@rule("R37", "warn", "ending", "条例 第九条(十一)", "公文署发文机关全称或者规范化简称；会议通过的写题注。")
def somebody_signs(paper: Paper, office: Office) -> Iterator[Fault]:
    signed = paper.signature_units or paper.signature_stamp
    if not signed and paper.kind not in (*ADOPTED, *STAMPED):
        yield Fault(f"{paper.kind}应署发文机关名称，现选了不署名，请核对。")


@rule(
    "R37", "warn", "ending", "条例 第九条(十三)",
    "有署名的应当加盖印章；有特定发文机关标志的普发性公文和电报可以不加盖。",
)  # fmt: skip
def signed_papers_are_sealed(paper: Paper, office: Office) -> Iterator[Fault]:
    if not paper.signature_units or paper.seal is not False or paper.signature_stamp:
        return
    general = not paper.primary_recipients or any(map(is_collective, named(paper.primary_recipients)))
    if paper.layout == "letter" or not paper.masthead.endswith("文件") or not general:
        yield Fault("本文有署名而不加盖印章；只有带特定标志的普发性公文和电报可以不加盖，请核对。")
