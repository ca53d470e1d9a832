"""The engine: starting a run, deciding a step, and what follows. Every function is one transaction.

The subject is asked: `approval_facts()`, `approval_limit()`, `approval_organ()`, `approval_department()`,
`approval_drafter_id()`, `approval_title()`, `approval_source()`, `content_hash()`,
`check_decision(step, decision, by, extra, now)`; and told: `approval_opened(step, now)`,
`approval_settled(run, by, now)`, `approval_returned(run, step, by, now)`.
"""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from officehub.approvals.models import Run, Stage, Step
from officehub.approvals.plan import limit_of, people_for, plan, route_for, stages_that_apply
from officehub.audit.record import record
from officehub.inbox.errands import Errand, finish, give
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.models.persons import delegation_of


class TextChanged(Exception):
    """The text is no longer the one this person was shown; nothing was decided."""


class NeedsReason(Exception):
    """A return without a reason (条例 第二十一条)."""


class DecisionRefused(Exception):
    """The subject does not let this decision be made; `sentences` say why and what to do."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__("；".join(sentences))


def run_of(subject) -> Run | None:
    kind = ContentType.objects.get_for_model(subject)
    return Run.objects.filter(subject_type=kind, subject_id=subject.pk).select_related("version__route").first()


def round_of(subject) -> int:
    """Which time a subject is on its way; 0 when it was never submitted."""
    run = run_of(subject)
    return run.round if run else 0


def chosen_of(subject) -> list[int]:
    """The departments chosen for countersigning when the subject was last submitted."""
    run = run_of(subject)
    return run.chosen["departments"] if run else []


def start(subject, *, by, now: datetime, chosen: list[int] | None = None) -> Run:
    """Begin a subject's first round, or the next one after a return; the first stage opens at once.

    A returned case keeps the version of the route it began with.
    """
    chosen = chosen or []
    with transaction.atomic():
        run = run_of(subject)
        version = run.version if run else route_for(subject)
        plan(subject, version, chosen, now)
        if run is None:
            run = Run.objects.create(
                subject=subject, version=version, chosen={"departments": chosen}, started_by=by, started_at=now
            )
        else:
            _bump(
                run,
                (Run.State.RETURNED, Run.State.WITHDRAWN, Run.State.AGREED),
                state=Run.State.RUNNING,
                round=F("round") + 1,
                chosen={"departments": chosen},
                ended_at=None,
            )
        _open_next(run, subject, after=0, by=by, now=now)
    return run


def _bump(run: Run, states: tuple, **changes) -> None:
    """Take the run's lock by changing it; `TooLate` when it is not in one of these states."""
    if not Run.objects.filter(pk=run.pk, state__in=states).update(beat=F("beat") + 1, **changes):
        raise TooLate(fresh_subject(run), "decide")
    run.refresh_from_db()


def fresh_subject(run: Run):
    """The subject as it stands now, never a copy somebody read earlier."""
    return run.subject_type.get_object_for_this_type(pk=run.subject_id)


def agree(step: Step, *, by, now: datetime, seen: str, opinion: str = "同意", extra: dict | None = None) -> Run:
    """`by` agrees to the text whose hash they were shown. The stage, or the whole run, moves on when that suffices."""
    with transaction.atomic():
        run, subject = _decide(step, Step.State.AGREED, by, now, seen, opinion, extra)
        others = run.steps.filter(round=step.round, stage=step.stage, state=Step.State.OPEN)
        if step.stage.mode == Stage.Mode.ANY:
            _cancel(others, subject, now, "他人已办")
        if not others.exists():
            _open_next(run, subject, after=step.stage.order, by=by, now=now)
    return run


