"""The pages of messages: one's notices and choices, the administrator's robots and outlets, and receipts of chases."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officehub.audit.models import Event
from officehub.notifications import receipts
from officehub.notifications.channels import ROBOTS, Channel
from officehub.notifications.models import Message, Notice, Outlet, Preference, Robot
from officehub.notifications.send import send_waiting
from officehub.notifications.tell import tell
from officehub.web import doctor
from officehub.web.matrix import rows
from tests.notifications.conftest import SECRET, TOKEN


def told(cast, now, *people, key="1", **changes):
    facts = {"title": f"事{key}", "who": "丁毅", **changes}
    tell("tried", cast.office, people or [cast.clerk], now, key=key, **facts)


@pytest.fixture
def inside(client, cast):
    client.force_login(cast.clerk)
    return client


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.sys_admin)
    return client


# --- one's notices ------------------------------------------------------------------------------------------------


def listed(client, query="") -> list[str]:
    return [notice.key for notice in client.get(f"/notices/{query}").context["page"].rows]


def test_notices_are_shown_by_sort_and_the_unread_alone(inside, cast, now):
    for place, (key, sort) in enumerate([("1", "news"), ("2", "chase"), ("3", "chase")]):
        told(cast, now + timedelta(seconds=place), key=key, sort=sort)
    Notice.objects.filter(key="3").update(read_at=now)
    assert [listed(inside, query) for query in ("", "?sort=chase", "?unread=1", "?sort=chase&unread=1", "?sort=x")] == [
        ["3", "2", "1"],
        ["3", "2"],
        ["2", "1"],
        ["2"],
        ["3", "2", "1"],
    ]


def test_filters_stay_while_one_pages_on(inside, cast, now, settings):
    settings.PAGE_SIZE = 1
    for place in range(3):
        told(cast, now + timedelta(seconds=place), key=str(place), sort="chase")
    page = inside.get("/notices/?sort=chase&unread=1").content.decode()
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert following.startswith("?sort=chase&unread=1&after=")
    assert listed(inside, following) == ["1"]


@pytest.mark.parametrize("count", [1, 9])
def test_the_list_costs_as_many_queries_whatever_its_length(inside, cast, now, count, django_assert_num_queries):
    for place in range(count):
        told(cast, now, key=str(place), sort="chase", urgent=True)
    inside.get("/notices/")
    with django_assert_num_queries(12):
        inside.get("/notices/?sort=chase&unread=1")


def test_the_link_of_a_message_marks_it_read_once_and_for_its_reader_alone(client, cast, now):
    told(cast, now)
    notice = Notice.objects.get()
    link = reverse("notice_link", args=[notice.pk])
    assert link == f"/n/{notice.pk}/"
    answer = client.get(link)
    assert answer.url == f"/login/?next={link}"
    client.force_login(cast.reader)
    assert client.get(link).status_code == 404
    assert Notice.objects.get().read_at is None
    client.force_login(cast.clerk)
    assert client.get(link).status_code == 302
    read_at = Notice.objects.get().read_at
    client.get(link)
    assert (Notice.objects.get().read_at, read_at is None) == (read_at, False)


# --- 消息提醒 ------------------------------------------------------------------------------------------------------


def typed(client) -> dict:
    form = client.get("/profile/messages/").context["form"]
    return {name: form[name].value() for name in form.fields}


def test_the_matrix_keeps_what_differs_and_shows_it_again(inside, cast, robot):
    robot("wecom")
    given = typed(inside)
    assert (given["news-email"], given["news-wecom"], "news-feishu" in given) == ("now", "off", False)
    answer = inside.post(
        "/profile/messages/", {**given, "news-email": "digest", "chase-wecom": "off", "wecom": "zhang.3"}
    )
    assert answer.status_code == 302
    kept = Preference.objects.get(person=cast.clerk)
    assert (kept.choices, kept.wecom) == ({"news": {"email": "digest"}, "chase": {"wecom": "off"}}, "zhang.3")
    again = typed(inside)
    assert [again[name] for name in ("news-email", "chase-wecom", "wecom")] == ["digest", "off", "zhang.3"]
    inside.post("/profile/messages/", {**again, "news-email": "now"})
    assert Preference.objects.get().choices == {"chase": {"wecom": "off"}}


def test_what_was_chosen_for_a_channel_not_shown_stays(inside, cast):
    Preference.objects.create(person=cast.clerk, choices={"news": {"feishu": "now"}}, feishu="ou_1")
    inside.post("/profile/messages/", {**typed(inside), "chase-email": "off"})
    kept = Preference.objects.get()
    assert (kept.choices, kept.feishu) == ({"news": {"feishu": "now"}, "chase": {"email": "off"}}, "ou_1")


@pytest.mark.parametrize(("name", "value"), [("news-email", "never"), ("wecom", "<at all>")])
def test_what_cannot_be_kept_is_said_at_its_field_and_nothing_typed_is_lost(inside, cast, robot, name, value):
    robot("wecom")
    answer = inside.post("/profile/messages/", {**typed(inside), "chase-email": "off", name: value})
    form = answer.context["form"]
    assert (list(form.errors), form["chase-email"].value()) == ([name], "off")
    assert Preference.objects.count() == 0


def test_the_application_itself_cannot_be_switched_off(inside):
    assert [name for name in typed(inside) if "app" in name] == []
    assert len(rows()) == 8


# --- the administrator --------------------------------------------------------------------------------------------

ROBOT = {"name": "群", "channel": "dingtalk", "base": "", "new_token": TOKEN, "new_secret": SECRET, "is_active": "on"}
ADD = "/admin/notifications/robot/add/"


def test_token_and_secret_are_never_shown_again_nor_recorded(admin, cast):
    assert admin.post(ADD, {**ROBOT, "organ": cast.office.pk}).status_code == 302
    made = Robot.objects.get()
    assert (made.token, made.secret) == (TOKEN, SECRET)
    door = f"/admin/notifications/robot/{made.pk}/change/"
    admin.post(door, {"name": "新群", "organ": cast.office.pk, "is_active": "on"})
    changed = Robot.objects.get()
    assert (changed.name, changed.token, changed.secret) == ("新群", TOKEN, SECRET)
    pages = [admin.get(at).content.decode() for at in (door, f"{door[:-7]}history/", "/admin/notifications/robot/")]
    said = "".join([*pages, *(str(event.facts) for event in Event.objects.all())])
    assert [kept in said for kept in (TOKEN, SECRET, changed.token_kept, changed.secret_kept)] == [False] * 4
    admin.post(door, {"name": "新群", "organ": cast.office.pk, "is_active": "on", "no_secret": "on"})
    assert (Robot.objects.get().token, Robot.objects.get().secret) == (TOKEN, "")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"new_token": ""}, "new_token"),
        ({"new_token": "https://x"}, "new_token"),
        ({"base": "https://evil.example"}, "base"),
    ],
)
def test_a_robot_that_cannot_be_is_refused_at_its_field(admin, cast, typed, field):
    answer = admin.post(ADD, {**ROBOT, "organ": cast.office.pk, **typed})
    assert list(answer.context["adminform"].form.errors) == [field]


def test_the_test_message_is_sent_at_once_and_its_fate_told(admin, cast, robot, server):
    made = robot("dingtalk", secret=SECRET)
    door = f"/admin/notifications/robot/{made.pk}/try/"
    assert admin.get(door).status_code == 405
    assert "测试消息已发出" in admin.post(door, follow=True).content.decode()
    server.answer = f'{{"errcode": 310000, "errmsg": "sign not match {TOKEN}"}}'.encode()
    page = admin.post(door, follow=True).content.decode()
    assert ["310000 sign not match" in page, TOKEN in page] == [True, False]
    assert Event.objects.filter(verb="robot_tried").count() == 2


def test_only_the_system_administrator_lets_a_robot_speak(client, cast, robot, server):
    door = f"/admin/notifications/robot/{robot('dingtalk').pk}/try/"
    for who in ("clerk", "security_admin", "audit_admin"):
        client.force_login(getattr(cast, who))
        assert client.post(door).status_code in (302, 403)
    assert server.asked == []


def test_outlets_show_how_they_are_and_lost_messages_are_sent_again(admin, cast, now, robot, server):
    made = robot("wecom")
    told(cast, now, sort="chase")
    send_waiting(now)
    told(cast, now, key="2", sort="chase")
    Message.objects.filter(channel="wecom", notice__key="2").update(state="failed", attempts=6, error="93000")
    shown = {str(one): (one.waits, one.given_up) for one in outlets_of(admin)}
    assert shown == {"电子邮件": (1, 0), "wecom群": (0, 1)}
    assert (doctor.outside(now).says, doctor.outside(now).state) == ("1 条未发出", "warning")
    do = {"action": "send_again", "_selected_action": [made.outlet.pk]}
    assert "1 条消息将再次发送" in admin.post("/admin/notifications/outlet/", do, follow=True).content.decode()
    again = Message.objects.get(channel="wecom", notice__key="2")
    assert (again.state, again.attempts) == ("waiting", 0)
    assert Event.objects.filter(verb="messages_sent_again").get().facts == {"count": 1}


def outlets_of(client):
    return client.get("/admin/notifications/outlet/").context["cl"].result_list


def test_a_resting_outlet_is_woken(admin, cast, now, robot, server):
    from django.utils import timezone

    made, until = robot("wecom"), timezone.now() + timedelta(hours=1)
    Outlet.objects.filter(robot=made).update(failures=5, rests_until=until)
    assert "暂停至" in admin.get("/admin/notifications/outlet/").content.decode()
    admin.post("/admin/notifications/outlet/", {"action": "wake", "_selected_action": [made.outlet.pk]})
    assert Outlet.objects.get(robot=made).rests_until is None


# --- receipts -----------------------------------------------------------------------------------------------------


def test_the_receipts_of_a_chase_say_whom_it_reached_and_who_read_it(client, cast, now, robot, server):
    robot("wecom")
    told(cast, now, cast.clerk, cast.stranger, key="chase:1", sort="chase")
    send_waiting(now)
    told(cast, now + timedelta(hours=5), key="chase:2", sort="chase")
    client.force_login(cast.clerk)
    client.get(f"/n/{cast.clerk.notices.get(key='chase:1').pk}/")
    second, first = receipts.chases(cast.office)
    assert [(one.who, len(one.told), one.read) for one in (first, second)] == [("丁毅", 2, 1), ("丁毅", 1, 0)]
    reached = {notice.recipient.username: receipts.reached_by(notice) for notice in first.told}
    assert reached == {name: ["电子邮件", "企业微信"] for name in ("clerk", "stranger")}
    assert [receipts.reached_by(notice) for notice in second.told] == [[]]
    assert receipts.receipts(cast.office, "chase:2").count() == 1


def test_the_closed_set_of_channels():
    assert set(ROBOTS) | {Channel.EMAIL} == set(Channel)
