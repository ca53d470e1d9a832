"""Who stands in while somebody is away: the delegate, for all or some kinds of paper, or else the B岗."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from officehub.people.models import Appointment, Delegation, Person, Post, RoleHolding, holders_or_backups
from officehub.people.models.persons import delegation_of
from officehub.people.standing_in import stand_ins

DAY = date(2026, 12, 2)


def away(principal, delegate=None, *, since=DAY, days=3, kinds=(), **changes) -> Delegation:
    until = since + timedelta(days=days)
    fields = {"since": since, "until": until, "kinds": list(kinds), "reason": "出差", **changes}
    return Delegation.objects.create(principal=principal, delegate=delegate, **fields)


def post_of(person) -> Post:
    return person.appointments.get().post


def back(person, by) -> None:
    """The B岗 of the post somebody holds is the post another holds."""
    Post.objects.filter(pk=post_of(person).pk).update(backup=post_of(by))


def test_nobody_away_costs_one_query(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert stand_ins(cast.people.values(), DAY) == {}


def test_the_delegate_stands_in_on_the_days_of_the_delegation(cast, django_assert_num_queries):
    away(cast.head, cast.vetter)
    with django_assert_num_queries(1):
        assert stand_ins(cast.people.values(), DAY) == {cast.head.pk: cast.vetter}
    assert stand_ins([cast.head], DAY - timedelta(days=1)) == {}
    assert stand_ins([cast.head], DAY + timedelta(days=4)) == {}
    assert stand_ins([cast.drafter], DAY) == {}


def test_a_delegate_who_has_left_does_nobodys_errands(cast):
    away(cast.head, cast.vetter)
    Person.objects.filter(pk=cast.vetter.pk).update(is_active=False)
    assert stand_ins([cast.head], DAY) == {}


def test_a_delegation_of_some_kinds_covers_those_alone(cast):
    away(cast.head, cast.vetter, kinds=["通知", "函"])
    away(cast.head, cast.clerk, kinds=["请示"])
    found = {kind: stand_ins([cast.head], DAY, kind) for kind in ("通知", "函", "请示", "报告", "")}
    assert found == {
        "通知": {cast.head.pk: cast.vetter},
        "函": {cast.head.pk: cast.vetter},
        "请示": {cast.head.pk: cast.clerk},
        "报告": {},
        "": {},
    }
    assert [delegation_of(cast.head, DAY, kind) is not None for kind in ("函", "请示", "报告", "")] == [
        True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), [([], []), (["通知"], []), ([], ["通知"]), (["通知", "函"], ["函"])])
def test_two_delegations_of_the_same_errands_are_refused(cast, first, second):
    away(cast.head, cast.vetter, kinds=first)
    with pytest.raises(ValidationError, match="已委托他人"):
        away(cast.head, cast.clerk, kinds=second)


@pytest.mark.parametrize("kinds", ["通知", [1], [""], {"通知": 1}])
def test_kinds_are_a_list_of_names(cast, kinds):
    with pytest.raises(ValidationError, match="文种"):
        Delegation.objects.create(
            principal=cast.head, delegate=cast.clerk, since=DAY, until=DAY, reason="出差", kinds=kinds
        )


def test_who_is_absent_is_stood_in_for_by_the_backup(cast, django_assert_num_queries):
    back(cast.head, cast.drafter)
    back(cast.leader, cast.leader_in_charge)
    away(cast.head)
    away(cast.leader)
    with django_assert_num_queries(4):
        found = stand_ins(cast.people.values(), DAY)
    assert found == {cast.head.pk: cast.drafter, cast.leader.pk: cast.leader_in_charge}
    assert delegation_of(cast.head, DAY) is None


def test_without_a_backup_the_errand_waits(cast):
    away(cast.head)
    assert stand_ins([cast.head], DAY) == {}


@pytest.mark.parametrize("elsewhere", ["absent", "delegated"])
def test_a_backup_who_is_away_stands_in_for_nobody(cast, elsewhere):
    back(cast.head, cast.drafter)
    away(cast.head)
    away(cast.drafter, cast.stranger if elsewhere == "delegated" else None)
    assert stand_ins([cast.head], DAY) == {}


def test_a_backup_away_for_other_kinds_stands_in(cast):
    back(cast.head, cast.drafter)
    away(cast.head)
    away(cast.drafter, cast.stranger, kinds=["函"])
    assert (stand_ins([cast.head], DAY, "通知"), stand_ins([cast.head], DAY, "函")) == (
        {cast.head.pk: cast.drafter},
        {},
    )


def test_only_todays_active_holder_of_the_backup_post_stands_in(cast):
    back(cast.head, cast.drafter)
    away(cast.head)
    Appointment.objects.create(person=cast.stranger, post=post_of(cast.drafter), since=date(2026, 6, 1))
    assert stand_ins([cast.head], DAY) == {cast.head.pk: cast.drafter}
    cast.drafter.appointments.update(until=DAY - timedelta(days=1))
    assert stand_ins([cast.head], DAY) == {cast.head.pk: cast.stranger}
    Person.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert stand_ins([cast.head], DAY) == {}


def test_nobody_is_their_own_backup(cast):
    back(cast.head, cast.drafter)
    away(cast.head)
    Appointment.objects.create(person=cast.head, post=post_of(cast.drafter), since=date(2025, 6, 1))
    assert stand_ins([cast.head], DAY) == {cast.head.pk: cast.drafter}


def test_who_acts_for_another_may_not_be_away_too(cast):
    away(cast.head, cast.vetter)
    with pytest.raises(ValidationError, match="不能转委托"):
        away(cast.vetter)
    away(cast.clerk)
    with pytest.raises(ValidationError, match="另选他人"):
        away(cast.drafter, cast.clerk)


def test_a_post_is_not_its_own_backup_nor_two_each_others(cast):
    first, second = post_of(cast.head), post_of(cast.drafter)
    first.backup = first
    with pytest.raises(ValidationError, match="不能是本岗位"):
        first.full_clean()
    first.backup = second
    first.full_clean()
    first.save()
    second.backup = first
    with pytest.raises(ValidationError, match="互为"):
        second.full_clean()


def test_a_vacant_post_is_held_by_its_backup(cast):
    back(cast.head, cast.drafter)
    posts = Post.objects.filter(pk=post_of(cast.head).pk)
    assert list(holders_or_backups(posts, DAY)) == [cast.head]
    cast.head.appointments.update(until=DAY - timedelta(days=1))
    assert list(holders_or_backups(posts, DAY)) == [cast.drafter]
    assert list(holders_or_backups([], DAY)) == []


def test_presiding_is_handed_on_by_a_principal_leader_to_a_leader_of_the_organ(cast):
    assert away(cast.leader, cast.leader_in_charge, presides=True).pk
    RoleHolding.objects.create(person=cast.head, role="office_director")
    assert away(cast.leader, cast.head, since=date(2027, 1, 4), presides=True).pk


@pytest.mark.parametrize(
    ("principal", "delegate", "says"),
    [
        ("head", "leader", "只有主要负责人"),
        ("leader_in_charge", "leader", "只有主要负责人"),
        ("leader", "vetter", "负责人或办公室主任"),
        ("mayor", "leader", "本机关"),
        ("leader", None, "请指定受托人"),
    ],
)
def test_presiding_widens_nobodys_powers(cast, principal, delegate, says):
    with pytest.raises(ValidationError, match=says) as refused:
        away(cast.people[principal], delegate and cast.people[delegate], presides=True)
    assert list(refused.value.message_dict) == ["presides"]
