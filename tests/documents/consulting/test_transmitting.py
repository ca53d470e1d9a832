"""Beginning a notice that transmits another paper, from one of our own or a typed one; and replies tied to requests."""

import pytest
from django.urls import reverse

from documents import drafting, review
from documents.consulting import replies, transmit
from documents.models import Attached, Document, ReplyTie, Transmission
from officehub.approvals.decide import DecisionRefused
from officehub.people.grants import Because, grant
from tests.cast import NOTICE, organ

Pattern = Transmission.Pattern
ABOVE = transmit.Source(
    "东岭省人民政府关于加强供暖工作的意见",
    "东岭省人民政府",
    "东政发〔2026〕9号",
    disclosure="依申请公开",
    body="一、总体要求\n保障供暖。",
)


def begin(cast, now, pattern=Pattern.FORWARD, source=ABOVE, by="office") -> Document:
    return transmit.begin(by=cast.drafter, now=now, organ=getattr(cast, by), pattern=pattern, source=source)


@pytest.fixture
def numbered(cast, now):
    """A paper of ours that has its number."""
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": document.content_hash()}
    number = "海政办发〔2026〕5号"
    Document.objects.filter(pk=document.pk).update(state="distributed", document_number=number, **signed)
    document.refresh_from_db()
    return document


def test_the_notice_has_its_title_its_opening_the_text_and_where_it_came_from(cast, now):
    document = begin(cast, now)
    assert document.title == "海青市人民政府办公室转发东岭省人民政府关于加强供暖工作的意见的通知"
    assert "《东岭省人民政府关于加强供暖工作的意见》（东政发〔2026〕9号）转发给你们" in document.content["body"]
    assert [(one.title, one.body) for one in document.attached.all()] == [(ABOVE.title, ABOVE.body)]
    kept = document.transmits
    assert (kept.number, kept.issuer, kept.disclosure, kept.attached) == (
        "东政发〔2026〕9号", "东岭省人民政府", "依申请公开", document.attached.get(),
    )  # fmt: skip
    assert document.content["disclosure"] == "依申请公开"  # R49: as its source
    assert review.findings(document, "sign", now) == []


def test_what_is_published_warns_of_what_is_not(cast, now):
    document = begin(cast, now)
    fields = {**document.content, "title": document.title, "disclosure": "主动公开"}
    drafting.save(document, by=cast.drafter, now=now, fields=fields, revision=0)
    assert [(one.rule, one.severity) for one in review.findings(document, "sign", now)] == [("R49", "warn")]


@pytest.mark.parametrize(
    ("pattern", "issuer", "by", "says"),
    [("endorse", "东岭省人民政府", "government", "批转只用于下级"), ("endorse", "市财政局", "office", "批转只用于下级"),
     ("forward", "市财政局", "government", "其公文用“批转”"),
     ("forward", "海青市人民政府办公室", "office", "自己的公文不转发")],
)  # fmt: skip
def test_the_pattern_fits_who_issued_it(cast, now, pattern, issuer, by, says):
    organ("市财政局", "财政局", "city", "department", superior=cast.government)
    source = transmit.Source("市财政局关于供暖补助的意见", issuer, body="一、补助。")
    with pytest.raises(DecisionRefused, match=says):
        begin(cast, now, pattern, source, by)
    assert not Document.objects.exists()


def test_a_subordinates_paper_is_endorsed_and_not_sent_up(cast, now):
    organ("市财政局", "财政局", "city", "department", superior=cast.government)
    source = transmit.Source("市财政局关于供暖补助的意见", "市财政局", body="一、补助。")
    document = begin(cast, now, Pattern.ENDORSE, source, "government")
    assert document.title == "海青市人民政府批转市财政局关于供暖补助的意见的通知"
    Document.objects.filter(pk=document.pk).update(direction="upward")
    document.refresh_from_db()
    assert "不得原文转报上级机关" in "".join(one.message for one in review.findings(document, "sign", now))


