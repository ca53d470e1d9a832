"""How a stage of several people ends: any, all, a ratio of votes, one after another; and what a dissent does."""

import pytest

from officehub.approvals import decide, hand_on
from officehub.approvals.models import Step
from officehub.inbox.models import WorkItem
from tests.approvals.conftest import open_step, states, todo, visits

CHOSEN = {"who": "chosen_heads", "verb": "countersign"}
VETTERS = {"who": "role", "role": "vetter"}


@pytest.fixture
def countersigned(cast, other_head, route, submitted):
    """Three heads countersign in some manner, then the mayor is asked."""

    def send(**stage):
        route({**CHOSEN, **stage}, {"person": cast.mayor})
        return submitted(chosen=[cast.bureau.pk, cast.section.pk, cast.other_section.pk])

    return send


def test_any_is_refused_only_when_nobody_is_left_to_agree(cast, second, route, submitted, say, sound):
    route({**VETTERS, "mode": "any"}, {"person": cast.mayor})
    document = submitted()
    say(decide.disagree, document, cast.vetter, opinion="不妥")
    sound(document)
    assert visits(document) == [(1, "open")]
    say(decide.disagree, document, second, opinion="不妥")
    assert (document.state, decide.run_of(document).state) == ("returned", "returned")
    sound(document)


def test_any_passes_in_spite_of_an_earlier_dissent(cast, second, route, submitted, agree, say, asked, sound):
    route({**VETTERS, "mode": "any"}, {"person": cast.mayor})
    document = submitted()
    say(decide.disagree, document, cast.vetter, opinion="不妥")
    agree(document, second)
    assert asked(document) == ["mayor"]
    sound(document)


def test_with_all_the_first_dissent_returns_the_paper(cast, countersigned, say, sound):
    document = countersigned(mode="all")
    say(decide.disagree, document, cast.head, opinion="不妥")
    assert document.state == "returned"
    assert states(document) == [("countersigner", "cancelled"), ("head", "disagreed"), ("other_head", "cancelled")]
    assert todo(cast.countersigner) == []
    sound(document)


def test_with_all_a_recorded_dissent_goes_on_when_everybody_was_heard(cast, countersigned, agree, say, asked, sound):
    document = countersigned(mode="all", dissent="record")
    say(decide.disagree, document, cast.head, opinion="不妥")
    agree(document, cast.countersigner)
    sound(document)
    assert asked(document) == ["other_head"]
    agree(document, cast.other_head)
    assert asked(document) == ["mayor"]
    assert Step.objects.get(state="disagreed").opinion == "不妥"
    sound(document)


def test_a_ratio_passes_as_soon_as_it_is_reached_and_lets_the_others_off(cast, countersigned, agree, asked, sound):
    document = countersigned(mode="ratio", quota=66)
    agree(document, cast.head)
    assert sorted(asked(document)) == ["countersigner", "other_head"]
    sound(document)
    agree(document, cast.other_head)
    assert asked(document) == ["mayor"]
    assert WorkItem.objects.get(assignee=cast.countersigner).outcome == "他人已办"
    sound(document)


def test_a_ratio_fails_as_soon_as_it_cannot_be_reached(cast, countersigned, say, sound):
    document = countersigned(mode="ratio", quota=67)
    say(decide.disagree, document, cast.head, opinion="不妥")
    assert document.state == "returned"
    sound(document)


def test_votes_weigh_by_department_or_by_log_in(cast, countersigned, agree, asked, sound):
    document = countersigned(mode="ratio", quota=80, weights={"市财政局": 2, "head": 3})
    votes = Step.objects.order_by("id").values_list("approver__username", "votes")
    assert list(votes) == [("countersigner", 2), ("head", 3), ("other_head", 1)]
    agree(document, cast.head)
    agree(document, cast.other_head)
    assert asked(document) == ["countersigner"]
    agree(document, cast.countersigner)
    assert asked(document) == ["mayor"]
    sound(document)


def test_in_order_each_waits_for_the_one_before_in_the_order_chosen(cast, countersigned, agree, asked, sound):
    document = countersigned(mode="in_order")
    assert (asked(document), todo(cast.head)) == (["countersigner"], [])
    sound(document)
    agree(document, cast.countersigner)
    assert (asked(document), todo(cast.head), todo(cast.other_head)) == (["head"], ["countersign"], [])
    sound(document)
    agree(document, cast.head)
    agree(document, cast.other_head)
    assert asked(document) == ["mayor"]
    sound(document)


def test_in_order_a_dissent_lets_those_behind_off(cast, countersigned, say, sound):
    document = countersigned(mode="in_order")
    say(decide.disagree, document, cast.countersigner, opinion="不妥")
    assert document.state == "returned"
    assert [state for _, state in states(document)] == ["disagreed", "cancelled", "cancelled"]
    sound(document)


def test_in_order_whoever_is_let_off_while_waiting_lets_nobody_pass(cast, countersigned, now, asked, agree, sound):
    """Who waited for somebody that was taken off waits for whom that one waited."""
    document = countersigned(mode="in_order")
    first, removed = open_step(document, cast.countersigner), Step.objects.get(approver=cast.head)
    hand_on.remove_signer(first, removed, by=cast.countersigner, now=now, reason="不涉及")
    assert (asked(document), todo(cast.other_head)) == (["countersigner"], [])
    sound(document)
    agree(document, cast.countersigner)
    assert asked(document) == ["other_head"]
    sound(document)


def test_what_nobody_agreed_to_at_the_last_stage_is_not_agreed(cast, route, submitted, say, sound):
    route({"person": cast.head}, {"person": cast.mayor, "dissent": "record"})
    document = submitted()
    say(decide.agree, document, cast.head)
    say(decide.disagree, document, cast.mayor, opinion="不妥")
    assert (document.state, document.signed_by) == ("returned", None)
    sound(document)


def test_circling_is_kept_as_such_and_only_where_the_stage_lets_one(cast, route, submitted, say, asked, sound):
    route({"person": cast.head}, {"person": cast.mayor, "permits": []})
    document = submitted()
    step = say(decide.circle, document, cast.head)
    step.refresh_from_db()
    assert (step.manner, step.opinion, step.state) == ("circled", "", "agreed")
    with pytest.raises(decide.DecisionRefused, match="不能圈阅"):
        say(decide.circle, document, cast.mayor)
    assert asked(document) == ["mayor"]
    sound(document)


@pytest.mark.parametrize("opinion", ["", " \n"])
def test_a_dissent_needs_its_reason_and_the_stages_leave(cast, route, submitted, say, asked, opinion):
    route({"person": cast.head, "permits": []})
    document = submitted()
    with pytest.raises(decide.NeedsReason):
        say(decide.disagree, document, cast.head, opinion=opinion)
    with pytest.raises(decide.DecisionRefused, match="不能不同意"):
        say(decide.disagree, document, cast.head, opinion="不妥")
    assert asked(document) == ["head"]


def test_a_route_on_which_nobody_is_asked_agrees_to_nothing(cast, route, submitted):
    from officehub.approvals.plan import NobodyFound

    route({"who": "role", "role": "supervisor", "may_skip_if_nobody": True})
    with pytest.raises(NobodyFound, match="没有人办理"):
        submitted()
