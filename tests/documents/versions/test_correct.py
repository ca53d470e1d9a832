"""复核: slips are set right, and what touches the substance goes back to the original signer."""

import pytest
from django.urls import reverse

from documents import number, signing
from documents.models import Document, Series
from documents.versions import correct as correcting
from documents.versions.faults import faults
from officehub.approvals.decide import DecisionRefused, NeedsReason, run_of
from officehub.approvals.models import Step
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from tests.cast import NOTICE
from tests.documents.versions.test_lock import body_changed

SLIP = {"body": NOTICE["body"].replace("有关事项通知", "有关事宜通知")}
SUBSTANCE = {"body": NOTICE["body"].replace("12月5日", "12月15日")}


@pytest.fixture
def correct(cast, signed_paper, now):
    def done(changes=SLIP, deed=correcting.correct, **given):
        deed_of = {"by": cast.rechecker, "now": now, "revision": signed_paper.revision, "reason": "改正别字", **given}
        made = deed(signed_paper, changes=changes, **deed_of)
        signed_paper.refresh_from_db()
        return made

    return done


def test_a_slip_is_set_right(cast, signed_paper, correct, now):
    was = signed_paper.content_hash()
    version = correct()
    assert (signed_paper.state, signed_paper.signed_hash) == ("signed", was)
    assert signed_paper.issued_hash == signed_paper.content_hash() == version.content_hash != was
    assert (version.number, version.why, version.note) == (2, "correct", "改正别字")
    event = events_of(signed_paper).get(verb="correct")
    assert (event.facts["old_hash"], event.facts["content_hash"]) == (was, version.content_hash)
    told = Notice.objects.filter(verb="documents.corrected").values_list("recipient__username", flat=True)
    assert set(told) == {"drafter", "leader_in_charge"}
    signing.recheck(signed_paper, by=cast.rechecker, now=now)
    number.number(signed_paper, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    assert signed_paper.renditions.get().source["body"] == SLIP["body"]
    assert (list(faults()), list(broken())) == ([], [])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (SUBSTANCE, "数字"),
        ({"title": NOTICE["title"].replace("供暖", "供热")}, "标题"),
        ({"primary_recipients": "各县人民政府"}, "主送机关"),
        ({"cc_recipients": "市委办公室"}, "抄送机关"),
        ({"body": NOTICE["body"] + "\n三、落实责任"}, "增加一段"),
        ({}, "没有改动"),
    ],
)
def test_what_is_substantive_is_refused(signed_paper, correct, changes, says):
    with pytest.raises(DecisionRefused, match=says):
        correct(changes)
    assert (signed_paper.corrected_hash, signed_paper.versions.count()) == ("", 1)


def test_many_small_corrections_do_not_add_up_to_a_large_one(signed_paper, correct):
    """Each is judged against what was signed, not against the one before."""
    first = SLIP["body"].replace("为做好今冬", "为搞好今冬")
    correct()
    correct({"body": first})
    with pytest.raises(DecisionRefused, match="超过 3 个字"):
        correct({"body": first.replace("供暖保障，", "供暖安保工作，")})
    correct({"body": NOTICE["body"]}, reason="恢复签发稿")
    assert (signed_paper.corrected_hash, signed_paper.versions.count()) == ("", 4)


def test_it_takes_a_reason_and_the_text_one_began_from(signed_paper, correct):
    with pytest.raises(NeedsReason):
        correct(reason=" ")
    with pytest.raises(TooLate):
        correct(revision=signed_paper.revision - 1)


def test_a_text_changed_behind_its_back_is_not_corrected(signed_paper, correct):
    body_changed(signed_paper)
    with pytest.raises(DecisionRefused, match="与签发时不一致"):
        correct()


