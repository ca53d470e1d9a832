"""Running approvals follow the people: when a post, role or delegation changes, the open stages are asked anew."""

import logging
from datetime import datetime

from officehub.approvals.decide import reassign
from officehub.approvals.models import Run
from officehub.moves import TooLate


def reassign_all(now: datetime) -> int:
    """Every running case, one by one and each in its own transaction. Returns how many moved."""
    moved = 0
    for run in Run.objects.filter(state=Run.State.RUNNING).order_by("id").iterator(500):
        try:
            moved += reassign(run, now)
        except TooLate:  # it ended while we were at it
            logging.getLogger("officehub").info("run %s ended before it was looked at", run.pk)
    return moved
