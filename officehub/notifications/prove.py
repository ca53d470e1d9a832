"""The proof that no reminder was lost: what should have been sent, reckoned from the facts alone, against what people
really got.

It asks neither the ledger nor the planner: only errands and the changes of their limits, the versions of the rules, the
calendar, the dated appointments and the roles with their events, and the watches that say when the sweep ran. What it
cannot know it says so: a person's department has no history, so an escalation that went to others than today's
organisation would name is `unclear`, not missing.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone

from officehub.audit.models import Event
from officehub.inbox.models import LimitChange, ReminderRule, Watch, WorkItem
from officehub.notifications.models import Notice
from officehub.people.models import Appointment, Department, Person, Post, Role, RoleHolding
from officehub.workdays.history import calendar_as_of
from officehub.workdays.models import DayChange

TOLERANCE = timedelta(minutes=5)  # between two sweeps; what is sent within it is in time
PIECE = 2_000  # errands looked at in one go
Which = tuple[int, int, int]  # errand, rule, moment in milliseconds


@dataclass(frozen=True)
class Finding:
    """One reminder of which there is something to say."""

    item: int
    rule: int
    recipient: str
    moment: str
    says: str = ""


@dataclass
class Proof:
    expected: int = 0
    sent: int = 0
    missing: list[Finding] = field(default_factory=list)
    doubled: list[Finding] = field(default_factory=list)
    unfounded: list[Finding] = field(default_factory=list)
    late: list[Finding] = field(default_factory=list)
    dropped: list[Finding] = field(default_factory=list)
    unclear: list[Finding] = field(default_factory=list)
    waiting: list[Finding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.missing or self.doubled or self.unfounded)

    def as_row(self) -> dict:
        return {"ok": self.holds, **asdict(self)}


@dataclass(frozen=True)
class Period:
    """From one moment to another an errand was open with one limit."""

    since: datetime
    limit: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class Step:
    """One rule's reminder of one errand, that fell due while the errand was open."""

    item: WorkItem
    rule: ReminderRule
    moment: datetime
    until: datetime | None  # when the errand was done or re-dated

    @property
    def which(self) -> Which:
        return self.item.pk, self.rule.pk, in_milliseconds(self.moment.timestamp())

    @property
    def order(self) -> tuple:
        days = self.rule.offset / 24 if self.rule.unit == "hours" else self.rule.offset
        return self.moment, days, self.rule.pk


def in_milliseconds(seconds: float) -> int:
    return round(seconds * 1000)


def prove(start: datetime, end: datetime, now: datetime) -> Proof:
    """Every reminder whose moment lies from `start` until before `end` (or `now`, if that is earlier)."""
    end = min(end, now)
    got, facts, proof = _received(start, end), Facts(now), Proof()
    known: set[Which] = set()
    for steps in _steps_by_item(start, end, facts):
        asked = [step for step in steps if start <= step.moment < end]
        _judge(asked, steps, got, facts, proof)
        known |= {step.which for step in asked}
    for which, people in got.items():
        if which not in known:
            proof.unfounded += [_finding(which, pk, facts) for pk, times in people.items() for _ in times]
    return proof


