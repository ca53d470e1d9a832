"""Papers on their way along stages a test names itself, as in the tests of the engine, and people at their doors."""

import pytest
from django.urls import reverse

from officehub.approvals.decide import run_of
from officehub.approvals.invariants import violations
from officehub.approvals.models import Permit, Step
from tests.approvals.conftest import agree, route, submitted  # noqa: F401

EVERYTHING = list(Permit.values)


@pytest.fixture
def step_of():
    def found(document, person, state="open") -> Step:
        return Step.objects.get(run__subject_id=document.pk, approver=person, state=state)

    return found


@pytest.fixture
def deed(client, step_of):
    """Somebody does something with their step, as the page would send it. Gives the answer."""

    def done(document, person, decision, state="open", **given):
        client.force_login(person)
        address = reverse("documents:decide", args=[document.pk, step_of(document, person, state).pk])
        return client.post(address, {"decision": decision, "seen": document.approval_hash(), **given})

    return done


@pytest.fixture
def look(client):
    """The page of a paper as somebody sees it, as text."""

    def seen(document, person, status=200) -> str:
        client.force_login(person)
        response = client.get(reverse("documents:detail", args=[document.pk]))
        assert response.status_code == status
        return response.content.decode()

    return seen


@pytest.fixture
def sound(now):
    """Whether nothing is amiss with a paper's run."""

    def asked(document) -> bool:
        return violations(run_of(document), now) == []

    return asked
