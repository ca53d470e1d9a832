"""When a rule reminds: working days or hours from the limit, out of quiet hours unless it is urgent."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from officehub.inbox.reminders.models import ReminderRule
from officehub.workdays.arithmetic import worked_days

AROUND = 60  # days; longer than any holiday


class Calendar:
    """The worked days around some limits, read once."""

    def __init__(self, limits: Iterable[datetime], furthest: int):
        days = [timezone.localdate(limit) for limit in limits]
        margin = timedelta(days=furthest * 2 + AROUND)
        self.days = worked_days(min(days) - margin, max(days) + margin)
        self.place = {day: n for n, day in enumerate(self.days)}

    def count(self, start: date, offset: int) -> date:
        """The `offset`-th working day after a day (before it, when negative); the day itself for 0."""
        if offset == 0:
            return start
        at = self._first_from(start)
        if offset < 0:
            return self.days[at + offset]
        return self.days[at + offset - (start not in self.place)]

    def awake(self, moment: datetime) -> datetime:
        """As `workdays.quiet.after_quiet`."""
        local = timezone.localtime(moment)
        day = local.date() + timedelta(days=local.hour >= settings.CHASE_UNTIL_HOUR)
        worked = self.days[self._first_from(day)]
        if worked == local.date() and local.hour >= settings.CHASE_FROM_HOUR:
            return moment
        return datetime.combine(worked, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)

    def _first_from(self, day: date) -> int:
        while day not in self.place:
            day += timedelta(days=1)
        return self.place[day]


def calendar_for(rules: Iterable[ReminderRule], limits: Iterable[datetime]) -> Calendar:
    furthest = max((abs(rule.offset) for rule in rules if rule.unit == ReminderRule.Units.WORKING_DAYS), default=0)
    hours = max((abs(rule.offset) for rule in rules if rule.unit == ReminderRule.Units.HOURS), default=0)
    return Calendar(limits, max(furthest, hours // 24 + 1))


def moment_of(rule: ReminderRule, limit: datetime, calendar: Calendar) -> datetime:
    """Whole days begin when people may first be disturbed; hours count from the limit itself."""
    if rule.unit == ReminderRule.Units.HOURS:
        moment = limit + timedelta(hours=rule.offset)
    else:
        local = timezone.localtime(limit)
        day = calendar.count(local.date(), rule.offset)
        moment = datetime.combine(day, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)
    return moment if rule.urgent else calendar.awake(moment)
