"""R60: who leaves leaves nothing behind: papers, errands, duties, posts and the account, in one deed with its proof."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents import distribute, drafting, signing
from documents.models import Addressee, Distribution, Document, Receipt
from documents.receive import acknowledge
from officehub.approvals.models import Stage
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.errands import Errand, finish, give
from officehub.inbox.hand_over import HandedOver, HandoverRefused, hand_over
from officehub.inbox.models import Handover, WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.grants import lets_in_because
from officehub.people.models import Delegation, Person, RoleHolding
from officehub.people.signals import handing_over
from tests.cast import NOTICE


@pytest.fixture
def leave(cast, now):
    """The drafter leaves (or another), the stranger takes over (or another)."""

    def leaving(person=None, to=None, **changes) -> Handover:
        person = Person.objects.get(pk=(person or cast.drafter).pk)
        return hand_over(person, to or cast.stranger, by=cast.sys_admin, now=now, reason="调出", **changes)

    return leaving


def draft(cast, now, by=None) -> Document:
    return drafting.create(by=by or cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def sent_to(cast, now, *people) -> Document:
    """A paper distributed and delivered to these people."""
    document = draft(cast, now, by=cast.head)
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": document.content_hash()}
    Document.objects.filter(pk=document.pk).update(
        state="distributed", document_number="海政办发〔2026〕1号", printing_date=now.date(), **signed
    )
    sent = Distribution.objects.create(document=document, by=cast.clerk, at=now, due_at=now + timedelta(days=2))
    Addressee.objects.bulk_create([Addressee(distribution=sent, person=person) for person in people])
    document.refresh_from_db()
    return document


def todo(person) -> list[tuple[str, str]]:
    return list(WorkItem.objects.todo(person).order_by("id").values_list("verb", "key"))


def test_papers_get_a_new_drafter_who_sees_them_and_their_history_says_so(cast, now, leave):
    document, archived = draft(cast, now), draft(cast, now)
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": "x", "document_number": "海政办发〔2026〕2号"}
    Document.objects.filter(pk=archived.pk).update(state="archived", **signed)
    proof = leave()
    document.refresh_from_db()
    archived.refresh_from_db()
    assert (document.drafter, archived.drafter, proof.counts) == (cast.stranger, cast.drafter, {"paper": 1})
    assert Document.objects.visible_to(cast.stranger, now).get() == document
    event = events_of(document).get(verb="hand_over")
    assert (event.actor, event.facts["leaver"], list(broken())) == (cast.sys_admin, cast.drafter.name, [])


def test_the_leaver_saves_and_submits_the_paper_no_more(cast, now, leave):
    document = draft(cast, now)
    leave()
    with pytest.raises(TooLate):
        drafting.save(document, by=cast.drafter, now=now, fields=NOTICE, important=False, revision=0)
    with pytest.raises(TooLate):
        drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})


def test_every_open_errand_is_asked_of_the_receiver_with_the_same_limit(cast, now, leave):
    document = draft(cast, now, by=cast.drafter)
    signing.hand_back(document, cast.head, "请补充", now - timedelta(days=1), key="revise:1")
    give(Errand("meet", "meet", "会务", due_at=now + timedelta(days=1)), cast.section, [cast.drafter], now)
    before = {item.key: item for item in WorkItem.objects.todo(cast.drafter)}
    proof = leave()
    assert proof.counts == {"paper": 1, "revise": 1, "meet": 1}
    assert (todo(cast.drafter), todo(cast.stranger)) == ([], [("revise", "revise:1"), ("meet", "meet")])
    for item in WorkItem.objects.todo(cast.stranger):
        was = before[item.key]
        assert (item.title, item.due_at, item.source, item.subject) == (was.title, was.due_at, was.source, was.subject)
        assert (item.opened_at, item.seen_at) == (now, None)
    closed = WorkItem.objects.done(cast.drafter).values_list("outcome", flat=True)
    assert set(closed) == {"已移交"}


def test_what_the_receiver_was_asked_already_is_only_closed(cast, now, leave):
    give(Errand("meet", "meet", "会务"), cast.section, [cast.drafter, cast.stranger], now)
    finish(cast.section, "meet", "已办", now, assignee=cast.stranger)
    assert leave().counts == {"meet": 1}
    assert (todo(cast.drafter), todo(cast.stranger)) == ([], [])
    assert WorkItem.objects.get(assignee=cast.stranger).outcome == "已办"


def test_what_went_from_one_to_the_other_may_come_back(cast, now, leave):
    give(Errand("meet", "meet", "会务"), cast.section, [cast.drafter], now)
    leave()
    leave(cast.stranger, cast.drafter)
    assert (todo(cast.drafter), todo(cast.stranger)) == ([("meet", "meet")], [])


def test_papers_to_read_are_read_by_the_receiver_who_does_not_see_their_course(cast, now, leave):
    document = sent_to(cast, now, cast.drafter)
    distribute.deliver(document.distributions.get().pk, now)
    assert leave().counts == {"read": 1}
    assert todo(cast.stranger) == [("read", "read")]
    assert lets_in_because(document, cast.stranger, now) == {"recipient"}
    assert acknowledge(document, cast.stranger, now)
    receipts = Receipt.objects.values_list("reader__username", "delivered_at", "acknowledged_at")
    assert sorted(receipts) == [("drafter", now, None), ("stranger", now, now)]


@pytest.mark.parametrize("anyway", [False, True], ids=["instead", "asked anyway"])
def test_a_paper_on_its_way_to_the_leaver_reaches_the_receiver_once(cast, now, leave, anyway):
    document = sent_to(cast, now, cast.drafter, *([cast.stranger] if anyway else []))
    leave()
    assert distribute.deliver(document.distributions.get().pk, now)
    assert (todo(cast.drafter), todo(cast.stranger)) == ([], [("read", "read")])
    assert Receipt.objects.get().reader == cast.stranger


def test_duties_stay_with_the_others_of_the_role(cast, now, leave):
    document = draft(cast, now, by=cast.head)
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": "x"}
    Document.objects.filter(pk=document.pk).update(state="signed", **signed)
    document.refresh_from_db()
    RoleHolding.objects.create(person=cast.clerk, role="rechecker")
    signing.ask(document, "recheck", "rechecker", now)
    assert leave(cast.rechecker).counts == {"recheck": 1}
    assert (todo(cast.rechecker), todo(cast.stranger)) == ([], [])
    assert ("recheck", "recheck:0") in todo(cast.clerk)


def test_the_last_of_a_role_leaves_no_duty_behind(cast, now, leave):
    document = draft(cast, now, by=cast.head)
    Document.objects.filter(pk=document.pk).update(
        state="signed", signed_by=cast.leader, signed_at=now, signed_hash="x"
    )
    document.refresh_from_db()
    signing.ask(document, "recheck", "rechecker", now)
    with pytest.raises(HandoverRefused, match="1 件公文等复核人办理，没有别的复核人，请先由安全管理员授予"):
        leave(cast.rechecker)
    assert (todo(cast.rechecker), Handover.objects.count()) == ([("recheck", "recheck:0")], 0)
    RoleHolding.objects.create(person=cast.stranger, role="rechecker")
    assert leave(cast.rechecker).total == 1
    assert todo(cast.stranger) == [("recheck", "recheck:0")]


def test_roles_posts_and_delegations_end_with_yesterday(cast, now, leave):
    today = timezone.localdate(now)
    days = {"since": today - timedelta(days=3), "until": today + timedelta(days=3), "reason": "出差"}
    given = Delegation.objects.create(principal=cast.vetter, delegate=cast.clerk, **days)
    held = Delegation.objects.create(principal=cast.head, delegate=cast.reader, **days)
    leave(cast.vetter)
    leave(cast.reader)
    assert not RoleHolding.objects.filter(person__in=[cast.vetter, cast.reader]).exists()
    assert [cast.people[name].appointments.get().until for name in ("vetter", "reader")] == [
        today - timedelta(days=1)
    ] * 2
    for delegation in (given, held):
        delegation.refresh_from_db()
        assert delegation.until == today - timedelta(days=1)
    taken = Event.objects.filter(verb="role_taken").order_by("id").values_list("facts__role", flat=True)
    assert list(taken) == ["vetter", "registry_clerk"]


def test_the_certificate_counts_is_numbered_and_keeps_its_hash(cast, now, leave):
    draft(cast, now)
    first, second = leave(), leave(cast.vetter, cast.clerk)
    assert (first.number, second.number, first.left) == ("离岗移交〔2026〕1号", "离岗移交〔2026〕2号", 0)
    assert (
        first.certificate_hash
        == Event.objects.get(subject_id=first.pk, facts__counts__paper=1).facts["certificate_hash"]
    )
    kept = Handover.objects.get(pk=first.pk)
    assert kept.is_genuine
    kept.counts = {"paper": 2}
    assert not kept.is_genuine


def test_the_database_keeps_no_certificate_with_something_left(cast, leave):
    proof = leave()
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.filter(pk=proof.pk).update(left=1)


@pytest.mark.parametrize("to", ["drafter", "sys_admin", "gone"])
def test_only_somebody_else_who_works_here_receives(cast, leave, to):
    cast.people["gone"] = Person.objects.create(username="gone", name="调出者", is_active=False)
    with pytest.raises(HandoverRefused, match="接收人"):
        leave(to=cast.people[to])


def test_an_administrator_hands_nothing_over_and_keeps_the_role(cast, leave):
    with pytest.raises(HandoverRefused, match="三员"):
        leave(cast.audit_admin)
    assert RoleHolding.objects.filter(person=cast.audit_admin).exists()


def test_with_a_step_nobody_moves_it_is_refused_whole(cast, now, leave):
    give(Errand("review", "step:1:1:1", "审核"), cast.section, [cast.drafter], now)
    document = draft(cast, now)
    with pytest.raises(HandoverRefused, match="还有 1 项"):
        leave()
    document.refresh_from_db()
    assert (document.drafter, cast.drafter.appointments.get().until) == (cast.drafter, None)


def test_what_a_room_moves_is_counted_and_its_steps_are_not_left(cast, now, leave):
    """What the approvals do when they hear it: the step's errand is theirs to close and to give."""
    give(Errand("review", "step:1:1:1", "审核"), cast.section, [cast.drafter], now)

    def move_step(sender, to, by, now, **kwargs):
        finish(cast.section, "step:1:1:1", "已改派", now, assignee=sender)
        give(Errand("review", "step:1:1:2", "审核"), cast.section, [to], now)
        return {"review": 1}

    handing_over.connect(move_step)
    try:
        assert leave().counts == {"review": 1}
    finally:
        handing_over.disconnect(move_step)
    assert (todo(cast.drafter), todo(cast.stranger)) == ([], [("review", "step:1:1:2")])


