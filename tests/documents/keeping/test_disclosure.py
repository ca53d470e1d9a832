"""Disclosure: the ground of the law, the clock of 20 working days, where it was published, and the yearly review."""

from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from documents import drafting
from documents.forms import DraftForm
from documents.keeping import disclosure
from documents.keeping.grounds import GROUNDS, joined, parted
from documents.models import DisclosureRecord, DisclosureReview
from documents.review import findings
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import Role, RoleHolding
from officehub.workdays.arithmetic import add
from tests.cast import NOTICE, person

EXEMPT = {"disclosure": "不予公开", "disclosure_reason": joined("process", "尚在研究")}
SITE = {"channel": "site", "place": "http://www.example.gov.cn/1.html"}


@pytest.mark.parametrize("ground", [code for code, _words in GROUNDS])
def test_a_ground_and_its_words_are_read_back_as_written(ground):
    assert parted(joined(ground, "尚在研究")) == (ground, "尚在研究")


def test_a_ground_named_in_words_is_known_and_another_is_none():
    assert parted("属于请示报告类过程性信息")[0] == "process"
    assert parted("领导要求")[0] == ""


def test_the_form_puts_ground_and_words_together():
    form = DraftForm({**NOTICE, "revision": 0, "disclosure": "不予公开", "disclosure_ground": "internal",
                      "disclosure_reason": "人事安排"})  # fmt: skip
    assert form.is_valid(), form.errors
    assert form.fields_of_paper()["disclosure_reason"] == "内部事务信息（第十六条第一款）：人事安排"
    assert "state_secret" not in dict(form.fields["disclosure_ground"].choices)


@pytest.mark.parametrize(
    ("reason", "held"),
    [("领导要求", True), ("", True), (joined("process", ""), True), (joined("third_party", "含个人信息"), False)],
)
def test_no_paper_is_kept_from_the_public_without_a_legal_ground(cast, now, reason, held):
    fields = {**NOTICE, "disclosure": "不予公开", "disclosure_reason": reason}
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
    rules = {one.rule for one in findings(paper, "sign", now) if one.severity == "block"}
    assert ("R48" in rules) is held


def test_an_issued_paper_is_to_be_public_in_twenty_working_days(cast, now, officer, issued):
    document = issued()
    kept = document.disclosure
    assert (kept.status, kept.formed_on, kept.confirmed_by) == ("主动公开", now.date(), cast.leader_in_charge)
    assert kept.publish_by == add(now.date(), 20).date == date(2026, 12, 21)
    item = WorkItem.objects.get(verb="disclose")
    assert (item.assignee, item.due_at.astimezone(now.tzinfo).date()) == (officer, kept.publish_by)


def test_on_request_and_exempt_papers_have_no_clock(officer, issued):
    asked, exempt = issued(disclosure="依申请公开").disclosure, issued(**EXEMPT).disclosure
    assert (asked.publish_by, asked.review_on) == (None, None)
    assert (exempt.publish_by, exempt.ground, exempt.reason) == (None, "process", "尚在研究")
    assert exempt.review_on == date(2027, 11, 23)
    assert not WorkItem.objects.filter(verb="disclose").exists()


def test_publication_is_noted_once_with_where_and_when(cast, now, officer, issued):
    kept = issued().disclosure
    disclosure.publish(kept, day=now.date(), **SITE, by=officer, now=now)
    assert (kept.published_on, kept.published_by, kept.place) == (now.date(), officer, SITE["place"])
    assert WorkItem.objects.get(verb="disclose").outcome == "已公开"
    assert events_of(kept.document).get(verb="disclosed").facts["on"] == "2026-11-23"
    with pytest.raises(TooLate):
        disclosure.publish(kept, day=now.date(), **SITE, by=officer, now=now)


@pytest.mark.parametrize(("days", "said"), [(1, "不能晚于今天"), (-1, "不能早于成文日期")])
def test_no_publication_before_the_paper_nor_after_today(now, officer, issued, days, said):
    with pytest.raises(DecisionRefused, match=said):
        disclosure.publish(issued().disclosure, day=now.date() + timedelta(days=days), **SITE, by=officer, now=now)


def test_a_review_that_lets_it_be_public_begins_a_clock_of_its_own(now, officer, issued):
    kept, later = issued(**EXEMPT).disclosure, now + timedelta(days=370)
    assert list(disclosure.to_ask(now)) == []
    assert disclosure.ask_for_reviews(later) == 1
    assert disclosure.ask_for_reviews(later) == 0
    assert WorkItem.objects.get(verb="review_disclosure").assignee == officer
    disclosure.review(kept, status="主动公开", reason="事项已办结", by=officer, now=later)
    assert (kept.status, kept.review_on) == ("主动公开", None)
    assert kept.publish_by == add(later.date(), 20).date
    assert WorkItem.objects.get(verb="review_disclosure").outcome == "已审查"
    assert WorkItem.objects.get(verb="disclose", done_at=None).assignee == officer
    disclosure.publish(kept, day=later.date(), **SITE, by=officer, now=later)


def test_a_review_may_keep_it_for_another_year_and_every_one_stays_on_record(now, officer, issued):
    kept = issued(**EXEMPT).disclosure
    for years in (1, 2):
        at = now + timedelta(days=366 * years)
        disclosure.ask_for_reviews(at)
        disclosure.review(kept, status="不予公开", reason=f"第{years}次审查", by=officer, now=at)
    assert kept.review_on == date(2029, 11, 24)
    told = DisclosureReview.objects.values_list("was", "now", "reason")
    assert list(told) == [("不予公开", "不予公开", "第2次审查"), ("不予公开", "不予公开", "第1次审查")]
    assert WorkItem.objects.filter(verb="review_disclosure").count() == 2


