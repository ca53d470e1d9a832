"""拿回: one's own last decision, while nobody has looked at what followed from it."""

import pytest

from officehub.approvals import decide, hand_on
from officehub.approvals.models import Step
from officehub.approvals.take_back import may_take_back, take_back
from officehub.inbox.errands import see
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Appointment
from tests.approvals.conftest import open_step, states, todo, visits


@pytest.fixture
def back(now):
    def taken(document, person):
        take_back(may_take_back(document, person) or Step.objects.filter(approver=person).last(), by=person, now=now)
        document.refresh_from_db()

    return taken


def test_an_agreement_is_taken_back_with_all_it_brought_about(cast, route, submitted, agree, back, asked, sound):
    route({"person": cast.head}, {"person": cast.mayor})
    document = submitted()
    agree(document, cast.head)
    back(document, cast.head)
    assert (asked(document), todo(cast.mayor), todo(cast.head)) == (["head"], [], ["review"])
    assert states(document) == [("head", "taken_back"), ("mayor", "cancelled"), ("head", "open")]
    sound(document)
    agree(document, cast.head)
    agree(document, cast.mayor)
    assert document.state == "signed"
    sound(document)


def test_what_was_merged_on_the_way_is_undone_as_well(cast, route, submitted, agree, back, asked, sound):
    route({"person": cast.head}, {"person": cast.head}, {"person": cast.mayor})
    document = submitted()
    agree(document, cast.head)
    back(document, cast.head)
    assert (asked(document), visits(document)) == (["head"], [(1, "open"), (2, "fell"), (3, "fell")])
    sound(document)


def test_who_was_let_off_is_asked_again(cast, second, route, submitted, agree, back, asked, sound):
    route({"who": "role", "role": "vetter", "mode": "any"}, {"person": cast.mayor})
    document = submitted()
    agree(document, second)
    back(document, second)
    assert (sorted(asked(document)), todo(cast.vetter)) == (["second", "vetter"], ["review"])
    sound(document)