def test_the_second_time_one_learns_who_was_first(cast, leave):
    leave()
    with pytest.raises(HandedOver) as late:
        leave(to=cast.clerk)
    assert (late.value.who, late.value.now_stands) == (cast.sys_admin, f"已移交给{cast.stranger.name}")


def test_nobody_is_put_out_of_use_with_something_to_do(cast, now, leave):
    give(Errand("meet", "meet", "会务"), cast.section, [cast.drafter], now)
    cast.drafter.is_active = False
    for deed in (cast.drafter.save, cast.drafter.full_clean):
        with pytest.raises(ValidationError, match="尚有 1 项待办，请先办理离岗移交"):
            deed()
    assert Person.objects.get(pk=cast.drafter.pk).is_active
    assert leave(deactivate=True).deactivated
    person = Person.objects.get(pk=cast.drafter.pk)
    assert not person.is_active
    person.save()  # who is out of use already may still be corrected


def test_a_route_that_named_the_leaver_says_so_before_anything_is_submitted(cast, now, leave):
    stage = Stage.objects.get(verb="review")
    Stage.objects.filter(pk=stage.pk).update(who="person", person=cast.head)
    leave(cast.head, deactivate=True)
    assert not Person.objects.get(pk=cast.head.pk).is_active


@pytest.mark.parametrize("papers", [1, 3])
def test_errands_are_moved_by_the_hundred_in_as_many_queries(cast, now, leave, papers, django_assert_max_num_queries):
    for number in range(papers * 20):
        give(Errand("meet", f"meet:{number}", "会务"), cast.section, [cast.drafter], now)
    with django_assert_max_num_queries(67):
        assert leave().total == papers * 20


