"""Who is told of an errand that runs late: whoever holds the office on the day, never its own assignee."""

from datetime import date
from functools import cache

from officehub.inbox.models import WorkItem
from officehub.inbox.reminders.models import ReminderRule
from officehub.people.models import Department, Person, Post, Role, role_holders
from officehub.people.models.organs import holders_or_backups

Audience = ReminderRule.Audience


class Offices:
    """The holders of offices on one day, each office asked for once."""

    def __init__(self, today: date):
        self.today = today
        self._heads = cache(lambda department: list(department.heads(today)))
        self._supervisors = cache(lambda organ: list(role_holders(organ, Role.SUPERVISOR)))
        self._leaders = cache(lambda department: _in_charge(department, today))

    def holders(self, audience: str, item: WorkItem) -> list[Person]:
        """Nobody, where the assignee has no department, nobody holds the office, or only they do themselves."""
        department: Department | None = item.assignee.department
        if department is None:
            return []
        asked = {
            Audience.HEAD: lambda: self._heads(department),
            Audience.SUPERVISION: lambda: self._supervisors(department.organ),
            Audience.LEADER: lambda: self._leaders(department),
        }
        return [person for person in asked[Audience(audience)]() if person.pk != item.assignee_id]


def _in_charge(department: Department, today: date) -> list[Person]:
    """The leader in charge of a department or, where none is named, of the nearest one above it."""
    above = department.ancestors_and_self().filter(leader_in_charge__isnull=False).order_by("-path")
    post = above.values_list("leader_in_charge", flat=True).first()
    return holders_or_backups(Post.objects.filter(pk=post), today) if post else []
