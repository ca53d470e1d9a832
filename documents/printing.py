"""Printing: a job makes the PDF from a frozen record, measures it, and keeps it once with its hash.

A worker may die at any line: the claim lapses, the sweep finds the row, and the same record gives the same bytes.
"""

import hashlib
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from documents.interchange import parse
from documents.models import Rendition
from documents.paper.measure import measure
from documents.paper.process import WALL_SECONDS, RenderFailed, render_safely
from documents.paper.render import engine
from officehub.audit.record import record
from officehub.notifications.tell import enqueue

LEASE = timedelta(seconds=2 * WALL_SECONDS)  # a renderer that is still allowed to work is not taken for dead
GIVE_UP_AFTER = 3


def request(document, purpose: str, now: datetime) -> Rendition:
    """Order a PDF of the paper as it now stands; the row is the order, the queue is only poked."""
    seal = purpose == Rendition.Purpose.ORIGINAL and document.content.get("seal", True)
    source = {**document.raw(), "seal": seal}
    rendition = Rendition.objects.create(document=document, purpose=purpose, source=source, queued_at=now)
    transaction.on_commit(partial(poke, rendition.pk))
    return rendition


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
    paper = parse(rendition.source)
    try:
        pdf = render_safely(paper)
    except RenderFailed as error:
        given_up = rendition.attempts >= GIVE_UP_AFTER
        state = Rendition.State.FAILED if given_up else Rendition.State.QUEUED
        mine.update(state=state, error=str(error)[:250], doing="")
        return False
    mine.update(percent=70, doing="量版式")
    report = measure(pdf, paper.layout)
    mine.update(percent=90, doing="存档")
    return _keep(rendition, mine, pdf, report, now)


def _keep(rendition: Rendition, mine, pdf: bytes, report, now: datetime) -> bool:
    """Store the file under its hash and finish the order in one transaction; a half-written file is written over."""
    digest = hashlib.sha256(pdf).hexdigest()
    field = Rendition._meta.get_field("pdf")
    name = field.upload_to(rendition, f"{rendition.purpose}-{digest[:16]}.pdf")
    field.storage.delete(name)
    field.storage.save(name, ContentFile(pdf))
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
