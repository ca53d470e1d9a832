"""Starting a run and deciding a step. Every function is one transaction.

The subject has `APPROVAL_FACTS` and `APPROVAL_RELATED` (what to read with it). It is asked: `approval_facts()`,
`approval_limit()`, `approval_organ()`, `approval_department()`, `approval_drafter_id()`, `approval_title()`,
`approval_source()`, `approval_hash()`, `check_decision(step, decision, by, extra, now)`, and, where it answers to
somebody, `approval_answers_to(now)`; and told:
`approval_asked(people, now)`, `approval_settled(run, by, now)`, `approval_returned(run, step, by, now)`,
`approval_terminated(run, by, reason, now)`, `approval_taken_back(run, was, by, now)`.
"""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.advance import advance, go_inside, judge, send_back
from officehub.approvals.asked import Choice
from officehub.approvals.case import Case, hold
from officehub.approvals.models import Bypass, OpinionFile, Permit, Run, Stage, Step, Visit
from officehub.approvals.plan import applying, plan, route_for, stages_of
from officehub.approvals.reassigning import entitled, look_again
from officehub.approvals.standing import on_this_text, predecessors
from officehub.moves import TooLate

MANNER, STATE = Step.Manner, Step.State
ENDED = (Run.State.RETURNED, Run.State.WITHDRAWN, Run.State.AGREED)  # from which a subject may be submitted again


class TextChanged(Exception):
    """The text is no longer the one this person was shown; nothing was decided."""


class NeedsReason(Exception):
    """A return, a dissent or a transfer without a reason (条例 第二十一条)."""


class DecisionRefused(Exception):
    """This may not be done, or not so; `sentences` say why and what to do, in the language of who is told."""

    def __init__(self, sentences: list[str]):
        self.sentences = [gettext(sentence) for sentence in sentences]
        super().__init__("；".join(self.sentences))


# --- the run of a subject --------------------------------------------------------------------------------------


def run_of(subject) -> Run | None:
    kind = ContentType.objects.get_for_model(subject)
    runs = Run.objects.filter(subject_type=kind, subject_id=subject.pk, parent=None)
    return runs.select_related("version__route").first()


def round_of(subject) -> int:
    """Which time a subject is on its way; 0 when it was never submitted."""
    run = run_of(subject)
    return run.round if run else 0


def choice_of(subject) -> Choice:
    """Whom the sender chose when the subject was last submitted."""
    run = run_of(subject)
    return Choice.of(run) if run else Choice()


def chosen_of(subject) -> list[int]:
    """The departments chosen for countersigning when the subject was last submitted."""
    return choice_of(subject).departments


def start(subject, *, by, now: datetime, chosen: Iterable[int] = (), people: dict | None = None) -> Run:
    """Begin a subject's first round, or the next one after a return, a withdrawal or a late fault.

    `chosen` are the ids of the departments that countersign; `people` the ids of those chosen for a stage, by the
    stage's id as text. A case that comes back keeps the version of the route it began with.
    """
    choice = Choice(list(chosen), people or {})
    with transaction.atomic():
        run = run_of(subject)
        case = _begun(subject, choice, by, now) if run is None else _begun_again(run, choice, by, now)
        if applying(case.stages, case.subject) <= case.passed:
            case.fall(case.standing, "重新提交")  # a submission never ends a run: somebody looks at it
        advance(case)
    return case.run


def _begun(subject, choice: Choice, by, now: datetime) -> Case:
    version = route_for(subject)
    plan(subject, version, choice, now)
    run = Run.objects.create(subject=subject, version=version, chosen=choice.kept(), started_by=by, started_at=now)
    case = hold(run, by=by, now=now)
    case.note("started", round=1, version=str(version), **run.chosen)
    return case


def standing_after(subject, choice: Choice) -> frozenset[int]:
    """The stages (by id) that would stand if a returned subject were submitted now: nobody need be asked there."""
    run = run_of(subject)
    if run is None:
        return frozenset()
    case = Case(subject, run, None, run.started_at)
    fall = _no_longer(case, choice)
    return frozenset(visit.stage_id for visit in case.standing if visit not in fall)


def _begun_again(run: Run, choice: Choice, by, now: datetime) -> Case:
    case = hold(run, by=by, now=now, states=ENDED)
    case.fall(_no_longer(case, choice), "重新提交")
    plan(case.subject, case.run.version, choice, now, without=frozenset(case.passed))
    case.run.round += 1
    case.run.chosen = choice.kept()
    case.run.carry = case.run.carry if case.run.state == Run.State.RETURNED else {}
    kept = {name: getattr(case.run, name) for name in ("round", "chosen", "carry")}
    case.set_run(Run.State.RUNNING, ended_at=None, **kept)
    vars(case).pop("choice", None)
    case.note("started", round=case.run.round, version=str(case.run.version), **case.run.chosen)
    return case


