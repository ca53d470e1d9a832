"""Two hand-overs of one person at once, and a hand-over while errands are given: nothing doubled, nothing left."""

from datetime import datetime
from threading import Event

import pytest
from django.db import connection, transaction

from documents import drafting
from documents.models import Document
from officehub.inbox.errands import Errand, give
from officehub.inbox.hand_over import HandedOver, HandoverRefused, hand_over
from officehub.inbox.models import Handover, WorkItem
from tests.cast import NOTICE
from tests.races.conftest import PATIENCE, at_once

ROUNDS = 3


def leaving(cast, to, now: datetime):
    return lambda: hand_over(cast.drafter, to, by=cast.sys_admin, now=now, reason="调出")


@pytest.fixture
def busy(committed, now):
    for number in range(5):
        drafting.create(by=committed.drafter, now=now, organ=committed.office, fields=NOTICE)
        with transaction.atomic():
            give(Errand("meet", f"meet:{number}", "会务"), committed.section, [committed.drafter], now)
    return committed


def test_one_of_two_receivers_gets_everything(busy, now):
    results = at_once(leaving(busy, busy.stranger, now), leaving(busy, busy.clerk, now))
    proof = Handover.objects.get()
    refused = [result for result in results if not isinstance(result, Handover)]
    assert [type(result) in (HandedOver, HandoverRefused) for result in refused] == [True], results
    assert set(Document.objects.values_list("drafter", flat=True)) == {proof.to_id}
    assert set(WorkItem.objects.filter(done_at=None).values_list("assignee", flat=True)) == {proof.to_id}
    assert proof.counts == {"paper": 5, "meet": 5}


def test_each_to_the_other_does_not_hang(busy, now):
    there = leaving(busy, busy.stranger, now)
    back = lambda: hand_over(busy.stranger, busy.drafter, by=busy.sys_admin, now=now, reason="对调")  # noqa: E731
    results = at_once(there, back)
    assert all(isinstance(result, Handover | HandoverRefused) for result in results), results
    assert any(isinstance(result, Handover) for result in results)


def test_an_errand_given_meanwhile_is_moved_or_comes_after(busy, now):
    """Whatever was committed before the certificate is in it; what waits for it comes after, to whoever gave it."""

    def giving():
        with transaction.atomic():
            give(Errand("meet", "meet:late", "会务"), busy.section, [busy.drafter], now)

    for _ in range(ROUNDS):
        results = at_once(leaving(busy, busy.stranger, now), giving)
        assert [type(result) for result in results] in ([Handover, type(None)], [HandedOver, type(None)]), results
        late = WorkItem.objects.get(assignee=busy.drafter, key="meet:late")
        moved = WorkItem.objects.filter(assignee=busy.stranger, key="meet:late", done_at=None).exists()
        assert moved is (late.done_at is not None)
        WorkItem.objects.filter(key="meet:late").delete()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time, who is waited for")
def test_who_is_at_one_of_the_papers_is_not_waited_for_long(busy, now):
    """The decider holds the paper and wants the leaver's row next: the hand-over gives way, the decider does not."""
    held, done = Event(), Event()

    def deciding():
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=Document.objects.first().pk)
            held.set()
            assert done.wait(PATIENCE)
            give(Errand("meet", "meet:late", "会务"), busy.section, [busy.drafter], now)

    def handing_over():
        assert held.wait(PATIENCE)
        try:
            return leaving(busy, busy.stranger, now)()
        finally:
            done.set()

    decided, refused = at_once(deciding, handing_over)
    assert (decided, type(refused), Handover.objects.count()) == (None, HandoverRefused, 0)
    assert "请稍候再试" in str(refused)
    assert WorkItem.objects.todo(busy.drafter).count() == 6
