"""Giving errands to people and taking them off again; always inside the deed's own transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.people.models import Person


@dataclass(frozen=True)
class Errand:
    """What is asked, the same for everybody it is asked of."""

    verb: str
    key: str
    title: str
    source: str = ""
    urgency: str = ""
    due_at: datetime | None = None
    due_provisional: bool = False
    due_from: datetime | None = None  # how the limit was made, where only the errand keeps it (`workdays.limit`)
    due_value: int | None = None
    due_unit: str = ""


def same_errand(item: WorkItem) -> Errand:
    """What an item asks, to be asked of somebody else under the same limit."""
    return Errand(**{one.name: getattr(item, one.name) for one in fields(Errand)})


def give(errand: Errand, subject, people: Iterable[Person], now: datetime, *, acting_for: Person | None = None) -> None:
    """One open row per person; rows already given stay as they are."""
    give_each([(errand, person, acting_for) for person in people], subject, now)


def give_each(given: Iterable[tuple[Errand, Person, Person | None]], subject, now: datetime) -> None:
    """One open row for each errand, its person and whom they act for; rows already given stay as they are."""
    subject_type = ContentType.objects.get_for_model(subject)
    rows = [
        WorkItem(
            assignee=person,
            acting_for=acting_for,
            subject_type=subject_type,
            subject_id=subject.pk,
            opened_at=now,
            **{**vars(errand), "title": errand.title[:250], "source": errand.source[:120]},
        )
        for errand, person, acting_for in given
    ]
    WorkItem.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def close(rows: WorkItemQuerySet, outcome: str, now: datetime) -> int:
    """Close these open rows. Returns how many were open."""
    return rows.filter(done_at=None).update(done_at=now, outcome=outcome)


def reopen(rows: WorkItemQuerySet, now: datetime) -> int:
    """Ask again what was taken off somebody without being done. Returns how many were closed."""
    return rows.filter(done_at__isnull=False).update(done_at=None, outcome="")


def redate(rows: WorkItemQuerySet, due_at: datetime | None, provisional: bool, now: datetime) -> int:
    """Give these open rows another limit. Returns how many."""
    return rows.filter(done_at=None).update(due_at=due_at, due_provisional=provisional)


def finish_keys(subject, keys: list[str], outcome: str, now: datetime) -> int:
    """Close the open rows of several errands, whoever has them. Returns how many were open."""
    return WorkItem.objects.of(subject).filter(key__in=keys, done_at=None).update(done_at=now, outcome=outcome)


def finish(subject, key: str, outcome: str, now: datetime, *, assignee: Person | None = None) -> int:
    """Close the open rows of an errand (one person's, or everybody's). Returns how many were open."""
    rows = WorkItem.objects.of(subject).filter(key=key, done_at=None)
    if assignee:
        rows = rows.filter(assignee=assignee)
    return rows.update(done_at=now, outcome=outcome)


def finish_verb(subject, verb: str, outcome: str, now: datetime) -> int:
    """Close every open row of one verb, whatever its key."""
    return WorkItem.objects.of(subject).filter(verb=verb, done_at=None).update(done_at=now, outcome=outcome)


def see(item: WorkItem, now: datetime) -> bool:
    """Note the first opening; True when this was it."""
    return bool(WorkItem.objects.filter(pk=item.pk, seen_at=None).update(seen_at=now))


def see_all(subject, person: Person, now: datetime) -> int:
    """Note that a person opened the page of a subject, by whatever way: all their open errands with it are seen."""
    return WorkItem.objects.of(subject).filter(assignee=person, done_at=None, seen_at=None).update(seen_at=now)
