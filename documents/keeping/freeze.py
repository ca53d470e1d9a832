"""Freezing an item: a job copies all that belongs to it into files of its own, with their hashes, and seals the list.

A worker may die at any line: the claim lapses, the sweep finds the item, and the same files give the same names.
"""

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from documents.incoming import paperwork
from documents.interchange import Refused
from documents.keeping import sheet
from documents.models import ArchivalItem, ArchivedFile, Document, Incoming, Rendition
from documents.paper.process import WALL_SECONDS, RenderFailed, desk
from documents.printing import NotStored, store
from officehub.approvals.decide import run_of
from officehub.approvals.models import OpinionFile, Step
from officehub.audit.record import record
from officehub.notifications.tell import enqueue

logger = logging.getLogger(__name__)
LEASE = timedelta(seconds=3 * WALL_SECONDS)
GIVE_UP_AFTER = 3
PARTS = {  # 正本, then what it was made from; numbered copies are 重份 and are not archived (8号令 第四条)
    "original": ArchivedFile.Part.ORIGINAL,
    "archive": ArchivedFile.Part.ARCHIVE,
    "proof": ArchivedFile.Part.PROOF,
}

PAPERS = (
    *("document__organ", "document__department", "document__drafter"),
    *("incoming__organ", "incoming__chaser", "incoming__registered_by"),
)
UNMADE = (Rendition.State.QUEUED, Rendition.State.RUNNING)


@dataclass(frozen=True)
class Piece:
    """One file to be kept: what it is, what people call it, its ending, its type and its bytes."""

    part: str
    title: str
    ending: str
    content_type: str
    content: bytes


def order(item: ArchivalItem) -> None:
    """The row is the order; the queue is poked after commit."""
    transaction.on_commit(partial(poke, item.pk))


def poke(pk: int) -> None:
    from documents.jobs import freeze_item  # the job calls back into this module

    enqueue(freeze_item, pk)


