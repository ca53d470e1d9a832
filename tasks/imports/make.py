"""The good rows of a confirmed workbook become tasks, some at a time: each once, whatever is repeated or killed."""

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import move
from officehub.notifications.tell import enqueue
from officehub.people.models import Person
from tasks.given import give
from tasks.imports.take import same_before
from tasks.models import TaskImport

STATE = TaskImport.State
LEASE = timedelta(minutes=5)
PIECE = 20  # rows in one run of the job; each row is a transaction
GIVE_UP_AFTER = 3


class Twice(DecisionRefused):
    """The same workbook was imported before."""


def confirm(workbook: TaskImport, *, by, now: datetime, only_good: bool = False, again: bool = False) -> None:
    """Let the good rows become tasks. Raises DecisionRefused while rows are in error and nobody said to leave them out,
    or when the same workbook was imported before and nobody said to do it again; TooLate when it was confirmed."""
    if not workbook.good:
        raise DecisionRefused(["没有可以交办的行，请改正后重新上传。"])
    if workbook.bad and not only_good:
        raise DecisionRefused(["有的行有误；只交办无误的行，请勾选确认，或者改正后重新上传。"])
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(
            pk=by.pk
        )  # of two confirmed at once the second sees the first
        if same_before(workbook) and not again:
            raise Twice(["同一个文件已经导入过；确需再交办一次，请勾选确认。"])
        facts = {"file": str(workbook.stored), "sha256": workbook.stored.sha256, "rows": workbook.good}
        move(workbook, "confirm_import", by=by, now=now, facts={**facts, "left_out": workbook.bad})
        transaction.on_commit(partial(poke, workbook.pk))


def drop(workbook: TaskImport, *, by, now: datetime) -> None:
    """The preview is not wanted: its rows go, the record that it was there stays."""
    with transaction.atomic():
        move(workbook, "drop_import", by=by, now=now, facts={"file": str(workbook.stored)})
        workbook.rows.all().delete()


def retry(workbook: TaskImport, *, by, now: datetime) -> None:
    with transaction.atomic():
        move(workbook, "retry_import", by=by, now=now, attempts=0, error="", claimed_at=None, finished_at=None)
        transaction.on_commit(partial(poke, workbook.pk))


def poke(pk: int) -> None:
    from tasks.jobs import make_tasks  # the job calls back into this module

    enqueue(make_tasks, pk)


def waiting(now: datetime):
    """Workbooks nobody works on: never begun, between two pieces, or left by a worker that died."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return TaskImport.objects.filter(free, state__in=TaskImport.TO_DO)


def make(pk: int, now: datetime) -> bool:
    """Make the tasks of one piece. True when there is more to do."""
    if not waiting(now).filter(pk=pk).update(state=STATE.RUNNING, claimed_at=now, attempts=F("attempts") + 1):
        return False
    workbook = TaskImport.objects.select_related("by__department__organ").get(pk=pk)
    mine = TaskImport.objects.filter(pk=pk, state=STATE.RUNNING, claimed_at=now)
    if workbook.attempts > GIVE_UP_AFTER:
        mine.update(state=STATE.FAILED, error=_("反复中断，请稍后重试。"), finished_at=now, claimed_at=None)
        return False
    left = to_make(workbook).order_by("number")[: PIECE + 1]
    rows = list(left.values_list("pk", flat=True))
    for row in rows[:PIECE]:
        _make_one(workbook, row, now)
    if len(rows) > PIECE:
        return bool(mine.update(claimed_at=None, attempts=0))
    _finish(workbook, mine, now)
    return False


def to_make(workbook: TaskImport):
    """The rows that are good, not refused, and no task yet."""
    return workbook.rows.filter(task=None, faults={})


def _make_one(workbook: TaskImport, pk: int, now: datetime) -> None:
    """One row in one transaction, its row held: whoever comes second finds its task there."""
    with transaction.atomic():
        row = to_make(workbook).select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
        if row is None:
            return
        try:
            with transaction.atomic():
                row.task = give(row.fields, by=workbook.by, now=now)
        except DecisionRefused as error:
            row.faults = {"": "".join(error.sentences)}
            row.save(update_fields=["faults"])
            TaskImport.objects.filter(pk=workbook.pk).update(refused=F("refused") + 1)
            return
        row.save(update_fields=["task"])
        TaskImport.objects.filter(pk=workbook.pk).update(done=F("done") + 1)


def _finish(workbook: TaskImport, mine, now: datetime) -> None:
    with transaction.atomic():
        if not mine.update(state=STATE.DONE, finished_at=now, claimed_at=None, error=""):
            return  # another took it over
        workbook.refresh_from_db()
        facts = {"made": workbook.done, "refused": workbook.refused}
        record(workbook, "import_done", by=workbook.by, now=now, facts=facts)
