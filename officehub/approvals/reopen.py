"""A fault of substance found after the last agreement: the last stage is asked once more, on the text as it is now."""

from datetime import datetime

from django.db import transaction

from officehub.approvals.advance import advance
from officehub.approvals.case import Case, hold
from officehub.approvals.decide import run_of
from officehub.approvals.models import Run, Stage, Visit
from officehub.approvals.standing import on_this_text
from officehub.moves import TooLate


def reopen(subject, *, by, now: datetime) -> list[Stage]:
    """Begin the next round of a run that has agreed, at its last stage (the sign-off); the subject's text was changed
    in the same transaction.

    Earlier consents stand where their stage lets them stand on a changed text; the others are asked first, since no
    consent is ever taken for one to a text its giver has not seen. Returns the stages asked again, the last one last.
    `NobodyFound` when a stage has nobody, `TooLate` when the run has not agreed (any more).
    """
    with transaction.atomic():
        run = run_of(subject)
        if run is None:
            raise TooLate(subject, "decide")
        case = hold(run, by=by, now=now, states=(Run.State.AGREED,))
        again = _asked_again(case)
        case.fall(again, "重新审批")
        case.run.round += 1
        case.run.carry = {}
        case.set_run(Run.State.RUNNING, ended_at=None, round=case.run.round, carry={})
        case.note("started", round=case.run.round, version=str(case.run.version), **case.run.chosen)
        advance(case)
    return [visit.stage for visit in again]


def _asked_again(case: Case) -> list[Visit]:
    """The last visit, and every one whose consents were given on another text and do not outlive it."""
    passed = [visit for visit in case.standing if visit.state == Visit.State.PASSED]
    last = max(passed, key=lambda visit: visit.stage.order)
    stale = [visit for visit in passed if not on_this_text(visit.stage, visit.all_steps, case.text)]
    return sorted({visit.pk: visit for visit in [*stale, last]}.values(), key=lambda visit: visit.stage.order)
