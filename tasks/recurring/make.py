"""Giving out what has fallen due, each period once; and stopping, going on, skipping."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import hold, record
from officehub.moves import move
from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.workdays.arithmetic import add
from tasks.given import give
from tasks.models import Occurrence, Recurrence, TaskTemplate
from tasks.recurring.blanks import filled, open_blanks
from tasks.recurring.dates import Planned, fallen, upcoming
from tasks.who import answer_for

LOOK_AHEAD = timedelta(days=20)  # the year's notice may move what is near; it is reckoned anew every day
LOOK_BACK = timedelta(days=370)  # what was missed for longer is let go
SHOWN = 5


def start(template: TaskTemplate, *, by: Person, now: datetime, **rule) -> Recurrence:
    """Let a template recur. Raises DecisionRefused when nothing could ever come of it."""
    made = Recurrence(template=template, by=by, made_at=now, **rule)
    _refuse_unfit(made, now)
    with transaction.atomic():
        made.save(force_insert=True)
        record(made, "start_recurrence", by=by, now=now, facts=facts_of(made))
        plan_next(made, now)
    return made


def change(recurrence: Recurrence, *, by: Person, now: datetime, **rule) -> None:
    """Another rule from now on; what was given out stays as it is."""
    with transaction.atomic():
        hold(recurrence)
        recurrence.refresh_from_db()
        for name, value in rule.items():
            setattr(recurrence, name, value)
        _refuse_unfit(recurrence, now)
        recurrence.save(update_fields=list(rule))
        record(recurrence, "change_recurrence", by=by, now=now, facts=facts_of(recurrence), held=True)
        plan_next(recurrence, now)


def _refuse_unfit(rule: Recurrence, now: datetime) -> None:
    if open_blanks(rule.template.fields):
        raise DecisionRefused(["模板中还有待填的空（【】），定期交办前请先填好。"])
    if not any(rule.template.fields.get(name) for name in ("lead_unit", "lead_person")):
        raise DecisionRefused(["模板中没有牵头单位或承办人，定期交办前请先填好。"])
    if next(upcoming(rule, timezone.localdate(now)), None) is None:
        raise DecisionRefused(["按这个设定没有一期会交办，请核对起止日期。"])


def facts_of(rule: Recurrence) -> dict:
    names = ("every", "day_by", "weekday", "month", "day", "roll", "lead_days", "catch_up")
    ends = rule.ends_on.isoformat() if rule.ends_on else ""
    kept = {name: getattr(rule, name) for name in names}
    return {**kept, "template": rule.template.name, "starts_on": rule.starts_on.isoformat(), "ends_on": ends}


def settled_periods(recurrence: Recurrence) -> frozenset[str]:
    """The periods of which something came already: given out, skipped or let go."""
    return frozenset(recurrence.occurrences.values_list("period", flat=True))


def next_times(recurrence: Recurrence, today: date, count: int = SHOWN) -> list[Planned]:
    """The next times, for the page."""
    coming = upcoming(recurrence, today, without=settled_periods(recurrence))
    return [one for one, _place in zip(coming, range(count), strict=False)]


def plan_next(recurrence: Recurrence, now: datetime) -> None:
    """Note on which day the job has to look at it again."""
    first = next(iter(next_times(recurrence, timezone.localdate(now), 1)), None)
    recurrence.next_on = first.on if first else None
    Recurrence.objects.filter(pk=recurrence.pk).update(next_on=recurrence.next_on)


# --- the job ------------------------------------------------------------------------------------------------------


def due_now(today: date):
    """Recurrences to be looked at on a day: what falls due by it, and what is near enough to be reckoned anew."""
    near = Q(next_on__lte=today + LOOK_AHEAD)
    return Recurrence.objects.filter(near, state=Recurrence.State.ACTIVE).order_by("next_on", "id")


def give_out(pk: int, now: datetime) -> int:
    """Give out whatever of one recurrence has fallen due. Returns how many tasks were made; run twice, or by two at
    once, the second finds nothing left."""
    today = timezone.localdate(now)
    with transaction.atomic():
        rows = Recurrence.objects.select_for_update(of=("self",), no_key=True).filter(state=Recurrence.State.ACTIVE)
        rule = rows.select_related("template", "by__department__organ").filter(pk=pk).first()
        if rule is None:
            return 0
        since = max(rule.starts_on, timezone.localdate(rule.made_at), today - LOOK_BACK)
        missed = fallen(rule, since, today, without=settled_periods(rule))
        kept = missed if rule.catch_up == Recurrence.CatchUp.ALL else missed[-1:]
        for one in missed[: len(missed) - len(kept)]:
            note(rule, one, Occurrence.State.MISSED, now)
        made = sum(_give_one(rule, one, today, now) for one in kept)
        plan_next(rule, now)
        _end_when_over(rule, now)
    return made


def _give_one(rule: Recurrence, one: Planned, today: date, now: datetime) -> int:
    """One period. When its task cannot be given, the reason is kept and told once, and it is tried again in an hour."""
    due = one.due if one.due >= today else add(today, max(rule.lead_days, 1)).date  # late: it has its days all the same
    fields = filled(rule.template.fields, one.period, one.due) | {"due_on": due.isoformat()}
    try:
        with transaction.atomic():
            task = give(fields, by=rule.by, now=now)
            note(rule, one, Occurrence.State.MADE, now, task=task, due_on=due)
    except DecisionRefused as error:
        said = "".join(error.sentences)[:250]
        Recurrence.objects.filter(pk=rule.pk).update(trouble=said)
        told = {"title": rule.template.name, "reason": said}
        tell("tasks.recurrence_trouble", rule, _who_hears(rule, now), now, key=f"trouble:{one.period.key}", **told)
        return 0
    if rule.trouble:
        Recurrence.objects.filter(pk=rule.pk).update(trouble="")
    return 1


def _who_hears(rule: Recurrence, now: datetime) -> list[Person]:
    """Whoever let it recur; once they have left, those who answer for their department."""
    if rule.by.is_active or rule.by.department is None:
        return [rule.by]
    return answer_for(rule.by.department, now)


def note(rule: Recurrence, one: Planned, state: str, now: datetime, *, task=None, due_on=None, by=None) -> Occurrence:
    return Occurrence.objects.create(
        recurrence=rule, period=one.period.key, due_on=due_on or one.due, state=state, task=task, by=by, at=now
    )


def _end_when_over(rule: Recurrence, now: datetime) -> None:
    if rule.next_on is None and rule.ends_on and rule.ends_on < timezone.localdate(now):
        move(rule, "end", by=rule.by, now=now, facts={"reason": "已到截止日期"})


# --- by hand --------------------------------------------------------------------------------------------------------


def pause(recurrence: Recurrence, *, by: Person, now: datetime) -> None:
    move(recurrence, "pause", by=by, now=now)


def resume(recurrence: Recurrence, *, by: Person, now: datetime) -> None:
    """Go on from today: what would have fallen due meanwhile is not made up for."""
    today = timezone.localdate(now)
    with transaction.atomic():
        move(recurrence, "resume", by=by, now=now)
        since = max(recurrence.starts_on, timezone.localdate(recurrence.made_at), today - LOOK_BACK)
        for one in fallen(recurrence, since, today, without=settled_periods(recurrence)):
            if one.on < today:
                note(recurrence, one, Occurrence.State.MISSED, now)
        plan_next(recurrence, now)


def end(recurrence: Recurrence, *, by: Person, now: datetime) -> None:
    move(recurrence, "end", by=by, now=now, next_on=None)


def skip(recurrence: Recurrence, period: str, *, by: Person, now: datetime) -> None:
    """Leave one of the next times out. Raises DecisionRefused when it is none of them (any more)."""
    with transaction.atomic():
        hold(recurrence)
        found = {one.period.key: one for one in next_times(recurrence, timezone.localdate(now))}
        if period not in found:
            raise DecisionRefused(["这一期已经交办或者跳过，请刷新后查看。"])
        note(recurrence, found[period], Occurrence.State.SKIPPED, now, by=by)
        record(recurrence, "skip_period", by=by, now=now, facts={"period": period}, held=True)
        plan_next(recurrence, now)


def unskip(recurrence: Recurrence, period: str, *, by: Person, now: datetime) -> None:
    """Take a skip back while the time is still to come."""
    with transaction.atomic():
        hold(recurrence)
        skipped = Occurrence.State.SKIPPED
        today = timezone.localdate(now)
        rows = recurrence.occurrences.filter(period=period, state=skipped, due_on__gte=today)
        if not rows.delete()[0]:
            raise DecisionRefused(["这一期没有跳过，或者已经过去。"])
        record(recurrence, "unskip_period", by=by, now=now, facts={"period": period}, held=True)
        plan_next(recurrence, now)