# --- the facts -------------------------------------------------------------------------------------------------------
class Facts:
    """Rules, calendar, watches and offices, each asked of the database once."""

    def __init__(self, now: datetime):
        self.now = now
        self.rules = list(ReminderRule.objects.order_by("id"))
        self.watches = _joined(sorted(Watch.objects.values_list("since", "until")))
        self._watch_starts = [since for since, _ in self.watches]
        self.names = dict(Person.objects.values_list("pk", "name"))
        self.active = set(Person.objects.filter(is_active=True).values_list("pk", flat=True))
        self.departments = {one.pk: one for one in Department.objects.select_related("organ")}
        self.at_work = dict(Person.objects.filter(department__isnull=False).values_list("pk", "department_id"))
        self.posts = {post.pk: post for post in Post.objects.all()}
        self.heads: dict[int, list[int]] = defaultdict(list)
        for post in self.posts.values():
            if post.is_head:
                self.heads[post.department_id].append(post.pk)
        self.appointed: dict[int, list[Appointment]] = defaultdict(list)
        for one in Appointment.objects.order_by("pk"):
            self.appointed[one.post_id].append(one)
        self.supervisors = _role_history(Role.SUPERVISOR)
        self._calendar_changed = list(DayChange.objects.order_by("at").values_list("at", flat=True).distinct())
        self._calendars: dict[int, Callable[[date], bool]] = {}
        self._moments: dict[tuple, datetime] = {}

    def rules_at(self, at: datetime) -> list[ReminderRule]:
        return [rule for rule in self.rules if rule.since <= at and (rule.until is None or rule.until > at)]

    def moment(self, rule: ReminderRule, limit: datetime, known_at: datetime) -> datetime:
        edition = bisect_right(self._calendar_changed, known_at)
        if edition not in self._calendars:
            self._calendars[edition] = calendar_as_of(known_at).is_worked
        key = rule.pk, limit, edition
        if key not in self._moments:
            self._moments[key] = _moment(rule, limit, self._calendars[edition])
        return self._moments[key]

    def handled(self, moment: datetime) -> datetime | None:
        """By when the sweep had seen to what was due at a moment; None when it has not run since."""
        at = bisect_left(self._watch_starts, moment)
        for since, until in self.watches[max(at - 1, 0) :]:
            if since <= moment <= until:
                return moment + TOLERANCE
            if since > moment:
                return since
        return None

    def holders(self, step: Step, at: datetime) -> set[int]:
        """Who was to be told, by id."""
        assignee, audience, day = step.item.assignee_id, step.rule.audience, timezone.localdate(at)
        if audience == "assignee":
            return {assignee}
        home = self.departments.get(self.at_work.get(assignee, 0))
        if home is None:
            return set()
        if audience == "head":
            found = self._holding(self.heads[home.pk], day)
        elif audience == "supervision":
            organ = home.organ.office_id or home.organ_id
            found = {pk for pk in self.supervisors(at) if pk in self.active and self._organ(pk) == organ}
        else:
            found = self._in_charge(home, day)
        return found - {assignee}

    def _organ(self, person: int) -> int | None:
        home = self.departments.get(self.at_work.get(person, 0))
        return home.organ_id if home else None

    def _in_charge(self, home: Department, day: date) -> set[int]:
        above = [self.departments[int(part)] for part in reversed(home.path.strip("/").split("/"))]
        posts = [one.leader_in_charge_id for one in above if one.leader_in_charge_id]
        if not posts:
            return set()
        backup = self.posts[posts[0]].backup_id
        return self._holding(posts[:1], day) or (self._holding([backup], day) if backup else set())

    def _holding(self, posts: Iterable[int], day: date) -> set[int]:
        held = (one for post in posts for one in self.appointed[post])
        on_day = {one.person_id for one in held if one.since <= day and (one.until is None or one.until >= day)}
        return on_day & self.active


