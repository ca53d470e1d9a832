"""Withdrawn, suspended and resumed, terminated, chased."""

from datetime import timedelta

import pytest

from officehub.approvals import decide, halt, hand_on
from officehub.approvals.models import Advice, Step
from officehub.moves import TooLate, move
from officehub.notifications.models import Notice
from officehub.people.models import Appointment
from tests.approvals.conftest import open_step, states, todo
from tests.cast import person

LATER = timedelta(days=2)


@pytest.fixture
def at_the_head(cast, route, submitted):
    route({"person": cast.head, "limit_value": 3, "limit_unit": "hours"}, {"person": cast.mayor})
    return submitted()


def withdraw(document, cast, now):
    halt.withdraw(document, by=cast.drafter, now=now)
    move(document, "withdraw", by=cast.drafter, now=now)


def test_what_nobody_has_decided_is_withdrawn(cast, at_the_head, now, sound):
    withdraw(at_the_head, cast, now)
    assert (states(at_the_head), todo(cast.head)) == ([("head", "cancelled")], [])
    sound(at_the_head)


def test_only_who_sent_it_withdraws_it(cast, at_the_head, now, asked, sound):
    with pytest.raises(TooLate):
        halt.withdraw(at_the_head, by=cast.stranger, now=now)
    assert asked(at_the_head) == ["head"]
    sound(at_the_head)


def test_a_new_round_after_a_withdrawal_begins_at_the_beginning(cast, at_the_head, submitted, now, asked, sound):
    withdraw(at_the_head, cast, now)
    submitted(at_the_head)
    assert (asked(at_the_head), decide.run_of(at_the_head).round) == (["head"], 2)
    sound(at_the_head)


@pytest.mark.parametrize("deed", ["transfer", "agree", "taken back"])
def test_once_somebody_has_acted_it_is_too_late_to_withdraw(cast, at_the_head, say, now, asked, deed, sound):
    if deed == "transfer":
        say(lambda s, **said: hand_on.transfer(s, cast.stranger, reason="请办", **said), at_the_head, cast.head)
    else:
        say(decide.agree, at_the_head, cast.head)
    if deed == "taken back":
        from officehub.approvals.take_back import take_back

        take_back(Step.objects.get(approver=cast.head), by=cast.head, now=now)
    was = asked(at_the_head)
    with pytest.raises(TooLate):
        halt.withdraw(at_the_head, by=cast.drafter, now=now)
    assert asked(at_the_head) == was
    sound(at_the_head)


def test_suspended_nobody_is_asked_and_resumed_all_have_their_whole_time(cast, at_the_head, say, now, sound, asked):
    say(lambda s, **said: hand_on.consult(s, [cast.stranger], question="妥否？", **said), at_the_head, cast.head)
    halt.suspend(at_the_head, by=cast.drafter, now=now, reason="等上级文件")
    assert (todo(cast.head), todo(cast.stranger), Advice.objects.get().state) == ([], [], "open")
    sound(at_the_head)
    step = Step.objects.get()
    with pytest.raises(TooLate):
        decide.agree(step, by=cast.head, now=now, seen=at_the_head.approval_hash())
    halt.resume(at_the_head, by=cast.drafter, now=now + LATER)
    assert (todo(cast.head), todo(cast.stranger)) == (["review"], ["advise"])
    assert Step.objects.get().due_at == now + LATER + timedelta(hours=3)
    sound(at_the_head, now + LATER)


def test_resumed_it_is_asked_of_those_who_hold_the_posts_then(cast, route, submitted, now, asked, sound):
    route({"who": "drafting_head"})
    document = submitted()
    halt.suspend(document, by=cast.drafter, now=now, reason="等上级文件")
    Appointment.objects.filter(person=cast.head).delete()
    person("head2", cast.section, "科长", True, [])
    halt.resume(document, by=cast.drafter, now=now + LATER)
    assert asked(document) == ["head2"]
    assert todo(cast.head) == []
    sound(document, now + LATER)


def test_who_runs_the_office_may_suspend_and_others_may_not(cast, at_the_head, now):
    for deed in (halt.suspend, halt.terminate):
        with pytest.raises(decide.DecisionRefused):
            deed(at_the_head, by=cast.stranger, now=now, reason="等上级文件")
        with pytest.raises(decide.NeedsReason):
            deed(at_the_head, by=cast.drafter, now=now, reason=" ")
    halt.suspend(at_the_head, by=cast.leader, now=now, reason="等上级文件")
    with pytest.raises(TooLate):
        halt.suspend(at_the_head, by=cast.leader, now=now, reason="等上级文件")
    with pytest.raises(decide.DecisionRefused):
        halt.resume(at_the_head, by=cast.stranger, now=now)


@pytest.mark.parametrize("suspended", [False, True])
def test_terminated_it_ends_for_good(cast, at_the_head, now, asked, sound, suspended):
    if suspended:
        halt.suspend(at_the_head, by=cast.drafter, now=now, reason="等上级文件")
    halt.terminate(at_the_head, by=cast.drafter, now=now, reason="不再需要")
    at_the_head.refresh_from_db()
    assert (at_the_head.state, asked(at_the_head), todo(cast.head)) == ("terminated", [], [])
    sound(at_the_head)
    for deed in (lambda: halt.resume(at_the_head, by=cast.drafter, now=now), lambda: withdraw(at_the_head, cast, now)):
        with pytest.raises(TooLate):
            deed()


def test_a_stage_may_let_its_people_terminate(cast, route, submitted, now, sound):
    route({"person": cast.head, "permits": ["terminate"]})
    document = submitted()
    step = open_step(document, cast.head)
    halt.terminate(document, by=cast.head, now=now, reason="不再需要", step=step, seen=document.approval_hash())
    document.refresh_from_db()
    assert document.state == "terminated"
    sound(document)
    route({"person": cast.head, "permits": []})
    document = submitted()
    step = open_step(document, cast.head)
    with pytest.raises(decide.DecisionRefused, match="不能终止"):
        halt.terminate(document, by=cast.head, now=now, reason="不再需要", step=step, seen=document.approval_hash())


def test_chasing_tells_whoever_has_it_and_not_again_within_the_pause(cast, at_the_head, now, settings, sound):
    assert halt.chase(at_the_head, by=cast.drafter, now=now) == [cast.head]
    with pytest.raises(decide.DecisionRefused, match="已催办过"):
        halt.chase(at_the_head, by=cast.drafter, now=now + timedelta(minutes=5))
    with pytest.raises(decide.DecisionRefused, match="只有"):
        halt.chase(at_the_head, by=cast.stranger, now=now)
    halt.chase(at_the_head, by=cast.drafter, now=now + timedelta(hours=settings.CHASE_PAUSE_HOURS, minutes=1))
    assert Notice.objects.filter(verb="approval.chased", recipient=cast.head).count() == 2
    sound(at_the_head)
