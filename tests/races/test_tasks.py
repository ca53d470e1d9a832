"""Tasks: two at once. One deed is done, the other learns who was first; a whole is never closed over an open part."""

from datetime import date
from functools import partial
from threading import Event
from time import monotonic

from django.db import connection, transaction

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from tasks import accept, assign, cancelling, extending, number, reporting, splitting, verify
from tasks.limits import Limit
from tasks.models import Extension, Task
from tests.races.conftest import PATIENCE, at_once
from tests.tasks.conftest import Steps

ROUNDS = 3


def late(results) -> int:
    """How many of two deeds came too late or were refused; the others were done."""
    refused = (TooLate, DecisionRefused)
    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, refused)] == []
    return sum(isinstance(result, refused) for result in results)


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)


def test_tasks_given_at_once_have_each_a_number(committed, now):
    steps = Steps(committed, now)
    drafts = [steps.written() for _ in range(6)]
    given = at_once(*(partial(assign.assign, one, by=committed.mayor, now=now) for one in drafts))
    assert sorted(one.seq for one in given) == [1, 2, 3, 4, 5, 6]
    assert list(number.faults()) == []


def test_two_who_accept(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.allocated()
        taking = partial(accept.accept, by=committed.reader, now=now)
        assert late(at_once(partial(taking, task), partial(taking, fresh(task)))) == 1
        assert WorkItem.objects.of(task).filter(verb="task_do", done_at=None).count() == 1


def test_accepting_while_it_is_cancelled(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.allocated()
        cancel = partial(cancelling.cancel, fresh(task), by=committed.mayor, now=now, reason="不办了")
        results = at_once(partial(accept.accept, task, by=committed.reader, now=now), cancel)
        assert not isinstance(results[1], Exception)  # it is cancelled, before or after it was taken
        assert fresh(task).state == "cancelled"
        assert not WorkItem.objects.of(task).filter(done_at=None).exists()


def test_two_heads_who_allocate(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.assigned()
        by = {"by": committed.countersigner, "now": now}
        one = partial(accept.allocate, task, committed.reader, **by)
        assert late(at_once(one, partial(accept.allocate, fresh(task), committed.countersigner, **by))) == 1


def test_a_part_is_split_off_while_the_whole_is_submitted(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        whole = steps.under_way()
        split = partial(steps.part, fresh(whole))
        submit = partial(verify.submit, whole, by=committed.reader, now=now, text="已完成。")
        assert late(at_once(submit, split)) == 1
        has_part = splitting.open_parts(whole).exists()
        assert (fresh(whole).state, has_part) in [("submitted", False), ("in_progress", True)]


def test_a_part_is_taken_up_again_while_the_whole_is_closed(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        whole = steps.under_way()
        part = steps.part_closed(whole)
        verify.submit(whole, by=committed.reader, now=now, text="已完成。")
        again = partial(verify.reopen, part, by=committed.reader, now=now, reason="有误")
        close = partial(verify.close, fresh(whole), by=committed.mayor, now=now)
        assert late(at_once(close, again)) == 1
        assert (fresh(whole).state, fresh(part).state) == ("closed", "closed")


def test_an_extension_is_agreed_while_the_task_is_submitted(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.under_way()
        extension = steps.extension(task)
        agree = partial(decide, extension, committed, now)
        submit = partial(verify.submit, fresh(task), by=committed.reader, now=now, text="已完成。")
        results = at_once(agree, submit)
        assert not isinstance(results[1], Exception)
        state, task = Extension.objects.get(pk=extension.pk).state, fresh(task)
        assert (state, task.extended, task.state) in [("granted", 1, "submitted"), ("lapsed", 0, "submitted")]
        assert not WorkItem.objects.of(extension).filter(done_at=None).exists()
        assert late(results) == (state == "lapsed")


def decide(extension: Extension, committed, now) -> None:
    step = extending.step_of(extension, committed.mayor)
    if step is None:
        raise TooLate(extension, "grant")
    said = {"seen": extension.approval_hash(), "agreed": True, "words": ""}
    extending.decide(extension, step, by=committed.mayor, now=now, **said)


def test_two_who_verify(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.submitted()
        close = partial(verify.close, task, by=committed.mayor, now=now)
        back = partial(verify.return_, fresh(task), by=committed.mayor, now=now, reason="不全")
        assert late(at_once(close, back)) == 1


def test_the_same_report_pressed_twice(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        task = steps.under_way()
        said = {"by": committed.reader, "now": now, "percent": 40, "text": "已摸底。"}
        assert late(at_once(*(partial(reporting.report, one, **said) for one in (task, fresh(task))))) == 1
        assert task.reports.count() == 1


def test_a_whole_is_cancelled_while_its_part_is_split(committed, now):
    steps = Steps(committed, now)
    for _ in range(ROUNDS):
        whole = steps.under_way()
        part = steps.part(whole)
        cancel = partial(cancelling.cancel, whole, by=committed.mayor, now=now, reason="不办了")
        take = partial(accept.accept, part, by=committed.drafter, now=now)
        results = at_once(cancel, take)
        assert not isinstance(results[0], Exception)
        assert (fresh(whole).state, fresh(part).state) == ("cancelled", "cancelled")
    assert list(broken()) == []


def until_somebody_waits() -> None:
    """For a row we hold; SQLite lets nobody else begin to write, so there they wait from the first."""
    blocked = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    until = monotonic() + PATIENCE
    while connection.vendor == "postgresql" and monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(blocked)
            if cursor.fetchone()[0]:
                return


def test_a_whole_is_cancelled_while_its_part_gets_a_part(committed, now):
    """The part that is split is held, so the cancellation waits for it, and then finds what came of it."""
    steps = Steps(committed, now)
    whole = steps.under_way()
    part = accept.accept(steps.part(whole), by=committed.drafter, now=now)
    begun, made = Event(), []

    def split():
        with transaction.atomic():
            made.append(steps.written(by=committed.drafter, parent=part, lead_unit=None, lead_person=committed.head))
            begun.set()
            until_somebody_waits()

    def cancel():
        begun.wait(PATIENCE)
        return cancelling.cancel(whole, by=committed.mayor, now=now, reason="不办了")

    assert not any(isinstance(result, Exception) for result in at_once(split, cancel))
    assert [fresh(one).state for one in (whole, part, *made)] == ["cancelled"] * 3


def test_two_drafts_of_one_limit(committed, now):
    """A limit that is changed while it is given is one of the two, whole."""
    steps = Steps(committed, now)
    task = steps.written()
    change = partial(
        assign.write, fresh(task), by=committed.mayor, now=now, title="改后", limit=Limit(day=date(2026, 12, 30)),
        lead_unit=committed.bureau,
    )  # fmt: skip
    at_once(partial(assign.assign, task, by=committed.mayor, now=now), change)
    given = fresh(task)
    if given.state == "assigned":
        assert given.due_at == given.first_due_at
