"""When the calendar changed: the errands whose limit only they keep, and what owners of limits do with their errands.

A room that keeps limits of its own makes an owner of `Kept` for each sort of row.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Prefetch, Q
from django.utils import timezone

from officehub.audit.record import hold, record
from officehub.inbox.errands import plan_anew, redate
from officehub.inbox.models import Reminder, ReminderRule, WorkItem, WorkItemQuerySet
from officehub.inbox.reminders.moments import moment_of, reach
from officehub.workdays.arithmetic import limit_kept
from officehub.workdays.calendar import Calendar
from officehub.workdays.models import CalendarChange
from officehub.workdays.recount import Anew, Owner


class Kept(Owner):
    """Limits that errands follow: these are re-dated with them, and the subject's events tell of it when they moved."""

    verb = ""  # what the limit is for, as a work item says it

    def items(self, row) -> WorkItemQuerySet:
        """The errands that follow this limit."""
        raise NotImplementedError

    def hold(self, row) -> None:
        hold(self.subject(row))

    def follow(self, row, anew: Anew, now: datetime) -> None:
        redate(self.items(row), anew.at, anew.provisional, now)
        if anew.moved:
            self.tell_subject(row, anew, now)

    def tell_subject(self, row, anew: Anew, now: datetime) -> None:
        was, due = (timezone.localtime(at).isoformat() for at in (anew.was, anew.at))
        facts = {"verb": self.said(row)["verb"], "was": was, "due": due, "calendar": anew.change.pk}
        record(self.subject(row), "limit_recounted", by=None, now=now, facts=facts)

    def people(self, row) -> Iterable[int]:
        return self.items(row).filter(done_at=None).values_list("assignee", flat=True)


class Errands(Kept):
    """The errands that nothing else keeps a limit of."""

    name = "inbox.workitem"

    def rows(self):
        return WorkItem.objects.filter(done_at=None).select_related("subject_type")

    def items(self, row) -> WorkItemQuerySet:
        return WorkItem.objects.filter(pk=row.pk)

    def write(self, row, anew: Anew, now: datetime) -> bool:
        same = WorkItem.objects.filter(pk=row.pk, **limit_kept(row).fields)
        return bool(redate(same, anew.at, anew.provisional, now))

    def follow(self, row, anew: Anew, now: datetime) -> None:
        if anew.moved:
            self.tell_subject(row, anew, now)

    def subject(self, row):
        return row.subject

    def said(self, row) -> dict:
        return {"verb": row.verb, "title": row.title, "reference": reference_of(row.subject)}


class Reminders(Owner):
    """What is planned to be reminded of: a limit may stand where it stood, and three working days before it be another
    day."""

    name = "inbox.workitem.reminders"

    def rows(self):
        waiting = Reminder.objects.filter(state=Reminder.State.PLANNED).select_related("rule")
        open_ones = WorkItem.objects.filter(done_at=None, due_at__isnull=False)
        return open_ones.prefetch_related(Prefetch("reminders", waiting, "waiting"))

    def touched(self, first: datetime, last: datetime) -> Q:
        margin = reach(ReminderRule.objects.all())
        return Q(due_at__gte=first - margin, due_at__lt=last + margin)

    def count(self, row, calendar: Calendar, change: CalendarChange, now: datetime) -> None:
        ahead = [one for one in row.waiting if one.moment > now]
        if any(moment_of(one.rule, row.due_at, calendar) != one.moment for one in ahead):
            plan_anew(WorkItem.objects.filter(pk=row.pk), now)


def reference_of(subject) -> str:
    """By which number others than those concerned know a thing: nobody else is told its title."""
    return getattr(subject, "reference", "") or f"{subject._meta.verbose_name} {subject.pk}"


def owners(sender, **kwargs) -> list[Owner]:
    return [Errands(), Reminders()]
