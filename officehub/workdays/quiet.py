"""When people may be disturbed by the clock: on working days, between the hours the office set."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from officehub.workdays.arithmetic import roll


def is_quiet(moment: datetime) -> bool:
    """Whether nobody is to be reminded at this moment."""
    return after_quiet(moment) != moment


def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or when it is quiet then, the next at which people may be disturbed."""
    local = timezone.localtime(moment)
    day = local.date() + timedelta(days=local.hour >= settings.CHASE_UNTIL_HOUR)
    worked = roll(day).date
    if worked == local.date() and local.hour >= settings.CHASE_FROM_HOUR:
        return moment
    return datetime.combine(worked, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)
