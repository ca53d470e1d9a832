"""Whoever leaves leaves no incoming paper behind (R60)."""

from datetime import date

import pytest

from documents.models import Assignment, Hop, Incoming
from officehub.inbox.hand_over import HandoverRefused, hand_over
from officehub.inbox.models import WorkItem
from officehub.people.models import Role, RoleHolding


def leave(cast, who, to, now):
    return hand_over(who, to, by=cast.sys_admin, now=now, reason="调出")


def test_a_station_a_part_and_the_chasing_become_the_receivers(steps, cast, now):
    circulating = steps.circulating(("reader", "mayor"))
    handling = steps.handling(
        document_number="北政〔2026〕8号", important=True, chaser=cast.reader, due_on=date(2026, 12, 1)
    )
    proof = leave(cast, cast.reader, cast.stranger, now)
    assert (proof.counts["circulate"], proof.counts["handle"], proof.left) == (1, 1, 0)
    assert Hop.objects.get(circulation__incoming=circulating, place=1).asked == cast.stranger
    assert Assignment.objects.get(incoming=handling).handler == cast.stranger
    assert Incoming.objects.get(pk=handling.pk).chaser == cast.stranger
    for paper in (circulating, handling):
        assert Incoming.objects.visible_to(cast.stranger, now).filter(pk=paper.pk).exists()
    steps.sign(circulating, "stranger", "已阅。")
    assert Hop.objects.get(circulation__incoming=circulating, place=2).state == "open"


def test_a_receiver_who_has_the_paper_anyway_has_it_once(steps, cast, now):
    incoming = steps.circulating(("reader", "stranger"), mode="at_once")
    leave(cast, cast.reader, cast.stranger, now)
    assert list(Hop.objects.order_by("id").values_list("state", flat=True)) == ["skipped", "open"]
    steps.sign(incoming, "stranger", "")
    assert Incoming.objects.get(pk=incoming.pk).state == "read"


def test_an_offices_duty_goes_to_its_other_holders_or_the_leaving_is_refused(steps, cast, now):
    steps.registered()
    with pytest.raises(HandoverRefused, match="收文"):
        leave(cast, cast.vetter, cast.stranger, now)
    RoleHolding.objects.create(person=cast.rechecker, role=Role.VETTER)
    proof = leave(cast, cast.vetter, cast.stranger, now)
    assert proof.counts == {"screen": 1}
    assert [item.assignee for item in WorkItem.objects.filter(done_at=None)] == [cast.rechecker]


def test_a_receiver_who_waits_behind_the_leaver_has_it_at_once(steps, cast, now):
    incoming = steps.circulating(("reader", "stranger"))
    leave(cast, cast.reader, cast.stranger, now)
    assert list(Hop.objects.order_by("id").values_list("state", flat=True)) == ["skipped", "open"]
    steps.sign(incoming, "stranger", "")
    assert Incoming.objects.get(pk=incoming.pk).state == "read"
