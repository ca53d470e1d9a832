"""Roles change hands while papers wait: what was asked of the old holder is asked of the new one, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from documents import drafting, duties, signing
from documents.models import Distribution, Document
from officehub.inbox.errands import close
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import Reminder, WorkItem
from officehub.notifications.models import Notice
from officehub.people.grants import visible_to
from officehub.people.models import Person, RoleHolding
from tests.cast import NOTICE


def paper_in(cast, now, state: str) -> Document:
    """A paper as sign-off leaves it, moved on to a state, and the errand of that state given out."""
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    close(WorkItem.objects.of(document), "已办", now)
    facts = {"signed_by": cast.leader, "signed_at": now, "signed_hash": document.content_hash()}
    if state in ("numbered", "sealed", "distributed", "archived"):
        facts |= {"document_number": f"海政办发〔2026〕{Document.objects.count()}号", "printing_date": now.date()}
    Document.objects.filter(pk=document.pk).update(state=state, **facts)
    document.refresh_from_db()
    if state == "distributed":
        Distribution.objects.create(document=document, by=cast.clerk, at=now, due_at=now, done_at=now)
    if state in duties.DUTY:
        signing.ask(document, *duties.DUTY[state], now)
    return document


def todo(document) -> list[str]:
    rows = WorkItem.objects.of(document).filter(done_at=None).order_by("assignee__username")
    return list(rows.values_list("assignee__username", flat=True))


def give_role(person, role) -> RoleHolding:
    return RoleHolding.objects.create(person=person, role=role)


def take_role(person, role) -> None:
    RoleHolding.objects.get(person=person, role=role).delete()


@pytest.mark.parametrize("state", list(duties.DUTY))
def test_a_role_moved_to_another_person_takes_its_open_errands_along(cast, now, state):
    document = paper_in(cast, now, state)
    verb, role = duties.DUTY[state]
    before = WorkItem.objects.of(document).get(done_at=None)
    old = before.assignee
    take_role(old, role)
    assert todo(document) == []
    give_role(cast.stranger, role)
    after = WorkItem.objects.of(document).get(done_at=None)
    assert (after.assignee, after.verb, after.key) == (cast.stranger, verb, before.key)
    assert (after.due_at, after.source) == (before.due_at, before.source)
    assert WorkItem.objects.get(pk=before.pk).outcome == "已改派"
    assert visible_to(Document.objects.all(), cast.stranger, timezone.now()).get() == document
    assert Notice.objects.filter(recipient=cast.stranger, verb=f"documents.{verb}_asked").count() == 1


def test_a_second_holder_gets_what_the_first_has(cast, now):
    document = paper_in(cast, now, "signed")
    give_role(cast.stranger, "rechecker")
    assert todo(document) == ["rechecker", "stranger"]
    signing.recheck(document, by=cast.stranger, now=now)
    assert set(WorkItem.objects.of(document).filter(done_at=None).values_list("verb", flat=True)) == {"number"}
    assert todo(document) == ["rechecker", "stranger"]


def test_who_gets_a_role_back_gets_the_errand_back(cast, now):
    document = paper_in(cast, now, "signed")
    take_role(cast.rechecker, "rechecker")
    give_role(cast.rechecker, "rechecker")
    assert todo(document) == ["rechecker"]


def test_where_nobody_could_be_asked_the_first_holder_is(cast, now):
    take_role(cast.rechecker, "rechecker")
    document = paper_in(cast, now, "signed")
    assert todo(document) == []
    give_role(cast.stranger, "rechecker")
    assert todo(document) == ["stranger"]


def test_who_leaves_the_office_or_its_organ_loses_the_errand(cast, now):
    document = paper_in(cast, now, "signed")
    give_role(cast.stranger, "rechecker")
    hand_over(cast.rechecker, cast.drafter, by=cast.sys_admin, now=now, deactivate=True)
    assert todo(document) == ["stranger"]
    cast.stranger.department = cast.bureau
    cast.stranger.save()
    assert todo(document) == []
    back = Person.objects.get(pk=cast.rechecker.pk)
    back.is_active = True
    back.save()
    give_role(back, "rechecker")
    assert todo(document) == ["rechecker"]


def test_other_roles_and_other_steps_are_left_alone(cast, now):
    document = paper_in(cast, now, "signed")
    give_role(cast.stranger, "seal_keeper")
    give_role(cast.stranger, "supervisor")
    assert todo(document) == ["rechecker"]
    archived = paper_in(cast, now, "distributed")
    Document.objects.filter(pk=archived.pk).update(state="archived")
    close(WorkItem.objects.of(archived), "已归档", now)
    give_role(cast.stranger, "archivist")
    assert todo(archived) == []


def test_a_paper_still_being_delivered_is_not_yet_to_be_filed(cast, now):
    document = paper_in(cast, now, "distributed")
    Reminder.objects.all().delete()
    WorkItem.objects.of(document).filter(verb="archive").delete()
    Distribution.objects.update(done_at=None)
    give_role(cast.stranger, "archivist")
    assert todo(document) == []


def test_done_twice_the_second_time_does_nothing(cast, now):
    paper_in(cast, now, "signed")
    RoleHolding.objects.bulk_create([RoleHolding(person=cast.stranger, role="rechecker")])
    assert [duties.refresh(now), duties.refresh(now + timedelta(hours=1))] == [1, 0]