def test_too_late_once_it_is_numbered(cast, signed_paper, correct, now):
    signing.recheck(signed_paper, by=cast.rechecker, now=now)
    correct()  # still before the number
    number.number(signed_paper, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    with pytest.raises(TooLate):
        correct({"body": NOTICE["body"]})


def test_a_change_of_substance_goes_back_to_the_signer(cast, signed_paper, correct, agree, sound, now):
    again = correct(SUBSTANCE, correcting.reapprove, reason="储备期限有误")
    assert signed_paper.state == "in_approval"
    assert (signed_paper.signed_hash, signed_paper.signed_by) == ("", None)
    assert again[-1].verb == "sign_off"
    assert sound(signed_paper)
    assert WorkItem.objects.of(signed_paper).filter(verb__in=("recheck", "number"), done_at=None).count() == 0
    for person, extra in (
        (cast.head, {}),
        (cast.vetter, dict.fromkeys(signing.FIVE_POINTS, True)),
        (cast.leader_in_charge, {"disclosure_confirmed": True}),
    ):
        agree(signed_paper, person, **extra)
    assert signed_paper.state == "signed"
    assert signed_paper.signed_hash == signed_paper.content_hash()
    assert WorkItem.objects.of(signed_paper).get(verb="recheck", done_at=None).assignee == cast.rechecker
    assert sound(signed_paper)
    assert (list(faults()), list(broken())) == ([], [])


def test_opinions_that_outlive_a_change_are_not_asked_again(cast, signed_paper, correct, sound, monkeypatch):
    """Where the stages before let earlier opinions stand, the signer alone is asked."""
    run = run_of(signed_paper)
    run.version.stages.exclude(verb="sign_off").update(if_changed="keep")
    monkeypatch.setattr("officehub.approvals.plan._published", {})
    again = correct(SUBSTANCE, correcting.reapprove)
    assert [stage.verb for stage in again] == ["sign_off"]
    [step] = Step.objects.filter(run=run, state="open")
    assert step.approver == cast.leader_in_charge
    assert sound(signed_paper)


def test_the_page_weighs_what_is_typed(cast, signed_paper, client):
    client.force_login(cast.rechecker)
    address = reverse("documents:correct", args=[signed_paper.pk])
    assert "复核改正" in client.get(address).content.decode()
    given = {**NOTICE, "issuers": "", "revision": signed_paper.revision, "decision": "weigh"}
    assert "不涉及实质内容" in client.post(address, {**given, **SLIP}).content.decode()
    page = client.post(address, {**given, **SUBSTANCE}).content.decode()
    assert ("属于实质性修改" in page, "数字、日期" in page) == (True, True)
    assert "还没有改动" in client.post(address, given).content.decode()
    assert "标题：" in client.post(address, {**given, "title": ""}).content.decode()
    assert signed_paper.versions.count() == 1


def test_from_the_page_it_is_refused_with_everything_typed_or_done(cast, signed_paper, client):
    client.force_login(cast.rechecker)
    address = reverse("documents:correct", args=[signed_paper.pk])
    given = {**NOTICE, "issuers": "", "revision": signed_paper.revision, "decision": "correct", "reason": "改正"}
    refused = client.post(address, {**given, **SUBSTANCE})
    assert (refused.status_code, "12月15日" in refused.content.decode()) == (422, True)
    answer = client.post(address, {**given, **SUBSTANCE, "decision": "reapprove"}, follow=True)
    assert "已报原签批人复审，将重新办理：部门审核、核稿、签发。" in answer.content.decode()


def test_only_the_rechecker_finds_the_page(cast, signed_paper, client):
    address = reverse("documents:correct", args=[signed_paper.pk])
    for who in (cast.drafter, cast.leader_in_charge, cast.stranger):
        client.force_login(who)
        assert client.get(address).status_code == 404
    Document.objects.filter(pk=signed_paper.pk).update(state="returned")
    client.force_login(cast.rechecker)
    assert client.get(address).status_code == 409


def test_only_names_that_stand_in_the_changed_words_are_known(cast, django_assert_num_queries):
    words = "由市财政局会同综合科办理，联系人李大山。"
    cast.stranger.name = "李大山"
    cast.stranger.save()
    with django_assert_num_queries(4):
        assert correcting.known_names(words) == {"市财政局", "综合科", "李大山"}
    with django_assert_num_queries(0):
        assert correcting.known_names("") == set()
    cast.stranger.name = "由"  # one character is no name
    cast.stranger.save()
    assert "由" not in correcting.known_names(words)
