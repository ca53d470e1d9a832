"""Notices and the e-mails that carry them: written with the deed, sent after it, never twice."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction
from kombu.exceptions import OperationalError

from officehub.notifications import send
from officehub.notifications.jobs import send_messages
from officehub.notifications.models import Message, Notice, Outlet
from officehub.notifications.send import GIVE_UP_AFTER, send_waiting
from officehub.notifications.tell import tell


class Deaf(EmailBackend):
    """A mail server that is down."""

    def send_messages(self, messages):
        raise smtplib.SMTPServerDisconnected("连接中断")


@pytest.fixture
def deaf(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"


def told(cast, now, **changes):
    tell("tried", cast.office, [cast.clerk], now, **{"key": "1", "title": "通知", **changes})
    return Message.objects.get(notice__recipient=cast.clerk)


def test_a_deed_that_is_undone_tells_nobody(cast, now):
    with transaction.atomic():
        told(cast, now)
        transaction.set_rollback(True)
    assert (Notice.objects.count(), Message.objects.count(), mail.outbox) == (0, 0, [])


def test_the_mail_leaves_after_the_commit(cast, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        told(cast, now)
    assert mail.outbox == []
    for callback in callbacks:
        callback()
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        (["clerk@office.test"], "【OfficeHub】《通知》请您过目。")
    ]
    assert Message.objects.get().state == "sent"


def test_the_same_news_is_told_once_to_each(cast, now):
    for people in ([cast.clerk], [cast.clerk, cast.reader, cast.reader]):
        tell("tried", cast.office, people, now, key="1", title="通知")
    assert sorted(Notice.objects.values_list("recipient__username", flat=True)) == ["clerk", "reader"]
    assert Message.objects.count() == 2


def test_somebody_without_an_address_gets_the_notice_only(cast, now):
    cast.clerk.email = ""
    tell("tried", cast.office, [cast.clerk], now, key="1", title="通知")
    assert (Notice.objects.count(), Message.objects.count()) == (1, 0)


def tries_of(message, now, most=20) -> list[float]:
    """Minutes between the tries of a message, until it is given up or was tried so often."""
    tries, moment = [], now
    while message.state == "waiting" and len(tries) < most:
        assert send_waiting(moment - timedelta(seconds=1)) == 0
        assert send_waiting(moment) == 0
        message.refresh_from_db()
        tries.append((message.next_try_at - moment).total_seconds() / 60)
        moment = message.next_try_at
    return tries


def test_a_mail_the_server_will_not_take_is_tried_later_each_time_and_then_given_up(cast, now, monkeypatch):
    def refuse(self, **kwargs):
        raise smtplib.SMTPRecipientsRefused({"clerk@office.test": (550, b"unknown")})

    monkeypatch.setattr(send.EmailMessage, "send", refuse)
    message = told(cast, now)
    assert tries_of(message, now) == [1, 2, 4, 8, 16, 32]
    assert (message.attempts, message.state, "unknown" in message.error) == (GIVE_UP_AFTER, "failed", True)
    assert Outlet.objects.get().failures == 0


def test_a_mail_server_that_is_down_rests_longer_each_time_and_nothing_is_given_up(cast, now, deaf):
    message = told(cast, now)
    assert tries_of(message, now, most=11) == [1, 2, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert (message.attempts, message.state, message.error) == (2, "waiting", "连接中断")
    assert Outlet.objects.get().failures == 11


def test_a_mail_that_failed_once_is_sent_when_the_server_is_back(cast, now, settings):
    message = told(cast, now)
    settings.EMAIL_BACKEND = f"{__name__}.Deaf"
    send_waiting(now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert [send_waiting(now), send_waiting(now + timedelta(minutes=1))] == [0, 1]
    message.refresh_from_db()
    assert (message.state, message.error, message.attempts) == ("sent", "", 2)


def test_one_message_that_fails_does_not_hold_up_the_next(cast, now, monkeypatch):
    tell("tried", cast.office, [cast.clerk, cast.reader], now, key="1", title="通知")
    sent = []

    def deliver(self, **kwargs):
        if self.to == ["clerk@office.test"]:
            raise smtplib.SMTPRecipientsRefused({})
        sent.append(self.to)

    monkeypatch.setattr(send.EmailMessage, "send", deliver)
    assert (send_waiting(now), sent) == (1, [["reader@office.test"]])


def test_of_two_senders_with_the_same_list_only_one_sends(cast, now):
    message = told(cast, now)
    same = Message.objects.select_related("notice__recipient").get(pk=message.pk)
    assert [send._claim(message, now), send._claim(same, now)] == [True, False]


def test_a_queue_that_cannot_be_reached_leaves_the_message_for_the_sweep(
    cast, now, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def unreachable(*args):
        raise OperationalError("broker away")

    monkeypatch.setattr(send_messages, "delay", unreachable)
    with django_capture_on_commit_callbacks(execute=True):
        told(cast, now)
    assert "queue unreachable" in caplog.text
    assert Message.objects.get().state == "waiting"
    send_waiting(now)
    assert len(mail.outbox) == 1


def test_a_title_with_line_ends_cannot_forge_mail_headers(cast, now):
    told(cast, now, title="通知\nBcc: all@office.test\r\nX: y")
    send_waiting(now)
    sent = mail.outbox[0]
    assert "\n" not in sent.subject
    assert "\r" not in sent.subject
    assert sent.recipients() == ["clerk@office.test"]
    assert sent.extra_headers == {"Message-ID": f"<notice-{Notice.objects.get().pk}@officehub>"}


@pytest.mark.parametrize("fault", [{"verb": "nobody_knows"}, {"address": "a@b.test\nBcc: all@office.test"}])
def test_a_mail_that_cannot_even_be_written_holds_up_no_other(cast, now, caplog, fault):
    broken = told(cast, now)
    if "verb" in fault:
        Notice.objects.filter(pk=broken.notice_id).update(**fault)
    else:
        Message.objects.filter(pk=broken.pk).update(**fault)
    tell("tried", cast.office, [cast.reader], now, key="1", title="通知")
    assert send_waiting(now) == 1
    assert [sent.to for sent in mail.outbox] == [["reader@office.test"]]
    broken.refresh_from_db()
    assert (broken.state, broken.attempts, broken.error != "") == ("waiting", 1, True)
    assert f"message {broken.pk} cannot be sent" in caplog.text
