"""Who will be asked, in what order and by when: worked out before anything is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from officehub.approvals.conditions import holds
from officehub.approvals.models import Route, RouteVersion, Stage
from officehub.people.models import Department, Person, Post, holders_of, role_holders
from officehub.workdays.arithmetic import due_at


@dataclass(frozen=True)
class PlannedStage:
    stage: Stage
    people: list[Person]
    due_at: datetime
    due_provisional: bool


class NobodyFound(Exception):
    """Some stage has nobody to ask; said before submitting, with what an administrator must set."""

    def __init__(self, lacking: list[str]):
        self.lacking = lacking
        super().__init__("；".join(lacking))


def route_for(subject) -> RouteVersion:
    """The version a subject would run on now."""
    facts = subject.approval_facts()
    kind = ContentType.objects.get_for_model(subject)
    for route in Route.objects.filter(subject_type=kind, is_active=True):
        version = route.current()
        if version and holds(route.condition, facts):
            return version
    raise NobodyFound(["没有适用的审批流程，请系统管理员在“审批流程”中设置并发布"])


def applies(stage: Stage, subject) -> bool:
    return holds(stage.condition, subject.approval_facts())


def people_for(stage: Stage, subject, chosen: Iterable[int], now: datetime) -> list[Person]:
    """Who a stage asks. `chosen` are the ids of the departments the drafter picked for countersigning."""
    today = timezone.localdate(now)
    active = Person.objects.filter(is_active=True).order_by("id")
    department = subject.approval_department()
    match stage.who:
        case Stage.Who.PERSON:
            found = active.filter(pk=stage.person_id or 0)
        case Stage.Who.POST:
            found = holders_of(Post.objects.filter(pk=stage.post_id or 0), today)
        case Stage.Who.ROLE:
            found = role_holders(subject.approval_organ(), stage.role)
        case Stage.Who.DRAFTING_HEAD:
            found = department.heads(today)
        case Stage.Who.LEADER_IN_CHARGE:
            found = holders_of(Post.objects.filter(pk=department.leader_in_charge_id), today)
        case Stage.Who.CHOSEN_HEADS:
            found = holders_of(Post.objects.filter(department__in=chosen, is_head=True), today)
    return _apart(stage, subject, list(found))


def _apart(stage: Stage, subject, people: list[Person]) -> list[Person]:
    """Where a stage does not merge (核稿、签发), whoever drafted is left out as long as somebody else can be asked."""
    others = [person for person in people if person.pk != subject.approval_drafter_id()]
    return people if stage.merges else others or people


def stages_that_apply(version: RouteVersion, subject, chosen: list[int], now: datetime) -> list[Stage]:
    """The stages this subject passes, in order, without those that may be left out when there is nobody."""
    return [
        stage
        for stage in version.stages.order_by("order")
        if applies(stage, subject) and not (stage.may_skip_if_nobody and _nobody(stage, subject, chosen, now))
    ]


def _nobody(stage: Stage, subject, chosen: list[int], now: datetime) -> bool:
    """Nobody was chosen, or nobody holds the post; a chosen department without a head is lacking one, not nobody."""
    if stage.who == Stage.Who.CHOSEN_HEADS:
        return not chosen
    return not people_for(stage, subject, chosen, now)


def limit_of(stage: Stage, subject, start: datetime) -> tuple[datetime, bool]:
    """When a stage opened at a moment is due: by its own limit, or sooner when the subject is urgent."""
    limits = [due_at(start, stage.limit_value, stage.limit_unit)]
    if urgent := subject.approval_limit():
        limits.append(due_at(start, *urgent))
    return min(limits)


def plan(subject, version: RouteVersion, chosen: list[int], now: datetime) -> list[PlannedStage]:
    """Every stage that applies with its people and the limit each would have if the ones before took all their time.

    Raises NobodyFound naming each stage (and each chosen department) that has nobody.
    """
    planned, lacking, start = [], [], now
    for stage in stages_that_apply(version, subject, chosen, now):
        people = people_for(stage, subject, chosen, now)
        lacking += _lacking(stage, subject, people, chosen, now)
        due, provisional = limit_of(stage, subject, start)
        planned.append(PlannedStage(stage, people, due, provisional))
        start = due
    if lacking:
        raise NobodyFound(lacking)
    return planned


def _lacking(stage, subject, people, chosen, now) -> list[str]:
    if stage.who == Stage.Who.CHOSEN_HEADS:
        today = timezone.localdate(now)
        empty = [d for d in Department.objects.filter(pk__in=chosen) if not d.heads(today).exists()]
        lacking = [f"“{stage.name}”：{d.name}没有在任负责人，请系统管理员补充任职" for d in empty]
        return lacking if chosen else [f"“{stage.name}”：请选择会签部门"]
    if not people:
        return [f"“{stage.name}”：{_who(stage, subject)}无人，请系统管理员补充"]
    return []


def _who(stage: Stage, subject) -> str:
    match stage.who:
        case Stage.Who.ROLE:
            return f"角色“{stage.get_role_display()}”"
        case Stage.Who.POST | Stage.Who.PERSON:
            return f"“{stage.post or stage.person}”"
        case Stage.Who.LEADER_IN_CHARGE:
            return f"{subject.approval_department()}的分管领导"
    return f"{subject.approval_department()}负责人"
