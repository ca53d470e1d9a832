"""Papers in: two at once. One deed is done, the other learns who was first; no number is lost or given twice."""

from datetime import timedelta
from functools import partial

from documents.incoming import assign, circulate, duty, propose, reassign, register, reply, screen
from documents.incoming.screen import POINTS
from documents.models import Assignment, Hop, Incoming, Proposal
from officehub.audit.record import broken
from officehub.inbox.hand_over import HandoverRefused, hand_over
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


def test_one_proposal_pressed_twice_where_no_director_settles(committed, now, settings):
    settings.INCOMING_PROPOSAL_NEEDS_DIRECTOR = False
    steps = begin(committed, now)
    said = {"words": "拟请市长批示。", "leaders": [committed.mayor], "mode": "in_order"}
    for number in range(ROUNDS):
        pk = steps.screened(document_number=f"北政〔2026〕{number}号").pk
        one, other = (Incoming.objects.get(pk=pk) for _ in range(2))
        put = [partial(propose.propose, paper, by=committed.vetter, now=now, **said) for paper in (one, other)]
        assert late(at_once(*put)) == 1
        assert Proposal.objects.filter(incoming=pk).count() == 1


def test_a_paper_screened_while_roles_change_hands_asks_nobody_to_screen_it(committed, now):
    steps = begin(committed, now)
    for number in range(ROUNDS):
        incoming = steps.registered(document_number=f"北政〔2026〕{number}号")
        RoleHolding.objects.update_or_create(person=committed.head, role=Role.VETTER)
        passing = partial(
            screen.screen, incoming, by=committed.vetter, now=now, nature="for_action", points=list(POINTS)
        )
        assert late(at_once(passing, lambda: duty.refresh(now))) == 0
        assert not WorkItem.objects.of(incoming).filter(verb="screen", done_at=None).exists()
        duty.refresh(now)
        asked = WorkItem.objects.of(incoming).filter(verb="propose", done_at=None)
        assert set(asked.values_list("assignee__username", flat=True)) == {"vetter", "head"}
        RoleHolding.objects.filter(person=committed.head, role=Role.VETTER).delete()
        duty.refresh(now)
    assert list(broken()) == []


def test_a_paper_voided_while_a_leader_signs(committed, now):
    steps = begin(committed, now)
    for number in range(ROUNDS):
        incoming = steps.sent_to_leaders(document_number=f"北政〔2026〕{number}号")
        hop = Hop.objects.get(circulation__incoming=incoming)
        seen = Incoming.objects.get(pk=incoming.pk).entry_hash()
        signing = partial(circulate.sign, hop, by=committed.mayor, now=now, seen=seen, words="同意")
        late(at_once(signing, partial(register.void, incoming, by=committed.clerk, now=now, reason="误登")))
        assert Incoming.objects.get(pk=incoming.pk).state == "voided"
        assert not WorkItem.objects.of(incoming).filter(done_at=None).exists()


def test_a_part_taken_while_the_office_takes_it_back_or_gives_it_to_others(committed, now):
    steps, said = begin(committed, now), {"by": committed.vetter, "now": now, "reason": "分办有误"}
    for number in range(ROUNDS):
        incoming = steps.assigned(document_number=f"北政〔2026〕{number}号")
        part = Assignment.objects.get(incoming=incoming)
        taking = partial(assign.allocate, part, committed.reader, by=committed.reader, now=now)
        late(at_once(taking, partial(reassign.take_back, incoming, **said)))
        kept = Incoming.objects.get(pk=incoming.pk)
        assert (kept.state, Assignment.objects.get(pk=part.pk).state) == ("instructed", "withdrawn")
        assign.assign(kept, by=committed.vetter, now=now, lead=committed.bureau)
        part = Assignment.objects.get(incoming=incoming, state="asked")
        taking = partial(assign.allocate, part, committed.reader, by=committed.reader, now=now)
        late(at_once(taking, partial(reassign.reassign, kept, lead=committed.section, **said)))
        live = Assignment.objects.filter(incoming=incoming, state__in=Assignment.LIVE)
        assert [(one.department, one.state) for one in live] == [(committed.section, "asked")]
        asked = WorkItem.objects.of(incoming).filter(done_at=None)
        assert set(asked.values_list("assignee__username", flat=True)) == {"head"}
    assert list(broken()) == []


def test_a_part_answered_while_its_handler_hands_over(committed, now):
    steps = begin(committed, now)
    incoming = steps.handling()
    said = {"result": "已拨付。", "manner": "phone", "words": "已电话告知。", "whom": "县办"}
    answering = partial(reply.answer, incoming, by=committed.reader, now=now, **said)
    leaving = partial(hand_over, committed.reader, committed.countersigner, by=committed.sys_admin, now=now)
    results = at_once(answering, leaving)
    faults = [result for result in results if isinstance(result, Exception)]
    assert [fault for fault in faults if not isinstance(fault, TooLate | HandoverRefused)] == []
    part = Assignment.objects.get()
    assert part.state == "done"
    assert not WorkItem.objects.filter(verb="handle", done_at=None).exists()
