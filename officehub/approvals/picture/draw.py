"""A run as a picture: start, stages and end in rows, the returns beside them, and a sentence for everything."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from officehub.approvals.models import Run
from officehub.approvals.picture import said
from officehub.approvals.picture.loops import cells, laned, loops_of
from officehub.approvals.picture.parts import Box, Picture, Signer
from officehub.approvals.picture.seen import EVENTS, Seen, read
from officehub.approvals.picture.stages import rows_of, told
from officehub.audit.models import Event

RUN = Run.State


def picture(run: Run, subject, now: datetime, late: Iterable[str] = ()) -> Picture:
    return drawn(read(run, subject, late), now)


def drawn(seen: Seen, now: datetime) -> Picture:
    """Start, stages, end; then the loops beside them, and a sentence for everything."""
    boxed = [[[_start(seen)]], *rows_of(seen, seen.run, now), [[_end(seen)]]]
    loops = laned(loops_of(seen, boxed))
    lanes = max((loop.lane for loop in loops), default=0)
    rows = told(boxed)
    beside = [
        replace(row, cells=cells(place, loops, lanes), returns=tuple(one for one in loops if one.source == place))
        for place, row in enumerate(rows)
    ]
    return Picture(tuple(beside), lanes, _stopped(seen))


# --- start and end -----------------------------------------------------------------------------------------------


def _start(seen: Seen) -> Box:
    drafter, begun = seen.run.started_by, [event for event in seen.events if event.verb == "approval.started"]
    times = [said.submitted(event.at, place) for place, event in enumerate(begun, 1)]
    back = seen.run.state in (RUN.RETURNED, RUN.WITHDRAWN) or _late_return(seen) is not None
    at_hand = {RUN.WITHDRAWN: said.WITHDRAWN_NOW}.get(RUN(seen.run.state), said.REVISING)
    signer = Signer(
        drafter.name,
        drafter.department.name if drafter.department else "",
        "now" if back else "done",
        str(at_hand) if back else "",
        notes=tuple(times or [said.submitted(seen.run.started_at, 1)]),
    )
    return Box(str(said.DRAFT), signer.state, signers=(signer,))


def _late_return(seen: Seen) -> Event | None:
    """The deed that brought an agreed subject back to its drafter, as long as it has not been submitted anew."""
    if seen.run.state != RUN.AGREED:
        return None
    last = seen.events[-1] if seen.events else None
    return last if last and last.verb not in EVENTS else None


def _end(seen: Seen) -> Box:
    run = seen.run
    if run.state == RUN.AGREED and not _late_return(seen):
        return Box(str(said.AGREED), "done", at=run.ended_at)
    if run.state == RUN.TERMINATED:
        return Box(str(said.TERMINATED), "stopped", at=run.ended_at)
    return Box(str(said.END), "ahead")


def _stopped(seen: Seen) -> str:
    """Who suspended or terminated the run, when and why."""
    verb = {RUN.SUSPENDED: "approval.suspended", RUN.TERMINATED: "approval.terminated"}.get(RUN(seen.run.state))
    found = [event for event in seen.events if event.verb == verb]
    return said.stopped(found[-1], seen.run.state) if found else ""
