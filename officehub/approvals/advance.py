"""What follows when a step was answered: the visit passes or not, the next stages open, the run ends."""

from itertools import pairwise

from officehub.approvals.asked import asked_by, lacking
from officehub.approvals.case import Case
from officehub.approvals.models import Run, Step, Visit
from officehub.approvals.plan import NobodyFound, applying, internal_version, limit_of, skipped, stages_of
from officehub.approvals.standing import Outcome, on_this_text, outcome, ready
from officehub.people.models import Person

MANNER, STATE = Step.Manner, Step.State
ENDED = (Run.State.AGREED, Run.State.RETURNED)


def judge(case: Case, visit: Visit) -> None:
    """After a step of a visit changed: see whether the visit is over; if not, those who waited for it begin."""
    result = outcome(visit.stage, visit.all_steps)
    if result is Outcome.PASSED:
        case.cancel([step for step in visit.all_steps if step.state in Step.PENDING], "他人已办")
        case.close(visit, Visit.State.PASSED)
        advance(case)
    elif result is Outcome.REFUSED:
        _refused(case, visit)
    else:
        release(case, visit)


def release(case: Case, visit: Visit) -> None:
    """Steps that waited for one which is now answered, or gone, are asked; their time begins now. Whoever waited for
    one that is gone while it waited itself, waits for whom that one waited."""
    freed = []
    for step in [one for one in visit.all_steps if one.state == STATE.WAITING]:
        before = _still_before(visit, step)
        if before is None:
            freed.append(step)
        elif before.pk != step.blocked_by_id:
            wait_for(before, [step])
    if freed:
        fresh = {"opened_at": case.now, **limit_of(visit.stage, case.subject, case.now).fields}
        Step.objects.filter(pk__in=[step.pk for step in freed]).update(**fresh)
        for step in freed:
            vars(step).update(fresh)
        case.set_steps(freed, STATE.OPEN)
        case.ask(freed)


def _still_before(visit: Visit, step: Step) -> Step | None:
    """The nearest step before a waiting one that is still pending."""
    steps = {one.pk: one for one in visit.all_steps}
    before = steps.get(step.blocked_by_id or 0)
    while before is not None and before.state not in Step.PENDING:
        before = steps.get(before.blocked_by_id or 0)
    return before


def wait_for(before: Step, steps: list[Step]) -> None:
    """These waiting steps wait for this one from now on."""
    for step in steps:
        step.blocked_by = before
    Step.objects.filter(pk__in=[step.pk for step in steps], state=STATE.WAITING).update(blocked_by=before)


def advance(case: Case) -> None:
    """Open every stage whose turn it is; when nothing that applies is left, the run has agreed.

    A stage that fell because the text was changed later on waits until whoever has the paper there is done with it.
    """
    applies = applying(case.stages, case.subject)
    while turn := _turn(case, applies):
        for stage in turn:
            if stage.pk not in {visit.stage_id for visit in case.standing}:
                open_stage(case, stage)
    if applies <= case.passed and case.run.state not in ENDED:
        _end(case, applies)


def _turn(case: Case, applies: set[int]) -> list:
    before, standing = case.before, {visit.stage_id for visit in case.standing}
    at_work = [visit.stage_id for visit in case.standing if visit.state == Visit.State.OPEN]
    turn = ready(case.stages, applies, standing, case.passed, before)
    return [stage for stage in turn if not any(stage.pk in before[later] for later in at_work)]


def open_stage(case: Case, stage) -> None:
    """Ask the people of a stage. It has passed at once when it may be left out, or when those who need be asked have
    just signed (同一人免签) or their consent of before a straight return still holds."""
    asked = asked_by(stage, case.subject, case.choice, case.now, case.run.department)
    if skipped(stage, asked, case.choice):
        _visit(case, stage, Visit.State.SKIPPED)
        return
    if missing := lacking(stage, case.subject, asked, case.choice, case.run.department):
        raise NobodyFound(missing)
    visit = _visit(case, stage, Visit.State.OPEN)
    steps = case.steps_for(visit, asked)
    steps += _added_before(case, visit, steps)
    for step in steps:
        _let_stand(case, step)
    if outcome(stage, steps) is Outcome.PASSED and _last_word(case, stage):
        for step in steps:
            _take_anew(step)
    if outcome(stage, steps) is Outcome.PASSED:
        steps = [step for step in steps if step.state == STATE.AGREED]
    visit.all_steps = Step.objects.bulk_create(steps)
    if outcome(stage, visit.all_steps) is Outcome.PASSED:
        case.close(visit, Visit.State.PASSED)
    else:
        _begin(case, visit)


