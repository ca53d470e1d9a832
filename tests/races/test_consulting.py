"""Clerk, head and the clock at one instant: a department answers once, or kept silent once, and each is on record."""

from datetime import timedelta
from functools import partial

from django.db import transaction

from documents import drafting
from documents.consulting import answers, rounds
from documents.models import Consulted
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Person, RoleHolding
from tests.cast import NOTICE, person
from tests.races.conftest import at_once

ROUNDS = 4
LATE = timedelta(days=10)


def asked(cast, now) -> int:
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    sent = rounds.open_round(document, by=cast.drafter, now=now, departments=[cast.bureau])
    return sent.asked.get().pk


def answering(pk: int, who, head, now):
    """A deed on a row of its own, read before anybody has answered."""
    row = Consulted.objects.select_related("department", "consultation__document", "consultation__by").get(pk=pk)
    return partial(answers.answer, row, by=who, now=now, said="none", responsible=head)


def events(verb: str) -> int:
    return Event.objects.filter(verb=verb).count()


def test_of_clerk_and_head_one_answers_and_the_other_is_too_late(committed, now):
    head = committed.countersigner
    for count in range(1, ROUNDS + 1):
        pk = asked(committed, now)
        results = at_once(answering(pk, committed.reader, head, now), answering(pk, head, head, now))
        assert [type(one) for one in results if one is not None] == [TooLate], results
        assert events("consult_answered") == count
    assert list(broken()) == []


def test_silence_is_stated_once_by_two_workers_and_an_answer_at_that_moment_is_kept(committed, now):
    head = committed.countersigner
    stated = 0
    for _ in range(ROUNDS):
        pk, then = asked(committed, now), now + LATE
        lapse = partial(answers.lapse, then)
        first, second, said = at_once(lapse, lapse, answering(pk, committed.reader, head, then))
        assert (type(first), type(second), said) == (int, int, None), (first, second, said)
        assert (Consulted.objects.get(pk=pk).state, Consulted.objects.get(pk=pk).late) == ("answered", True)
        assert first + second <= 1
        stated += first + second
    assert events("consult_silent") == stated
    assert list(broken()) == []


def test_a_clerk_who_comes_while_the_department_answers_is_not_left_with_the_errand(committed, now):
    """The role is given at the moment of the answer: asked before it, and then rid of it, or not asked at all."""
    for count in range(ROUNDS):
        pk = asked(committed, now)
        new = person(f"clerk{count}", committed.other_section, "文书", False, [])
        Person.objects.filter(pk=new.pk).update(department=committed.bureau)
        new.refresh_from_db()

        def give_role(new=new):
            with transaction.atomic():
                RoleHolding.objects.create(person=new, role="registry_clerk")

        first, second = at_once(answering(pk, committed.reader, committed.countersigner, now), give_role)
        assert (first, second) == (None, None)
        assert not WorkItem.objects.todo(new).exists()
    assert list(broken()) == []
