"""The calendar as it was known at a moment: today's, with every later change taken back."""

from datetime import datetime

from officehub.workdays.calendar import Calendar
from officehub.workdays.models import CalendarDay, DayChange


def calendar_now() -> Calendar:
    """The whole calendar as it stands."""
    return Calendar(_known())


def calendar_as_of(at: datetime) -> Calendar:
    """The whole calendar as the office knew it at `at`: two queries, then none."""
    known = _known()
    for day, was in DayChange.objects.filter(at__gt=at).order_by("-at", "-id").values_list("date", "was"):
        if was is None:
            known.pop(day, None)
        else:
            known[day] = (was["is_workday"], was["confirmed"])
    return Calendar(known)


def _known() -> dict:
    rows = CalendarDay.objects.values_list("date", "is_workday", "confirmed")
    return {day: (worked, confirmed) for day, worked, confirmed in rows}
