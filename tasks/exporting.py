"""Writing a long ledger in a job: claimed, told how far it is, and gone after a day."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import F, Q
from django.http import QueryDict

from officehub.notifications.tell import enqueue
from officehub.people.models import Person
from officehub.web.workbook import long_workbook
from tasks.ledgers import LEDGERS
from tasks.models import LedgerExport

STATE = LedgerExport.State
LEASE, KEPT = timedelta(minutes=20), timedelta(days=1)
GIVE_UP_AFTER = 3
TOLD_EVERY = 1_000  # rows


def is_long(rows) -> bool:
    """Whether a ledger is too long to be written while somebody waits."""
    most = settings.EXPORT_AT_ONCE_ROWS
    return len(rows.order_by().values_list("pk")[: most + 1]) > most


def order(ledger: str, asked: str, *, by: Person, now: datetime) -> LedgerExport:
    """The same asked for again while it is being written is the same."""
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=by.pk)
        same = LedgerExport.objects.filter(by=by, ledger=ledger, asked=asked, state__in=LedgerExport.TO_DO)
        made = same.first() or LedgerExport.objects.create(by=by, ledger=ledger, asked=asked, at=now)
        transaction.on_commit(partial(poke, made.pk))
    return made


def poke(pk: int) -> None:
    from tasks.jobs import write_ledger  # the job calls back into this module

    enqueue(write_ledger, pk)


def waiting(now: datetime):
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    return LedgerExport.objects.filter(free, state__in=LedgerExport.TO_DO)


def write(pk: int, now: datetime) -> None:
    """Write one ledger. A worker that died leaves its claim to the next; who was given up is told so on the page."""
    if not waiting(now).filter(pk=pk).update(state=STATE.RUNNING, claimed_at=now, attempts=F("attempts") + 1):
        return
    export = LedgerExport.objects.select_related("by__department__organ").get(pk=pk)
    mine = LedgerExport.objects.filter(pk=pk, state=STATE.RUNNING, claimed_at=now)
    if export.attempts > GIVE_UP_AFTER:
        mine.update(state=STATE.FAILED, finished_at=now)
        return
    ledger = LEDGERS[export.ledger]
    rows = ledger.rows(export.by, QueryDict(export.asked), now)
    mine.update(total=rows.order_by().count(), done=0)
    with long_workbook(ledger.title, ledger.sheet, _told(ledger.lines(rows, now), mine)) as made:
        export.file.save(f"{uuid.uuid4().hex}.xlsx", File(made), save=False)
    if not mine.update(state=STATE.DONE, file=export.file.name, finished_at=now, done=F("total")):
        export.file.delete(save=False)  # another took it over


def _told(lines: Iterable[list], mine) -> Iterator[list]:
    """The lines, noting every so many how far it is."""
    for place, line in enumerate(lines, 1):
        if place % TOLD_EVERY == 0:
            mine.update(done=place)
        yield line


def sweep(now: datetime) -> int:
    """What is a day old goes, file and row. Returns how many."""
    past = LedgerExport.objects.filter(at__lt=now - KEPT).exclude(state__in=LedgerExport.TO_DO)
    old = list(past.order_by("id")[:200])
    for export in old:
        if export.file:
            export.file.delete(save=False)
        export.delete()
    return len(old)
