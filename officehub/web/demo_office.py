"""The people and organisation of the demo office: an invented city, 云溪市."""

from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction

from officehub.people.models import Appointment, Department, Organ, Person, Post, Role, RoleHolding
from officehub.people.models.persons import ADMINISTRATORS

LEVEL, KIND = Organ.Level, Organ.Kind
APPOINTED = date(2025, 3, 3)

ORGANS = [  # name, short name, code, level, kind, superior
    ("江岭省人民政府", "省政府", "", LEVEL.PROVINCE, KIND.GOVERNMENT, ""),
    ("云溪市人民政府", "市政府", "云政", LEVEL.CITY, KIND.GOVERNMENT, "江岭省人民政府"),
    ("云溪市人民政府办公室", "市政府办公室", "云政办", LEVEL.CITY, KIND.OFFICE, "云溪市人民政府"),
    ("云溪市发展和改革委员会", "市发展改革委", "", LEVEL.CITY, KIND.DEPARTMENT, "云溪市人民政府"),
    ("云溪市财政局", "市财政局", "", LEVEL.CITY, KIND.DEPARTMENT, "云溪市人民政府"),
    ("云溪市应急管理局", "市应急局", "", LEVEL.CITY, KIND.DEPARTMENT, "云溪市人民政府"),
    ("云溪市水利局", "市水利局", "", LEVEL.CITY, KIND.DEPARTMENT, "云溪市人民政府"),
    ("云溪市住房和城乡建设局", "市住建局", "", LEVEL.CITY, KIND.DEPARTMENT, "云溪市人民政府"),
    ("松岭县人民政府", "松岭县政府", "", LEVEL.COUNTY, KIND.GOVERNMENT, "云溪市人民政府"),
    ("临湖县人民政府", "临湖县政府", "", LEVEL.COUNTY, KIND.GOVERNMENT, "云溪市人民政府"),
    ("青桥区人民政府", "青桥区政府", "", LEVEL.COUNTY, KIND.GOVERNMENT, "云溪市人民政府"),
]
OWN = {"云溪市人民政府": "0101", "云溪市人民政府办公室": "0102"}
DEPARTMENTS = [  # organ, name, above, code, general office
    ("云溪市人民政府", "市政府领导", "", "LDS", False),
    ("云溪市人民政府办公室", "市政府办公室", "", "BGS", True),
    ("云溪市人民政府办公室", "秘书一科", "市政府办公室", "MSK", False),
    ("云溪市人民政府办公室", "应急综合科", "市政府办公室", "YJK", False),
    ("云溪市人民政府办公室", "机要文印科", "市政府办公室", "JYK", False),
    ("云溪市人民政府办公室", "督查室", "市政府办公室", "DCS", False),
    ("云溪市人民政府", "市发展改革委", "", "FGW", False),
    ("云溪市人民政府", "市财政局", "", "CZJ", False),
    ("云溪市人民政府", "市应急局", "", "YJJ", False),
    ("云溪市人民政府", "市水利局", "", "SLJ", False),
    ("云溪市人民政府", "市住建局", "", "ZJJ", False),
    ("云溪市人民政府", "松岭县政府", "", "SLX", False),
    ("云溪市人民政府", "临湖县政府", "", "LHX", False),
    ("云溪市人民政府", "青桥区政府", "", "QQQ", False),
]
PEOPLE = [  # log-in, name, department, title, heads it, roles
    ("luoyuan", "罗远", "市政府领导", "市长", False, [Role.PRINCIPAL_LEADER]),
    ("zhoumin", "周敏", "市政府领导", "副市长", False, [Role.LEADER_IN_CHARGE]),
    ("hejianping", "何建平", "市政府办公室", "主任", True, [Role.OFFICE_DIRECTOR, Role.PRINCIPAL_LEADER]),
    ("tangwen", "唐雯", "市政府办公室", "副主任", False, [Role.LEADER_IN_CHARGE]),
    ("jiangyue", "蒋悦", "秘书一科", "科长", True, [Role.VETTER]),
    ("suqing", "苏青", "秘书一科", "四级主任科员", False, [Role.RECHECKER, Role.DISCLOSURE_OFFICER]),
    ("lixiang", "黎翔", "应急综合科", "科长", True, []),
    ("chenxi", "陈曦", "应急综合科", "一级科员", False, []),
    ("panhong", "潘虹", "机要文印科", "科长", True, [Role.SEAL_KEEPER]),
    ("xiaonan", "肖楠", "机要文印科", "机要员", False, [Role.REGISTRY_CLERK, Role.ARCHIVIST]),
    ("dingyi", "丁毅", "督查室", "主任", True, [Role.SUPERVISOR]),
    ("gaolei", "高磊", "市发展改革委", "主任", True, []),
    ("maoting", "毛婷", "市发展改革委", "文书", False, [Role.REGISTRY_CLERK]),
    ("fangzhou", "方舟", "市财政局", "局长", True, []),
    ("qianduo", "钱朵", "市财政局", "文书", False, [Role.REGISTRY_CLERK]),
    ("leiming", "雷鸣", "市应急局", "局长", True, []),
    ("yuxin", "余昕", "市应急局", "文书", False, [Role.REGISTRY_CLERK]),
    ("shuiqing", "水清", "市水利局", "局长", True, []),
    ("wangjing", "汪静", "市水利局", "文书", False, [Role.REGISTRY_CLERK]),
    ("shilei", "石磊", "市住建局", "局长", True, []),
    ("songlin", "宋林", "松岭县政府", "办公室主任", True, [Role.REGISTRY_CLERK]),
    ("linhu", "林湖生", "临湖县政府", "办公室主任", True, [Role.REGISTRY_CLERK]),
    ("qiaoan", "乔安", "青桥区政府", "办公室主任", True, [Role.REGISTRY_CLERK]),
    ("sysadmin", "系统管理员", "机要文印科", "工程师", False, [Role.SYS_ADMIN]),
    ("secadmin", "安全管理员", "机要文印科", "工程师", False, [Role.SECURITY_ADMIN]),
    ("auditadmin", "审计管理员", "督查室", "工程师", False, [Role.AUDIT_ADMIN]),
]
IN_CHARGE = {"市政府领导": "副市长", "市政府办公室": "副主任"}  # whose post is in charge of which departments


