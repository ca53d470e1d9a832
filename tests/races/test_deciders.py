"""Two people, or one in two tabs, decide the same step at once: one effect, and the other hears who was first."""

from functools import partial

import pytest

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.models import Run, Step
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.people.models import Person, RoleHolding
from tests.approvals.shapes import publish
from tests.cast import NOTICE
from tests.races.conftest import at_once

ROUNDS = 50


def route(cast, now, *stages):
    publish("试用", list(stages), now, priority=1)


def draft(cast, now) -> Document:
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def submit(document, cast, now, chosen=()) -> Document:
    move(document, "submit", by=cast.drafter, now=now)
    decide.start(document, by=cast.drafter, now=now, chosen=list(chosen))
    return document


def step_of(document, person) -> Step:
    found = Step.objects.select_related("run__subject_type", "stage", "acting_for")
    return found.get(run__subject_id=document.pk, approver=person)


def agree(step, person, now, seen):
    return decide.agree(step, by=person, now=now, seen=seen)


def return_(step, person, now, seen):
    return decide.return_(step, by=person, now=now, seen=seen, reason="依据不充分")


def told_apart(results) -> tuple[int, TooLate]:
    """The place of the one deed that was done, and what the other was told."""
    late = [result for result in results if isinstance(result, TooLate)]
    done = [place for place, result in enumerate(results) if isinstance(result, Run)]
    assert (len(done), len(late)) == (1, 1), results
    return done[0], late[0]


def test_agreeing_and_returning_in_two_tabs_has_one_effect(committed, now):
    route(committed, now, {"who": "person", "person": committed.head}, {"who": "person", "person": committed.mayor})
    for _ in range(ROUNDS):
        document = submit(draft(committed, now), committed, now)
        seen = document.approval_hash()
        tabs = [step_of(document, committed.head) for _ in range(2)]
        results = at_once(
            partial(agree, tabs[0], committed.head, now, seen), partial(return_, tabs[1], committed.head, now, seen)
        )
        first, late = told_apart(results)
        document.refresh_from_db()
        assert document.state == ["in_approval", "returned"][first]
        assert (late.who, late.when) == (committed.head, now)
        decided = Event.objects.filter(subject_id=document.pk, verb__in=["approval.agreed", "approval.returned"])
        assert decided.count() == 1
        assert WorkItem.objects.of(document).filter(verb="revise").count() == first
    assert list(broken()) == []


def test_of_two_who_may_each_decide_one_does(committed, now):
    second = Person.objects.create(username="second", name="乙", department=committed.section)
    RoleHolding.objects.create(person=second, role="vetter")
    vetters = {"who": "role", "role": "vetter", "mode": "any"}
    route(committed, now, vetters, {"who": "person", "person": committed.mayor})
    people = [committed.vetter, second]
    for _ in range(ROUNDS):
        document = submit(draft(committed, now), committed, now)
        seen = document.approval_hash()
        results = at_once(*[partial(agree, step_of(document, person), person, now, seen) for person in people])
        first, late = told_apart(results)
        assert late.who == people[first]
        states = Step.objects.filter(run__subject_id=document.pk, stage__order=1).values_list("approver_id", "state")
        assert dict(states) == {people[first].pk: "agreed", people[1 - first].pk: "cancelled"}
        assert Step.objects.filter(run__subject_id=document.pk, stage__order=2).count() == 1
    assert list(broken()) == []


def test_when_all_must_agree_and_do_so_at_once_the_next_stage_opens_once(committed, now):
    route(
        committed,
        now,
        {"who": "chosen_heads", "mode": "all"},
        {"who": "person", "person": committed.mayor},
    )
    people = [committed.head, committed.countersigner]
    for _ in range(ROUNDS // 2):
        document = submit(draft(committed, now), committed, now, [committed.section.pk, committed.bureau.pk])
        seen = document.approval_hash()
        results = at_once(*[partial(agree, step_of(document, person), person, now, seen) for person in people])
        assert [type(result) for result in results] == [Run, Run]
        assert Step.objects.get(run__subject_id=document.pk, stage__order=2).approver == committed.mayor
        assert WorkItem.objects.todo(committed.mayor).of(document).count() == 1
    assert list(broken()) == []


def test_taking_back_and_agreeing_at_once_has_one_effect(committed, now):
    route(committed, now, {"who": "person", "person": committed.head})

    def take_back(document):
        drafting.withdraw(document, by=committed.drafter, now=now)
        return decide.run_of(document)

    for _ in range(ROUNDS // 2):
        document = submit(draft(committed, now), committed, now)
        step, seen = step_of(document, committed.head), document.approval_hash()
        results = at_once(partial(take_back, document), partial(agree, step, committed.head, now, seen))
        first, _ = told_apart(results)
        assert Document.objects.get(pk=document.pk).state == ["drafting", "signed"][first]
        assert Run.objects.get(subject_id=document.pk).state == ["withdrawn", "agreed"][first]
    assert list(broken()) == []


@pytest.mark.parametrize("tabs", [2, 4])
def test_a_draft_sent_twice_at_once_runs_once(committed, now, tabs):
    for _ in range(10):
        document = draft(committed, now)
        copies = [Document.objects.get(pk=document.pk) for _ in range(tabs)]
        results = at_once(
            *[partial(drafting.submit, copy, by=committed.drafter, now=now, chosen=[], reasons={}) for copy in copies]
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", *["TooLate"] * (tabs - 1)]
        assert Step.objects.filter(run__subject_id=document.pk).count() == 1
