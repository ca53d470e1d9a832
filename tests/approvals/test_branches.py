"""Branches run side by side, apply by their conditions, and join again."""

from officehub.approvals import decide
from officehub.approvals.take_back import may_take_back
from tests.approvals.conftest import todo, visits

NORMATIVE, ORDINARY = ([{"fact": "normative", "is": value}] for value in (True, False))


def forked(cast, route, **second):
    route(
        {"person": cast.head},
        {"person": cast.vetter, "branch": "甲"},
        {"person": cast.stranger, "branch": "甲"},
        {"person": cast.countersigner, "branch": "乙", **second},
        {"person": cast.mayor},
    )


def test_every_branch_opens_at_once_and_what_follows_waits_for_all(cast, route, submitted, agree, asked, sound):
    forked(cast, route)
    document = submitted()
    agree(document, cast.head)
    assert asked(document) == ["vetter", "countersigner"]
    sound(document)
    agree(document, cast.vetter)
    assert asked(document) == ["countersigner", "stranger"]
    agree(document, cast.countersigner)
    assert asked(document) == ["stranger"]
    sound(document)
    agree(document, cast.stranger)
    assert asked(document) == ["mayor"]
    sound(document)


def test_a_branch_that_does_not_apply_is_not_waited_for(cast, route, submitted, agree, asked, sound):
    forked(cast, route, condition=NORMATIVE)
    document = submitted()
    agree(document, cast.head)
    assert asked(document) == ["vetter"]
    agree(document, cast.vetter)
    agree(document, cast.stranger)
    assert asked(document) == ["mayor"]
    sound(document)


def test_who_signed_on_one_branch_is_asked_on_the_other(cast, route, submitted, agree, asked, sound):
    """同一人免签 is for the stage just before, not for one beside."""
    route(
        {"person": cast.vetter, "branch": "甲"},
        {"person": cast.head, "branch": "乙"},
        {"person": cast.vetter, "branch": "乙"},
    )
    document = submitted()
    agree(document, cast.vetter)
    agree(document, cast.head)
    assert asked(document) == ["vetter"]
    sound(document)


def test_a_return_from_one_branch_ends_the_other(cast, route, submitted, agree, say, asked, sound):
    forked(cast, route)
    document = submitted()
    agree(document, cast.head)
    say(decide.return_, document, cast.countersigner, reason="请补充")
    assert (asked(document), document.state, todo(cast.vetter)) == ([], "returned", [])
    sound(document)


def test_a_return_to_an_earlier_stage_of_ones_own_branch_leaves_the_other_alone(
    cast, route, submitted, agree, say, asked, sound
):
    forked(cast, route)
    document = submitted()
    for person in (cast.head, cast.vetter):
        agree(document, person)
    stages = list(decide.run_of(document).version.stages.order_by("order"))
    say(decide.return_, document, cast.stranger, reason="请补充", to=stages[1].pk)
    assert sorted(asked(document)) == ["countersigner", "vetter"]
    assert visits(document) == [(1, "passed"), (2, "fell"), (4, "open"), (3, "fell"), (2, "open")]
    sound(document)


def test_what_fell_by_a_change_is_asked_anew_once_whoever_changed_it_is_done(
    cast, route, submitted, agree, edit, asked, sound
):
    forked(cast, route)
    document = submitted()
    for person in (cast.head, cast.countersigner):
        agree(document, person)
    edit(document, cast.vetter, "改过的一段话。")
    assert asked(document) == ["vetter"]  # the head's stage fell, and 乙 comes after it
    agree(document, cast.vetter)
    sound(document)
    assert asked(document) == ["head"]
    agree(document, cast.head)
    assert sorted(asked(document)) == ["countersigner", "stranger"]
    sound(document)


def test_stages_follow_what_the_paper_has_become(cast, route, submitted, agree, edit, asked, sound):
    route({"person": cast.head}, {"person": cast.vetter, "condition": ORDINARY}, {"person": cast.mayor})
    document = submitted()
    agree(document, cast.head)
    edit(document, cast.vetter, document.content["body"], normative=True)
    assert asked(document) == ["head"]  # who must agree is part of what was agreed to
    agree(document, cast.head)
    assert asked(document) == ["mayor"]
    sound(document)
    agree(document, cast.mayor)
    assert document.state == "signed"
    sound(document)


def test_nothing_is_taken_back_from_under_a_stage_where_branches_have_joined(
    cast, route, submitted, now, asked, sound, say
):
    route({"person": cast.vetter, "branch": "甲"}, {"person": cast.head, "branch": "乙"}, {"person": cast.mayor})
    document = submitted()
    say(decide.agree, document, cast.vetter)
    assert may_take_back(document, cast.vetter)
    say(decide.agree, document, cast.head)
    assert asked(document) == ["mayor"]
    assert may_take_back(document, cast.vetter) is None
    assert may_take_back(document, cast.head)
    sound(document)
