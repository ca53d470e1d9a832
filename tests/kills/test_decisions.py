"""A decision killed before each of its statements in turn, before its commit and after it: nothing happened, or all of
it, and the same decision can then be made."""

import json
import subprocess
import sys

import pytest
from django.db import connection

from officehub.approvals import decide
from officehub.approvals.models import Step
from tests.approvals.rows import snapshot
from tests.kills.conftest import ROOT
from tests.races.test_deciders import draft, route, submit
from tests.races.test_decision_races import whole

LEAST, FURTHEST = 10, 200  # statements: a decision has more than the one, and far fewer than the other


@pytest.fixture
def paper(committed, now):
    route(committed, now, {"who": "person", "person": committed.head}, {"who": "person", "person": committed.mayor})
    return submit(draft(committed, now), committed, now)


@pytest.fixture
def killed(surroundings, now):
    """Make a deed in a process that is killed at a point; where it was."""
    program = [sys.executable, str(ROOT / "tests/kills/dier.py")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    dier = subprocess.Popen(program, env=surroundings, cwd=ROOT, text=True, **pipes)

    def kill(asked: dict, number: int, *, commit: bool = False) -> str:
        connection.close()
        dier.stdin.write(json.dumps({**asked, "now": now.isoformat(), "number": number, "commit": commit}) + "\n")
        dier.stdin.flush()
        return dier.stdout.readline().strip()

    assert dier.stdout.readline() == "ready\n"
    yield kill
    dier.kill()
    dier.communicate()


@pytest.fixture
def killed_everywhere(killed, now):
    """Kill a deed at each of its points; how many statements it has. Only after its commit has anything happened."""

    def everywhere(asked: dict) -> int:
        before, number = snapshot(), 1
        while (died := killed(asked, number)) == "statement" and number < FURTHEST:
            assert snapshot() == before, f"killed before statement {number}"
            number += 1
        assert (died, snapshot() == before) == ("commit", True)
        whole(now)
        assert killed(asked, FURTHEST, commit=True) == "commit"
        assert snapshot() != before
        whole(now)
        return number - 1

    return everywhere


def step_of(document, person) -> Step:
    return Step.objects.select_related("run__parent", "stage").get(run__subject_id=document.pk, approver=person)


def decision(act: str, document, person, **words) -> dict:
    """A deed on somebody's step, as the process that dies is told of it."""
    words = words if act == "take_back" else {"seen": document.approval_hash(), **words}
    return {"deed": act, "step": step_of(document, person).pk, "by": person.username, "words": words}


def states(document) -> list[tuple[str, str]]:
    return list(
        Step.objects.filter(run__subject_id=document.pk).order_by("id").values_list("approver__username", "state")
    )


def agree(document, person, now) -> None:
    decide.agree(step_of(document, person), by=person, now=now, seen=document.approval_hash())


def test_an_agreement_that_opens_the_next_stage(committed, paper, killed_everywhere):
    assert killed_everywhere(decision("agree", paper, committed.head)) >= LEAST
    assert states(paper) == [("head", "agreed"), ("mayor", "open")]


def test_an_agreement_that_signs(committed, paper, now, killed_everywhere):
    agree(paper, committed.head, now)
    assert killed_everywhere(decision("agree", paper, committed.mayor)) >= LEAST
    paper.refresh_from_db()
    assert (paper.state, decide.run_of(paper).state) == ("signed", "agreed")


def test_a_return(committed, paper, killed_everywhere):
    assert killed_everywhere(decision("return", paper, committed.head, reason="依据不充分")) >= LEAST
    paper.refresh_from_db()
    assert (paper.state, states(paper)) == ("returned", [("head", "returned")])


def test_taking_back(committed, paper, now, killed_everywhere):
    agree(paper, committed.head, now)
    assert killed_everywhere(decision("take_back", paper, committed.head)) >= LEAST
    assert states(paper) == [("head", "taken_back"), ("mayor", "cancelled"), ("head", "open")]
