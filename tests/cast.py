"""A small cast with no surprises: one of each, by what they do."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from documents.models import Document, Series
from officehub.approvals.models import Route, RouteVersion, Stage
from officehub.people.models import Appointment, Department, Organ, Person, Post, Role, RoleHolding
from officehub.people.models.persons import ADMINISTRATORS

PASSWORD = "cast-password-1"


@dataclass
class Cast:
    province: Organ
    government: Organ
    office: Organ
    section: Department
    other_section: Department
    bureau: Department
    leaders: Department
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None


def build_cast() -> Cast:
    """drafter and head (section), countersigner and reader (bureau), vetter, rechecker, seal_keeper, clerk and
    archivist (the office), leader_in_charge, leader (principal), stranger (another section), the three administrators.
    """
    province = organ("东岭省人民政府", "省政府", "province", "government")
    government = organ("海青市人民政府", "市政府", "city", "government", code="海政", superior=province, own=True)
    office = organ(
        "海青市人民政府办公室", "市政府办公室", "city", "office", code="海政办", superior=government, own=True
    )
    government.office = office
    government.save()
    root = department(office, "办公室", code="BGS", general=True)
    section = department(office, "综合科", parent=root, code="ZHK")
    other = department(office, "信息科", parent=root, code="XXK")
    bureau = department(government, "市财政局", code="CZJ")
    leaders = department(government, "市政府领导", code="LDS")
    cast = Cast(province, government, office, section, other, bureau, leaders)
    for name, place, title, heads, roles in [
        ("drafter", section, "科员", False, []),
        ("head", section, "科长", True, []),
        ("countersigner", bureau, "局长", True, []),
        ("reader", bureau, "文书", False, [Role.REGISTRY_CLERK]),
        ("vetter", root, "核稿员", False, [Role.VETTER]),
        ("rechecker", root, "复核员", False, [Role.RECHECKER]),
        ("seal_keeper", root, "用印员", False, [Role.SEAL_KEEPER]),
        ("clerk", root, "收发员", False, [Role.REGISTRY_CLERK]),
        ("archivist", root, "档案员", False, [Role.ARCHIVIST]),
        ("leader_in_charge", root, "副主任", False, [Role.LEADER_IN_CHARGE]),
        ("leader", root, "主任", True, [Role.PRINCIPAL_LEADER]),
        ("mayor", leaders, "市长", False, [Role.PRINCIPAL_LEADER]),
        ("stranger", other, "科员", False, []),
        ("sys_admin", other, "工程师", False, [Role.SYS_ADMIN]),
        ("security_admin", other, "工程师甲", False, [Role.SECURITY_ADMIN]),
        ("audit_admin", other, "工程师乙", False, [Role.AUDIT_ADMIN]),
    ]:
        cast.people[name] = person(name, place, title, heads, roles)
    for place in (root, section, other):
        place.leader_in_charge = Post.objects.get(title="副主任")
        place.save()
    Series.objects.create(organ=office, code="海政办发")
    Series.objects.create(organ=office, code="海政办函", kinds=["函"])
    default_route()
    return cast


def organ(name, short, level, kind, *, code="", superior=None, own=False) -> Organ:
    fonds = "0102" if own else ""
    return Organ.objects.create(
        name=name,
        short_name=short,
        level=level,
        kind=kind,
        code=code,
        superior=superior,
        is_own=own,
        fonds_number=fonds,
    )


def department(organ: Organ, name: str, *, parent=None, code="", general=False) -> Department:
    return Department.objects.create(organ=organ, name=name, parent=parent, code=code, is_general_office=general)


def person(name: str, place: Department, title: str, heads: bool, roles: list[str]) -> Person:
    who = Person(username=name, name=f"{title}{name}"[:20], department=place, title=title, email=f"{name}@office.test")
    who.set_password(PASSWORD)
    who.save()
    if not set(roles) & set(ADMINISTRATORS):  # who hold no post
        post, _ = Post.objects.get_or_create(department=place, title=title, defaults={"is_head": heads})
        Appointment.objects.create(person=who, post=post, since=date(2026, 1, 1))
    for role in roles:
        RoleHolding.objects.create(person=who, role=role)
    return who


def looked_at(client, address) -> int:
    """What a look at an address gives; a file that it hands out is read to its end, and so closed."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def default_route() -> RouteVersion:
    """Review by the head, countersign by the chosen departments, vetting, sign-off by rank."""
    route = Route.objects.create(name="发文", subject_type=ContentType.objects.get_for_model(Document))
    version = RouteVersion.objects.create(route=route, number=1)
    principal = [{"fact": "needs_principal", "is": True}]
    ordinary = [{"fact": "needs_principal", "is": False}]
    rows = [
        {"name": "部门审核", "verb": "review", "who": "drafting_head"},
        {"name": "会签", "verb": "countersign", "who": "chosen_heads", "mode": "all", "may_skip_if_nobody": True,
         "limit_value": 7},
        {"name": "核稿", "verb": "vet", "who": "role", "role": Role.VETTER, "merges": False},
        {"name": "签发", "verb": "sign_off", "who": "leader_in_charge", "condition": ordinary, "merges": False},
        {"name": "签发", "verb": "sign_off", "who": "role", "role": Role.PRINCIPAL_LEADER, "condition": principal,
         "merges": False},
    ]  # fmt: skip
    Stage.objects.bulk_create([Stage(version=version, order=order, **row) for order, row in enumerate(rows, 1)])
    version.published_at = timezone.now()
    version.save()
    return version


NOTICE = {
    "kind": "通知",
    "issuers": ["海青市人民政府办公室"],
    "title": "海青市人民政府办公室关于做好冬季供暖保障工作的通知",
    "primary_recipients": "市政府各部门",
    "body": "为做好今冬供暖保障，现将有关事项通知如下。\n一、备足燃料\n各供热单位应于12月5日前完成储备。\n"
    "二、加强值守\n供暖期内实行二十四小时值班。",
    "disclosure": "主动公开",
    "printing_office": "海青市人民政府办公室",
}
