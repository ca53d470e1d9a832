"""What a picture needs to know of a run, read by a number of questions that does not grow with it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from officehub.approvals.asked import Choice
from officehub.approvals.models import Advice, Run, Stage, Step, Visit
from officehub.audit.models import Event
from officehub.moves import events_of
from officehub.people.models import Department, Person

EVENTS = ("approval.started", "approval.suspended", "approval.terminated")


@dataclass(frozen=True)
class Seen:
    """Everything a picture needs, read at once."""

    subject: Any
    run: Run
    runs: dict[int, Run]  # departments' runs, by the step they stand in
    stages: dict[int, list[Stage]]  # by version
    visits: dict[int, list[Visit]]  # by run, each with its steps
    advice: dict[int, list[Advice]]  # still open, by step
    events: list[Event]
    departments: list[str]
    people: dict[int, Person] = field(default_factory=dict)

    def of(self, run: Run, stage: Stage) -> list[Visit]:
        return [visit for visit in self.visits[run.pk] if visit.stage_id == stage.pk]


def read(run: Run, subject, late: Iterable[str] = ()) -> Seen:
    """`late` are the subject's own deeds (verbs of events) that bring it back to its drafter after all have agreed."""
    inside = list(Run.objects.filter(parent__run=run).select_related("department").order_by("id"))
    versions = {run.version_id, *(one.version_id for one in inside)}
    stages = Stage.objects.filter(version__in=versions).order_by("version", "order")
    choice = Choice.of(run)
    chosen = Department.objects.in_bulk(choice.departments)
    return Seen(
        subject,
        run,
        {one.parent_id: one for one in inside if one.parent_id},
        _by("version_id", stages.select_related("person", "post__department", "department")),
        _by("run_id", _visits(run)),
        _by("step_id", Advice.objects.filter(_of(run), state=Advice.State.OPEN).select_related("adviser")),
        list(events_of(subject).filter(verb__in=[*EVENTS, *late]).select_related("actor").order_by("seq")),
        [chosen[pk].name for pk in choice.departments if pk in chosen],
        Person.objects.in_bulk({pk for people in choice.people.values() for pk in people}),
    )


def _of(run: Run) -> Q:
    return Q(run=run) | Q(run__parent__run=run)


def _by(name: str, rows: Iterable) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found


def _visits(run: Run) -> list[Visit]:
    visits = list(Visit.objects.filter(_of(run)).select_related("stage").order_by("id"))
    found = {visit.pk: visit for visit in visits}
    for visit in visits:
        visit.all_steps = []
    steps = Step.objects.filter(_of(run)).order_by("id")
    for step in steps.select_related("approver__department", "acting_for", "department", "from_step"):
        step.visit = found[step.visit_id]
        step.stage = step.visit.stage
        step.visit.all_steps.append(step)
    return visits
