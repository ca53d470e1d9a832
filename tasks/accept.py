"""签收、分派、退回: how a task comes into the hands of whoever does it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.moves import TooLate, move
from officehub.people.models import Person
from officehub.workdays.arithmetic import chosen
from tasks.asking import (
    ACCEPT,
    ALLOCATE,
    DO,
    LEADS,
    MILESTONE,
    REASSIGN,
    ask,
    done,
    hold,
    hold_line,
    must_be_asked,
    news,
)
from tasks.extending import lapse
from tasks.models import Participation, Task
from tasks.seats import lead_of, seat
from tasks.who import answer_for, is_doer_of, show_above

STATE = Task.State


def allocate(task: Task, person: Person, *, by: Person, now: datetime) -> Task:
    """分派: the unit's head says who does it; whoever names themselves has taken it with that."""
    with transaction.atomic():
        held = hold(task)
        if held.state != STATE.ASSIGNED or held.lead_person_id:
            raise TooLate(held, "allocate")
        must_be_asked(held, ALLOCATE, by, "allocate")
        _refuse_unfit(held, person)
        lead_of(held).update(person=person)
        done(held, [ALLOCATE], "已分派", now)
        facts = {"person": person.name, "unit": held.lead_unit.name}
        if person.pk == by.pk:
            _taken(held, by, now, facts, lead_person=person)
        else:
            event = move(held, "allocate", by=by, now=now, facts=facts, lead_person=person)
            ask(held, ACCEPT, [person], now, seq=event.seq)
    return held


def _refuse_unfit(task: Task, person: Person) -> None:
    if task.lead_unit and not is_doer_of(person, task.lead_unit):
        said = {"name": person.name, "department": task.lead_unit.name}
        raise DecisionRefused([gettext("%(name)s不在%(department)s，不能作承办人。") % said])
    if person.pk == task.verifier_id:
        raise DecisionRefused(["核验人不能是承办人本人，请另选承办人。"])


def accept(task: Task, *, by: Person, now: datetime) -> Task:
    """签收: whoever was named takes the task. `TooLate` when it went to another meanwhile."""
    with transaction.atomic():
        held = hold(task)
        if held.lead_person_id != by.pk:
            raise TooLate(held, "accept")
        _taken(held, by, now, {"person": by.name})
    return held


def _taken(task: Task, by: Person, now: datetime, facts: dict, **changes) -> None:
    event = move(task, "accept", by=by, now=now, facts=facts, **changes)
    lead_of(task).update(state=Participation.State.ACCEPTED, accepted_at=now)
    done(task, [ACCEPT], "已签收", now)
    ask(task, DO, [by], now, seq=event.seq)
    ask_milestones(task, now, event.seq)


def ask_milestones(task: Task, now: datetime, seq: int) -> None:
    """Each milestone not reached yet is an errand of its own, due when it is."""
    for one in task.milestones.filter(done_at=None):
        ask(task, MILESTONE, [task.lead_person], now, seq=f"{one.pk}:{seq}", due=chosen(one.due_at))


def send_back(task: Task, *, by: Person, now: datetime, reason: str) -> Task:
    """退回: not ours to do, with the reason, to the assigner, who gives it to another or cancels it."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(task)
        if held.state == STATE.ALLOCATED:
            return _hand_back(held, by, now, reason.strip())
        _refuse_others(held, by, "send_back")
        facts = {"reason": reason.strip(), "unit": held.lead_unit.name if held.lead_unit else ""}
        lead_of(held).update(state=Participation.State.SENT_BACK, ended_at=now, reason=reason.strip()[:500])
        changes = {"reason": reason.strip()[:500], "lead_unit": None, "lead_person": None}
        event = move(held, "send_back", by=by, now=now, facts=facts, **changes)
        done(held, LEADS, "已退回", now)
        ask(held, REASSIGN, [held.assigner], now, seq=event.seq)
        said = {"who": by.name, "reason": reason.strip()}
        news("sent_back", held, [held.assigner], now, seq=event.seq, **said)
        show_above(held, now)
    return held


def _refuse_others(task: Task, by: Person, wanted: str) -> None:
    """Only whoever is asked for a task that was given: the person, or the unit's head."""
    if task.state != STATE.ASSIGNED:
        raise TooLate(task, wanted)
    must_be_asked(task, ACCEPT if task.lead_person_id else ALLOCATE, by, wanted)


def _hand_back(task: Task, by: Person, now: datetime, reason: str) -> Task:
    """Whoever the head named gives it back to the head, who names another. The caller holds the task."""
    if task.lead_person_id != by.pk:
        raise TooLate(task, "hand_back")
    people = answer_for(task.lead_unit, now) if task.lead_unit else []
    if not people:
        raise DecisionRefused(["本单位现在没有负责人，不能退回；请联系交办人改派。"])
    lead_of(task).update(person=None, state=Participation.State.ASKED)
    event = move(task, "hand_back", by=by, now=now, facts={"reason": reason}, lead_person=None)
    done(task, LEADS, "已退回", now)
    ask(task, ALLOCATE, people, now, seq=event.seq)
    news("handed_back", task, people, now, seq=event.seq, by=by, who=by.name, reason=reason)
    return task


def change_lead(task: Task, person: Person, *, by: Person, now: datetime, reason: str) -> Task:
    """更换承办人: within the lead unit; the new one takes it, with all that was reported so far."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold_line(task)
        if held.state not in (STATE.ALLOCATED, STATE.IN_PROGRESS):
            raise TooLate(held, "change_lead")
        if person.pk == held.lead_person_id:
            raise DecisionRefused([gettext("承办人已是%(name)s，请另选一人。") % {"name": person.name}])
        _refuse_unfit(held, person)
        was = held.lead_person
        lapse(held, by, now)
        facts = {"was": was.name, "person": person.name, "reason": reason.strip()}
        event = move(held, "change_lead", by=by, now=now, facts=facts, lead_person=person)
        done(held, LEADS, "已更换承办人", now)
        seat(held, by, now)
        ask(held, ACCEPT, [person], now, seq=event.seq)
        news("lead_changed", held, [was], now, seq=event.seq, by=by, reason=reason.strip())
    return held
