"""拿回: taking back one's own last decision while nobody has opened what followed from it."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from officehub.approvals.case import Case, hold
from officehub.approvals.decide import run_of
from officehub.approvals.models import Advice, Run, Step, Visit
from officehub.approvals.plan import stages_of
from officehub.approvals.reassigning import entitled, look_again
from officehub.approvals.standing import predecessors
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate

STATE = Step.State
UNTOUCHED = (STATE.OPEN, STATE.WAITING, STATE.INSIDE, STATE.CANCELLED)
UNSAID = (Step.Manner.MERGED, Step.Manner.CARRIED)  # agreed without anybody having said anything
AFTER = (Run.State.RUNNING, Run.State.RETURNED, Run.State.AGREED)


def may_take_back(subject, person) -> Step | None:
    """The decision this person could take back now; None when there is none, or it is too late."""
    run = run_of(subject)
    if run is None or run.state not in AFTER:
        return None
    mine = _last(run, person)
    return mine if mine and not _too_late(subject, run, mine) else None


def _last(run: Run, person) -> Step | None:
    """Their last decision of the round, if nothing of theirs came after it."""
    theirs = Step.objects.filter(run=run, round=run.round, approver=person, manner__in=("written", "circled"))
    last = theirs.filter(decided_at__isnull=False).order_by("-decided_at", "-id").select_related("visit", "stage")
    step = last.first()
    return step if step and step.state in (STATE.AGREED, STATE.DISAGREED, STATE.RETURNED) and step.stands else None


def take_back(step: Step, *, by, now: datetime) -> Run:
    """Undo exactly what the decision brought about; the decision stays on record as taken back, and the step is open
    again. `TooLate` when somebody has opened, decided or changed what followed."""
    with transaction.atomic():
        case = hold(step.run, by=by, now=now, states=AFTER)
        step = Step.objects.select_related("stage", "visit", "approver", "acting_for").get(pk=step.pk)
        mine = _last(case.run, by)
        if mine is None or mine.pk != step.pk or not entitled(case, step) or _too_late(case.subject, case.run, step):
            raise TooLate(case.subject, "take_back")
        effects = step.effects
        if effects["run"]:
            was, case.run.carry = case.run.state, {}
            case.set_run(effects["run"], ended_at=None, carry={})
            case.subject.approval_taken_back(case.run, was, by, now)
        _undo(case, effects)
        _open_again(case, step)
        case.note("taken_back", step, stage=step.stage.name, opinion=step.opinion, id=step.pk, run=bool(effects["run"]))
        case.reread()
        look_again(case)
    return case.run


def _too_late(subject, run: Run, step: Step) -> bool:
    """Whether anything that followed has been seen, decided or changed since."""
    effects = step.effects
    if not effects or _moved_on(run, step, effects) or _joined(run, step, effects):
        return True
    if step.content_hash != subject.approval_hash():
        return True  # what would stand again was said of another text
    changed = list(Step.objects.filter(pk__in=effects["steps"]))
    if any(one.state != effects["steps"][str(one.pk)][1] for one in changed):
        return True
    opened = list(Step.objects.filter(visit__in=effects["opened"]))
    if any(_acted(one) for one in opened) or _brought_in(step, [*changed, *opened]):
        return True
    keys = [one.key for one in [*changed, *opened] if one.state == STATE.OPEN]
    seen = WorkItem.objects.of(subject).filter(key__in=keys, seen_at__isnull=False)
    return seen.exists() or (bool(effects["run"]) and not subject.approval_untouched(run, step))


def _acted(step: Step) -> bool:
    """Whether somebody has done something with a step that was opened by a decision."""
    if step.state == STATE.AGREED:
        return step.manner not in UNSAID
    return step.origin != Step.Origin.ROUTE or step.state not in UNTOUCHED


def _brought_in(mine: Step, steps: list[Step]) -> bool:
    """Whether somebody was asked for advice, or to sign too, in one of these steps since."""
    asked = Advice.objects.filter(step__in=steps, asked_at__gt=mine.decided_at)
    return (
        asked.exists()
        or Step.objects.filter(from_step__in=steps, origin=Step.Origin.ADDED, opened_at__gt=mine.decided_at).exists()
    )


def _joined(run: Run, mine: Step, effects: dict) -> bool:
    """Whether somebody else's decision has opened a stage that comes after this one since."""
    before = predecessors(stages_of(run.version_id))
    since = Visit.objects.filter(run=run, state__in=Visit.STANDING).exclude(pk__in=effects["opened"])
    since = since.filter(Q(state=Visit.State.OPEN) | Q(opened_at__gt=mine.decided_at))
    return any(mine.stage_id in before[stage] for stage in since.values_list("stage_id", flat=True))


def _moved_on(run: Run, step: Step, effects: dict) -> bool:
    """Whether the run or a visit stands otherwise than this decision left it."""
    if (run.state == Run.State.RUNNING) == bool(effects["run"]):
        return True
    gone_back = step.state == STATE.RETURNED or bool(effects["run"])
    own = Visit.State.FELL if gone_back and run.state != Run.State.AGREED else Visit.State.PASSED
    expected = own if str(step.visit_id) in effects["visits"] else Visit.State.OPEN
    opened = Visit.objects.filter(pk__in=effects["opened"])
    closed = Visit.objects.filter(pk__in=effects["visits"])
    return (
        step.visit.state != expected
        or opened.filter(state=Visit.State.FELL).exists()
        or closed.exclude(run=run).exists()  # a department's own run ended with it
    )


def _undo(case: Case, effects: dict) -> None:
    opened = [visit for visit in case.visits if visit.pk in effects["opened"]]
    case.fall(opened, "已拿回")
    for pk, was in effects["visits"].items():
        reopened = {"closed_at": None} if was == Visit.State.OPEN else {}
        Visit.objects.filter(pk=pk).update(state=was, **reopened)
    again = []
    for step in Step.objects.filter(pk__in=effects["steps"]).select_related("stage", "approver", "acting_for"):
        was, _ = effects["steps"][str(step.pk)]
        was = STATE.OPEN if was == STATE.ASSISTED else was  # the assistant was let off meanwhile
        if step.state == STATE.OPEN:
            case.take_off([step.key], "已拿回")
        step.asked += 1
        Step.objects.filter(pk=step.pk).update(state=was, asked=step.asked)
        if was == STATE.OPEN:
            again.append(step)
    case.ask(again)


def _open_again(case: Case, step: Step) -> None:
    """The old decision stays as taken back; a new step in its place is open."""
    if not Step.objects.filter(pk=step.pk, state=step.state).update(state=STATE.TAKEN_BACK, stands=False):
        raise TooLate(case.subject, "take_back")
    fresh = case.renewed(step)
    fresh.save()
    Step.objects.filter(blocked_by=step, state=STATE.WAITING).update(blocked_by=fresh)
    case.ask([fresh])
