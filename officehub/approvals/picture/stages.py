"""Every stage of a run as a box: who did what in it, who has it now, or whom it will ask."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count, groupby

from officehub.approvals.asked import Choice
from officehub.approvals.models import Run, Stage, Step, Visit
from officehub.approvals.picture import said
from officehub.approvals.picture.parts import Box, Row, Signer
from officehub.approvals.picture.seen import Seen
from officehub.approvals.plan import applying
from officehub.approvals.standing import Outcome, counted, forks, outcome
from officehub.people.models import Department

RUN, STATE = Run.State, Step.State


def rows_of(seen: Seen, run: Run, now: datetime) -> list[list[list[Box]]]:
    """A run's stages: each alone, or the branches of a fork together."""
    stages = seen.stages[run.version_id]
    fork, applies = forks(stages), _applying(seen, run, stages)
    rows = []
    for numbered, group in groupby(stages, key=lambda stage: fork.get(stage.pk) or -stage.pk):
        together = list(group)
        names = list(dict.fromkeys(stage.branch for stage in together)) if numbered > 0 else [""]
        branches = [[stage for stage in together if not name or stage.branch == name] for name in names]
        rows.append([[_box(seen, run, stage, stage.pk in applies, now) for stage in branch] for branch in branches])
    return rows


def _applying(seen: Seen, run: Run, stages: list[Stage]) -> set[int]:
    return set(run.applied) if run.state == RUN.AGREED and run.applied else applying(stages, seen.subject)


def told(boxed: list[list[list[Box]]]) -> list[Row]:
    """Rows of boxes, each with its number and sentence; start, end and what is skipped bear no number."""
    numbers = count(1)
    return [Row(tuple(tuple(_told(box, numbers) for box in branch) for branch in branches)) for branches in boxed]


def _told(box: Box, numbers: Iterator[int]) -> Box:
    numbered = replace(box, number=next(numbers) if box.stage and box.state != "skipped" else 0)
    return replace(numbered, sentence=said.box(numbered))


# --- a stage ---------------------------------------------------------------------------------------------------


def _box(seen: Seen, run: Run, stage: Stage, applies: bool, now: datetime) -> Box:
    visits = seen.of(run, stage)
    standing = next((visit for visit in visits if visit.state in Visit.STANDING), None)
    if standing is None:
        return _last_seen(seen, run, visits, now) or _to_come(seen, run, stage, visits, applies)
    if standing.state == Visit.State.SKIPPED:
        return Box(stage.name, "skipped", stage=stage, notes=(said.nobody(stage),))
    paused = seen.run.state == RUN.SUSPENDED
    state = "done" if standing.state == Visit.State.PASSED else "paused" if paused else "now"
    return _visited(seen, run, standing, state, now)


def _last_seen(seen: Seen, run: Run, visits: list[Visit], now: datetime) -> Box | None:
    """A stage that was the last to have it before the run went back or stopped, or had passed by then."""
    last = visits[-1] if visits else None
    if last and seen.run.state == RUN.RETURNED and _gave_back(seen, last):
        return _visited(seen, run, last, "returned", now)
    if last and run.state == RUN.TERMINATED and last.round == seen.run.round and _stood_until_the_end(seen, run, last):
        return _visited(seen, run, last, "done" if _had_passed(last) else "stopped", now)
    return None


def _to_come(seen: Seen, run: Run, stage: Stage, visits: list[Visit], applies: bool) -> Box:
    """A stage still ahead, or one the run will leave out."""
    if not applies:
        return Box(stage.name, "skipped", stage=stage, notes=(said.only_when(stage, type(seen.subject)),))
    if stage.who in Stage.BY_CHOSEN and stage.may_skip_if_nobody and not seen.departments:
        return Box(stage.name, "skipped", stage=stage, notes=(said.nobody(stage),))
    again = [str(said.AGAIN)] if any(_answered(visit) for visit in visits) else []
    notes = (said.whom(stage, _home(seen, run), seen.departments, _chosen(seen, stage)), said.limit(stage), *again)
    manner = _manner(stage) if stage.mode != Stage.Mode.ANY else ""  # how many it will ask is not known yet
    return Box(stage.name, "ahead", manner=manner, notes=notes, stage=stage)


def _home(seen: Seen, run: Run) -> Department:
    return run.department or seen.subject.approval_department()


def _chosen(seen: Seen, stage: Stage) -> list[str]:
    return [seen.people[pk].name for pk in Choice.of(seen.run).at(stage) if pk in seen.people]


def _answered(visit: Visit) -> bool:
    return any(step.state in Step.CONSENTS for step in visit.all_steps)


