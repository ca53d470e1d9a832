"""归档 of papers in: closed, with its 公文处理单, its text and attachments, they are an item as papers out are.

The answer given is an item of its own (DA/T 22-2015 lets 来文 and 复文 be two); each names the other.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from documents.keeping import freeze
from documents.keeping import retention as periods
from documents.keeping.shelve import lacking, shelve
from documents.models import ArchivalItem, Assignment, Incoming, IncomingReply, LeftOut
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import finish_verb
from officehub.moves import last_event, move
from officehub.people.models import Department


def place_of(incoming: Incoming) -> Department | None:
    """Whose code the 档号 bears: the department of the own office that led the work, else the one that registered."""
    own = Q(department__organ=incoming.organ_id)
    if incoming.organ.office_id:
        own |= Q(department__organ=incoming.organ.office_id)
    led = incoming.assignments.filter(own, is_lead=True, state=Assignment.State.DONE).exclude(department__code="")
    lead = led.select_related("department").order_by("-id").first()
    return lead.department if lead else incoming.registered_by.department


def archive(incoming: Incoming, *, retention: str, deviation: str = "", by, now: datetime) -> ArchivalItem:
    """File a closed paper; its year is the one it was closed in (跨年度办理的归入办结年, DA/T 22-2015). `deviation`
    says why its period is another than the table's. Raises DecisionRefused or TooLate."""
    department = place_of(incoming)
    if missing := lacking(incoming.organ, department):
        raise DecisionRefused(missing)
    periods.refuse_unexplained(incoming, retention, deviation)
    with transaction.atomic():
        facts = {"retention": retention, "deviation": deviation}
        move(incoming, "archive", by=by, now=now, facts=facts)
        LeftOut.objects.filter(incoming=incoming).delete()  # the event stays
        listed = manifest(incoming)
        item = shelve(
            incoming=incoming, organ=incoming.organ, department=department, retention=retention, deviation=deviation,
            year=timezone.localdate(incoming.filed_at).year, manifest=listed, pages=incoming.pages or 0, by=by, now=now,
        )  # fmt: skip
        finish_verb(incoming, "archive", "已归档", now)
        freeze.order(item)
    return item


def leave_out(incoming: Incoming, *, ground: str, reason: str, by, now: datetime) -> LeftOut:
    """不归档 (国家档案局令第8号 第四条): nobody is asked to file it any more; it may still be filed later."""
    if incoming.important:
        raise DecisionRefused(["重要公文应当归档。"])
    with transaction.atomic():
        said = "：".join(filter(None, [LeftOut.Ground(ground).label, reason]))
        move(incoming, "leave_out", by=by, now=now, facts={"ground": ground, "said": said})
        left = LeftOut.objects.create(incoming=incoming, ground=ground, reason=reason, by=by, at=now)
        finish_verb(incoming, "archive", "不归档", now)
    return left


def reply_of(incoming: Incoming) -> IncomingReply | None:
    """How the paper was answered; None for what was only read."""
    return incoming.replies.filter(stands=True).select_related("document", "by").first()


def manifest(incoming: Incoming) -> dict:
    """What the item consists of, by hash: the line of the register, the files, the answer, the last event."""
    event, reply = last_event(incoming), reply_of(incoming)
    said = {"manner": reply.manner, "words": reply.words, "whom": reply.whom} if reply else None
    if reply and reply.document:
        said |= {"document_number": reply.document.document_number, "content_hash": reply.document.issued_hash}
    return {
        "entry_hash": incoming.entry_hash(),
        "files": [
            {"title": file.stored.name, "sha256": file.stored.sha256, "main": file.is_main}
            for file in incoming.files.select_related("stored").order_by("-is_main", "id")
        ],
        "reply": said,
        "events": {"count": event.seq, "last": event.hash},
    }