# --- whom the receiver reads for ------------------------------------------------------------------------------------


def test_what_the_receiver_had_read_already_is_settled(cast, now, leave):
    document = sent_to(cast, now, cast.drafter, cast.stranger)
    distribute.deliver(document.distributions.get().pk, now)
    acknowledge(document, cast.stranger, now)
    leave()
    line = Addressee.objects.get(person=cast.drafter)
    assert (line.stand_in, line.acknowledged_by, line.next_chase_at) == (cast.stranger, cast.stranger, None)
    assert (todo(cast.drafter), todo(cast.stranger)) == ([], [])


def test_a_paper_on_its_way_to_both_is_acknowledged_for_both(cast, now, leave):
    document = sent_to(cast, now, cast.drafter, cast.stranger)
    leave()
    distribute.deliver(document.distributions.get().pk, now)
    acknowledge(document, cast.stranger, now)
    lines = Addressee.objects.values_list("person__username", "stand_in__username", "acknowledged_by__username")
    assert set(lines) == {("drafter", "stranger", "stranger"), ("stranger", None, "stranger")}


def test_a_paper_on_its_way_that_the_receiver_has_read_needs_no_second_reading(cast, now, leave, monkeypatch):
    monkeypatch.setattr(distribute, "BATCH", 1)
    document = sent_to(cast, now, cast.stranger, cast.drafter)
    distribute._deliver_batch(document.distributions.get(), now)
    acknowledge(document, cast.stranger, now)
    leave()
    assert distribute.deliver(document.distributions.get().pk, now)
    line = Addressee.objects.get(person=cast.drafter)
    assert (line.stand_in, line.acknowledged_by) == (cast.stranger, cast.stranger)
    assert todo(cast.stranger) == []