def return_(step: Step, *, by, now: datetime, seen: str, reason: str) -> Run:
    """`by` returns the paper to the drafter, with a reason; every open step of the round falls."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        run, subject = _decide(step, Step.State.RETURNED, by, now, seen, reason, None)
        _cancel(_open_steps(run), subject, now, "已退回")
        _bump(run, (Run.State.RUNNING,), state=Run.State.RETURNED, ended_at=now)
        subject.approval_returned(run, step, by, now)
    return run


def withdraw(subject, *, by, now: datetime) -> Run:
    """The starter takes the subject back while nobody has decided in this round."""
    with transaction.atomic():
        run = run_of(subject)
        if run is None:
            raise TooLate(subject, "withdraw")
        _bump(run, (Run.State.RUNNING,))
        if not untouched(run):
            raise TooLate(subject, "withdraw")
        _cancel(_open_steps(run), fresh_subject(run), now, "已撤回")
        _bump(run, (Run.State.RUNNING,), state=Run.State.WITHDRAWN, ended_at=now)
    return run


def untouched(run: Run) -> bool:
    """Whether nobody has decided in this round yet, so that its starter may still take it back."""
    return not run.steps.filter(round=run.round, decided_at__isnull=False, merged=False).exists()


def _decide(step, state, by, now, seen, opinion, extra):
    """Take the run's lock, then the step's: only one decision of a step is ever the first."""
    run = step.run
    _bump(run, (Run.State.RUNNING,))
    subject = fresh_subject(run)
    if seen != subject.content_hash():
        raise TextChanged
    if not entitled(step, subject, run, now):
        raise DecisionRefused(["委托已到期，或者您已不再担任这一环节的职务，此件将改由现任者办理。"])
    extra = subject.check_decision(step, state, by, extra or {}, now)
    decided = Step.objects.filter(pk=step.pk, state=Step.State.OPEN, approver=by, round=run.round).update(
        state=state, decided_at=now, opinion=opinion, content_hash=seen, extra=extra
    )
    if not decided:
        raise TooLate(subject, step.stage.verb)
    step.refresh_from_db()
    finish(subject, step.key, step.get_state_display(), now, assignee=by)
    facts = {"stage": step.stage.name, "opinion": opinion, "content_hash": seen, "round": step.round, **extra}
    record(subject, f"approval.{state}", by=by, now=now, acting_for=step.acting_for, facts=facts)
    return run, subject


def entitled(step: Step, subject, run: Run, now: datetime) -> bool:
    """Whether the step is still this person's: the asked one holds the post or role, and the delegation is in force."""
    asked = step.acting_for or step.approver
    if step.acting_for:
        delegation = delegation_of(step.acting_for, timezone.localdate(now))
        if delegation is None or delegation.delegate_id != step.approver_id:
            return False
    return asked in people_for(step.stage, subject, run.chosen["departments"], now)


def reassign(run: Run, now: datetime) -> bool:
    """After posts, roles or delegations changed: the open stage is asked of those who hold it now. True if it moved."""
    with transaction.atomic():
        _bump(run, (Run.State.RUNNING,))
        subject = fresh_subject(run)
        steps = list(_open_steps(run).select_related("stage", "approver", "acting_for"))
        if not steps:
            return False
        stale = [step for step in steps if not entitled(step, subject, run, now)]
        stage = steps[0].stage
        people = people_for(stage, subject, run.chosen["departments"], now)
        kept = {(step.acting_for or step.approver).pk for step in steps if step not in stale}
        signed = run.steps.filter(round=run.round, stage=stage, state=Step.State.AGREED)
        kept |= {(step.acting_for or step.approver).pk for step in signed.select_related("acting_for", "approver")}
        missing = [person for person in people if person.pk not in kept]
        if not stale and not missing:
            return False
        if not kept and not missing:
            return False  # nobody holds it at all: whoever had it keeps it until somebody does
        _cancel(_open_steps(run).filter(pk__in=[step.pk for step in stale]), subject, now, "已改派")
        due, provisional = limit_of(stage, subject, now)
        for person in missing:
            _ask(subject, stage, _reopened(_step(run, stage, person, now, due, provisional)), now)
        facts = {"stage": stage.name, "from": [str(s.approver) for s in stale], "to": [str(p) for p in missing]}
        record(subject, "approval.reassigned", by=None, now=now, facts=facts)
    return True