def _gave_back(seen: Seen, visit: Visit) -> bool:
    """Whether this visit, or a department's run inside it, brought the subject back to its drafter."""
    within = [seen.runs[step.pk].pk for step in visit.all_steps if step.pk in seen.runs]
    visits = [visit, *(one for run in within for one in seen.visits[run])]
    to_drafter = [step for one in visits for step in one.all_steps if step.state == STATE.RETURNED]
    return any(not step.extra.get("to") for step in to_drafter) or was_refused(visit)


def was_refused(visit: Visit) -> bool:
    """Whether a visit fell because somebody disagreed: it brought the subject back."""
    against = any(step.stands and step.state == STATE.DISAGREED for step in visit.all_steps)
    return against and visit.state == Visit.State.FELL and outcome(visit.stage, visit.all_steps) is Outcome.REFUSED


def _had_passed(visit: Visit) -> bool:
    whole = _answered(visit) and outcome(visit.stage, visit.all_steps) is Outcome.PASSED
    waived = visit.stage.mode in (Stage.Mode.ANY, Stage.Mode.RATIO)
    return whole and (waived or all(step.state != STATE.CANCELLED for step in visit.all_steps))


def _stood_until_the_end(seen: Seen, run: Run, visit: Visit) -> bool:
    """Whether a visit fell with the run's end, and not before, when an earlier stage was asked anew."""
    earlier = [other for other in seen.visits[run.pk] if other.stage.order < visit.stage.order]
    return all(other.pk < visit.pk for other in earlier) and not was_refused(visit)


def _visited(seen: Seen, run: Run, visit: Visit, state: str, now: datetime) -> Box:
    stage = visit.stage
    signers = tuple(_signer(seen, step, state, now) for step in visit.all_steps if _is_shown(step))
    return Box(
        stage.name,
        state,
        manner=_manner(stage, len(signers)),
        tally=_tally(stage, visit.all_steps) if visit.state in Visit.STANDING else "",
        signers=signers,
        notes=_inner_returns(seen, run, visit),
        at=visit.closed_at if state == "done" else None,
        stage=stage,
    )


def _is_shown(step: Step) -> bool:
    """What was taken back, or was said of an older text, has a newer step in its place."""
    return step.stands and step.state != STATE.TAKEN_BACK


def _manner(stage: Stage, people: int = 2) -> str:
    return said.manner(stage) if people > 1 else ""


def _tally(stage: Stage, steps: list[Step]) -> str:
    all_of_them = counted(steps)
    if len(all_of_them) < 2 or stage.mode == Stage.Mode.ANY:
        return ""
    if stage.mode == Stage.Mode.RATIO:
        agreed = sum(step.votes for step in all_of_them if step.state == STATE.AGREED)
        return said.votes(agreed, sum(step.votes for step in all_of_them), stage.quota)
    return f"{sum(step.state in Step.CONSENTS for step in all_of_them)}/{len(all_of_them)}"


def _inner_returns(seen: Seen, run: Run, visit: Visit) -> tuple[str, ...]:
    """Inside a department's own run, returns to one of its earlier stages are told, not drawn."""
    if run.parent_id is None:
        return ()
    back = [step for step in visit.all_steps if step.state == STATE.RETURNED and step.extra.get("to")]
    return tuple(said.returned(step, step.extra["to"]) for step in back)


# --- a person ----------------------------------------------------------------------------------------------------

SEEN_AS = {
    STATE.OPEN: "now",
    STATE.ASSISTED: "now",
    STATE.INSIDE: "now",
    STATE.WAITING: "ahead",
    STATE.AGREED: "done",
    STATE.DISAGREED: "returned",
    STATE.RETURNED: "returned",
    STATE.TRANSFERRED: "off",
    STATE.REMOVED: "off",
    STATE.CANCELLED: "off",
}


def _signer(seen: Seen, step: Step, box: str, now: datetime) -> Signer:
    state = SEEN_AS[STATE(step.state)]
    state = "paused" if state == "now" and box == "paused" else state
    place = step.department or step.approver.department
    at_hand = state == "now" and step.state != STATE.WAITING
    inner = seen.runs.get(step.pk)
    return Signer(
        step.approver.name,
        place.name if place else "",
        state,
        said.state(step, paused=state == "paused"),
        step.acting_for.name if step.acting_for else "",
        step.decided_at,
        step.due_at if at_hand else None,
        step.due_provisional,
        at_hand and step.due_at < now,
        said.notes(step, seen.advice[step.pk]),
        tuple(told(rows_of(seen, inner, now))) if inner else (),
    )
