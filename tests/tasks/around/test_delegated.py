"""What I gave others: where it stands, whom to call, and several chased at once."""

from datetime import timedelta

import pytest
from django.test import TestCase
from django.urls import reverse

from officehub.notifications.models import Notice
from tasks import exporting
from tasks.delegated import chase_all, given_by, in_hands
from tasks.given import give
from tasks.models import LedgerExport
from tests.tasks.around.books import read_book, streamed
from tests.tasks.around.conftest import GIVEN


@pytest.fixture
def given(cast, now):
    def give_to(unit, title="报送情况"):
        return give({**GIVEN, "title": title, "lead_unit": unit.pk}, by=cast.leader, now=now)

    return give_to


def test_it_says_who_has_each_thing_now(cast, given):
    one, two = given(cast.bureau), given(cast.section)
    hands = in_hands([one, two], cast.leader)
    assert {pk: [person.username for person in people] for pk, people in hands.items()} == {
        one.pk: ["countersigner"],
        two.pk: ["head"],
    }


def test_several_are_chased_at_once_and_one_that_cannot_be_holds_up_none(cast, now, given):
    tasks = [given(cast.bureau), given(cast.section)]
    assert chase_all(tasks[:1], by=cast.leader, now=now).told == 1
    done = chase_all(tasks, by=cast.leader, now=now, words="请抓紧")
    assert (done.told, len(done.trouble)) == (1, 1)
    assert tasks[0].number in done.trouble[0]
    assert Notice.objects.filter(verb="tasks.chased").count() == 2


def test_the_page_chases_what_is_ticked(cast, as_, given):
    one, two = given(cast.bureau), given(cast.section)
    client = as_(cast.leader)
    assert "countersigner" in client.get(reverse("tasks:delegated")).content.decode()
    assert client.post(reverse("tasks:chase_many"), {"words": "快"}).status_code == 422
    client.post(reverse("tasks:chase_many"), {"task": [one.pk, "x", 10**30], "words": "快"})
    assert list(Notice.objects.filter(verb="tasks.chased").values_list("subject_id", flat=True)) == [one.pk]
    as_(cast.stranger).post(reverse("tasks:chase_many"), {"task": [two.pk]})  # not theirs: nothing happens
    assert Notice.objects.filter(verb="tasks.chased").count() == 1
    assert list(given_by(cast.stranger)) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_the_same_for_one_and_for_three(cast, as_, given, count, django_assert_num_queries):
    for _ in range(count):
        given(cast.bureau)
    client = as_(cast.leader)
    client.get(reverse("tasks:delegated"))
    with django_assert_num_queries(QUERIES):
        client.get(reverse("tasks:delegated"))


QUERIES = 14


def test_the_ledger_is_exported_with_the_filters_of_the_list(cast, as_, given):
    given(cast.bureau, '=cmd|"/c calc"!A1')
    given(cast.section, "另一项")
    client = as_(cast.leader)
    rows = read_book(streamed(client.get(reverse("tasks:export_tasks"), {"tab": "given"})))
    assert (len(rows), {row[1] for row in rows[1:]}) == (3, {'=cmd|"/c calc"!A1', "另一项"})
    some = read_book(streamed(client.get(reverse("tasks:export_tasks"), {"tab": "given", "words": "另一"})))
    assert [row[1] for row in some[1:]] == ["另一项"]
    assert len(read_book(streamed(as_(cast.stranger).get(reverse("tasks:export_tasks"), {"tab": "all"})))) == 1


def test_a_cell_longer_than_the_format_allows_says_that_it_was_cut(cast, as_, given):
    one = given(cast.bureau)
    type(one).objects.update(details="长" * 60_000)
    rows = read_book(streamed(as_(cast.leader).get(reverse("tasks:export_tasks"), {"tab": "given"})))
    assert (len(rows[1][4]), rows[1][4].endswith("……（过长，未全部导出）")) == (32_767, True)


# --- ledgers too long to wait for ----------------------------------------------------------------------------------


def test_a_long_ledger_is_written_by_a_job_and_fetched_by_who_asked(cast, as_, given, settings):
    settings.EXPORT_AT_ONCE_ROWS = 1
    given(cast.bureau, "甲")
    given(cast.section, "乙")
    client, address = as_(cast.leader), reverse("tasks:export_tasks") + "?tab=given"
    assert "超过 1 行" in client.get(address).content.decode()
    with TestCase.captureOnCommitCallbacks(execute=True):
        page = client.post(address)
    export = LedgerExport.objects.get()
    assert (export.state, export.total, export.done) == ("done", 2, 2)
    assert "已生成，共 2 行" in client.get(page.url).content.decode()
    file = reverse("tasks:export_file", args=[export.pk])
    assert len(read_book(streamed(client.get(file)))) == 3
    assert [as_(cast.stranger).get(at).status_code for at in (page.url, file)] == [404, 404]


def test_a_ledger_is_written_once_and_a_dead_worker_s_is_taken_over(cast, now, given, monkeypatch):
    given(cast.bureau)
    monkeypatch.setattr(exporting, "enqueue", lambda job, *args: None)
    export = exporting.order("tasks", "tab=given", by=cast.leader, now=now)
    assert exporting.order("tasks", "tab=given", by=cast.leader, now=now) == export
    LedgerExport.objects.update(state="running", claimed_at=now, attempts=1)
    exporting.write(export.pk, now + timedelta(minutes=1))  # somebody is at it
    export.refresh_from_db()
    assert export.state == "running"
    exporting.write(export.pk, now + exporting.LEASE + timedelta(minutes=1))
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("done", 2)
    assert (exporting.sweep(now), exporting.sweep(now + timedelta(days=2)), LedgerExport.objects.count()) == (0, 1, 0)
