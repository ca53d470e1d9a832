"""Bringing others in: handed on, an assistant, signers before and after, one taken off, people consulted."""

import pytest

from officehub.approvals import decide, hand_on
from officehub.approvals.models import Advice, Step
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.notifications.models import Notice
from officehub.people.models import Appointment
from tests.approvals.conftest import open_step, states, todo


@pytest.fixture
def at_the_head(cast, route, submitted):
    def send(**stage):
        route({"person": cast.head, **stage}, {"person": cast.mayor})
        return submitted()

    return send


def transfer(to, reason="请你办理"):
    return lambda step, **said: hand_on.transfer(step, to, reason=reason, **said)


def add(*people, before):
    return lambda step, **said: hand_on.add_signers(step, list(people), before=before, **said)


def assist(to):
    return lambda step, **said: hand_on.assist(step, to, question="请提意见", **said)


def consult(*people):
    return lambda step, **said: hand_on.consult(step, list(people), question="妥否？", **said)


# --- handed on -------------------------------------------------------------------------------------------------


def test_what_is_handed_on_is_anothers_in_their_own_name(cast, at_the_head, say, agree, asked, sound):
    document = at_the_head()
    say(transfer(cast.stranger), document, cast.head)
    assert (states(document), todo(cast.head), todo(cast.stranger)) == (
        [("head", "transferred"), ("stranger", "open")], [], ["review"],
    )  # fmt: skip
    sound(document)
    agree(document, cast.stranger)
    assert asked(document) == ["mayor"]
    sound(document)


