"""The text on its way: an empty save changes nothing, a change re-opens exactly what the stages' policies say."""

from decimal import Decimal

import pytest
from django.db import transaction

from documents import drafting
from officehub.approvals import decide, hand_on
from officehub.approvals.models import Step, Visit
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice
from officehub.people.models import Appointment
from tests.approvals.conftest import open_step, states, todo, visits
from tests.cast import NOTICE, person


def everything():
    return [list(model.objects.order_by("pk").values()) for model in (Visit, Step, Event, WorkItem, Notice)]


@pytest.fixture
def at_the_mayor(cast, route, submitted, agree):
    """Two have agreed, the second of them at a stage whose opinions stand; the mayor has it."""
    route({"person": cast.head}, {"person": cast.vetter, "if_changed": "keep"}, {"person": cast.mayor})
    document = submitted()
    for one in (cast.head, cast.vetter):
        agree(document, one)
    return document


def test_an_empty_save_changes_nothing(cast, at_the_mayor, now, sound):
    was = everything()
    with transaction.atomic():
        at_the_mayor.save()
        decide.text_changed(at_the_mayor, by=cast.mayor, now=now)
    assert everything() == was
    sound(at_the_mayor)


def test_a_change_reopens_exactly_what_must_be_asked_again(cast, at_the_mayor, edit, agree, asked, sound):
    edit(at_the_mayor, cast.mayor, "改过的一段话。")
    assert visits(at_the_mayor) == [(1, "fell"), (2, "passed"), (3, "open")]
    sound(at_the_mayor)
    agree(at_the_mayor, cast.mayor)
    assert (asked(at_the_mayor), at_the_mayor.state) == (["head"], "in_approval")
    sound(at_the_mayor)
    agree(at_the_mayor, cast.head)
    assert (at_the_mayor.state, at_the_mayor.signed_by) == ("signed", cast.mayor)  # who signed, not who came last
    sound(at_the_mayor)


def test_what_was_said_of_the_old_text_is_kept(cast, at_the_mayor, edit):
    edit(at_the_mayor, cast.mayor, "改过的一段话。")
    step = Step.objects.get(approver=cast.head)
    assert (step.state, step.opinion) == ("agreed", "同意")


def test_nobody_decides_on_the_text_they_saw_before(cast, at_the_mayor, edit, now, asked):
    seen, step = at_the_mayor.approval_hash(), open_step(at_the_mayor, cast.mayor)
    edit(at_the_mayor, cast.mayor, "改过的一段话。")
    with pytest.raises(decide.TextChanged):
        decide.agree(step, by=cast.mayor, now=now, seen=seen)
    assert asked(at_the_mayor) == ["mayor"]


def test_in_a_stage_still_open_whoever_answered_is_asked_once_more(
    cast, other_head, route, submitted, agree, edit, asked, sound
):
    route({"who": "chosen_heads", "mode": "all"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.other_section.pk])
    agree(document, cast.countersigner)
    edit(document, other_head, "改过的一段话。")
    assert (sorted(asked(document)), todo(cast.countersigner)) == (["countersigner", "other_head"], ["review"])
    sound(document)
    for one in (other_head, cast.countersigner):
        agree(document, one)
    assert asked(document) == ["mayor"]
    sound(document)


def test_in_order_whoever_answered_is_asked_again_and_who_has_it_keeps_it(
    cast, other_head, route, submitted, agree, edit, asked, sound
):
    route({"who": "chosen_heads", "mode": "in_order"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.other_section.pk, cast.section.pk])
    agree(document, cast.countersigner)
    edit(document, other_head, "改过的一段话。")
    assert sorted(asked(document)) == ["countersigner", "other_head"]
    sound(document)
    agree(document, other_head)
    assert sorted(asked(document)) == ["countersigner", "head"]
    sound(document)


def test_who_was_asked_again_but_has_left_is_asked_in_their_successor(
    cast, route, submitted, agree, edit, asked, sound
):
    route({"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    agree(document, cast.head)
    Appointment.objects.filter(person=cast.head).delete()
    person("head2", cast.section, "科长", True, [])
    edit(document, cast.countersigner, "改过的一段话。")
    assert sorted(asked(document)) == ["countersigner", "head2"]
    sound(document)


def test_back_to_the_text_that_was_agreed_to_is_another_change(cast, at_the_mayor, edit, agree, asked, sound):
    was = at_the_mayor.content["body"]
    edit(at_the_mayor, cast.mayor, "改过的一段话。")
    edit(at_the_mayor, cast.mayor, was)
    assert visits(at_the_mayor) == [(1, "fell"), (2, "passed"), (3, "open")]
    agree(at_the_mayor, cast.mayor)
    assert asked(at_the_mayor) == ["head"]
    sound(at_the_mayor)


def test_advice_and_others_hands_are_left_as_they_are(cast, at_the_mayor, say, edit, sound):
    say(lambda step, **said: hand_on.assist(step, cast.stranger, **said), at_the_mayor, cast.mayor)
    edit(at_the_mayor, cast.stranger, "改过的一段话。")
    assert (todo(cast.stranger), states(at_the_mayor)[-1]) == (["advise"], ("mayor", "assisted"))
    sound(at_the_mayor)


def test_what_is_not_on_its_way_is_not_changed_on_its_way(cast, at_the_mayor, agree, now):
    from officehub.moves import TooLate

    agree(at_the_mayor, cast.mayor)
    with pytest.raises(TooLate), transaction.atomic():
        decide.text_changed(at_the_mayor, by=cast.mayor, now=now)


def test_an_amount_just_typed_is_the_amount_read_back(cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE, amount=Decimal("3860"))
    plain, typed = document.content_hash(), document.approval_hash()
    document.refresh_from_db()
    assert (document.approval_hash(), typed == plain) == (typed, False)
    document.amount = Decimal("3860.5")
    assert document.approval_hash() != typed
