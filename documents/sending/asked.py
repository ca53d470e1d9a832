"""Of whom a paper was asked, and for which addressee: whoever acknowledges does so for those addressees alone.

A department is asked through those who take papers in for it. A colleague to whom the same paper came by name, or who
opens it unasked, never speaks for the department.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from documents.models import Addressee, Document
from officehub.people.models import Person


def note(readers: Mapping[int, Iterable[Person]]) -> None:
    """Who was asked for each addressee (by its id), once."""
    Pair = Addressee.readers.through
    rows = [Pair(addressee_id=line, person=person) for line, people in readers.items() for person in people]
    Pair.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def lines_of(document: Document, person: Person):
    """The addressees a person was asked for, as long as they have the paper."""
    lines = Addressee.objects.filter(distribution__document=document, delivered_at__isnull=False, recalled_at=None)
    return lines.filter(readers=person)


def readers_of(lines: Iterable[Addressee]):
    """The ids of those who were asked for these addressees, for use in a query."""
    return Addressee.readers.through.objects.filter(addressee__in=lines).values("person")


def still_asked(document: Document) -> Q:
    """Whose errand to read stands: they were asked for an addressee that is silent, or are named and about to be."""
    silent = Addressee.objects.filter(distribution__document=document, acknowledged_at=None, recalled_at=None)
    named = silent.filter(person__isnull=False).values("person")
    return Q(assignee__in=readers_of(silent)) | Q(assignee__in=named)


def have_read(document_pk: int, people: Iterable[Person]) -> set[int]:
    """Which of them acknowledged the paper already, by a way that still stands: to read it they need not be asked."""
    lines = Addressee.objects.filter(distribution__document=document_pk, recalled_at=None, acknowledged_by__in=people)
    return set(lines.values_list("acknowledged_by", flat=True))


def settle(lines, person, now: datetime) -> None:
    """These addressees (a query) have acknowledged through `person`, somebody or an expression that names them."""
    lines.filter(acknowledged_at=None).update(
        opened_at=Coalesce(F("opened_at"), now), acknowledged_at=now, acknowledged_by=person, next_chase_at=None
    )
