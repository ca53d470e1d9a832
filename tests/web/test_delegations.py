"""委托与外出: everybody registers their own, ends their own, and sees why something is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.notifications.models import Notice
from officehub.people.models import Delegation, Post

PAGE = "/delegations/"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def inside(cast, client):
    client.force_login(cast.head)
    return client


def typed(today, **changes) -> dict:
    fields = {"since": today, "until": today + timedelta(days=3), "reason": "出差"}
    return {**fields, **changes}


def given(cast, today, *, since=0, until=3, **changes) -> Delegation:
    fields = {"principal": cast.head, "delegate": cast.clerk, "reason": "出差", **changes}
    days = {"since": today + timedelta(days=since), "until": today + timedelta(days=until)}
    return Delegation.objects.create(**fields, **days)


def test_one_delegates_to_somebody_who_is_told(inside, cast, today):
    answer = inside.post(PAGE, typed(today, delegate=cast.clerk.pk, kinds=["通知", "函"]))
    made = Delegation.objects.get()
    assert (answer.status_code, made.principal, made.delegate, made.kinds) == (
        302,
        cast.head,
        cast.clerk,
        ["通知", "函"],
    )
    event = Event.objects.get()
    assert (event.subject, event.verb, event.actor, event.facts["delegate"]) == (
        cast.head, "delegate", cast.head, cast.clerk.name,
    )  # fmt: skip
    assert Notice.objects.get().recipient == cast.clerk
    inside.force_login(cast.clerk)
    page = inside.get(PAGE + "?tab=held").content.decode()
    assert ("科长head" in page, "通知、函" in page, "提前结束" in page) == (True, True, False)
    assert "委托您代办" in inside.get("/notices/").content.decode()


def test_an_absence_is_left_to_the_backup_who_is_named(inside, cast, today):
    assert "没有在岗的 B 岗" in inside.get(PAGE).content.decode()
    post = cast.drafter.appointments.get().post
    Post.objects.filter(appointments__person=cast.head).update(backup=post)
    assert f"现为{cast.drafter.name}" in inside.get(PAGE).content.decode()
    assert inside.post(PAGE, typed(today, delegate="backup")).status_code == 302
    assert Delegation.objects.get().delegate is None
    assert Notice.objects.count() == 0
    assert "外出，由 B 岗代办" in inside.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"delegate": ""}, "delegate", "请选择受托人"),
        ({"delegate": "me"}, "delegate", "不能受托"),
        ({"delegate": "sys_admin"}, "delegate", "不能受托"),
        ({"delegate": "99999999999999999999"}, "delegate", "不能受托"),
        ({"since": -1}, "since", "过去的日子"),
        ({"until": -1}, "until", "止期不能早于起期"),
        ({"reason": ""}, "reason", "必填"),
        ({"kinds": ["诗歌"]}, "kinds", "诗歌"),
        ({"delegate": "busy"}, "delegate", "另选他人"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(inside, cast, today, changes, field, says):
    Delegation.objects.create(principal=cast.vetter, delegate=cast.drafter, since=today, until=today, reason="病假")
    people = {"me": cast.head.pk, "sys_admin": cast.sys_admin.pk, "busy": cast.vetter.pk}
    fields = typed(today, delegate=cast.clerk.pk, reason="赴省里开会")
    for name, value in changes.items():
        day = today + timedelta(days=value) if isinstance(value, int) else value
        fields[name] = people.get(value, day) if isinstance(value, str) else day
    answer = inside.post(PAGE, fields)
    page = answer.content.decode()
    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (422, [field])
    assert says in str(errors[field])
    assert ("赴省里开会" in page) is ("reason" not in changes)
    assert Delegation.objects.count() == 1


def test_who_was_chosen_stays_chosen_when_something_else_is_wrong(inside, cast, today):
    page = inside.post(PAGE, typed(today, delegate=cast.clerk.pk, reason="")).content.decode()
    assert f'value="{cast.clerk.pk}" checked' in page


def test_presiding_is_offered_to_principal_leaders_alone(inside, cast, today):
    assert "主持工作" not in inside.get(PAGE).content.decode()
    inside.post(PAGE, typed(today, delegate=cast.clerk.pk, presides="on"))
    assert not Delegation.objects.get().presides
    inside.force_login(cast.leader)
    assert "主持工作" in inside.get(PAGE).content.decode()
    refused = inside.post(PAGE, typed(today, delegate=cast.vetter.pk, presides="on"))
    assert list(refused.context["form"].errors) == ["presides"]
    assert inside.post(PAGE, typed(today, delegate=cast.leader_in_charge.pk, presides="on")).status_code == 302


@pytest.mark.parametrize(("since", "until"), [(0, 3), (2, 3)], ids=["begins today", "to come"])
def test_what_has_not_lasted_a_day_is_withdrawn_and_the_record_keeps_it(inside, cast, today, since, until):
    mine = given(cast, today, since=since, until=until)
    inside.post(reverse("end_delegation", args=[mine.pk]))
    assert not Delegation.objects.exists()
    event = Event.objects.get()
    assert (event.subject, event.verb, event.facts["withdrawn"], event.facts["until"]) == (
        cast.head, "end_delegation", True, mine.until.isoformat(),
    )  # fmt: skip
    assert list(broken()) == []


def test_what_has_begun_ends_yesterday_once(inside, cast, today):
    mine = given(cast, today, since=-3)
    for _ in range(2):
        inside.post(reverse("end_delegation", args=[mine.pk]))
    mine.refresh_from_db()
    assert (mine.until, Event.objects.count()) == (today - timedelta(days=1), 1)


def test_a_leader_ends_the_presiding_even_when_the_roles_have_changed(inside, cast, today):
    mine = given(cast, today, since=-3, principal=cast.leader, delegate=cast.leader_in_charge, presides=True)
    cast.leader.role_holdings.all().delete()
    inside.force_login(cast.leader)
    inside.post(reverse("end_delegation", args=[mine.pk]))
    mine.refresh_from_db()
    assert mine.until == today - timedelta(days=1)


@pytest.mark.parametrize("name", ["clerk", "stranger", "sys_admin"])
def test_nobody_else_ends_it(inside, cast, today, name):
    mine = given(cast, today)
    inside.force_login(cast.people[name])
    assert inside.post(reverse("end_delegation", args=[mine.pk])).status_code == 404
    assert Delegation.objects.count() == 1


@pytest.mark.parametrize("name", ["sys_admin", "security_admin", "audit_admin"])
def test_the_administrators_have_no_such_pages(client, cast, name):
    client.force_login(cast.people[name])
    addresses = ["/delegations/", "/phrases/", "/people/?person=a"]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
    assert client.get("/profile/").content.decode().count("/delegations/") == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long_and_is_paged(
    inside, cast, today, rows, settings, django_assert_num_queries
):
    for n in range(rows):
        given(cast, today, since=10 * n, until=10 * n + 1)
    inside.get(PAGE)
    with django_assert_num_queries(12):
        inside.get(PAGE)
    settings.PAGE_SIZE = 1
    page = inside.get(PAGE).context["page"]
    seen = [row.given.until for row in page.rows]
    while page.next_cursor:
        page = inside.get(f"{PAGE}?after={page.next_cursor}").context["page"]
        seen += [row.given.until for row in page.rows]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == rows


def found(client, words, **more) -> list[str]:
    answer = client.get("/people/", {"person": words, **more})
    return [one.username for one in answer.context["others"]]


def test_people_are_found_by_name_pinyin_initials_and_department(inside, cast):
    cast.stranger.name = "王敏"
    cast.stranger.save()
    assert {words: found(inside, words) for words in ("王", "wangm", "wang min", "wm", "信息科", "strang")} == {
        words: ["stranger"] for words in ("王", "wangm", "wang min", "wm", "信息科", "strang")
    }
    assert found(inside, "") == []
    assert found(inside, "没有这个人") == []


def test_only_those_who_may_be_asked_are_found_and_no_more_than_twenty(inside, cast):
    assert found(inside, "工程师") == []
    assert found(inside, "head") == []
    cast.stranger.is_active = False
    cast.stranger.save()
    assert found(inside, "信息科") == []
    assert len(found(inside, "办")) <= 20


def test_who_is_chosen_stays_and_one_may_be(inside, cast):
    page = inside.get("/people/", {"person": "vetter", "delegate": [cast.clerk.pk]})
    text = page.content.decode()
    assert (text.count('type="radio"'), text.count("checked"), text.count('name="delegate"')) == (2, 1, 2)
    assert "找到 1 人，已选 1 人。" in text
