"""Who works there: bureaus with divisions below them, each with a head and a registry clerk."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import Group
from pypinyin import lazy_pinyin

from documents.volume.pour import pour
from officehub.people.membership import role_group
from officehub.people.models import Appointment, Department, Organ, Person, Post, Role, RoleHolding, role_holders

SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹"
GIVEN = "伟芳娜敏静秀丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰红鹏飞宇晨欣雨佳浩博文思远"
DIVISIONS = ("办公室", "综合科", "法规科", "财务科", "人事科", "规划科", "执法科", "信息科", "监督科", "宣传科")
BUREAUS = (
    "教育",
    "民政",
    "司法",
    "交通运输",
    "农业农村",
    "商务",
    "文化旅游",
    "卫生健康",
    "审计",
    "统计",
    "林业",
    "体育",
)
JOINED = date(2016, 1, 4)


@dataclass
class Place:
    """A department with its people: the head first, then the registry clerk, if there are so many."""

    department: Department
    people: list[Person] = field(default_factory=list)
    superiors: list[int] = field(default_factory=list)  # the heads of it and of all above it


@dataclass(frozen=True)
class Bench:
    """Who in the office takes part in every paper of one organ, by id."""

    leader: int
    clerk: int
    archivist: int
    everybody: frozenset[int]


def hire(people: int, departments: int) -> list[Place]:
    """Make the departments and share the people out among them."""
    places = _places(departments)
    start = Person.objects.count()
    first = Person.objects.order_by("id").first()
    password = first.password if first else "!"  # the demo's own, or none that opens
    for index in range(people):
        place = places[index % len(places)]
        place.people.append(_person(start + index, place, password))
    Person.objects.bulk_create([who for place in places for who in place.people], batch_size=2_000)
    _appoint(places)
    _join_groups(places)
    _find_superiors(places)
    return [place for place in places if place.people]


def _places(count: int) -> list[Place]:
    """One in ten departments is a bureau, the others are divisions of the bureau before them."""
    own = Organ.objects.filter(is_own=True).order_by("id").first()
    top, _ = Department.objects.get_or_create(organ=own, name="市直单位")
    there = Department.objects.filter(parent=top).count()
    places: list[Place] = []
    for index in range(count):
        number, division = divmod(index, len(DIVISIONS))
        above = places[-division].department if division else top
        organ = above.organ if division else _bureau(there + number)
        name = DIVISIONS[division] if division else organ.short_name
        department = Department(organ=organ, parent=above, name=name, code=f"{index:03X}")
        department.save()
        places.append(Place(department))
    return places


def _bureau(number: int) -> Organ:
    branch, kind = divmod(number, len(BUREAUS))
    short = f"市{BUREAUS[kind]}局" + (f"第{branch}分局" if branch else "")
    return Organ.objects.create(name=f"云溪{short}", short_name=short, level="city", kind="department")


def _person(number: int, place: Place, password: str) -> Person:
    surname, given = SURNAMES[number % len(SURNAMES)], GIVEN[number // len(SURNAMES) % len(GIVEN)]
    name = surname + given + (GIVEN[number * 7 % len(GIVEN)] if number % 3 else "")
    title = ("科长", "文书")[len(place.people)] if len(place.people) < 2 else "科员"
    return Person(
        username=f"p{number:06d}",
        name=name,
        name_key=" ".join(lazy_pinyin(name)),
        department=place.department,
        title=title,
        password=password,
    )


def _appoint(places: list[Place]) -> None:
    heads = [place for place in places if place.people]
    posts = Post.objects.bulk_create([Post(department=p.department, title="科长", is_head=True) for p in heads])
    Appointment.objects.bulk_create(
        [Appointment(person=p.people[0], post=post, since=JOINED) for p, post in zip(heads, posts, strict=True)]
    )
    clerks = [place.people[1] for place in places if len(place.people) > 1]
    RoleHolding.objects.bulk_create([RoleHolding(person=clerk, role=Role.REGISTRY_CLERK) for clerk in clerks])


def _join_groups(places: list[Place]) -> None:
    """The same memberships `people.membership.sync` gives, for all at once."""
    clerks: Group = role_group(Role.REGISTRY_CLERK)
    rows = []
    for place in places:
        trees = place.department.ancestors_and_self().values_list("group_tree_id", flat=True)
        groups = [place.department.group_direct_id, *trees]
        rows += [(who.pk, group) for who in place.people for group in groups]
        rows += [(who.pk, clerks.pk) for who in place.people[1:2]]
    pour(Person.groups.through, ["person_id", "group_id"], rows)


def _find_superiors(places: list[Place]) -> None:
    heads = {place.department.pk: place.people[0].pk for place in places if place.people}
    for place in places:
        path = [int(part) for part in place.department.path.split("/") if part]
        place.superiors = [heads[pk] for pk in path if pk in heads]


def bench_of(organ: Organ) -> Bench:
    """Who leads, vets, rechecks, seals, sends out and files for an organ. LookupError when an office is unfilled."""
    asked = (Role.LEADER_IN_CHARGE, Role.VETTER, Role.RECHECKER, Role.SEAL_KEEPER, Role.REGISTRY_CLERK, Role.ARCHIVIST)
    held = {role: list(role_holders(organ, role).values_list("pk", flat=True)) for role in asked}
    if missing := [role.label for role in asked if not held[role]]:
        raise LookupError(f"{organ}：没有{'、'.join(missing)}")
    leader = held[Role.LEADER_IN_CHARGE][0]
    others = [pk for role in asked[1:] for pk in held[role]]
    return Bench(leader, held[Role.REGISTRY_CLERK][0], held[Role.ARCHIVIST][0], frozenset([leader, *others]))
