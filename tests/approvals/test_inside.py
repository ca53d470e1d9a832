"""A department's own route inside its part of a countersign."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from officehub.approvals import decide, halt
from officehub.approvals.models import Run, Stage, Step
from officehub.approvals.plan import NobodyFound
from officehub.approvals.reassigning import reassign_all
from officehub.approvals.take_back import may_take_back
from officehub.people.models import Appointment
from tests.approvals.conftest import open_step, todo
from tests.approvals.shapes import publish


@pytest.fixture
def inside(cast, now):
    """A department's internal route."""

    def make(department, *stages):
        publish(f"{department}内部", list(stages), now, department=department)

    return make


@pytest.fixture
def countersigned(cast, inside, route, submitted):
    """The bureau by its own route (its clerk, then its head), the drafter's section by its head, then the mayor."""
    inside(cast.bureau, {"who": "person", "person": cast.reader}, {"who": "drafting_head"})

    def send(**stage):
        chosen = {"who": "chosen_heads", "mode": "all", "internal": True, "verb": "countersign"}
        route({**chosen, **stage}, {"person": cast.mayor})
        return submitted(chosen=[cast.bureau.pk, cast.section.pk])

    return send


def test_nobody_inside_a_department_is_said_before_submitting(cast, inside, route, submitted):
    inside(cast.bureau, {"who": "drafting_role", "role": "vetter", "name": "经办"}, {"who": "drafting_head"})
    route({"who": "chosen_heads", "mode": "all", "internal": True, "verb": "countersign"})
    with pytest.raises(NobodyFound) as said:
        submitted(chosen=[cast.bureau.pk])
    assert [line.startswith("市财政局：“经办”：") for line in said.value.lacking] == [True]
    assert not Run.objects.exists()


def test_departments_asked_in_turn_have_no_internal_route(cast):
    stage = Stage(name="会签", verb="countersign", who="chosen_heads", mode="in_order", internal=True)
    with pytest.raises(ValidationError) as refused:
        stage.clean()
    assert list(refused.value.message_dict) == ["internal"]


def outer_step(document, person) -> Step:
    return Step.objects.get(run=decide.run_of(document), approver=person)


def test_the_department_goes_its_own_way_while_the_others_are_asked_themselves(cast, countersigned, asked, sound):
    document = countersigned()
    assert sorted(asked(document)) == ["head", "reader"]
    assert (outer_step(document, cast.countersigner).state, todo(cast.countersigner)) == ("inside", [])
    sound(document)


def test_what_the_department_came_to_is_its_opinion(cast, countersigned, agree, say, asked, sound):
    document = countersigned()
    agree(document, cast.reader)
    assert sorted(asked(document)) == ["countersigner", "head"]
    sound(document)
    say(decide.agree, document, cast.countersigner, opinion="同意，费用由我局承担")
    step = outer_step(document, cast.countersigner)
    assert (step.state, step.manner, step.opinion) == ("agreed", "inside", "同意，费用由我局承担")
    assert Run.objects.get(parent=step).state == "agreed"
    sound(document)
    agree(document, cast.head)
    assert asked(document) == ["mayor"]
    sound(document)
    agree(document, cast.mayor)
    assert (document.state, document.signed_by) == ("signed", cast.mayor)
    sound(document)


def test_a_dissent_inside_is_the_departments(cast, countersigned, agree, say, asked, sound):
    document = countersigned(dissent="record")
    say(decide.disagree, document, cast.reader, opinion="预算没有安排")
    step = outer_step(document, cast.countersigner)
    assert (step.state, step.opinion, asked(document)) == ("disagreed", "预算没有安排", ["head"])
    sound(document)
    agree(document, cast.head)
    assert asked(document) == ["mayor"]
    sound(document)


