"""One digest a day for each person and channel; quiet hours; outlets that rest; what one chose for oneself."""

from datetime import datetime, timedelta
from functools import partial

import pytest
from django.core import mail

from officehub.inbox.errands import Errand, close, give
from officehub.inbox.models import WorkItem
from officehub.notifications import digests, send
from officehub.notifications.models import Message, Notice, Outlet, Preference
from officehub.notifications.send import send_waiting
from officehub.notifications.tell import tell
from tests.races.conftest import at_once, committed  # noqa: F401

DAY = timedelta(days=1)


@pytest.fixture
def eight(now) -> datetime:
    """The hour of the digest on the next working day."""
    return now.replace(hour=8, minute=0) + DAY


def remind(cast, now, *people, key="1", **changes):
    facts = {"title": f"事{key}", "sort": "reminder", **changes}
    tell("tried", changes.pop("about", cast.office), people or [cast.clerk], now, key=key, **facts)


def states() -> list[str]:
    return list(Message.objects.order_by("pk").values_list("state", flat=True))


def test_what_is_not_urgent_gathers_and_leaves_once_in_the_morning(cast, now, eight):
    for key in ("1", "2"):
        remind(cast, now, key=key)
    assert (send_waiting(now), digests.write(now), states()) == (0, 0, ["gathered", "gathered"])
    assert digests.write(eight - timedelta(minutes=1)) == 0
    assert [digests.write(eight), digests.write(eight)] == [1, 0]
    assert [send_waiting(eight), send_waiting(eight)] == [1, 0]
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["clerk@office.test"], "【OfficeHub】每日摘要：2 条消息")
    assert ["《事1》" in sent.body, "《事2》" in sent.body] == [True, True]
    assert states() == ["within", "within", "sent"]


def test_what_comes_after_the_hour_waits_for_the_next_working_day(cast, eight):
    friday = eight + 3 * DAY
    remind(cast, friday + timedelta(minutes=5))
    assert [
        digests.write(friday + timedelta(hours=9)),
        digests.write(friday + DAY),
        digests.write(friday + 2 * DAY),
    ] == [
        0,
        0,
        0,
    ]
    assert digests.write(friday + 3 * DAY) == 1


def test_what_was_read_or_done_meanwhile_is_left_out(cast, now, eight):
    for key in ("read", "done", "open"):
        about = {"read": cast.section, "done": cast.other_section, "open": cast.bureau}[key]
        give(Errand("review", key, key), about, [cast.clerk], now)
        tell("tried", about, [cast.clerk], now, key=key, title=key, sort="reminder")
    Notice.objects.filter(key="read").update(read_at=now)
    close(WorkItem.objects.filter(key="done"), "办结", now)
    digests.write(eight)
    send_waiting(eight)
    (sent,) = mail.outbox
    assert [f"《{key}》" in sent.body for key in ("read", "done", "open")] == [False, False, True]
    assert "1 条消息" in sent.subject


def test_an_escalation_is_left_out_when_everybody_has_done_it(cast, now, eight):
    Preference.objects.create(person=cast.head, choices={"escalation": {"email": "digest"}})
    give(Errand("review", "1", "事"), cast.section, [cast.clerk, cast.drafter], now)
    tell("tried", cast.section, [cast.head], now, key="1", title="事", sort="escalation")
    close(WorkItem.objects.filter(assignee=cast.clerk), "办结", now)
    digests.write(eight)
    digest = Message.objects.get(notice=None)
    assert [notice.key for notice in send._still_news(digest)] == ["1"]
    close(WorkItem.objects.all(), "办结", now)
    assert send._still_news(digest) == []


def test_nothing_to_say_and_nothing_is_sent(cast, now, eight):
    remind(cast, now)
    digests.write(eight)
    Notice.objects.update(read_at=eight)
    assert (send_waiting(eight), mail.outbox, states()) == (0, [], ["within", "needless"])


def test_a_long_digest_is_cut_and_says_how_many(cast, now, eight, settings):
    settings.DIGEST_LINES = 2
    for key in ("1", "2", "3"):
        remind(cast, now, key=key)
    digests.write(eight)
    send_waiting(eight)
    body = mail.outbox[0].body
    assert ["《事2》" in body, "《事3》" in body, "等 3 项" in body] == [True, False, True]


def test_a_robot_says_the_digest_without_titles(cast, now, eight, robot, server):
    robot("wecom")
    Preference.objects.create(person=cast.clerk, choices={"reminder": {"email": "off", "wecom": "digest"}})
    remind(cast, now)
    digests.write(eight)
    send_waiting(eight)
    (asked,) = server.asked
    assert asked["body"]["text"]["content"].splitlines() == [
        f"{cast.clerk.name}：您有 1 条消息",
        "http://localhost:8000/notices/?unread=1",
        "1. 您有一条“到期提醒”，请登录查看",
    ]


def test_an_address_that_is_gone_leaves_the_notice_in_the_application(cast, now, eight):
    remind(cast, now)
    cast.clerk.email = ""
    cast.clerk.save()
    assert (digests.write(eight), states()) == (0, ["needless"])


