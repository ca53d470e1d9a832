"""Reading: opening and acknowledging a distributed paper are noted apart, each once.

One who was asked for a department acknowledges for it, and the others asked for it need not do so any more.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from documents.models import Addressee, Distribution, Document, Receipt
from documents.sending import turn
from documents.sending.asked import lines_of, readers_of, settle, still_asked
from officehub.audit.record import record
from officehub.inbox.errands import close, finish
from officehub.inbox.models import WorkItem

READABLE = (Document.State.DISTRIBUTED, Document.State.ARCHIVED)


def note_opening(document: Document, person, now: datetime) -> bool:
    """The first time somebody opens a distributed paper; True when this was it."""
    if document.state not in READABLE:
        return False
    mine = Receipt.objects.filter(document=document, reader=person)
    if mine.filter(opened_at__isnull=False).exists():
        return False
    with transaction.atomic():
        turn.take(document.pk)
        Receipt.objects.bulk_create(
            [Receipt(document=document, reader=person, department=person.department)], ignore_conflicts=True
        )
        first = mine.filter(opened_at=None).update(opened_at=now)
        if first:
            lines_of(document, person).filter(opened_at=None).update(opened_at=now)
            record(document, "open", by=person, now=now, held=True)
    return bool(first)


def acknowledge(document: Document, person, now: datetime) -> bool:
    """签收: the reader says they have read it. True the first time; a second click changes nothing."""
    with transaction.atomic():
        turn.take(document.pk)
        note_opening(document, person, now)
        first = Receipt.objects.filter(document=document, reader=person, acknowledged_at=None).update(
            acknowledged_at=now
        )
        if first:
            finish(document, "read", "已签收", now, assignee=person)
            spoken_for = _acknowledge_for(document, person, now)
            record(document, "acknowledge", by=person, now=now, facts={"addressees": spoken_for}, held=True)
    return bool(first)


def _acknowledge_for(document: Document, person, now: datetime) -> list[str]:
    """Whom the reader was asked for has acknowledged; the colleagues asked for the same department are let go."""
    lines = list(lines_of(document, person).filter(acknowledged_at=None).select_related("department", "person"))
    settle(Addressee.objects.filter(pk__in=[line.pk for line in lines]), person, now)
    items = WorkItem.objects.of(document).filter(key="read", done_at=None, assignee__in=readers_of(lines))
    close(items.exclude(still_asked(document)), f"已由{person.name}签收"[:40], now)
    return [str(line) for line in lines]


def tally(document: Document) -> dict[str, int]:
    """How many addressees it was delivered to, how many of them opened and acknowledged it; of how many it was called
    back (清退), and how many of the others are silent still.

    What a department passes on to its own people (转阅) is the department's affair.
    """
    lines = Addressee.objects.filter(distribution__document=document, delivered_at__isnull=False)
    return lines.exclude(distribution__nature=Distribution.Nature.PASSED_ON).aggregate(
        delivered=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
        recalled=Count("pk", filter=Q(recalled_at__isnull=False)),
        silent=Count("pk", filter=Q(acknowledged_at=None, recalled_at=None)),
    )
