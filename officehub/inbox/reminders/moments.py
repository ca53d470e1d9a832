"""When a rule reminds: working days or hours from the limit, out of quiet hours unless it is urgent."""

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from officehub.inbox.reminders.models import ReminderRule
from officehub.workdays.arithmetic import calendar
from officehub.workdays.calendar import LONGEST_REST, Calendar

HOURS = ReminderRule.Units.HOURS


def reach(rules: Iterable[ReminderRule]) -> timedelta:
    """How far from its limit, before or after, anybody can possibly be reminded of an errand."""
    days = (abs(rule.offset) // 24 + 1 if rule.unit == HOURS else abs(rule.offset) * 2 for rule in rules)
    return timedelta(days=max(days, default=0) + LONGEST_REST)


def calendar_for(rules: Iterable[ReminderRule], limits: Collection[datetime]) -> Calendar:
    """The calendar around some limits, read once."""
    margin = reach(rules)
    return calendar(timezone.localdate(min(limits) - margin), timezone.localdate(max(limits) + margin))


def moment_of(rule: ReminderRule, limit: datetime, calendar: Calendar) -> datetime:
    """Whole days begin when people may first be disturbed; hours count from the limit itself."""
    if rule.unit == HOURS:
        moment = limit + timedelta(hours=rule.offset)
    else:
        local = timezone.localtime(limit)
        day = calendar.add(local.date(), rule.offset).date
        moment = datetime.combine(day, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)
    return moment if rule.urgent else calendar.after_quiet(moment)