def test_a_clerk_who_leaves_hands_on_the_department_alone(cast, now, leave):
    """The receiver speaks for the department; what a colleague got by name stays with the colleague."""
    document = sent_to(cast, now, cast.countersigner)
    sent = document.distributions.get()
    Addressee.objects.create(distribution=sent, department=cast.bureau)
    distribute.deliver(sent.pk, now)
    leave(cast.reader)
    bureau, named = Addressee.objects.get(department=cast.bureau), Addressee.objects.get(person=cast.countersigner)
    assert (bureau.stand_in, named.stand_in) == (cast.stranger, None)
    acknowledge(document, cast.stranger, now)
    assert [line.acknowledged_by for line in Addressee.objects.order_by("pk")] == [None, cast.stranger]


def test_a_receiver_who_read_it_by_name_is_asked_again_for_the_department(cast, now, leave):
    document = sent_to(cast, now, cast.stranger)
    sent = document.distributions.get()
    Addressee.objects.create(distribution=sent, department=cast.bureau)
    distribute.deliver(sent.pk, now)
    acknowledge(document, cast.stranger, now)
    leave(cast.reader)
    assert todo(cast.stranger) == [("read", "read")]
    assert acknowledge(document, cast.stranger, now)
    assert Addressee.objects.get(department=cast.bureau).acknowledged_by == cast.stranger