@dataclass
class Office:
    """The demo office, by the names used above."""

    organs: dict[str, Organ] = field(default_factory=dict)
    departments: dict[str, Department] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def build(password: str) -> Office:
    """Make the organisation and its people in an empty database."""
    office = Office()
    with transaction.atomic():
        for name, short, code, level, kind, above in ORGANS:
            office.organs[name] = Organ.objects.create(
                name=name,
                short_name=short,
                code=code,
                level=level,
                kind=kind,
                superior=office.organs.get(above),
                is_own=name in OWN,
                fonds_number=OWN.get(name, ""),
                active_from=date(2000, 1, 1),
            )
        government = office.organs["云溪市人民政府"]
        government.office = office.organs["云溪市人民政府办公室"]
        government.save()
        for order, (organ, name, above, code, general) in enumerate(DEPARTMENTS):
            office.departments[name] = Department.objects.create(
                organ=office.organs[organ],
                name=name,
                parent=office.departments.get(above),
                code=code,
                is_general_office=general,
                order=order,
            )
        hashed = make_password(password)
        for row in PEOPLE:
            _person(office, *row, hashed)
        _put_in_charge(office)
    return office


def _person(office: Office, username, name, department, title, heads, roles, hashed) -> None:
    place = office.departments[department]
    person = Person.objects.create(
        username=username,
        name=name,
        department=place,
        title=title,
        email=f"{username}@yunxi.example",
        phone="0700-8800001",
        password=hashed,
    )
    if not set(roles) & set(ADMINISTRATORS):  # who hold no post
        post, _ = Post.objects.get_or_create(department=place, title=title, defaults={"is_head": heads})
        Appointment.objects.create(person=person, post=post, since=APPOINTED)
    for role in roles:
        RoleHolding.objects.create(person=person, role=role)
    office.people[username] = person


def _put_in_charge(office: Office) -> None:
    """The vice-mayor is in charge of the bureaus and counties, the deputy director of the office's own divisions."""
    mayor = Post.objects.get(department__name="市政府领导", title=IN_CHARGE["市政府领导"])
    deputy = Post.objects.get(department__name="市政府办公室", title=IN_CHARGE["市政府办公室"])
    for department in office.departments.values():
        inside = department.organ.name == "云溪市人民政府办公室"
        department.leader_in_charge = deputy if inside else mayor
        department.save()
