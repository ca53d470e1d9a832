"""Counting open limits anew when the calendar changed, from how each was made: from when, how much, in which unit.

A change is a row, so its counting cannot be lost: a job goes through the owners' limits piece by piece, notes how far
it came, and a sweep finds what a dead worker left. Counting twice gives the same date, so it may be repeated at will.
It goes through all of them once more a while later, because a deed that read the old calendar may have committed after
the first time. Each limit is one transaction of its own: nobody waits long for the lock, and it is taken in the order
in which deeds take theirs (the subject first).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from officehub.workdays.arithmetic import limit_kept
from officehub.workdays.calendar import Calendar, midnight
from officehub.workdays.history import calendar_now
from officehub.workdays.models import CalendarChange, MovedLimit
from officehub.workdays.signals import calendar_changed, limits_settled

PIECE = 200  # limits looked at in one step
LEASE = timedelta(minutes=5)  # after which a dead worker's step is another's
SETTLING = timedelta(minutes=1)  # within which every deed that had read the old calendar has ended
AGAIN = "again"  # the owner of a change that waits to be gone through once more

At = tuple[datetime, bool]  # when it is due, and whether provisionally


@dataclass(frozen=True)
class Anew:
    """A limit counted anew because of a change: when it was due, and when it is."""

    change: CalendarChange
    was: datetime
    at: datetime
    provisional: bool

    @property
    def moved(self) -> bool:
        return self.at != self.was


class Owner:
    """One sort of limit a room keeps, and what hangs on it. By default a row of a `CountedLimit` with `due_at` and
    `due_provisional`; the rows are ordered by their number."""

    name = ""  # unique in the house, such as approvals.step

    def rows(self) -> QuerySet:
        """Every open row, whatever its limit."""
        raise NotImplementedError

    def touched(self, first: datetime, last: datetime) -> Q:
        """Limits whose way may lead over the time from `first` to `last`."""
        return ~Q(due_unit="") & Q(due_at__gte=first, due_from__lt=last)

    def count(self, row, calendar: Calendar, change: CalendarChange, now: datetime) -> None:
        """Count one limit anew, with what hangs on it and its line in the list of what moved, in one transaction."""
        was, assumed = self.stands(row)
        anew = Anew(change, was, *self.again(row, calendar))
        if not anew.moved and anew.provisional == assumed:
            return
        people = set(self.people(row)) if anew.moved else set()
        with transaction.atomic():
            self.hold(row)
            if not self.write(row, anew, now):
                return
            self.follow(row, anew, now)
            if anew.moved:
                _list(self, row, anew, people)
            if assumed and not anew.provisional:
                CalendarChange.objects.filter(pk=change.pk).update(settled=F("settled") + 1)

    def stands(self, row) -> At:
        return row.due_at, row.due_provisional

    def again(self, row, calendar: Calendar) -> At:
        """The limit counted anew; where it ended at an hour of its own (noon), it does so again."""
        ends = timezone.localtime(row.due_at).time()
        return calendar.due_at(row.due_from, row.due_value, row.due_unit, ends)

    def write(self, row, anew: Anew, now: datetime) -> bool:
        """Give the row its limit unless somebody was here meanwhile. Returns whether it did."""
        same = self.rows().filter(pk=row.pk, **limit_kept(row).fields)
        return bool(same.update(due_at=anew.at, due_provisional=anew.provisional))

    def subject(self, row) -> Model:
        """What the limit is of, for its page and its events."""
        return row

    def hold(self, row) -> None:
        """Take the locks a deed on the subject takes first."""

    def follow(self, row, anew: Anew, now: datetime) -> None:
        """What hangs on the row: its errands, and when it moved the event of it."""

    def people(self, row) -> Iterable[int]:
        """Whom it concerns, by id."""
        return ()

    def said(self, row) -> dict:
        """For the list of what moved: `verb`, `title`, and `reference`, by which others than its people know it."""
        raise NotImplementedError


def owners(change: CalendarChange) -> list[Owner]:
    """Of every room, in an order that stays."""
    found: list[Owner] = []
    told: Any
    for _heard, told in calendar_changed.send(sender=change):
        found.extend(told or ())
    return sorted(found, key=lambda owner: owner.name)


def step(now: datetime) -> bool:
    """Count a piece of the oldest change that is not settled. Returns whether there is more to do at once."""
    change = _claimed(now)
    if change is None:
        return False
    change.pass_began_at = change.pass_began_at or now
    if not _count_piece(change, now):
        _end_pass(change, now)
    _note(change, now)
    waits = change.owner == AGAIN and change.done_at is None
    return not waits and CalendarChange.objects.filter(done_at=None).exists()


def _note(change: CalendarChange, now: datetime) -> None:
    """How far we came, unless another has taken over meanwhile; when all is settled, the rooms hear of it."""
    came = {name: getattr(change, name) for name in ("owner", "after", "pass_began_at", "done_at")}
    with transaction.atomic():
        ours = CalendarChange.objects.filter(pk=change.pk, claimed_at=now).update(claimed_at=None, **came)
        if ours and change.done_at:
            limits_settled.send(sender=change, now=now)


def _claimed(now: datetime) -> CalendarChange | None:
    """The oldest open change, for us alone: a later one waits for it."""
    change = CalendarChange.objects.filter(done_at=None).order_by("id").first()
    if change is None or (change.owner == AGAIN and now < change.at + SETTLING):
        return None
    free = CalendarChange.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE), pk=change.pk, done_at=None)
    if not free.update(claimed_at=now):
        return None
    change.refresh_from_db()
    return change


def _count_piece(change: CalendarChange, now: datetime) -> bool:
    """One piece; False when every owner's rows have been gone through."""
    left = [owner for owner in owners(change) if change.owner in ("", AGAIN) or owner.name >= change.owner]
    calendar = calendar_now()
    for owner in left:
        after = change.after if owner.name == change.owner else 0
        rows = owner.rows().filter(owner.touched(*_span(change)), pk__gt=after).order_by("pk")
        found = list(rows[:PIECE])
        for row in found:
            owner.count(row, calendar, change, now)
        if found:
            change.owner, change.after = owner.name, found[-1].pk
            return True
    return False


def _span(change: CalendarChange) -> tuple[datetime, datetime]:
    return midnight(change.first), midnight(change.last + timedelta(days=1))


def _list(owner: Owner, row, anew: Anew, people: set[int]) -> None:
    """What moved; when a later change moved it once more meanwhile, from where it stood at first."""
    change, subject, said = anew.change, owner.subject(row), owner.said(row)
    row_type = ContentType.objects.get_for_model(row)
    listed = MovedLimit.objects.filter(change=change, row_type=row_type, row_id=row.pk).first()
    if listed and listed.was == anew.at:
        listed.delete()
    elif listed:
        MovedLimit.objects.filter(pk=listed.pk).update(became=anew.at, provisional=anew.provisional)
    else:
        kept = MovedLimit.objects.create(
            change=change, row_type=row_type, row_id=row.pk,
            subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk,
            verb=said["verb"], title=said["title"][:250], reference=said["reference"][:80],
            was=anew.was, became=anew.at, provisional=anew.provisional,
        )  # fmt: skip
        kept.people.set(people)


def _end_pass(change: CalendarChange, now: datetime) -> None:
    """Settled when this time began late enough to have seen everything; else once more."""
    settled = (change.pass_began_at or now) >= change.at + SETTLING
    change.owner, change.after, change.pass_began_at = AGAIN, 0, None
    change.done_at = now if settled else None