def test_whoever_waited_for_who_hands_on_waits_for_who_has_it(cast, route, submitted, say, agree, asked, sound):
    route({"who": "chosen_heads", "mode": "in_order"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    say(transfer(cast.stranger), document, cast.countersigner)
    assert asked(document) == ["stranger"]
    sound(document)
    agree(document, cast.stranger)
    assert asked(document) == ["head"]
    sound(document)


def test_handing_on_needs_a_reason_and_somebody_able(cast, at_the_head, say, asked, sound):
    document = at_the_head()
    with pytest.raises(decide.NeedsReason):
        say(transfer(cast.stranger, reason=" "), document, cast.head)
    cast.reader.is_active = False
    cast.reader.save()
    for nobody in (cast.sys_admin, cast.reader, cast.head):
        with pytest.raises(decide.DecisionRefused):
            say(transfer(nobody), document, cast.head)
    assert asked(document) == ["head"]
    sound(document)


@pytest.mark.parametrize("act", ["transfer", "assist", "add", "consult"])
def test_a_stage_may_forbid_each(cast, at_the_head, say, asked, act):
    document = at_the_head(permits=[])
    deed = {"transfer": transfer(cast.stranger), "assist": assist(cast.stranger), "consult": consult(cast.stranger),
            "add": add(cast.stranger, before=True)}[act]  # fmt: skip
    with pytest.raises(decide.DecisionRefused, match="环节不能"):
        say(deed, document, cast.head)
    assert asked(document) == ["head"]


# --- an assistant ----------------------------------------------------------------------------------------------


def test_an_assistant_has_it_until_they_have_answered(cast, at_the_head, say, agree, now, asked, sound):
    document = at_the_head()
    say(assist(cast.drafter), document, cast.head)
    assert (todo(cast.head), todo(cast.drafter)) == ([], ["advise"])
    sound(document)
    advice = Advice.objects.get()
    hand_on.answer(advice, by=cast.drafter, now=now, seen=document.approval_hash(), text="数据无误")
    assert (asked(document), todo(cast.head), todo(cast.drafter)) == (["head"], ["review"], [])
    assert Notice.objects.filter(recipient=cast.head, verb="approval.asked").count() == 2
    sound(document)
    agree(document, cast.head)
    assert asked(document) == ["mayor"]
    sound(document)


def test_what_an_assistant_has_can_be_had_back(cast, at_the_head, say, now, asked, sound):
    document = at_the_head()
    say(assist(cast.drafter), document, cast.head)
    advice = Advice.objects.get()
    with pytest.raises(TooLate):
        hand_on.recall(advice, by=cast.stranger, now=now)
    hand_on.recall(advice, by=cast.head, now=now)
    assert (asked(document), todo(cast.drafter)) == (["head"], [])
    with pytest.raises(TooLate):
        hand_on.answer(advice, by=cast.drafter, now=now, seen=document.approval_hash(), text="数据无误")
    sound(document)


def test_while_an_assistant_has_it_nobody_decides(cast, at_the_head, now, say, sound):
    document = at_the_head()
    step = say(assist(cast.drafter), document, cast.head)
    with pytest.raises(TooLate):
        decide.agree(step, by=cast.head, now=now, seen=document.approval_hash())
    sound(document)


def test_an_answer_on_another_text_or_without_words_is_refused(cast, at_the_head, say, now, sound):
    document = at_the_head()
    say(assist(cast.drafter), document, cast.head)
    advice = Advice.objects.get()
    with pytest.raises(decide.DecisionRefused, match="有改动"):
        hand_on.answer(advice, by=cast.drafter, now=now, seen="0" * 64, text="数据无误")
    with pytest.raises(decide.NeedsReason):
        hand_on.answer(advice, by=cast.drafter, now=now, seen=document.approval_hash(), text=" ")
    assert todo(cast.drafter) == ["advise"]
    sound(document)


# --- signers ---------------------------------------------------------------------------------------------------


def test_signers_before_sign_one_after_another_then_the_asker(cast, at_the_head, say, agree, asked, sound):
    document = at_the_head()
    say(add(cast.stranger, cast.reader, before=True), document, cast.head)
    for person, then in ((cast.stranger, ["reader"]), (cast.reader, ["head"]), (cast.head, ["mayor"])):
        sound(document)
        agree(document, person)
        assert asked(document) == then
    sound(document)


def test_signers_after_sign_once_the_asker_has(cast, at_the_head, say, agree, asked, sound):
    document = at_the_head()
    say(add(cast.stranger, cast.reader, before=False), document, cast.head)
    for person, then in ((cast.head, ["stranger"]), (cast.stranger, ["reader"]), (cast.reader, ["mayor"])):
        sound(document)
        agree(document, person)
        assert asked(document) == then
    sound(document)


def test_who_was_added_must_be_heard_even_where_any_would_do(cast, second, route, submitted, say, agree, asked, sound):
    route({"who": "role", "role": "vetter", "mode": "any"}, {"person": cast.mayor})
    document = submitted()
    say(add(cast.stranger, before=True), document, cast.vetter)
    agree(document, second)
    assert asked(document) == ["stranger"]
    sound(document)
    agree(document, cast.stranger)
    assert (asked(document), todo(cast.vetter)) == (["mayor"], [])
    assert Notice.objects.filter(recipient=cast.vetter, verb="approval.asked").count() == 1  # not asked in vain
    sound(document)


def test_a_dissent_of_who_was_added_returns_the_paper(cast, at_the_head, say, sound):
    document = at_the_head()
    say(add(cast.stranger, before=True), document, cast.head)
    say(decide.disagree, document, cast.stranger, opinion="不妥")
    assert document.state == "returned"
    sound(document)


def test_nobody_is_added_twice_or_besides_themself(cast, at_the_head, say, sound):
    document = at_the_head()
    say(add(cast.stranger, before=False), document, cast.head)
    for person in (cast.stranger, cast.head):
        with pytest.raises(decide.DecisionRefused, match="已在本环节办理之列"):
            say(add(person, before=True), document, cast.head)
    with pytest.raises(decide.DecisionRefused, match="请选择人员"):
        say(add(before=True), document, cast.head)
    sound(document)


def test_who_added_somebody_may_take_them_off_again(cast, at_the_head, say, now, asked, agree, sound):
    document = at_the_head(permits=["add"])
    step = say(add(cast.stranger, cast.reader, before=True), document, cast.head)
    first = Step.objects.get(approver=cast.stranger)
    hand_on.remove_signer(step, first, by=cast.head, now=now, reason="不涉及")
    assert (asked(document), todo(cast.stranger)) == (["reader"], [])
    sound(document)
    hand_on.remove_signer(step, Step.objects.get(approver=cast.reader), by=cast.head, now=now, reason="不涉及")
    assert asked(document) == ["head"]
    sound(document)


def test_taking_off_others_needs_the_stages_leave_and_leaves_somebody(
    cast, second, route, submitted, now, asked, sound
):
    vetters = {"who": "role", "role": "vetter", "mode": "all"}
    route({**vetters, "permits": []})
    document = submitted()
    mine, theirs = open_step(document, cast.vetter), open_step(document, second)
    with pytest.raises(decide.DecisionRefused, match="不能减签"):
        hand_on.remove_signer(mine, theirs, by=cast.vetter, now=now, reason="不涉及")
    with pytest.raises(decide.NeedsReason):
        hand_on.remove_signer(mine, theirs, by=cast.vetter, now=now, reason=" ")
    route({**vetters, "permits": ["remove"]}, {"person": cast.mayor})
    document = submitted()
    mine, theirs = open_step(document, cast.vetter), open_step(document, second)
    with pytest.raises(decide.DecisionRefused):
        hand_on.remove_signer(mine, mine, by=cast.vetter, now=now, reason="不涉及")
    hand_on.remove_signer(mine, theirs, by=cast.vetter, now=now, reason="不涉及")
    assert asked(document) == ["vetter"]
    sound(document)


def test_taking_off_the_last_who_was_waited_for_ends_the_stage(
    cast, second, route, submitted, now, agree, asked, sound
):
    route({"who": "role", "role": "vetter", "mode": "ratio", "quota": 100}, {"person": cast.mayor})
    document = submitted()
    say_mine, theirs = open_step(document, cast.vetter), open_step(document, second)
    hand_on.add_signers(say_mine, [cast.stranger], before=True, by=cast.vetter, now=now, seen=document.approval_hash())
    agree(document, second)
    sound(document)
    with pytest.raises(TooLate):
        hand_on.remove_signer(say_mine, theirs, by=cast.vetter, now=now, reason="不涉及")
    assert asked(document) == ["stranger"]


def test_who_has_left_the_post_takes_nobody_off(cast, second, route, submitted, now, asked):
    route({"who": "chosen_heads", "mode": "all", "permits": ["remove"]})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    mine, theirs = open_step(document, cast.head), open_step(document, cast.countersigner)
    Appointment.objects.filter(person=cast.head).delete()
    with pytest.raises(TooLate):
        hand_on.remove_signer(mine, theirs, by=cast.head, now=now, reason="不涉及")
    assert sorted(asked(document)) == ["countersigner", "head"]


# --- consulted -------------------------------------------------------------------------------------------------


def test_nobody_waits_for_who_is_consulted(cast, at_the_head, say, agree, now, asked, sound):
    document = at_the_head()
    say(consult(cast.stranger, cast.reader), document, cast.head)
    assert (asked(document), todo(cast.stranger), todo(cast.reader)) == (["head"], ["advise"], ["advise"])
    sound(document)
    first = Advice.objects.get(adviser=cast.stranger)
    hand_on.answer(first, by=cast.stranger, now=now, seen=document.approval_hash(), text="可行")
    assert Notice.objects.get(verb="approval.advised").recipient == cast.head
    sound(document)
    agree(document, cast.head)
    assert WorkItem.objects.get(assignee=cast.reader).outcome == "已办理"
    assert Advice.objects.get(adviser=cast.reader).state == "cancelled"
    sound(document)


def test_nobody_is_consulted_twice_at_a_time_nor_made_an_assistant_meanwhile(cast, at_the_head, say, sound):
    document = at_the_head()
    say(consult(cast.stranger), document, cast.head)
    for deed in (consult(cast.stranger, cast.reader), assist(cast.stranger)):
        with pytest.raises(decide.DecisionRefused, match="已征求"):
            say(deed, document, cast.head)
    assert Advice.objects.count() == 1
    assert Event.objects.filter(verb="approval.advice_asked").count() == 1
    sound(document)


def test_a_consultation_needs_its_question(cast, at_the_head, say):
    document = at_the_head()
    with pytest.raises(decide.NeedsReason):
        say(lambda step, **said: hand_on.consult(step, [cast.stranger], question=" ", **said), document, cast.head)
