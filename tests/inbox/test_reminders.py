"""The ledger of reminders: planned with its cause, cancelled with it, sent once to whom it concerns that day."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from officehub.inbox.errands import Errand, close, finish, give, redate, reopen
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import LimitChange, Reminder, ReminderRule, Watch, WorkItem
from officehub.notifications.models import Notice
from officehub.notifications.remind import remind
from officehub.people.models import Role, RoleHolding
from officehub.workdays.arithmetic import due_at


@pytest.fixture
def supervisor(cast):
    RoleHolding.objects.create(person=cast.clerk, role=Role.SUPERVISOR)
    return cast.clerk


def limit(now, days: int) -> datetime:
    return due_at(now, days, "working_days")[0]


def ask(cast, now, days=10, people=None, **changes) -> None:
    errand = Errand(
        **{"verb": "review", "key": "step:1", "title": "关于供暖的请示", "due_at": limit(now, days), **changes}
    )
    give(errand, cast.office, people or [cast.drafter], now)


def ledger(state="planned") -> list[tuple]:
    """Day, step and to whom, as the ledger has it."""
    rows = Reminder.objects.filter(state=state).order_by("moment", "rule", "recipient")
    return [
        (f"{timezone.localtime(row.moment):%m-%d %H}", row.rule.offset, row.recipient.username if row.recipient else "")
        for row in rows.select_related("rule", "recipient")
    ]


def at(day: str, clock="08:00") -> datetime:
    return datetime.fromisoformat(f"2026-{day}T{clock}:00+08:00")


LADDER = [
    ("12-02 08", -3, "drafter"), ("12-07 08", 0, "drafter"), ("12-08 08", 1, "drafter"), ("12-08 08", 1, ""),
    ("12-10 08", 3, ""), ("12-14 08", 5, ""),
]  # fmt: skip


def test_an_errand_with_a_limit_is_planned_by_the_ladder_in_office_hours(cast, now):
    ask(cast, now)
    assert ledger() == LADDER


def test_an_errand_without_a_limit_is_never_reminded_of(cast, now):
    ask(cast, now, due_at=None)
    assert ledger() == []


def test_moments_before_it_was_given_are_not_planned(cast, now):
    ask(cast, now, days=1)
    assert [offset for _, offset, _ in ledger()] == [0, 1, 1, 3, 5]


def test_each_rung_tells_whom_it_names_on_the_day(cast, now, supervisor):
    ask(cast, now)
    for day in ("12-02", "12-07", "12-08", "12-10", "12-14"):
        remind(at(day))
    rows = Notice.objects.filter(verb__in=["reminded", "escalated"]).order_by("at", "recipient__username")
    assert list(rows.values_list("recipient__username", "params__step", "sort")) == [
        ("drafter", "到期提醒", "reminder"), ("drafter", "今日到期", "reminder"), ("drafter", "催办", "reminder"),
        ("head", "催办", "escalation"), ("clerk", "督查催办", "escalation"),
        ("leader_in_charge", "上报分管领导", "escalation"),
    ]  # fmt: skip
    assert ledger() == []


def test_a_sweep_repeated_or_run_with_the_clock_set_back_tells_nobody_again(cast, now, supervisor):
    ask(cast, now)
    assert [remind(at("12-02")), remind(at("12-02")), remind(at("12-02") - timedelta(hours=1))] == [1, 0, 0]
    assert Notice.objects.filter(verb="reminded").count() == 1


def test_doing_it_cancels_what_is_left(cast, now):
    ask(cast, now)
    remind(at("12-02"))
    finish(cast.office, "step:1", "同意", at("12-03"))
    assert (ledger(), len(ledger("cancelled"))) == ([], 5)
    assert remind(at("12-20")) == 0


def test_another_limit_plans_anew_and_is_kept_as_a_fact(cast, now):
    ask(cast, now)
    redate(WorkItem.objects.all(), limit(now, 12), False, at("12-01"))
    assert [day for day, _, _ in ledger()] == ["12-04 08", "12-09 08", "12-10 08", "12-10 08", "12-14 08", "12-16 08"]
    change = LimitChange.objects.get()
    assert (change.at, change.due_was, change.due_is) == (at("12-01"), limit(now, 10), limit(now, 12))
    redate(WorkItem.objects.all(), limit(now, 10), False, at("12-01", "09:00"))
    assert ledger() == LADDER  # the old rows live again: there is one for each moment


def test_the_same_limit_again_changes_nothing(cast, now):
    ask(cast, now)
    assert redate(WorkItem.objects.all(), limit(now, 10), True, at("12-01")) == 1
    assert (ledger(), LimitChange.objects.count()) == (LADDER, 0)


def test_asked_again_it_is_reminded_of_again_but_never_of_a_moment_gone(cast, now):
    ask(cast, now)
    remind(at("12-02"))
    close(WorkItem.objects.all(), "已改派", at("12-02", "09:00"))
    reopen(WorkItem.objects.all(), at("12-02", "07:00"))  # by a clock set back
    assert ledger() == LADDER[1:]


def test_given_to_somebody_else_the_reminders_go_along(cast, now):
    ask(cast, now, people=[cast.clerk], verb="handle", key="handle")
    hand_over(cast.clerk, cast.stranger, by=cast.sys_admin, now=at("12-03"))
    assert ledger()[0] == ("12-07 08", 0, "stranger")
    assert {whom for _, _, whom in ledger()} == {"stranger", ""}


def test_after_an_outage_each_is_told_the_last_step_only_and_that_it_is_late(cast, now, supervisor):
    ask(cast, now)
    remind(at("12-02"))
    remind(at("12-11", "10:00"))
    assert ledger("late") == [("12-08 08", 1, "drafter"), ("12-08 08", 1, "head"), ("12-10 08", 3, "clerk")]
    assert ledger("dropped") == [("12-07 08", 0, "drafter")]
    assert Reminder.objects.get(state="dropped").reason == "superseded"
    assert set(Notice.objects.filter(at=at("12-11", "10:00")).values_list("verb", flat=True)) == {
        "reminded_late", "escalated_late",
    }  # fmt: skip


def test_what_is_too_old_by_its_rule_is_dropped_and_says_so(cast, now):
    ask(cast, now)
    remind(at("12-04", "08:01"))
    assert (ledger("dropped"), Reminder.objects.get(state="dropped").reason) == (LADDER[:1], "too_old")


def test_an_office_nobody_holds_leaves_a_row_that_says_so(cast, now):
    ask(cast, now)
    remind(at("12-10"))
    assert (ledger("dropped")[-1], Reminder.objects.get(rule__offset=3).reason) == (("12-10 08", 3, ""), "nobody")


def test_nobody_is_told_of_their_own_errand_as_their_own_head(cast, now):
    ask(cast, now, people=[cast.head])
    remind(at("12-08"))
    assert Reminder.objects.get(rule__offset=1, rule__audience="head").reason == "nobody"


def test_everybody_who_holds_the_office_is_told_once(cast, now, supervisor):
    RoleHolding.objects.create(person=cast.vetter, role=Role.SUPERVISOR)
    ask(cast, now)
    remind(at("12-10"))
    told = Notice.objects.filter(params__step="督查催办").values_list("recipient__username", flat=True)
    assert sorted(told) == ["clerk", "vetter"]


def test_rules_are_told_apart_by_verb_and_urgency(cast, now):
    ReminderRule.objects.all().delete()
    shared = {"step": "提醒", "offset": 1, "since": now}
    for verbs, all_but, urgency in (
        ([], False, "特急"),
        (["read"], False, ""),
        (["read"], True, ""),
        ([], False, "ordinary"),
    ):
        ReminderRule.objects.create(verbs=verbs, all_but=all_but, urgency=urgency, **shared)
    covered = [
        [rule.covers(*what) for rule in ReminderRule.objects.order_by("id")] for what in (("read", "特急"), ("vet", ""))
    ]
    assert covered == [[True, True, False, False], [False, False, True, True]]


def test_an_urgent_rule_in_hours_disturbs_at_night_and_another_waits_for_the_morning(cast, now):
    ReminderRule.objects.all().delete()
    for urgent in (True, False):
        ReminderRule.objects.create(step="临期", offset=-2, unit="hours", urgent=urgent, since=now)
    ask(cast, now, due_at=at("11-27", "23:00"))  # a Friday
    assert ledger() == [("11-27 21", -2, "drafter"), ("11-30 08", -2, "drafter")]


def test_the_watch_is_kept_while_the_sweep_runs_and_begins_anew_after_an_outage(cast, now):
    for minutes in (0, 1, 2, 60, 61):
        remind(now + timedelta(minutes=minutes))
    assert list(Watch.objects.order_by("id").values_list("since", "until")) == [
        (now, now + timedelta(minutes=2)), (now + timedelta(minutes=60), now + timedelta(minutes=61)),
    ]  # fmt: skip


def test_nobody_moves_a_limit_or_an_end_past_the_ledger(cast, now):
    ask(cast, now)
    for change in ({"done_at": now}, {"due_at": None}):
        with pytest.raises(RuntimeError, match="call officehub"):
            WorkItem.objects.update(**change)
    with pytest.raises(RuntimeError, match="give_each"):
        WorkItem.objects.bulk_create([])
