"""Returns: to the drafter or an earlier stage, step by step or straight back, on a text changed or not."""

import pytest

from officehub.approvals import decide
from officehub.approvals.models import Step
from tests.approvals.conftest import open_step, rewrite, states, todo, visits


def three(cast, route, **last):
    """Head, two heads at once, mayor."""
    return route(
        {"person": cast.head},
        {"who": "chosen_heads", "mode": "all", "verb": "countersign"},
        {"person": cast.mayor, **last},
    )


@pytest.fixture
def at_the_mayor(cast, other_head, route, submitted, agree):
    def send(**last):
        version = three(cast, route, **last)
        document = submitted(chosen=[cast.bureau.pk, cast.other_section.pk])
        for person in (cast.head, cast.countersigner, other_head):
            agree(document, person)
        return document, list(version.stages.order_by("order"))

    return send


def again(cast, submitted, document, **choice):
    return submitted(document, chosen=[cast.bureau.pk, cast.other_section.pk], **choice)


@pytest.mark.parametrize(
    ("policy", "wish", "asked_then"),
    [
        ("steps", False, ["head"]),
        ("steps", True, ["head"]),
        ("straight", False, ["mayor"]),
        ("straight", True, ["mayor"]),
        ("choice", False, ["head"]),
        ("choice", True, ["mayor"]),
    ],
)
def test_the_stage_or_the_returner_says_how_it_comes_back(
    cast, at_the_mayor, submitted, say, asked, sound, policy, wish, asked_then
):
    document, _ = at_the_mayor(after_return=policy)
    say(decide.return_, document, cast.mayor, reason="请修改", straight=wish)
    sound(document)
    again(cast, submitted, document)
    assert asked(document) == asked_then
    sound(document)


def test_straight_back_on_a_changed_text_asks_exactly_those_who_had_agreed(
    cast, at_the_mayor, submitted, say, asked, agree, sound
):
    document, _ = at_the_mayor(after_return="straight")
    say(decide.return_, document, cast.mayor, reason="请修改")
    rewrite(document, "改过的一段话。")
    again(cast, submitted, document)
    assert (asked(document), [state for _, state in visits(document)]) == (["head"], ["fell", "fell", "fell", "open"])
    sound(document)
    for person in (cast.head, cast.countersigner, cast.other_head, cast.mayor):
        agree(document, person)
    assert (document.state, document.signed_by) == ("signed", cast.mayor)
    sound(document)


def test_where_opinions_stand_a_changed_text_comes_straight_back_all_the_same(
    cast, other_head, route, submitted, agree, say, asked, sound
):
    route({"person": cast.head, "if_changed": "keep"}, {"person": cast.mayor, "after_return": "straight"})
    document = submitted()
    agree(document, cast.head)
    say(decide.return_, document, cast.mayor, reason="请修改")
    rewrite(document, "改过的一段话。")
    submitted(document)
    assert asked(document) == ["mayor"]
    agree(document, cast.mayor)
    assert document.state == "signed"
    sound(document)


def test_straight_back_to_one_of_several_the_others_consent_is_carried(
    cast, other_head, route, submitted, agree, say, asked, sound
):
    route({"who": "chosen_heads", "mode": "all", "after_return": "straight"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.other_section.pk])
    agree(document, cast.countersigner)
    say(decide.return_, document, other_head, reason="请修改")
    again(cast, submitted, document)
    assert asked(document) == ["other_head"]
    carried = Step.objects.get(manner="carried")
    assert (carried.approver, carried.state, carried.opinion) == (cast.countersigner, "agreed", "同意")
    sound(document)
    agree(document, other_head)
    assert asked(document) == ["mayor"]
    sound(document)


@pytest.mark.parametrize(
    ("if_changed", "asked_then"), [("reopen", ["countersigner", "other_head"]), ("keep", ["other_head"])]
)
def test_what_is_carried_is_carried_as_the_stage_lets_opinions_stand(
    cast, other_head, route, submitted, agree, say, asked, sound, if_changed, asked_then
):
    stage = {"who": "chosen_heads", "mode": "all", "after_return": "straight", "if_changed": if_changed}
    route(stage, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.other_section.pk])
    agree(document, cast.countersigner)
    say(decide.return_, document, other_head, reason="请修改")
    rewrite(document, "改过的一段话。")
    again(cast, submitted, document)
    assert asked(document) == asked_then
    sound(document)


def test_other_departments_chosen_are_asked_although_it_comes_straight_back(
    cast, at_the_mayor, submitted, say, asked, agree, sound
):
    document, _ = at_the_mayor(after_return="straight")
    say(decide.return_, document, cast.mayor, reason="请加会综合科")
    submitted(document, chosen=[cast.bureau.pk, cast.section.pk])
    assert "countersigner" in asked(document)
    agree(document, cast.countersigner)
    assert asked(document) == ["mayor"]  # the head has just signed and heads the section
    sound(document)


@pytest.mark.parametrize(("straight", "then"), [(True, ["mayor"]), (False, ["countersigner", "other_head"])])
def test_back_to_an_earlier_stage_and_on_from_there(cast, at_the_mayor, say, asked, agree, sound, straight, then):
    document, stages = at_the_mayor()
    say(decide.return_, document, cast.mayor, reason="请再核", to=stages[0].pk, straight=straight)
    assert (asked(document), document.state, todo(cast.mayor)) == (["head"], "in_approval", [])
    sound(document)
    agree(document, cast.head)
    assert asked(document) == then
    sound(document)


def test_only_to_a_stage_that_has_passed_and_came_before(cast, at_the_mayor, say, asked, sound):
    document, stages = at_the_mayor()
    for to in (stages[2].pk, 10**9):
        with pytest.raises(decide.DecisionRefused, match="只能退回已经办过的前面环节"):
            say(decide.return_, document, cast.mayor, reason="请再核", to=to)
    assert asked(document) == ["mayor"]
    sound(document)


def test_what_was_said_before_a_return_is_kept(cast, at_the_mayor, submitted, say):
    document, _ = at_the_mayor(after_return="steps")
    say(decide.return_, document, cast.mayor, reason="请修改")
    again(cast, submitted, document)
    assert states(document)[:4] == [
        ("head", "agreed"), ("countersigner", "agreed"), ("other_head", "agreed"), ("mayor", "returned"),
    ]  # fmt: skip


def test_a_stage_may_forbid_returning(cast, route, submitted, say, asked):
    route({"person": cast.head, "permits": ["disagree"]})
    document = submitted()
    with pytest.raises(decide.DecisionRefused, match="不能退回"):
        say(decide.return_, document, cast.head, reason="请修改")
    assert asked(document) == ["head"]


def test_limits_begin_anew_after_a_return(cast, route, submitted, say, now):
    from datetime import timedelta

    route({"person": cast.head, "limit_value": 2, "limit_unit": "hours", "after_return": "steps"})
    document = submitted()
    step = open_step(document, cast.head)
    assert step.due_at == now + timedelta(hours=2)
    later = now + timedelta(hours=1)
    say(decide.return_, document, cast.head, at=later, reason="请修改")
    from officehub.moves import move

    move(document, "submit", by=cast.drafter, now=later)
    decide.start(document, by=cast.drafter, now=later)
    assert open_step(document, cast.head).due_at == later + timedelta(hours=2)
