"""A draft that cites a void paper as its basis is warned of it, with how it stands."""

from datetime import date

import pytest

from documents import review
from documents.annulling import cited
from documents.interchange import parse
from documents.models import Document
from tests.cast import NOTICE

NUMBER = "海政办发〔2026〕1号"
CITING = f"根据《供暖办法》（{NUMBER}）的要求，现通知如下。"


def warned(body: str = CITING, day: date = date(2027, 1, 1), **fields) -> list[str]:
    return [finding.message for finding in cited.findings(parse({**NOTICE, "body": body, **fields}), day)]


def test_a_paper_in_force_is_cited_without_a_word(issued):
    assert (issued.document_number, warned()) == (NUMBER, [])


def test_a_repealed_one_from_its_day_on(annul):
    annul(effective_from=date(2027, 1, 1))
    assert warned() == [f"所引{NUMBER}已自2027年1月1日起废止，不能作为行文依据。"]
    assert warned(day=date(2026, 12, 31)) == [f"所引{NUMBER}将自2027年1月1日起废止，请核对能否作为行文依据。"]


def test_a_revoked_one_always(annul):
    annul(sort="revoked")
    assert warned(day=date(2026, 11, 23)) == [f"所引{NUMBER}已撤销，自始无效，不能作为行文依据。"]


def test_parts_are_named(annul):
    annul(part="第三条")
    assert warned() == [f"所引{NUMBER}已部分失效（第三条），请核对所引的条款。"]


@pytest.mark.parametrize(
    "body",
    [
        f"按照{NUMBER}文件执行。",
        f"一、依据\n依据{NUMBER}办理。",
        f"情况如下。\n| 依据 | 页 |\n| --- | --- |\n| {NUMBER} | 1 |",
    ],
)
def test_wherever_it_is_cited(annul, body):
    annul()
    assert len(warned(body)) == 1


@pytest.mark.parametrize(
    "body", [f"{NUMBER}同时废止。", f"现决定撤销{NUMBER}。", "按照海政办发〔2026〕2号办理。", "现通知如下。"]
)
def test_what_repeals_it_or_names_another_is_not_warned(annul, body):
    annul()
    assert warned(body) == []


def test_a_reply_to_it_and_an_attachment_are_looked_at_too(annul):
    annul()
    assert len(warned("现通知如下。", attachments=[{"title": "依据", "body": CITING}])) == 1


def test_nothing_cited_asks_the_database_nothing(issued, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert warned("现通知如下。") == []


def test_it_stands_among_the_findings_and_holds_nothing_up(cast, annul, now):
    annul(sort="revoked")
    paper = Document(content={**NOTICE, "body": CITING}, kind="通知")
    found = review.check_paper(parse(paper.content), "sign", now)
    assert [(one.rule, one.severity) for one in found if one.rule == "R58"] == [("R58", "warn")]