def test_who_was_let_in_waits_again(cast, route, submitted, agree, back, asked, sound):
    route({"who": "chosen_heads", "mode": "in_order"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    agree(document, cast.countersigner)
    back(document, cast.countersigner)
    assert (asked(document), todo(cast.head)) == (["countersigner"], [])
    sound(document)
    agree(document, cast.countersigner)
    assert (asked(document), todo(cast.head)) == (["head"], ["review"])
    sound(document)


@pytest.mark.parametrize("straight", [True, False])
def test_a_return_to_the_drafter_is_taken_back(cast, route, submitted, agree, say, back, asked, sound, straight):
    route({"person": cast.head}, {"person": cast.mayor})
    document = submitted()
    agree(document, cast.head)
    say(decide.return_, document, cast.mayor, reason="请修改", straight=straight)
    back(document, cast.mayor)
    assert (document.state, asked(document), todo(cast.drafter)) == ("in_approval", ["mayor"], [])
    sound(document)


def test_a_return_to_an_earlier_stage_is_taken_back(cast, route, submitted, agree, say, back, asked, sound):
    version = route({"person": cast.head}, {"person": cast.vetter}, {"person": cast.mayor})
    document = submitted()
    for person in (cast.head, cast.vetter):
        agree(document, person)
    say(decide.return_, document, cast.mayor, reason="请再核", to=version.stages.get(order=1).pk)
    assert asked(document) == ["head"]
    back(document, cast.mayor)
    assert (asked(document), todo(cast.head)) == (["mayor"], [])
    sound(document)


def test_a_dissent_that_returned_the_paper_is_taken_back(cast, route, submitted, say, back, asked, sound):
    route({"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    say(decide.disagree, document, cast.head, opinion="不妥")
    back(document, cast.head)
    assert (document.state, sorted(asked(document))) == ("in_approval", ["countersigner", "head"])
    sound(document)


def test_the_sign_off_is_taken_back_until_the_office_has_looked(cast, route, submitted, agree, back, asked, now, sound):
    route({"person": cast.head}, {"person": cast.mayor})
    document = submitted()
    for person in (cast.head, cast.mayor):
        agree(document, person)
    assert todo(cast.rechecker) == ["recheck"]
    back(document, cast.mayor)
    assert (document.state, document.signed_by, todo(cast.rechecker)) == ("in_approval", None, [])
    sound(document)
    agree(document, cast.mayor)
    see(WorkItem.objects.todo(cast.rechecker).get(), now)
    with pytest.raises(TooLate):
        back(document, cast.mayor)
    assert document.state == "signed"
    sound(document)


def at_the_mayor(cast, route, submitted, agree):
    route({"person": cast.head}, {"person": cast.mayor}, {"person": cast.leader})
    document = submitted()
    agree(document, cast.head)
    return document


FOLLOWED = {
    "seen": lambda cast, document, say, now: see(WorkItem.objects.todo(cast.mayor).get(), now),
    "decided": lambda cast, document, say, now: say(decide.agree, document, cast.mayor),
    "returned": lambda cast, document, say, now: say(decide.return_, document, cast.mayor, reason="请修改"),
    "handed on": lambda cast, document, say, now: say(
        lambda step, **said: hand_on.transfer(step, cast.stranger, reason="请办", **said), document, cast.mayor
    ),
    "assisted": lambda cast, document, say, now: say(
        lambda step, **said: hand_on.assist(step, cast.stranger, **said), document, cast.mayor
    ),
    "signers added": lambda cast, document, say, now: say(
        lambda step, **said: hand_on.add_signers(step, [cast.stranger], before=False, **said), document, cast.mayor
    ),
}


@pytest.mark.parametrize("what", FOLLOWED)
def test_once_somebody_has_gone_on_it_is_too_late(cast, route, submitted, agree, say, now, back, sound, what):
    document = at_the_mayor(cast, route, submitted, agree)
    FOLLOWED[what](cast, document, say, now)
    was = states(document)
    assert may_take_back(document, cast.head) is None
    with pytest.raises(TooLate):
        back(document, cast.head)
    assert states(document) == was
    sound(document)


@pytest.mark.parametrize("deed", ["assist", "before"])
def test_who_was_let_in_and_has_brought_others_in_is_not_made_to_wait_again(
    cast, route, submitted, agree, say, back, sound, deed
):
    route({"who": "chosen_heads", "mode": "in_order"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    agree(document, cast.countersigner)
    act = {"assist": lambda step, **said: hand_on.assist(step, cast.stranger, **said),
           "before": lambda step, **said: hand_on.add_signers(step, [cast.stranger], before=True, **said)}  # fmt: skip
    say(act[deed], document, cast.head)
    with pytest.raises(TooLate):
        back(document, cast.countersigner)
    sound(document)


def test_only_ones_own_last_decision(cast, route, submitted, agree, now, back, sound):
    document = at_the_mayor(cast, route, submitted, agree)
    mine = Step.objects.get(approver=cast.head)
    with pytest.raises(TooLate):
        take_back(mine, by=cast.stranger, now=now)
    back(document, cast.head)
    with pytest.raises(TooLate):
        take_back(mine, by=cast.head, now=now)
    sound(document)


def test_who_holds_the_post_no_more_takes_nothing_back(cast, route, submitted, agree, back, asked):
    route({"who": "drafting_head"}, {"person": cast.mayor})
    document = submitted()
    agree(document, cast.head)
    Appointment.objects.filter(person=cast.head).delete()
    with pytest.raises(TooLate):
        back(document, cast.head)
    assert asked(document) == ["mayor"]


def test_an_open_step_is_nothing_to_take_back(cast, route, submitted, now):
    route({"person": cast.head})
    document = submitted()
    assert may_take_back(document, cast.head) is None
    with pytest.raises(TooLate):
        take_back(open_step(document, cast.head), by=cast.head, now=now)
