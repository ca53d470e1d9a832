"""Stopping and chasing a run: withdraw, suspend and resume, terminate, chase. Every function is one transaction."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from officehub.approvals.case import Case, hold
from officehub.approvals.decide import DecisionRefused, NeedsReason, run_of, take, untouched
from officehub.approvals.models import Advice, Permit, Run, Step, Visit
from officehub.approvals.plan import limit_of
from officehub.approvals.reassigning import look_again
from officehub.inbox.errands import Errand, give_each, reopen
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Role, role_holders
from officehub.workdays.arithmetic import limit_kept

STATE, RUN = Step.State, Run.State
OVERSEEING = (Role.OFFICE_DIRECTOR, Role.PRINCIPAL_LEADER)  # who may stop and chase what others sent


def oversees(subject, person) -> bool:
    """Whether somebody may stop, resume and chase a subject's run: its starter, or who runs the office."""
    if subject.approval_drafter_id() == person.pk:
        return True
    return any(person in role_holders(subject.approval_organ(), role) for role in OVERSEEING)


def chases(subject, person) -> bool:
    """Whether somebody may press for a subject's run to go on."""
    return oversees(subject, person) or person in role_holders(subject.approval_organ(), Role.SUPERVISOR)


def _held(subject, by, now: datetime, states: tuple) -> Case:
    run = run_of(subject)
    if run is None:
        raise TooLate(subject, "decide")
    return hold(run, by=by, now=now, states=states)


def withdraw(subject, *, by, now: datetime) -> Run:
    """撤回: the starter takes the subject back while nobody has decided in this round."""
    with transaction.atomic():
        case = _held(subject, by, now, (RUN.RUNNING,))
        if case.subject.approval_drafter_id() != by.pk or not untouched(case.run):
            raise TooLate(subject, "withdraw")
        _end(case, RUN.WITHDRAWN, "已撤回")
        case.note("withdrawn")
    return case.run


def terminate(subject, *, by, now: datetime, reason: str, step: Step | None = None, seen: str = "") -> Run:
    """终止: the run ends for good, with a reason. By who oversees it, or at a stage that permits it (`step`)."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        if step:
            case, _ = take(step, by=by, now=now, seen=seen, needs=Permit.TERMINATE)
            case = case.along(case.root)
        else:
            case = _held(subject, by, now, (RUN.RUNNING, RUN.SUSPENDED))
            _refuse_others(case)
        _end(case, RUN.TERMINATED, "已终止")
        case.note("terminated", reason=reason)
        case.subject.approval_terminated(case.run, by, reason, now)
    return case.run


def call_off(subject, *, by, now: datetime, reason: str) -> Run:
    """What was asked for is not wanted any more: the run ends, and nobody is asked. The room says when; the subject
    knows already, and is not told."""
    with transaction.atomic():
        case = _held(subject, by, now, (RUN.RUNNING, RUN.SUSPENDED))
        _end(case, RUN.TERMINATED, "不再需要")
        case.note("terminated", reason=reason)
    return case.run


def _end(case: Case, state: str, outcome: str) -> None:
    case.fall(case.standing, outcome)
    case.drop_advice([step for visit in case.visits for step in visit.all_steps], outcome)
    case.set_run(state, ended_at=case.now)


def _refuse_others(case: Case) -> None:
    if not oversees(case.subject, case.by):
        raise DecisionRefused(["只有拟稿人或者办公室负责人可以这样做。"])


# --- suspending --------------------------------------------------------------------------------------------------


def suspend(subject, *, by, now: datetime, reason: str) -> Run:
    """中止: nobody is asked and no time runs until it is resumed."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        case = _held(subject, by, now, (RUN.RUNNING,))
        _refuse_others(case)
        asked = [step.key for step in _open(case)] + [advice.key for advice in _open_advice(case)]
        case.take_off(asked, "已中止")
        case.set_run(RUN.SUSPENDED)
        case.note("suspended", reason=reason)
    return case.run


def resume(subject, *, by, now: datetime) -> Run:
    """恢复: whoever had it has it again, with the whole of their time."""
    with transaction.atomic():
        case = _held(subject, by, now, (RUN.SUSPENDED,))
        _refuse_others(case)
        case.set_run(RUN.RUNNING)
        case.note("resumed")
        steps = _open(case)
        for step in steps:
            step.asked += 1
            fresh = {"opened_at": now, **limit_of(step.stage, case.subject, now).fields}
            vars(step).update(fresh)
        if steps:
            Step.objects.bulk_update(steps, ["asked", *fresh])
        case.ask(steps)
        _ask_advisers_again(case)
        look_again(case)
    return case.run


def _open(case: Case) -> list[Step]:
    """Every open step of the subject, those of departments' own runs as well."""
    found = Step.objects.filter(run__subject_type=case.run.subject_type, run__subject_id=case.run.subject_id)
    found = found.filter(state=STATE.OPEN, visit__state=Visit.State.OPEN)
    return list(found.select_related("stage", "approver", "acting_for").order_by("id"))


def _open_advice(case: Case) -> list[Advice]:
    found = Advice.objects.filter(run__subject_type=case.run.subject_type, run__subject_id=case.run.subject_id)
    return list(found.filter(state=Advice.State.OPEN).select_related("adviser", "step__approver").order_by("id"))


def _ask_advisers_again(case: Case) -> None:
    given = []
    for advice in _open_advice(case):
        source, limit = f"{advice.step.approver.name}：{advice.question}", limit_kept(advice).shown
        reopen(WorkItem.objects.of(case.subject).filter(key=advice.key), case.now, **limit)
        errand = Errand("advise", advice.key, case.subject.approval_title(), source, **limit)
        given.append((errand, advice.adviser, None))
    give_each(given, case.subject, case.now)


# --- chasing -----------------------------------------------------------------------------------------------------


def chase(subject, *, by, now: datetime) -> list:
    """催办: whoever has it now is told once more, but nobody within the pause. Returns the people told."""
    with transaction.atomic():
        case = _held(subject, by, now, (RUN.RUNNING,))
        if not chases(subject, by):
            raise DecisionRefused(["只有拟稿人、办公室负责人或者督查员可以催办。"])
        people = {step.approver_id: step.approver for step in _open(case)}
        people |= {advice.adviser_id: advice.adviser for advice in _open_advice(case)}
        told = [person for person in people.values() if person.pk not in _chased_lately(case, people)]
        if not told:
            hours = settings.CHASE_PAUSE_HOURS
            raise DecisionRefused([f"{hours} 小时内已催办过，请稍后再催。"])
        key = f"chase:{case.run.pk}:{now.timestamp():.0f}"
        params = {"title": subject.approval_title(), "who": by.name}
        tell("approval.chased", case.subject, told, now, key=key, sort=Notice.Sort.CHASE, **params)
        case.note("chased", people=[person.name for person in told])
    return told


def _chased_lately(case: Case, people: dict) -> set[int]:
    since = case.now - timedelta(hours=settings.CHASE_PAUSE_HOURS)
    of_it = Notice.objects.filter(subject_type=case.run.subject_type, subject_id=case.run.subject_id)
    lately = of_it.filter(verb="approval.chased", recipient__in=people, at__gt=since)
    return set(lately.values_list("recipient_id", flat=True))
