"""The arithmetic against a count by hand, day by day and minute by minute, over random calendars."""

from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from officehub.workdays.calendar import Calendar, Unit
from officehub.workdays.hours import in_a_day, parsed

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = date(2025, 1, 1)
DAYS = 1500
SEEDS = range(20)


def random_calendar(seed: int) -> tuple[Calendar, dict, Random]:
    """Some days confirmed, some only assumed by a row, some without one; holidays and worked weekends anywhere."""
    random = Random(seed)  # noqa: S311  the same days every time
    known = {}
    for n in range(DAYS):
        if random.random() < 0.7:
            day = FIRST + timedelta(days=n)
            odd = random.random() < 0.15
            known[day] = ((day.weekday() < 5) != odd, random.random() < 0.8)
    return Calendar(known), known, random


def worked(known: dict, day: date) -> bool:
    return known[day][0] if day in known else day.weekday() < 5


def assumed(known: dict, day: date) -> bool:
    return not (day in known and known[day][1])


def some_day(random: Random) -> date:
    return FIRST + timedelta(days=random.randrange(300, DAYS - 300))


def some_moment(random: Random) -> datetime:
    return datetime.combine(some_day(random), time(random.randrange(24), random.randrange(60)), tzinfo=SHANGHAI)


@pytest.mark.parametrize("seed", SEEDS)
def test_working_days_are_those_counted_one_by_one_in_both_directions(seed):
    calendar, known, random = random_calendar(seed)
    for _ in range(30):
        start, count = some_day(random), random.randrange(-80, 81)
        step = timedelta(days=1 if count >= 0 else -1)
        day, left, way = start, abs(count), []
        while left:
            day += step
            way.append(day)
            left -= worked(known, day)
        due = calendar.add(start, count)
        assert (due.date, due.provisional) == (day, any(assumed(known, one) for one in way))


@pytest.mark.parametrize("seed", SEEDS)
def test_adding_then_counting_gives_the_number_and_more_is_never_earlier(seed):
    calendar, _known, random = random_calendar(seed)
    start = some_day(random)
    dues = [calendar.add(start, count).date for count in range(60)]
    assert [calendar.between(start, due) for due in dues] == list(range(60))
    assert dues == sorted(set(dues))
    for _ in range(30):
        one, other = some_day(random), some_day(random)
        assert calendar.between(one, other) == -calendar.between(other, one)
        assert calendar.between(one, other) == sum(
            (1 if one < other else -1) * calendar.is_worked(min(one, other) + timedelta(days=n))
            for n in range(1, abs((other - one).days) + 1)
        )


@pytest.mark.parametrize("seed", SEEDS)
def test_natural_days_roll_forward_to_the_first_worked_one(seed):
    calendar, known, random = random_calendar(seed)
    before = None
    start = some_day(random)
    for count in range(120):
        day = start + timedelta(days=count)
        way = [day]
        while not worked(known, way[-1]):
            way.append(way[-1] + timedelta(days=1))
        due = calendar.natural(start, count)
        assert (due.date, due.provisional) == (way[-1], any(assumed(known, one) for one in way))
        assert before is None or before <= due.date
        before = due.date


