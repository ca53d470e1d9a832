"""拟办意见 and 批示: settled by the director, signed by the leaders, immutable."""

import pytest

from documents.incoming import circulate, propose
from documents.models import Hop, Incoming, Proposal
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of


def asked(verb: str) -> set[str]:
    return set(WorkItem.objects.filter(verb=verb, done_at=None).values_list("assignee__username", flat=True))


def test_the_director_settles_before_the_leaders_are_asked(steps, cast, now, state):
    incoming = steps.proposed()
    assert (state(incoming), asked("settle"), asked("instruct")) == ("proposed", {"leader"}, set())
    propose.settle(incoming, by=cast.leader, now=now, agreed=True, words="同意")
    assert (state(incoming), asked("instruct")) == ("instructing", {"mayor"})


def test_without_that_custom_it_goes_straight_to_the_leaders(steps, settings, state):
    settings.INCOMING_PROPOSAL_NEEDS_DIRECTOR = False
    incoming = steps.proposed()
    assert (state(incoming), asked("instruct")) == ("instructing", {"mayor"})


def test_a_proposal_sent_back_is_made_anew_and_both_stay(steps, cast, now, state):
    incoming = steps.proposed()
    with pytest.raises(NeedsReason):
        propose.settle(incoming, by=cast.leader, now=now, agreed=False)
    propose.settle(incoming, by=cast.leader, now=now, agreed=False, words="请补充时限")
    assert (state(incoming), asked("propose")) == ("for_action", {"vetter"})
    incoming.refresh_from_db()
    propose.propose(incoming, by=cast.vetter, now=now, words="再拟", leaders=[cast.mayor], mode="in_order")
    assert list(Proposal.objects.order_by("id").values_list("state", flat=True)) == ["sent_back", "asked"]


def test_it_names_a_leader_or_a_department_and_a_lead_before_assistants(steps, cast, now):
    incoming = steps.screened()
    nobody = {"words": "拟办", "leaders": [], "mode": "in_order"}
    with pytest.raises(DecisionRefused, match="拟送的领导"):
        propose.propose(incoming, by=cast.vetter, now=now, **nobody)
    with pytest.raises(DecisionRefused, match="主办部门"):
        propose.propose(
            incoming, by=cast.vetter, now=now, **{**nobody, "leaders": [cast.mayor]}, assisting=[cast.bureau]
        )
    assert (Proposal.objects.count(), Incoming.objects.get().state) == (0, "for_action")


def test_what_needs_no_instruction_goes_to_be_assigned(steps, cast, state):
    incoming = steps.sent_to_leaders(leaders=(), lead=cast.bureau)
    assert (state(incoming), asked("assign")) == ("instructed", {"vetter"})


@pytest.mark.parametrize(("concrete", "manner"), [(True, "consent"), (False, "read")])
def test_a_leaders_circle_is_consent_only_to_something_concrete(steps, concrete, manner):
    incoming = steps.sent_to_leaders(concrete=concrete)
    assert steps.sign(incoming, "mayor", "").manner == manner


def test_leaders_in_order_and_then_to_be_assigned(steps, state):
    incoming = steps.sent_to_leaders(leaders=("leader_in_charge", "mayor"))
    steps.sign(incoming, "leader_in_charge", "拟同意。")
    assert (state(incoming), asked("instruct")) == ("instructing", {"mayor"})
    steps.sign(incoming, "mayor", "同意。")
    assert (state(incoming), asked("assign")) == ("instructed", {"vetter"})


def test_a_leader_asks_another_to_instruct(steps, cast, now, state):
    incoming = steps.sent_to_leaders()
    hop = Hop.objects.get()
    circulate.redirect(hop, cast.leader_in_charge, by=cast.mayor, now=now, words="请分管同志阅处")
    assert (asked("instruct"), state(incoming)) == ({"leader_in_charge"}, "instructing")
    steps.sign(incoming, "leader_in_charge", "请财政局办理。")
    assert state(incoming) == "instructed"
    assert events_of(incoming).get(verb="redirect").facts["to"] == cast.leader_in_charge.name


def test_it_is_not_passed_on_to_who_has_it(steps, cast, now):
    steps.sent_to_leaders(leaders=("mayor", "leader"))
    hop = Hop.objects.get(state="open")
    with pytest.raises(DecisionRefused):
        circulate.redirect(hop, cast.leader, by=cast.mayor, now=now)
    assert Hop.objects.get(pk=hop.pk).state == "open"


def test_the_second_director_comes_too_late(steps, cast, now):
    incoming = steps.proposed()
    propose.settle(incoming, by=cast.leader, now=now, agreed=True)
    with pytest.raises(TooLate):
        propose.settle(incoming, by=cast.leader, now=now, agreed=False, words="晚了")


def test_without_a_director_it_is_said_who_is_lacking(steps, cast, now):
    cast.leader.role_holdings.filter(role="office_director").delete()
    with pytest.raises(DecisionRefused, match="办公室主任"):
        steps.proposed()
    assert (Proposal.objects.count(), Incoming.objects.get().state) == (0, "for_action")
