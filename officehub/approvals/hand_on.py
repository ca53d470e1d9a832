"""Bringing others in: handing a step on, an assistant's opinion, signers before or after, people consulted.

Every function is one transaction; the same rules hold as for deciding: the step is open, one's own, on the text seen.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from officehub.approvals.advance import judge, wait_for
from officehub.approvals.case import Case, hold
from officehub.approvals.decide import DecisionRefused, NeedsReason, settle, take
from officehub.approvals.models import Advice, Permit, Run, Step
from officehub.approvals.reassigning import entitled
from officehub.approvals.standing import counted
from officehub.inbox.errands import Errand, finish_keys, give_each
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.people.models.persons import addressable
from officehub.workdays.arithmetic import Limit, Unit, limit, limit_kept

STATE = Step.State


def transfer(step: Step, to: Person, *, by, now: datetime, seen: str, reason: str) -> Run:
    """转办: the step becomes another's, in their own name; whoever waited for it waits for them."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=Permit.TRANSFER)
        _can_be_asked(case, mine, [to])
        settle(case, mine, STATE.TRANSFERRED, Step.Manner.WRITTEN, reason, {}, facts={"to": to.name})
        added = mine.origin == Step.Origin.ADDED
        origin = Step.Origin.ADDED if added else Step.Origin.TRANSFERRED
        theirs = case.renewed(mine, approver=to, acting_for=None, origin=origin)
        put_in(case, mine, theirs)
        case.ask([theirs])
    return case.run


def put_in(case: Case, before: Step, step: Step) -> None:
    """Save a step that takes the place of another: whoever waited for that one waits for it."""
    waiting = [s for s in before.visit.all_steps if s.state == STATE.WAITING and s.blocked_by_id == before.pk]
    step.save()
    before.visit.all_steps.append(step)
    wait_for(step, waiting)


def _can_be_asked(case: Case, mine: Step, people: Iterable[Person]) -> None:
    """They work here, are no administrators, and are not asked in this visit already."""
    people = list(people)
    known = set(addressable().filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True))
    here = {
        pk
        for step in mine.visit.all_steps
        if step.stands and step.state in (*Step.PENDING, *Step.CONSENTS)
        for pk in (step.approver_id, step.acting_for_id)
    }
    refused = [f"“{one.name}”不能办理公文，请另选他人。" for one in people if one.pk not in known]
    refused += [f"“{one.name}”已在本环节办理之列，请另选他人。" for one in people if one.pk in here]
    if refused or not people:
        raise DecisionRefused(refused or ["请选择人员。"])


def _not_asked_yet(mine: Step, people: list[Person]) -> None:
    """Nobody is asked for an opinion twice before they have answered."""
    asked = set(mine.advice.filter(state=Advice.State.OPEN).values_list("adviser_id", flat=True))
    if again := [f"已征求“{one.name}”的意见，请等其答复，或者先收回。" for one in people if one.pk in asked]:
        raise DecisionRefused(again)


# --- more signers ----------------------------------------------------------------------------------------------


def add_signers(
    step: Step, people: list[Person], *, before: bool, by, now: datetime, seen: str, reason: str = ""
) -> Run:
    """加签: these people sign too, one after another, before the asker decides or after. They must all be heard."""
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=Permit.ADD)
        _can_be_asked(case, mine, people)
        added = [
            case.renewed(mine, approver=person, acting_for=None, department_id=None, votes=1, origin=Step.Origin.ADDED)
            for person in people
        ]
        if before:
            _queue_before(case, mine, added)
        else:
            _queue_after(mine, added)
        names = [person.name for person in people]
        case.note("signers_added", mine, stage=mine.stage.name, people=names, before=before, reason=reason)
    return case.run


def _queue_before(case: Case, mine: Step, added: list[Step]) -> None:
    last = None
    for step in added:
        step.blocked_by, step.state = last, STATE.WAITING if last else STATE.OPEN
        step.save()
        last = step
    case.take_off([mine.key], "已加签，待他人先办")
    Step.objects.filter(pk=mine.pk, state=STATE.OPEN).update(state=STATE.WAITING, blocked_by=last, asked=mine.asked + 1)
    case.ask(added[:1])


def _queue_after(mine: Step, added: list[Step]) -> None:
    last = mine
    waiting = list(Step.objects.filter(blocked_by=mine, state=STATE.WAITING))
    for step in added:
        step.blocked_by, step.state = last, STATE.WAITING
        step.save()
        last = step
    Step.objects.filter(pk__in=[step.pk for step in waiting]).update(blocked_by=last)


