"""日程: each thing once, days off marked; and the feed, read by another library than wrote it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.urls import reverse

from officehub.inbox.errands import Errand, finish, redate
from officehub.inbox.errands import give as ask
from officehub.inbox.models import WorkItem
from tasks.assign import assign, write
from tasks.calendar import feed as feeds
from tasks.calendar.entries import days, entries
from tasks.given import give
from tasks.limits import Limit
from tasks.models import CalendarFeed
from tests.tasks.around.conftest import GIVEN

FIRST, LAST = date(2026, 11, 1), date(2027, 1, 31)


@pytest.fixture
def dated(cast, now):
    """An errand of the drafter's that is due on the second of December; what is asked is a reading."""
    due = now.replace(month=12, day=2, hour=23, minute=59, second=59)
    ask(Errand("read", "k1", "阅件标题", due_at=due), cast.office, [cast.drafter], now)
    return WorkItem.objects.get(key="k1")


def shown(person) -> list[tuple[str, str]]:
    return [(f"{one.day:%m-%d}", one.title) for one in entries(person, FIRST, LAST)]


def test_a_thing_with_a_date_stands_there_once(cast, now, dated):
    fields = {**GIVEN, "lead_unit": cast.section.pk, "lead_person": cast.drafter.pk}
    give(fields, by=cast.leader, now=now)
    assert shown(cast.drafter) == [("11-24", fields["title"]), ("12-02", "阅件标题")]  # 签收 within a day
    assert shown(cast.leader) == [("11-30", fields["title"])]  # who gave it sees its own limit
    assert shown(cast.stranger) == []


def test_milestones_stand_by_themselves(cast, now):
    task = write(
        by=cast.leader, now=now, limit=Limit(day=date(2026, 12, 31)), title="年报", lead_unit=cast.section,
        milestones=[("初稿", date(2026, 12, 10))],
    )  # fmt: skip
    assign(task, by=cast.leader, now=now)
    assert shown(cast.leader) == [("12-10", "初稿（年报）"), ("12-31", "年报")]


def test_days_off_and_what_is_only_assumed_are_marked(cast):
    found = {
        day.date: day for day in days(date(2026, 9, 28), date(2026, 10, 11), [], today=date(2026, 9, 30), month=10)
    }
    assert (found[date(2026, 10, 1)].worked, found[date(2026, 10, 1)].name) == (False, "国庆节")
    assert (found[date(2026, 10, 10)].worked, found[date(2026, 9, 30)].today) == (True, True)
    assert (found[date(2026, 9, 28)].outside, found[date(2026, 10, 1)].assumed) == (True, False)
    assert all(day.assumed for day in days(date(2027, 3, 1), date(2027, 3, 7), [], today=date(2026, 9, 30)))


@pytest.mark.parametrize("view", ["month", "week"])
def test_the_page_shows_month_or_week_and_takes_no_nonsense(cast, as_, view, dated):
    client = as_(cast.drafter)
    page = client.get(reverse("tasks:calendar"), {"view": view, "on": "2026-12-02"})
    assert ("阅件标题" in page.content.decode(), len(page.context["days"]) % 7) == (True, 0)
    for odd in ("x", "9999-12-31", "0001-01-01", "2026-02-30"):
        assert client.get(reverse("tasks:calendar"), {"view": view, "on": odd}).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(cast, as_, now, count, django_assert_num_queries):
    for at in range(count):
        ask(Errand("read", f"k{at}", "阅", due_at=now + timedelta(hours=at)), cast.office, [cast.drafter], now)
    client, address = as_(cast.drafter), reverse("tasks:calendar") + "?on=2026-11-23"
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 14


# --- the feed -------------------------------------------------------------------------------------------------------


def events(text: bytes) -> dict[str, vobject.base.Component]:
    book = vobject.readOne(text.decode())
    return {event.uid.value: event for event in book.contents.get("vevent", [])}


def read(person, now) -> dict:
    return events(feeds.text_of(CalendarFeed.objects.get(person=person), now))


