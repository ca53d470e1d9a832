"""Papers that a draft cites as its basis and that are void (条例 第三十三条; 条例 第二十条(一): 行文依据准确)."""

import re
from collections.abc import Iterator
from datetime import date

from documents.elements import Paper
from documents.models import Document
from documents.rules import Finding
from documents.rules.elsewhere import held_elsewhere

CITED = re.compile(r"(?P<code>[\u4e00-\u9fa5A-Za-z]{1,20})(?P<rest>〔(?:19|20)\d{2}〕[1-9]\d{0,5}号)")
CLAUSE = re.compile(r"[^。；！？\n]+")
ABOUT_IT = re.compile(r"废止|撤销|失效|停止执行")  # a clause that says so does not cite it as a basis
LONGEST_CODE, MOST = 12, 200  # characters of a 机关代字; citations looked at in one paper


def findings(paper: Paper, today: date) -> list[Finding]:
    """A warning for each void paper of ours that is cited. Asks the database only when something is cited."""
    cited = numbers_in(paper)
    if not cited:
        return []
    annulled = Document.objects.filter(document_number__in=cited).exclude(annulled="")
    rows = annulled.prefetch_related("annulments").order_by("document_number")
    basis = held_elsewhere("R58").basis
    return [Finding("R58", "warn", "body", message(one, today), basis) for one in rows]


def numbers_in(paper: Paper) -> set[str]:
    """Everything in a text that may be the number of a paper. What stands before a number is written together with
    it, so each ending of that is tried as its 代字."""
    texts = [paper.title, paper.in_reply_to, *_texts(paper)]
    found = [match for text in texts for match in _cited(text)][:MOST]
    return {
        match["code"][-length:] + match["rest"]
        for match in found
        for length in range(1, min(len(match["code"]), LONGEST_CODE) + 1)
    }


def _texts(paper: Paper) -> Iterator[str]:
    for blocks in (paper.body, *(attachment.body for attachment in paper.attachments)):
        for block in blocks:
            yield block.text
            yield from (cell for row in block.rows for cell in row)


def _cited(text: str) -> Iterator[re.Match]:
    for clause in CLAUSE.findall(text):
        if not ABOUT_IT.search(clause):
            yield from CITED.finditer(clause)


def message(document: Document, today: date) -> str:
    """Why a citation needs another look."""
    name = document.document_number
    if document.annulled == Document.Annulled.PARTLY:
        parts = "、".join(one.part for one in document.annulments.all() if one.undone_at is None)
        return f"所引{name}已部分失效（{parts}），请核对所引的条款。"
    if document.annulled == Document.Annulled.REVOKED:
        return f"所引{name}已撤销，自始无效，不能作为行文依据。"
    day = document.annulled_from
    when = f"{day.year}年{day.month}月{day.day}日"
    if day <= today:
        return f"所引{name}已自{when}起废止，不能作为行文依据。"
    return f"所引{name}将自{when}起废止，请核对能否作为行文依据。"
