"""A paper is taken out of its course: nothing more is asked of anybody, and whoever had it is told why."""

from datetime import datetime

from documents.incoming.assign import lapse_extensions, withdraw
from documents.incoming.duty import OFFICES
from documents.models import Assignment, Hop, Incoming, Proposal
from officehub.inbox.errands import close, having
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import tell


def halt(incoming: Incoming, *, by, now: datetime, outcome: str, verb: str, reason: str) -> None:
    """End the round, the parts and every errand of a paper whose row is held. What was signed stays as it was signed.

    `outcome` is what the errands say; `verb` and `reason` what leaders, readers and handlers who had it are told.
    """
    people = [one for one in having(incoming, apart_from=OFFICES) if one.pk != by.pk]
    _end_round(incoming, by, now, reason)
    for part in incoming.assignments.filter(state__in=Assignment.LIVE):
        withdraw(part, now, outcome, reason)
    lapse_extensions(incoming, now)
    incoming.proposals.filter(state=Proposal.State.ASKED).update(state=Proposal.State.DROPPED)
    close(WorkItem.objects.of(incoming), outcome, now)
    told = {"title": incoming.title, "number": incoming.number, "reason": reason}
    tell(f"incoming.{verb}", incoming, people, now, key=f"{verb}:{now.isoformat()}", **told)


def _end_round(incoming: Incoming, by, now: datetime, reason: str) -> None:
    for one in incoming.circulations.filter(closed_at=None):
        pending = one.hops.filter(state__in=Hop.PENDING)
        pending.update(state=Hop.State.RECALLED, out_at=now, reason=reason[:500], by=by)
        one.closed_at = now
        one.save(update_fields=["closed_at"])


def drop_proposal(incoming: Incoming) -> None:
    """What was proposed does not hold any more; another one may be put."""
    incoming.proposals.exclude(state__in=Proposal.OVER).update(state=Proposal.State.DROPPED)
