"""Who a stage asks, for one subject on one day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from officehub.approvals.models import Stage
from officehub.people.models import Department, Person, Post, holders_of, holders_or_backups, role_holders

WHO = Stage.Who


@dataclass(frozen=True)
class Asked:
    """One place to be filled: the person asked, and the department they speak for when they countersign for one."""

    person: Person
    department: Department | None = None


@dataclass(frozen=True)
class Choice:
    """What the sender chose: the departments that countersign, and people for stages that let them choose."""

    departments: list[int] = field(default_factory=list)
    people: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, run) -> "Choice":
        return cls(run.chosen.get("departments", []), run.chosen.get("people", {}))

    def kept(self) -> dict:
        return {"departments": self.departments, "people": self.people}

    def at(self, stage: Stage) -> list[int]:
        return self.people.get(str(stage.pk), [])


def asked_by(stage: Stage, subject, choice: Choice, now: datetime, department: Department | None = None) -> list[Asked]:
    """The places of a stage, in order. `department` is whose internal route it is; else the drafter's counts."""
    found = named_by(stage, subject, choice, now, department)
    return found if stage.who in Stage.BY_CHOSEN else apart(stage, subject, found)


def named_by(stage: Stage, subject, choice: Choice, now: datetime, department: Department | None = None) -> list[Asked]:
    """The places that the route names, whoever drafted the subject."""
    today = timezone.localdate(now)
    if stage.who in Stage.BY_CHOSEN:
        return _for_chosen(stage, choice.departments, today)
    home = department or subject.approval_department()
    if stage.who == WHO.ANSWERS_TO:
        return [Asked(person) for person in answering(subject, now)]
    return [Asked(person) for person in _people(stage, subject, home, choice, today)]


def answering(subject, now: datetime) -> list[Person]:
    """Those a subject says it answers to, such as whoever gave a task; a paper answers to nobody in particular."""
    asks = getattr(subject, "approval_answers_to", None)
    return [person for person in asks(now) if person.is_active] if asks else []


def _people(stage: Stage, subject, home: Department, choice: Choice, today) -> Iterable[Person]:
    match stage.who:
        case WHO.PERSON:
            return Person.objects.filter(is_active=True, pk=stage.person_id or 0)
        case WHO.POST:
            return holders_or_backups(Post.objects.filter(pk=stage.post_id or 0), today)
        case WHO.ROLE:
            return role_holders(subject.approval_organ(), stage.role)
        case WHO.DRAFTING_ROLE:
            return _holding(stage.role).filter(department=home)
        case WHO.NAMED_ROLE:
            return _holding(stage.role).filter(department=stage.department_id)
        case WHO.DRAFTING_HEAD:
            return holders_or_backups(Post.objects.filter(department=home, is_head=True), today)
        case WHO.NAMED_HEAD:
            return holders_or_backups(Post.objects.filter(department=stage.department_id, is_head=True), today)
        case WHO.LEADER_IN_CHARGE:
            return holders_or_backups(Post.objects.filter(pk=home.leader_in_charge_id or 0), today)
        case WHO.NAMED_LEADER:
            return holders_or_backups(Post.objects.filter(departments_in_charge=stage.department_id), today)
    return candidates(stage, subject).filter(pk__in=choice.at(stage))


def _holding(role: str):
    return Person.objects.filter(is_active=True, role_holdings__role=role).order_by("id")


def candidates(stage: Stage, subject):
    """From whom the sender of a subject may choose at a stage."""
    named = list(stage.candidates.values_list("pk", flat=True))
    if stage.role:
        named += role_holders(subject.approval_organ(), stage.role).values_list("pk", flat=True)
    return Person.objects.filter(is_active=True, pk__in=named).order_by("name_key", "id")


