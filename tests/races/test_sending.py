"""Clerks who send, number, recall and acknowledge at the same moment: each deed is done once or not at all."""

from datetime import timedelta

from django.db import transaction

from documents import distribute, receive
from documents.models import Addressee, Copy, CopyRun, Distribution, Document, Recall, Receipt
from documents.sending import chase, failed_copies, further, number_copies, recalling, scope, widen
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import RoleHolding
from tests.cast import person
from tests.documents.sending.conftest import make_sealed
from tests.races.conftest import at_once


def kinds(results) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def sent_to(cast, now, *people, deliver=True, **options) -> Distribution:
    document = make_sealed(cast, now)
    order = distribute.distribute(
        document, departments=[cast.bureau], people=list(people), by=cast.clerk, now=now, **options
    )
    if deliver:
        distribute.deliver(order.pk, now)
    return order


def test_two_clerks_distribute_at_once(committed, now):
    document = make_sealed(committed, now)

    def deed():
        fresh = type(document).objects.get(pk=document.pk)
        return distribute.distribute(
            fresh, departments=[committed.bureau], people=[], by=committed.clerk, now=now, first_number=1
        )

    assert kinds(at_once(deed, deed)) == ["Distribution", "TooLate"]
    assert (Distribution.objects.count(), Addressee.objects.count(), Copy.objects.count()) == (1, 1, 1)
    assert list(broken()) == []


def test_two_clerks_send_further_at_once_and_no_number_is_given_twice(committed, now):
    order = sent_to(committed, now, first_number=1, deliver=False)
    document = order.document
    scope.register(document, Whom([], [committed.stranger, committed.head]), "widened", committed.clerk, now)

    def deed(*people):
        def done():
            first = number_copies.next_number(document)
            return further.further(document, Whom([], list(people)), by=committed.clerk, now=now, first_number=first)

        return done

    results = at_once(deed(committed.stranger), deed(committed.stranger, committed.head))
    assert set(kinds(results)) <= {"Distribution", "DecisionRefused"}
    assert "Distribution" in kinds(results)
    numbers = list(Copy.objects.order_by("number").values_list("number", flat=True))
    assert numbers == sorted(set(numbers))
    assert Addressee.objects.filter(person=committed.stranger).count() == 1


def test_a_recall_while_delivering_calls_back_or_stops_each_one(committed, now, monkeypatch):
    monkeypatch.setattr(distribute, "BATCH", 1)
    people = [person(f"many{n}", committed.other_section, f"科员{n}", False, []) for n in range(6)]
    order = sent_to(committed, now, *people, deliver=False)
    due = now + timedelta(days=5)

    def recall():
        return recalling.recall(order.document, None, by=committed.clerk, now=now, reason="印错", due_at=due)

    results = at_once(lambda: distribute.deliver(order.pk, now), recall)
    assert not [result for result in results if isinstance(result, Exception)]
    called = results[1]
    for line in Addressee.objects.select_related("recalled"):
        assert line.recalled_at == now
        assert (line.recalled.how == "not_received") == (line.delivered_at is None)
    delivered = Addressee.objects.filter(delivered_at__isnull=False).count()
    assert called.returns.filter(confirmed_at=None).count() == delivered
    assert Receipt.objects.count() == delivered
    assert not WorkItem.objects.of(order.document).filter(key="read", done_at=None).exists()
    assert Distribution.objects.get().done_at == now
    assert list(broken()) == []


def test_two_clerks_of_a_department_acknowledge_at_once(committed, now):
    other = person("second_clerk", committed.bureau, "文书乙", False, ["registry_clerk"])
    document = sent_to(committed, now).document
    at_once(*(lambda who=who: receive.acknowledge(document, who, now) for who in (committed.reader, other)))
    line = Addressee.objects.get()
    assert line.acknowledged_by in (committed.reader, other)
    assert not WorkItem.objects.of(document).filter(key="read", done_at=None).exists()


def test_sweeps_and_a_clerk_chase_at_once_and_nobody_is_told_twice(committed, now):
    document = sent_to(committed, now, committed.stranger).document
    Addressee.objects.update(next_chase_at=now)
    later = now + timedelta(hours=1)
    results = at_once(
        lambda: chase.chase_overdue(later),
        lambda: chase.chase_overdue(later),
        lambda: chase.chase(document, by=committed.clerk, now=later),
    )
    assert {type(result) for result in results} <= {int, DecisionRefused}
    told = Notice.objects.filter(verb="documents.chased").values_list("recipient__username", flat=True)
    assert sorted(told) == ["reader", "stranger"]
    assert set(Addressee.objects.values_list("chases", flat=True)) == {1}


