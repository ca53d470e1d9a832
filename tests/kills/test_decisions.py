"""A decision killed before each of its statements in turn, before its commit and after it: nothing happened, or all of
it, and the same decision can then be made."""

import os
import signal
from collections.abc import Callable

import pytest
from django.db import connection

from officehub.approvals import decide
from officehub.approvals.models import Step
from officehub.approvals.take_back import take_back
from tests.approvals.rows import snapshot
from tests.races.test_deciders import draft, route, submit
from tests.races.test_decision_races import whole

LEAST, FURTHEST = 10, 200  # statements: a decision has more than the one, and far fewer than the other


@pytest.fixture
def paper(committed, now):
    route(committed, now, {"who": "person", "person": committed.head}, {"who": "person", "person": committed.mayor})
    return submit(draft(committed, now), committed, now)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(number: int) -> Callable:
    """Runs every statement but the one with this number, counted from 1."""
    count = iter(range(1, FURTHEST + 1))

    def wrapped(execute, *statement):
        return die() if next(count) == number else execute(*statement)

    return wrapped


def killed(deed: Callable, number: int, *, at_commit: Callable) -> bool:
    """Make the deed in a process of its own that is killed before a statement, or at its commit when it has no such;
    whether it came to the commit."""
    connection.close()  # the two share no line to the database
    told, tell = os.pipe()
    child = os.fork()
    if child == 0:
        _be_killed(deed, number, lambda: (os.write(tell, b"!"), at_commit(), die()))
    os.close(tell)
    _, status = os.waitpid(child, 0)
    with os.fdopen(told, "rb") as pipe:
        came_to_commit = pipe.read() == b"!"
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    return came_to_commit


def _be_killed(deed: Callable, number: int, at_commit: Callable) -> None:
    try:
        connection.ensure_connection()
        connection._commit = at_commit
        with connection.execute_wrapper(dying_before(number)):
            deed()
    finally:
        os._exit(1)  # it should have been killed before


def killed_everywhere(deed: Callable, now) -> int:
    """Kill the deed at each of its points; how many statements it has. Only after its commit has anything happened."""
    before = snapshot()
    for number in range(1, FURTHEST):
        at_end = killed(deed, number, at_commit=lambda: None)
        assert snapshot() == before, f"killed before statement {number}"
        if at_end:
            break
    whole(now)
    commit = connection._commit
    assert killed(deed, FURTHEST, at_commit=commit)
    assert snapshot() != before
    whole(now)
    return number - 1


def step_of(document, person) -> Step:
    return Step.objects.select_related("run__parent", "stage").get(run__subject_id=document.pk, approver=person)


def decision(act: Callable, document, person, now, **words) -> Callable:
    """The deed, with all it needs read before."""
    step, seen = step_of(document, person), document.approval_hash()
    return lambda: act(step, by=person, now=now, seen=seen, **words)


def states(document) -> list[tuple[str, str]]:
    return list(
        Step.objects.filter(run__subject_id=document.pk).order_by("id").values_list("approver__username", "state")
    )


def test_an_agreement_that_opens_the_next_stage(committed, paper, now):
    assert killed_everywhere(decision(decide.agree, paper, committed.head, now), now) >= LEAST
    assert states(paper) == [("head", "agreed"), ("mayor", "open")]


def test_an_agreement_that_signs(committed, paper, now):
    decision(decide.agree, paper, committed.head, now)()
    assert killed_everywhere(decision(decide.agree, paper, committed.mayor, now), now) >= LEAST
    paper.refresh_from_db()
    assert (paper.state, decide.run_of(paper).state) == ("signed", "agreed")


def test_a_return(committed, paper, now):
    deed = decision(decide.return_, paper, committed.head, now, reason="依据不充分")
    assert killed_everywhere(deed, now) >= LEAST
    paper.refresh_from_db()
    assert (paper.state, states(paper)) == ("returned", [("head", "returned")])


def test_taking_back(committed, paper, now):
    decision(decide.agree, paper, committed.head, now)()
    step = step_of(paper, committed.head)
    assert killed_everywhere(lambda: take_back(step, by=committed.head, now=now), now) >= LEAST
    assert states(paper) == [("head", "taken_back"), ("mayor", "cancelled"), ("head", "open")]
