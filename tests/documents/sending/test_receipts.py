"""Receipts by addressee: one clerk speaks for a department, counts are of addressees, only the silent are chased."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from documents import distribute, receive
from documents.models import Addressee, Document
from documents.sending import chase, further, recalling, scope
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.notifications.models import Notice
from officehub.people.models import Appointment, Post
from tests.cast import person


def asked(document) -> dict[str, str]:
    """Who was asked to read, and how it ended."""
    return dict(WorkItem.objects.of(document).filter(key="read").values_list("assignee__username", "outcome"))


def chased(document) -> list[str]:
    notices = Notice.objects.filter(verb="documents.chased", subject_id=document.pk)
    return sorted(notices.values_list("recipient__username", flat=True))


def test_one_clerk_acknowledges_for_the_department(cast, now, sealed, send, second_clerk):
    send(sealed, cast.stranger)
    assert receive.acknowledge(sealed, cast.reader, now)
    line = Addressee.objects.get(department=cast.bureau)
    assert (line.acknowledged_by, line.opened_at, line.next_chase_at) == (cast.reader, now, None)
    assert asked(sealed) == {"reader": "已签收", "second_clerk": f"已由{cast.reader.name}签收", "stranger": ""}
    assert receive.tally(sealed) == {"delivered": 2, "opened": 1, "acknowledged": 1, "recalled": 0, "silent": 1}
    later = now + timedelta(hours=1)
    assert receive.acknowledge(sealed, second_clerk, later)  # the other may still say so: the line stays the first's
    line.refresh_from_db()
    assert (line.acknowledged_by, line.acknowledged_at) == (cast.reader, now)


def test_who_is_addressed_by_name_as_well_still_reads(cast, now, sealed, send, second_clerk):
    send(sealed, second_clerk)
    receive.acknowledge(sealed, cast.reader, now)
    assert asked(sealed) == {"reader": "已签收", "second_clerk": ""}
    receive.acknowledge(sealed, second_clerk, now)
    assert receive.tally(sealed)["acknowledged"] == 2


def test_a_colleague_who_was_not_asked_speaks_for_nobody(cast, now, sealed, send):
    send(sealed)
    receive.acknowledge(sealed, cast.countersigner, now)
    assert receive.tally(sealed) == {"delivered": 1, "opened": 0, "acknowledged": 0, "recalled": 0, "silent": 1}


def test_only_the_silent_are_chased_and_not_twice_within_the_pause(cast, now, sealed, send, settings):
    send(sealed, cast.stranger, cast.vetter)
    receive.acknowledge(sealed, cast.stranger, now)
    assert chase.chase(sealed, by=cast.clerk, now=now) == 2
    assert chased(sealed) == ["reader", "vetter"]
    with pytest.raises(DecisionRefused, match="小时内已催办过"):
        chase.chase(sealed, by=cast.clerk, now=now + timedelta(hours=settings.CHASE_PAUSE_HOURS, seconds=-1))
    receive.acknowledge(sealed, cast.reader, now)
    assert chase.chase(sealed, by=cast.clerk, now=now + timedelta(hours=settings.CHASE_PAUSE_HOURS)) == 1
    assert chased(sealed) == ["reader", "vetter", "vetter"]
    receive.acknowledge(sealed, cast.vetter, now)
    with pytest.raises(DecisionRefused, match="都已签收"):
        chase.chase(sealed, by=cast.clerk, now=now + timedelta(days=1))


def test_the_clock_chases_after_the_limit_once_an_interval_in_office_hours(cast, now, sealed, send, settings):
    sent = send(sealed, cast.stranger)
    receive.acknowledge(sealed, cast.stranger, now)
    due = timezone.localtime(sent.due_at)
    assert chase.chase_overdue(due.replace(hour=10)) == 0  # the day it is due is not over
    morning = due.replace(hour=7) + timedelta(days=1)
    assert chase.chase_overdue(morning) == 0  # nobody is there yet
    nine = morning + timedelta(hours=2)
    assert [chase.chase_overdue(nine), chase.chase_overdue(nine)] == [1, 0]
    assert chased(sealed) == ["reader"]
    assert chase.chase_overdue(nine + timedelta(hours=settings.CHASE_PAUSE_HOURS, seconds=-1)) == 0
    assert chase.chase_overdue(nine + timedelta(hours=settings.CHASE_PAUSE_HOURS)) == 1
    assert chased(sealed) == ["reader", "reader"]
    assert Addressee.objects.get(department=cast.bureau).chases == 2
    assert events_of(sealed).filter(verb="chase_readers", actor=None).count() == 2


def test_no_one_is_chased_by_the_clock_on_a_rest_day(cast, now, sealed, send):
    sent = send(sealed)
    due = timezone.localtime(sent.due_at)
    saturday = due.replace(hour=10) + timedelta(days=5 - due.weekday())
    assert saturday.weekday() == 5
    assert chase.chase_overdue(saturday) == 0


def test_a_row_cannot_be_acknowledged_by_nobody(sealed, send, now):
    send(sealed)
    with pytest.raises(IntegrityError):
        Addressee.objects.update(acknowledged_at=now, opened_at=now)


def test_counts_and_batches_stay_constant_with_many(cast, now, sealed, django_assert_num_queries):
    """Two batches of fifty ask the database as often as one of fifty does, whatever is in them."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    people = [person(f"many{n}", cast.other_section, f"科员{n}", False, []) for n in range(100)]
    order = distribute.distribute(sealed, departments=[], people=people, by=cast.clerk, now=now)
    with CaptureQueriesContext(connection) as first:
        distribute._deliver_batch(order, now)
    with CaptureQueriesContext(connection) as second:
        distribute._deliver_batch(order, now)
    assert len(first) == len(second) <= 30
    with django_assert_num_queries(1):
        assert receive.tally(sealed)["delivered"] == 100