def waiting(now: datetime):
    """Items nobody is freezing: never begun, or begun by a worker that died; not given up, and all their PDFs made."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    unmade = Rendition.objects.filter(document=OuterRef("document"), purpose__in=PARTS, state__in=UNMADE)
    return ArchivalItem.objects.filter(free, ~Exists(unmade), frozen_at=None, attempts__lt=GIVE_UP_AFTER)


def retry(item: ArchivalItem) -> bool:
    """Try again what was given up; True when it had been."""
    again = ArchivalItem.objects.filter(pk=item.pk, frozen_at=None, attempts__gte=GIVE_UP_AFTER)
    done = again.update(attempts=0, claimed_at=None, error="")
    if done:
        order(item)
    return bool(done)


def freeze_item(pk: int, now: datetime) -> bool:
    """Freeze one item. False when somebody else has it, it is frozen already, or it could not be done this time."""
    if not waiting(now).filter(pk=pk).update(claimed_at=now, attempts=F("attempts") + 1):
        return False
    item = ArchivalItem.objects.select_related(*PAPERS).get(pk=pk)
    mine = ArchivalItem.objects.filter(pk=pk, frozen_at=None, claimed_at=now)
    try:
        rows = [_kept(item, place, piece) for place, piece in enumerate(_pieces(item, now), 1)]
    except (RenderFailed, NotStored, OSError, Refused) as error:
        logger.exception("item %s could not be frozen", item)
        mine.update(claimed_at=None, error=str(error)[:250])
        return False
    return _seal(item, mine, rows, now)


def _pieces(item: ArchivalItem, now: datetime) -> Iterator[Piece]:
    return _received(item, item.incoming, now) if item.incoming else _issued(item, item.document, now)


def _issued(item: ArchivalItem, document: Document, now: datetime) -> Iterator[Piece]:
    """In the order of the standard (DA/T 22-2015): 正本, 定稿, 发文稿纸, then the course and what was attached."""
    yield from _renditions(document)
    yield _text("text", "定稿（签发文本）", document.raw())
    yield _pdf("sheet", "发文稿纸", sheet.dispatch_sheet(document, now, item))
    yield _pdf("case", "办文全程", sheet.case_sheet(document, now, item))
    for attached in document.attached.exclude(stored=None).select_related("stored"):
        yield _stored("attachment", attached.title, attached.stored)
    run = run_of(document)
    steps = Step.objects.filter(Q(run=run) | Q(run__parent__run=run)).values("pk") if run else []
    for kept in OpinionFile.objects.filter(step__in=steps).select_related("stored").order_by("pk"):
        yield _stored("opinion", kept.stored.name, kept.stored)


def _received(item: ArchivalItem, incoming: Incoming, now: datetime) -> Iterator[Piece]:
    """公文处理单, then the paper (处理单在前, 收文在后, DA/T 22-2015): its text, then its attachments; then the line of
    the register, the course, and what was attached to the work on it."""
    yield _pdf("handling", "公文处理单", paperwork.sheet(incoming, now, at=desk))
    own, notes = incoming.files.filter(note=None), incoming.files.exclude(note=None)
    for file in own.select_related("stored").order_by("-is_main", "id"):
        yield _stored("received" if file.is_main else "attachment", file.stored.name, file.stored)
    yield _text("entry", "登记内容", {"number": incoming.number, **incoming.entry()})
    yield _pdf("case", "办文全程", sheet.case_sheet(incoming, now, item))
    for file in notes.select_related("stored").order_by("id"):
        yield _stored("note", file.stored.name, file.stored)


def _pdf(part: str, title: str, content: bytes) -> Piece:
    return Piece(part, title, "pdf", "application/pdf", content)


def _text(part: str, title: str, said: dict) -> Piece:
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    return Piece(part, title, "json", "application/json", content)


def _renditions(document: Document) -> Iterator[Piece]:
    done = document.renditions.filter(purpose__in=PARTS, state=Rendition.State.DONE)
    for rendition in sorted(done, key=lambda one: (list(PARTS).index(one.purpose), one.pk)):
        with rendition.pdf.open("rb") as file:
            content = file.read()
        part = PARTS[rendition.purpose]
        if hashlib.sha256(content).hexdigest() != rendition.sha256:
            raise NotStored(f"{part.label}的文件与登记的校验值不符，不能归档；请系统管理员核查存储。")
        yield _pdf(part, part.label, content)


def _stored(part: str, title: str, stored) -> Piece:
    with stored.file.open("rb") as file:
        content = file.read()
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise NotStored(f"附件“{title}”与登记的校验值不符，不能归档；请系统管理员核查存储。")
    return Piece(part, title, stored.name.rpartition(".")[2].lower(), stored.content_type, content)


def _kept(item: ArchivalItem, place: int, piece: Piece) -> ArchivedFile:
    """The bytes under a name of their own hash; a whole file that is there already stays."""
    digest = hashlib.sha256(piece.content).hexdigest()
    field = ArchivedFile._meta.get_field("file")
    row = ArchivedFile(
        item=item,
        order=place,
        part=piece.part,
        title=piece.title[:200],
        content_type=piece.content_type,
        size=len(piece.content),
        sha256=digest,
        sm3=hashlib.new("sm3", piece.content).hexdigest(),
    )
    name = field.upload_to(row, f"{place:02d}-{digest[:16]}.{piece.ending}")
    store(field.storage, name, piece.content)
    row.file = name
    return row


def _seal(item: ArchivalItem, mine, rows: list[ArchivedFile], now: datetime) -> bool:
    """The list of the files into the manifest, its digest into the paper's chain of events; once."""
    listed = [{key: getattr(row, key) for key in ("order", "part", "title", "size", "sha256", "sm3")} for row in rows]
    manifest = {**item.manifest, "reference_code": item.reference_code, "item": listed}
    digest = digest_of(manifest)
    with transaction.atomic():
        if not mine.update(frozen_at=now, manifest=manifest, digest=digest, error="", claimed_at=None):
            return False
        ArchivedFile.objects.bulk_create(rows)
        record(item.paper, "frozen", by=None, now=now, facts={"digest": digest, "files": len(rows)})
    return True


def digest_of(manifest: dict) -> str:
    """SHA-256 over a manifest in its one canonical form."""
    said = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