def _visit(case: Case, stage, state: str) -> Visit:
    closed = None if state == Visit.State.OPEN else case.now
    visit = Visit.objects.create(
        run=case.run, stage=stage, round=case.root.round, state=state, opened_at=case.now, closed_at=closed
    )
    visit.all_steps = []
    case.visits.append(visit)
    case.effects["opened"].append(visit.pk)
    return visit


def _let_stand(case: Case, step: Step) -> None:
    """What the same person has just said of the same text stands for this step too."""
    before, manner = _carried(case, step), MANNER.CARRIED
    if before is None:
        before, manner = _just_signed(case, step), MANNER.MERGED
    if before:
        step.state, step.manner, step.decided_at = STATE.AGREED, manner, case.now
        step.content_hash, step.opinion = before.content_hash, before.opinion


def _last_word(case: Case, stage) -> bool:
    """Whether nothing that applies comes after a stage: what was said before a return never ends a run by itself."""
    return not any(stage.pk in case.before[later] for later in applying(case.stages, case.subject))


def _take_anew(step: Step) -> None:
    """Ask somebody again whose consent was carried over from before a return."""
    if step.manner == MANNER.CARRIED:
        step.state, step.manner, step.decided_at, step.content_hash, step.opinion = (
            STATE.OPEN,
            MANNER.WRITTEN,
            None,
            "",
            "",
        )


def _added_before(case: Case, visit: Visit, steps: list[Step]) -> list[Step]:
    """Whoever was added to the visit that fell by a straight return is heard in this one too: it may have been them who
    returned the paper."""
    fell = case.root.carry.get(str(visit.stage_id))
    if fell is None:
        return []
    here = {pk for step in steps for pk in (step.approver_id, step.principal_id)}
    heard = (STATE.AGREED, STATE.DISAGREED, STATE.RETURNED, STATE.CANCELLED)
    theirs = Step.objects.filter(visit=fell, origin=Step.Origin.ADDED, state__in=heard, approver__is_active=True)
    added = {step.approver_id: step for step in theirs.select_related("stage", "approver") if step.stands}
    return [case.renewed(step, visit=visit, round=visit.round) for pk, step in added.items() if pk not in here]


def _carried(case: Case, step: Step) -> Step | None:
    """Their agreement in the visit that fell when somebody returned the paper to have it straight back."""
    visit = case.root.carry.get(str(step.stage_id))
    if visit is None:
        return None
    theirs = Step.objects.filter(visit=visit, state=STATE.AGREED, stands=True)
    before = theirs.filter(approver=step.approver, acting_for=step.acting_for).first()
    return before if before and on_this_text(step.stage, [before], case.text) else None


def _just_signed(case: Case, step: Step) -> Step | None:
    """Their agreement in the stage just before, when this stage lets it stand."""
    led_here = case.before[step.stage_id]
    earlier = [v for v in case.standing if v.state == Visit.State.PASSED and v.stage_id in led_here]
    if not step.stage.merges or not earlier:
        return None
    last = max(earlier, key=lambda visit: visit.stage.order)
    for before in last.all_steps:
        same = (before.approver_id, before.acting_for_id) == (step.approver_id, step.acting_for_id)
        said = before.consented and before.manner != MANNER.CARRIED
        if said and same and before.content_hash == case.text:
            return before
    return None


def _begin(case: Case, visit: Visit) -> None:
    """Ask at once, one after another, or by way of the department's own route."""
    if visit.stage.mode == visit.stage.Mode.IN_ORDER:
        _queue(visit)
    elif visit.stage.internal:
        go_inside(case, visit.all_steps)
    case.ask([step for step in visit.all_steps if step.state == STATE.OPEN])


def _queue(visit: Visit) -> None:
    """顺序会签: each waits for the one before."""
    pending = [step for step in visit.all_steps if step.state == STATE.OPEN]
    for before, step in pairwise(pending):
        step.blocked_by, step.state = before, STATE.WAITING
    Step.objects.bulk_update(pending[1:], ["blocked_by", "state"])


def go_inside(case: Case, steps: list[Step]) -> None:
    """Each department with an internal route handles its part by it; the others' heads are asked themselves."""
    for step in steps:
        if step.state != STATE.OPEN or step.department is None:
            continue
        version = internal_version(step.department, case.subject)
        if version is None or not _asks_somebody(case, version, step.department):
            continue
        step.state = STATE.INSIDE
        Step.objects.filter(pk=step.pk).update(state=step.state)
        inside = Run.objects.create(
            subject=case.subject,
            version=version,
            parent=step,
            department=step.department,
            round=case.root.round,
            started_by=case.root.started_by,
            started_at=case.now,
        )
        advance(case.along(inside))


