"""What is posted to the messengers' robots, how it is signed, and where nothing is ever posted."""

import base64
import hashlib
import hmac
import logging
import time
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError

from officehub.inbox.errands import Errand, give
from officehub.notifications import robots
from officehub.notifications.models import Message, Outlet, Preference, Robot
from officehub.notifications.send import send_waiting
from officehub.notifications.tell import tell
from tests.notifications.conftest import SECRET, TOKEN


def chased(cast, now, *people, **changes):
    facts = {"key": "1", "title": "机密标题", "sort": "chase", **changes}
    tell("tried", cast.office, people or [cast.clerk], now, **facts)


def signed(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


def test_wecom_is_told_by_key_and_calls_by_mobile_number(cast, now, robot, server):
    cast.clerk.phone = "13800000001"
    robot("wecom")
    chased(cast, now)
    send_waiting(now)
    (asked,) = server.asked
    assert (asked["path"], asked["query"]) == ("/cgi-bin/webhook/send", {"key": TOKEN})
    text = asked["body"].pop("text")
    assert asked["body"] == {"msgtype": "text"}
    assert text["mentioned_mobile_list"] == ["13800000001"]
    notice = cast.clerk.notices.get()
    assert text["content"] == f"{cast.clerk.name}：您有一条“催办”，请登录查看\nhttp://localhost:8000/n/{notice.pk}/"


def test_dingtalk_signs_milliseconds_with_the_secret(cast, now, robot, server):
    Preference.objects.create(person=cast.clerk, dingtalk="clerk.01")
    robot("dingtalk", secret=SECRET)
    chased(cast, now)
    send_waiting(now)
    (asked,) = server.asked
    stamp = str(int(now.timestamp() * 1000))
    assert asked["path"] == "/robot/send"
    assert asked["query"] == {
        "access_token": TOKEN,
        "timestamp": stamp,
        "sign": signed(SECRET, f"{stamp}\n{SECRET}"),
    }
    assert asked["body"]["at"] == {"isAtAll": False, "atUserIds": ["clerk.01"]}
    assert asked["body"]["text"]["content"].endswith("\n@clerk.01")


def test_feishu_signs_nothing_with_seconds_and_secret(cast, now, robot, server):
    server.answer = b'{"StatusCode": 0, "code": 0, "msg": "success"}'
    Preference.objects.create(person=cast.clerk, feishu="ou_0001")
    robot("feishu", secret=SECRET)
    chased(cast, now)
    send_waiting(now)
    (asked,) = server.asked
    stamp = str(int(now.timestamp()))
    assert asked["path"] == f"/open-apis/bot/v2/hook/{TOKEN}"
    assert {name: asked["body"][name] for name in ("timestamp", "sign", "msg_type")} == {
        "timestamp": stamp,
        "sign": signed(f"{stamp}\n{SECRET}", ""),
        "msg_type": "text",
    }
    assert asked["body"]["content"]["text"].startswith(f'<at user_id="ou_0001"></at> {cast.clerk.name}：')


def test_no_title_leaves_the_house_unless_the_office_says_so(cast, now, robot, server, settings):
    robot("wecom")
    give(Errand("review", "1", "机密标题", due_at=now), cast.office, [cast.clerk], now)
    chased(cast, now)
    settings.ROBOT_SAYS_TITLE = False
    send_waiting(now)
    settings.ROBOT_SAYS_TITLE = True
    chased(cast, now, key="2")
    send_waiting(now)
    first, second = [asked["body"]["text"]["content"] for asked in server.asked]
    assert "您有一项“审核”待办，时限 11月23日，请登录办理" in first
    assert ("机密标题" in first, "《机密标题》请您过目。" in second) == (False, True)


def test_feishu_tags_in_a_title_call_nobody(cast, now, robot, server, settings):
    settings.ROBOT_SAYS_TITLE = True
    robot("feishu")
    chased(cast, now, title='<at user_id="all"></at>')
    send_waiting(now)
    assert '<at user_id="all">' not in server.asked[0]["body"]["content"]["text"]


def test_the_nearest_robot_speaks(cast, now, robot, server):
    robot("wecom", name="全办")
    robot("wecom", name="综合科", department=cast.section)
    chased(cast, now, cast.head, cast.stranger, cast.countersigner)
    spoken = Message.objects.filter(channel="wecom").values_list("notice__recipient__username", "robot__name")
    assert sorted(spoken) == [("head", "综合科"), ("stranger", "全办")]


def test_a_text_longer_than_a_robot_takes_keeps_its_first_lines():
    text = "\n".join(["头", "链接", *(f"第{n}行" for n in range(500))])
    kept = robots.fitted(text, 2048)
    assert (len(kept.encode()) <= 2048, text.startswith(kept), kept.endswith("行")) == (True, True, True)
    assert robots.fitted("好" * 10, 10) == "好好好"


@pytest.mark.parametrize(
    ("base", "hosts", "plain", "fault"),
    [
        ("https://evil.example", ["oapi.example.gov.cn"], False, "ROBOT_HOSTS"),
        ("https://oapi.example.gov.cn:8443", ["oapi.example.gov.cn"], False, ""),
        ("https://oapi.example.gov.cn", ["oapi.example.gov.cn"], False, ""),
        ("https://oapi.example.gov.cn/path", ["oapi.example.gov.cn"], False, ""),
        ("http://oapi.example.gov.cn", ["oapi.example.gov.cn"], False, "ROBOT_PLAIN_HTTP"),
        ("http://oapi.example.gov.cn", ["oapi.example.gov.cn"], True, ""),
        ("https://oapi.example.gov.cn@evil.example", ["oapi.example.gov.cn"], True, "地址写得不对"),
        ("https://evil.example#oapi.example.gov.cn", ["oapi.example.gov.cn"], True, "地址写得不对"),
        ("file:///etc/passwd", [""], True, "地址写得不对"),
        ("https://oapi.example.gov.cn:none", ["oapi.example.gov.cn"], True, "地址写得不对"),
        ("https://[", ["["], True, "地址写得不对"),
    ],
)
def test_only_hosts_on_the_list_are_asked(settings, cast, base, hosts, plain, fault):
    settings.ROBOT_HOSTS, settings.ROBOT_PLAIN_HTTP = hosts, plain
    assert fault in robots.fault_of(base)
    assert bool(robots.fault_of(base)) == bool(fault)
    made = Robot(name="一", channel="wecom", organ=cast.office, base=base)
    if fault:
        with pytest.raises(ValidationError, match=fault):
            made.clean()


def test_a_host_taken_off_the_list_is_asked_no_more(cast, now, robot, server, settings):
    robot("wecom")
    chased(cast, now)
    settings.ROBOT_HOSTS = []
    send_waiting(now)
    assert server.asked == []
    assert "ROBOT_HOSTS" in Message.objects.get(channel="wecom").error


def test_a_redirect_is_not_followed(cast, now, robot, server):
    server.status, server.location = 302, f"{server.address}/elsewhere"
    robot("wecom")
    chased(cast, now)
    send_waiting(now)
    assert [asked["path"] for asked in server.asked] == ["/cgi-bin/webhook/send"]
    assert Message.objects.get(channel="wecom").error == "127.0.0.1：HTTP 302"


def test_no_proxy_of_the_environment_is_asked(cast, now, robot, server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    robot("wecom")
    chased(cast, now)
    send_waiting(now)
    assert Message.objects.get(channel="wecom").state == "sent"


def test_an_answer_of_error_is_a_failure_and_repeats_no_token(cast, now, robot, server, caplog):
    server.answer = f'{{"errcode": 93000, "errmsg": "invalid webhook {TOKEN}"}}'.encode()
    caplog.set_level(logging.DEBUG)
    robot("wecom")
    chased(cast, now)
    send_waiting(now)
    message = Message.objects.get(channel="wecom")
    assert (message.state, message.error) == ("waiting", "93000 invalid webhook …")
    assert TOKEN not in caplog.text + Outlet.objects.get(robot=message.robot).error


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b""])
def test_an_answer_that_is_none_is_a_failure(cast, now, robot, server, answer):
    server.answer = answer
    robot("wecom")
    chased(cast, now)
    send_waiting(now)
    assert Message.objects.get(channel="wecom").state == "waiting"


