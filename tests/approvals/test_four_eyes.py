"""R30: drafter, vetter and signer are three people, by the office's policy; what is set aside is on record."""

import pytest

from officehub.approvals import decide
from officehub.approvals.models import Bypass
from officehub.people.models import RoleHolding
from tests.documents.course.test_course import POINTS

SIGN = {"disclosure_confirmed": True}


@pytest.fixture
def drafter_vets(cast, route, submitted):
    """Nobody but the drafter can vet, and nobody but them signs."""
    RoleHolding.objects.filter(role="vetter").delete()
    RoleHolding.objects.create(person=cast.drafter, role="vetter")
    vet = {"who": "role", "role": "vetter", "verb": "vet", "merges": False}
    route(vet, {"person": cast.drafter, "verb": "sign_off", "merges": False})
    return submitted()


def test_off_nobody_asks(cast, drafter_vets, agree, settings, sound):
    settings.FOUR_EYES = "off"
    agree(drafter_vets, cast.drafter, **POINTS)
    agree(drafter_vets, cast.drafter, **SIGN)
    assert (drafter_vets.state, Bypass.objects.count()) == ("signed", 0)
    sound(drafter_vets)


def test_override_takes_a_reason_which_is_kept(cast, drafter_vets, agree, settings, asked, now, sound):
    settings.FOUR_EYES = "override"
    for reason in ({}, {"bypass_reason": " "}):
        with pytest.raises(decide.DecisionRefused, match="拟稿人与核稿人为同一人；确需如此的，请写明理由"):
            agree(drafter_vets, cast.drafter, **POINTS, **reason)
    assert (asked(drafter_vets), Bypass.objects.count()) == (["drafter"], 0)
    sound(drafter_vets)
    agree(drafter_vets, cast.drafter, **POINTS, bypass_reason="仅一人在岗")
    agree(drafter_vets, cast.drafter, **SIGN, bypass_reason="仅一人在岗")
    kept = list(Bypass.objects.order_by("id").values_list("by__username", "rule", "what", "reason", "at"))
    assert kept == [
        ("drafter", "R30", "拟稿人与核稿人为同一人", "仅一人在岗", now),
        ("drafter", "R30", "拟稿人与签发人为同一人", "仅一人在岗", now),
    ]
    sound(drafter_vets)


def test_block_refuses_whatever_the_reason(cast, drafter_vets, agree, settings, asked, sound):
    settings.FOUR_EYES = "block"
    with pytest.raises(decide.DecisionRefused, match="须由他人办理"):
        agree(drafter_vets, cast.drafter, **POINTS, bypass_reason="仅一人在岗")
    assert (asked(drafter_vets), Bypass.objects.count()) == (["drafter"], 0)
    sound(drafter_vets)


def test_who_vetted_does_not_sign(cast, route, submitted, agree, settings):
    settings.FOUR_EYES = "block"
    vet = {"who": "role", "role": "vetter", "verb": "vet", "merges": False}
    route(vet, {"person": cast.vetter, "verb": "sign_off", "merges": False})
    document = submitted()
    agree(document, cast.vetter, **POINTS)
    with pytest.raises(decide.DecisionRefused, match="核稿人与签发人为同一人"):
        agree(document, cast.vetter, **SIGN)
    assert document.state == "in_approval"


def test_returning_and_dissenting_need_no_second_pair_of_eyes(cast, drafter_vets, say, settings, sound):
    settings.FOUR_EYES = "block"
    say(decide.return_, drafter_vets, cast.drafter, reason="请修改")
    assert drafter_vets.state == "returned"
    sound(drafter_vets)
