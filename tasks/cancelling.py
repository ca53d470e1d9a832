"""撤销 and 恢复: a task that is not wanted any more ends with all its parts, and everybody who had it is told."""

from datetime import datetime

from django.db import transaction

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.moves import TooLate, move
from officehub.people.models import Person
from tasks.asking import REASSIGN, all_done, ask, hold, hold_line, hold_pks, news
from tasks.extending import lapse
from tasks.models import Participation, Task
from tasks.splitting import line_below

STATE = Task.State
DISCARDED = "草稿作废"


def cancel(task: Task, *, by: Person, now: datetime, reason: str) -> list[Task]:
    """撤销, with the reason, of a task and every part of it that is still open. Returns the tasks that ended."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        whole = hold(task)
        if whole.state in Task.ENDED:
            raise TooLate(whole, "cancel")
        below = _hold_below(whole)
        parts = Task.objects.filter(pk__in=below).exclude(state__in=Task.ENDED).order_by("-depth", "pk")
        return [_cancel_one(one, by, now, reason.strip()) for one in [*parts, whole]]


def _hold_below(whole: Task) -> list[int]:
    """Every task below, held. Whoever splits a part meanwhile holds that part: while we wait for it, it may get parts
    of its own, so we look again until there is nothing new."""
    held: list[int] = []
    while len(below := line_below(whole)) > len(held):
        hold_pks(below)
        held = below
    return held


def _cancel_one(task: Task, by: Person, now: datetime, reason: str) -> Task:
    held = hold(task)
    lapse(held, by, now)
    event = move(held, "cancel", by=by, now=now, facts={"reason": reason}, reason=reason[:500])
    live = Participation.objects.filter(task=held, state__in=["asked", "accepted"])
    live.update(state=Participation.State.WITHDRAWN, ended_at=now)
    people = {one.pk: one for one in [*all_done(held, "任务已撤销", now), held.lead_person, held.responsible] if one}
    news("cancelled", held, people.values(), now, seq=event.seq, by=by, who=by.name, reason=reason)
    return held


def discard(task: Task, *, by: Person, now: datetime) -> Task:
    """A draft that nobody was asked for is put away."""
    with transaction.atomic():
        held = hold(task)
        if held.state != STATE.DRAFT:
            raise TooLate(held, "cancel")
        return _cancel_one(held, by, now, DISCARDED)


def restore(task: Task, *, by: Person, now: datetime) -> Task:
    """恢复: a cancelled task is the assigner's again, to be given anew; a draft that was put away is a draft again."""
    with transaction.atomic():
        held = hold_line(task)
        if held.state != STATE.CANCELLED:
            raise TooLate(held, "restore")
        if held.parent is not None and held.parent.state != STATE.IN_PROGRESS:
            raise DecisionRefused(["上级任务不在办理中，请先恢复或重新办理上级任务。"])
        if held.seq is None:
            move(held, "restore_draft", by=by, now=now, reason="")
            return held
        changes = {"reason": held.reason, "lead_unit": None, "lead_person": None}
        event = move(held, "restore", by=by, now=now, **changes)
        ask(held, REASSIGN, [held.assigner], now, seq=event.seq)
    return held
