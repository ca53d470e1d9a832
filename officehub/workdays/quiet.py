"""When people may be disturbed by the clock: on working days, between the hours the office set."""

from datetime import datetime, timedelta

from django.utils import timezone

from officehub.workdays.arithmetic import calendar
from officehub.workdays.calendar import LONGEST_REST


def is_quiet(moment: datetime) -> bool:
    """Whether nobody is to be reminded at this moment."""
    return after_quiet(moment) != moment


def after_quiet(moment: datetime) -> datetime:
    """The moment itself, or when it is quiet then, the next at which people may be disturbed."""
    day = timezone.localdate(moment)
    return calendar(day, day + timedelta(days=LONGEST_REST)).after_quiet(moment)
