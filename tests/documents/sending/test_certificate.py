"""送达回证: numbered, hashed, and found out when a row was changed afterwards."""

from datetime import timedelta

import pytest

from documents import distribute, receive
from documents.models import Addressee, Rendition, ServiceCertificate
from documents.sending import certify
from officehub.approvals.decide import DecisionRefused
from officehub.moves import events_of


@pytest.fixture
def proof(cast, now, sealed, send):
    sent = send(sealed, cast.stranger)
    receive.acknowledge(sealed, cast.reader, now)
    return certify.issue(sent, by=cast.clerk, now=now)


def again(proof) -> ServiceCertificate:
    return ServiceCertificate.objects.get(pk=proof.pk)


def test_it_says_who_got_it_and_when(proof, sealed, cast, now):
    assert proof.number == "送达回证〔2026〕1号"
    lines = [certify.Line(*values) for values in again(proof).lines]
    assert [(line.name, line.moment("acknowledged_at"), line.acknowledged_by) for line in lines] == [
        ("市财政局", now, cast.reader.name),
        (cast.stranger.name, None, ""),
    ]
    assert proof.paper["sha256"] == sealed.renditions.get(purpose="original").sha256
    assert again(proof).is_genuine
    assert certify.contradicted(again(proof)) == []
    facts = events_of(sealed).get(verb="certify_service").facts
    assert facts["certificate_hash"] == proof.certificate_hash


def test_what_happens_afterwards_contradicts_nothing(proof, sealed, cast, now):
    receive.acknowledge(sealed, cast.stranger, now + timedelta(hours=1))
    assert certify.contradicted(again(proof)) == []


def test_a_changed_row_is_found(proof, cast, now):
    Addressee.objects.filter(department=cast.bureau).update(acknowledged_at=now - timedelta(days=1))
    assert certify.contradicted(again(proof)) == ["市财政局"]


def test_a_changed_original_is_found(proof):
    Rendition.objects.filter(purpose="original").update(sha256="1" * 64)
    assert certify.contradicted(again(proof)) == ["正本"]


@pytest.mark.parametrize("change", [{"at": None}, {"serial": 7}, {"lines": []}, {"paper": {}}])
def test_a_changed_certificate_is_not_genuine(proof, now, change):
    given = {"at": now - timedelta(days=1)} if "at" in change else change
    ServiceCertificate.objects.filter(pk=proof.pk).update(**given)
    assert not again(proof).is_genuine


def test_numbers_go_on(proof, cast, now):
    assert certify.issue(proof.distribution, by=cast.clerk, now=now + timedelta(days=1)).serial == 2


def test_none_while_it_is_on_its_way(cast, now, sealed):
    sent = distribute.distribute(sealed, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    with pytest.raises(DecisionRefused, match="还在送达"):
        certify.issue(sent, by=cast.clerk, now=now)
