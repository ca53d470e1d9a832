"""What becomes of numbered copies that could not be made: they are tried again, or the paper goes out without them.

Until one of the two is done nothing is delivered, so the distribution would stand open for ever.
"""

from datetime import datetime
from functools import partial

from django.db import transaction

from documents.models import ArchivalItem, CopyRun, Distribution
from documents.sending import number_copies, turn
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.people.models import Person

STATE = CopyRun.State


def retry(run: CopyRun, *, by: Person, now: datetime) -> None:
    """Order failed copies again. Raises DecisionRefused when they have not failed, or no longer."""
    document = run.distribution.document
    with transaction.atomic():
        turn.take(document.pk)
        _leave_failed(run, state=STATE.QUEUED, error="", attempts=0, queued_at=now)
        facts = {"made": run.made, "copies": run.total, "reason": run.error}
        record(document, "retry_copies", by=by, now=now, facts=facts, held=True)
        transaction.on_commit(partial(number_copies.poke, run.pk))


def send_unnumbered(run: CopyRun, *, by: Person, now: datetime, reason: str) -> None:
    """不编份号发送: the copies are given up and the paper is delivered without them; their numbers are not given again.

    GB/T 9704-2012 7.2.1 has a 份号 「如需标注」; here nothing classified is kept, which alone must bear one. Raises
    NeedsReason, and DecisionRefused when the copies have not failed, or no longer.
    """
    from documents.distribute import poke  # delivering orders copies

    if not reason.strip():
        raise NeedsReason
    document = run.distribution.document
    with transaction.atomic():
        turn.take(document.pk)
        _leave_failed(run, state=STATE.ENDED, error=reason.strip()[:200], done_at=now)
        run.copies.update(held_by=None)
        numbers = [f"{number:06d}" for number in run.copies.order_by("number").values_list("number", flat=True)]
        facts = {"first": numbers[0], "last": numbers[-1], "copies": run.total, "reason": reason.strip()[:200]}
        record(document, "send_unnumbered", by=by, now=now, facts=facts, held=True)
        transaction.on_commit(partial(poke, run.distribution_id))


def _leave_failed(run: CopyRun, **changes) -> None:
    gone = ArchivalItem.objects.filter(document=run.distribution.document_id, state=ArchivalItem.State.DESTROYED)
    failed = CopyRun.objects.filter(pk=run.pk, state=STATE.FAILED)
    if gone.exists() or not failed.update(**changes):
        raise DecisionRefused(["份号印件已经继续编制或者已办结，您刚才的操作没有生效，请看现在的情况。"])


def end(sent: Distribution, reason: str, now: datetime) -> None:
    """Nobody is left for whom copies would be made; inside the deed's transaction."""
    runs = CopyRun.objects.filter(distribution=sent).exclude(state__in=(STATE.DONE, STATE.ENDED))
    if runs.update(state=STATE.ENDED, error=reason, done_at=now):
        sent.copy_run.copies.update(held_by=None)