def _reopened(step: Step) -> Step:
    """The new step, or the one this person was already asked by in this round, open once more."""
    same = Step.objects.filter(
        run=step.run, round=step.round, stage=step.stage, approver=step.approver, acting_for=step.acting_for
    ).first()
    if same is None:
        step.save()
        return step
    Step.objects.filter(pk=same.pk).update(state=Step.State.OPEN, opened_at=step.opened_at, due_at=step.due_at)
    same.refresh_from_db()
    WorkItem.objects.of(step.run.subject).filter(key=same.key, assignee=same.approver).update(done_at=None, outcome="")
    return same


def _open_steps(run: Run):
    return run.steps.filter(round=run.round, state=Step.State.OPEN)


def _cancel(steps, subject, now: datetime, outcome: str) -> None:
    """These open steps need no answer any more, nor do their errands."""
    for step in steps:
        finish(subject, step.key, outcome, now)
    steps.update(state=Step.State.CANCELLED)


def _open_next(run: Run, subject, *, after: int, by, now: datetime) -> None:
    """Open the next stage that applies and is not signed already; when there is none the run has agreed."""
    chosen = run.chosen["departments"]
    for stage in stages_that_apply(run.version, subject, chosen, now):
        if stage.order <= after:
            continue
        people = people_for(stage, subject, chosen, now)
        if not people:
            plan(subject, run.version, chosen, now)  # raises NobodyFound, which says who is lacking, by name
        if _open(run, subject, stage, people, now):
            return
    _bump(run, (Run.State.RUNNING,), state=Run.State.AGREED, ended_at=now)
    subject.approval_settled(run, by, now)


def _open(run: Run, subject, stage: Stage, people: list, now: datetime) -> bool:
    """Make the stage's steps and errands. False when those who need be asked have just signed (同一人免签)."""
    due, provisional = limit_of(stage, subject, now)
    steps = [_step(run, stage, person, now, due, provisional) for person in people]
    merged = [step for step in steps if step.merged]
    enough = merged if stage.mode == Stage.Mode.ANY else len(merged) == len(steps)
    Step.objects.bulk_create(merged if enough else steps)
    if not enough:
        for step in steps:
            if step.state == Step.State.OPEN:
                _ask(subject, stage, step, now)
    return not enough


def _step(run: Run, stage: Stage, person, now, due, provisional) -> Step:
    """One person's step, made for whoever acts for them; already agreed when that one signed the stage before."""
    delegation = delegation_of(person, timezone.localdate(now))
    step = Step(
        run=run,
        stage=stage,
        round=run.round,
        approver=delegation.delegate if delegation else person,
        acting_for=person if delegation else None,
        opened_at=now,
        due_at=due,
        due_provisional=provisional,
    )
    before = _just_signed(run, stage, step.approver, step.acting_for)
    if before:
        step.state, step.merged, step.decided_at = Step.State.AGREED, True, now
        step.content_hash, step.opinion = before.content_hash, before.opinion
    return step


def _ask(subject, stage: Stage, step: Step, now: datetime) -> None:
    errand = Errand(
        verb=stage.verb,
        key=step.key,
        title=subject.approval_title(),
        source=subject.approval_source(),
        urgency=subject.approval_facts().get("urgency", ""),
        due_at=step.due_at,
        due_provisional=step.due_provisional,
    )
    give(errand, subject, [step.approver], now, acting_for=step.acting_for)
    subject.approval_opened(step, now)
    tell("approval.asked", subject, [step.approver], now, key=step.key, title=errand.title, stage=stage.name)


def _just_signed(run: Run, stage: Stage, person, acting_for) -> Step | None:
    """The same person's agreement in the stage just before, in this round, when this stage lets it stand."""
    if not stage.merges:
        return None
    last = run.steps.filter(round=run.round, stage__order__lt=stage.order).order_by("-stage__order").first()
    if last is None:
        return None
    return run.steps.filter(
        round=run.round, stage=last.stage, approver=person, acting_for=acting_for, state=Step.State.AGREED
    ).first()
