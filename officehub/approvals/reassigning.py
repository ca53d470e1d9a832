"""Running approvals follow the people: when a post, role or delegation changes, the open stages are asked anew."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from officehub.approvals.advance import judge, wait_for
from officehub.approvals.asked import Asked, asked_by
from officehub.approvals.case import Case, hold
from officehub.approvals.models import Run, Stage, Step, Visit
from officehub.approvals.plan import NobodyFound
from officehub.moves import TooLate

ROUTE, STATE = Step.Origin.ROUTE, Step.State
ANSWERED = (*Step.CONSENTS, STATE.TRANSFERRED, STATE.REMOVED)  # places that are filled already


def reassign_all(now: datetime) -> int:
    """Every running case, one by one and each in its own transaction. Returns how many moved."""
    moved = 0
    running = Run.objects.filter(state=Run.State.RUNNING, parent=None).order_by("id")
    for run in running.iterator(500):
        try:
            moved += reassign(run, now)
        except TooLate:  # it ended while we were at it
            logging.getLogger("officehub").info("run %s ended before it was looked at", run.pk)
        except NobodyFound as nobody:  # whom it should go to next; it stays until the route has somebody there
            logging.getLogger("officehub").error("run %s stays as it is: %s", run.pk, nobody)
    return moved


def reassign(run: Run, now: datetime) -> bool:
    """The open stages of a subject's run, and of departments' own inside it, are asked of those who hold them now.
    True if anything moved."""
    with transaction.atomic():
        return look_again(hold(run, by=None, now=now))


def look_again(case: Case) -> bool:
    """The same within a deed that asks people anew whose posts may have changed meanwhile."""
    moved = False
    for one in [case, *case.insides()]:
        for visit in list(one.standing):
            if visit.state == Visit.State.OPEN and one.run.state == Run.State.RUNNING:
                moved |= _reassign(one, visit)
    return moved


def entitled(case: Case, step: Step) -> bool:
    """Whether the step is still this person's: the asked one holds the post or role, and the delegation is in force.

    Whoever was added or had it handed on needs no post for it.
    """
    if step.acting_for:
        delegate = case.acting_for([step.acting_for]).get(step.acting_for_id)
        if delegate is None or delegate.pk != step.approver_id:
            return False
    if step.origin != Step.Origin.ROUTE:
        return True
    asked = asked_by(step.stage, case.subject, case.choice, case.now, case.run.department)
    return step.principal_id in {one.person.pk for one in asked}


@dataclass
class Places:
    """The places of an open visit, as whoever holds them now would have them."""

    case: Case
    visit: Visit
    asked: list[Asked]
    acting: dict

    @classmethod
    def of(cls, case: Case, visit: Visit) -> "Places":
        asked = asked_by(visit.stage, case.subject, case.choice, case.now, case.run.department)
        return cls(case, visit, asked, case.acting_for([one.person for one in asked]))

    def stale(self) -> list[Step]:
        """Pending steps of the route that are another's now. A place nobody holds at all keeps whom it has."""
        route = [step for step in self.visit.all_steps if step.origin == ROUTE and step.state in Step.PENDING]
        return [step for step in route if not self._right(step) and self._held(step)]

    def missing(self, stale: list[Step]) -> list[Asked]:
        """Who should be asked and is not, in whatever way, heard in this visit already."""
        filled = {step.principal_id for step in self.visit.all_steps if step not in stale and self._fills(step)}
        return [one for one in self.asked if one.person.pk not in filled]

    def _right(self, step: Step) -> bool:
        if step.principal_id not in {one.person.pk for one in self.asked}:
            return False
        if step.state == STATE.INSIDE or (step.state == STATE.ASSISTED and not step.acting_for_id):
            return True  # under way already, and in their name
        stand_in = self.acting.get(step.principal_id)
        return step.approver_id == (stand_in.pk if stand_in else step.principal_id)

    def _held(self, step: Step) -> bool:
        if self.visit.stage.who in Stage.BY_CHOSEN:
            return step.department_id in {one.department.pk for one in self.asked if one.department}
        return bool(self.asked)

    @staticmethod
    def _fills(step: Step) -> bool:
        if not step.stands:
            return False
        return step.state in Step.PENDING or step.state in (ANSWERED if step.origin == ROUTE else Step.CONSENTS)


def _reassign(case: Case, visit: Visit) -> bool:
    places = Places.of(case, visit)
    stale = places.stale()
    missing = places.missing(stale)
    if not (stale or missing):
        return False
    replaced = _pairs(stale, case.steps_for(visit, missing))
    for before, step in list(replaced):
        if before and before.state == STATE.INSIDE:
            _new_head(before, step)
            stale.remove(before)
            replaced.remove((before, step))
    _put_in_place(case, visit, stale, replaced)
    facts = {"from": [str(step.approver) for step in stale], "to": [str(one.person) for one in missing]}
    case.note("reassigned", stage=visit.stage.name, **facts)
    judge(case, visit)
    return True


def _pairs(stale: list[Step], fresh: list[Step]) -> list[tuple[Step | None, Step]]:
    """Whose place each new step takes: the same person's, else the same department's; none when it is a new place."""
    left, pairs = list(stale), []
    for step in fresh:
        same = [one for one in left if one.principal_id == step.principal_id]
        same += [one for one in left if one.department_id == step.department_id]
        before = same[0] if same else None
        if before:
            left.remove(before)
        pairs.append((before, step))
    return pairs


def _new_head(before: Step, step: Step) -> None:
    """A department's own run goes on under who heads it now."""
    before.approver, before.acting_for = step.approver, step.acting_for
    before.save(update_fields=["approver", "acting_for"])


def _put_in_place(case: Case, visit: Visit, stale: list[Step], replaced: list[tuple[Step | None, Step]]) -> None:
    last = [step for step in visit.all_steps if step.state in Step.PENDING and step not in stale][-1:]
    for before, step in replaced:
        if before and before.state == STATE.WAITING:
            step.state, step.blocked_by_id = STATE.WAITING, before.blocked_by_id
        elif before is None and visit.stage.mode == Stage.Mode.IN_ORDER and last:
            step.state, step.blocked_by = STATE.WAITING, last[0]
    case.cancel(stale, "已改派")
    fresh = Step.objects.bulk_create([step for _, step in replaced])
    visit.all_steps += fresh
    for before, step in replaced:
        if before:
            wait_for(step, [s for s in visit.all_steps if s.state == STATE.WAITING and s.blocked_by_id == before.pk])
    case.ask([step for step in fresh if step.state == STATE.OPEN])