def test_two_workers_write_and_send_one_digest(committed, now, eight):  # noqa: F811
    remind(committed, now, committed.clerk, committed.reader)
    write, leave = partial(digests.write, eight), partial(send_waiting, eight)
    made = at_once(write, write)
    assert sum(made) == 2
    assert sum(at_once(leave, leave)) == 2
    assert sorted(sent.to for sent in mail.outbox) == [["clerk@office.test"], ["reader@office.test"]]
    assert sorted(states()) == ["sent", "sent", "within", "within"]


# --- quiet hours --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hour", "urgent", "leaves"),
    [(7, False, 0), (7, True, 1), (8, False, 1), (17, False, 1), (18, False, 0), (22, True, 1)],
)
def test_in_quiet_hours_only_what_is_urgent_leaves(cast, now, settings, hour, urgent, leaves):
    settings.QUIET_OUTSIDE = True
    at = now.replace(hour=hour)
    remind(cast, at, sort="chase", urgent=urgent)
    assert send_waiting(at) == leaves


def test_what_was_kept_over_the_weekend_leaves_on_monday_and_not_what_was_read(cast, now, settings):
    settings.QUIET_OUTSIDE = True
    friday = now.replace(hour=20) + 4 * DAY
    remind(cast, friday, cast.clerk, cast.reader, sort="news")
    Notice.objects.filter(recipient=cast.reader).update(read_at=friday)
    assert [send_waiting(friday + n * DAY) for n in range(3)] == [0, 0, 0]
    assert send_waiting(friday.replace(hour=8) + 3 * DAY) == 1
    assert [sent.to for sent in mail.outbox] == [["clerk@office.test"]]


# --- outlets that fail --------------------------------------------------------------------------------------------


def test_a_failing_robot_rests_and_the_mail_does_not(cast, now, robot, server, settings):
    server.status = 500
    robot("wecom")
    for key in ("1", "2", "3", "4"):
        remind(cast, now, key=key, sort="chase")
    for _n in range(6):
        send_waiting(now)
    outlet = Outlet.objects.get(channel="wecom")
    assert (outlet.failures, outlet.rests_until, outlet.error) == (3, now + timedelta(minutes=1), "127.0.0.1：HTTP 500")
    assert (len(server.asked), len(mail.outbox)) == (3, 4)
    tried = Message.objects.filter(channel="wecom").order_by("pk").values_list("attempts", flat=True)
    assert list(tried) == [1, 1, 0, 0]  # the try after which it rests is not counted, nor is what waits
    server.status = 200
    assert send_waiting(now + timedelta(seconds=59)) == 0
    assert send_waiting(now + timedelta(minutes=1)) == 4
    outlet.refresh_from_db()
    assert (outlet.failures, outlet.rests_until) == (0, None)


def test_a_robot_is_asked_no_more_often_than_it_takes(cast, now, robot, server, settings):
    settings.ROBOT_MESSAGES_A_MINUTE = 2
    robot("wecom")
    for key in ("1", "2", "3"):
        remind(cast, now, key=key, sort="chase")
    Message.objects.filter(channel="email").delete()
    minute = timedelta(minutes=1)
    assert [send_waiting(now), send_waiting(now + minute / 2), send_waiting(now + minute)] == [2, 0, 1]


def test_one_sender_at_a_time_has_a_robot_and_a_dead_one_gives_it_back(cast, now, robot, server):
    outlet = robot("wecom").outlet
    remind(cast, now, sort="chase")
    assert [send._hold(outlet, now), send._hold(outlet, now)] == [True, False]
    assert send.send_through(outlet.pk, now) == 0
    assert send.send_through(outlet.pk, now + send.HELD) == 1


def test_a_robot_out_of_service_says_nothing_more_and_its_messages_are_shown(cast, now, robot, server):
    made = robot("wecom")
    remind(cast, now, sort="chase")
    made.is_active = False
    made.save()
    send_waiting(now)
    assert server.asked == []
    assert Message.objects.get(channel="wecom").error == "机器人已停用"
    remind(cast, now, key="2", sort="chase")
    assert Message.objects.filter(channel="wecom").count() == 1


def test_somebody_who_has_left_is_written_to_no_more(cast, now):
    remind(cast, now, sort="chase")
    type(cast.clerk).objects.filter(pk=cast.clerk.pk).update(is_active=False)
    assert (send_waiting(now), states()) == (0, ["needless"])


# --- one's own choice ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choices", "sort", "urgent", "gathered"),
    [
        ({}, "news", False, ["waiting"]),
        ({}, "reminder", False, ["gathered"]),
        ({}, "reminder", True, ["waiting"]),
        ({"news": {"email": "off"}}, "news", False, []),
        ({"news": {"email": "off"}}, "news", True, ["waiting"]),
        ({"chase": {"email": "digest"}}, "chase", False, ["gathered"]),
    ],
)
def test_each_goes_by_the_matrix(cast, now, choices, sort, urgent, gathered):
    Preference.objects.create(person=cast.clerk, choices=choices)
    remind(cast, now, sort=sort, urgent=urgent)
    assert (states(), Notice.objects.count()) == (gathered, 1)


@pytest.mark.parametrize("readers", [1, 4])
def test_telling_many_costs_no_more_queries(cast, now, robot, readers, django_assert_num_queries):
    robot("wecom")
    people = [cast.clerk, cast.reader, cast.head, cast.vetter][:readers]
    remind(cast, now, sort="chase", key="warm")
    with django_assert_num_queries(6):  # told before; notices; preferences; robots; places; messages
        remind(cast, now, *people, sort="chase")