def test_a_robot_that_hangs_is_left_in_time_and_holds_up_no_mail(cast, now, robot, server, settings):
    settings.ROBOT_SECONDS, server.hangs = 0.2, True
    robot("wecom")
    chased(cast, now, cast.clerk, cast.vetter, cast.rechecker)
    began = time.monotonic()
    assert send_waiting(now) == 3
    assert time.monotonic() - began < 5
    assert len(server.asked) == 1
    assert (
        sorted(Message.objects.values_list("channel", "state")) == [("email", "sent")] * 3 + [("wecom", "waiting")] * 3
    )


def test_token_and_secret_are_sealed_and_open_under_an_older_key(cast, robot, settings):
    kept = robot("dingtalk", secret=SECRET)
    stored = Robot.objects.filter(pk=kept.pk).values_list("token_kept", "secret_kept").get()
    assert [TOKEN in stored[0], SECRET in stored[1]] == [False, False]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another" * 10, [settings.SECRET_KEY]
    again = Robot.objects.get(pk=kept.pk)
    assert (again.token, again.secret) == (TOKEN, SECRET)


def test_a_robot_sealed_under_a_lost_key_says_so_at_its_outlet(cast, now, robot, server, settings):
    robot("wecom")
    chased(cast, now)
    settings.SECRET_KEY = "another" * 10
    send_waiting(now)
    assert server.asked == []
    assert "SECRET_KEY 已更换" in Outlet.objects.get(channel="wecom").error


def test_the_sign_in_an_address_is_quoted(now):
    said = robots.Said("好", "", now)
    address, _body = robots._dingtalk(TOKEN, SECRET, said)
    sign = address.partition("sign=")[2]
    assert ("+" in sign, "/" in sign, "=" in sign) == (False, False, False)
    assert len(base64.b64decode(unquote(sign))) == hashlib.sha256().digest_size