def test_without_the_text_or_under_another_title_it_is_said(cast, now):
    document = begin(cast, now)
    Document.objects.filter(pk=document.pk).update(
        title="改", content={**document.content, "title": "海青市人民政府办公室关于供暖的通知"}
    )
    document.refresh_from_db()
    assert [(one.rule, one.severity) for one in review.findings(document, "sign", now)] == [("R18", "warn")]
    Attached.objects.all().delete()
    document.refresh_from_db()
    assert [(one.rule, one.severity) for one in review.findings(document, "sign", now)] == [("R33", "block")]


# --- by the page -------------------------------------------------------------------------------------------------


def send(client, cast, **given):
    client.force_login(cast.drafter)
    typed = {"organ": cast.office.pk, "pattern": "forward", **given}
    return client.post(reverse("documents:transmit"), typed)


def test_one_of_our_own_is_found_chosen_and_linked(cast, now, client, numbered, page):
    found = page(cast.drafter, "sources", words="冬季供暖")
    assert "海政办发〔2026〕5号" in found
    assert "没有查到" in page(cast.stranger, "sources", words="冬季供暖")
    answer = send(client, cast, pattern="issue", source=numbered.pk)
    assert answer.status_code == 302
    made = Document.objects.latest("id")
    assert (made.transmits.source, made.transmits.disclosure) == (numbered, "主动公开")
    assert "海政办发〔2026〕5号" in page(cast.drafter, "detail", made.pk)


def test_what_one_may_not_see_is_not_taken(cast, now, client, numbered):
    client.force_login(cast.stranger)
    answer = client.post(
        reverse("documents:transmit"), {"organ": cast.office.pk, "pattern": "issue", "source": numbered.pk}
    )
    assert (answer.status_code, Transmission.objects.count()) == (422, 0)


def test_a_typed_source_is_complete_and_nothing_typed_is_lost(cast, client):
    answer = send(client, cast, title="省厅关于供暖的意见", number="错的 号")
    said = answer.content.decode()
    assert answer.status_code == 422
    assert (
        all(words in said for words in ("请写明原发文机关", "全文或者上传文件", "省厅关于供暖的意见"))
        or "六角括号" in said
    )
    answer = send(
        client, cast, title="省厅关于供暖的意见", issuer="省住建厅", body="一、供暖。", number="省建发〔2026〕1号"
    )
    assert answer.status_code == 302
    assert Document.objects.get().transmits.issuer == "省住建厅"


# --- replies -----------------------------------------------------------------------------------------------------


def test_a_reply_is_tied_to_the_request_we_hold_and_each_shows_the_other(cast, now, numbered, page):
    fields = {**NOTICE, "in_reply_to": "海政办发[2026]5号".replace("[", "〔").replace("]", "〕")}
    reply = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
    drafting.submit(reply, by=cast.drafter, now=now, chosen=[], reasons={})
    assert ReplyTie.objects.get().request == numbered
    assert reverse("documents:detail", args=[numbered.pk]) in page(cast.drafter, "detail", reply.pk)
    assert reverse("documents:detail", args=[reply.pk]) in page(cast.drafter, "detail", numbered.pk)
    assert page(cast.head, "detail", reply.pk).count("海政办发〔2026〕5号") == 0  # who may not see it is told nothing
    grant(numbered, [cast.head], Because.RECIPIENT)
    assert replies.tied(reply, cast.head, now)["answers"] == numbered


def test_a_number_that_is_no_paper_of_ours_ties_nothing(cast, now):
    reply = drafting.create(
        by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "in_reply_to": "省函〔2026〕1号"}
    )
    drafting.submit(reply, by=cast.drafter, now=now, chosen=[], reasons={})
    assert (ReplyTie.objects.count(), replies.request_of(reply)) == (0, None)


def test_from_the_page_of_a_paper_it_is_chosen_already(cast, client, numbered):
    client.force_login(cast.drafter)
    page = client.get(reverse("documents:transmit"), {"source": numbered.pk})
    assert f'name="source" value="{numbered.pk}" checked' in page.content.decode()
    assert page.context["form"]["pattern"].value() == "issue"  # one's own office's is neither forwarded nor endorsed
    client.force_login(cast.stranger)
    assert f'value="{numbered.pk}" checked' not in client.get(
        reverse("documents:transmit"), {"source": numbered.pk}
    ).content.decode()  # fmt: skip
