"""Papers in: two at once. One deed is done, the other learns who was first; no number is lost or given twice."""

from datetime import timedelta
from functools import partial

from documents.incoming import assign, circulate, register, screen
from documents.incoming.screen import POINTS
from documents.models import Assignment, Hop, Incoming
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Role, RoleHolding
from tests.documents.incoming.conftest import Steps, entry
from tests.races.conftest import at_once

ROUNDS = 3


def begin(committed, now) -> Steps:
    RoleHolding.objects.create(person=committed.leader, role=Role.OFFICE_DIRECTOR)
    return Steps(committed, now)


def late(results) -> int:
    """How many of two deeds came too late; the other was done."""
    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, TooLate)] == []
    return sum(isinstance(result, TooLate) for result in results)


def test_clerks_registering_at_once_get_each_a_number(committed, now):
    def enter(number: int):
        fields = entry(now, document_number=f"北政〔2026〕{number}号")
        return lambda: register.register(organ=committed.government, by=committed.clerk, now=now, fields=fields).seq

    assert sorted(at_once(*(enter(number) for number in range(6)))) == [1, 2, 3, 4, 5, 6]
    assert list(register.faults()) == []


def test_the_same_paper_entered_twice_at_once_is_one(committed, now):
    for number in range(ROUNDS):
        fields = entry(now, document_number=f"北政〔2026〕{number}号")
        enter = partial(register.register, organ=committed.government, by=committed.clerk, now=now, fields=fields)
        results = at_once(enter, enter)
        assert sorted(type(result).__name__ for result in results) == ["Duplicate", "Incoming"]
    assert (Incoming.objects.count(), list(register.faults())) == (ROUNDS, [])


def test_two_screeners(committed, now):
    steps, said = begin(committed, now), {"by": committed.vetter, "now": now}
    for number in range(ROUNDS):
        one = steps.registered(document_number=f"北政〔2026〕{number}号")
        other = Incoming.objects.get(pk=one.pk)
        passing = partial(screen.screen, one, nature="for_action", points=list(POINTS), **said)
        assert late(at_once(passing, partial(screen.return_, other, reason="不属我市职权", **said))) == 1
    assert WorkItem.objects.filter(verb="screen", done_at=None).count() == 0


def test_two_assigners(committed, now):
    steps, said = begin(committed, now), {"by": committed.vetter, "now": now}
    for number in range(ROUNDS):
        one = steps.instructed(document_number=f"北政〔2026〕{number}号")
        other = Incoming.objects.get(pk=one.pk)
        there = partial(assign.assign, one, lead=committed.bureau, **said)
        assert late(at_once(there, partial(assign.assign, other, lead=committed.section, **said))) == 1
        assert Assignment.objects.filter(incoming=one, is_lead=True).count() == 1


def test_two_stations_of_one_place_end_at_once(committed, now):
    steps = begin(committed, now)
    for number in range(ROUNDS):
        incoming = steps.circulating(("mayor", "leader"), mode="at_once", document_number=f"北政〔2026〕{number}号")
        seen = Incoming.objects.get(pk=incoming.pk).entry_hash()
        hops = Hop.objects.filter(circulation__incoming=incoming).select_related("asked")
        assert late(at_once(*(partial(circulate.sign, hop, by=hop.asked, now=now, seen=seen) for hop in hops))) == 0
        assert Incoming.objects.get(pk=incoming.pk).state == "read"
    assert WorkItem.objects.filter(verb="close", done_at=None).count() == ROUNDS
    assert list(broken()) == []


def test_one_station_pressed_twice_or_set_aside_meanwhile(committed, now):
    steps = begin(committed, now)
    for number in range(ROUNDS):
        incoming = steps.circulating(("mayor",), document_number=f"北政〔2026〕{number}号")
        seen = Incoming.objects.get(pk=incoming.pk).entry_hash()
        one, other = (Hop.objects.get(circulation__incoming=incoming) for _ in range(2))
        signing = partial(circulate.sign, one, by=committed.mayor, now=now, seen=seen)
        skipping = partial(circulate.set_aside, other, by=committed.clerk, now=now, reason="出差")
        assert late(at_once(signing, skipping)) == 1
        assert Incoming.objects.get(pk=incoming.pk).state == "read"


def test_an_overdue_station_is_told_of_by_one_of_two_jobs(committed, now):
    steps = begin(committed, now)
    steps.circulating(("mayor",))
    hop, later = Hop.objects.get(), now + timedelta(days=9)
    assert sorted(at_once(*(lambda: circulate.alarm(hop.pk, later),) * 3)) == [False, False, True]
    assert committed.clerk.notices.filter(verb="incoming.hop_overdue").count() == 1
