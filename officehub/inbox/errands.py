"""Giving errands to people and taking them off again; always inside the deed's own transaction.

The one door to an errand's limit and its end: whoever moves them plans or cancels its reminders along.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef

from officehub.inbox.models import LimitChange, Reminder, WorkItem, WorkItemQuerySet
from officehub.inbox.reminders.plan import cancel, plan, replan
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
    _insert(rows, WorkItem.objects.filter(subject_type=subject_type, subject_id=subject.pk), now)


def give_same(items: Iterable[WorkItem], to: Person, now: datetime) -> None:
    """The same errands with the same limits, newly given to somebody else."""
    rows = [
        WorkItem(
            assignee=to,
            subject_type_id=item.subject_type_id,
            subject_id=item.subject_id,
            opened_at=now,
            **vars(same_errand(item)),
        )
        for item in items
    ]
    _insert(rows, WorkItem.objects.filter(assignee=to), now)


def _insert(rows: list[WorkItem], among: WorkItemQuerySet, now: datetime) -> None:
    """Write new rows and plan their reminders; those of `among` opened now are they."""
    with transaction.atomic(savepoint=False):
        WorkItem.objects.all().insert(rows)
        groups = {(row.verb, row.urgency, row.due_at) for row in rows if row.due_at}
        if groups:
            plan(among.filter(opened_at=now, key__in={row.key for row in rows if row.due_at}), groups, now)


def close(rows: WorkItemQuerySet, outcome: str, now: datetime) -> int:
    """Close these open rows; what is left of their reminders is cancelled. Returns how many were open."""
    rows = rows.filter(done_at=None)
    with transaction.atomic(savepoint=False):
        cancel(rows, Reminder.Reason.DONE, now)
        return rows.change(done_at=now, outcome=outcome)


def reopen(rows: WorkItemQuerySet, now: datetime, *, anew: bool = False, **limit) -> int:
    """Ask again what was taken off somebody without being done. Returns how many were closed.

    `anew`: as if it were given now, not seen yet. `limit`: the fields of another limit than it had
    (`workdays.arithmetic.Limit.shown` or `.fields`).
    """
    fresh: dict[str, Any] = {"opened_at": now, "seen_at": None} if anew else {}
    with transaction.atomic(savepoint=False):
        return _change(rows.filter(done_at__isnull=False), now, done_at=None, outcome="", **fresh, **limit)


def redate(rows: WorkItemQuerySet, due_at: datetime | None, provisional: bool, now: datetime) -> int:
    """Give these open rows another limit; what is left of their reminders is planned anew. Returns how many."""
    with transaction.atomic(savepoint=False):
        rows = rows.filter(done_at=None)
        return _change(rows, now, due_at=due_at, due_provisional=provisional)


def plan_anew(rows: WorkItemQuerySet, now: datetime) -> int:
    """The limits of these open rows stand, but the calendar around them changed. Returns how many."""
    with transaction.atomic(savepoint=False):
        return _change(rows.filter(done_at=None), now, anew=True)


def plan_left(now: datetime, *, anew: bool = False) -> int:
    """Plan for the open errands that were never planned for, being older than the ledger, 500 in one transaction; with
    `anew` for every open errand by the rules of today. Returns how many."""
    rows = WorkItem.objects.filter(done_at=None, due_at__isnull=False)
    if not anew:
        rows = rows.filter(~Exists(Reminder.objects.filter(item=OuterRef("pk"))))
    count, last = 0, 0
    while some := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:500]):
        count, last = count + plan_anew(WorkItem.objects.filter(pk__in=some), now), some[-1]
    return count


def _change(rows: WorkItemQuerySet, now: datetime, anew: bool = False, **changes) -> int:
    """Note how the rows stood, change them, and plan their reminders anew where the limit is another one (`anew`: in
    any case)."""
    locked = rows.select_for_update(no_key=True).order_by("pk")  # nobody closes one of them meanwhile
    was = list(locked.values("pk", "opened_at", "due_at", "done_at"))
    if not was:
        return 0
    moved = [row for row in was if anew or row["done_at"] or changes.get("due_at", row["due_at"]) != row["due_at"]]
    LimitChange.objects.bulk_create(
        [
            LimitChange(
                item_id=row["pk"], at=now, opened_was=row["opened_at"], done_was=row["done_at"],
                due_was=row["due_at"], due_is=changes.get("due_at", row["due_at"]),
            )
            for row in moved
        ],
        batch_size=500,
    )  # fmt: skip
    held = WorkItem.objects.filter(pk__in=[row["pk"] for row in moved])
    if moved:
        cancel(held, Reminder.Reason.REDATED, now, ahead=anew)
    if changes:
        WorkItem.objects.filter(pk__in=[row["pk"] for row in was]).change(**changes)
    if moved:
        replan(held, now)
    return len(was)


def finish_keys(subject, keys: list[str], outcome: str, now: datetime) -> int:
    """Close the open rows of several errands, whoever has them. Returns how many were open."""
    return close(WorkItem.objects.of(subject).filter(key__in=keys), outcome, now)


def finish(subject, key: str, outcome: str, now: datetime, *, assignee: Person | None = None) -> int:
    """Close the open rows of an errand (one person's, or everybody's). Returns how many were open."""
    rows = WorkItem.objects.of(subject).filter(key=key)
    return close(rows.filter(assignee=assignee) if assignee else rows, outcome, now)


def finish_verb(subject, verb: str, outcome: str, now: datetime) -> int:
    """Close every open row of one verb, whatever its key."""
    return close(WorkItem.objects.of(subject).filter(verb=verb), outcome, now)


def having(subject, apart_from: Iterable[str] = ()) -> list[Person]:
    """Who has something to do with a subject now, each once, some errands (by their verbs) aside; longest first."""
    items = WorkItem.objects.of(subject).filter(done_at=None).exclude(verb__in=apart_from).select_related("assignee")
    return list({item.assignee_id: item.assignee for item in items.order_by("id")}.values())


def see(item: WorkItem, now: datetime) -> bool:
    """Note the first opening; True when this was it."""
    return bool(WorkItem.objects.filter(pk=item.pk, seen_at=None).update(seen_at=now))


def see_all(subject, person: Person, now: datetime) -> int:
    """Note that a person opened the page of a subject, by whatever way: all their open errands with it are seen."""
    return WorkItem.objects.of(subject).filter(assignee=person, done_at=None, seen_at=None).update(seen_at=now)
