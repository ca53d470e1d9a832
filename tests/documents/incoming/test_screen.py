"""初审: the points of 第二十四条(三), and the way back with its reason."""

import pytest

from documents.incoming import screen
from documents.incoming.screen import POINTS
from documents.models import Incoming
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Organ, Role, RoleHolding


def asked(verb: str) -> set[str]:
    return set(WorkItem.objects.filter(verb=verb, done_at=None).values_list("assignee__username", flat=True))


def test_the_secretaries_are_asked_to_screen(steps):
    steps.registered()
    assert asked("screen") == {"vetter"}


def test_where_there_is_no_secretary_the_clerk_screens(steps, cast):
    RoleHolding.objects.get(role=Role.VETTER).delete()
    steps.registered()
    assert asked("screen") == {"clerk"}


def test_every_point_must_be_confirmed(steps, cast, now):
    incoming = steps.registered()
    with pytest.raises(DecisionRefused) as refused:
        screen.screen(incoming, by=cast.vetter, now=now, nature="for_action", points=["ours"])
    assert len(refused.value.sentences) == len(POINTS) - 1
    assert Incoming.objects.get().state == "registered"


@pytest.mark.parametrize(("nature", "state", "verb", "who"), [
    ("for_action", "for_action", "propose", "vetter"), ("for_information", "for_reading", "route", "clerk"),
])  # fmt: skip
def test_it_goes_on_by_its_nature(steps, state, nature, verb, who, cast):
    incoming = steps.screened(nature=nature)
    assert (Incoming.objects.get().state, asked(verb), asked("screen")) == (state, {who}, set())
    assert incoming.nature == nature


def test_a_return_needs_its_reason_and_ends_the_paper(steps, cast, now):
    incoming = steps.registered()
    with pytest.raises(NeedsReason):
        screen.return_(incoming, by=cast.vetter, now=now, reason="")
    screen.return_(incoming, by=cast.vetter, now=now, reason="报告夹带请示事项", points=["ours"])
    incoming.refresh_from_db()
    assert (incoming.state, incoming.reason) == ("returned", "报告夹带请示事项")
    assert not WorkItem.objects.filter(done_at=None).exists()


def test_a_sender_who_works_here_is_told(steps, cast, now):
    Organ.objects.create(name="海青市财政局", short_name="市财政局", level="city", kind="department")
    incoming = steps.registered(sender_name="海青市财政局")
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属我市职权")
    assert cast.reader.notices.get(verb="incoming.returned").params["reason"] == "不属我市职权"


def test_the_second_screener_comes_too_late(steps, cast, now):
    incoming = steps.registered()
    stale = Incoming.objects.get()
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属我市职权")
    with pytest.raises(TooLate):
        screen.screen(stale, by=cast.vetter, now=now, nature="for_action", points=list(POINTS))


def test_what_was_to_be_read_may_turn_out_to_need_doing(steps, cast, now):
    incoming = steps.screened(nature="for_information")
    screen.reclassify(incoming, by=cast.clerk, now=now, reason="文中要求报送方案")
    assert (Incoming.objects.get().state, asked("propose"), asked("route")) == ("for_action", {"vetter"}, set())


def test_errands_follow_the_roles(steps, cast):
    incoming = steps.registered()
    RoleHolding.objects.create(person=cast.rechecker, role=Role.VETTER)
    assert asked("screen") == {"vetter", "rechecker"}
    RoleHolding.objects.get(person=cast.vetter, role=Role.VETTER).delete()
    assert asked("screen") == {"rechecker"}
    RoleHolding.objects.create(person=cast.vetter, role=Role.VETTER)
    assert asked("screen") == {"vetter", "rechecker"}
    assert Incoming.objects.visible_to(cast.rechecker, incoming.registered_at).exists()
