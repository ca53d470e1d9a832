"""延期: asked for before the limit passes, agreed through `approvals`; what was first given stays on record.

A limit asked for is decided under the task's own lock (`decide`, `hold` first), so that it and whatever else happens to
the task follow each other.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from officehub.approvals import decide as deciding
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.approvals.halt import call_off
from officehub.approvals.models import Step
from officehub.approvals.plan import NobodyFound
from officehub.audit.record import record
from officehub.moves import TooLate, move
from officehub.people.models import Person
from tasks.asking import follow_limit, hold, news
from tasks.limits import end_of, soon
from tasks.models import Extension, Task
from tasks.splitting import refuse_out_of_line
from tasks.stock import have_extension_route
from tasks.who import other_verifier

STATE = Extension.State


def ask_extension(task: Task, *, by: Person, now: datetime, until: date, reason: str) -> Extension:
    """申请延期. Raises DecisionRefused once the limit has passed, and where nobody can be found who decides on it."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(task)
        if held.state != Task.State.IN_PROGRESS or held.lead_person_id != by.pk:
            raise TooLate(held, "ask_extension")
        if now > held.due_at:
            raise DecisionRefused(["时限已过，不能再申请延期；请抓紧办理并报告进展，或请交办人调整时限。"])
        if until <= timezone.localdate(held.due_at):
            raise DecisionRefused(["申请的日期须晚于现在的办理时限。"])
        if held.extensions.filter(state=STATE.ASKED).exists():
            raise DecisionRefused(["已有一个延期申请待批，请等批复。"])
        refuse_out_of_line(held, end_of(until))
        made = Extension.objects.create(
            task=held, until=until, reason=reason.strip()[:500], was_due_at=held.due_at,
            was_signal=held.signal(now, soon(now)), by=by, at=now,
        )  # fmt: skip
        facts = {"until": until.isoformat(), "reason": made.reason, "was": held.due_at.isoformat()}
        record(held, "ask_extension", by=by, now=now, facts=facts, held=True)
        record(made, "ask", by=by, now=now, facts=facts)
        have_extension_route(now)
        try:
            deciding.start(made, by=by, now=now)
        except NobodyFound as error:
            raise DecisionRefused(error.lacking) from error
    return made


def deciders(extension: Extension, now: datetime) -> list[Person]:
    """交办人, to whom a task answers; when that is who asks, whoever verifies it or is above the assigner."""
    found = other_verifier(extension.task, extension.by, now, first=extension.task.assigner)
    return [found] if found else []


def step_of(extension: Extension, person: Person) -> Step | None:
    """The step in which this person is asked to decide on it."""
    run = deciding.run_of(extension)
    if run is None:
        return None
    rows = Step.objects.filter(run=run, state=Step.State.OPEN, approver=person)
    return rows.select_related("run__version__route", "stage", "visit", "approver", "acting_for").first()


def decide(extension: Extension, step: Step, *, by: Person, now: datetime, seen: str, agreed: bool, words: str) -> None:
    """同意 or 不同意 (with a reason), on what was shown."""
    if not agreed and not words.strip():
        raise NeedsReason
    with transaction.atomic():
        hold(extension.task)
        if agreed:
            deciding.agree(step, by=by, now=now, seen=seen, opinion=words.strip() or "同意")
        else:
            deciding.return_(step, by=by, now=now, seen=seen, reason=words.strip())


def refuse_consent(extension: Extension, by: Person, now: datetime) -> None:
    """Raises DecisionRefused: nobody agrees to more time for themselves, not even when the request or the decision came
    to them from somebody who left; and a limit moved meanwhile is never moved back, nor to a day that is over."""
    task, end = extension.task, end_of(extension.until)
    if by.pk in (extension.by_id, task.lead_person_id):
        raise DecisionRefused(["申请人、承办人本人不能批准延期；请撤回后重新申请，由他人批准。"])
    if end <= task.due_at:
        raise DecisionRefused(["现在的时限不早于申请的日期，不必延期；请答复不同意。"])
    if end <= now:
        raise DecisionRefused(["申请延至的日期已过；请答复不同意，或请交办人调整时限。"])


def grant_it(extension: Extension, run, by: Person, now: datetime) -> None:
    """Everybody whose consent the route asks for agreed: the limit moves, and only the first one stays as it was."""
    task = hold(extension.task)
    words = _last_words(run)
    changes = {"decided_by": by, "decided_at": now, "answer": words}
    move(extension, "grant", by=by, now=now, facts={"until": extension.until.isoformat()}, **changes)
    was, end = task.due_at, end_of(extension.until)
    moved = {"due_at": end, "due_provisional": False, "extended": task.extended + 1}
    moved |= {"limit_value": None, "limit_unit": ""}
    if not Task.objects.filter(pk=task.pk, state=Task.State.IN_PROGRESS).update(**moved):
        raise TooLate(task, "extend")
    for name, value in moved.items():
        setattr(task, name, value)
    facts = {"was": was.isoformat(), "due": end.isoformat(), "words": words, "times": task.extended}
    event = record(task, "extended", by=by, now=now, facts=facts, held=True)
    follow_limit(task, now)
    day = f"{extension.until:%Y-%m-%d}"
    news("extended", task, [extension.by, task.responsible, task.assigner], now, seq=event.seq, by=by, day=day)


def _last_words(run) -> str:
    said = Step.objects.filter(run=run, decided_at__isnull=False).order_by("-decided_at", "-id").first()
    return said.opinion[:500] if said else ""


def refuse_it(extension: Extension, step: Step, by: Person, now: datetime) -> None:
    """不同意延期: the limit stays."""
    task = hold(extension.task)
    words = step.opinion[:500]
    changes = {"decided_by": by, "decided_at": now, "answer": words}
    move(extension, "refuse", by=by, now=now, facts={"reason": words}, **changes)
    event = record(task, "not_extended", by=by, now=now, facts={"words": words, "until": extension.until.isoformat()})
    news("not_extended", task, [extension.by], now, seq=event.seq, words=words)


def end_it(extension: Extension, by: Person, reason: str, now: datetime) -> None:
    """The approval was stopped for good by whoever runs the office."""
    move(extension, "lapse", by=by, now=now, facts={"reason": reason})


def withdraw_extension(extension: Extension, *, by: Person, now: datetime) -> None:
    """撤回延期申请, by whoever asked, while nobody has decided."""
    with transaction.atomic():
        task = hold(extension.task)
        if extension.by_id != by.pk:
            raise TooLate(extension, "withdraw")
        move(extension, "withdraw", by=by, now=now)
        call_off(extension, by=by, now=now, reason="申请人撤回")
        record(task, "extension_withdrawn", by=by, now=now, facts={"until": extension.until.isoformat()})


def lapse(task: Task, by: Person | None, now: datetime) -> None:
    """Nobody need decide any more on a later limit that was asked for. The caller holds the task."""
    for extension in task.extensions.filter(state=STATE.ASKED):
        move(extension, "lapse", by=by, now=now)
        call_off(extension, by=by, now=now, reason="任务已不在原承办人办理中")
