"""The sweep of the ledger: what is due is sent, dropped by rule or found to be needless, each exactly once.

A batch is one transaction: rows are claimed (SKIP LOCKED on PostgreSQL, the write lock on SQLite), their state moves by
a conditional update, and the notices are written. A worker that dies has done all of it or nothing; many workers, two
beats or a clock set back meet rows that are no longer planned. Its cost follows what is due, not what is open.

What may a reminder say? The assignee has the paper before them, so theirs names it and leads to it. An escalation goes
to people who may not be allowed to see the paper: it says whose errand it is and how late, never the title, and leads
to a page of its own, which shows the title to whom the access table shows the paper.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from officehub.inbox.models import Reminder, ReminderRule, Watch
from officehub.inbox.reminders.audience import Offices
from officehub.notifications.models import Notice
from officehub.notifications.tell import hand_out
from officehub.people.models import Person

BATCH = 500
MOST_BATCHES = 200  # in one run of the job; the next goes on
LATE = timedelta(minutes=5)  # later than this a reminder is marked 补发
State, Reason, Audience = Reminder.State, Reminder.Reason, ReminderRule.Audience


@dataclass
class Fate:
    """What becomes of one row for one person (None where nobody holds the office)."""

    row: Reminder
    person: Person | None
    state: str = ""
    reason: str = ""

    @property
    def order(self) -> tuple:
        """Of two missed steps the later one is sent; at one moment the higher on the ladder."""
        return self.row.moment, self.row.rule.days, self.row.rule_id

    @property
    def of_whom(self) -> tuple[int, int | None]:
        return self.row.item_id, self.person.pk if self.person else None


def remind(now: datetime) -> int:
    """Settle whatever is due, and note that all of it is. Returns how many reminders were settled."""
    total = 0
    for _ in range(MOST_BATCHES):
        count = settle_some(now)
        total += count
        if not count:
            break
    if not Reminder.objects.due(now).exists():  # what another worker holds may still come back
        watch(now)
    return total


def watch(now: datetime) -> None:
    """Whatever was due until now is settled: lengthen the watch, or begin another after an outage."""
    last = Watch.objects.order_by("-until").first()
    if last is None or last.until < now - LATE:
        Watch.objects.create(since=now, until=now)
    else:
        Watch.objects.filter(pk=last.pk, until__lt=now).update(until=now)


def settle_some(now: datetime) -> int:
    """One batch in one transaction. Returns how many rows were claimed."""
    with transaction.atomic():
        claimed = _claim(now)
        if claimed:
            _settle(claimed, now)
    return len(claimed)


def _claim(now: datetime) -> dict[int, Reminder]:
    """Some due rows, and with them all other due rows of the same errands, so that of several the last is known."""
    rows = Reminder.objects.due(now).select_for_update(skip_locked=True, of=("self",))
    rows = rows.select_related("rule", "recipient", "item__assignee__department__organ")
    first = {row.pk: row for row in rows[:BATCH]}
    if not first:
        return {}
    others = rows.filter(item__in={row.item_id for row in first.values()}).exclude(pk__in=first)
    return first | {row.pk: row for row in others}


def _settle(claimed: dict[int, Reminder], now: datetime) -> None:
    offices = Offices(timezone.localdate(now))
    had, held = _others(claimed, now)
    taken = {(row.item_id, row.rule_id, row.moment, row.recipient_id) for row in had}
    fates = []
    for row in claimed.values():
        if row.item.done_at or row.item.due_at is None:
            fates.append(Fate(row, row.recipient, State.CANCELLED, Reason.DONE))
            continue
        people = [row.recipient] if row.recipient else offices.holders(row.rule.audience, row.item)
        new = [one for one in people if (row.item_id, row.rule_id, row.moment, one.pk) not in taken]
        nobody = Reason.SUPERSEDED if people else Reason.NOBODY  # told of that moment already, or nobody there
        fates += [Fate(row, person) for person in new] or [Fate(row, None, State.DROPPED, nobody)]
    rivals = [Fate(row, row.recipient) for row in had if row.state in Reminder.SENT]
    rivals += [
        Fate(row, person)
        for row in held
        for person in ([row.recipient] if row.recipient else offices.holders(row.rule.audience, row.item))
    ]
    _decide(fates, rivals, now)
    _write(fates, now)
    _tell([fate for fate in fates if fate.state in Reminder.SENT], now)


def _others(claimed: dict[int, Reminder], now: datetime) -> tuple[list[Reminder], list[Reminder]]:
    """Of the same errands: what was settled before, and what is due and another worker holds just now."""
    rows = Reminder.objects.filter(item__in={row.item_id for row in claimed.values()}, moment__lte=now)
    rows = rows.exclude(pk__in=claimed).exclude(state=State.CANCELLED).filter(recipient_or_due(now))
    found = list(rows.select_related("rule", "recipient", "item__assignee__department__organ"))
    return [row for row in found if row.state != State.PLANNED], [row for row in found if row.state == State.PLANNED]


def recipient_or_due(now: datetime) -> Q:
    return Q(recipient__isnull=False) | Q(state=State.PLANNED)


def _decide(fates: list[Fate], rivals: list[Fate], now: datetime) -> None:
    """Too old by its rule, overtaken by a later step to the same person, or sent; late when its moment is long gone."""
    for fate in fates:
        limit = fate.row.rule.drop_after_hours
        if not fate.state and limit is not None and now - fate.row.moment > timedelta(hours=limit):
            fate.state, fate.reason = State.DROPPED, Reason.TOO_OLD
    open_ones = [fate for fate in fates if not fate.state]
    last: dict[tuple, tuple] = {}
    for fate in [*open_ones, *rivals]:
        last[fate.of_whom] = max(last.get(fate.of_whom, fate.order), fate.order)
    for fate in open_ones:
        if fate.order < last[fate.of_whom]:
            fate.state, fate.reason = State.DROPPED, Reason.SUPERSEDED
        else:
            fate.state = State.LATE if now - fate.row.moment > LATE else State.SENT


def _write(fates: list[Fate], now: datetime) -> None:
    """Each claimed row takes its first person's fate; for every further holder of an office it gets a row beside it."""
    moved: dict[tuple[str, str], list[int]] = defaultdict(list)
    named, more = [], []
    seen: set[int] = set()
    for fate in fates:
        if fate.row.pk in seen:
            fate.row = _beside(fate, now)
            more.append(fate.row)
            continue
        seen.add(fate.row.pk)
        moved[fate.state, fate.reason].append(fate.row.pk)
        if fate.person and fate.row.recipient_id is None:
            fate.row.recipient = fate.person
            named.append(fate.row)
    Reminder.objects.bulk_update(named, ["recipient"], batch_size=BATCH)
    for (state, reason), rows in moved.items():
        changed = Reminder.objects.filter(pk__in=rows, state=State.PLANNED)
        if changed.update(state=state, reason=reason, settled_at=now) != len(rows):
            raise RuntimeError("Reminders claimed here were settled elsewhere; nothing of this batch is sent.")
    Reminder.objects.bulk_create(more, batch_size=BATCH)


