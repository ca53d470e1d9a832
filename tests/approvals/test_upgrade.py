"""Data of before there were visits: after the upgrade every run stands as it stood, and its people go on with it."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.invariants import violations
from officehub.approvals.models import Run, Step
from officehub.inbox.models import WorkItem
from tests.documents.course.test_course import POINTS, agree, draft
from tests.races.conftest import committed  # noqa: F401  the fixture of a really committing test

BEFORE = ("approvals", "0002_initial")


@pytest.fixture
def upgraded():
    """Take the tables back to what they were, with the errands' keys of then, and upgrade them."""

    def go():
        keys = {step.key: f"step:{step.round}:{step.stage_id}:{step.principal_id}" for step in Step.objects.all()}
        MigrationExecutor(connection).migrate([BEFORE])
        for new, old in keys.items():
            WorkItem.objects.filter(key=new).update(key=old)
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes())

    yield go
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def submitted(cast, now, chosen=()) -> Document:
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=list(chosen), reasons={})
    return document


def test_runs_of_before_stand_as_they_stood_and_go_on(committed, now, upgraded):  # noqa: F811  the fixture itself
    cast = committed
    vetting, countersigning, returned = (
        submitted(cast, now),
        submitted(cast, now, [cast.bureau.pk]),
        submitted(cast, now),
    )
    agree(vetting, cast.head, now)
    agree(countersigning, cast.head, now)
    step = Step.objects.get(run__subject_id=returned.pk, state="open")
    decide.return_(step, by=cast.head, now=now, seen=returned.approval_hash(), reason="请补充依据")
    upgraded()
    stands = {
        run.subject_id: [(visit.stage.verb, visit.state) for visit in run.visits.select_related("stage")]
        for run in Run.objects.all()
    }
    assert stands == {
        vetting.pk: [("review", "passed"), ("vet", "open")],
        countersigning.pk: [("review", "passed"), ("countersign", "open")],
        returned.pk: [("review", "fell")],
    }
    assert [fault for run in Run.objects.all() for fault in violations(run, now)] == []
    agree(vetting, cast.vetter, now, **POINTS)
    assert violations(decide.run_of(vetting), now) == []