def test_another_library_reads_what_was_written_and_writes_it_again(cast, now, dated):
    hour = datetime(2026, 12, 3, 15, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    ask(Errand("sign_off", "k2", "签发；含, 标点\n换行", due_at=hour), cast.office, [cast.drafter], now)
    feeds.issue(cast.drafter, with_titles=True, now=now)
    text = feeds.text_of(CalendarFeed.objects.get(), now)
    book = vobject.readOne(text.decode())
    assert book.vtimezone.tzid.value == "Asia/Shanghai"
    found = events(book.serialize().encode())  # as vobject writes it again
    day, moment = (found[f"item-{item.pk}@localhost"] for item in WorkItem.objects.order_by("key"))
    assert (day.dtstart.value, day.dtend.value, day.summary.value) == (
        date(2026, 12, 2),
        date(2026, 12, 3),
        "阅件：阅件标题",
    )
    assert (moment.dtend.value, moment.summary.value) == (hour, "签发：签发；含, 标点\n换行")
    assert icalendar.Calendar.from_ical(text).to_ical() == text
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


def test_titles_stay_here_unless_the_person_and_the_office_let_them_go(cast, now, dated, settings):
    feeds.issue(cast.drafter, with_titles=False, now=now)
    assert [event.summary.value for event in read(cast.drafter, now).values()] == ["阅件"]
    feeds.issue(cast.drafter, with_titles=True, now=now)
    settings.CALENDAR_FEED_MAY_SHOW_TITLES = False
    assert [event.summary.value for event in read(cast.drafter, now).values()] == ["阅件"]
    feeds.issue(cast.drafter, with_titles=True, now=now)
    assert not CalendarFeed.objects.get().with_titles


def test_a_limit_that_moves_is_told_as_a_change_of_the_same_thing(cast, now, dated):
    feeds.issue(cast.drafter, with_titles=False, now=now)
    name = f"item-{dated.pk}@localhost"
    first = read(cast.drafter, now)[name]
    same = read(cast.drafter, now + timedelta(hours=1))[name]
    assert (first.sequence.value, same.sequence.value) == ("0", "0")
    assert first.last_modified.value == same.last_modified.value
    redate(WorkItem.objects.filter(pk=dated.pk), dated.due_at + timedelta(days=1), True, now)
    later = read(cast.drafter, now + timedelta(hours=2))[name]
    assert (later.sequence.value, later.dtstart.value, later.status.value) == ("1", date(2026, 12, 3), "TENTATIVE")
    assert later.summary.value == "阅件（按推算）"
    assert later.last_modified.value > first.last_modified.value


def test_what_is_done_is_cancelled_for_a_while_and_then_gone(cast, now, dated):
    feeds.issue(cast.drafter, with_titles=True, now=now)
    read(cast.drafter, now)
    finish(cast.office, "k1", "已阅", now)
    off = read(cast.drafter, now + timedelta(hours=1))[f"item-{dated.pk}@localhost"]
    assert (off.status.value, off.sequence.value, off.summary.value) == ("CANCELLED", "1", "已办结或取消")
    assert read(cast.drafter, now + timedelta(days=32)) == {}


def test_the_address_alone_opens_the_feed_until_another_is_issued_or_it_is_revoked(cast, as_, client, now, dated):
    page = as_(cast.drafter).post(reverse("tasks:calendar_feed"), {})
    address = page.context["address"].removeprefix("http://testserver")
    client.logout()
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert not CalendarFeed.objects.filter(token_hash__contains=token).exists()
    second = as_(cast.drafter).post(reverse("tasks:calendar_feed"), {}).context["address"]
    assert (client.get(address).status_code, client.get(second).status_code) == (404, 200)
    assert second not in as_(cast.drafter).get(reverse("tasks:calendar_feed")).content.decode()  # shown once
    as_(cast.drafter).post(reverse("tasks:revoke_feed"))
    assert client.get(second).status_code == 404
    assert client.get(reverse("tasks:ics", args=["x" * 43])).status_code == 404


def test_the_feed_of_who_left_is_closed(cast, client, now):
    token = feeds.issue(cast.stranger, with_titles=False, now=now)
    cast.stranger.is_active = False
    cast.stranger.save()
    assert client.get(reverse("tasks:ics", args=[token])).status_code == 404


def test_a_feed_is_read_so_many_times_an_hour(cast, client, now, settings):
    settings.CALENDAR_FEED_PER_HOUR = 2
    token = feeds.issue(cast.drafter, with_titles=False, now=now)
    given = [client.get(reverse("tasks:ics", args=[token])) for _ in range(3)]
    assert [answer.status_code for answer in given] == [200, 200, 429]
    assert given[2]["Retry-After"] == "3600"
    feed = CalendarFeed.objects.get()
    assert feeds.may_read(feed, now + timedelta(hours=1))


def test_the_way_to_the_feed_is_in_ones_own_settings(cast, as_):
    address = reverse("tasks:calendar_feed")
    assert address in as_(cast.drafter).get(reverse("profile")).content.decode()
    assert address not in as_(cast.sys_admin).get(reverse("profile")).content.decode()
    assert as_(cast.sys_admin).get(address).status_code == 404