def _asks_somebody(case: Case, version, department) -> bool:
    """Whether an internal route has anybody to ask; where all of it may be left out, the head is asked themself."""
    stages = stages_of(version.pk)
    applies = applying(stages, case.subject)
    return any(
        asked_by(stage, case.subject, case.choice, case.now, department) or not stage.may_skip_if_nobody
        for stage in stages
        if stage.pk in applies
    )


# --- the end -----------------------------------------------------------------------------------------------------


def _end(case: Case, applies: set[int]) -> None:
    """Nothing that applies is left. What the last stage did not agree to is not agreed, however its dissent counts."""
    answered = [visit for visit in case.standing if visit.state == Visit.State.PASSED]
    last = max(answered, key=lambda visit: visit.stage.order, default=None)
    if last is None:
        raise NobodyFound(["各环节都没有人办理，请系统管理员检查流程"])
    if any(step.consented and step.origin != Step.Origin.ADDED for step in last.all_steps):
        _agreed(case, applies, last)
    else:
        case.fall([last], "未通过")
        _refused(case, last)


def _agreed(case: Case, applies: set[int], last: Visit) -> None:
    case.fall([visit for visit in case.standing if visit.state == Visit.State.OPEN], "不再适用")
    case.set_run(Run.State.AGREED, ended_at=case.now, applied=sorted(applies))
    if case.run.parent_id:
        conclude(case, STATE.AGREED)
        return
    case.drop_advice([step for visit in case.standing for step in visit.all_steps], "已办结")
    case.note("settled", content_hash=case.text)
    case.subject.approval_settled(case.run, _signer(last), case.now)


def _signer(last: Visit):
    """Whose agreement the last stage rests on, whoever's deed ended the run: neither the clock nor whoever let somebody
    off signs anything, nor whoever was added to give an opinion."""
    consents = [step for step in last.all_steps if step.consented]
    step = _last_of([step for step in consents if step.origin != Step.Origin.ADDED] or consents)
    return Person.objects.get(pk=step.extra["by"]) if step.manner == MANNER.INSIDE else step.approver


def _refused(case: Case, visit: Visit) -> None:
    """A dissent that returns the paper: the department disagrees, or the drafter has it back."""
    last = _last_of([step for step in visit.all_steps if step.state == STATE.DISAGREED])
    if case.run.parent_id:
        case.fall([one for one in case.standing if one.state == Visit.State.OPEN], "已有不同意见")
        case.set_run(Run.State.AGREED, ended_at=case.now)
        conclude(case, STATE.DISAGREED)
    else:
        send_back(case, last, straight=visit.stage.after_return == visit.stage.AfterReturn.STRAIGHT)


def conclude(case: Case, state: str) -> None:
    """A department's own run is over: what it came to is the department's opinion in the outer run, on the text as it
    stands: what was said of an earlier one, its own route lets stand."""
    said = [step for visit in case.visits for step in visit.all_steps if step.stands and step.state in Step.CONSENTS]
    last = _last_of([step for step in said if step.state == state] or said)
    outer = case.along(case.root)
    step = outer.step(case.run.parent_id or 0, STATE.INSIDE)
    step.state, step.manner, step.decided_at, step.opinion = state, MANNER.INSIDE, case.now, last.opinion or "同意"
    step.content_hash, step.extra = case.text, {"inside": case.run.pk, "by": last.approver_id}
    step.save(update_fields=["state", "manner", "decided_at", "opinion", "content_hash", "extra"])
    judge(outer, step.visit)


def _last_of(steps: list[Step]) -> Step:
    """The latest of some steps that stand."""
    return max((step for step in steps if step.stands), key=lambda step: (step.decided_at or step.opened_at, step.pk))


def send_back(case: Case, step: Step, *, straight: bool) -> None:
    """The paper goes back to its drafter. With `straight` what others have agreed to stands, as long as the text does,
    so that it comes straight back to the returner; else all are asked again."""
    outer = case.along(case.root) if case.run.parent_id else case
    open_visits = [visit for visit in outer.standing if visit.state == Visit.State.OPEN]
    carry = {str(visit.stage_id): visit.pk for visit in open_visits} if straight else {}
    outer.fall(open_visits if straight else outer.standing, "已退回")
    outer.drop_advice([s for visit in outer.visits for s in visit.all_steps], "已退回")
    outer.set_run(Run.State.RETURNED, ended_at=case.now, carry=carry)
    outer.note("sent_back", stage=step.stage.name, straight=straight)
    outer.subject.approval_returned(outer.run, step, case.by, case.now)
