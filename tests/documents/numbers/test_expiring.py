"""Reservations past their day: the keepers of the numbers hear of each once, and never of one that is used up."""

from datetime import timedelta

from django.urls import reverse

from documents.jobs import tell_expired_reservations
from documents.number import number
from documents.numbers.expire import tell_expired
from documents.numbers.reserve import left
from officehub.notifications.models import Notice
from officehub.people.models import RoleHolding


def heard() -> list[tuple[str, str]]:
    told = Notice.objects.filter(verb="documents.reservation_expired").order_by("id")
    return [(notice.recipient.username, notice.params["numbers"]) for notice in told]


def test_the_keeper_hears_once_when_the_day_has_passed(cast, now, setting_aside):
    setting_aside(2)
    assert (tell_expired(now), heard()) == (0, [])
    tomorrow = now + timedelta(days=1)
    assert [tell_expired(tomorrow), tell_expired(tomorrow), tell_expired(tomorrow + timedelta(days=30))] == [1, 0, 0]
    assert heard() == [("rechecker", "海政办发〔2026〕1至2号")]


def test_a_reservation_used_up_is_not_told_of(cast, now, series, rechecked, setting_aside):
    entry = left(setting_aside())[0]
    number(rechecked(), series=series, reserved=entry, by=cast.rechecker, now=now)
    assert (tell_expired(now + timedelta(days=1)), heard()) == (0, [])


def test_with_nobody_to_tell_it_waits(cast, now, setting_aside):
    setting_aside()
    RoleHolding.objects.filter(role="rechecker").delete()
    assert tell_expired(now + timedelta(days=1)) == 0
    RoleHolding.objects.create(person=cast.clerk, role="rechecker")
    assert tell_expired(now + timedelta(days=2)) == 1
    assert heard() == [("clerk", "海政办发〔2026〕1号")]


def test_the_notice_leads_to_the_register_of_gaps(cast, now, setting_aside, client):
    setting_aside()
    tell_expired(now + timedelta(days=1))
    client.force_login(cast.rechecker)
    answer = client.get(reverse("open_notice", args=[Notice.objects.get().pk]))
    assert answer.url == reverse("documents:gaps") + "?sort=overdue"
    assert "预留的海政办发〔2026〕1号（留给信息科）已过期" in client.get(reverse("notices")).content.decode()


def test_the_job_is_the_same_deed(cast, now, setting_aside, monkeypatch):
    setting_aside()
    monkeypatch.setattr("documents.jobs.timezone.now", lambda: now + timedelta(days=1))
    tell_expired_reservations()
    assert heard() == [("rechecker", "海政办发〔2026〕1号")]