def test_two_deciders_answer_one_request(committed, now):
    document = sent_to(committed, now).document
    asked = widen.ask(document, Whom([], [committed.stranger]), by=committed.reader, now=now, reason="须知悉")

    def fresh():
        return type(asked).objects.select_related("document__organ__office").get(pk=asked.pk)

    results = at_once(
        lambda: widen.agree(fresh(), by=committed.clerk, now=now),
        lambda: widen.refuse(fresh(), by=committed.clerk, now=now, answer="不必"),
    )
    assert kinds(results) == ["NoneType", "TooLate"]
    assert isinstance(next(result for result in results if result), TooLate)
    asked.refresh_from_db()
    assert Addressee.objects.filter(person=committed.stranger).count() == (asked.state == "agreed")


def test_a_clerk_passes_on_what_is_called_back_at_once(committed, now):
    """The colleague's line is called back with the department's, or the clerk comes too late: nobody keeps it."""
    document = sent_to(committed, now).document
    line = Addressee.objects.select_related("department", "distribution__document").get()
    due = now + timedelta(days=5)
    results = at_once(
        lambda: further.pass_on(line, [committed.countersigner], by=committed.reader, now=now),
        lambda: recalling.recall(document, None, by=committed.clerk, now=now, reason="印错", due_at=due),
    )
    assert {type(result) for result in results} <= {Distribution, TooLate, Recall}
    assert isinstance(results[1], Recall)
    for pk in list(distribute.waiting(now).values_list("pk", flat=True)):
        distribute.deliver(pk, now)
    assert not Addressee.objects.filter(recalled_at=None).exists()
    assert not Document.objects.visible_to(committed.countersigner, now).filter(pk=document.pk).exists()
    assert not Distribution.objects.filter(done_at=None).exists()


def test_all_that_happens_to_a_paper_at_once_waits_in_no_circle(committed, now, monkeypatch):
    """Reading, chasing, recalling, passing on and delivering take the paper's row first: no deadlock, however mixed."""
    monkeypatch.setattr(distribute, "BATCH", 1)
    people = [person(f"many{n}", committed.other_section, f"科员{n}", False, []) for n in range(3)]
    document = sent_to(committed, now, *people).document
    scope.register(document, Whom([], [committed.head]), "widened", committed.clerk, now)
    more = further.further(document, Whom([], [committed.head]), by=committed.clerk, now=now)
    line = Addressee.objects.select_related("department", "distribution__document").get(department=committed.bureau)
    ids = list(Addressee.objects.filter(person__in=people[:2]).values_list("pk", flat=True))
    later = now + timedelta(hours=1)
    Addressee.objects.update(next_chase_at=now)

    def fresh():
        return Document.objects.get(pk=document.pk)

    results = at_once(
        lambda: receive.acknowledge(fresh(), people[0], later),
        lambda: receive.acknowledge(fresh(), committed.reader, later),
        lambda: chase.chase(fresh(), by=committed.clerk, now=later),
        lambda: chase.chase_overdue(later),
        lambda: recalling.recall(fresh(), ids, by=committed.clerk, now=later, reason="印错", due_at=later),
        lambda: further.pass_on(line, [committed.countersigner], by=committed.reader, now=later),
        lambda: distribute.deliver(more.pk, later),
    )
    assert {type(result) for result in results} <= {bool, int, DecisionRefused, Recall, Distribution}
    assert list(broken()) == []


def test_two_clerks_settle_failed_copies_at_once(committed, now):
    """One tries again, the other gives them up: one deed is done, the other is told."""
    order = sent_to(committed, now, first_number=1, deliver=False)
    CopyRun.objects.update(state="failed", error="存储出错")

    def run():
        return CopyRun.objects.select_related("distribution__document").get()

    results = at_once(
        lambda: failed_copies.retry(run(), by=committed.clerk, now=now),
        lambda: failed_copies.send_unnumbered(run(), by=committed.clerk, now=now, reason="先发"),
        lambda: failed_copies.send_unnumbered(run(), by=committed.clerk, now=now, reason="先发"),
    )
    assert kinds(results) == ["DecisionRefused", "DecisionRefused", "NoneType"]
    deeds = events_of(order.document).filter(verb__in=("retry_copies", "send_unnumbered"))
    assert deeds.count() == 1
    assert CopyRun.objects.get().state in ("queued", "ended")


def test_a_director_who_comes_while_the_request_is_answered_is_not_left_with_it(committed, now):
    """The role is given at the moment of the answer: asked before it, and then rid of it, or not asked at all."""
    document = sent_to(committed, now).document
    asked = widen.ask(document, Whom([], [committed.stranger]), by=committed.reader, now=now, reason="须知悉")
    row = type(asked).objects.select_related("document__organ__office").get(pk=asked.pk)

    def give_role():
        with transaction.atomic():
            RoleHolding.objects.create(person=committed.vetter, role="office_director")

    results = at_once(lambda: widen.refuse(row, by=committed.clerk, now=now, answer="不必"), give_role)
    assert results == [None, None]
    assert not WorkItem.objects.of(asked).filter(done_at=None).exists()
    assert list(broken()) == []