def minutes(known: dict, pieces, since: datetime, until: datetime) -> int:
    """Office minutes of [since, until), one by one."""
    count, at = 0, since
    while at < until:
        local = at.astimezone(SHANGHAI)
        count += worked(known, local.date()) and any(opens <= local.time() < closes for opens, closes in pieces)
        at += timedelta(minutes=1)
    return count


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("hours", ["08:30-12:00,14:00-17:30", "00:00-12:00", "09:00-10:00,10:00-10:20,23:00-23:59"])
def test_office_hours_are_those_counted_minute_by_minute(seed, hours, settings):
    settings.OFFICE_HOURS = parsed(hours)
    calendar, known, random = random_calendar(seed)
    for _ in range(3):
        start, value = some_moment(random), random.randrange(1, 10)
        due, _provisional = calendar.due_at(start, value, Unit.OFFICE_HOURS)
        assert minutes(known, settings.OFFICE_HOURS, start, due) == value * 60
        assert minutes(known, settings.OFFICE_HOURS, start, due - timedelta(minutes=1)) == value * 60 - 1
        assert calendar.office_hours_between(start, due) == timedelta(hours=value)
        assert calendar.office_hours_between(due, start) == -timedelta(hours=value)
        later = start + timedelta(minutes=random.randrange(5000))
        counted = timedelta(minutes=minutes(known, settings.OFFICE_HOURS, start, later))
        assert calendar.office_hours_between(start, later) == counted


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("unit", Unit.values)
def test_a_longer_limit_and_a_later_start_never_end_earlier(seed, unit):
    calendar, _known, random = random_calendar(seed)
    start = some_moment(random)
    dues = [calendar.due_at(start, value, unit)[0] for value in range(40)]
    assert dues == sorted(dues)
    starts = sorted(some_moment(random) for _ in range(20))
    dues = [calendar.due_at(one, 7, unit)[0] for one in starts]
    assert dues == sorted(dues)


@pytest.mark.parametrize("seed", SEEDS)
def test_hours_are_those_of_the_clock_whatever_the_calendar(seed):
    calendar, _known, random = random_calendar(seed)
    start, value = some_moment(random), random.randrange(500)
    assert calendar.due_at(start, value, Unit.HOURS) == (start + timedelta(hours=value), False)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-26T09:00", 3, "2026-11-26T12:00"),  # ends with the morning, not with the lunch
        ("2026-11-26T09:00", 4, "2026-11-26T15:00"),
        ("2026-11-26T12:30", 1, "2026-11-26T15:00"),  # begins at the next opening
        ("2026-11-26T12:30", 0, "2026-11-26T14:00"),
        ("2026-11-27T17:00", 1, "2026-11-30T09:00"),  # over the weekend
        ("2026-11-28T10:00", 7, "2026-11-30T17:30"),
        ("2026-02-14T16:30", 2, "2026-02-24T09:30"),  # a Saturday that is worked, then the Spring Festival
    ],
)
@pytest.mark.django_db
def test_office_hours_run_only_while_the_office_is_open(start, hours, due):
    from officehub.workdays.arithmetic import due_at

    begins, ends = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (start, due))
    assert due_at(begins.astimezone(ZoneInfo("UTC")), hours, Unit.OFFICE_HOURS) == (ends, False)


@pytest.mark.django_db
def test_office_hours_that_run_into_an_unknown_year_say_so():
    from officehub.workdays.arithmetic import due_at

    start = datetime(2026, 12, 31, 16, 30, tzinfo=SHANGHAI)
    assert due_at(start, 1, Unit.OFFICE_HOURS) == (datetime(2026, 12, 31, 17, 30, tzinfo=SHANGHAI), False)
    assert due_at(start, 2, Unit.OFFICE_HOURS) == (datetime(2027, 1, 1, 9, 30, tzinfo=SHANGHAI), True)


@pytest.mark.parametrize(
    ("value", "unit"),
    [(-1, "office_hours"), (20_000, "office_hours"), (100_000, "hours"), (3661, "natural_days"), (1, "weeks")],
)
def test_a_limit_that_makes_no_sense_is_refused(value, unit):
    with pytest.raises(ValueError, match=r"."):
        Calendar({}).due_at(datetime(2026, 11, 26, 9, tzinfo=SHANGHAI), value, unit)


# --- the setting ------------------------------------------------------------------------------------------------------


def test_office_hours_are_read_as_the_office_writes_them():
    pieces = parsed("08:30-12:00, 14:00-17:30")
    assert pieces == ((time(8, 30), time(12)), (time(14), time(17, 30)))
    assert in_a_day(pieces) == timedelta(hours=7)


@pytest.mark.parametrize("text", ["", "8-12", "08:30", "12:00-08:30", "08:30-12:00,11:00-17:30",
                                  "14:00-17:30,08:30-12:00", "25:00-26:00", "09:00-09:00"])  # fmt: skip
def test_office_hours_that_do_not_parse_are_refused(text):
    with pytest.raises(ValueError, match=r"[:：]"):
        parsed(text)
