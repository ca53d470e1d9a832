"""Running approvals follow the people: when a post, role or delegation changes, the open stages are asked anew."""

import logging
from datetime import datetime

from django.db import transaction

from officehub.approvals.advance import judge
from officehub.approvals.asked import asked_by
from officehub.approvals.case import Case, hold
from officehub.approvals.decide import entitled
from officehub.approvals.models import Run, Step, Visit
from officehub.moves import TooLate

ROUTE = Step.Origin.ROUTE
ANSWERED = (*Step.CONSENTS, Step.State.TRANSFERRED, Step.State.REMOVED)  # places that are filled already


def reassign_all(now: datetime) -> int:
    """Every running case, one by one and each in its own transaction. Returns how many moved."""
    moved = 0
    running = Run.objects.filter(state=Run.State.RUNNING).select_related("parent").order_by("id")
    for run in running.iterator(500):
        try:
            moved += reassign(run, now)
        except TooLate:  # it ended while we were at it
            logging.getLogger("officehub").info("run %s ended before it was looked at", run.pk)
    return moved


def reassign(run: Run, now: datetime) -> bool:
    """The open stages of one run are asked of those who hold them now. True if anything moved."""
    with transaction.atomic():
        case = hold(run, by=None, now=now)
        moved = [_reassign(case, visit) for visit in case.standing if visit.state == Visit.State.OPEN]
    return any(moved)


def _reassign(case: Case, visit: Visit) -> bool:
    route = [step for step in visit.all_steps if step.origin == ROUTE and step.stands]
    pending = [step for step in route if step.state in Step.PENDING]
    stale = [step for step in pending if not entitled(case, step)]
    kept = [step for step in pending if step not in stale]
    filled = {step.principal_id for step in route if step.state in ANSWERED or step in kept}
    asked = asked_by(visit.stage, case.subject, case.choice, case.now, case.run.department)
    missing = [one for one in asked if one.person.pk not in filled]
    if not (stale or missing) or not (filled or missing):
        return False  # nothing changed; or nobody holds it at all: whoever had it keeps it until somebody does
    fresh = case.steps_for(visit, missing)
    for before, step in zip(stale, fresh, strict=False):
        if before.state == Step.State.WAITING:
            step.state, step.blocked_by_id = before.state, before.blocked_by_id
    case.cancel(stale, "已改派")
    visit.all_steps += Step.objects.bulk_create(fresh)
    case.ask([step for step in fresh if step.state == Step.State.OPEN])
    _take_places(stale, fresh)
    facts = {"from": [str(step.approver) for step in stale], "to": [str(one.person) for one in missing]}
    case.note("reassigned", stage=visit.stage.name, **facts)
    judge(case, visit)
    return True


def _take_places(stale: list[Step], fresh: list[Step]) -> None:
    """Whoever waited for somebody who is gone waits for who came in their place."""
    for before, step in zip(stale, fresh, strict=False):
        Step.objects.filter(blocked_by=before, state=Step.State.WAITING).update(blocked_by=step)
