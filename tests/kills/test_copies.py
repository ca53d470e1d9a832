"""A worker is killed at every line of making numbered copies: afterwards each addressee has one copy, and only one."""

import hashlib
import signal

from documents import distribute
from documents.models import Copy, CopyRun
from documents.sending import copies, number_copies
from officehub.audit.record import broken
from officehub.moves import events_of
from tests.kills.job import POINTS

MADE_BY = {  # how many of the seven copies stand when the worker has died at each point, two to a batch
    "claimed": 0, "template half written": 0, "template saved": 0, "first batch not committed": 0,
    "first batch committed": 2, "third batch not committed": 4, "all batches committed": 7,
    "recorded, not committed": 7,
}  # fmt: skip


def test_makers_killed_at_every_line_leave_one_copy_for_each(run_job, to_copy, settings, lapses):
    assert list(MADE_BY) == list(POINTS["copies"])
    run, seen = to_copy.copy_run, {}
    for (point, made), at in zip(MADE_BY.items(), lapses, strict=False):
        assert run_job("copies", run.pk, point, at) == -signal.SIGKILL
        run.refresh_from_db()
        assert (point, run.state, run.made) == (point, "running", made)
        assert list(number_copies.waiting(at)) == []  # nobody takes it from a worker that may be alive
        now_there = dict(run.copies.filter(addition__isnull=False).values_list("number", "sha256"))
        assert len(now_there) == made
        assert seen.items() <= now_there.items()  # what stands is not made again
        seen = now_there
    last = next(lapses)
    assert not distribute.waiting(last).exists()  # nothing is delivered before its copies are there
    assert [number_copies.make(run.pk, last), number_copies.make(run.pk, next(lapses))] == [True, False]
    one_copy_each(to_copy)


def one_copy_each(sent) -> None:
    run = CopyRun.objects.get()
    assert (run.state, run.made, run.total) == ("done", 7, 7)
    rows = list(Copy.objects.select_related("run").order_by("number"))
    assert [copy.number for copy in rows] == list(range(1, 8))
    assert sorted(copy.addressee_id for copy in rows) == sorted(sent.addressees.values_list("pk", flat=True))
    assert all(hashlib.sha256(copies.assembled(copy)).hexdigest() == copy.sha256 for copy in rows)
    assert len({copy.sha256 for copy in rows}) == 7
    assert events_of(sent.document).filter(verb="copies_made").count() == 1
    assert list(broken()) == []
