"""Whom each sort of stage asks, and what is said when it finds nobody."""

import pytest

from officehub.approvals import decide
from officehub.approvals.asked import Choice, asked_by
from officehub.approvals.models import Stage
from officehub.approvals.plan import NobodyFound
from officehub.people.models import Appointment, Post, RoleHolding
from officehub.people.models.persons import Role

CHOSEN = ["bureau", "section"]


def stage_of(cast, who: str) -> dict:
    """Each of the thirteen, made complete."""
    return {
        "person": {"person": cast.mayor},
        "post": {"post": Post.objects.get(title="局长")},
        "role": {"role": Role.VETTER},
        "drafting_role": {"role": Role.DISCLOSURE_OFFICER},
        "named_role": {"role": Role.REGISTRY_CLERK, "department": cast.bureau},
        "chosen_role": {"role": Role.DISCLOSURE_OFFICER},
        "named_head": {"department": cast.bureau},
        "named_leader": {"department": cast.section},
        "sender": {"role": Role.REGISTRY_CLERK},
    }.get(who, {}) | {"who": who, "mode": "all"}


ASKED = {
    "person": ["mayor"],
    "post": ["countersigner"],
    "role": ["vetter"],
    "drafting_role": ["officer"],
    "named_role": ["reader"],
    "chosen_role": ["bureau_officer", "officer"],
    "drafting_head": ["head"],
    "named_head": ["countersigner"],
    "chosen_heads": ["countersigner", "head"],
    "leader_in_charge": ["leader_in_charge"],
    "named_leader": ["leader_in_charge"],
    "chosen_leaders": ["mayor", "leader_in_charge"],
    "sender": ["clerk"],
}
SAID = {
    "person": "“第1关”：“市长mayor”无人，请系统管理员补充",
    "post": "“第1关”：“市财政局 局长”无人，请系统管理员补充",
    "role": "“第1关”：角色“核稿人”无人，请系统管理员补充",
    "drafting_role": "“第1关”：综合科的“信息公开员”无人，请系统管理员补充",
    "named_role": "“第1关”：市财政局的“收发员”无人，请系统管理员补充",
    "chosen_role": "“第1关”：市财政局没有“信息公开员”，请系统管理员补充任职；"
    "“第1关”：综合科没有“信息公开员”，请系统管理员补充任职",
    "drafting_head": "“第1关”：综合科负责人无人，请系统管理员补充",
    "named_head": "“第1关”：市财政局负责人无人，请系统管理员补充",
    "chosen_heads": "“第1关”：市财政局没有在任负责人，请系统管理员补充任职；"
    "“第1关”：综合科没有在任负责人，请系统管理员补充任职",
    "leader_in_charge": "“第1关”：综合科的分管领导无人，请系统管理员补充",
    "named_leader": "“第1关”：综合科的分管领导无人，请系统管理员补充",
    "chosen_leaders": "“第1关”：市财政局没有分管领导，请系统管理员补充任职；"
    "“第1关”：综合科没有分管领导，请系统管理员补充任职",
    "sender": "“第1关”：请从候选人中选定办理人",
    "answers_to": "“第1关”：事项的交办人无人，请系统管理员补充",
}  # fmt: skip


@pytest.fixture
def office(cast):
    """With somebody for every sort of stage: information officers in two departments, a leader over the bureau."""
    from tests.cast import person

    cast.people["officer"] = person("officer", cast.section, "科员乙", False, [Role.DISCLOSURE_OFFICER])
    cast.people["bureau_officer"] = person("bureau_officer", cast.bureau, "科员丙", False, [Role.DISCLOSURE_OFFICER])
    cast.bureau.leader_in_charge = Post.objects.get(title="市长")
    cast.bureau.save()
    return cast


def test_the_table_names_every_sort():
    assert set(SAID) == set(Stage.Who.values)
    assert set(ASKED) == set(SAID) - {"answers_to"}  # a paper answers to nobody; `tests/tasks` asks it of extensions


@pytest.mark.parametrize("who", ASKED)
def test_each_sort_of_stage_asks_whom_it_says(office, route, submitted, asked, sound, who):
    version = route(stage_of(office, who))
    people = {str(version.stages.get().pk): [office.clerk.pk]}
    document = submitted(chosen=[getattr(office, name).pk for name in CHOSEN], people=people)
    assert asked(document) == ASKED[who]
    sound(document)


@pytest.mark.parametrize("who", Stage.Who.values)
def test_each_sort_says_what_lacks_and_who_can_mend_it(office, route, submitted, who):
    route(stage_of(office, who))
    Appointment.objects.all().delete()
    RoleHolding.objects.all().delete()
    office.mayor.is_active = False
    office.mayor.save()
    with pytest.raises(NobodyFound) as nobody:
        submitted(chosen=[getattr(office, name).pk for name in CHOSEN])
    assert "；".join(sorted(nobody.value.lacking)) == "；".join(sorted(SAID[who].split("；")))
    assert decide.run_of(office.drafter.drafts.get()) is None


@pytest.mark.parametrize("who", ["chosen_role", "chosen_heads", "chosen_leaders"])
def test_without_a_choice_it_says_choose_or_is_left_out(office, route, submitted, asked, who):
    route({**stage_of(office, who)}, {"person": office.mayor})
    with pytest.raises(NobodyFound, match="请选择会签部门"):
        submitted()
    route({**stage_of(office, who), "may_skip_if_nobody": True}, {"person": office.mayor})
    assert asked(submitted()) == ["mayor"]


def test_the_sender_chooses_among_the_candidates_alone(office, route, submitted, now):
    version = route({"who": "sender", "mode": "all", "role": Role.VETTER})
    stage = version.stages.get()
    with pytest.raises(NobodyFound, match="请从候选人中选定"):
        submitted(people={str(stage.pk): [office.mayor.pk, office.sys_admin.pk]})


def test_who_speaks_for_two_departments_signs_once(office, route, submitted, asked, sound):
    Appointment.objects.create(person=office.head, post=Post.objects.get(title="局长"), since="2026-01-01")
    Appointment.objects.filter(person=office.countersigner).delete()
    route({"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[office.bureau.pk, office.section.pk])
    assert asked(document) == ["head"]
    sound(document)


def test_whoever_drafted_neither_vets_nor_signs_while_somebody_else_can(office, second, route, submitted, asked):
    RoleHolding.objects.create(person=office.drafter, role=Role.VETTER)
    route({"who": "role", "role": Role.VETTER, "mode": "all", "merges": False})
    assert sorted(asked(submitted())) == ["second", "vetter"]
    RoleHolding.objects.exclude(person=office.drafter).delete()
    assert asked(submitted()) == ["drafter"]


def test_a_past_head_is_not_asked_for_the_department_left(office, route, submitted, asked, now):
    Appointment.objects.create(
        person=office.countersigner, post=Post.objects.get(title="科长"), since="2025-01-01", until="2025-12-31"
    )
    version = route({"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[office.section.pk])
    assert asked(document) == ["head"]
    both = Choice([office.section.pk, office.bureau.pk])
    places = [(one.person, one.department) for one in asked_by(version.stages.get(), document, both, now)]
    assert places == [(office.head, office.section), (office.countersigner, office.bureau)]
