"""Groups follow the organisation, whatever moves; roles exclude each other; delegations neither chain nor overlap."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from officehub.people.membership import groups_of, role_group
from officehub.people.models import Delegation, Department, Person, RoleHolding, holders_of, role_holders
from officehub.people.models.persons import delegation_of


def groups(person) -> set[int]:
    return set(Person.objects.get(pk=person.pk).groups.values_list("pk", flat=True))


def everybody_is_where_the_organisation_says() -> bool:
    people = Person.objects.select_related("department")
    return all(groups(person) == groups_of(person) for person in people)


def test_a_person_is_in_the_own_group_the_tree_above_and_the_roles(cast):
    root = cast.section.parent
    assert groups(cast.drafter) == {cast.section.group_direct_id, cast.section.group_tree_id, root.group_tree_id}
    assert groups(cast.vetter) == {root.group_direct_id, root.group_tree_id, role_group("vetter").pk}


def test_a_person_who_moves_leaves_the_old_groups(cast):
    cast.drafter.department = cast.bureau
    cast.drafter.save()
    assert groups(cast.drafter) == {cast.bureau.group_direct_id, cast.bureau.group_tree_id}


def test_when_a_department_moves_everybody_below_follows(cast):
    below = Department.objects.create(organ=cast.office, name="文印组", parent=cast.section)
    clerk = Person.objects.create(username="below", name="文印员", department=below)
    root = cast.section.parent
    cast.section.parent = None
    cast.section.save()
    assert root.group_tree_id not in groups(clerk) | groups(cast.drafter)
    assert groups(clerk) == {below.group_direct_id, below.group_tree_id, cast.section.group_tree_id}
    below.refresh_from_db()
    assert below.path == f"{cast.section.pk:06d}/{below.pk:06d}/"
    assert everybody_is_where_the_organisation_says()


def test_a_department_cannot_be_put_below_itself(cast):
    root = cast.section.parent
    root.parent = cast.section
    with pytest.raises(ValidationError, match="不能是本部门或其下级"):
        root.full_clean()


def test_a_role_given_and_taken_away_moves_its_group(cast):
    holding = RoleHolding.objects.create(person=cast.drafter, role="archivist")
    assert role_group("archivist").pk in groups(cast.drafter)
    holding.delete()
    assert role_group("archivist").pk not in groups(cast.drafter)
    assert everybody_is_where_the_organisation_says()


def test_only_administrators_enter_the_administrators_pages(cast):
    staff = Person.objects.filter(is_staff=True).order_by("username").values_list("username", flat=True)
    assert list(staff) == ["audit_admin", "security_admin", "sys_admin"]
    RoleHolding.objects.get(person=cast.sys_admin).delete()
    assert not Person.objects.get(pk=cast.sys_admin.pk).is_staff


@pytest.mark.parametrize(
    ("person", "role"),
    [("sys_admin", "audit_admin"), ("sys_admin", "vetter"), ("vetter", "security_admin"), ("audit_admin", "sys_admin")],
)
def test_an_administrator_holds_nothing_else(cast, person, role):
    with pytest.raises(ValidationError, match="管理员"):
        RoleHolding(person=cast.people[person], role=role).save()


def test_two_administrator_roles_are_refused_by_the_database_too(cast):
    second = RoleHolding(person=cast.sys_admin, role="audit_admin")
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleHolding.objects.bulk_create([second])


def test_leaders_are_those_of_the_organ_and_office_work_is_shared(cast):
    assert list(role_holders(cast.office, "principal_leader")) == [cast.leader]
    assert list(role_holders(cast.government, "principal_leader")) == [cast.mayor]
    assert list(role_holders(cast.government, "vetter")) == [cast.vetter]


def test_a_post_is_held_from_the_first_to_the_last_day(cast):
    appointment = cast.head.appointments.get()
    appointment.until = date(2026, 6, 30)
    appointment.save()
    posts = [appointment.post_id]
    held = [holders_of(posts, date(2026, month, day)).exists() for month, day in [(6, 30), (7, 1)]]
    assert (held, holders_of(posts, date(2025, 12, 31)).exists()) == ([True, False], False)


def delegation(principal, delegate, since=1, until=5) -> Delegation:
    day = date(2026, 12, 1)
    return Delegation(
        principal=principal,
        delegate=delegate,
        since=day + timedelta(days=since),
        until=day + timedelta(days=until),
        reason="出差",
    )


def test_delegations_that_do_not_meet_are_fine(cast):
    delegation(cast.head, cast.vetter).save()
    delegation(cast.head, cast.clerk, since=6, until=8).save()
    delegation(cast.leader, cast.vetter).save()
    assert Delegation.objects.count() == 3


@pytest.mark.parametrize("days", [(5, 9), (0, 1), (2, 3), (0, 9)])
def test_a_second_delegate_in_the_same_days_is_refused(cast, days):
    delegation(cast.head, cast.vetter).save()
    with pytest.raises(ValidationError, match="已委托他人"):
        delegation(cast.head, cast.clerk, *days).save()


@pytest.mark.parametrize(
    ("principal", "delegate"),
    [("vetter", "clerk"), ("vetter", "head"), ("clerk", "head")],
    ids=["chain", "circle", "up"],
)
def test_neither_chain_nor_circle(cast, principal, delegate):
    delegation(cast.head, cast.vetter).save()
    with pytest.raises(ValidationError, match="不能转委托"):
        delegation(cast.people[principal], cast.people[delegate], since=5).save()


def test_nobody_delegates_to_themselves_or_backwards_in_time(cast):
    for wrong in (delegation(cast.head, cast.head), delegation(cast.head, cast.clerk, since=5, until=1)):
        with pytest.raises(ValidationError):
            wrong.full_clean()


def test_a_delegation_is_in_force_on_its_days_and_while_the_delegate_works_here(cast):
    delegation(cast.head, cast.vetter).save()
    days = [delegation_of(cast.head, date(2026, 12, day)) is not None for day in (1, 2, 6, 7)]
    assert days == [False, True, True, False]
    cast.vetter.is_active = False
    cast.vetter.save()
    assert delegation_of(cast.head, date(2026, 12, 3)) is None
