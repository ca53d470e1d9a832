"""Rules on the document number (发文字号) as it stands; handing numbers out is the work of the series."""

import re
from collections.abc import Iterator

from documents.interchange import Paper
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix

NUMBER = re.compile(r"(?P<code>[\u4e00-\u9fa5A-Za-z]+)〔(?P<year>(?:19|20)\d{2})〕[1-9]\d*号")  # GB/T 9704 7.2.5
# Orders, announcements and minutes are also counted by issue: 第12号, 2026年第3号, 第5期.
ISSUE_KINDS = ("命令", "公报", "公告", "通告", "决议", "决定", "纪要")
ISSUE = re.compile(
    r"[\u4e00-\u9fa5]*?(?:(?P<year>(?:19|20)\d{2})年|〔(?P<bracketed>(?:19|20)\d{2})〕)?第?[1-9]\d*[号期次]"
)
UNNUMBERED_KINDS = ("命令", "公报", "决议", "纪要", "公告", "通告", "决定")  # 条例 第九条; some are numbered otherwise
WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
BRACKETS = re.compile(r"[\[［﹝【（(〈<{](?P<year>\d{4})[\]］﹞】）)〉>}]")


def repaired(number: str) -> str:
    """The number with full-width digits, wrong brackets, 第 and leading zeros put right."""
    plain = BRACKETS.sub(r"〔\g<year>〕", re.sub(r"\s", "", number.translate(WIDE)))
    return re.sub(r"(?<=〕)第?0*(?=[1-9])", "", plain)


def year_of(number: str) -> int | None:
    """The year in a document number."""
    found = re.search(r"〔(\d{4})〕|(\d{4})年", number)
    return int(found[1] or found[2]) if found else None


def is_well_formed(paper: Paper) -> bool:
    if NUMBER.fullmatch(paper.document_number):
        return True
    return paper.kind in ISSUE_KINDS and bool(ISSUE.fullmatch(paper.document_number))


@rule(
    "R19",
    "block",
    "document_number",
    "GB/T 9704 7.2.5",
    "发文字号为“机关代字〔年份〕顺序号号”，用六角括号，不加“第”，不编虚位。",
)
def number_is_well_formed(paper: Paper, office: Office) -> Iterator[Fault]:
    """A number is checked as soon as there is one, so that a wrong one is never typed twice."""
    if not paper.document_number or is_well_formed(paper):
        return
    better = repaired(paper.document_number)
    offered = fix(f"改为“{better}”", "document_number", better) if NUMBER.fullmatch(better) else None
    yield Fault(f"发文字号“{paper.document_number}”不合规定，应如“云政办发〔2026〕3号”。", offered)


@rule("R19", "block", "document_number", "条例 第九条(五)", "正式印发的公文应有发文字号。", since="register")
def number_is_given(paper: Paper, office: Office) -> Iterator[Fault]:
    if not paper.document_number and paper.kind not in UNNUMBERED_KINDS:
        yield Fault("还没有发文字号；正式印发的公文经复核、登记后编号。")


@rule("R20", "warn", "document_number", "办文惯例", "发文字号的年份应与成文日期一致。", since="register")
def number_is_of_the_year(paper: Paper, office: Office) -> Iterator[Fault]:
    year = 0 if paper.kind == "命令" else year_of(paper.document_number)  # orders run by the term of office
    if year and paper.date_of_document and year != paper.date_of_document.year:
        yield Fault(f"发文字号是{year}年的，成文日期在{paper.date_of_document.year}年，请核对。")


@rule("R23", "block", "document_number", "条例 第九条(五)", "联合行文只使用主办机关的发文字号。", since="register")
def joint_paper_bears_the_leads_number(paper: Paper, office: Office) -> Iterator[Fault]:
    if len(paper.issuers) < 2 or not paper.document_number:
        return
    if paper.document_number.count("号") > 1:
        first = paper.document_number.split("号")[0] + "号"
        yield Fault("联合行文只标一个发文字号，请只保留主办机关的。", fix(f"只保留“{first}”", "document_number", first))
        return
    lead, found = office.organ(paper.issuers[0]), NUMBER.fullmatch(paper.document_number)
    if lead and lead.codes and found and found["code"] not in lead.codes:
        yield Fault(
            f"发文字号的代字“{found['code']}”不是主办机关“{lead.name}”的代字（{'、'.join(lead.codes)}），请改用主办机关的。"
        )
