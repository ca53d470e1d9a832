"""Who has how much by when, for those who answer for them; titles only of what the viewer may see."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officehub.inbox.errands import Errand
from officehub.inbox.errands import give as ask
from tasks.given import give
from tasks.workload import days_ahead, load_of, overseen, people_of
from tests.tasks.around.books import read_book, streamed
from tests.tasks.around.conftest import GIVEN


@pytest.fixture
def busy(cast, now):
    """The drafter has five errands: overdue, today, this week, later, without a limit."""
    end = now.replace(hour=23, minute=59, second=59)
    limits = [now - timedelta(days=3), end, end + timedelta(days=3), end + timedelta(days=9), None]
    for at, due in enumerate(limits):
        ask(Errand("read", f"k{at}", "机密以外的标题", due_at=due), cast.office, [cast.drafter], now)


def names(rows) -> list[str]:
    return [row.name for row in rows]


def test_each_sees_the_departments_they_answer_for(cast, now):
    today = now.date()
    assert names(overseen(cast.head, today)) == ["综合科"]
    assert names(overseen(cast.leader_in_charge, today)) == ["办公室", "综合科", "信息科"]
    assert names(overseen(cast.countersigner, today)) == ["市财政局"]
    assert names(overseen(cast.mayor, today)) == ["市财政局", "市政府领导"]
    assert names(overseen(cast.drafter, today)) == names(overseen(cast.sys_admin, today)) == []


def test_errands_of_every_kind_are_counted_by_their_limits(cast, now, busy):
    days = days_ahead(now.date())
    loads = {load.person.username: load for load in load_of(people_of(cast.section), days, now)}
    mine = loads["drafter"]
    said = (mine.total, mine.overdue, mine.today, mine.week, mine.later, mine.none)
    assert (said, sum(mine.days), len(days)) == ((5, 1, 1, 1, 1, 1), 3, 14)
    assert (mine.days[0], mine.days[3], loads["head"].total) == (1, 1, 0)


def test_administrators_are_not_counted_among_the_people(cast):
    assert names(people_of(cast.other_section)) == [cast.stranger.name]


def test_the_page_and_its_excel_are_for_who_oversees_the_department(cast, as_, busy):
    address = reverse("tasks:workload", args=[cast.section.pk])
    page = as_(cast.head).get(address)
    assert (page.status_code, page.context["sum"]["total"], "<svg" in page.content.decode()) == (200, 5, True)
    rows = read_book(streamed(as_(cast.head).get(reverse("tasks:export_workload", args=[cast.section.pk]))))
    assert next(row for row in rows if row[1] == cast.drafter.name)[2] == 5
    for who in (cast.stranger, cast.drafter, cast.countersigner, cast.sys_admin):
        assert as_(who).get(address).status_code == 404
    assert as_(cast.head).get(reverse("tasks:workload", args=[cast.bureau.pk])).status_code == 404
    assert as_(cast.head).get(reverse("tasks:workloads")).url == address
    assert "您没有负责的部门" in as_(cast.drafter).get(reverse("tasks:workloads")).content.decode()


def test_the_head_reads_titles_of_what_they_may_see_and_no_others(cast, as_, now, busy):
    fields = {**GIVEN, "title": "科里的任务", "lead_unit": cast.section.pk, "lead_person": cast.drafter.pk}
    give(fields, by=cast.leader, now=now)
    address = reverse("tasks:workload_of", args=[cast.section.pk, cast.drafter.pk])
    page = as_(cast.head).get(address).content.decode()
    assert ("科里的任务" in page, "机密以外的标题" in page, "内容须经授权" in page) == (True, False, True)
    assert as_(cast.head).get(reverse("tasks:workload_of", args=[cast.section.pk, cast.reader.pk])).status_code == 404


def test_the_page_asks_the_same_however_much_there_is(cast, as_, now, busy, django_assert_num_queries):
    client, address = as_(cast.head), reverse("tasks:workload", args=[cast.section.pk])
    for more in (1, 20):
        for at in range(more):
            ask(Errand("read", f"m{more}-{at}", "更多", due_at=now + timedelta(days=at)), cast.office, [cast.head], now)
        client.get(address)
        with django_assert_num_queries(QUERIES):
            client.get(address)


QUERIES = 20
