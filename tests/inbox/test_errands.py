"""Errands: given once, finished once, most urgent first."""

from datetime import timedelta

import pytest

from officehub.inbox.errands import Errand, close, finish, give, redate, reopen, see
from officehub.inbox.models import WorkItem


def errand(key="read", **changes):
    return Errand(**{"verb": "read", "key": key, "title": "关于值班的通知", **changes})


def test_an_errand_given_twice_is_there_once(cast, now):
    for moment in (now, now + timedelta(hours=1)):
        give(errand(), cast.office, [cast.clerk, cast.reader, cast.clerk], moment)
    rows = WorkItem.objects.of(cast.office).order_by("assignee_id")
    assert list(rows.values_list("assignee__username", "opened_at")) == [("reader", now), ("clerk", now)]


def test_the_same_person_may_have_several_errands_about_one_thing(cast, now):
    give(errand("step:1"), cast.office, [cast.clerk], now)
    give(errand("step:2"), cast.office, [cast.clerk], now)
    assert WorkItem.objects.todo(cast.clerk).count() == 2


def test_finishing_closes_only_that_errand_and_only_once(cast, now):
    give(errand(), cast.office, [cast.clerk, cast.reader], now)
    give(errand("other"), cast.office, [cast.clerk], now)
    assert finish(cast.office, "read", "已阅", now, assignee=cast.clerk) == 1
    assert finish(cast.office, "read", "别的结果", now + timedelta(days=1), assignee=cast.clerk) == 0
    assert WorkItem.objects.done(cast.clerk).values_list("key", "outcome", "done_at").get() == ("read", "已阅", now)
    assert list(WorkItem.objects.todo(cast.clerk).values_list("key", flat=True)) == ["other"]
    assert WorkItem.objects.todo(cast.reader).count() == 1


def test_finishing_for_everybody_closes_all_open_ones(cast, now):
    give(errand(), cast.office, [cast.clerk, cast.reader, cast.vetter], now)
    finish(cast.office, "read", "已阅", now, assignee=cast.clerk)
    assert finish(cast.office, "read", "他人已办", now) == 2
    assert sorted(WorkItem.objects.values_list("outcome", flat=True)) == ["他人已办", "他人已办", "已阅"]


def test_an_errand_about_another_thing_stays_open(cast, now):
    give(errand(), cast.office, [cast.clerk], now)
    give(errand(), cast.government, [cast.clerk], now)
    finish(cast.office, "read", "已阅", now)
    assert WorkItem.objects.todo(cast.clerk).get().subject == cast.government


def test_the_list_of_errands_goes_by_due_date(cast, now):
    for key, days in [("c", 3), ("a", 1), ("b", 2)]:
        give(errand(key, due_at=now + timedelta(days=days)), cast.office, [cast.clerk], now)
    assert list(WorkItem.objects.todo(cast.clerk).order_by("due_at", "id").values_list("key", flat=True)) == [*"abc"]


def test_only_the_first_opening_is_noted(cast, now):
    give(errand(), cast.office, [cast.clerk], now)
    item = WorkItem.objects.get()
    assert [see(item, now), see(item, now + timedelta(hours=1))] == [True, False]
    item.refresh_from_db()
    assert item.seen_at == now


def test_long_titles_and_sources_are_cut_to_what_a_list_shows(cast, now):
    give(errand(title="长" * 300, source="源" * 200), cast.office, [cast.clerk], now)
    item = WorkItem.objects.get()
    assert (len(item.title), len(item.source)) == (250, 120)


@pytest.mark.parametrize("people", [1, 3])
def test_giving_costs_the_same_however_many_people(cast, now, people, django_assert_num_queries):
    wanted = [cast.clerk, cast.reader, cast.vetter][:people]
    give(errand("warm"), cast.office, [cast.clerk], now)  # the content type is looked up once
    with django_assert_num_queries(1):
        give(errand(), cast.office, wanted, now)


def test_what_was_taken_off_somebody_may_be_asked_again(cast, now):
    give(errand(), cast.office, [cast.clerk], now)
    rows = WorkItem.objects.of(cast.office)
    assert (close(rows, "已改派", now), close(rows, "已阅", now)) == (1, 0)
    assert (reopen(rows, now), reopen(rows, now)) == (1, 0)
    assert list(rows.values_list("done_at", "outcome")) == [(None, "")]


def test_only_what_is_open_gets_another_limit(cast, now):
    later = now + timedelta(days=9)
    give(errand(due_at=now), cast.office, [cast.clerk, cast.reader], now)
    finish(cast.office, "read", "已阅", now, assignee=cast.reader)
    assert redate(WorkItem.objects.of(cast.office), later, True, now) == 1
    rows = WorkItem.objects.of(cast.office).order_by("due_at").values_list("assignee", "due_at", "due_provisional")
    assert list(rows) == [(cast.reader.pk, now, False), (cast.clerk.pk, later, True)]
