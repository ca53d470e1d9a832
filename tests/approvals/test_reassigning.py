"""Running cases follow the people: who holds the post now is asked now."""

from datetime import timedelta

from django.utils import timezone

from documents import drafting
from officehub.approvals.hand_on import add_signers
from officehub.approvals.models import Step
from officehub.approvals.reassigning import reassign_all
from officehub.inbox.models import WorkItem
from officehub.people.models import Appointment, Delegation, RoleHolding
from tests.approvals.conftest import todo
from tests.cast import NOTICE, person


def test_running_cases_follow_who_heads_a_department_now(cast, now, django_capture_on_commit_callbacks):
    """The morning's look, and the one after every change, hand an open stage to whoever holds it."""
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    yesterday = now.date() - timedelta(days=1)
    with django_capture_on_commit_callbacks(execute=True):
        appointment = Appointment.objects.get(person=cast.head)
        appointment.until = yesterday
        appointment.save()
        new_head = person("head2", cast.section, "科长", True, [])
    assert list(Step.objects.filter(state="open").values_list("approver__username", flat=True)) == ["head2"]
    assert list(WorkItem.objects.todo(new_head).values_list("verb", flat=True)) == ["review"]
    assert reassign_all(now) == 0


def test_who_was_added_and_comes_to_hold_the_role_fills_the_place(
    cast, route, submitted, say, now, asked, sound, agree
):
    route({"who": "role", "role": "vetter"}, {"person": cast.mayor})
    document = submitted()
    say(lambda step, **said: add_signers(step, [cast.stranger], before=False, **said), document, cast.vetter)
    RoleHolding.objects.filter(person=cast.vetter).delete()
    RoleHolding.objects.create(person=cast.stranger, role="vetter")
    assert reassign_all(now) == 1
    assert asked(document) == ["stranger"]
    sound(document)
    agree(document, cast.stranger)
    assert asked(document) == ["mayor"]
    sound(document)


def test_a_delegation_that_begins_and_ends_moves_what_is_open_there_and_back(cast, route, submitted, now, asked, sound):
    route({"person": cast.head})
    document, today = submitted(), timezone.localdate(now)
    days = {"since": today, "until": today + timedelta(days=3)}
    given = Delegation.objects.create(principal=cast.head, delegate=cast.stranger, reason="出差", **days)
    assert reassign_all(now) == 1
    assert (asked(document), todo(cast.head)) == (["stranger"], [])
    sound(document)
    given.end(today)
    assert reassign_all(now) == 1
    assert (asked(document), todo(cast.stranger)) == (["head"], [])
    sound(document)


def test_a_chosen_department_whose_head_has_gone_is_waited_for(cast, route, submitted, now, agree, asked, sound):
    route({"who": "chosen_heads", "mode": "all"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    Appointment.objects.filter(person=cast.countersigner).delete()
    assert reassign_all(now) == 0
    agree(document, cast.head)
    assert asked(document) == ["countersigner"]
    sound(document)
    person("head3", cast.bureau, "局长", True, [])
    assert reassign_all(now) == 1
    assert asked(document) == ["head3"]
    sound(document)


def test_in_order_who_waited_for_somebody_gone_waits_for_who_came(
    cast, other_head, route, submitted, now, asked, sound
):
    route({"who": "chosen_heads", "mode": "in_order"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk, cast.other_section.pk])
    Appointment.objects.filter(person__in=[cast.countersigner, cast.head]).delete()
    person("head2", cast.section, "科长", True, [])
    person("head3", cast.bureau, "局长", True, [])
    assert reassign_all(now) == 1
    assert asked(document) == ["head3"]
    sound(document)


def test_where_a_reassignment_ends_the_run_whoever_agreed_has_signed(cast, second, route, submitted, now, agree, sound):
    route({"who": "role", "role": "vetter", "mode": "all"})
    document = submitted()
    agree(document, second)
    RoleHolding.objects.filter(person=cast.vetter).delete()
    assert reassign_all(now) == 1
    document.refresh_from_db()
    assert (document.state, document.signed_by) == ("signed", second)
    sound(document)
