"""The proof that no reminder was lost: it reckons from the facts, and it bites."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from officehub.inbox.errands import finish, plan_left, redate
from officehub.inbox.models import LimitChange, Reminder, ReminderRule, Watch, WorkItem
from officehub.notifications import prove as proving
from officehub.notifications.models import Notice
from officehub.notifications.prove import prove
from officehub.notifications.remind import remind
from officehub.people.models import Role, RoleHolding
from officehub.workdays.history import calendar_now
from tests.calendar_changes import rest_on
from tests.inbox.test_reminders import ask, at, ledger, limit

AFTER = at("12-31")


@pytest.fixture
def swept(cast, now):
    """An errand overdue all the way up the ladder, the sweep running every day; everybody was told."""
    RoleHolding.objects.create(person=cast.clerk, role=Role.SUPERVISOR)
    ask(cast, now)
    run(now, 22)


def run(now, days: int) -> None:
    """The sweep at its every turn: here at eight, and once more before the watch would lapse."""
    Watch.objects.create(since=now, until=now)
    for day in range(days):
        for minutes in (0, 4):
            morning = at("11-23", "08:00") + timedelta(days=day, minutes=minutes)
            if morning > now:
                remind(morning)
    Watch.objects.all().delete()
    Watch.objects.create(since=now, until=now + timedelta(days=days))


def found(now, until=AFTER) -> dict[str, int]:
    proof = prove(now, until, until)
    kinds = ("missing", "doubled", "unfounded", "late", "dropped", "unclear", "waiting")
    return {kind: len(rows) for kind in kinds if (rows := getattr(proof, kind))}


def test_when_everybody_was_told_the_proof_holds(swept, now):
    proof = prove(now, AFTER, AFTER)
    assert (proof.holds, proof.expected, proof.sent) == (True, 6, 6)
    assert found(now) == {}


def test_it_never_asks_the_ledger(swept, now):
    Reminder.objects.all().delete()
    assert found(now) == {}


def test_a_notice_that_is_gone_is_missing(swept, now):
    Notice.objects.get(params__step="督查催办").delete()
    assert found(now) == {"missing": 1}


def test_a_notice_that_came_twice_is_doubled(swept, now):
    forged = Notice.objects.get(params__step="督查催办")
    forged.pk, forged.key = None, "forged"
    forged.save()
    assert found(now) == {"doubled": 1}


def test_a_notice_nobody_had_a_reason_for_is_unfounded(swept, now):
    forged = Notice.objects.get(params__step="今日到期")
    forged.pk, forged.key = None, "forged"
    forged.params["moment"] -= 86_400
    forged.save()
    assert found(now) == {"unfounded": 1}


def test_a_notice_to_the_wrong_assignee_is_missing_and_unfounded(swept, cast, now):
    Notice.objects.filter(params__step="今日到期").update(recipient=cast.stranger)
    assert found(now) == {"missing": 1, "unfounded": 1}


def test_a_planner_that_forgot_one_is_found_out(cast, now):
    ask(cast, now)
    Reminder.objects.filter(rule__offset=-3).delete()
    run(now, 12)
    assert found(now, at("12-04")) == {"missing": 1}


def test_while_the_sweep_stands_still_what_fell_due_is_missing(cast, now):
    ask(cast, now)
    Watch.objects.create(since=now, until=at("12-01"))
    assert found(now, at("12-07", "07:00")) == {"missing": 1}


def test_what_fell_due_just_now_is_given_a_few_minutes(cast, now):
    ask(cast, now)
    Watch.objects.create(since=now, until=at("12-07", "07:59"))
    remind(at("12-02"))
    assert [found(now, at("12-07", clock)) for clock in ("08:04", "08:06")] == [{"waiting": 1}, {"missing": 1}]


def test_after_an_outage_late_and_overtaken_are_told_apart(cast, now):
    RoleHolding.objects.create(person=cast.clerk, role=Role.SUPERVISOR)
    ask(cast, now)
    Watch.objects.create(since=now, until=at("12-03"))
    remind(at("12-02"))
    remind(at("12-11", "10:00"))
    assert found(now, at("12-11", "11:00")) == {"late": 3, "dropped": 1}
    Notice.objects.filter(params__step="催办", recipient=cast.drafter).delete()
    assert found(now, at("12-11", "11:00")) == {"late": 2, "dropped": 1, "missing": 1}


def test_what_was_done_in_time_was_not_to_be_sent(cast, now):
    ask(cast, now)
    run(now, 12)
    finish(cast.office, "step:1", "同意", at("12-07", "07:59"))
    assert (prove(now, AFTER, AFTER).expected, found(now)) == (1, {})


def test_the_history_of_a_limit_decides_not_only_how_it_ended(cast, now):
    ask(cast, now)
    run(now, 10)  # told on the second of December
    redate(WorkItem.objects.all(), limit(now, 15), False, at("12-02", "09:00"))
    assert (prove(now, at("12-08"), at("12-08")).sent, found(now, at("12-08"))) == (1, {})
    LimitChange.objects.all().delete()
    assert found(now, at("12-08")) == {"unfounded": 1}


def test_a_rule_counts_from_when_it_was_made_until_it_was_ended(swept, now):
    ReminderRule.objects.create(step="另提醒", offset=2, since=at("12-01"))
    ReminderRule.objects.filter(offset=0).update(until=at("12-05"))
    assert found(now) == {}


def test_an_office_nobody_held_is_listed_as_dropped(cast, now):
    ask(cast, now)
    run(now, 19)
    proof = prove(at("12-10"), at("12-11"), AFTER)
    assert (proof.holds, [row.says for row in proof.dropped]) == (True, ["无人任此职"])


def test_whom_the_organisation_of_today_would_not_name_is_unclear_not_missing(swept, cast, now):
    RoleHolding.objects.filter(role=Role.SUPERVISOR).update(person=cast.vetter)
    assert found(now) == {"unclear": 2}


def test_the_command_says_it_in_words_and_in_numbers(swept, now, monkeypatch):
    monkeypatch.setattr("officehub.web.management.commands.reminders.timezone.now", lambda: AFTER)
    assert told("2026-11-23", "2026-12-30") == (0, "应发 6，实发 6。")
    Notice.objects.get(params__step="督查催办").delete()
    assert told("2026-11-23", "2026-12-30") == (1, "应发 6，实发 5。")
    assert told("2026-12-10T08:00", "2026-12-10T07:00") == (2, "")
    ended, said = told("2026-12-10", "2026-12-10", "--json")
    assert (ended, [row["moment"] for row in json.loads(said)["missing"]]) == (1, ["2026-12-10T08:00+08:00"])


def told(start, end, *more) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("reminders", "prove", "--from", start, "--to", end, *more, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue() if more else out.getvalue().splitlines()[0]
    except CommandError as refused:
        return refused.returncode, ""
    raise AssertionError("it did not say how it ended")


def test_a_changed_calendar_moves_what_is_still_to_come_and_the_proof_knows_when(cast, now):
    RoleHolding.objects.create(person=cast.clerk, role=Role.SUPERVISOR)
    ask(cast, now)
    due = WorkItem.objects.get().due_at
    rest_on(date(2026, 12, 4), date(2026, 12, 8), at=at("11-24", "09:00"))
    assert ledger() == [
        ("12-01 08", -3, "drafter"), ("12-07 08", 0, "drafter"), ("12-09 08", 1, "drafter"), ("12-09 08", 1, ""),
        ("12-11 08", 3, ""), ("12-15 08", 5, ""),
    ]  # fmt: skip
    assert LimitChange.objects.values_list("due_was", "due_is").get() == (due, due)
    run(now, 23)
    assert (found(now), prove(now, AFTER, AFTER).sent) == ({}, 6)


def test_a_changed_calendar_that_moves_no_reminder_leaves_the_plan_alone(cast, now):
    ask(cast, now)
    rest_on(date(2026, 12, 6), at=at("11-24", "09:00"))  # a Sunday
    assert (LimitChange.objects.count(), Reminder.objects.exclude(state="planned").count()) == (0, 0)


def test_errands_older_than_the_ledger_are_planned_for_once(cast, now):
    ask(cast, now)
    due = WorkItem.objects.get().due_at
    moments = sorted(Reminder.objects.values_list("rule__offset", "moment"))
    Reminder.objects.all().delete()
    ask(cast, now, key="step:2", people=[cast.head])
    assert (plan_left(at("11-24")), plan_left(at("11-24"))) == (1, 0)
    assert sorted(Reminder.objects.filter(item__key="step:1").values_list("rule__offset", "moment")) == moments
    assert LimitChange.objects.values_list("item__key", "due_was", "due_is").get() == ("step:1", due, due)


def test_all_open_errands_may_follow_the_rules_of_today(cast, now):
    ask(cast, now)
    ReminderRule.objects.filter(offset__gt=0).update(until=at("11-24"))
    assert len(ledger()) == 6
    call_command("reminders", "plan", "--all", stdout=StringIO())
    assert [row[1] for row in ledger()] == [-3, 0]


@pytest.mark.parametrize("offset", range(-12, 13))
def test_its_arithmetic_is_its_own_and_agrees_with_the_planner(db, now, offset):
    from officehub.inbox.reminders.moments import calendar_for, moment_of

    worked = calendar_now().is_worked
    for unit in ("working_days", "hours"):
        for urgent in (False, True):
            rule = ReminderRule(offset=offset, unit=unit, urgent=urgent)
            for day in range(0, 400, 3):
                due = at("09-01", "17:30") + timedelta(days=day, hours=day % 24)
                assert proving._moment(rule, due, worked) == moment_of(rule, due, calendar_for([rule], [due]))


def test_a_day_is_a_whole_day(db):
    from officehub.web.management.commands.reminders import begin

    assert begin(date(2026, 12, 1)) == at("12-01", "00:00")
