"""编份号: every addressee of a distribution gets a copy of their own, numbered and made out to them.

The rows are made with the distribution, so no copy can be missing; the job fills in what is empty, batch by batch, so a
job that was killed is taken up where it stopped and no copy is made twice. The memory needed is that of one template
and one batch, however many copies there are.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext

from documents.interchange import parse
from documents.models import Copy, CopyRun, Distribution, Document, Rendition
from documents.models.copies import LARGEST_NUMBER
from documents.paper import copies
from documents.paper.process import WALL_SECONDS, RenderFailed
from documents.paper.render import engine, page_texts
from documents.printing import GIVE_UP_AFTER, NotStored, store
from documents.sending import turn
from documents.sending.whom import label
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.notifications.tell import enqueue

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=2 * WALL_SECONDS)
BATCH = 100  # copies in one transaction
STATE = CopyRun.State


def next_number(document: Document) -> int:
    """The 份号 after the last one given."""
    return (document.copies.aggregate(last=Max("number"))["last"] or 0) + 1


def order(sent: Distribution, original: Rendition, first: int, now: datetime) -> CopyRun:
    """Give every addressee a number from `first` on, inside the deed's transaction; the job makes the copies.

    Raises DecisionRefused when a number is taken or too large, or a name cannot be printed.
    """
    rows = list(sent.addressees.select_related("department__organ", "person").order_by("id"))
    names = [label(row.department or row.person, sent.document)[:160] for row in rows]
    _refuse(sent.document, first, len(rows), names)
    run = CopyRun.objects.create(distribution=sent, original_sha256=original.sha256, total=len(rows), queued_at=now)
    made = [
        Copy(run=run, document=sent.document, number=first + at, addressee=row, name=name, held_by=row.person)
        for at, (row, name) in enumerate(zip(rows, names, strict=True))
    ]
    Copy.objects.bulk_create(made, batch_size=500)
    facts = {"first": f"{first:06d}", "last": f"{first + len(rows) - 1:06d}", "copies": len(rows)}
    record(sent.document, "number_copies", by=sent.by, now=now, facts=facts)
    transaction.on_commit(partial(poke, run.pk))
    return run


def _refuse(document: Document, first: int, count: int, names: list[str]) -> None:
    last = first + count - 1
    if first < 1 or last > LARGEST_NUMBER:
        raise DecisionRefused(
            [
                gettext("份号为六位数，从%(first)s起编 %(count)s 份超出了000001至999999。")
                % {"first": f"{first:06d}", "count": count}
            ]
        )
    if taken := document.copies.filter(number__gte=first, number__lte=last).order_by("number").first():
        raise DecisionRefused(
            [
                gettext("份号%(taken)s已经用过，请从%(next)s起编。")
                % {"taken": taken, "next": f"{next_number(document):06d}"}
            ]
        )
    wrong = [f"“{name.partition('：')[2]}”中的“{'、'.join(lack)}”" for name in names if (lack := copies.lacking(name))]
    if wrong:
        raise DecisionRefused(
            [
                gettext("%(names)s没有可用的字体，印不出来；请系统管理员安装字体，或者不编份号。")
                % {"names": "；".join(wrong)}
            ]
        )


def poke(pk: int) -> None:
    from documents.jobs import make_copies  # the job calls back into this module

    enqueue(make_copies, pk)


def waiting(now: datetime):
    """Runs nobody works on: never begun, or begun by a worker that died."""
    lapsed = Q(state=STATE.RUNNING, claimed_at__lt=now - LEASE)
    return CopyRun.objects.filter(Q(state=STATE.QUEUED) | lapsed)


def make(pk: int, now: datetime) -> bool:
    """Make the copies of one run that are not made yet. False when somebody else has it, it is done, or it failed."""
    claimed = waiting(now).filter(pk=pk)
    if not claimed.update(state=STATE.RUNNING, claimed_at=now, attempts=F("attempts") + 1):
        return False
    run = CopyRun.objects.select_related("distribution__document").get(pk=pk)
    mine = CopyRun.objects.filter(pk=pk, state=STATE.RUNNING, claimed_at=now)
    try:
        base = _template(run, mine).base()
        while _make_batch(mine, base, now):
            pass
        return _finish(run, mine, now)
    except (RenderFailed, NotStored) as error:
        _put_back(run, mine, str(error))
    except Exception:  # a fault of ours: the order must say so, and not stand there as if somebody were at it
        logger.exception("copies %s of distribution %s", pk, run.distribution_id)
        _put_back(run, mine, "编份号时出现意外错误，详情已记入系统日志；请联系系统管理员。")
    return False


def _put_back(run: CopyRun, mine, sentence: str) -> None:
    """Leave the run for the sweep with the reason beside it, or give it up; copies made so far stay made."""
    given_up = run.attempts >= GIVE_UP_AFTER
    mine.update(state=STATE.FAILED if given_up else STATE.QUEUED, error=sentence[:250])


def _template(run: CopyRun, mine) -> copies.Template:
    """The run's template: the one kept, or drawn from the record the original was printed from, and kept."""
    if run.template:
        return read_template(run)
    document = run.distribution.document
    original = document.renditions.get(purpose=Rendition.Purpose.ORIGINAL, sha256=run.original_sha256)
    names = run.copies.values_list("name", flat=True)
    template = copies.template_safely(parse(original.source), names)
    _refuse_another_paper(original, template)
    made = copies.packed(template)
    digest = hashlib.sha256(made).hexdigest()
    field = CopyRun._meta.get_field("template")
    name = field.upload_to(run, f"copies-{digest[:16]}.tpl")
    store(field.storage, name, made)
    mine.update(template=name, template_sha256=digest, engine=engine())
    return template


