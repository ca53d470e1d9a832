"""The doctor's findings: what is red, what is only worth knowing, and what the page says to do."""

import json
import os
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from officehub.inbox.errands import Errand, give
from officehub.people.models import Person
from officehub.web import broker, doctor
from officehub.workdays.models import CalendarDay


def confirm(*years):
    CalendarDay.objects.all().delete()
    days = [date(year, 1, 1) + timedelta(days=n) for year in years for n in range(365)]
    CalendarDay.objects.bulk_create(CalendarDay(date=day, is_workday=day.weekday() < 5, source="测试") for day in days)


def test_an_unconfirmed_next_year_is_worth_knowing_but_not_red(db, now):
    confirm(2026)
    found = doctor.calendar(now)
    assert (found.state, found.says) == ("warning", "2027 年放假安排尚未录入，期限按推算")


def test_an_unconfirmed_present_year_is_red(db, now):
    confirm(2027)
    assert doctor.calendar(now).state == "bad"


def test_a_calendar_confirmed_for_both_years_is_green(db, now):
    confirm(2026, 2027)
    assert (doctor.calendar(now).state, doctor.calendar(now).says) == ("ok", "已录入至 2027 年")


def test_a_key_that_others_can_read_is_red_with_the_command(settings, tmp_path):
    settings.VAR = tmp_path
    kept = tmp_path / "secret_key"
    kept.write_text("k" * 50)
    kept.chmod(0o644)
    found = doctor.secret_key()
    kept.chmod(0o600)
    assert (found.state, found.remedy, doctor.secret_key().state) == ("bad", f"chmod 600 {kept}", "ok")


def test_the_database_of_the_tests_is_as_the_house_wants_it(db):
    assert (doctor.database().state, doctor.migrations().state) == ("ok", "ok")


def test_a_clock_behind_the_database_is_red(db, now):
    assert doctor.clock(now - timedelta(days=400)).state == "bad"


def test_what_waits_for_somebody_who_left_is_red(cast, now):
    errand = Errand("review", "step:1:1", "关于供暖的通知")
    give(errand, cast.section, [cast.stranger], now)
    assert doctor.left_behind().state == "ok"
    Person.objects.filter(pk=cast.stranger.pk).update(is_active=False)
    assert (doctor.left_behind().state, doctor.left_behind().says) == ("bad", "1 项等着已离岗的人")


def test_a_queue_that_nobody_runs_names_the_command(settings):
    settings.CELERY_BROKER_URL = "memory://"
    assert (doctor.queue().state, doctor.queue().remedy) == ("bad", "python3 manage.py serve")


@pytest.fixture
def two_findings(monkeypatch):
    found = [doctor.Check("磁盘", True, "尚余 70 GB"), doctor.Check("队列", False, "连不上", "启动它")]
    monkeypatch.setattr(doctor, "checks", lambda now: iter(found))


def test_a_red_finding_ends_the_command_with_1_and_its_remedy(two_findings, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", no_color=True)
    assert (ended.value.code, capsys.readouterr().out) == (
        1,
        "正常  磁盘：尚余 70 GB\n异常  队列：连不上\n      启动它\n",
    )


def test_scripts_get_the_same_findings_as_json(two_findings, capsys):
    with pytest.raises(SystemExit):
        call_command("doctor", json=True)
    assert json.loads(capsys.readouterr().out) == [
        {"name": "磁盘", "state": "ok", "says": "尚余 70 GB", "remedy": ""},
        {"name": "队列", "state": "bad", "says": "连不上", "remedy": "启动它"},
    ]


def test_a_queue_named_outside_is_used_and_none_is_started(monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", "redis://office/1")
    assert broker.choose(tmp_path) == broker.Broker("redis://office/1")


def test_without_any_server_files_are_the_queue_with_a_warning(monkeypatch, tmp_path):
    monkeypatch.delenv("REDIS_URL", raising=False)
    monkeypatch.delenv("OFFICEHUB_BROKER", raising=False)
    monkeypatch.setattr(broker.shutil, "which", lambda program: None)
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    chosen = broker.choose(tmp_path)
    assert (chosen.url, chosen.argv, bool(chosen.warning)) == ("filesystem://", (), True)


def test_the_socket_of_a_deep_folder_lies_in_a_short_one_of_ones_own(tmp_path):
    deep = tmp_path / ("很深的文件夹" * 10)
    path = broker.socket_path(deep)
    assert len(os.fsencode(path)) <= broker.LONGEST_SOCKET_PATH
    assert (path.parent.stat().st_mode & 0o777, path.parent.stat().st_uid) == (0o700, os.getuid())
    path.parent.rmdir()
