"""离岗移交 in approvals: what was asked of a leaver is asked of the receiver, and no run is left with nobody (R60)."""

import pytest
from django.utils import timezone

from officehub.approvals import decide, halt, hand_on
from officehub.approvals.invariants import violations
from officehub.approvals.models import Step
from officehub.approvals.reassigning import reassign_all
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.people.models import Delegation, RoleHolding
from tests.approvals.conftest import open_step
from tests.cast import person


@pytest.fixture
def leaves(cast, now):
    """Somebody leaves, and the job that follows the people runs; every run is sound, and the leaver's hands empty."""

    def leave(leaver, to, *documents):
        proof = hand_over(leaver, to, by=cast.sys_admin, now=now)
        reassign_all(now)
        assert [fault for document in documents for fault in violations(decide.run_of(document), now)] == []
        assert not WorkItem.objects.todo(leaver).exists()
        assert not Step.objects.filter(approver=leaver, state__in=Step.PENDING).exists()
        return proof

    return leave


def test_an_open_step_is_the_receivers_and_the_paper_goes_on(cast, route, submitted, agree, asked, leaves):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    proof = leaves(cast.head, cast.stranger, document)
    assert (asked(document), proof.counts, proof.left) == (["stranger"], {"review": 1}, 0)
    agree(document, cast.stranger)
    assert asked(document) == ["leader"]
    handed = Step.objects.get(approver=cast.head)
    assert (handed.state, handed.manner, handed.opinion) == ("transferred", "handed", "离岗移交")


def test_where_one_of_several_suffices_the_others_have_it(cast, route, submitted, asked, leaves):
    second = person("vetter2", cast.section, "核稿员乙", False, ["vetter"])
    route({"who": "role", "role": "vetter", "mode": "any"})
    document = submitted()
    leaves(cast.vetter, cast.stranger, document)
    assert asked(document) == [second.username]


def test_a_receiver_who_signs_already_signs_once(cast, route, submitted, asked, leaves):
    route({"who": "chosen_heads", "mode": "all"}, {"person": cast.leader})
    document = submitted(chosen=[cast.section.pk, cast.bureau.pk])
    leaves(cast.head, cast.countersigner, document)
    assert asked(document) == ["countersigner"]


def test_what_was_done_for_somebody_else_goes_back_to_them(cast, route, submitted, asked, leaves, now):
    today = timezone.localdate(now)
    Delegation.objects.create(principal=cast.head, delegate=cast.stranger, since=today, until=today, reason="出差")
    route({"person": cast.head})
    document = submitted()
    leaves(cast.stranger, cast.reader, document)
    assert asked(document) == ["head"]


def test_who_waits_in_a_queue_is_replaced_in_their_place(cast, route, submitted, agree, asked, leaves):
    route({"who": "chosen_heads", "mode": "in_order"})
    document = submitted(chosen=[cast.section.pk, cast.bureau.pk])
    leaves(cast.countersigner, cast.stranger, document)
    assert asked(document) == ["head"]
    agree(document, cast.head)
    assert asked(document) == ["stranger"]


def test_an_assistant_who_leaves_is_followed_by_the_receiver(cast, route, submitted, asked, leaves, now):
    route({"person": cast.head})
    document = submitted()
    step = open_step(document, cast.head)
    hand_on.assist(step, cast.stranger, by=cast.head, now=now, seen=document.approval_hash(), question="请先看")
    proof = leaves(cast.stranger, cast.reader, document)
    assert proof.counts == {"advise": 1}
    assert WorkItem.objects.get(verb="advise", done_at=None).assignee == cast.reader


def test_an_asker_may_be_the_receiver_of_their_own_assistant(cast, route, submitted, asked, leaves, now):
    route({"person": cast.head})
    document = submitted()
    step = open_step(document, cast.head)
    hand_on.assist(step, cast.stranger, by=cast.head, now=now, seen=document.approval_hash())
    leaves(cast.stranger, cast.head, document)
    assert asked(document) == ["head"]


def test_what_is_suspended_is_handed_over_too_and_asked_when_resumed(cast, route, submitted, asked, leaves, now):
    route({"person": cast.head})
    document = submitted()
    halt.suspend(document, by=cast.drafter, now=now, reason="待上级文件")
    leaves(cast.head, cast.stranger, document)
    halt.resume(document, by=cast.drafter, now=now)
    assert WorkItem.objects.get(verb="review", done_at=None).assignee == cast.stranger
    assert violations(decide.run_of(document), now) == []


def test_a_signer_who_was_added_is_replaced_and_still_heard(cast, route, submitted, agree, asked, leaves, now):
    RoleHolding.objects.filter(person=cast.reader).delete()
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    step = open_step(document, cast.head)
    hand_on.add_signers(step, [cast.reader], before=True, by=cast.head, now=now, seen=document.approval_hash())
    leaves(cast.reader, cast.stranger, document)
    assert asked(document) == ["stranger"]
    agree(document, cast.stranger)
    assert asked(document) == ["head"]
