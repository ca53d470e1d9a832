"""Planning: what an errand's limit asks of the rules is written in the transaction that gave or moved the limit.

A circular gives thousands of errands with one limit: the moments are reckoned once for each limit, verb and urgency,
and one INSERT … SELECT multiplies them with the errands, whose ids never come here.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from officehub.inbox.models import WorkItem, WorkItemQuerySet
from officehub.inbox.reminders.models import Reminder, ReminderRule
from officehub.inbox.reminders.moments import calendar_for, moment_of

PLANNED, CANCELLED = Reminder.State.PLANNED, Reminder.State.CANCELLED
Group = tuple[str, str, datetime]  # verb, urgency and limit: errands that share them are reminded of alike
LINES = 100  # of a ground in one statement: SQLite takes no more than 500 terms of a compound SELECT

# A reminder that was cancelled when the limit moved away is planned again when it comes back; one that was sent or
# dropped is not, although its own row is another's by now (an escalation has a row for each who held the office).
# Both are asked by the errand, whatever the planner's statistics: thousands of errands may share a rule and a moment.
INSERT = """
INSERT INTO inbox_reminder (item_id, rule_id, recipient_id, moment, state, reason, planned_at)
SELECT item.id, step.rule, CASE WHEN step.own = 1 THEN item.assignee_id END, step.moment, 'planned', '', %s
FROM ({steps}) step
JOIN ({items}) item ON step.verb = item.verb AND step.urgency = item.urgency AND step.due = item.due_at
WHERE (
    SELECT COUNT(*) FROM inbox_reminder had
    WHERE had.item_id = item.id AND had.rule_id = step.rule AND had.moment = step.moment AND had.state <> 'cancelled'
) = 0
ON CONFLICT (item_id, rule_id, moment, (COALESCE(recipient_id, 0))) DO UPDATE
SET state = 'planned', reason = '', planned_at = excluded.planned_at, settled_at = NULL
WHERE inbox_reminder.state = 'cancelled'
"""
STEP = "SELECT {} AS verb, {} AS urgency, {} AS due, {} AS rule, {} AS own, {} AS moment"


def plan(rows: WorkItemQuerySet, groups: Iterable[Group], now: datetime) -> None:
    """Plan for these errands, open and with a limit, whatever the rules of today ask of each group after `now`."""
    steps = _steps(set(groups), now)
    dated = rows.filter(done_at=None).order_by().values("id", "assignee_id", "verb", "urgency", "due_at")
    items, given = dated.query.sql_with_params()
    with connection.cursor() as cursor:
        for start in range(0, len(steps), LINES):
            some = steps[start : start + LINES]
            sql = INSERT.format(steps=_ground(len(some)), items=items)
            cursor.execute(sql, [_stored(now), *[value for step in some for value in step], *given])


def replan(rows: WorkItemQuerySet, now: datetime) -> None:
    """The same for errands whose verbs and limits are not at hand."""
    dated = rows.filter(due_at__isnull=False, done_at=None).order_by()
    groups = list(dated.values_list("verb", "urgency", "due_at").distinct())
    if groups:
        plan(rows, groups, now)


def cancel(rows: WorkItemQuerySet, reason: str, now: datetime, *, ahead: bool = False) -> int:
    """Let what is left of these errands' reminders not be sent (`ahead`: only what is still to come). Returns how
    many."""
    left = Reminder.objects.filter(state=PLANNED, item__in=rows.order_by().values("pk"))
    if ahead:
        left = left.filter(moment__gt=now)
    return left.update(state=CANCELLED, reason=reason, settled_at=now)


def _steps(groups: set[Group], now: datetime) -> list[tuple]:
    """(verb, urgency, limit, rule, whether it is the assignee's own, moment) as the database takes them."""
    rules = list(ReminderRule.objects.in_force(now)) if groups else []
    if not rules:
        return []
    calendar = calendar_for(rules, [limit for _, _, limit in groups])
    steps = []
    for verb, urgency, limit in sorted(groups):
        for rule in rules:
            if rule.covers(verb, urgency) and (moment := moment_of(rule, limit, calendar)) > now:
                own = int(rule.audience == ReminderRule.Audience.ASSIGNEE)
                steps.append((verb, urgency, _stored(limit), rule.pk, own, _stored(moment)))
    return steps


def _stored(moment: datetime):
    return connection.ops.adapt_datetimefield_value(moment)


def _ground(lines: int) -> str:
    """So many lines of values as a table, with their kinds: PostgreSQL would guess text for all."""
    kinds = ["text", "text", "timestamptz", "bigint", "int", "timestamptz"]
    marks = [f"CAST(%s AS {kind})" for kind in kinds] if connection.vendor == "postgresql" else ["%s"] * len(kinds)
    return " UNION ALL ".join([STEP.format(*marks)] * lines)


def open_and_dated(**wanted) -> WorkItemQuerySet:
    return WorkItem.objects.filter(done_at=None, due_at__isnull=False, **wanted)