def test_two_reviewers_at_once_make_one_review(now, officer, issued):
    kept = issued(**EXEMPT).disclosure
    other = DisclosureRecord.objects.get(pk=kept.pk)
    disclosure.review(kept, status="不予公开", reason="维持", by=officer, now=now)
    with pytest.raises(TooLate):
        disclosure.review(other, status="主动公开", reason="公开", by=officer, now=now)


def test_a_paper_annulled_is_to_be_marked_where_it_was_published(now, officer, issued):
    public, waiting = issued().disclosure, issued().disclosure
    disclosure.publish(public, day=now.date(), **SITE, by=officer, now=now)
    for kept in (public, waiting):
        disclosure.paper_changed(kept.document, "已废止", now)
        kept.refresh_from_db()
    assert (public.ended, waiting.ended, waiting.publish_by) == ("已废止", "已废止", None)
    assert not WorkItem.objects.filter(verb="disclose", done_at=None).exists()
    assert Notice.objects.get(verb="documents.disclosed_changed").recipient == officer
    with pytest.raises(TooLate):
        disclosure.publish(waiting, day=now.date(), **SITE, by=officer, now=now)
    disclosure.paper_restored(waiting.document, now)
    waiting.refresh_from_db()
    assert (waiting.ended, waiting.publish_by) == ("", add(now.date(), 20).date)
    assert WorkItem.objects.get(verb="disclose", done_at=None).assignee == officer


def test_whoever_becomes_officer_later_gets_what_waits(cast, now, issued):
    issued()
    assert not WorkItem.objects.filter(verb="disclose").exists()
    late = person("late", cast.clerk.department, "公开员", False, [Role.DISCLOSURE_OFFICER])
    assert WorkItem.objects.get(verb="disclose", done_at=None).assignee == late
    RoleHolding.objects.get(person=late).delete()
    assert not WorkItem.objects.filter(verb="disclose", done_at=None).exists()


# --- the pages ------------------------------------------------------------------------------------------------------


def test_the_officer_publishes_and_reviews_on_the_page(client, officer, issued):
    client.force_login(officer)
    public, exempt = issued(), issued(**EXEMPT)
    given = {"day": "2026-11-23", **SITE}
    assert client.post(reverse("documents:publish", args=[public.pk]), given).status_code == 302
    refused = client.post(reverse("documents:publish", args=[public.pk]), {**given, "place": ""})
    assert refused.status_code == 422 or public.disclosure.published_on
    answer = client.post(
        reverse("documents:review_disclosure", args=[exempt.pk]), {"status": "依申请公开", "reason": "可以"}
    )
    assert answer.status_code == 302
    assert DisclosureRecord.objects.get(document=exempt).status == "依申请公开"
    assert (
        "由不予公开转为依申请公开"
        in client.get(reverse("documents:disclosure_record", args=[exempt.pk])).content.decode()
    )


def test_a_slip_keeps_what_was_typed_and_says_what_is_wrong(client, officer, issued):
    client.force_login(officer)
    answer = client.post(
        reverse("documents:publish", args=[issued().pk]), {"day": "2036-01-01", "channel": "site", "place": "首页"}
    )
    page = answer.content.decode()
    assert (answer.status_code, "公开日期不能晚于今天" in page, 'value="首页"' in page) == (422, True, True)


@pytest.mark.parametrize("tab", ["due", "public", "request", "exempt", "review"])
def test_every_list_asks_the_same_for_one_and_for_three(client, now, officer, issued, django_assert_num_queries, tab):
    made = {"due": {}, "public": {}, "request": {"disclosure": "依申请公开"}, "exempt": EXEMPT, "review": EXEMPT}[tab]
    client.force_login(officer)
    address = f"{reverse('documents:disclosure')}?tab={tab}"
    for count in (1, 2):
        for _ in range(count):
            kept = issued(**made).disclosure
            if tab == "public":
                disclosure.publish(kept, day=now.date(), **SITE, by=officer, now=now)
            if tab == "review":
                DisclosureRecord.objects.filter(pk=kept.pk).update(review_on=now.date())
        client.get(address)
        with django_assert_num_queries(14):
            page = client.get(address)
    assert len(page.context["page"].rows) == 3


def test_the_ledger_as_excel_holds_text_as_text(client, officer, issued):
    issued(**{**EXEMPT, "disclosure_reason": joined("process", "=1+1")})
    client.force_login(officer)
    answer = client.get(reverse("documents:export_disclosures"), {"tab": "exempt"})
    sheet = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert b"<f>" not in sheet.read("xl/worksheets/sheet1.xml")
    assert b"=1+1" in b"".join(sheet.read(name) for name in sheet.namelist())


def test_others_find_no_ledger(client, cast, issued):
    document = issued()
    for who in (cast.drafter, cast.stranger, cast.sys_admin, cast.archivist):
        client.force_login(who)
        assert client.get(reverse("documents:disclosure")).status_code == 404
        assert client.get(reverse("documents:disclosure_record", args=[document.pk])).status_code == 404
        assert client.post(reverse("documents:publish", args=[document.pk])).status_code == 404
