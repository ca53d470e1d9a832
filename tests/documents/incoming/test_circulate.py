"""传阅 (R47): every station with its in and out, nobody twice pending, an overdue station told of once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from documents.incoming import circulate, reply
from documents.incoming.where import where
from documents.models import Circulation, Hop, Incoming
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.grants import visible_to
from officehub.people.models import Delegation

HOUR = timedelta(hours=1)


def having(incoming) -> set[str]:
    rows = Hop.objects.filter(circulation__incoming=incoming, state="open")
    return set(rows.values_list("asked__username", flat=True))


def test_in_order_one_after_the_other(steps, now, state):
    incoming = steps.circulating(("mayor", "leader", "reader"))
    seen = [having(incoming)]
    for hours, name in enumerate(("mayor", "leader", "reader"), 1):
        steps.sign(incoming, name, "", at=now + hours * HOUR)
        seen.append(having(incoming))
    assert seen == [{"mayor"}, {"leader"}, {"reader"}, set()]
    assert state(incoming) == "read"
    times = Hop.objects.order_by("place").values_list("in_at", "out_at")
    assert list(times) == [(now, now + HOUR), (now + HOUR, now + 2 * HOUR), (now + 2 * HOUR, now + 3 * HOUR)]


def test_all_at_once_ends_with_the_last(steps, state):
    incoming = steps.circulating(("mayor", "leader"), mode="at_once")
    assert having(incoming) == {"mayor", "leader"}
    steps.sign(incoming, "leader", "")
    assert (having(incoming), state(incoming)) == ({"mayor"}, "circulating")
    steps.sign(incoming, "mayor", "")
    assert state(incoming) == "read"


def test_by_levels_the_principal_leaders_first(steps):
    incoming = steps.circulating(("reader", "leader_in_charge", "mayor", "leader"), mode="levels")
    levels = list(Hop.objects.order_by("place", "id").values_list("place", "person__username"))
    assert levels == [(1, "mayor"), (1, "leader"), (2, "leader_in_charge"), (3, "reader")]
    assert having(incoming) == {"mayor", "leader"}


@pytest.mark.parametrize(("has_request", "words", "manner"), [
    (False, "", "read"), (True, "", "consent"), (True, "请财政局研究", "written"), (False, "请财政局研究", "written"),
])  # fmt: skip
def test_a_circle_is_read_or_consent_by_what_was_asked(steps, has_request, words, manner):
    incoming = steps.circulating(("mayor",), has_request=has_request)
    hop = steps.sign(incoming, "mayor", words)
    assert (hop.manner, hop.words) == (manner, words)


def test_whoever_signs_on_an_entry_corrected_meanwhile_must_look_again(steps, cast, now):
    incoming = steps.circulating(("mayor",))
    hop, seen = Hop.objects.get(), incoming.entry_hash()
    Incoming.objects.update(title="改过的标题")
    with pytest.raises(DecisionRefused, match="更正过"):
        circulate.sign(hop, by=cast.mayor, now=now, seen=seen)
    assert Hop.objects.get().state == "open"


def test_a_signature_bears_the_hash_of_what_was_seen(steps):
    incoming = steps.circulating(("mayor",))
    hop = steps.sign(incoming, "mayor", "已阅。")
    event = events_of(incoming).get(verb="read")
    assert hop.seen_hash == event.facts["seen"] == Incoming.objects.get().entry_hash()


def test_the_same_station_is_left_once(steps, cast, now):
    incoming = steps.circulating(("mayor", "leader"))
    hop = Hop.objects.get(state="open")
    steps.sign(incoming, "mayor", "")
    with pytest.raises(TooLate):
        circulate.sign(hop, by=cast.mayor, now=now, seen=Incoming.objects.get().entry_hash())
    assert Hop.objects.filter(state="done").count() == 1


def test_nobody_is_twice_pending(steps, cast, now):
    steps.circulating(("mayor", "leader"))
    made = Circulation.objects.get()
    with pytest.raises(DecisionRefused, match="主任leader"):
        circulate.add(made, [cast.leader], by=cast.clerk, now=now, reason="补送", at_once=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Hop.objects.create(circulation=made, place=9, person=cast.leader)


def test_somebody_is_added_at_once_or_at_the_end(steps, cast, now):
    incoming = steps.circulating(("mayor", "leader"))
    made = Circulation.objects.get()
    circulate.add(made, [cast.reader], by=cast.clerk, now=now, reason="涉及财政", at_once=True)
    circulate.add(made, [cast.stranger], by=cast.clerk, now=now, reason="抄知", at_once=False)
    assert having(incoming) == {"mayor", "reader"}
    assert Hop.objects.get(person=cast.stranger).place == 3
    for name in ("reader", "mayor", "leader", "stranger"):
        steps.sign(incoming, name, "")
    assert Incoming.objects.get().state == "read"


def test_a_station_is_skipped_or_recalled_with_a_reason(steps, cast, now):
    incoming = steps.circulating(("mayor", "leader", "reader"))
    first, second, _third = Hop.objects.order_by("place")
    with pytest.raises(NeedsReason):
        circulate.set_aside(first, by=cast.clerk, now=now, reason="")
    circulate.set_aside(second, by=cast.clerk, now=now, reason="出国")
    circulate.set_aside(first, by=cast.clerk, now=now, reason="送错", recalled=True)
    assert having(incoming) == {"reader"}
    assert list(Hop.objects.order_by("place").values_list("state", flat=True)) == ["recalled", "skipped", "open"]
    assert not WorkItem.objects.todo(cast.mayor).exists()


def sees(incoming, who, now) -> bool:
    return visible_to(Incoming.objects.filter(pk=incoming.pk), who, now).exists()


def test_whoever_it_was_called_back_from_sees_it_no_more(steps, cast, now):
    today = now.date()
    Delegation.objects.create(principal=cast.mayor, delegate=cast.stranger, since=today, until=today, reason="出差")
    incoming = steps.circulating(("mayor", "reader"))
    assert (sees(incoming, cast.mayor, now), sees(incoming, cast.stranger, now)) == (True, True)
    first, _second = Hop.objects.order_by("place")
    circulate.set_aside(first, by=cast.clerk, now=now, reason="送错", recalled=True)
    assert (sees(incoming, cast.mayor, now), sees(incoming, cast.stranger, now)) == (False, False)
    assert sees(incoming, cast.reader, now)


def test_whoever_takes_part_in_another_way_goes_on_seeing_it(steps, cast, now):
    """The vetter is its secretary, the mayor has another station, the stranger was skipped and may know."""
    incoming = steps.circulating(("vetter", "mayor", "stranger"), mode="at_once")
    steps.sign(incoming, "mayor", "")
    circulation = Circulation.objects.get()
    circulate.add(circulation, [cast.mayor], by=cast.clerk, now=now, reason="再看一次", at_once=True)
    for who, recalled in ((cast.vetter, True), (cast.stranger, False), (cast.mayor, True)):
        hop = Hop.objects.get(person=who, state="open")
        circulate.set_aside(hop, by=cast.clerk, now=now, reason="送错", recalled=recalled)
    assert [sees(incoming, who, now) for who in (cast.vetter, cast.stranger, cast.mayor)] == [True, True, True]


def test_skipping_the_last_one_ends_the_round(steps, cast, now, state):
    incoming = steps.circulating(("mayor",))
    circulate.set_aside(Hop.objects.get(), by=cast.clerk, now=now, reason="长期病休")
    assert state(incoming) == "read"


def test_an_absent_reader_has_a_stand_in_and_the_record_says_for_whom(steps, cast, now):
    today = now.date()
    Delegation.objects.create(principal=cast.mayor, delegate=cast.leader, since=today, until=today, reason="出差")
    incoming = steps.circulating(("mayor",))
    item = WorkItem.objects.get(verb="circulate")
    assert (item.assignee, item.acting_for) == (cast.leader, cast.mayor)
    hop = steps.sign(incoming, "leader", "已阅。")
    event = events_of(incoming).get(verb="read")
    assert (hop.person, hop.by, event.acting_for) == (cast.mayor, cast.leader, cast.mayor)


def test_stations_follow_a_delegation_that_begins_or_ends_meanwhile(steps, cast, now):
    incoming = steps.circulating(("mayor",))
    given = Delegation.objects.create(
        principal=cast.mayor, delegate=cast.leader, since=now.date(), until=now.date(), reason="出差"
    )
    circulate.reseat(now)
    assert (having(incoming), WorkItem.objects.todo(cast.mayor).count()) == ({"leader"}, 0)
    Delegation.objects.filter(pk=given.pk).delete()
    assert circulate.reseat(now) == 1
    assert (having(incoming), WorkItem.objects.todo(cast.leader).count()) == ({"mayor"}, 0)
    assert WorkItem.objects.todo(cast.mayor).get().verb == "circulate"
    assert circulate.reseat(now) == 0


def test_an_overdue_station_is_told_of_once(steps, cast, now):
    incoming = steps.circulating(("mayor",))
    hop, later = Hop.objects.get(), now + timedelta(days=5)
    assert list(circulate.overdue(now)) == []
    assert list(circulate.overdue(later)) == [hop]
    assert [circulate.alarm(hop.pk, later), circulate.alarm(hop.pk, later)] == [True, False]
    assert cast.clerk.notices.get(verb="incoming.hop_overdue").params["person"] == "市长mayor"
    assert events_of(incoming).filter(verb="hop_overdue").count() == 1


def test_a_station_has_two_working_days_and_an_urgent_paper_fewer(steps, now, settings):
    steps.circulating(("mayor",))
    steps.circulating(("mayor",), document_number="北政〔2026〕8号", urgency="特急")
    days = [hop.due_at.astimezone(now.tzinfo).date() for hop in Hop.objects.order_by("id")]
    assert [(day - now.date()).days for day in days] == [2, 1]


def test_where_it_is_says_the_station_and_how_long(steps, now):
    incoming = steps.circulating(("mayor", "leader", "reader"))
    steps.sign(incoming, "mayor", "", at=now + HOUR)
    incoming.refresh_from_db()
    assert where(incoming, now + timedelta(days=1, hours=4)) == "在主任leader处，传阅第2/3站，已停留1天3小时"


def test_where_several_have_it_at_once(steps, now):
    incoming = steps.circulating(("mayor", "leader"), mode="at_once")
    incoming.refresh_from_db()
    assert where(incoming, now) == "在市长mayor、主任leader处，传阅已阅0/2人，已停留0分钟"


def test_a_paper_that_was_read_is_closed_by_the_clerk(steps, cast, now, state):
    incoming = steps.circulating(("mayor",))
    steps.sign(incoming, "mayor", "")
    incoming.refresh_from_db()
    reply.close(incoming, by=cast.clerk, now=now, retention="D10")
    assert (state(incoming), where(Incoming.objects.get(), now)) == ("filed", "已办结归卷")


def test_the_database_itself_wants_in_and_out_times(steps):
    steps.circulating(("mayor",))
    for wrong in ({"out_at": "2026-11-23T00:00:00Z"}, {"state": "done"}, {"in_at": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hop.objects.update(**wrong)
