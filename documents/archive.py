"""归档: the paper, its course and its PDF become one archival item with a reference code; a job freezes its files."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from documents.keeping import freeze, retention
from documents.models import ArchivalItem, Distribution, Document, LeftOut, Retention
from documents.printing import request_archive_copy
from documents.receive import tally
from documents.seal import original_of
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.audit.models import Event
from officehub.audit.record import record
from officehub.inbox.errands import finish_verb
from officehub.moves import TooLate, last_event, move


def lacking(document: Document) -> list[str]:
    """What must be settled before the paper can be archived; readers who are silent may be outweighed by a reason."""
    missing = []
    if not document.organ.fonds_number:
        missing.append(f"{document.organ}没有全宗号，请系统管理员在“机关”中填写。")
    if not document.department.code:
        missing.append(f"{document.department}没有机构代码，请系统管理员在“部门”中填写。")
    return missing


def archive(
    document: Document, *, retention: str, reason: str = "", deviation: str = "", by, now: datetime
) -> ArchivalItem:
    """File a distributed paper. While somebody has not acknowledged it, `reason` says why it is filed all the same;
    `deviation`, why its period is another than the retention table's."""
    if missing := lacking(document):
        raise DecisionRefused(missing)
    if Distribution.objects.filter(document=document, done_at=None).exists():
        raise DecisionRefused(["还在送达，请稍候再归档。"])
    count = tally(document)
    silent = count["delivered"] - count["acknowledged"]
    if silent and not reason.strip():
        raise DecisionRefused([gettext("还有 %(count)s 人没有签收；如须先行归档，请写明理由。") % {"count": silent}])
    _refuse_unexplained(document, retention, deviation)
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


def _refuse_unexplained(document: Document, period: str, deviation: str) -> None:
    """The table holds unless somebody says why not (国家档案局令第8号 第十二条)."""
    table = retention.proposed(document)
    if period != table and not deviation.strip():
        said = {"table": gettext(Retention(table).label), "period": gettext(Retention(period).label)}
        raise DecisionRefused([gettext("按保管期限表应为“%(table)s”；改定为“%(period)s”的，请写明理由。") % said])


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
    year = timezone.localdate(document.signed_at).year
    place = {
        "fonds_number": document.organ.fonds_number,
        "year": year,
        "retention": period,
        "office_code": document.department.code,
    }
    type(document.organ).objects.select_for_update().get(pk=document.organ_id)  # item numbers are given one by one
    last = ArchivalItem.objects.filter(**place).aggregate(last=Max("item_number"))["last"] or 0
    listed = manifest(document)
    return ArchivalItem.objects.create(
        document=document,
        item_number=last + 1,
        reference_code=reference_code(**place, item_number=last + 1),
        manifest=listed,
        pages=listed["original"]["pages"],
        reason=deviation.strip(),
        expires_on=retention.expiry(year, period),
        by=by,
        at=now,
        **place,
    )


def reference_code(*, fonds_number: str, year: int, retention: str, office_code: str, item_number: int) -> str:
    """档号 (DA/T 13-2022), its parts and separators as the office's settings have them."""
    return settings.ARCHIVE_CODE.format(
        fonds=fonds_number,
        category=settings.ARCHIVE_CATEGORY,
        year=year,
        retention=retention,
        office=office_code,
        number=f"{item_number:0{settings.ARCHIVE_ITEM_DIGITS}d}",
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
