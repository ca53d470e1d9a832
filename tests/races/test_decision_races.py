"""Two processes released at one instant, hundreds of times: one effect, no wrong end state, no error but “somebody was
first”."""

from collections import Counter

import pytest
from django.db import transaction

from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.invariants import violations
from officehub.approvals.models import Run, Step
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from tests.kills.conftest import surroundings  # noqa: F401  the fixture of a test with processes of its own
from tests.races.deciders import two_deciders
from tests.races.test_deciders import draft, route, submit

TRIES = 200
DECIDED = [f"approval.{verb}" for verb in ("agreed", "returned", "withdrawn")]


@pytest.fixture
def race(committed, surroundings, now):  # noqa: F811  the fixture itself
    """So many papers on the same route, and on each two deeds at once; the papers with what the deeds came to."""

    def run(first: tuple[str, str], second: tuple[str, str], chosen=()) -> list[tuple[Document, tuple[str, str]]]:
        with transaction.atomic():
            papers = [submit(draft(committed, now), committed, now, chosen) for _ in range(TRIES)]
        with two_deciders(surroundings) as pair:
            return [(paper, pair.at_once(*(told(paper, deed) for deed in (first, second)))) for paper in papers]

    return run


def told(paper: Document, deed: tuple[str, str]) -> dict:
    verb, by = deed
    return {"deed": verb, "paper": paper.pk, "by": by, "seen": paper.approval_hash()}


def whole(now) -> None:
    """Every run stands as it must, and every record is untouched."""
    assert [fault for run in Run.objects.select_related("version") for fault in violations(run, now)] == []
    assert list(broken()) == []


def decisions(paper: Document) -> list[str]:
    events = Event.objects.filter(subject_id=paper.pk, verb__in=DECIDED).order_by("seq")
    return [verb.removeprefix("approval.") for verb in events.values_list("verb", flat=True)]


def only_one(results) -> None:
    """In every try one was done and the other too late."""
    assert {tuple(sorted(outcomes)) for _, outcomes in results} == {("done", "late")}, Counter(
        outcomes for _, outcomes in results
    )


def in_a_row(cast, now) -> None:
    route(cast, now, {"who": "person", "person": cast.head}, {"who": "person", "person": cast.mayor})


def countersigned(cast, now) -> list[int]:
    route(cast, now, {"who": "chosen_heads", "mode": "all"}, {"who": "person", "person": cast.mayor})
    return [cast.section.pk, cast.bureau.pk]


def test_agreeing_and_returning_in_two_tabs(committed, now, race):
    in_a_row(committed, now)
    results = race(("agree", "head"), ("return", "head"))
    only_one(results)
    for paper, outcomes in results:
        agreed = outcomes[0] == "done"
        paper.refresh_from_db()
        assert decisions(paper) == ["agreed" if agreed else "returned"]
        assert paper.state == ("in_approval" if agreed else "returned")
        assert WorkItem.objects.of(paper).filter(verb="revise").exists() is not agreed
    whole(now)


def test_agreeing_twice(committed, now, race):
    in_a_row(committed, now)
    results = race(("agree", "head"), ("agree", "head"))
    only_one(results)
    for paper, _ in results:
        assert decisions(paper) == ["agreed"]
        assert Step.objects.filter(run__subject_id=paper.pk, stage__order=2).count() == 1
        assert WorkItem.objects.todo(committed.mayor).of(paper).count() == 1
    whole(now)


def test_deciding_while_it_is_withdrawn(committed, now, race):
    in_a_row(committed, now)
    results = race(("agree", "head"), ("withdraw", "drafter"))
    only_one(results)
    for paper, outcomes in results:
        agreed = outcomes[0] == "done"
        paper.refresh_from_db()
        assert decisions(paper) == ["agreed" if agreed else "withdrawn"]
        assert paper.state == ("in_approval" if agreed else "drafting")
    whole(now)


def test_one_agrees_while_another_returns_it(committed, now, race):
    """Whoever returns always does; the other was before, or is told so."""
    results = race(("agree", "head"), ("return", "countersigner"), countersigned(committed, now))
    assert {outcomes for _, outcomes in results} <= {("done", "done"), ("late", "done")}
    for paper, outcomes in results:
        paper.refresh_from_db()
        assert decisions(paper) == ["agreed", "returned"][outcomes[0] != "done" :]
        assert paper.state == "returned"
        assert decide.run_of(paper).state == "returned"
    whole(now)


def test_the_last_two_countersigners_together(committed, now, race):
    results = race(("agree", "head"), ("agree", "countersigner"), countersigned(committed, now))
    assert {outcomes for _, outcomes in results} == {("done", "done")}
    for paper, _ in results:
        assert decisions(paper) == ["agreed", "agreed"]
        assert Step.objects.get(run__subject_id=paper.pk, stage__order=2).approver == committed.mayor
        assert WorkItem.objects.todo(committed.mayor).of(paper).count() == 1
    whole(now)
