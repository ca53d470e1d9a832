"""When the calendar changed: the limits that tasks and service requests keep, counted anew.

What somebody named a day for stays (an extension, a milestone), and `first_due_at` of a task is never another.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.inbox.recount import Kept
from officehub.workdays.calendar import Calendar
from officehub.workdays.recount import Anew, At
from tasks.asking import DO, FOLLOWING
from tasks.models import ServiceRequest, Task
from tasks.serving.deeds import ANSWER


class Tasks(Kept):
    name = "tasks.task"

    def rows(self):
        return Task.objects.open().filter(limit_value__isnull=False, starts_at__isnull=False)

    def touched(self, first: datetime, last: datetime) -> Q:
        return Q(due_at__gte=first, starts_at__lt=last)

    def again(self, row, calendar: Calendar) -> At:
        return calendar.due_at(row.starts_at, row.limit_value, row.limit_unit, timezone.localtime(row.due_at).time())

    def write(self, row, anew: Anew, now: datetime) -> bool:
        same = ("starts_at", "limit_value", "limit_unit", "due_at", "due_provisional")
        rows = self.rows().filter(pk=row.pk, **{name: getattr(row, name) for name in same})
        return bool(rows.update(due_at=anew.at, due_provisional=anew.provisional))

    def items(self, row) -> WorkItemQuerySet:
        return WorkItem.objects.of(row).filter(verb__in=FOLLOWING)

    def people(self, row):
        return {row.assigner_id, *super().people(row)}

    def said(self, row) -> dict:
        return {"verb": DO, "title": row.title, "reference": row.number}


class Requests(Kept):
    name = "tasks.servicerequest"

    def rows(self):
        return ServiceRequest.objects.filter(state__in=ServiceRequest.OPEN)

    def items(self, row) -> WorkItemQuerySet:
        return WorkItem.objects.of(row).filter(verb=ANSWER)

    def said(self, row) -> dict:
        return {"verb": ANSWER, "title": row.title, "reference": row.number}


def owners(sender, **kwargs) -> list[Kept]:
    return [Tasks(), Requests()]