def _beside(fate: Fate, now: datetime) -> Reminder:
    row = fate.row
    return Reminder(
        item=row.item, rule=row.rule, moment=row.moment, planned_at=row.planned_at, recipient=fate.person,
        state=fate.state, reason=fate.reason, settled_at=now,
    )  # fmt: skip


def _tell(fates: list[Fate], now: datetime) -> None:
    """The notices of what is sent; whoever was told of that moment before is not told again."""
    kind = ContentType.objects.get_for_model(Reminder)
    notices = [_notice(fate, kind, now) for fate in fates]
    before = told(notices)
    hand_out([one for one in notices if _which(one) not in before], now)


def told(notices: Iterable[Notice]) -> set[tuple]:
    """Which of these notices (subject, recipient and key) exist."""
    notices = list(notices)
    rows = Notice.objects.filter(
        subject_type__in={one.subject_type_id for one in notices},
        subject_id__in={one.subject_id for one in notices},
        recipient__in={one.recipient_id for one in notices},
        key__in={one.key for one in notices},
    )
    return {_which(row) for row in rows}


def _which(notice: Notice) -> tuple:
    return notice.subject_type_id, notice.subject_id, notice.recipient_id, notice.key


def _notice(fate: Fate, kind: ContentType, now: datetime) -> Notice:
    row, item = fate.row, fate.row.item
    own = row.rule.audience == Audience.ASSIGNEE
    late = "_late" if fate.state == State.LATE else ""
    said = {"step": row.rule.step, "due": said_limit(item.due_at)}
    said |= {"title": item.title} if own else {"who": str(item.assignee)}
    facts = {"item": item.pk, "rule": row.rule_id, "moment": row.moment.timestamp()}
    return Notice(
        recipient=fate.person,
        sort=Notice.Sort.REMINDER if own else Notice.Sort.ESCALATION,
        urgent=row.rule.urgent,
        verb=("reminded" if own else "escalated") + late,
        params=said | facts,
        subject_type_id=item.subject_type_id if own else kind.pk,
        subject_id=item.subject_id if own else row.pk,
        key=f"remind:{item.pk}:{row.rule_id}:{row.moment.timestamp():.0f}",
        at=now,
    )


def said_limit(limit: datetime | None) -> str:
    """The day, and the hour where the limit is not the end of the day."""
    local = timezone.localtime(limit)
    return f"{local:%Y-%m-%d}" if (local.hour, local.minute) == (23, 59) else f"{local:%Y-%m-%d %H:%M}"
