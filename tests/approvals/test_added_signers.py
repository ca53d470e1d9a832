"""Whoever is added is heard, but neither vets nor signs; and what they return comes back to them."""

import pytest

from documents.models import Document
from officehub.approvals import decide, hand_on
from officehub.approvals.models import Bypass, Step
from officehub.people.models import Delegation
from tests.approvals.conftest import open_step, states

SIGN = {"verb": "sign_off", "name": "签发", "merges": False, "after_return": "straight"}
TICKED = {"disclosure_confirmed": True}


@pytest.fixture
def with_adviser(cast, route, submitted, say):
    """The leader has agreed to sign, and the added clerk has the paper after them."""
    route({"person": cast.head}, {"person": cast.leader, **SIGN})
    document = submitted()
    say(decide.agree, document, cast.head)
    say(hand_on.add_signers, document, cast.leader, people=[cast.clerk], before=False)
    say(decide.agree, document, cast.leader, opinion="同意印发", extra=TICKED)
    return document


def test_the_signer_is_whom_the_route_names_though_the_added_one_is_last(cast, with_adviser, say, sound):
    say(decide.agree, with_adviser, cast.clerk)
    assert (with_adviser.state, with_adviser.signed_by) == ("signed", cast.leader)
    sound(with_adviser)


def test_an_added_signer_needs_not_be_the_principal_leader(cast, route, submitted, say, sound):
    route({"person": cast.leader, **SIGN})
    document = submitted()
    Document.objects.filter(pk=document.pk).update(important=True)
    document.refresh_from_db()
    say(hand_on.add_signers, document, cast.leader, people=[cast.clerk], before=True)
    say(decide.agree, document, cast.clerk)
    say(decide.agree, document, cast.leader, extra=TICKED)
    assert (document.state, document.signed_by) == ("signed", cast.leader)
    sound(document)


@pytest.mark.parametrize("deed", ["return", "disagree"])
def test_an_objection_of_an_added_signer_comes_back_to_them(cast, with_adviser, submitted, say, asked, sound, deed):
    if deed == "return":
        say(decide.return_, with_adviser, cast.clerk, reason="附件有误，请改后再送我")
    else:
        say(decide.disagree, with_adviser, cast.clerk, opinion="附件有误")
    assert with_adviser.state == "returned"
    submitted(with_adviser)
    assert (with_adviser.state, "clerk" in asked(with_adviser)) == ("in_approval", True)
    sound(with_adviser)
    say(decide.agree, with_adviser, cast.clerk)
    if "leader" in asked(with_adviser):
        say(decide.agree, with_adviser, cast.leader, extra=TICKED)
    assert (with_adviser.state, with_adviser.signed_by) == ("signed", cast.leader)


def test_a_submission_never_ends_a_run(cast, route, submitted, say, asked, now):
    route({"person": cast.head}, {"person": cast.leader, "mode": "all", **SIGN})
    document = submitted()
    say(decide.agree, document, cast.head)
    say(decide.return_, document, cast.leader, reason="请核对")
    run = decide.run_of(document)
    run.visits.filter(stage__order=2).update(state="passed")
    submitted(document)
    assert (decide.run_of(document).state, asked(document)) == ("running", ["head"])


def test_a_delegate_of_the_drafter_does_not_vet_in_their_name_unnoticed(cast, route, submitted, say, now):
    Delegation.objects.create(
        principal=cast.drafter, delegate=cast.vetter, since=now.date(), until=now.date(), reason="出差"
    )
    route({"person": cast.drafter, "verb": "vet", "name": "核稿"}, {"person": cast.leader, **SIGN})
    document = submitted()
    points = dict.fromkeys(("reason", "content", "consultation", "form", "other"), True)
    with pytest.raises(decide.DecisionRefused, match="拟稿人与核稿人为同一人"):
        say(decide.agree, document, cast.vetter, extra=points)
    say(decide.agree, document, cast.vetter, extra={**points, "bypass_reason": "仅此一人值班"})
    assert Bypass.objects.get().reason == "仅此一人值班"


def test_a_consent_does_not_outlive_a_change_of_what_settles_who_must_agree(cast, route, submitted, say, edit, asked):
    route({"person": cast.head}, {"person": cast.vetter}, {"person": cast.leader, **SIGN})
    document = submitted()
    seen = say(decide.agree, document, cast.head).run_id
    stale = document.approval_hash()
    edit(document, cast.vetter, document.content["body"], important=True)
    with pytest.raises(decide.TextChanged):
        decide.agree(open_step(document, cast.vetter), by=cast.vetter, now=document.created_at, seen=stale)
    say(decide.agree, document, cast.vetter)
    assert (asked(document), Step.objects.filter(run=seen, approver=cast.head).count()) == (["head"], 2)
    assert states(document)[0] == ("head", "agreed")
