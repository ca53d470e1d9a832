"""R04: what only the principal leader signs, a delegate does not sign, unless they preside (国办函〔2009〕15号)."""

import pytest
from django.utils import timezone

from documents import drafting
from officehub.approvals import decide
from officehub.people.models import Delegation, Person, RoleHolding
from tests.cast import NOTICE
from tests.documents.course.test_course import POINTS, agree


@pytest.fixture
def before_the_signer(cast, now):
    """An important paper that waits for the principal leader's delegate."""

    def get(**delegation):
        today = timezone.localdate(now)
        fields = {"principal": cast.leader, "delegate": cast.leader_in_charge, "since": today, "until": today}
        Delegation.objects.create(**fields, reason="出访", **delegation)
        document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE, important=True)
        drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
        agree(document, cast.head, now)
        agree(document, cast.vetter, now, **POINTS)
        return document

    return get


def signs(document, cast, now):
    agree(document, Person.objects.get(pk=cast.leader_in_charge.pk), now, disclosure_confirmed=True)
    return document.state


def test_a_delegate_does_not_sign_what_the_principal_leader_must(cast, now, before_the_signer):
    document = before_the_signer()
    with pytest.raises(decide.DecisionRefused, match="须由主要负责人签发"):
        signs(document, cast, now)


def test_who_presides_signs_it(cast, now, before_the_signer):
    assert signs(before_the_signer(presides=True), cast, now) == "signed"


def test_who_presides_and_leads_no_longer_does_not(cast, now, before_the_signer):
    document = before_the_signer(presides=True)
    RoleHolding.objects.get(person=cast.leader_in_charge).delete()
    with pytest.raises(decide.DecisionRefused, match="须由主要负责人签发"):
        signs(document, cast, now)
