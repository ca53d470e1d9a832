"""Who will be asked, in what order and by when: worked out before anything is written."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.utils import timezone
from django.utils.translation import gettext

from officehub.approvals.asked import Asked, Choice, asked_by, lacking
from officehub.approvals.conditions import holds
from officehub.approvals.models import Route, RouteVersion, Run, Stage, Visit
from officehub.approvals.standing import predecessors
from officehub.people.models import Department, Person
from officehub.people.standing_in import stand_ins
from officehub.workdays.arithmetic import Limit, limit


@dataclass(frozen=True)
class PlannedStage:
    """One stage to come: the people asked, by when, who acts for whom, and whether nobody need sign again."""

    stage: Stage
    asked: list[Asked]
    due_at: datetime
    due_provisional: bool
    acting: dict[int, Person] = field(default_factory=dict)
    merged: bool = False

    @property
    def people(self) -> list[Person]:
        return [one.person for one in self.asked]

    @property
    def lines(self) -> list[dict]:
        """Each place for the page: the person, the department they speak for, and who acts for them."""
        return [
            {"person": one.person, "department": one.department, "acting": self.acting.get(one.person.pk)}
            for one in self.asked
        ]


class NobodyFound(Exception):
    """Some stage has nobody to ask; said before submitting, with what an administrator must set."""

    def __init__(self, lacking: list[str]):
        self.lacking = lacking
        super().__init__("；".join(lacking))


def route_for(subject) -> RouteVersion:
    """The version a subject would run on now."""
    facts = subject.approval_facts()
    kind = ContentType.objects.get_for_model(subject)
    for route in Route.objects.filter(subject_type=kind, is_active=True, department=None):
        version = route.current()
        if version and holds(route.condition, facts):
            return version
    raise NobodyFound([gettext("没有适用的审批流程，请系统管理员在“审批流程”中设置并发布")])


def internal_version(department: Department, subject) -> RouteVersion | None:
    """The department's own route for countersigning such a subject, if it has set one up."""
    facts, kind = subject.approval_facts(), ContentType.objects.get_for_model(subject)
    for route in Route.objects.filter(subject_type=kind, is_active=True, department=department):
        version = route.current()
        if version and holds(route.condition, facts):
            return version
    return None


_published: dict[int, list[tuple]] = {}  # the rows of the stages by their version's id


def stages_of(version_id: int) -> list[Stage]:
    """A version's stages in order. Once published they never change, so a process asks the database for them once;
    the objects are everybody's own."""
    names = [field.attname for field in Stage._meta.concrete_fields]
    if version_id not in _published:
        rows = Stage.objects.filter(version=version_id).order_by("order").values_list(*names, "version__published_at")
        found = [row[:-1] for row in rows if row[-1]]
        if len(found) < len(rows) or not found:
            return list(Stage.objects.filter(version=version_id).order_by("order"))
        _published[version_id] = found
    return [Stage.from_db(router.db_for_read(Stage), names, row) for row in _published[version_id]]


def applying(stages: list[Stage], subject) -> set[int]:
    """The stages (by id) whose condition holds for the subject as it is now."""
    facts = subject.approval_facts()
    return {stage.pk for stage in stages if holds(stage.condition, facts)}


def stages_ahead(run: Run, subject, now: datetime) -> list[Stage]:
    """The stages of a running case that are still to be opened, in order."""
    stages, choice = stages_of(run.version_id), Choice.of(run)
    stand = set(run.visits.filter(state__in=Visit.STANDING).values_list("stage_id", flat=True))
    left = applying(stages, subject) - stand
    return [
        stage
        for stage in stages
        if stage.pk in left
        and not (stage.may_skip_if_nobody and skipped(stage, asked_by(stage, subject, choice, now), choice))
    ]


def skipped(stage: Stage, asked: list[Asked], choice: Choice) -> bool:
    """Whether a stage that may be left out is: nobody was chosen, or nobody holds the post. A chosen department
    without a head is lacking one, not nobody."""
    if stage.who in Stage.BY_CHOSEN:
        return stage.may_skip_if_nobody and not choice.departments
    return stage.may_skip_if_nobody and not asked


def limit_of(stage: Stage, subject, start: datetime) -> Limit:
    """When a stage opened at a moment is due: by its own limit, or sooner when the subject is urgent."""
    limits = [limit(start, stage.limit_value, stage.limit_unit)]
    if urgent := subject.approval_limit():
        limits.append(limit(start, *urgent))
    return min(limits, key=lambda one: (one.ends, one.provisional))


def plan(
    subject,
    version: RouteVersion,
    choice: Choice,
    now: datetime,
    *,
    without: frozenset[int] = frozenset(),
    begun: dict[int, datetime] | None = None,
) -> list[PlannedStage]:
    """Every stage that applies with its people and the limit each would have if the ones before took all their time;
    branches run side by side. `without` are stages (by id) that have passed already and stand, or are
    being done now; `begun` says by when the latter end.

    Raises NobodyFound naming each stage (and each chosen department) that has nobody.
    """
    stages, missing = stages_of(version.pk), []
    planned: list[PlannedStage] = []
    before, applies = predecessors(stages), applying(stages, subject)
    if not applies:
        line = gettext("“%(route)s”没有适用于此件的环节，请系统管理员检查流程的适用条件")
        raise NobodyFound([line % {"route": version.route}])
    applies -= without
    ends: dict[int, datetime] = dict(begun or {})
    for stage in stages:
        if stage.pk not in applies:
            continue
        asked = asked_by(stage, subject, choice, now)
        if skipped(stage, asked, choice):
            continue
        missing += lacking(stage, subject, asked, choice) + _lacking_inside(stage, subject, asked, choice, now)
        start = max([ends[pk] for pk in before[stage.pk] if pk in ends], default=now)
        due = limit_of(stage, subject, start)
        merged = _merged(stage, asked, planned[-1] if planned else None)
        ends[stage.pk] = start if merged else due.ends
        planned.append(PlannedStage(stage, asked, due.ends, due.provisional, _acting(asked, subject, now), merged))
    if missing:
        raise NobodyFound(missing)
    return planned


def _lacking_inside(stage: Stage, subject, asked: list[Asked], choice: Choice, now: datetime) -> list[str]:
    """Who is lacking in the internal routes of the departments a stage asks, each sentence led by its department."""
    missing: list[str] = []
    for department in [one.department for one in asked if stage.internal and one.department]:
        version = internal_version(department, subject)
        inner = stages_of(version.pk) if version else []
        applies = applying(inner, subject)
        for one in inner:
            if one.pk in applies and not one.may_skip_if_nobody:
                found = asked_by(one, subject, choice, now, department)
                missing += [f"{department}：{line}" for line in lacking(one, subject, found, choice, department)]
    return missing


def _acting(asked: list[Asked], subject, now: datetime) -> dict[int, Person]:
    return stand_ins([one.person for one in asked], timezone.localdate(now), subject.approval_facts().get("kind", ""))


def _merged(stage: Stage, asked: list[Asked], last: PlannedStage | None) -> bool:
    """Whether whoever signs the stage before need not sign this one again (同一人免签)."""
    if last is None or not stage.merges or not asked:
        return False
    signing = set(last.people)
    same = [one.person in signing for one in asked]
    sure = len(signing) == 1 or last.stage.mode != Stage.Mode.ANY
    return sure and (any(same) if stage.mode == Stage.Mode.ANY else all(same))