def _refuse_another_paper(original: Rendition, template: copies.Template) -> None:
    """A copy says what the sealed original says, page by page: fonts or programs may have changed since."""
    try:
        with original.pdf.open("rb") as file:
            sealed = file.read()
    except OSError as error:
        raise NotStored("正本文件读不出来，不能据以编制印件；请系统管理员检查存储。") from error
    if hashlib.sha256(sealed).hexdigest() != original.sha256:
        raise NotStored("正本文件与登记的校验值不符，不能据以编制印件；请系统管理员从备份恢复。")
    if page_texts(sealed) != page_texts(template.pdf):
        raise NotStored("印件与正本的版面不一致（字体或排版程序在正本印成后有变），没有编制；请系统管理员处理。")


def read_template(run: CopyRun) -> copies.Template:
    """The kept template. Raises NotStored when the file is not what was kept."""
    with run.template.open("rb") as file:
        kept = file.read()
    if hashlib.sha256(kept).hexdigest() != run.template_sha256:
        raise NotStored("份号印件的底版文件与登记的校验值不符，请系统管理员从备份恢复。")
    return copies.opened(kept)


def _make_batch(mine, base: copies.Base, now: datetime) -> int:
    """Some of the copies left, in one transaction with the count of those made."""
    with transaction.atomic():
        run = mine.select_for_update(no_key=True).first()
        if run is None:  # the lease ran out and somebody else has it
            return 0
        rows = list(run.copies.filter(addition=None).order_by("number")[:BATCH])
        for row in rows:
            row.addition = base.addition(row.number, row.name)
            row.sha256, row.made_at = base.digest(row.addition), now
        Copy.objects.bulk_update(rows, ["addition", "sha256", "made_at"])
        mine.update(made=F("made") + len(rows))
    return len(rows)


def _finish(run: CopyRun, mine, now: datetime) -> bool:
    from documents.distribute import poke as poke_delivery  # delivering orders copies

    document = run.distribution.document
    with transaction.atomic():
        turn.take(document.pk)
        done = mine.filter(made=F("total")).update(state=STATE.DONE, error="", done_at=now)
        if done:
            facts = {
                "copies": run.total,
                "template": CopyRun.objects.values_list("template_sha256", flat=True).get(pk=run.pk),
            }
            record(document, "copies_made", by=None, now=now, facts=facts, held=True)
            transaction.on_commit(partial(poke_delivery, run.distribution_id))
    return bool(done)