def _no_longer(case: Case, choice: Choice) -> list[Visit]:
    """Which visits do not stand in the next round: after a return those whose text or choice changed, else all."""
    if case.run.state != Run.State.RETURNED:
        return case.standing
    return [
        visit
        for visit in case.standing
        if not on_this_text(visit.stage, visit.all_steps, case.text) or _chosen_anew(case, visit.stage, choice)
    ]


def _chosen_anew(case: Case, stage: Stage, choice: Choice) -> bool:
    if stage.who in Stage.BY_CHOSEN:
        return set(choice.departments) != set(case.choice.departments)
    return stage.who == Stage.Who.SENDER and set(choice.at(stage)) != set(case.choice.at(stage))


def untouched(run: Run) -> bool:
    """Whether nobody has decided in this round yet, so that its starter may still take it back."""
    decided = Step.objects.filter(run__in=[run, *Run.objects.filter(parent__run=run)], round=run.round)
    return not decided.filter(decided_at__isnull=False, manner__in=_SAID).exists()


_SAID = (MANNER.WRITTEN, MANNER.CIRCLED, MANNER.SILENT, MANNER.INSIDE)


# --- deciding --------------------------------------------------------------------------------------------------


def agree(step: Step, *, by, now: datetime, seen: str, opinion="同意", extra: dict | None = None, files=()) -> Run:
    """`by` agrees to the text whose hash they were shown. The stage, or the whole run, moves on when that suffices."""
    return _decide(step, STATE.AGREED, MANNER.WRITTEN, by, now, seen, opinion, extra, files)


def circle(step: Step, *, by, now: datetime, seen: str, extra: dict | None = None) -> Run:
    """圈阅: consent by one's name alone (条例 第二十二条), kept as such."""
    return _decide(step, STATE.AGREED, MANNER.CIRCLED, by, now, seen, "", extra, needs=Permit.CIRCLE)


def disagree(step: Step, *, by, now: datetime, seen: str, opinion: str, files=()) -> Run:
    """`by` does not agree, and says why; the stage says whether that is recorded or returns the paper."""
    if not opinion.strip():
        raise NeedsReason
    return _decide(step, STATE.DISAGREED, MANNER.WRITTEN, by, now, seen, opinion, None, files, needs=Permit.DISAGREE)


def _decide(step, state, manner, by, now, seen, opinion, extra, files=(), needs: str = "") -> Run:
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=needs)
        settle(case, mine, state, manner, opinion, extra or {}, files)
        judge(case, mine.visit)
        keep_effects(case, mine)
    return case.run


def return_(
    step: Step, *, by, now: datetime, seen: str, reason: str, to: int | None = None, straight: bool = False, files=()
) -> Run:
    """`by` returns the paper, with a reason: to the drafter, or to an earlier stage (`to`, its id).

    `straight` asks to have it back without the stages between; the stage may have settled that already.
    """
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=Permit.RETURN)
        policy = mine.stage.after_return
        straight = policy == Stage.AfterReturn.STRAIGHT or (policy == Stage.AfterReturn.CHOICE and straight)
        target = _target(case, mine, to) if to else None
        facts = {"to": target.stage.name if target else "", "straight": straight}
        settle(case, mine, STATE.RETURNED, MANNER.WRITTEN, reason, {}, files, facts)
        if target:
            _back_to(case, mine, target, straight)
        else:
            send_back(case, mine, straight=straight)
        keep_effects(case, mine)
    return case.run


def returnable(step: Step) -> list[Stage]:
    """The earlier stages a step could be returned to beside the drafter, latest first."""
    before = predecessors(stages_of(step.run.version_id))[step.stage_id]
    passed = Visit.objects.filter(run=step.run_id, stage__in=before, state=Visit.State.PASSED)
    return [visit.stage for visit in passed.select_related("stage").order_by("-stage__order")]


def _target(case: Case, mine: Step, to: int) -> Visit:
    """The visit of an earlier stage that has passed and led to this one."""
    before = case.before[mine.stage_id]
    for visit in case.standing:
        if visit.stage_id == to and to in before and visit.state == Visit.State.PASSED:
            return visit
    raise DecisionRefused(["只能退回已经办过的前面环节，请重新选择。"])


def _back_to(case: Case, mine: Step, target: Visit, straight: bool) -> None:
    """The earlier stage is asked anew, and what came after it; when straight, only it and whoever was asked since."""
    before = case.before
    later = [visit for visit in case.standing if target.stage_id in before[visit.stage_id]]
    if straight:
        later = [visit for visit in later if visit.state == Visit.State.OPEN]
        case.root.carry = {str(visit.stage_id): visit.pk for visit in later}
    else:
        case.root.carry = {}
    Run.objects.filter(pk=case.root.pk).update(carry=case.root.carry)
    case.fall([target, *later], "已退回")
    advance(case)


