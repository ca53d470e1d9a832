"""Reading: opening and acknowledging a distributed paper are noted apart, each once.

One who was asked for a department acknowledges for it, and the others asked for it need not do so any more.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce

from documents.models import Addressee, Distribution, Document, Receipt
from officehub.audit.record import record
from officehub.inbox.errands import finish
from officehub.inbox.models import WorkItem
from officehub.people.models import Person

READABLE = (Document.State.DISTRIBUTED, Document.State.ARCHIVED)


def lines_of(document: Document, person: Person):
    """The addressees a person reads for: themselves, whom they stand in for, and the department they were asked for."""
    asked_for = Receipt.objects.filter(document=document, reader=person, delivered_at__isnull=False)
    mine = Q(person=person) | Q(stand_in=person) | Q(department__in=asked_for.values("department"))
    lines = Addressee.objects.filter(distribution__document=document, delivered_at__isnull=False, recalled_at=None)
    return lines.filter(mine)


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
            lines_of(document, person).filter(opened_at=None).update(opened_at=now)
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
            _acknowledge_for(document, person, now)
            record(document, "acknowledge", by=person, now=now)
    return bool(first)


def _acknowledge_for(document: Document, person, now: datetime) -> None:
    """Whom the reader reads for has acknowledged; the colleagues asked for the same department are let go."""
    lines = lines_of(document, person).filter(acknowledged_at=None)
    departments = list(lines.filter(department__isnull=False).values_list("department", flat=True))
    lines.update(
        opened_at=Coalesce(F("opened_at"), now), acknowledged_at=now, acknowledged_by=person, next_chase_at=None
    )
    if departments:
        _let_go(document, departments, person, now)


def _let_go(document: Document, departments: list[int], person, now: datetime) -> None:
    """Colleagues need not read any more, unless the paper came to them by name too."""
    silent = Addressee.objects.filter(distribution__document=document, acknowledged_at=None, recalled_at=None)
    by_name = silent.filter(person__isnull=False).values("person")
    asked = Receipt.objects.filter(document=document, department__in=departments, delivered_at__isnull=False)
    items = WorkItem.objects.of(document).filter(key="read", done_at=None, assignee__in=asked.values("reader"))
    items.exclude(assignee__in=by_name).update(done_at=now, outcome=f"已由{person.name}签收"[:40])


def tally(document: Document) -> dict[str, int]:
    """How many addressees it was delivered to, how many of them opened and acknowledged it.

    What a department passes on to its own people (转阅) is the department's affair; what was recalled counts no more.
    """
    lines = Addressee.objects.filter(distribution__document=document, recalled_at=None, delivered_at__isnull=False)
    return lines.exclude(distribution__nature=Distribution.Nature.PASSED_ON).aggregate(
        delivered=Count("pk"),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        acknowledged=Count("pk", filter=Q(acknowledged_at__isnull=False)),
    )
