"""Past cases played again on another version of their route: which would have gone elsewhere. Nothing is written.

Compared are the stages that each version has for the case, and whom each would ask today, so that what is shown comes
from the route and not from people who have moved on since.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.contrib.contenttypes.models import ContentType

from officehub.approvals.asked import Asked, Choice, apart, named_by
from officehub.approvals.migrate import Change, answering, moved_choice
from officehub.approvals.models import RouteVersion, Run, Stage
from officehub.approvals.plan import applying, stages_of

BATCH = 500
CHOSEN_BY_SENDER = "由拟稿人选定"
WHO = Stage.Who
DEPENDS_ON: dict[str, str] = {  # of the subject, on what it depends whom a stage names; elsewhere on nothing
    WHO.ROLE: "organ",
    WHO.DRAFTING_ROLE: "department",
    WHO.DRAFTING_HEAD: "department",
    WHO.LEADER_IN_CHARGE: "department",
}
RULE = ("who", "person_id", "post_id", "role", "department_id", "merges")  # what says whom a stage asks


@dataclass
class Difference:
    """How one past case would have gone otherwise."""

    run: Run
    added: list[Stage] = field(default_factory=list)
    left_out: list[Stage] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    nobody: list[Stage] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.left_out or self.changes or self.nobody)


@dataclass(frozen=True)
class Replay:
    """What came of it: how many cases, and those that differ."""

    version: RouteVersion
    cases: int
    differences: list[Difference]

    def counted(self, what: str) -> list[tuple[str, int]]:
        """Of `added`, `left_out` or `nobody`: the stages by name and in how many cases, most first."""
        return Counter(stage.name for one in self.differences for stage in getattr(one, what)).most_common()

    @property
    def same(self) -> int:
        return self.cases - len(self.differences)

    @property
    def added(self) -> list[tuple[str, int]]:
        return self.counted("added")

    @property
    def left_out(self) -> list[tuple[str, int]]:
        return self.counted("left_out")

    @property
    def nobody(self) -> list[tuple[str, int]]:
        return self.counted("nobody")

    @property
    def other_people(self) -> list[tuple[str, int]]:
        return Counter(change.stage.name for one in self.differences for change in one.changes).most_common()


def replay(version: RouteVersion, *, now: datetime, since: date | None = None, last: int | None = None) -> Replay:
    """Every agreed case of the version's route, or those that ended on or after a day, or only the `last` ones."""
    runs = Run.objects.filter(parent=None, state=Run.State.AGREED, version__route=version.route)
    if since:
        runs = runs.filter(ended_at__date__gte=since)
    cases, player = 0, Player(version, now)
    found: list[Difference] = []
    order = runs.order_by("-ended_at", "-id")
    for batch in _batches(order[:last] if last else order.iterator(BATCH)):
        cases += len(batch)
        found += player.play(batch)
    return Replay(version, cases, found)


def _batches(runs: Iterable[Run]) -> Iterator[list[Run]]:
    left = iter(runs)
    while batch := list(islice(left, BATCH)):
        yield batch


class Player:
    """Plays cases on a version. Whom a stage asks is looked up once for each department or organ it depends on, and
    only where the two versions name people by different rules."""

    def __init__(self, version: RouteVersion, now: datetime):
        self.version, self.now = version, now
        self.stages = stages_of(version.pk)
        self.old: dict[int, list[Stage]] = {}
        self.rules: dict[int, tuple] = {}
        self.known: dict[tuple, list[Asked]] = {}

    def play(self, runs: list[Run]) -> Iterator[Difference]:
        """Those of a batch that differ. The batch costs one query for each kind of subject, however long it is."""
        subjects = _subjects(runs)
        for run in runs:
            subject = subjects.get((run.subject_type_id, run.subject_id))
            if subject is not None and (found := self._compare(run, subject)):
                yield found

    def _compare(self, run: Run, subject) -> Difference:
        old = self._stages_of(run.version_id)
        ran = [stage for stage in old if stage.pk in (run.applied or applying(old, subject))]
        will = [stage for stage in self.stages if stage.pk in applying(self.stages, subject)]
        answers, choice = answering(ran, will), Choice.of(run)
        answered = {stage.pk for stage in answers.values()}
        found = Difference(run)
        found.left_out = [stage for stage in ran if stage.pk not in answers and not _empty(stage, choice)]
        found.added = [stage for stage in will if stage.pk not in answered and not _empty(stage, choice)]
        for stage in ran:
            if stage.pk in answers:
                self._people(found, subject, stage, answers[stage.pk], choice, moved_choice(choice, answers))
        found.nobody = [stage for stage in found.added if self._nobody(stage, subject, choice)]
        return found

    def _stages_of(self, version: int) -> list[Stage]:
        if version not in self.old:
            self.old[version] = stages_of(version)
        return self.old[version]

    def _people(self, found: Difference, subject, was: Stage, will: Stage, before: Choice, after: Choice) -> None:
        if self._rule(was) == self._rule(will) or _empty(will, after):
            return
        names = [self._names(was, subject, before), self._names(will, subject, after)]
        if set(names[0]) != set(names[1]):
            found.changes.append(Change(will, *names))
        if not names[1] and not will.may_skip_if_nobody:
            found.nobody.append(will)

    def _nobody(self, stage: Stage, subject, choice: Choice) -> bool:
        if stage.who == Stage.Who.SENDER or stage.may_skip_if_nobody:
            return False
        return not self._asked(stage, subject, choice)

    def _rule(self, stage: Stage) -> tuple:
        """What decides whom a stage asks, as something to compare."""
        if stage.pk not in self.rules:
            named = tuple(sorted(stage.candidates.values_list("pk", flat=True))) if stage.who == "sender" else ()
            self.rules[stage.pk] = (*(getattr(stage, name) for name in RULE), named)
        return self.rules[stage.pk]

    def _names(self, stage: Stage, subject, choice: Choice) -> list[str]:
        if stage.who == Stage.Who.SENDER:
            return [CHOSEN_BY_SENDER]
        return [one.person.name for one in self._asked(stage, subject, choice)]

    def _asked(self, stage: Stage, subject, choice: Choice) -> list[Asked]:
        if stage.who in Stage.BY_CHOSEN:
            return [one for department in choice.departments for one in self._named(stage, subject, department)]
        home = {"organ": subject.approval_organ().pk, "department": subject.approval_department().pk}
        return apart(stage, subject, self._named(stage, subject, home.get(DEPENDS_ON.get(stage.who, ""), 0)))

    def _named(self, stage: Stage, subject, place: int) -> list[Asked]:
        """Whom a stage names for an organ or a department (by id), looked up once."""
        key = (stage.pk, place)
        if key not in self.known:
            chosen = [place] if stage.who in Stage.BY_CHOSEN else []
            self.known[key] = named_by(stage, subject, Choice(chosen), self.now)
        return self.known[key]


def _empty(stage: Stage, choice: Choice) -> bool:
    """A stage of chosen departments where none was chosen asks nobody."""
    return stage.who in Stage.BY_CHOSEN and not choice.departments


def _subjects(runs: list[Run]) -> dict[tuple[int, int], object]:
    found: dict[tuple[int, int], object] = {}
    for kind in map(ContentType.objects.get_for_id, {run.subject_type_id for run in runs}):
        model: Any = kind.model_class()
        wanted = [run.subject_id for run in runs if run.subject_type_id == kind.pk]
        rows = model._base_manager.select_related(*model.APPROVAL_RELATED).filter(pk__in=wanted)
        found |= {(kind.pk, row.pk): row for row in rows}
    return found