def remove_signer(step: Step, removed: Step, *, by, now: datetime, reason: str) -> Run:
    """减签: somebody of the same visit need not sign after all; whoever added them may always take them off again."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        case = hold(step.run, by=by, now=now)
        mine, theirs = case.step(step.pk, STATE.OPEN, STATE.WAITING), case.step(removed.pk, *Step.PENDING)
        if mine.approver_id != by.pk or not entitled(case, mine):
            raise TooLate(case.subject, mine.stage.verb)
        _may_remove(mine, theirs)
        case.cancel([theirs], "已减签")
        Step.objects.filter(pk=theirs.pk).update(state=STATE.REMOVED, opinion=reason)
        theirs.state = STATE.REMOVED
        case.note("signer_removed", mine, stage=mine.stage.name, person=theirs.approver.name, reason=reason)
        judge(case, mine.visit)
    return case.run


def _may_remove(mine: Step, theirs: Step) -> None:
    if theirs.visit_id != mine.visit_id or theirs.pk == mine.pk:
        raise DecisionRefused(["只能减去同一环节的其他办理人。"])
    own = theirs.origin == Step.Origin.ADDED and theirs.from_step_id == mine.pk
    if not own and not mine.stage.permits_to(Permit.REMOVE):
        raise DecisionRefused([f"“{mine.stage}”环节不能减签，只能减去自己加的人。"])
    left = [step for step in counted(mine.visit.all_steps) if step.origin != Step.Origin.ADDED and step.pk != theirs.pk]
    if not left:
        raise DecisionRefused(["本环节至少要有一名流程规定的办理人，不能再减。"])


# --- opinions beside the course --------------------------------------------------------------------------------


def assist(step: Step, to: Person, *, by, now: datetime, seen: str, question: str = "") -> Advice:
    """委派: an assistant has the matter until they have given their opinion; then it is the asker's again."""
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=Permit.ASSIST)
        _can_be_asked(case, mine, [to])
        _not_asked_yet(mine, [to])
        case.take_off([mine.key], "已委派")
        if not Step.objects.filter(pk=mine.pk, state=STATE.OPEN).update(state=STATE.ASSISTED, asked=mine.asked + 1):
            raise TooLate(case.subject, mine.stage.verb)
        [advice] = ask_advice(case, mine, Advice.Sort.ASSIST, [to], question, limit_kept(mine))
    return advice


def consult(step: Step, people: list[Person], *, by, now: datetime, seen: str, question: str) -> list[Advice]:
    """征求意见: these people are asked for their opinion; nobody waits for it."""
    if not question.strip():
        raise NeedsReason
    with transaction.atomic():
        case, mine = take(step, by=by, now=now, seen=seen, needs=Permit.CONSULT)
        _can_be_asked(case, mine, people)
        _not_asked_yet(mine, people)
        due = limit(now, settings.CONSULTATION_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
        return ask_advice(case, mine, Advice.Sort.CONSULT, people, question, due)


def ask_advice(case: Case, mine: Step, sort: str, people: list[Person], question: str, due: Limit) -> list[Advice]:
    shared = {"run": case.run, "step": mine, "sort": sort, "question": question, "asked_at": case.now, **due.fields}
    asked = Advice.objects.bulk_create([Advice(adviser=person, **shared) for person in people])
    title, urgency = case.subject.approval_title(), case.subject.approval_facts().get("urgency", "")
    source = f"{case.by.name}：{question}" if question else case.subject.approval_source()
    shared = {"source": source, "urgency": urgency, **due.shown}
    given = [(Errand("advise", advice.key, title, **shared), advice.adviser, None) for advice in asked]
    give_each(given, case.subject, case.now)
    case.subject.approval_asked(people, case.now)
    for advice in asked:
        tell("approval.advise_asked", case.subject, [advice.adviser], case.now, key=advice.key, title=title,
             who=case.by.name)  # fmt: skip
    names = [person.name for person in people]
    case.note("advice_asked", mine, stage=mine.stage.name, sort=sort, people=names, question=question)
    return asked


def answer(advice: Advice, *, by, now: datetime, seen: str, text: str) -> Advice:
    """The opinion asked for; an assistant's gives the matter back to the asker."""
    if not text.strip():
        raise NeedsReason
    with transaction.atomic():
        case = hold(advice.run, by=by, now=now)
        if seen != case.text:
            raise DecisionRefused(["文稿在您打开之后有改动，请重新阅读后再答复。"])
        answered = Advice.objects.filter(pk=advice.pk, adviser=by, state=Advice.State.OPEN)
        kept = {"state": Advice.State.ANSWERED, "answered_at": now, "answer": text, "content_hash": seen}
        if not answered.update(**kept):
            raise TooLate(case.subject, "advise")
        finish_keys(case.subject, [advice.key], "已答复", now)
        case.note("advised", sort=advice.sort, answer=text, content_hash=seen)
        asker = case.step(advice.step_id, *Step.PENDING) if advice.sort == Advice.Sort.ASSIST else None
        if asker:
            _have_back(case, asker)
        else:
            _tell_asker(case, advice)
    return advice


def _have_back(case: Case, mine: Step) -> None:
    if not Step.objects.filter(pk=mine.pk, state=STATE.ASSISTED).update(state=STATE.OPEN):
        raise TooLate(case.subject, "advise")
    mine.state = STATE.OPEN
    case.ask([mine])


def _tell_asker(case: Case, advice: Advice) -> None:
    title = case.subject.approval_title()
    asker = Step.objects.select_related("approver").get(pk=advice.step_id).approver
    tell("approval.advised", case.subject, [asker], case.now, key=f"{advice.key}:answer", title=title,
         who=case.by.name)  # fmt: skip


def recall(advice: Advice, *, by, now: datetime) -> None:
    """Take the question back; what an assistant had is the asker's again."""
    with transaction.atomic():
        case = hold(advice.run, by=by, now=now)
        taken = Advice.objects.filter(pk=advice.pk, step__approver=by, state=Advice.State.OPEN)
        if not taken.update(state=Advice.State.CANCELLED):
            raise TooLate(case.subject, "advise")
        finish_keys(case.subject, [advice.key], "已收回", now)
        case.note("advice_recalled", sort=advice.sort)
        if advice.sort == Advice.Sort.ASSIST:
            _have_back(case, case.step(advice.step_id, STATE.ASSISTED))
