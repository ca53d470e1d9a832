"""A worker is killed at every line of an alarm, one after another: afterwards the sender of the round is told once."""

import signal
from datetime import timedelta

import pytest

from documents.incoming import circulate
from documents.models import Hop
from officehub.audit.record import broken
from officehub.moves import events_of
from officehub.notifications.models import Notice
from officehub.people.models import Role, RoleHolding
from tests.documents.incoming.conftest import Steps

POINTS = ("begun", "claimed, nobody told", "told, not recorded", "recorded, not committed")


@pytest.fixture
def late(committed, now):
    RoleHolding.objects.create(person=committed.leader, role=Role.OFFICE_DIRECTOR)
    Steps(committed, now).circulating(("mayor",))
    return Hop.objects.select_related("circulation__incoming").get()


def test_alarms_killed_at_every_line_tell_once(run_job, late, now):
    at = now + timedelta(days=9)
    for point in POINTS:
        assert run_job("alarm", late.pk, point, at) == -signal.SIGKILL
        assert (point, list(circulate.overdue(at)), Notice.objects.filter(verb="incoming.hop_overdue").count()) == (
            point, [late], 0,
        )  # fmt: skip
    assert [circulate.alarm(late.pk, at), circulate.alarm(late.pk, at)] == [True, False]
    assert Notice.objects.filter(verb="incoming.hop_overdue").count() == 1
    assert events_of(late.circulation.incoming).filter(verb="hop_overdue").count() == 1
    assert list(broken()) == []
