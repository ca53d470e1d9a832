"""Reading: opening and acknowledging a distributed paper are noted apart, each once."""

from datetime import datetime

from django.db import transaction

from documents.models import Document, Receipt
from officehub.audit.record import record
from officehub.inbox.errands import finish

READABLE = (Document.State.DISTRIBUTED, Document.State.ARCHIVED)


def note_opening(document: Document, person, now: datetime) -> bool:
    """The first time somebody opens a distributed paper; True when this was it."""
    if document.state not in READABLE:
        return False
    mine = Receipt.objects.filter(document=document, reader=person)
    if mine.filter(opened_at__isnull=False).exists():
        return False
    with transaction.atomic():
        Receipt.objects.bulk_create(
            [Receipt(document=document, reader=person, department=person.department)], ignore_conflicts=True
        )
        first = mine.filter(opened_at=None).update(opened_at=now)
        if first:
            record(document, "open", by=person, now=now)
    return bool(first)


def acknowledge(document: Document, person, now: datetime) -> bool:
    """签收: the reader says they have read it. True the first time; a second click changes nothing."""
    with transaction.atomic():
        note_opening(document, person, now)
        first = Receipt.objects.filter(document=document, reader=person, acknowledged_at=None).update(
            acknowledged_at=now
        )
        if first:
            finish(document, "read", "已签收", now, assignee=person)
            record(document, "acknowledge", by=person, now=now)
    return bool(first)


def tally(document: Document) -> dict[str, int]:
    """How many were asked, how many of them opened and acknowledged it."""
    asked = Receipt.objects.filter(document=document, delivered_at__isnull=False)
    return {
        "delivered": asked.count(),
        "opened": asked.filter(opened_at__isnull=False).count(),
        "acknowledged": asked.filter(acknowledged_at__isnull=False).count(),
    }
