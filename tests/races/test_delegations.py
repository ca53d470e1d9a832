"""Two delegations saved at one instant never make a chain, a circle or a second stand-in."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from officehub.people.models import Delegation
from tests.races.conftest import at_once

DAY = date(2026, 12, 2)
ROUNDS = 5


def saving(principal, delegate):
    given = Delegation(principal=principal, delegate=delegate, since=DAY, until=DAY, reason="出差")
    return given.save


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("head", "vetter"), ("vetter", "clerk")),
        (("head", "vetter"), ("vetter", "head")),
        (("head", "vetter"), ("head", "clerk")),
        (("head", "vetter"), ("vetter", None)),
    ],
    ids=["chain", "circle", "two", "delegate away"],
)
def test_one_of_two_is_refused(committed, first, second):
    for _ in range(ROUNDS):
        deeds = [saving(*(name and committed.people[name] for name in pair)) for pair in (first, second)]
        results = at_once(*deeds)
        assert sorted(type(result) for result in results if result) == [ValidationError], results
        assert Delegation.objects.count() == 1
        Delegation.objects.all().delete()
