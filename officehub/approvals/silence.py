"""逾期视为无不同意见: where a stage says so, an answer that did not come in time is a consent, and recorded as one;
but not of a paper for which everybody's word is needed."""

import logging
from datetime import datetime
from itertools import islice

from django.db import transaction

from officehub.approvals.advance import judge
from officehub.approvals.case import hold
from officehub.approvals.decide import settle
from officehub.approvals.models import Run, Step
from officehub.approvals.plan import NobodyFound
from officehub.moves import TooLate

BATCH = 500
WORDS = "逾期未复，视为无不同意见"


def lapse(now: datetime) -> int:
    """Record the silence of every step whose time is over at a stage where it consents. Returns how many."""
    lapsed = 0
    settled = (step for step in overdue(now) if step.run.subject.approval_silence_consents())
    for step in islice(settled, BATCH):
        try:
            lapsed += _lapse(step, now)
        except TooLate:  # it was answered while we were at it
            logging.getLogger("officehub").info("step %s was answered before its silence was recorded", step.pk)
        except NobodyFound as nobody:  # whom it should go to next; it waits until the route has somebody there
            logging.getLogger("officehub").error("step %s waits in silence: %s", step.pk, nobody)
    return lapsed


def overdue(now: datetime):
    """Steps whose people kept silent; a limit that is only assumed (按推算) is not held against anybody."""
    found = Step.objects.filter(state__in=(Step.State.OPEN, Step.State.INSIDE), due_at__lt=now, due_provisional=False)
    found = found.filter(stage__silence_consents=True, run__state=Run.State.RUNNING, run__parent=None)
    return found.select_related("run__parent").prefetch_related("run__subject").order_by("due_at", "id")


def _lapse(step: Step, now: datetime) -> bool:
    with transaction.atomic():
        case = hold(step.run, by=None, now=now)
        mine = case.step(step.pk, Step.State.OPEN, Step.State.INSIDE)
        if mine.due_at >= now:  # it was asked anew meanwhile
            return False
        if mine.state == Step.State.INSIDE:
            case.end_inside(mine, WORDS)
        settle(case, mine, Step.State.AGREED, Step.Manner.SILENT, "", {})
        judge(case, mine.visit)
    return True
