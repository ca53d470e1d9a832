"""What would become of a subject on its route: for a draft the whole way, else what is left. Nothing is written."""

from dataclasses import dataclass, field
from datetime import datetime

from officehub.approvals import telling
from officehub.approvals.asked import Choice, asked_by
from officehub.approvals.decide import run_of, standing_after
from officehub.approvals.models import RouteVersion, Run, Stage, Step, Visit
from officehub.approvals.plan import NobodyFound, PlannedStage, applying, internal_version, plan, route_for, skipped

GOING = (Run.State.RUNNING, Run.State.SUSPENDED)
OVER = (Run.State.AGREED, Run.State.TERMINATED)


@dataclass
class Simulation:
    """Where a subject stands, what is still to come, what is left out and why, and who is lacking."""

    version: RouteVersion | None = None
    state: str = ""  # of the run, when there is one
    open: list[Visit] = field(default_factory=list)
    planned: list[PlannedStage] = field(default_factory=list)
    left_out: list[tuple[Stage, str]] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    inside: dict[int, RouteVersion] = field(default_factory=dict)  # department's id -> its own route


def simulate(
    subject, now: datetime, *, choice: Choice | None = None, version: RouteVersion | None = None
) -> Simulation:
    """The way of a subject from here on. With a `version` other than its own, the whole way along that one."""
    run = run_of(subject)
    mine = run if run and (version is None or version.pk == run.version_id) else None
    choice = choice or (Choice.of(run) if run else Choice())
    found = Simulation(state=run.get_state_display() if run else "")
    try:
        found.version = version = version or (run.version if run else route_for(subject))
        if mine is None or mine.state not in OVER:
            _plan(found, version, mine, subject, choice, now)
    except NobodyFound as missing:
        found.lacking = missing.lacking
    return found


def _plan(found: Simulation, version: RouteVersion, run: Run | None, subject, choice: Choice, now: datetime) -> None:
    if run and run.state in GOING:
        found.open = _open(run)
        standing = frozenset(run.visits.filter(state__in=Visit.STANDING).values_list("stage_id", flat=True))
    else:
        standing = standing_after(subject, choice) if run else frozenset()
    begun = {visit.stage_id: max([now, *(step.due_at for step in visit.all_steps)]) for visit in found.open}
    found.left_out = _left_out(version, subject, choice, now, standing)
    found.planned = plan(subject, version, choice, now, without=standing, begun=begun)
    found.inside = _inside(found.planned, subject)


def _open(run: Run) -> list[Visit]:
    """The open visits, each with its pending steps."""
    visits = list(run.visits.filter(state=Visit.State.OPEN).select_related("stage").order_by("stage__order"))
    for visit in visits:
        pending = visit.steps.filter(state__in=Step.PENDING).select_related("approver", "acting_for", "department")
        visit.all_steps = list(pending.order_by("id"))
    return visits


def _left_out(version: RouteVersion, subject, choice: Choice, now: datetime, standing) -> list[tuple[Stage, str]]:
    stages = [stage for stage in telling.stages_told(version) if stage.pk not in standing]
    applies, left = applying(stages, subject), []
    for stage in stages:
        if stage.pk not in applies:
            left.append((stage, f"只在{telling.condition(stage)}时办理"))
        elif skipped(stage, asked_by(stage, subject, choice, now), choice):
            left.append((stage, "没有选会签部门" if stage.who in Stage.BY_CHOSEN else "无人，允许跳过"))
    return left


def _inside(planned: list[PlannedStage], subject) -> dict[int, RouteVersion]:
    """The departments asked that go their own way first."""
    asked = [one.department for stage in planned if stage.stage.internal for one in stage.asked if one.department]
    found = {department.pk: internal_version(department, subject) for department in asked}
    return {pk: version for pk, version in found.items() if version}
