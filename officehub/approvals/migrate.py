"""Moving cases that are on their way to a newer version of their route: what it would bring, and the move itself.

Stages answer to each other by name and verb, among those that apply to the case. What has passed stays passed where
the new version lets it; a case stands where it stood, unless the new version asks somebody before that. An opinion
given on the text as it is is never asked for twice. What cannot be moved cleanly is not moved, and it is said why.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from officehub.approvals.advance import advance
from officehub.approvals.asked import Asked, Choice, asked_by, lacking
from officehub.approvals.case import Case, hold
from officehub.approvals.invariants import violations
from officehub.approvals.models import Route, RouteVersion, Run, Stage, Step, Visit
from officehub.approvals.plan import NobodyFound, applying, skipped, stages_of
from officehub.approvals.reassigning import reassign
from officehub.approvals.standing import Outcome, on_this_text, outcome, predecessors, ready
from officehub.moves import TooLate

RUN = Run.State
ON_THEIR_WAY = (RUN.RUNNING, RUN.RETURNED, RUN.SUSPENDED)


class NotMoved(Exception):
    """A case cannot be moved cleanly; nothing was changed. `obstacles` are sentences."""

    def __init__(self, obstacles: list[str]):
        self.obstacles = obstacles
        super().__init__("；".join(obstacles))


@dataclass(frozen=True)
class Change:
    """Whom a stage would ask, and whom it asks now."""

    stage: Stage
    was: list[str]
    will: list[str]


@dataclass
class Effect:
    """What moving one case to a version would bring."""

    run: Run
    version: RouteVersion
    answers: dict[int, Stage] = field(default_factory=dict)  # old stage's id -> the new stage that answers to it
    kept: list[tuple[Visit, Stage]] = field(default_factory=list)  # visits that stand on, at the stage they answer to
    falls: list[Visit] = field(default_factory=list)
    opens: list[Stage] = field(default_factory=list)  # asked at once, because they come first or beside
    again: list[str] = field(default_factory=list)  # have passed, and are asked once more
    later: list[str] = field(default_factory=list)  # are being done, and wait for what now comes first
    changes: list[Change] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)

    @property
    def carried(self) -> list[str]:
        """The stages that have passed and stay so."""
        return [stage.name for visit, stage in self.kept if visit.state != Visit.State.OPEN]

    @property
    def dropped(self) -> list[str]:
        """The stages that were asked and that the new version no longer has for this case."""
        return [visit.stage.name for visit in self.falls if visit.stage.name not in [*self.again, *self.later]]

    @property
    def stands_at(self) -> list[str]:
        """Where it would stand: the stages that are open then; for a returned case there is none."""
        return [stage.name for visit, stage in self.kept if visit.state == Visit.State.OPEN] + [
            s.name for s in self.opens
        ]


# --- which cases ---------------------------------------------------------------------------------------------------


def outdated(route: Route | None = None) -> QuerySet[Run]:
    """The cases on their way whose route has a newer published version than theirs."""
    newest = Max("version__route__versions__number", filter=Q(version__route__versions__published_at__isnull=False))
    runs = Run.objects.filter(parent=None, state__in=ON_THEIR_WAY)
    if route:
        runs = runs.filter(version__route=route)
    runs = runs.annotate(newest=newest).filter(newest__gt=F("version__number"))
    return runs.select_related("version__route", "subject_type").order_by("id")


def effects(route: Route | None, now: datetime) -> Iterator[Effect]:
    """The effect of moving every such case to the newest version, one by one. Nothing is written."""
    newest: dict[int, RouteVersion | None] = {}
    for run in outdated(route).iterator(200):
        if run.version.route_id not in newest:
            newest[run.version.route_id] = run.version.route.current()
        if version := newest[run.version.route_id]:
            yield effect(run, version, now)


@dataclass(frozen=True)
class Preview:
    """What a version, published or not, would do to the cases on other versions of its route: counts and a list."""

    effects: list[Effect]
    more: bool

    @property
    def clean(self) -> int:
        return sum(not one.obstacles for one in self.effects)

    @property
    def hindered(self) -> int:
        return len(self.effects) - self.clean

    @property
    def asked_otherwise(self) -> int:
        return sum(bool(one.changes or one.opens) for one in self.effects)

    @property
    def asked_again(self) -> int:
        return sum(bool(one.again) for one in self.effects)


def preview(version: RouteVersion, *, most: int, now: datetime) -> Preview:
    """The first `most` cases on their way on an earlier version of the same route, were this one the newest."""
    runs = Run.objects.filter(parent=None, state__in=ON_THEIR_WAY, version__route=version.route)
    runs = runs.filter(version__number__lt=version.number).select_related("version__route", "subject_type")
    found = list(runs.order_by("id")[: most + 1])
    return Preview([effect(run, version, now) for run in found[:most]], len(found) > most)


# --- what it would bring -------------------------------------------------------------------------------------------


def effect(run: Run, version: RouteVersion, now: datetime) -> Effect:
    """What moving one case would bring. Nothing is written."""
    model: Any = run.subject_type.model_class()
    subject = model._base_manager.select_related(*model.APPROVAL_RELATED).get(pk=run.subject_id)
    return _effect(Case(subject, run, None, now), version)


def _effect(case: Case, version: RouteVersion) -> Effect:
    stages = stages_of(version.pk)
    applies = applying(stages, case.subject)
    was = applying(case.stages, case.subject) | {visit.stage_id for visit in case.standing}
    old = [stage for stage in case.stages if stage.pk in was]
    found = Effect(case.run, version, answering(old, [stage for stage in stages if stage.pk in applies]))
    choice = moved_choice(case.choice, found.answers)
    for visit in case.standing:
        _look_at(case, found, visit, found.answers.get(visit.stage_id), choice)
    if not applies:
        found.obstacles.append("新版本没有适用于此件的环节")
    if case.run.state == RUN.RETURNED:
        _will_find_people(case, found, [stage for stage in stages if stage.pk in applies], choice)
    else:
        _turns(case, found, stages, applies, choice)
    return found


def answering(old: Iterable[Stage], new: Iterable[Stage]) -> dict[int, Stage]:
    """Old stage's id -> the new stage that answers to it: of one name and verb. Where several are so named (签发 by
    rank), those with the same people and condition answer to each other, and of the rest only a single pair."""
    was, will = _by_name(old), _by_name(new)
    found: dict[int, Stage] = {}
    for name, stages in was.items():
        left = list(will[name])
        for stage in stages:
            if same := [one for one in left if (one.who, one.condition) == (stage.who, stage.condition)]:
                found[stage.pk] = same[0]
                left.remove(same[0])
        rest = [stage for stage in stages if stage.pk not in found]
        if len(rest) == len(left) == 1:
            found[rest[0].pk] = left[0]
    return found


def _by_name(stages: Iterable[Stage]) -> dict[tuple[str, str], list[Stage]]:
    found: dict[tuple[str, str], list[Stage]] = defaultdict(list)
    for stage in stages:
        found[stage.name, stage.verb].append(stage)
    return found


def moved_choice(choice: Choice, answers: dict[int, Stage]) -> Choice:
    """Whom the sender chose, by the ids of the new stages."""
    people = {str(answers[int(pk)].pk): chosen for pk, chosen in choice.people.items() if int(pk) in answers}
    return Choice(choice.departments, people)


def _look_at(case: Case, found: Effect, visit: Visit, stage: Stage | None, choice: Choice) -> None:
    """Whether one visit stands on in the new version."""
    if visit.state == Visit.State.OPEN:
        _look_at_open(case, found, visit, stage, choice)
    elif stage is None:
        found.falls.append(visit)
    elif _still_passed(case, visit, stage, choice):
        found.kept.append((visit, stage))
    else:
        found.falls.append(visit)
        found.again.append(stage.name)


def _still_passed(case: Case, visit: Visit, stage: Stage, choice: Choice) -> bool:
    if visit.state == Visit.State.SKIPPED:
        return skipped(stage, _asked(case, stage, choice), choice)
    held = outcome(stage, visit.all_steps) is Outcome.PASSED
    return held and on_this_text(stage, visit.all_steps, case.text)


def _look_at_open(case: Case, found: Effect, visit: Visit, stage: Stage | None, choice: Choice) -> None:
    if stage is None:
        found.obstacles.append(f"正在“{visit.stage.name}”，新版本没有与它相应且适用于此件的环节")
        found.falls.append(visit)
        return
    found.kept.append((visit, stage))
    if outcome(stage, visit.all_steps) is not Outcome.OPEN:
        found.obstacles.append(f"按新版本“{stage.name}”已可结束，请先办完这一环节")
    asked = _asked(case, stage, choice)
    found.obstacles += lacking(stage, case.subject, asked, choice)
    was, will = _people_now(visit), [one.person.name for one in asked]
    if set(was) != set(will):
        found.changes.append(Change(stage, was, will))
        if case.run.state == RUN.SUSPENDED:
            found.obstacles.append("已中止，恢复以后才能改送他人")


def _people_now(visit: Visit) -> list[str]:
    """Whom the route asks in an open visit, whether they have answered or not; not who was added."""
    gone = (Step.State.CANCELLED, Step.State.RETURNED, Step.State.TAKEN_BACK)
    route = [step for step in visit.all_steps if step.origin == Step.Origin.ROUTE and step.stands]
    return [(step.acting_for or step.approver).name for step in route if step.state not in gone]


def _asked(case: Case, stage: Stage, choice: Choice) -> list[Asked]:
    return asked_by(stage, case.subject, choice, case.now, case.run.department)


def _turns(case: Case, found: Effect, stages: list[Stage], applies: set[int], choice: Choice) -> None:
    """What the new version asks before, or beside, where the case stands now."""
    before = predecessors(stages)
    standing = {stage.pk for _visit, stage in found.kept}
    passed = {stage.pk for visit, stage in found.kept if visit.state != Visit.State.OPEN}
    skips = {
        stage.pk
        for stage in stages
        if stage.pk in applies - standing and skipped(stage, _asked(case, stage, choice), choice)
    }
    first = applies - standing - skips
    waits = [(visit, stage) for visit, stage in found.kept if stage.pk not in passed and before[stage.pk] & first]
    for visit, stage in waits:
        found.kept.remove((visit, stage))
        found.falls.append(visit)
        found.later.append(stage.name)
    found.opens = ready(stages, applies - skips, standing, passed)
    for stage in found.opens:
        found.obstacles += lacking(stage, case.subject, _asked(case, stage, choice), choice)
    if found.opens and case.run.state == RUN.SUSPENDED:
        found.obstacles.append("已中止，恢复以后才能改送他人")


def _will_find_people(case: Case, found: Effect, stages: list[Stage], choice: Choice) -> None:
    """A returned case is submitted again by its drafter, who then chooses anew; other stages must have somebody."""
    kept = {stage.pk for _visit, stage in found.kept}
    for stage in stages:
        asked = [] if stage.pk in kept or stage.who in Stage.BY_CHOICE else _asked(case, stage, choice)
        if stage.pk not in kept and stage.who not in Stage.BY_CHOICE and not skipped(stage, asked, choice):
            found.obstacles += lacking(stage, case.subject, asked, choice)


# --- the move ------------------------------------------------------------------------------------------------------


def move_to(run: Run, version: RouteVersion, *, by, now: datetime) -> Effect:
    """Move one case, in one transaction. Raises NotMoved with what hinders it, or TooLate when it has ended."""
    with transaction.atomic():
        case = hold(run, by=by, now=now, states=ON_THEIR_WAY)
        if case.run.version_id == version.pk or not version.is_published:
            raise TooLate(case.subject, "migrate")
        found = _effect(case, version)
        if found.obstacles:
            raise NotMoved(found.obstacles)
        was, number = case.run.state, str(case.run.version)
        _carry_over(case, found)
        case.note("migrated", was=number, version=str(version), stands_at=found.stands_at, again=found.again)
        if was == RUN.RUNNING:
            _go_on(case, version)
        _must_be_sound(case.run, was, now)
    return found


def _carry_over(case: Case, found: Effect) -> None:
    answers = found.answers
    waiting = {visit.pk for visit in found.falls if visit.state == Visit.State.OPEN}
    held = {str(answers[visit.stage_id].pk): visit.pk for visit in found.falls if visit.pk in waiting}
    kept = {str(answers[int(pk)].pk): visit for pk, visit in case.run.carry.items() if int(pk) in answers}
    case.fall(found.falls, "流程已改版")
    for visit, stage in found.kept:
        Visit.objects.filter(pk=visit.pk).update(stage=stage)
        Step.objects.filter(visit=visit).update(stage=stage)
    moved = {"version": found.version, "carry": {**kept, **held}, "chosen": moved_choice(case.choice, answers).kept()}
    if not Run.objects.filter(pk=case.run.pk, version=case.run.version_id).update(**moved):
        raise TooLate(case.subject, "migrate")


def _go_on(case: Case, version: RouteVersion) -> None:
    """Ask whoever is first in the new version, and those whom it names at the stages that stand open."""
    fresh = Run.objects.select_related("version").get(pk=case.run.pk)
    try:
        advance(Case(case.subject, fresh, case.by, case.now))
        reassign(fresh, case.now)
    except NobodyFound as missing:
        raise NotMoved(missing.lacking) from missing


def _must_be_sound(run: Run, was: str, now: datetime) -> None:
    """No case ends, and none becomes unsound, because its route was changed."""
    fresh = Run.objects.select_related("version", "subject_type").get(pk=run.pk)
    if fresh.state != was:
        raise NotMoved(["按新版本此件已无须再办，请先在原版本上办完"])
    if faults := violations(fresh, now):
        raise NotMoved(faults)
