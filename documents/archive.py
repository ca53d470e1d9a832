"""归档: the paper, its course and its PDF become one archival item with a reference code; a job freezes its files."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext

from documents.keeping import freeze
from documents.keeping import retention as periods
from documents.keeping.shelve import lacking, shelve
from documents.models import Addressee, ArchivalItem, CopyRun, Distribution, Document, LeftOut
from documents.printing import request_archive_copy
from documents.receive import tally
from documents.seal import original_of
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.audit.models import Event
from officehub.audit.record import record
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, last_event, move


def archive(
    document: Document, *, retention: str, reason: str = "", deviation: str = "", by, now: datetime
) -> ArchivalItem:
    """File a distributed paper. While somebody has not acknowledged it, `reason` says why it is filed all the same;
    `deviation`, why its period is another than the retention table's."""
    if missing := lacking(document.organ, document.department):
        raise DecisionRefused(missing)
    if waits := on_the_way(document):
        raise DecisionRefused([waits])
    count = tally(document)
    silent = count["silent"]
    if silent and not reason.strip():
        raise DecisionRefused([gettext("还有 %(count)s 人没有签收；如须先行归档，请写明理由。") % {"count": silent}])
    periods.refuse_unexplained(document, retention, deviation)
    with transaction.atomic():
        facts = {"retention": retention, "readers": count, "reason": reason, "deviation": deviation}
        move(document, "archive", by=by, now=now, facts=facts)
        hold_to_signed(document)
        LeftOut.objects.filter(document=document).delete()  # whoever left it out thought better of it; the event stays
        item = _item(document, retention, deviation, by, now)
        finish_verb(document, "archive", "已归档", now)
        request_archive_copy(document, now)
        freeze.order(item)
    return item


def on_the_way(document: Document) -> str:
    """Why the paper has not reached all its addressees, and what to do; empty when it has. Numbered copies that failed
    hold it up until the office decides; however that ends, what counts is whether everybody has the paper."""
    left = Addressee.objects.filter(distribution=OuterRef("pk"), delivered_at=None, recalled_at=None)
    under_way = Distribution.objects.filter(Exists(left), document=document, done_at=None)
    if under_way.filter(copy_run__state=CopyRun.State.FAILED).exists():
        return "份号印件没有编成，还没有送达；请在“份号印件”中继续编制，或者决定不编份号送出，送达后再归档。"
    return "还在送达，请稍候再归档。" if under_way.exists() else ""


def leave_out(document: Document, *, ground: str, reason: str, by, now: datetime) -> LeftOut:
    """不归档 (国家档案局令第8号 第四条): nobody is asked to file it any more; it may still be filed later."""
    if document.normative or document.important:
        raise DecisionRefused(["重要公文和规范性文件应当归档。"])
    with transaction.atomic():
        held = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if held.state != Document.State.DISTRIBUTED or LeftOut.objects.filter(document=document).exists():
            raise TooLate(document, "leave_out")
        left = LeftOut.objects.create(document=document, ground=ground, reason=reason, by=by, at=now)
        said = f"{left.get_ground_display()}：{reason}" if reason else left.get_ground_display()
        record(document, "leave_out", by=by, now=now, facts={"ground": ground, "said": said}, held=True)
        finish_verb(document, "archive", "不归档", now)
    return left


def _item(document: Document, period: str, deviation: str, by, now: datetime) -> ArchivalItem:
    listed = manifest(document)
    return shelve(
        document=document, organ=document.organ, department=document.department,
        year=timezone.localdate(document.signed_at).year, retention=period, deviation=deviation, manifest=listed,
        pages=listed["original"]["pages"], by=by, now=now,
    )  # fmt: skip


def manifest(document: Document) -> dict:
    """What the item consists of, by hash: text, original, attached files and the last event of its course."""
    original = original_of(document)
    event: Event = last_event(document)
    return {
        "content_hash": document.issued_hash,
        "original": {"sha256": original.sha256, "pages": original.pages},
        "files": [
            {"title": attached.title, "sha256": attached.stored.sha256}
            for attached in document.attached.select_related("stored")
            if attached.stored_id
        ],
        "events": {"count": event.seq, "last": event.hash},
    }