# --- the parts of a decision -----------------------------------------------------------------------------------


def take(step: Step, *, by, now: datetime, seen: str, needs: str = "") -> tuple[Case, Step]:
    """Hold a step's case, and the step itself: still open, still this person's, on the text they were shown.

    `needs` is the permit the stage must give. The step is read fresh; `TooLate` when somebody was first.
    """
    case = hold(step.run, by=by, now=now)
    mine = case.step(step.pk, STATE.OPEN)
    if mine.approver_id != by.pk:
        raise TooLate(case.subject, mine.stage.verb)
    if seen != case.text:
        raise TextChanged
    if needs and not mine.stage.permits_to(needs):
        raise DecisionRefused([f"“{mine.stage}”环节不能{Permit(needs).label}。"])
    if not entitled(case, mine):
        raise DecisionRefused(["委托已到期，或者您已不再担任这一环节的职务，此件将改由现任者办理。"])
    return case, mine


def settle(
    case: Case, mine: Step, state, manner, opinion: str, extra: dict, files=(), facts: dict | None = None
) -> None:
    """Write a decision: only the first one of an open step is ever written, whatever was believed before.

    `extra` is what the form brought beside the opinion, for the subject to check; `facts` are kept as they are.
    """
    extra = {**case.subject.check_decision(mine, state, case.by, extra, case.now), **(facts or {})}
    bypass = extra.pop("bypass", None)
    kept = {"state": state, "manner": manner, "decided_at": case.now, "opinion": opinion}
    kept |= {"content_hash": case.text, "extra": extra, "effects": case.effects}
    if not Step.objects.filter(pk=mine.pk, state=mine.state).update(**kept):
        raise TooLate(case.subject, mine.stage.verb)
    case.drop_advice([mine], "已办理")
    case.take_off([mine.key], STATE(state).label)
    for name, value in kept.items():
        setattr(mine, name, value)
    OpinionFile.objects.bulk_create([OpinionFile(step=mine, stored=stored) for stored in files])
    if bypass:
        Bypass.objects.create(step=mine, by=case.by, at=case.now, **bypass)
    said = {"stage": mine.stage.name, "opinion": opinion, "content_hash": case.text, "round": mine.round}
    said |= {"manner": manner, "id": mine.pk, **extra} | ({"bypass": bypass} if bypass else {})
    case.note(state, mine, **said)


def keep_effects(case: Case, mine: Step) -> None:
    """What the decision brought about, so that it can be taken back while nobody has looked at it."""
    if any(case.effects.values()):
        Step.objects.filter(pk=mine.pk).update(effects=case.effects)


def text_changed(subject, *, by, now: datetime) -> list[Stage]:
    """The text, or what the office knows of it, was changed on its way (修改文稿), inside the same transaction.

    Exactly those consents fall whose stage wants to be asked again (文稿改动后：重新办理), and a branch that applies
    from now on begins. Returns the stages asked again.
    """
    run = run_of(subject)
    if run is None:
        raise TooLate(subject, "save")
    case = hold(run, by=by, now=now)
    again = [stage for one in [case, *case.insides()] for stage in _reopen(one)]
    look_again(case)
    return again


def _reopen(case: Case) -> list[Stage]:
    if case.run.state != Run.State.RUNNING:
        return []  # the outer visit fell, and the department's run with it
    stale = [visit for visit in case.standing if not on_this_text(visit.stage, visit.all_steps, case.text)]
    applies = applying(case.stages, case.subject)
    case.fall([visit for visit in stale if visit.state == Visit.State.PASSED], "文稿已改")
    case.fall([v for v in case.standing if v.state == Visit.State.OPEN and v.stage_id not in applies], "不再适用")
    for visit in stale:
        if visit.state == Visit.State.OPEN:
            _ask_again(case, visit)
    advance(case)
    return [visit.stage for visit in stale]


def _ask_again(case: Case, visit: Visit) -> None:
    """In a visit still open, those who answered on the old text are asked once more; what they said is kept."""
    old = [step for step in visit.all_steps if step.stands and step.state in Step.CONSENTS]
    Step.objects.filter(pk__in=[step.pk for step in old]).update(stands=False)
    for step in old:
        step.stands = False
    fresh = Step.objects.bulk_create([case.renewed(step) for step in old])
    visit.all_steps += fresh
    if visit.stage.internal:
        go_inside(case, fresh)
    case.ask([step for step in fresh if step.state == STATE.OPEN])
