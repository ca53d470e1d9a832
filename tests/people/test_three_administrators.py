"""The three administrators administer: no paper finds a way to them, whatever they write about themselves."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from documents.picking import chosen
from documents.sending.forms import DistributeForm
from officehub.approvals.models import RouteVersion, Stage
from officehub.inbox.errands import Errand, finish, give
from officehub.people.membership import role_group
from officehub.people.models import Appointment, Delegation, Person, Post, RoleHolding
from officehub.people.permissions import grant_roles

THREE = ["sys_admin", "security_admin", "audit_admin"]
TODAY = date(2026, 11, 23)


def groups(person) -> set[int]:
    return set(person.groups.values_list("pk", flat=True))


@pytest.mark.parametrize("name", THREE)
def test_an_administrator_is_in_no_group_of_a_department(cast, name):
    assert groups(cast.people[name]) == {role_group(name).pk}


def test_moving_to_another_department_gives_an_administrator_nothing(cast):
    cast.sys_admin.department = cast.section
    cast.sys_admin.save()
    assert groups(cast.sys_admin) == {role_group("sys_admin").pk}


def test_whoever_stops_administering_is_in_the_department_again(cast):
    RoleHolding.objects.get(person=cast.sys_admin).delete()
    assert cast.other_section.group_direct_id in groups(cast.sys_admin)


def test_an_upgrade_takes_the_administrators_out_of_the_departments_groups(cast):
    cast.sys_admin.groups.add(cast.other_section.group_direct_id)
    grant_roles()
    assert groups(cast.sys_admin) == {role_group("sys_admin").pk}


@pytest.mark.parametrize(("principal", "delegate"), [("head", "sys_admin"), ("audit_admin", "head")])
def test_an_administrator_neither_delegates_nor_is_delegated_to(cast, principal, delegate):
    given = Delegation(
        principal=cast.people[principal], delegate=cast.people[delegate], since=TODAY, until=TODAY, reason="出差"
    )
    with pytest.raises(ValidationError, match="三员"):
        given.save()


@pytest.mark.parametrize("name", THREE)
def test_an_administrator_is_appointed_to_no_post(cast, name):
    with pytest.raises(ValidationError, match="三员"):
        Appointment.objects.create(person=cast.people[name], post=Post.objects.get(title="科长"), since=TODAY)


def test_an_administrator_appointed_in_the_admin_pages_is_told_why_not(cast, client):
    client.force_login(cast.sys_admin)
    fields = {"username": "sys_admin", "name": "工程师", "is_active": "on", "department": cast.section.pk}
    fields |= {"appointments-TOTAL_FORMS": "1", "appointments-INITIAL_FORMS": "0", "appointments-0-since": "2026-11-23"}
    fields |= {"appointments-0-post": Post.objects.get(title="科长").pk, "appointments-0-person": cast.sys_admin.pk}
    answer = client.post(reverse("admin:people_person_change", args=[cast.sys_admin.pk]), fields)
    assert "管理员（三员）不任职务" in answer.content.decode()
    assert not cast.sys_admin.appointments.exists()


def test_no_stage_of_a_route_names_an_administrator(cast):
    draft = RouteVersion.objects.create(route=RouteVersion.objects.get().route, number=2)
    stage = Stage(version=draft, order=1, name="审核", verb="review", who="person", person=cast.sys_admin)
    with pytest.raises(ValidationError, match="三员"):
        stage.full_clean()


@pytest.mark.parametrize("role", THREE)
def test_no_stage_of_a_route_names_the_role_of_an_administrator(cast, role):
    draft = RouteVersion.objects.create(route=RouteVersion.objects.get().route, number=2)
    stage = Stage(version=draft, order=1, name="审核", verb="review", who="role", role=role)
    with pytest.raises(ValidationError, match="三员"):
        stage.full_clean()


def test_no_paper_is_distributed_to_an_administrator(cast, client):
    assert not chosen(map(str, Person.objects.filter(username__in=THREE).values_list("pk", flat=True)))
    assert not DistributeForm({"people": [cast.sys_admin.pk]}, person=cast.clerk).is_valid()
    client.force_login(cast.clerk)
    assert "工程师" not in client.get("/papers/people/?person=工程师").content.decode()
    assert "工程师" not in client.get(f"/papers/people/?people={cast.sys_admin.pk}").content.decode()


def test_who_holds_a_post_becomes_no_administrator(cast):
    with pytest.raises(ValidationError, match="任职"):
        RoleHolding.objects.create(person=cast.stranger, role="sys_admin")
    cast.stranger.appointments.update(until=timezone.localdate() - timedelta(days=1))
    RoleHolding.objects.create(person=cast.stranger, role="sys_admin")
    assert groups(cast.stranger) == {role_group("sys_admin").pk}


@pytest.fixture
def free(cast) -> Person:
    return Person.objects.create(username="free", name="新同志", department=cast.section)


def test_who_has_open_errands_becomes_no_administrator(cast, free, now):
    give(Errand("read", "read", "关于值班的通知"), cast.office, [free], now)
    with pytest.raises(ValidationError, match="待办"):
        RoleHolding.objects.create(person=free, role="audit_admin")
    finish(cast.office, "read", "已阅", now)
    assert RoleHolding.objects.create(person=free, role="audit_admin").pk


@pytest.mark.parametrize("places", [("free", "head"), ("head", "free")])
def test_who_has_a_delegation_that_is_not_over_becomes_no_administrator(cast, free, places):
    people = {"free": free, "head": cast.head}
    last = timezone.localdate()
    given = Delegation.objects.create(
        principal=people[places[0]], delegate=people[places[1]], since=last, until=last, reason="出差"
    )
    with pytest.raises(ValidationError, match="委托"):
        RoleHolding.objects.create(person=free, role="security_admin")
    given.delete()
    assert RoleHolding.objects.create(person=free, role="security_admin").pk


def test_whom_a_route_names_becomes_no_administrator(cast, free, client):
    version = RouteVersion.objects.get()
    Stage.objects.bulk_create([Stage(version=version, order=9, name="审核", verb="review", who="person", person=free)])
    client.force_login(cast.security_admin)
    answer = client.post(reverse("admin:people_roleholding_add"), {"person": free.pk, "role": "sys_admin"})
    assert "审批流程“发文”指定此人办理" in answer.content.decode()
    assert not free.role_holdings.exists()
