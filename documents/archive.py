"""归档: the paper, its course and its PDF are fixed as one archival item with a reference code and a list of hashes."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from documents.models import ArchivalItem, Distribution, Document
from documents.printing import request_archive_copy
from documents.receive import tally
from documents.seal import original_of
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.audit.models import Event
from officehub.inbox.errands import finish_verb
from officehub.moves import last_event, move

CATEGORY = "WS"  # 文书 (DA/T 13-2022)


def lacking(document: Document) -> list[str]:
    """What must be settled before the paper can be archived; readers who are silent may be outweighed by a reason."""
    missing = []
    if not document.organ.fonds_number:
        missing.append(f"{document.organ}没有全宗号，请系统管理员在“机关”中填写。")
    if not document.department.code:
        missing.append(f"{document.department}没有机构代码，请系统管理员在“部门”中填写。")
    return missing


def archive(document: Document, *, retention: str, reason: str = "", by, now: datetime) -> ArchivalItem:
    """File a distributed paper; while somebody has not acknowledged it, `reason` says why it is filed all the same."""
    if missing := lacking(document):
        raise DecisionRefused(missing)
    if Distribution.objects.filter(document=document, done_at=None).exists():
        raise DecisionRefused(["还在送达，请稍候再归档。"])
    count = tally(document)
    silent = count["delivered"] - count["acknowledged"]
    if silent and not reason.strip():
        raise DecisionRefused([f"还有 {silent} 人没有签收；如须先行归档，请写明理由。"])
    with transaction.atomic():
        move(document, "archive", by=by, now=now, facts={"retention": retention, "readers": count, "reason": reason})
        hold_to_signed(document)
        item = _item(document, retention, by, now)
        finish_verb(document, "archive", "已归档", now)
        request_archive_copy(document, now)
    return item


def _item(document: Document, retention: str, by, now: datetime) -> ArchivalItem:
    year = timezone.localdate(document.signed_at).year
    place = {
        "fonds_number": document.organ.fonds_number,
        "year": year,
        "retention": retention,
        "office_code": document.department.code,
    }
    type(document.organ).objects.select_for_update().get(pk=document.organ_id)  # item numbers are given one by one
    last = ArchivalItem.objects.filter(**place).aggregate(last=Max("item_number"))["last"] or 0
    code = f"{place['fonds_number']}-{CATEGORY}·{year}-{retention}-{place['office_code']}-{last + 1:04d}"
    return ArchivalItem.objects.create(
        document=document,
        item_number=last + 1,
        reference_code=code,
        manifest=manifest(document),
        by=by,
        at=now,
        **place,
    )


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
