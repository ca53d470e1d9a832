"""Printing: a job makes the PDF from a frozen record, measures it, and keeps it once with its hash.

A worker may die at any line: the claim lapses, the sweep finds the row, and the same record gives the same bytes.
"""

import hashlib
import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from documents import pictures
from documents.interchange import parse
from documents.models import Rendition
from documents.paper.measure import measure
from documents.paper.process import WALL_SECONDS, RenderFailed, render_safely
from documents.paper.render import engine
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.notifications.tell import enqueue

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=3 * WALL_SECONDS)  # one that waits for the desk, draws and measures is not taken for dead
GIVE_UP_AFTER = 3


class NotStored(Exception):
    """The PDF could not be written; the message says why and what to do."""


def request(document, purpose: str, now: datetime) -> Rendition:
    """Order a PDF of the paper as it now stands; the row is the order, the queue is only poked."""
    seal = purpose == Rendition.Purpose.ORIGINAL and document.content.get("seal", True)
    source = {**document.raw(), "seal": seal}
    rendition = Rendition.objects.create(document=document, purpose=purpose, source=source, queued_at=now)
    transaction.on_commit(partial(poke, rendition.pk))
    return rendition


def archive_copy_of(document) -> Rendition | None:
    return document.renditions.filter(purpose=Rendition.Purpose.ARCHIVE).first()


def request_archive_copy(document, now: datetime) -> Rendition:
    """Order the archive copy of a sealed paper, from the very record its original was printed from; once only.

    Raises DecisionRefused when there is no original (a paper that was never printed here).
    """
    original = document.renditions.filter(purpose=Rendition.Purpose.ORIGINAL).first()
    if original is None:
        raise DecisionRefused(["本系统没有排印过这份公文的正本，不能制作归档件。"])
    made, new = Rendition.objects.get_or_create(
        document=document,
        purpose=Rendition.Purpose.ARCHIVE,
        defaults={"source": original.source, "queued_at": now},
    )
    if new:
        transaction.on_commit(partial(poke, made.pk))
    else:
        retry(made, now)
    return made


def poke(pk: int) -> None:
    from documents.jobs import print_paper  # the job calls back into this module

    enqueue(print_paper, pk)


def waiting(now: datetime):
    """Orders nobody works on: never begun, or begun by a worker that died."""
    lapsed = Q(state=Rendition.State.RUNNING, claimed_at__lt=now - LEASE)
    return Rendition.objects.filter(Q(state=Rendition.State.QUEUED) | lapsed)


def retry(rendition: Rendition, now: datetime) -> bool:
    """Order a failed PDF again; True when it had failed."""
    again = Rendition.objects.filter(pk=rendition.pk, state=Rendition.State.FAILED)
    done = again.update(state=Rendition.State.QUEUED, error="", percent=0, attempts=0, queued_at=now)
    if done:
        transaction.on_commit(partial(poke, rendition.pk))
    return bool(done)


def print_rendition(pk: int, now: datetime) -> bool:
    """Make one ordered PDF. False when somebody else has it or it is done already."""
    claimed = (
        waiting(now)
        .filter(pk=pk)
        .update(state=Rendition.State.RUNNING, claimed_at=now, attempts=F("attempts") + 1, percent=10, doing="排版")
    )
    if not claimed:
        return False
    rendition = Rendition.objects.select_related("document").get(pk=pk)
    mine = Rendition.objects.filter(pk=pk, state=Rendition.State.RUNNING, claimed_at=now)
    try:
        return _make(rendition, mine, now)
    except (RenderFailed, NotStored) as error:
        _put_back(rendition, mine, str(error))
    except Exception:  # a fault of ours: the order must say so, and not stand there as if somebody were at it
        logger.exception("rendition %s of document %s", pk, rendition.document_id)
        _put_back(rendition, mine, "排版时出现意外错误，详情已记入系统日志；请联系系统管理员。")
    return False


def _make(rendition: Rendition, mine, now: datetime) -> bool:
    paper = parse(rendition.source, settings.CLASSIFIED_ENABLED)
    images = pictures.held(rendition.document, paper)
    pdf = render_safely(paper, images=images, archive=rendition.purpose == Rendition.Purpose.ARCHIVE)
    mine.update(percent=70, doing="量版式")
    report = measure(pdf, paper.layout)
    mine.update(percent=90, doing="存档")
    return _keep(rendition, mine, pdf, report, now)


def _put_back(rendition: Rendition, mine, sentence: str) -> None:
    """Leave the order for the sweep with the reason beside it, or give it up for good."""
    given_up = rendition.attempts >= GIVE_UP_AFTER
    state = Rendition.State.FAILED if given_up else Rendition.State.QUEUED
    mine.update(state=state, error=sentence[:250], doing="", percent=0)


def store(storage, name: str, pdf: bytes) -> None:
    """Have the whole file under its name; what a dead worker left half-written is written over.

    Raises NotStored, and then no part of it is left. A whole file stays untouched: another's order may count on it.
    """
    try:
        if storage.exists(name) and _bytes_of(storage, name) == pdf:
            return
        storage.delete(name)
        storage.save(name, ContentFile(pdf))
    except OSError as error:
        logger.exception("the print %s could not be written", name)
        storage.delete(name)
        raise NotStored("存储空间不足或不能写入，印件未能保存；请系统管理员清理磁盘后再试。") from error


def _bytes_of(storage, name: str) -> bytes:
    with storage.open(name, "rb") as file:
        return file.read()


def _keep(rendition: Rendition, mine, pdf: bytes, report, now: datetime) -> bool:
    """Store the file under its hash and finish the order in one transaction."""
    digest = hashlib.sha256(pdf).hexdigest()
    field = Rendition._meta.get_field("pdf")
    name = field.upload_to(rendition, f"{rendition.purpose}-{digest[:16]}.pdf")
    store(field.storage, name, pdf)
    with transaction.atomic():
        done = mine.update(
            state=Rendition.State.DONE,
            percent=100,
            doing="",
            error="",
            pdf=name,
            pages=report.pages,
            sha256=digest,
            engine=engine(),
            measured=report.plain(),
            done_at=now,
        )
        if done:
            facts = {"purpose": rendition.purpose, "sha256": digest, "measured_ok": report.ok}
            record(rendition.document, "printed", by=None, now=now, facts=facts)
    return bool(done)