# --- each for whom they were asked ----------------------------------------------------------------------------------


def test_a_colleague_sent_it_by_name_does_not_speak_for_the_department(cast, now, sealed, send):
    """`countersigner` is of the bureau, and the paper came to both: the bureau is still waited for."""
    send(sealed, cast.countersigner)
    receive.acknowledge(sealed, cast.countersigner, now)
    assert dict(lines(sealed)) == {"市财政局": None, cast.countersigner.name: "countersigner"}
    assert asked(sealed) == {"countersigner": "已签收", "reader": ""}
    assert events_of(sealed).get(verb="acknowledge").facts == {"addressees": [cast.countersigner.name]}
    receive.acknowledge(sealed, cast.reader, now)
    assert dict(lines(sealed))["市财政局"] == "reader"


def lines(document) -> list[tuple]:
    rows = Addressee.objects.filter(distribution__document=document).order_by("pk")
    return [(str(row), row.acknowledged_by and row.acknowledged_by.username) for row in rows]


@pytest.fixture
def headed(cast):
    """信息科 has no clerk; its head is of another department, 市财政局, whose clerk is somebody else."""
    Appointment.objects.create(
        person=cast.countersigner, post=Post.objects.create(department=cast.other_section, title="科长", is_head=True),
        since=date(2026, 1, 1),
    )  # fmt: skip
    return cast.other_section


def test_a_head_of_another_department_speaks_for_the_one_addressed(cast, now, sealed, send, headed):
    send(sealed, departments=[headed, cast.bureau])
    assert list(further.passable(sealed, cast.countersigner, now.date())) == [Addressee.objects.get(department=headed)]
    receive.acknowledge(sealed, cast.countersigner, now)
    assert dict(lines(sealed)) == {"信息科": "countersigner", "市财政局": None}


def test_such_a_head_sees_the_paper_as_long_as_the_department_has_it(cast, now, sealed, send, headed):
    send(sealed, departments=[headed])
    assert Document.objects.visible_to(cast.countersigner, now).get() == sealed
    recalling.recall(sealed, None, by=cast.clerk, now=now, reason="印错", due_at=now)
    assert not Document.objects.visible_to(cast.countersigner, now).exists()


def test_who_read_it_by_name_is_asked_again_for_the_department(cast, now, sealed, send):
    send(sealed, cast.reader, departments=[])
    receive.acknowledge(sealed, cast.reader, now)
    scope.register(sealed, Whom([cast.bureau], []), "widened", cast.clerk, now)
    more = further.further(sealed, Whom([cast.bureau], []), by=cast.clerk, now=now)
    distribute.deliver(more.pk, now)
    assert dict(lines(sealed)) == {cast.reader.name: "reader", "市财政局": None}
    assert asked(sealed) == {"reader": ""}
    assert receive.acknowledge(sealed, cast.reader, now)
    assert dict(lines(sealed))["市财政局"] == "reader"


def test_who_read_it_for_the_department_need_not_read_it_by_name(cast, now, sealed, send):
    send(sealed)
    receive.acknowledge(sealed, cast.reader, now)
    scope.register(sealed, Whom([], [cast.reader]), "widened", cast.clerk, now)
    more = further.further(sealed, Whom([], [cast.reader]), by=cast.clerk, now=now)
    distribute.deliver(more.pk, now)
    assert dict(lines(sealed)) == {"市财政局": "reader", cast.reader.name: "reader"}
    assert asked(sealed) == {"reader": "已签收"}


def test_who_opened_it_before_it_reached_them_is_asked_all_the_same(cast, now, sealed):
    order = distribute.distribute(sealed, departments=[], people=[cast.drafter], by=cast.clerk, now=now)
    assert receive.acknowledge(sealed, cast.drafter, now)  # the drafter sees it anyway
    distribute.deliver(order.pk, now)
    assert receive.acknowledge(sealed, cast.drafter, now)
    assert dict(lines(sealed)) == {cast.drafter.name: "drafter"}
