"""离岗移交 (R60): what is still asked of somebody who leaves becomes another's, step by step and on record."""

from collections import Counter
from datetime import datetime

from officehub.approvals.advance import judge
from officehub.approvals.case import Case, hold
from officehub.approvals.hand_on import ask_advice, put_in
from officehub.approvals.models import Advice, Run, Step
from officehub.people.models import Person
from officehub.workdays.arithmetic import limit_kept

STATE = Step.State
REASON = "离岗移交"


def hand_over_steps(leaver: Person, to: Person, *, by, now: datetime) -> Counter[str]:
    """Every pending step of the leaver is the receiver's, and every opinion still asked of them; inside the hand-over's
    own transaction. Returns how many moved, by verb. What they did for somebody else goes back to that person, and
    where others are asked as well and one suffices, those have it."""
    mine = Step.objects.filter(approver=leaver, state__in=IN_HAND, run__state__in=LIVE)
    asked = Advice.objects.filter(adviser=leaver, state=Advice.State.OPEN)
    moved: Counter[str] = Counter()
    for step in mine.select_related("run__parent", "stage").order_by("id"):
        _hand_step(hold(step.run, by=by, now=now, states=LIVE), step.pk, to)
        moved[step.stage.verb] += 1
    for advice in asked.select_related("run__parent").order_by("id"):
        moved["advise"] += _hand_advice(hold(advice.run, by=by, now=now, states=LIVE), advice, to)
    return moved


LIVE = (Run.State.RUNNING, Run.State.SUSPENDED)
IN_HAND = (STATE.OPEN, STATE.WAITING, STATE.ASSISTED)  # a department's own run goes on without its head


def _hand_step(case: Case, pk: int, to: Person) -> None:
    step = case.step(pk, *IN_HAND)
    heir = step.acting_for or to
    others = [one for one in step.visit.all_steps if one.pk != pk and one.stands]
    here = {one.approver_id for one in others if one.state in (*Step.PENDING, *Step.CONSENTS)}
    served = heir.pk in here or _others_suffice(step, others)
    fresh = None if served else case.renewed(step, approver=heir, acting_for=None, origin=_origin(step))
    was, blocked_by = step.state, step.blocked_by_id
    case.cancel([step], REASON)
    if not step.acting_for:  # what was done for another is simply theirs again
        kept = {"state": STATE.TRANSFERRED, "manner": Step.Manner.HANDED, "opinion": REASON}
        Step.objects.filter(pk=pk).update(**kept, decided_at=case.now, content_hash=case.text)
        step.state = STATE.TRANSFERRED
    case.note("handed_over", step, stage=step.stage.name, step_id=pk, to=heir.name)
    if fresh:
        waits = was == STATE.WAITING
        fresh.state, fresh.blocked_by_id = (STATE.WAITING, blocked_by) if waits else (STATE.OPEN, None)
        put_in(case, step, fresh)
        case.ask([fresh] if fresh.state == STATE.OPEN and case.root.state == Run.State.RUNNING else [])
    judge(case, step.visit)


def _others_suffice(step: Step, others: list[Step]) -> bool:
    """或签: whoever else the route names has it already. An added signer must be heard themself."""
    named = [one for one in others if one.state in Step.PENDING and one.origin != Step.Origin.ADDED]
    return step.stage.mode == step.stage.Mode.ANY and step.origin != Step.Origin.ADDED and bool(named)


def _origin(step: Step) -> str:
    """Back with the one who was asked it is the route's own; with an heir it was handed on."""
    if step.acting_for or step.origin == Step.Origin.ADDED:
        return step.origin
    return Step.Origin.TRANSFERRED


def _hand_advice(case: Case, advice: Advice, to: Person) -> bool:
    if not Advice.objects.filter(pk=advice.pk, state=Advice.State.OPEN).update(state=Advice.State.CANCELLED):
        return False  # it fell with a step that was handed over just before
    case.take_off([advice.key], REASON)
    step = case.step(advice.step_id, *Step.PENDING)
    if to.pk != step.approver_id and not step.advice.filter(adviser=to, state=Advice.State.OPEN).exists():
        ask_advice(case, step, advice.sort, [to], advice.question, limit_kept(advice))
    elif advice.sort == Advice.Sort.ASSIST:
        case.set_steps([step], STATE.OPEN)
        case.ask([step])
    return True