def test_a_return_from_inside_is_the_papers(cast, countersigned, say, asked, sound):
    document = countersigned()
    say(decide.return_, document, cast.reader, reason="缺少附件")
    assert (document.state, asked(document), todo(cast.head)) == ("returned", [], [])
    assert Run.objects.get(parent__isnull=False).state == "terminated"
    sound(document)


def test_a_return_to_an_earlier_stage_inside_stays_inside(cast, countersigned, agree, say, asked, sound):
    document = countersigned()
    agree(document, cast.reader)
    first = open_step(document, cast.countersigner).run.version.stages.get(order=1)
    say(decide.return_, document, cast.countersigner, reason="请再核", to=first.pk)
    assert sorted(asked(document)) == ["head", "reader"]
    sound(document)


def test_whoever_lets_the_others_off_ends_the_departments_own_run(cast, countersigned, agree, asked, sound):
    document = countersigned(mode="any")
    agree(document, cast.head)
    assert (asked(document), todo(cast.reader)) == (["mayor"], [])
    assert Run.objects.get(parent__isnull=False).state == "terminated"
    sound(document)


def test_a_change_of_the_text_sends_it_through_the_department_again(cast, countersigned, agree, edit, asked, sound):
    document = countersigned()
    agree(document, cast.reader)
    agree(document, cast.countersigner)
    edit(document, cast.head, "改过的一段话。")
    assert sorted(asked(document)) == ["head", "reader"]
    assert Run.objects.filter(parent__isnull=False).count() == 2
    sound(document)


def test_a_change_asks_again_inside_exactly_who_had_agreed(cast, countersigned, agree, edit, asked, sound):
    document = countersigned()
    agree(document, cast.reader)
    edit(document, cast.countersigner, "改过的一段话。")
    assert sorted(asked(document)) == ["countersigner", "head"]
    agree(document, cast.countersigner)
    assert sorted(asked(document)) == ["head", "reader"]
    sound(document)


def test_a_new_head_finds_the_departments_run_as_it_was(cast, countersigned, agree, now, asked, sound):
    document = countersigned()
    agree(document, cast.reader)
    Appointment.objects.filter(person=cast.countersigner).update(person=cast.stranger)
    assert reassign_all(now) == 1
    assert sorted(asked(document)) == ["head", "stranger"]
    assert outer_step(document, cast.stranger).state == "inside"
    sound(document)
    agree(document, cast.stranger)
    assert asked(document) == ["head"]
    sound(document)


def test_suspended_the_departments_own_run_rests_too(cast, countersigned, now, asked, sound):
    document = countersigned()
    halt.suspend(document, by=cast.drafter, now=now, reason="暂缓")
    assert todo(cast.reader) == []
    sound(document)
    halt.resume(document, by=cast.drafter, now=now + timedelta(days=1))
    assert todo(cast.reader) == ["review"]
    sound(document, now + timedelta(days=1))


def test_withdrawn_or_terminated_it_ends(cast, countersigned, now, sound):
    for end in (halt.withdraw, halt.terminate):
        document = countersigned()
        end(document, by=cast.drafter, now=now, **({"reason": "不办了"} if end == halt.terminate else {}))
        assert not Step.objects.filter(run__subject_id=document.pk, state__in=Step.PENDING).exists()
        assert todo(cast.reader) == []


def test_the_departments_last_word_is_not_taken_back_once_it_is_the_departments(cast, countersigned, agree, asked):
    document = countersigned()
    agree(document, cast.reader)
    agree(document, cast.countersigner)
    assert may_take_back(document, cast.countersigner) is None
    assert asked(document) == ["head"]


def test_an_internal_route_that_asks_nobody_asks_the_head(cast, inside, route, submitted, asked, sound):
    inside(cast.bureau, {"who": "drafting_role", "role": "vetter", "may_skip_if_nobody": True})
    route({"who": "chosen_heads", "mode": "all", "internal": True, "verb": "countersign"})
    document = submitted(chosen=[cast.bureau.pk])
    assert asked(document) == ["countersigner"]
    sound(document)
