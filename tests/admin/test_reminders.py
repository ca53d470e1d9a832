"""Rules of reminding are edited version by version; the ledger is read, and tells nothing of papers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from officehub.audit.models import Event
from officehub.inbox.models import Reminder, ReminderRule, WorkItem
from officehub.notifications.remind import remind
from officehub.web import doctor
from tests.inbox.test_reminders import ask, at

RULE = {"step": "催办", "verbs": ["read"], "all_but": "on", "urgency": "", "offset": "2", "unit": "working_days",
        "audience": "assignee", "drop_after_hours": ""}  # fmt: skip


@pytest.fixture
def system(as_):
    return as_("sys_admin")


def page(rule) -> str:
    return reverse("admin:inbox_reminderrule_change", args=[rule.pk])


def test_an_edit_ends_the_rule_and_makes_the_next(system):
    old = ReminderRule.objects.get(audience="assignee", offset=1)
    assert system.post(page(old), RULE).status_code == 302
    old.refresh_from_db()
    new = ReminderRule.objects.order_by("-id").first()
    assert (old.offset, new.offset, new.since, new.until) == (1, 2, old.until, None)
    assert Event.objects.filter(subject_id=new.pk, verb="changed").count() == 1


def test_saving_without_a_change_makes_no_version(system):
    old = ReminderRule.objects.get(audience="assignee", offset=1)
    system.post(page(old), {**RULE, "offset": "1"})
    assert ReminderRule.objects.filter(until=None).count() == ReminderRule.objects.count() == 6


def test_a_rule_that_was_ended_is_only_read_and_none_is_deleted(system):
    old = ReminderRule.objects.get(audience="assignee", offset=1)
    listed = reverse("admin:inbox_reminderrule_changelist")
    system.post(listed, {"action": "retire", "_selected_action": [old.pk]})
    old.refresh_from_db()
    assert old.until is not None
    assert system.post(page(old), RULE).status_code == 403
    assert system.post(reverse("admin:inbox_reminderrule_delete", args=[old.pk]), {"post": "yes"}).status_code == 403
    assert [len(system.get(listed + ask).context["cl"].result_list) for ask in ("", "?ended=yes", "?ended=all")] == [
        5, 1, 6,
    ]  # fmt: skip


def test_what_makes_no_sense_is_refused_with_the_field(system):
    answer = system.post(reverse("admin:inbox_reminderrule_add"), {**RULE, "verbs": []})
    assert answer.context["adminform"].form.errors == {"all_but": ["请先选出不适用的事项。"]}


def test_the_ledger_names_the_person_and_the_kind_but_no_paper(system, cast, now):
    ask(cast, now)
    remind(at("12-08"))
    listed = reverse("admin:inbox_reminder_changelist")
    said = system.get(listed).content.decode()
    assert ("科员drafter" in said, "关于供暖的请示" in said) == (True, False)
    counts = {ask: len(system.get(f"{listed}?standing={ask}").context["cl"].result_list) for ask in STANDING}
    assert counts == STANDING


STANDING = {"planned": 2, "sent": 2, "late": 0, "dropped": 2, "overdue": 0}


def test_the_doctor_sees_reminders_that_wait(cast, now):
    ask(cast, now)
    assert [doctor.reminders(at("12-02", clock)).state for clock in ("08:04", "08:06")] == ["ok", "bad"]


def test_an_escalation_is_for_whom_it_went_to_and_hides_what_they_may_not_see(client, cast, now):
    ask(cast, timezone.now() - timedelta(days=30), due_at=timezone.now() - timedelta(days=1))
    row = Reminder.objects.filter(rule__audience="head").first()
    facts = {"rule": row.rule if row else ReminderRule.objects.get(audience="head"), "planned_at": now, "moment": now}
    told = Reminder.objects.create(
        item=WorkItem.objects.get(), recipient=cast.head, state="sent", settled_at=now, **facts
    )
    address, seen = reverse("reminder", args=[told.pk]), {}
    for who in (cast.head, cast.stranger, cast.sys_admin):
        client.force_login(who)
        answer = client.get(address)
        seen[who.username] = (answer.status_code, "关于供暖的请示" in answer.content.decode())
    assert seen == {"head": (200, False), "stranger": (404, False), "sys_admin": (404, False)}
    Reminder.objects.filter(pk=told.pk).update(state="planned")
    client.force_login(cast.head)
    assert client.get(address).status_code == 404
