"""Rules on state secrets: the marks that belong together, and the refusal of all of them where they may not be."""

import re
from collections.abc import Iterator

from documents import body as body_text
from documents.interchange import URGENCIES, Paper
from documents.rules.number import WIDE
from documents.rules.office import Office
from documents.rules.registry import Fault, rule
from documents.rules.wording import fix, texts
from officehub.secrecy import is_marked

YEARS = {"绝密": 30, "机密": 20, "秘密": 10}  # 保密法 第二十条
COPY_NUMBER = re.compile(r"\d{6}")
LIKE_URGENT = ("急", "急件", "紧急")
PERIOD = re.compile(r"(?P<count>\d+)\s*(?P<unit>年|个月)")


@rule("R39", "block", "security_classification", "条例 第九条(一)(二)", "涉密公文应同时标注6位份号、密级和保密期限。")
def secret_marks_are_complete(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.copy_number and not COPY_NUMBER.fullmatch(paper.copy_number):
        plain = paper.copy_number.translate(WIDE)
        padded = plain.zfill(6) if plain.isascii() and plain.isdigit() and len(plain) <= 6 else ""
        offered = fix(f"改为“{padded}”", "copy_number", padded) if padded else None
        yield Fault(f"份号“{paper.copy_number}”应为6位阿拉伯数字，如“000012”。", offered, field="copy_number")
    if not paper.security_classification and not paper.classification_period:
        return
    for field, label in (
        ("copy_number", "份号"),
        ("security_classification", "密级"),
        ("classification_period", "保密期限"),
    ):
        if not getattr(paper, field):
            yield Fault(f"涉密公文应当标注{label}，请补填；不涉密的，请去掉密级和保密期限。", field=field)


@rule(
    "R40",
    "block",
    "classification_period",
    "保密法 第二十条",
    "保密期限：绝密不超过30年，机密不超过20年，秘密不超过10年。",
)
def period_is_within_the_law(paper: Paper, office: Office) -> Iterator[Fault]:
    limit = YEARS.get(paper.security_classification)
    found = PERIOD.search(paper.classification_period.translate(WIDE))
    if not limit or not found:
        return
    years = int(found["count"]) / (1 if found["unit"] == "年" else 12)
    if years > limit:
        yield Fault(
            f"{paper.security_classification}的保密期限不超过{limit}年，现为{paper.classification_period}，请缩短。",
            fix(f"改为{limit}年", "classification_period", f"{limit}年"),
        )


@rule(
    "R41",
    "block",
    "security_classification",
    "保密法 第三十一条(三)、第五十七条(十)",
    "非涉密系统不得录入、存储涉密公文。",
)
def no_secrets_here(paper: Paper, office: Office) -> Iterator[Fault]:
    if office.accredited:
        return
    if paper.security_classification or paper.classification_period:
        yield Fault("本系统为非涉密系统，不得录入标有密级的公文；请立即删去并按保密规定办理。")
    for field, text in marked_texts(paper):
        if is_marked(text):
            yield Fault("文中有国家秘密标志，本系统为非涉密系统，不得录入；请立即删去并按保密规定办理。", field=field)


def marked_texts(paper: Paper) -> Iterator[tuple[str, str]]:
    yield from texts(paper)
    yield "masthead", paper.masthead
    for item in paper.attachments:
        yield "attachments", f"{item.title}\n{item.file}\n{body_text.to_text(item.body)}"


@rule("R42", "block", "urgency", "条例 第九条(三)", "紧急程度分为特急、加急。")
def urgency_is_known(paper: Paper, office: Office) -> Iterator[Fault]:
    if paper.urgency and paper.urgency not in URGENCIES:
        offered = fix("改为“加急”", "urgency", "加急") if paper.urgency in LIKE_URGENT else None
        yield Fault(f"紧急程度“{paper.urgency}”不合规定，公文分为特急、加急，请改选；不急的不标。", offered)
