"""Off the straight road: returns after sign-off, voided numbers, people who change, and who is told what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from documents import distribute, drafting, number, receive, seal, signing
from documents.archive import archive
from documents.models import Document, Series
from documents.printing import print_rendition
from officehub.approvals import decide
from officehub.approvals.asked import Choice
from officehub.approvals.models import Step
from officehub.approvals.reassigning import reassign
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Delegation, RoleHolding
from tests.cast import NOTICE, person

POINTS = dict.fromkeys(signing.FIVE_POINTS, True)


def draft(cast, now, by=None, **changes) -> Document:
    return drafting.create(by=by or cast.drafter, now=now, organ=cast.office, fields={**NOTICE, **changes})


def submit(document, now, chosen=()) -> None:
    drafting.submit(document, by=document.drafter, now=now, chosen=list(chosen), reasons={})


def step_of(document, who) -> Step:
    return Step.objects.get(run__subject_id=document.pk, approver=who, state="open")


def agree(document, who, now, **extra) -> None:
    decide.agree(step_of(document, who), by=who, now=now, seen=document.approval_hash(), extra=extra)
    document.refresh_from_db()


def sign(document, cast, now) -> None:
    submit(document, now)
    agree(document, cast.head, now)
    agree(document, cast.vetter, now, **POINTS)
    agree(document, cast.leader_in_charge, now, disclosure_confirmed=True)


def numbered(cast, now, **changes) -> Document:
    document = draft(cast, now, **changes)
    sign(document, cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    return document


def distributed(cast, now):
    document = numbered(cast, now)
    print_rendition(seal.proof_of(document).pk, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    print_rendition(seal.original_of(document).pk, now)
    return document, distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)


def open_errands(document) -> list[tuple[str, str]]:
    rows = WorkItem.objects.of(document).filter(done_at=None).order_by("verb", "assignee__username")
    return list(rows.values_list("verb", "assignee__username"))


@pytest.mark.parametrize("after", ["sign-off", "recheck"])
def test_a_paper_that_comes_back_after_sign_off_is_asked_for_anew(cast, now, after):
    document = draft(cast, now)
    sign(document, cast, now)
    if after == "recheck":
        signing.recheck(document, by=cast.rechecker, now=now)
    signing.recheck_return(document, by=cast.rechecker, now=now, reason="附件缺页")
    assert open_errands(document) == [("revise", "drafter")]
    sign(document, cast, now)
    assert (document.state, open_errands(document)) == ("signed", [("recheck", "rechecker")])


@pytest.mark.parametrize("door", ["recheck", "void_number"])
def test_a_reason_that_no_database_keeps_is_refused_with_a_sentence(cast, now, client, door):
    document = numbered(cast, now) if door == "void_number" else draft(cast, now)
    if door == "recheck":
        sign(document, cast, now)
    stood = document.state
    client.force_login(cast.rechecker)
    given = {"decision": "return", "reason": "缺\x00页"}
    answer = client.post(reverse(f"documents:{door}", args=[document.pk]), given, follow=True)
    document.refresh_from_db()
    assert ("不能印刷的字符 U+0000" in answer.content.decode(), document.state) == (True, stood)


def test_a_voided_number_stays_explained_and_is_not_used_again(cast, now):
    document = numbered(cast, now)
    number.void(document, by=cast.rechecker, now=now, reason="附件有误")
    assert (document.state, document.document_number, open_errands(document)) == (
        "returned", None, [("revise", "drafter")],
    )  # fmt: skip
    sign(document, cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    assert document.document_number == "海政办发〔2026〕2号"
    assert (list(number.faults()), list(broken())) == ([], [])
    assert open_errands(document) == [("seal", "seal_keeper")]


def test_what_was_saved_meanwhile_is_not_submitted_unseen(cast, now):
    document = draft(cast, now)
    other = Document.objects.get(pk=document.pk)
    drafting.save(
        other, by=cast.drafter, now=now, fields={**NOTICE, "body": "另一个窗口改了。"}, important=False, revision=0
    )
    with pytest.raises(TooLate):
        submit(document, now)
    assert Document.objects.get().state == "drafting"


@pytest.mark.parametrize(
    ("body", "says"),
    [("按下图办理。\n![图](a.png)", "缺少图片"), ("任命张\U00031350明为工程师。", r"U\+31350")],
    ids=["no-such-image", "a-character-no-font-has"],
)
def test_what_cannot_be_printed_right_is_not_submitted(cast, now, body, says):
    document = draft(cast, now, body=body)
    with pytest.raises(drafting.NotReady, match=says):
        submit(document, now)
    assert Document.objects.get().state == "drafting"


def test_without_a_disclosure_nothing_is_submitted(cast, now):
    document = draft(cast, now, disclosure="")
    with pytest.raises(drafting.NotReady, match="公开"):
        submit(document, now)


def test_the_drafter_does_not_vet_the_own_paper_when_another_can(cast, now):
    second = person("vetter2", cast.vetter.department, "核稿员乙", False, ["vetter"])
    document = draft(cast, now, by=cast.vetter)
    planned = {stage.stage.name: stage.people for stage in drafting.simulate(document, Choice(), now)}
    assert planned["核稿"] == [second]


def test_a_lapsed_delegate_decides_nothing_and_the_principal_is_asked_again(cast, now):
    today = now.date()
    Delegation.objects.create(
        principal=cast.leader_in_charge, delegate=cast.head, since=today, until=today, reason="出差"
    )
    document = draft(cast, now)
    submit(document, now)
    agree(document, cast.head, now)
    agree(document, cast.vetter, now, **POINTS)
    later = now + timedelta(days=1)
    with pytest.raises(decide.DecisionRefused, match="委托已到期"):
        agree(document, cast.head, later, disclosure_confirmed=True)
    assert reassign(decide.run_of(document), later)
    assert open_errands(document) == [("sign_off", "leader_in_charge")]
    agree(document, cast.leader_in_charge, later, disclosure_confirmed=True)
    assert (document.state, list(broken())) == ("signed", [])


def test_a_vetter_who_is_one_no_longer_is_not_obeyed_and_the_new_one_is_asked(cast, now):
    document = draft(cast, now)
    submit(document, now)
    agree(document, cast.head, now)
    successor = person("vetter2", cast.vetter.department, "核稿员乙", False, ["vetter"])
    RoleHolding.objects.get(person=cast.vetter, role="vetter").delete()
    with pytest.raises(decide.DecisionRefused, match="不再担任"):
        agree(document, cast.vetter, now, **POINTS)
    assert reassign(decide.run_of(document), now)
    assert not reassign(decide.run_of(document), now)
    assert open_errands(document) == [("vet", "vetter2")]
    agree(document, successor, now, **POINTS)
    assert open_errands(document) == [("sign_off", "leader_in_charge")]


def test_nothing_is_archived_before_it_is_delivered(cast, now):
    document, sent = distributed(cast, now)
    with pytest.raises(decide.DecisionRefused, match="还在送达"):
        archive(document, retention="D10", reason="先归", by=cast.archivist, now=now)
    distribute.deliver(sent.pk, now)
    with pytest.raises(decide.DecisionRefused, match="没有签收"):
        archive(document, retention="D10", by=cast.archivist, now=now)
    archive(document, retention="D10", reason="阅件人出差", by=cast.archivist, now=now)
    assert open_errands(document) == [("read", "reader")]


def test_the_print_run_typed_is_kept(cast, now):
    document = draft(cast, now)
    fields = {**NOTICE, "print_run": 50}
    drafting.save(document, by=cast.drafter, now=now, fields=fields, important=False, revision=0)
    assert Document.objects.get().paper().print_run == 50


def test_who_was_first_is_whoever_did_it_not_whoever_looked(cast, now):
    document, sent = distributed(cast, now)
    distribute.deliver(sent.pk, now)
    receive.acknowledge(document, cast.reader, now)
    with pytest.raises(TooLate) as late:
        distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    assert late.value.who == cast.clerk


def test_a_reader_sees_the_paper_and_not_how_it_came_about(cast, now, client):
    document, sent = distributed(cast, now)
    distribute.deliver(sent.pk, now)
    address = reverse("documents:detail", args=[document.pk])
    seen = {}
    for name in ("reader", "drafter"):
        client.force_login(getattr(cast, name))
        seen[name] = "办理过程" in client.get(address).content.decode()
        readers = client.get(reverse("documents:readers", args=[document.pk])).status_code
        seen[name] = (seen[name], readers)
    assert seen == {"reader": (False, 404), "drafter": (True, 200)}


def test_the_departments_chosen_before_are_ticked_again(cast, now, client):
    document = draft(cast, now)
    submit(document, now, chosen=[cast.bureau.pk])
    decide.return_(step_of(document, cast.head), by=cast.head, now=now, seen=document.approval_hash(), reason="改")
    client.force_login(cast.drafter)
    page = client.get(reverse("documents:submit", args=[document.pk])).content.decode()
    assert "局长countersigner" in page.replace("</strong>", "")
    assert page.count("checked") == 1