def _for_chosen(stage: Stage, chosen: list[int], today) -> list[Asked]:
    """For each chosen department, in the order chosen, who speaks for it."""
    if not chosen:
        return []
    if stage.who == WHO.CHOSEN_ROLE:
        pairs = list(_holding(stage.role).filter(department__in=chosen).values_list("department_id", "pk"))
    else:
        pairs = _holding_posts(stage, chosen, today)
    people, departments = Person.objects.in_bulk({pk for _, pk in pairs}), Department.objects.in_bulk(chosen)
    ordered = sorted({pair for pair in pairs if pair[0] in chosen}, key=lambda pair: (chosen.index(pair[0]), pair[1]))
    return [Asked(people[person], departments[department]) for department, person in ordered]


def _holding_posts(stage: Stage, chosen: list[int], today) -> list[tuple[int, int]]:
    """Department and person, for the heads or the leaders in charge; the B岗's holder where a post is vacant."""
    of_department, path = {"is_head": True}, "department"
    if stage.who == WHO.CHOSEN_LEADERS:
        of_department, path = {}, "departments_in_charge"
    posts = Post.objects.filter(**of_department, **{f"{path}__in": chosen})
    pairs = list(holders_of(posts, today).values_list(f"appointments__post__{path}", "pk"))
    for department in set(chosen) - {department for department, _ in pairs}:
        vacant = Post.objects.filter(**of_department, **{path: department})
        pairs += [(department, person.pk) for person in holders_or_backups(vacant, today)]
    return pairs


def apart(stage: Stage, subject, asked: list[Asked]) -> list[Asked]:
    """Where a stage does not merge (核稿、签发), whoever drafted is left out as long as somebody else can be asked."""
    others = [one for one in asked if one.person.pk != subject.approval_drafter_id()]
    return asked if stage.merges else others or asked


def lacking(stage: Stage, subject, asked: list[Asked], choice: Choice, home: Department | None = None) -> list[str]:
    """What keeps a stage from being asked, in sentences that say who can mend it; empty when nothing does.

    `home` is the department whose internal route it is; else the drafter's.
    """
    if stage.who in Stage.BY_CHOSEN:
        if not choice.departments:
            return [gettext("“%(stage)s”：请选择会签部门") % {"stage": stage.name}]
        answered = {one.department.pk for one in asked if one.department}
        silent = Department.objects.filter(pk__in=set(choice.departments) - answered)
        gaps = {"stage": stage.name, "what": _of_each(stage)}
        line = gettext("“%(stage)s”：%(department)s没有%(what)s，请系统管理员补充任职")
        return [line % {**gaps, "department": department.name} for department in silent]
    if asked:
        return []
    if stage.who == WHO.SENDER:
        return [gettext("“%(stage)s”：请从候选人中选定办理人") % {"stage": stage.name}]
    gaps = {"stage": stage.name, "whom": _whom(stage, home or subject.approval_department())}
    return [gettext("“%(stage)s”：%(whom)s无人，请系统管理员补充") % gaps]


def _of_each(stage: Stage) -> str:
    """Whom a stage asks in every department chosen."""
    match stage.who:
        case WHO.CHOSEN_HEADS:
            return gettext("在任负责人")
        case WHO.CHOSEN_LEADERS:
            return gettext("分管领导")
    return gettext("“%(role)s”") % {"role": gettext(stage.get_role_display())}


def _whom(stage: Stage, home: Department) -> str:
    role = gettext(stage.get_role_display()) if stage.role else ""
    named, own = {"department": stage.department, "role": role}, {"department": home, "role": role}
    match stage.who:
        case WHO.ROLE:
            return gettext("角色“%(role)s”") % own
        case WHO.DRAFTING_ROLE:
            return gettext("%(department)s的“%(role)s”") % own
        case WHO.NAMED_ROLE:
            return gettext("%(department)s的“%(role)s”") % named
        case WHO.POST | WHO.PERSON:
            return f"“{stage.post or stage.person}”"
        case WHO.LEADER_IN_CHARGE:
            return gettext("%(department)s的分管领导") % own
        case WHO.NAMED_LEADER:
            return gettext("%(department)s的分管领导") % named
        case WHO.NAMED_HEAD:
            return gettext("%(department)s负责人") % named
        case WHO.ANSWERS_TO:
            return gettext("事项的交办人")
    return gettext("%(department)s负责人") % own
