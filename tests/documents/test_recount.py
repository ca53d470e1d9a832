"""A changed calendar and the limits papers keep: steps, opinions, stations, rounds, readings, publications."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from documents import drafting
from documents.consulting import rounds
from documents.incoming import reassign
from documents.keeping import disclosure
from documents.models import Consultation, Hop, Incoming
from officehub.approvals import hand_on
from officehub.approvals.models import Advice, Step
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.people.models import Role, RoleHolding
from officehub.workdays.change import set_days
from officehub.workdays.models import MovedLimit
from tests.approvals.conftest import open_step, route, submitted  # noqa: F401  fixtures
from tests.calendar_changes import settle
from tests.cast import NOTICE
from tests.documents.consulting.conftest import bureaus, draft  # noqa: F401  fixtures
from tests.documents.incoming.conftest import Steps

SHANGHAI = ZoneInfo("Asia/Shanghai")


def closed(*days: str, now):
    """Days that the office decided to rest on, and everything counted anew."""
    rest = {"is_workday": False, "name": "本地假日", "source": "本地", "confirmed": True, "is_local": True}
    change = set_days({date.fromisoformat(day): rest for day in days}, by=None, now=now + timedelta(minutes=1))
    settle(now + timedelta(hours=1))
    return change


def day(moment: datetime) -> str:
    return str(timezone.localdate(moment))


def due_of(subject, **which) -> set[str]:
    return {day(item.due_at) for item in WorkItem.objects.of(subject).filter(done_at=None, **which)}


def test_a_step_and_its_errand_move_together_and_the_paper_tells(cast, route, submitted, now):  # noqa: F811
    route({"person": cast.head, "limit_value": 2}, {"person": cast.mayor})
    document = submitted()
    assert due_of(document) == {"2026-11-25"}
    change = closed("2026-11-25", now=now)
    step = Step.objects.get(approver=cast.head)
    assert (day(step.due_at), due_of(document)) == ("2026-11-26", {"2026-11-26"})
    assert Event.objects.filter(verb="limit_recounted", subject_id=document.pk).count() == 1
    moved = MovedLimit.objects.get(change=change)
    assert (moved.subject, moved.reference, list(moved.people.all())) == (document, f"公文 {document.pk}", [cast.head])


@pytest.mark.parametrize(
    ("unit", "value", "due"),
    [
        ("natural_days", 2, "2026-11-26T23:59:59"),
        ("hours", 50, "2026-11-25T11:30:00"),
        ("office_hours", 14, "2026-11-26T09:30:00"),
    ],
)
def test_a_stage_keeps_its_unit(cast, route, submitted, now, unit, value, due):  # noqa: F811
    route({"person": cast.head, "limit_value": value, "limit_unit": unit})
    submitted()
    closed("2026-11-25", now=now)
    assert Step.objects.get().due_at.astimezone(SHANGHAI).isoformat()[:19] == due


def test_who_is_asked_for_an_opinion_has_the_new_limit_too(cast, route, submitted, now):  # noqa: F811
    route({"person": cast.head, "limit_value": 2})
    document = submitted()
    step = open_step(document, cast.head)
    hand_on.assist(step, cast.clerk, by=cast.head, now=now, seen=document.approval_hash())
    closed("2026-11-25", now=now)
    assert (day(Advice.objects.get().due_at), due_of(document, verb="advise")) == ("2026-11-26", {"2026-11-26"})
    assert day(Step.objects.get().due_at) == "2026-11-26"  # it is the asker's again in that time


def test_a_round_of_asking_moves_and_who_asked_hears_of_it(cast, now, draft, bureaus):  # noqa: F811
    sent = rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus)
    before = day(sent.due_at)
    closed("2026-11-26", now=now)
    sent = Consultation.objects.get()
    assert (before, day(sent.due_at)) == ("2026-12-02", "2026-12-03")
    assert {day(item.due_at) for item in WorkItem.objects.filter(verb="consult")} == {"2026-12-03"}
    assert cast.drafter in MovedLimit.objects.get().people.all()


@pytest.fixture
def steps(cast, now):
    RoleHolding.objects.create(person=cast.leader, role=Role.OFFICE_DIRECTOR)
    return Steps(cast, now)


def test_a_station_moves(steps, now):
    incoming = steps.sent_to_leaders()
    closed("2026-11-24", now=now)
    assert (day(Hop.objects.get(state="open").due_at), due_of(incoming)) == ("2026-11-26", {"2026-11-26"})


def test_an_urgent_paper_s_counted_limit_moves_but_not_a_day_that_was_named(steps, cast, now):
    counted = steps.assigned(urgency="加急", chaser=cast.vetter)
    closed("2026-11-25", now=now)
    counted.refresh_from_db()
    assert (day(counted.due_at), due_of(counted, verb="allocate")) == ("2026-11-27", {"2026-11-27"})
    named = date(2026, 11, 30)
    reassign.reassign(
        counted, by=cast.vetter, now=now, reason="改期", lead=cast.bureau, due_on=named, chaser=cast.vetter
    )
    closed("2026-11-27", "2026-11-30", now=now + timedelta(hours=2))
    assert (day(Incoming.objects.get().due_at), due_of(counted, verb="allocate")) == ("2026-11-30", {"2026-11-30"})


def test_naming_the_same_day_again_keeps_the_limit_counted(steps, cast, now):
    incoming = steps.assigned(urgency="加急", chaser=cast.vetter)
    same = timezone.localdate(incoming.due_at)
    reassign.reassign(
        incoming, by=cast.vetter, now=now, reason="换催办人", lead=cast.bureau, due_on=same, chaser=cast.leader
    )
    assert Incoming.objects.get().due_unit == "working_days"


def test_the_noon_an_office_has_stays_noon(steps, now):
    steps.now = now.replace(hour=15)
    incoming = steps.registered()
    closed("2026-11-24", now=now)
    [item] = WorkItem.objects.of(incoming).filter(done_at=None)[:1]
    assert item.due_at.astimezone(SHANGHAI).isoformat()[:16] == "2026-11-25T12:00"


@pytest.fixture
def to_publish(cast, now):
    """A paper whose 20 working days have begun."""
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    document.signed_at, document.signed_by = now, cast.leader
    document.content = {**document.content, "disclosure": "主动公开"}
    RoleHolding.objects.create(person=cast.leader, role=Role.DISCLOSURE_OFFICER)
    return disclosure.open_record(document, now)


def test_publication_moves(to_publish, now):
    closed(str(to_publish.publish_by), now=now)
    to_publish.refresh_from_db()
    assert (str(to_publish.publish_by), due_of(to_publish.document, verb="disclose")) == ("2026-12-22", {"2026-12-22"})
