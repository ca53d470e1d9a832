"""Limits as an office says them; 2026-11-18 is a Wednesday, and October 1 to 7 were holidays."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officehub.web.office_time import WorkingDays, bucket, due_label, grouped

SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(month, day, hour=17, minute=30):
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def said(due_at, now):
    label = due_label(due_at, now, WorkingDays([due_at], now))
    return label.text, label.detail, label.tone


@pytest.mark.parametrize(
    ("due_at", "group"),
    [
        (moment(11, 17), "overdue"),
        (moment(11, 18, 9, 59), "overdue"),
        (moment(11, 18, 10, 0), "today"),
        (moment(11, 18, 23, 59), "today"),
        (moment(11, 19, 0, 0), "week"),
        (moment(11, 22, 23, 59), "week"),
        (moment(11, 23, 0, 0), "later"),
        (None, "none"),
    ],
)
def test_a_limit_falls_in_its_group(due_at, group, now):
    assert bucket(due_at, now) == group


@pytest.mark.django_db
def test_overdue_is_counted_in_working_days_not_in_days():
    assert said(moment(9, 30), moment(10, 9, 9)) == ("已逾期 2 个工作日", "9月30日", "overdue")


@pytest.mark.django_db
def test_a_weekend_between_is_not_counted(now):
    assert said(moment(11, 13), now) == ("已逾期 3 个工作日", "11月13日", "overdue")


@pytest.mark.django_db
def test_hours_late_on_the_same_day_are_not_a_day(now):
    assert said(moment(11, 18, 9, 0), now) == ("刚刚逾期", "11月18日", "overdue")


@pytest.mark.django_db
def test_today_is_said_by_the_hour_and_the_time_left(now):
    assert said(moment(11, 18, 12, 10), now) == ("今天 12:10", "还有 2 小时 10 分", "today")
    assert said(moment(11, 18, 10, 20), now) == ("今天 10:20", "还有 20 分", "today")


@pytest.mark.django_db
def test_a_limit_at_the_end_of_today_names_no_hour(now):
    assert said(moment(11, 18, 23, 59), now) == ("今天", "", "today")


@pytest.mark.django_db
def test_later_is_said_by_the_date_and_working_days_left(now):
    assert said(moment(11, 25), now) == ("11月25日", "还有 5 个工作日", "later")


@pytest.mark.django_db
def test_what_is_years_away_is_only_dated(now):
    assert said(moment(11, 18) + timedelta(days=800), now) == ("2029年1月26日", "", "later")


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 30])
def test_a_page_of_limits_asks_the_calendar_once(count, now):
    items = [SimpleNamespace(due_at=now + timedelta(days=n)) for n in range(count)]
    with CaptureQueriesContext(
        connection,
    ) as asked:
        grouped(items, now)
    assert len(asked) == 1


@pytest.mark.django_db
def test_groups_come_in_the_order_of_their_limits(now):
    limits = [moment(11, 10), moment(11, 18), moment(11, 20), moment(12, 20), None]
    groups = grouped([SimpleNamespace(due_at=limit) for limit in limits], now)
    assert [group.title for group in groups] == ["已逾期", "今天", "本周", "以后", "无期限"]
