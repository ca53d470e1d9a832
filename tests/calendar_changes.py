"""Days the office decides to rest on, and every open limit counted anew."""

from datetime import date, datetime, timedelta

from officehub.workdays import recount
from officehub.workdays.change import set_days


def rest_on(*days: date, at: datetime, name="本地假日") -> None:
    """What somebody in the administration does, and the job after it, an hour later."""
    row = {"is_workday": False, "name": name, "source": "本地", "confirmed": True, "is_local": True}
    set_days(dict.fromkeys(days, row), by=None, now=at)
    settle(at + timedelta(hours=1))


def settle(at: datetime) -> None:
    """Count until there is nothing more to do."""
    while recount.step(at):
        at += timedelta(seconds=1)
