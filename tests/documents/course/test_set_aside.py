"""Rules set aside: the reason is asked for, kept with the deed, and read by whoever decides on the paper after it."""

import re

import pytest
from django.utils.html import strip_tags

from documents import drafting
from documents.models import Document
from officehub.moves import events_of
from tests.cast import NOTICE
from tests.documents.course.test_course import POINTS, agree

ASKING = {
    **NOTICE,
    "kind": "请示",
    "title": "海青市人民政府办公室关于设立值班室的请示",
    "primary_recipients": "市政府，省政府",
    "body": "拟设立值班室。\n妥否，请批示。",
    "remarks": "联系人：李文，电话：6543210",
}
REASON = "省政府要求一并报送"
TEXT = "请示、报告和上行的意见，原则上只主送一个上级机关。"


@pytest.fixture(autouse=True)
def _drawn(monkeypatch):
    """The pages of a paper are drawn elsewhere."""
    from documents import sheets

    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))


@pytest.fixture
def asking(cast, now) -> Document:
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=ASKING)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={"R01": REASON, "R10": ""})
    return document


def words(page: str) -> str:
    return re.sub(r"\s+", "", strip_tags(page))


def test_without_a_reason_it_is_not_submitted(cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=ASKING)
    with pytest.raises(drafting.NotReady, match="原则上只主送一个"):
        drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={"R01": " "})
    assert not events_of(document).filter(verb="submit").exists()


def test_the_course_says_which_rule_was_set_aside_by_whom_and_why(cast, look, asking):
    seen = words(look(asking, cast.head))
    assert re.search(rf"科员drafter综合科提交审批，说明例外.*?R01{TEXT}{REASON}", seen)


def test_who_decides_reads_the_reason_beside_the_finding(cast, look, asking):
    assert f"已说明理由：{REASON}" in words(look(asking, cast.head))


def test_a_paper_without_exceptions_has_no_such_line(cast, now, look):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={"R01": ""})
    assert document.overrides == {}
    assert "说明例外" not in look(document, cast.head)


def test_a_reason_is_text_and_never_markup(cast, now, look):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=ASKING)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={"R01": "<script>alert(1)</script>"})
    page = look(document, cast.head)
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_the_signer_meets_the_recorded_reason_and_signs(cast, now, asking):
    """The re-check at sign-off honours what was recorded, and holds up what nobody gave a reason for."""
    agree(asking, cast.head, now)
    agree(asking, cast.vetter, now, **POINTS)
    Document.objects.filter(pk=asking.pk).update(overrides={})
    asking.refresh_from_db()
    with pytest.raises(Exception, match="原则上只主送一个"):
        agree(asking, cast.leader, now, disclosure_confirmed=True)
    Document.objects.filter(pk=asking.pk).update(overrides={"R01": REASON})
    asking.refresh_from_db()
    agree(asking, cast.leader, now, disclosure_confirmed=True)
    assert asking.state == "signed"


def test_a_bypass_of_separate_duties_is_told_with_its_reason(cast, now, look):
    """R30: the vetter drafted the paper."""
    document = drafting.create(by=cast.vetter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.vetter, now=now, chosen=[], reasons={})
    for head in document.department.heads(now.date()):
        agree(document, head, now)
    agree(document, cast.vetter, now, **POINTS, bypass_reason="核稿员只有一人")
    assert "拟稿人与核稿人为同一人（R30），理由：核稿员只有一人" in words(look(document, cast.leader_in_charge))
