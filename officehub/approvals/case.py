"""A subject held for one deed: its lock is taken, everything is read fresh, and what the deed changes is noted.

The lock is taken in one order by everybody: the subject's row, then its run's beat.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from officehub.approvals.asked import Asked, Choice
from officehub.approvals.models import Advice, Run, Stage, Step, Visit
from officehub.approvals.plan import limit_of, stages_of
from officehub.approvals.standing import predecessors
from officehub.audit.record import record
from officehub.inbox.errands import Errand, finish_keys, give_each
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.standing_in import stand_ins

RUNNING = (Run.State.RUNNING,)


@dataclass
class Case:
    """One run of a held subject, within one transaction. `by` is nobody when the clock decides."""

    subject: Any
    run: Run
    by: Any
    now: datetime
    effects: dict = field(default_factory=lambda: {"opened": [], "visits": {}, "steps": {}, "run": ""})
    cases: dict[int, "Case"] = field(default_factory=dict)  # one for each run of the subject this deed looks at

    def __post_init__(self):
        self.cases[self.run.pk] = self

    # --- what is there ------------------------------------------------------------------------------------------

    @property
    def root(self) -> Run:
        return self.run.root

    @cached_property
    def choice(self) -> Choice:
        return Choice.of(self.root)

    @cached_property
    def text(self) -> str:
        """The hash of what is decided on, as it stands: the text, and the facts that settle who must agree."""
        return self.subject.approval_hash()

    @cached_property
    def stages(self) -> list[Stage]:
        return stages_of(self.run.version_id)

    @cached_property
    def before(self) -> dict[int, set[int]]:
        """For each stage (by id) those that must have passed before it."""
        return predecessors(self.stages)

    @cached_property
    def visits(self) -> list[Visit]:
        """The visits that stand (and those that fall in this deed), each with all its steps."""
        visits = list(self.run.visits.filter(state__in=Visit.STANDING).order_by("id"))
        found, stages = {visit.pk: visit for visit in visits}, {stage.pk: stage for stage in self.stages}
        for visit in visits:
            visit.all_steps = []
            if visit.stage_id in stages:  # else it is of the version the run was on before
                visit.stage = stages[visit.stage_id]
        advice = Advice.objects.filter(step=OuterRef("pk"), state=Advice.State.OPEN)
        steps = Step.objects.filter(visit__in=visits).annotate(advised=Exists(advice))
        for step in steps.select_related("approver", "acting_for").order_by("id"):
            step.run, step.visit = self.run, found[step.visit_id]
            step.stage = step.visit.stage
            step.visit.all_steps.append(step)
        return visits

    def reread(self) -> None:
        """Forget the visits as they were read: they were changed behind this case's back."""
        vars(self).pop("visits", None)

    @property
    def standing(self) -> list[Visit]:
        return [visit for visit in self.visits if visit.state in Visit.STANDING]

    @property
    def passed(self) -> set[int]:
        """The stages (by id) that need no more."""
        return {visit.stage_id for visit in self.standing if visit.state != Visit.State.OPEN}

    def step(self, pk: int, *states: str) -> Step:
        """A step of a visit that stands, in one of these states; `TooLate` when it is no longer so."""
        for visit in self.standing:
            for step in visit.all_steps:
                if step.pk == pk and step.state in states:
                    return step
        raise TooLate(self.subject, "decide")

    def along(self, run: Run) -> "Case":
        """The same deed in another run of the subject: a department's inside one of its steps, or the outer one.

        There is one case for each run, so that what a deed changes in one is seen by all.
        """
        if run.pk in self.cases:
            return self.cases[run.pk]
        if run.parent and run.parent.run_id == self.run.pk:
            run.parent.run = self.run
        return Case(self.subject, run, self.by, self.now, self.effects, self.cases)

    # --- errands ------------------------------------------------------------------------------------------------

    def ask(self, steps: list[Step]) -> None:
        """Give these open steps' people their errands, let them see the subject, and tell them. While the run is
        suspended nobody is asked: whoever is open then is when it is resumed."""
        if not steps or self.root.state == Run.State.SUSPENDED:
            return
        title, facts = self.subject.approval_title(), self.subject.approval_facts()
        shared = {"title": title, "source": self.subject.approval_source(), "urgency": facts.get("urgency", "")}
        given = [
            (
                Errand(step.stage.verb, step.key, due_at=step.due_at, due_provisional=step.due_provisional, **shared),
                step.approver,
                step.acting_for,
            )
            for step in steps
        ]
        give_each(given, self.subject, self.now)
        self.subject.approval_asked([step.approver for step in steps], self.now)
        for first in {step.visit_id: step for step in reversed(steps)}.values():
            people = [step.approver for step in steps if step.visit_id == first.visit_id]
            words = {"title": title, "stage": first.stage.name}
            tell("approval.asked", self.subject, people, self.now, key=first.key, fresh=True, **words)

    def take_off(self, keys: list[str], outcome: str) -> None:
        finish_keys(self.subject, keys, outcome, self.now)

    # --- changes ------------------------------------------------------------------------------------------------

    def set_run(self, state: str, **changes) -> None:
        """The run's end, or its beginning anew, by conditional update."""
        found = Run.objects.filter(pk=self.run.pk, state=self.run.state)
        if not found.update(state=state, **changes):
            raise TooLate(self.subject, "decide")
        self.effects["run"] = self.effects["run"] or self.run.state
        self.run.state = state

    def set_steps(self, steps: list[Step], state: str) -> None:
        """Steps nobody decided: cancelled, opened or made to wait. What they were, and became, is noted."""
        for step in [one for one in steps if one.visit_id not in self.effects["opened"]]:
            was, _ = self.effects["steps"].get(str(step.pk), (step.state, ""))
            self.effects["steps"][str(step.pk)] = [was, state]
        for step in steps:
            step.state = state
        Step.objects.filter(pk__in=[step.pk for step in steps]).update(state=state)

    def close(self, visit: Visit, state: str) -> None:
        if visit.pk not in self.effects["opened"]:
            self.effects["visits"].setdefault(str(visit.pk), visit.state)
        visit.state, visit.closed_at = state, visit.closed_at or self.now
        Visit.objects.filter(pk=visit.pk).update(state=state, closed_at=visit.closed_at)

    def fall(self, visits: list[Visit], outcome: str) -> None:
        """These visits no longer stand: what was still asked in them need not be answered."""
        for visit in visits:
            self.cancel([step for step in visit.all_steps if step.state in Step.PENDING], outcome)
            self.close(visit, Visit.State.FELL)

    def cancel(self, steps: list[Step], outcome: str) -> None:
        """Pending steps that need no answer any more, with their errands, advice and the departments' runs inside."""
        if not steps:
            return
        for step in steps:
            if step.state == Step.State.INSIDE:
                self.end_inside(step, outcome)
        self.drop_advice(steps, outcome)
        self.take_off([step.key for step in steps if step.state == Step.State.OPEN], outcome)
        self.set_steps(steps, Step.State.CANCELLED)

    def insides(self) -> list["Case"]:
        """The departments' own runs inside this one that are under way."""
        running = Run.objects.filter(parent__run=self.run, state=Run.State.RUNNING).order_by("id")
        return [self.along(run) for run in running.select_related("version", "parent__run", "department")]

    def end_inside(self, step: Step, outcome: str) -> None:
        inside = Run.objects.filter(parent=step, state=Run.State.RUNNING).first()
        if inside is None:
            return
        inside.parent = step
        case = self.along(inside)
        case.fall([visit for visit in case.standing if visit.state == Visit.State.OPEN], outcome)
        case.set_run(Run.State.TERMINATED, ended_at=self.now)

    def drop_advice(self, steps: list[Step], outcome: str) -> None:
        """Advice still open in these steps is not waited for any more."""
        steps = [step for step in steps if getattr(step, "advised", True)]
        asked = list(Advice.objects.filter(step__in=steps, state=Advice.State.OPEN)) if steps else []
        if asked:
            self.take_off([advice.key for advice in asked], outcome)
            Advice.objects.filter(pk__in=[advice.pk for advice in asked]).update(state=Advice.State.CANCELLED)

    def note(self, verb: str, step: Step | None = None, /, **facts) -> None:
        """The event of the deed, in the subject's chain."""
        acting_for = step.acting_for if step else None
        record(
            self.subject, f"approval.{verb}", by=self.by, now=self.now, acting_for=acting_for, facts=facts, held=True
        )

    # --- making steps -------------------------------------------------------------------------------------------

    def steps_for(self, visit: Visit, asked: list[Asked]) -> list[Step]:
        """Unsaved steps for the places of a visit, each made for whoever acts for the person on this day."""
        people = {one.person.pk: one for one in reversed(asked)}  # who speaks for two departments signs once
        places = [one for one in asked if people[one.person.pk] is one]
        acting = self.acting_for([one.person for one in places])
        shared = {"run": self.run, "stage": visit.stage, "visit": visit, "round": visit.round}
        limit = {"opened_at": self.now, **limit_of(visit.stage, self.subject, self.now).fields}
        return [
            Step(
                approver=acting.get(one.person.pk, one.person),
                acting_for=one.person if one.person.pk in acting else None,
                department=one.department,
                votes=votes_of(visit.stage, one),
                **shared,
                **limit,
            )
            for one in places
        ]

    def acting_for(self, people: list) -> dict:
        """Who acts for which of these people (by id) today, in matters of this kind."""
        return stand_ins(people, timezone.localdate(self.now), self.subject.approval_facts().get("kind", ""))

    def renewed(self, step: Step, **changes) -> Step:
        """A new open step in the place of another, unsaved."""
        kept = {
            name: getattr(step, name)
            for name in ("run", "stage", "visit", "round", "approver", "acting_for", "department_id", "origin", "votes")
        }
        fresh = {"opened_at": self.now, **limit_of(step.stage, self.subject, self.now).fields}
        return Step(**{**kept, "from_step": step, **fresh, **changes})


def votes_of(stage: Stage, one: Asked) -> int:
    """The weight of a place (票权), by log-in or by the department it speaks for; one unless the stage says more."""
    weights = stage.weights
    return weights.get(one.person.username) or weights.get(one.department.name if one.department else "") or 1


def fresh_subject(run: Run):
    """The subject as it stands now, never a copy somebody read earlier; its row is held until the deed is done."""
    model: Any = ContentType.objects.get_for_id(run.subject_type_id).model_class()
    held = model._base_manager.select_for_update(of=("self",)).select_related(*model.APPROVAL_RELATED)
    return held.get(pk=run.subject_id)


def hold(run: Run, *, by, now: datetime, states=RUNNING) -> Case:
    """Take the locks of a run's subject. `TooLate` when the run (or the one it is inside of) is in another state."""
    subject = fresh_subject(run)
    root = run.parent.run_id if run.parent else run.pk
    if not Run.objects.filter(pk=root, state__in=states).update(beat=F("beat") + 1):
        raise TooLate(subject, "decide")
    fresh = Run.objects.select_related("version", "parent__run", "department").get(pk=run.pk)
    if fresh.state not in states:
        raise TooLate(subject, "decide")
    return Case(subject, fresh, by, now)