def _joined(watches: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Two workers may each have begun a watch: what overlaps is one."""
    joined: list[tuple[datetime, datetime]] = []
    for since, until in watches:
        if joined and since <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(until, joined[-1][1])
        else:
            joined.append((since, until))
    return joined


def _role_history(role: str) -> Callable[[datetime], set[int]]:
    """Who held a role at a moment: who holds it now, with every later change that was recorded taken back."""
    today = set(RoleHolding.objects.filter(role=role).values_list("person_id", flat=True))
    people = ContentType.objects.get_for_model(Person)
    events = Event.objects.filter(subject_type=people, verb__in=["role_given", "role_taken"], facts__role=role)
    changes = list(events.order_by("-at", "-id").values_list("at", "verb", "subject_id"))

    def held(at: datetime) -> set[int]:
        found = set(today)
        for when, verb, person in changes:
            if when > at:
                (found.discard if verb == "role_given" else found.add)(person)
        return found

    return held


# --- what should have been sent ---------------------------------------------------------------------------------------
def _steps_by_item(start: datetime, end: datetime, facts: Facts) -> Iterator[list[Step]]:
    """For each errand with any in the span, all its steps: one outside may have overtaken one inside."""
    days = max((abs(rule.offset) for rule in facts.rules), default=0) * 2 + 60
    span = (start - timedelta(days=days), end + timedelta(days=days))
    near = Q(due_at__range=span)
    changed = LimitChange.objects.filter(Q(due_was__range=span) | Q(due_is__range=span)).values("item")
    items = WorkItem.objects.filter(near | Q(pk__in=changed), opened_at__lt=end).order_by("pk")
    last = 0
    while piece := list(items.filter(pk__gt=last)[:PIECE]):
        last = piece[-1].pk
        changes: dict[int, list[LimitChange]] = defaultdict(list)
        for change in LimitChange.objects.filter(item__gte=piece[0].pk, item__lte=last).order_by("id"):
            changes[change.item_id].append(change)
        for item in piece:
            steps = [step for period in _periods(item, changes[item.pk]) for step in _of_period(item, period, facts)]
            if any(start <= step.moment < end for step in steps):
                yield steps


def _periods(item: WorkItem, changes: list[LimitChange]) -> Iterator[Period]:
    since = changes[0].opened_was if changes else item.opened_at
    for change in changes:
        yield Period(since, change.due_was, min(filter(None, (change.done_was, change.at))))
        since = change.at
    yield Period(since, item.due_at, item.done_at)


def _of_period(item: WorkItem, period: Period, facts: Facts) -> Iterator[Step]:
    if period.limit is None:
        return
    for rule in facts.rules_at(period.since):
        named = not rule.verbs or (item.verb in rule.verbs) != rule.all_but
        if named and rule.urgency in ("", item.urgency or "ordinary"):
            moment = facts.moment(rule, period.limit, period.since)
            if period.since < moment and (period.until is None or moment < period.until):
                yield Step(item, rule, moment, period.until)


def _moment(rule: ReminderRule, limit: datetime, worked: Callable[[date], bool]) -> datetime:
    local = timezone.localtime(limit)
    if rule.unit == "hours":
        local += timedelta(hours=rule.offset)
    else:
        day, left, onward = local.date(), abs(rule.offset), timedelta(days=1 if rule.offset > 0 else -1)
        while left:
            day += onward
            left -= worked(day)
        local = datetime.combine(day, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)
    if rule.urgent:
        return local
    while not (worked(local.date()) and settings.CHASE_FROM_HOUR <= local.hour < settings.CHASE_UNTIL_HOUR):
        early = worked(local.date()) and local.hour < settings.CHASE_FROM_HOUR
        day = local.date() if early else local.date() + timedelta(days=1)
        local = datetime.combine(day, time(settings.CHASE_FROM_HOUR), tzinfo=local.tzinfo)
    return local


# --- what people got --------------------------------------------------------------------------------------------------
def _received(start: datetime, end: datetime) -> dict[Which, dict[int, list[datetime]]]:
    """The moments at which each person was told of each step whose moment lies in the span."""
    rows = Notice.objects.filter(sort__in=[Notice.Sort.REMINDER, Notice.Sort.ESCALATION], at__gte=start)
    got: dict[Which, dict[int, list[datetime]]] = defaultdict(lambda: defaultdict(list))
    first, last = in_milliseconds(start.timestamp()), in_milliseconds(end.timestamp())
    for person, at, said in rows.values_list("recipient_id", "at", "params").iterator(PIECE):
        if {"item", "rule", "moment"} <= said.keys():
            moment = in_milliseconds(said["moment"])
            if first <= moment < last:
                got[said["item"], said["rule"], moment][person].append(at)
    return got


def _judge(asked: list[Step], steps: list[Step], got, facts: Facts, proof: Proof) -> None:
    """One errand: each of the steps asked about, for each person it was for."""
    meant = {}
    for step in steps:
        told = got.get(step.which, {})
        seen_to = min((at for times in told.values() for at in times), default=None)
        handled = seen_to or facts.handled(step.moment)
        meant[step.which] = facts.holders(step, handled or facts.now)
    for step in asked:
        people, told = meant[step.which], got.get(step.which, {})
        if not people and not told:
            proof.dropped.append(_finding(step.which, None, facts, "无人任此职"))
        lacking, others = people - told.keys(), told.keys() - people
        proof.expected += len(people)
        for person in sorted(people & told.keys()):
            _received_by(step, person, told[person], facts, proof)
        for person in sorted(others):
            where = proof.unfounded if step.rule.audience == "assignee" else proof.unclear
            where.append(_finding(step.which, person, facts, "现任名单之外的人收到"))
        for person in sorted(lacking):
            reason = _excused(step, person, steps, meant, facts)
            if reason:
                proof.dropped.append(_finding(step.which, person, facts, reason))
            elif facts.now - step.moment <= TOLERANCE and facts.handled(step.moment) is None:
                proof.waiting.append(_finding(step.which, person, facts))
            elif others and step.rule.audience != "assignee":
                proof.unclear.append(_finding(step.which, person, facts, "当时由他人任此职，无从核对"))
            else:
                proof.missing.append(_finding(step.which, person, facts))


def _received_by(step: Step, person: int, times: list[datetime], facts: Facts, proof: Proof) -> None:
    proof.sent += 1
    proof.doubled += [_finding(step.which, person, facts, f"第 {n} 次") for n in range(2, len(times) + 1)]
    waited = min(times) - step.moment
    if waited > TOLERANCE:
        proof.late.append(_finding(step.which, person, facts, f"迟 {waited}".split(".")[0]))


def _excused(step: Step, person: int, steps: list[Step], meant: dict, facts: Facts) -> str:
    """Why this reminder was rightly not sent; nothing when it should have been."""
    handled = facts.handled(step.moment)
    if handled is None:
        return ""
    if step.until and step.until <= handled:
        return "补发前事项已办结或改期"
    if _too_old(step, handled):
        return "超过补发期限"
    later = (one for one in steps if one.order > step.order and one.moment <= handled and not _too_old(one, handled))
    return "有更晚的提醒" if any(person in meant[one.which] for one in later) else ""


def _too_old(step: Step, handled: datetime) -> bool:
    hours = step.rule.drop_after_hours
    return hours is not None and handled - step.moment > timedelta(hours=hours)


def _finding(which: Which, person: int | None, facts: Facts, says: str = "") -> Finding:
    item, rule, moment = which
    name = facts.names.get(person, str(person)) if person else ""
    at = datetime.fromtimestamp(moment / 1000, tz=timezone.get_current_timezone())
    return Finding(item, rule, name, at.isoformat(timespec="minutes"), says)
