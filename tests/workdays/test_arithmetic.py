"""Working days: the State Council's arrangements 2024-2026, and what lies beyond them."""

from datetime import date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from officehub.workdays.arithmetic import (
    Due,
    add,
    between,
    due_at,
    is_assumed,
    is_provisional_year,
    roll,
    worked_days,
)
from officehub.workdays.models import CalendarDay

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-02-10", 3, "2026-02-13"),
        ("2026-02-13", 1, "2026-02-14"),  # a Saturday that is worked for the Spring Festival
        ("2026-02-13", 2, "2026-02-24"),  # holiday from the 15th to the 23rd
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-13", 6, "2026-02-28"),  # another Saturday that is worked
        ("2026-02-13", 20, "2026-03-19"),
        ("2026-04-28", 5, "2026-05-08"),
        ("2026-09-18", 7, "2026-09-29"),  # the Sunday is worked, the 25th is not
        ("2026-09-28", 3, "2026-10-08"),
        ("2026-09-28", 20, "2026-10-30"),
        ("2025-01-24", 3, "2025-02-05"),
        ("2025-09-25", 20, "2025-10-29"),
        ("2026-11-22", 1, "2026-11-23"),  # starts on a rest day
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-10-08", -3, "2026-09-28"),
    ],
)
def test_the_nth_working_day_follows_the_published_arrangement(start, count, due):
    assert add(date.fromisoformat(start), count) == Due(date.fromisoformat(due), provisional=False)


@pytest.mark.parametrize(("year", "days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_each_year_has_as_many_working_days_as_published(year, days):
    assert between(date(year - 1, 12, 31), date(year, 12, 31)) == days


def test_adding_and_counting_agree_whatever_the_start():
    random = Random(20261123)  # noqa: S311  the same days every time
    for _ in range(150):
        start = date(2024, 1, 1) + timedelta(days=random.randrange(1000))
        count = random.randrange(0, 60)
        assert between(start, add(start, count).date) == count


def test_counting_backwards_is_the_negative():
    assert between(date(2026, 10, 8), date(2026, 9, 28)) == -3


def test_a_limit_that_runs_into_an_unknown_year_follows_the_weekdays_and_says_so():
    due = add(date(2026, 12, 25), 10)
    assert due == Due(date(2027, 1, 8), provisional=True)
    assert add(date(2026, 12, 25), 4) == Due(date(2026, 12, 31), provisional=False)


def test_a_confirmed_day_is_not_provisional_and_an_unconfirmed_one_is():
    CalendarDay.objects.create(date=date(2027, 1, 1), is_workday=False, name="元旦", source="推测", confirmed=False)
    assert add(date(2026, 12, 31), 1) == Due(date(2027, 1, 4), provisional=True)
    for day in (1, 2, 3, 4):
        CalendarDay.objects.update_or_create(
            date=date(2027, 1, day), defaults={"is_workday": day == 2, "source": "国办", "confirmed": True}
        )
    assert add(date(2026, 12, 31), 1) == Due(date(2027, 1, 2), provisional=False)


def test_years_beyond_the_list_are_provisional():
    assert [is_provisional_year(year) for year in (2025, 2026, 2027)] == [False, False, True]


def test_a_count_is_assumed_only_when_a_counted_day_is():
    assert not is_assumed(date(2026, 1, 1), date(2026, 12, 31))
    assert is_assumed(date(2026, 12, 31), date(2027, 1, 1))
    assert is_assumed(date(2027, 1, 1), date(2026, 12, 31))
    assert not is_assumed(date(2027, 3, 1), date(2027, 3, 1))


def test_a_natural_limit_that_ends_on_a_rest_day_rolls_to_the_next_working_day():
    assert roll(date(2026, 2, 19)).date == date(2026, 2, 24)
    start = datetime(2026, 1, 20, 9, 0, tzinfo=SHANGHAI)
    assert due_at(start, 30, "natural_days") == (datetime(2026, 2, 24, 23, 59, 59, tzinfo=SHANGHAI), False)
    start = datetime(2026, 8, 4, 9, 0, tzinfo=SHANGHAI)
    assert due_at(start, 60, "natural_days")[0].date() == date(2026, 10, 8)


def test_a_limit_in_working_days_starts_from_the_local_day():
    late = datetime(2026, 11, 23, 16, 30, tzinfo=ZoneInfo("UTC"))  # already the 24th in Shanghai
    assert due_at(late, 1, "working_days")[0] == datetime(2026, 11, 25, 23, 59, 59, tzinfo=SHANGHAI)


def test_hours_run_through_nights_and_holidays():
    start = datetime(2026, 10, 1, 22, 0, tzinfo=SHANGHAI)
    assert due_at(start, 5, "hours") == (start + timedelta(hours=5), False)


def test_worked_days_lists_both_ends():
    assert worked_days(date(2026, 2, 13), date(2026, 2, 25)) == [
        date(2026, 2, 13),
        date(2026, 2, 14),
        date(2026, 2, 24),
        date(2026, 2, 25),
    ]


@pytest.mark.parametrize("count", [3661, -3661, 10**9])
def test_a_limit_of_more_than_ten_years_is_refused(count):
    with pytest.raises(ValueError, match="最多 3660 天"):
        add(date(2026, 1, 1), count)


def test_a_limit_is_worked_out_with_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        add(date(2026, 1, 5), 60)
