"""The calendar changes through one door, whole or not at all, and remembers what it was."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from officehub.workdays import guard
from officehub.workdays.arithmetic import add, is_provisional_year
from officehub.workdays.arrangement import read_list
from officehub.workdays.change import set_days, take
from officehub.workdays.history import calendar_as_of
from officehub.workdays.models import CalendarChange, CalendarDay, DayChange

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
LIST = """
2027-01-01,休,元旦,测试办发〔2026〕1号
2027-01-02,休,元旦,测试办发〔2026〕1号
2027-01-03,休,元旦,测试办发〔2026〕1号
2026-12-26,班,元旦,测试办发〔2026〕1号
"""


def taken(text: str, now=NOW, **how):
    return take(read_list(text, 2027), 2027, by=None, now=now, **how)


def local(day: date) -> dict:
    return {day: {"is_workday": False, "name": "那达慕", "source": "本地", "confirmed": True, "is_local": True}}


def test_confirming_a_year_fills_its_plain_days_and_moves_the_december_before():
    found, change = taken(LIST)
    assert (found.written, change.first, change.last) == (365 + 1, date(2026, 12, 26), date(2027, 12, 31))
    assert not is_provisional_year(2027)
    assert CalendarDay.objects.get(date=date(2026, 12, 26)).is_workday
    assert add(date(2026, 12, 31), 1).date == date(2027, 1, 4)
    assert not add(date(2026, 12, 25), 10).provisional


def test_a_later_list_corrects_its_days_and_leaves_the_other_confirmed_ones():
    taken(LIST)
    found, change = taken("2027-01-03,班,元旦,更正")
    assert (found.written, change.days.count()) == (1, 1)
    rows = CalendarDay.objects.filter(date__range=(date(2027, 1, 1), date(2027, 1, 3))).order_by("date")
    assert list(rows.values_list("is_workday", "source")) == [
        (False, "测试办发〔2026〕1号"),
        (False, "测试办发〔2026〕1号"),
        (True, "更正"),
    ]


def test_the_same_list_again_is_no_change():
    taken(LIST)
    found, change = taken(LIST)
    assert (found.changed, found.same, change) == ([], 4, None)
    assert CalendarChange.objects.count() == 1


def test_a_local_holiday_is_not_taken_back_by_a_national_list_but_by_a_local_one():
    day = date(2027, 1, 4)
    set_days(local(day), by=None, now=NOW)
    found, _change = taken(LIST + "2027-01-04,班,元旦,国办")
    assert (found.local, CalendarDay.objects.get(date=day).is_workday) == ([day], False)
    found, _change = taken("2027-01-04,班,,本地更正", local=True)
    assert (found.written, CalendarDay.objects.get(date=day).is_workday) == (1, True)


def test_a_local_list_is_about_its_own_days_only():
    found, _change = taken("2027-07-07,休,那达慕,本地", local=True)
    assert (found.written, is_provisional_year(2027)) == (1, True)


def test_each_changed_day_remembers_what_it_was():
    _found, change = taken(LIST)
    kept = DayChange.objects.get(change=change, date=date(2026, 12, 26))
    assert (kept.was["is_workday"], kept.became["is_workday"], kept.became["source"]) == (
        False, True, "测试办发〔2026〕1号",
    )  # fmt: skip
    assert DayChange.objects.get(change=change, date=date(2027, 1, 1)).was is None


def test_the_calendar_is_known_as_it_was_at_any_moment():
    hours = [NOW + timedelta(hours=n) for n in range(4)]
    taken(LIST, now=hours[1])
    taken("2027-01-04,休,元旦,更正", now=hours[2])
    set_days({date(2027, 1, 4): None}, by=None, now=hours[3])
    start = date(2026, 12, 31)
    known = [calendar_as_of(at).add(start, 1) for at in hours]
    assert [(due.date, due.provisional) for due in known] == [
        (date(2027, 1, 1), True),
        (date(2027, 1, 4), False),
        (date(2027, 1, 5), False),
        (date(2027, 1, 4), True),
    ]


def test_a_calendar_in_hand_asks_the_database_no_more(django_assert_num_queries):
    with django_assert_num_queries(2):
        calendar = calendar_as_of(NOW)
        calendar.add(date(2026, 11, 23), 40)
        calendar.after_quiet(NOW)
        calendar.due_at(NOW, 30, "office_hours")


@pytest.mark.parametrize("statement", ["DELETE FROM workdays_daychange", "UPDATE workdays_daychange SET at = at"])
def test_what_is_recorded_of_a_change_cannot_be_changed(statement):
    taken(LIST)
    guard.install(connection)
    try:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    finally:
        guard.remove(connection)
