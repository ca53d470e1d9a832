"""Paging by place: complete, without repeats, and unmoved by what people type into addresses."""

from datetime import UTC, datetime, timedelta

import pytest

from officehub.inbox.models import WorkItem
from officehub.web.listing import newest_first, read_cursor, soonest_first, write_cursor

HOSTILE = [
    "",
    "~",
    "-",
    "x~1",
    "20261118T020000.000000Z",
    "20261118T020000.000000Z~",
    "20261118T020000.000000Z~-1",
    "20261118T020000.000000Z~99999999999999999999",
    "20261118T020000.000000Z~９",
    "20269918T020000.000000Z~1",
    "' OR 1=1 --~1",
    "\x00~1",
    "2" * 5000 + "~1",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_an_address_that_names_no_place_is_the_first_page(text):
    assert read_cursor(text) is None


@pytest.mark.parametrize("moment", [datetime(2026, 11, 18, 2, 0, 0, 123456, tzinfo=UTC), None])
def test_a_place_survives_being_written_into_an_address(moment):
    assert read_cursor(write_cursor(moment, 17)) == (moment, 17)


def walk(turn, rows, field):
    seen, cursor = [], ""
    while True:
        page = turn(rows, field, cursor, 2)
        seen += [row.title for row in page.rows]
        cursor = page.next_cursor
        if not cursor:
            return seen


def test_todo_pages_give_every_row_once_with_the_limitless_last(entrust, now, day):
    same = now + day
    limits = {"甲": None, "乙": same, "丙": same, "丁": same, "戊": now, "己": None, "庚": None}
    for title, due_at in limits.items():
        entrust(title, due_at)
    assert walk(soonest_first, WorkItem.objects.all(), "due_at") == ["戊", "乙", "丙", "丁", "甲", "己", "庚"]


def test_done_pages_give_every_row_once_latest_first(entrust, now):
    for n, title in enumerate(["甲", "乙", "丙", "丁", "戊"]):
        entrust(title, done_at=now - timedelta(hours=n // 2))
    assert walk(newest_first, WorkItem.objects.all(), "done_at") == ["乙", "甲", "丁", "丙", "戊"]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("address", ["/?tab=todo", "/?tab=done", "/?tab=started", "/notices/?"])
def test_a_tampered_address_still_shows_the_list(client, person, address, text):
    client.force_login(person)
    expected = 400 if "\x00" in text else 200  # NUL is turned away before any page is asked
    assert client.get(address, {"tab": address.partition("=")[2], "after": text}).status_code == expected
