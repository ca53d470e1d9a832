"""What every test may ask for: the cast of a small office, a fixed clock, a browser; and a database left as found."""

import os
import shutil
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings as house
from django.db import connection
from hypothesis import settings as hypothesis
from hypothesis.configuration import set_hypothesis_home_dir
from pytest_django.plugin import blocking_manager_key

from documents.keeping import table
from documents.models import RetentionRule
from documents.versions import guard as versions_guard
from officehub.approvals import guard as routes_guard
from officehub.audit import guard
from officehub.inbox.models import ReminderRule
from officehub.inbox.reminders import seed as ladder
from officehub.people.permissions import grant_roles
from officehub.people.signals import roles_changed
from officehub.workdays import guard as workdays_guard
from officehub.workdays.models import CalendarDay
from officehub.workdays.seed import SOURCE, days_of, known_years
from tests.cast import Cast, build_cast

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
HANG_UP = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""

# Made-up cases are the same on every machine and at every hour, and what Hypothesis notes down is not ours to keep.
set_hypothesis_home_dir(house.BASE_DIR / ".var" / "hypothesis")
hypothesis.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.load_profile("ci")


@pytest.fixture
def now():
    """A Monday morning in a week without holidays."""
    return NOW


@pytest.fixture(autouse=True)
def _var(settings, tmp_path):
    """Files of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _no_quiet_hours(settings):
    """What a deed pokes leaves by the real clock, and the suite runs at any hour; tests of quiet hours ask for them."""
    settings.QUIET_OUTSIDE = False


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    """What a process remembers of rows that never change is forgotten: between tests the rows go, and their ids come
    again."""
    monkeypatch.setattr("officehub.approvals.plan._published", {})
    monkeypatch.setattr("officehub.people.grants._view_permissions", {})


@pytest.fixture
def cast(db, monkeypatch) -> Cast:
    with monkeypatch.context() as quiet:  # in a new office nobody has anything yet that a role could take or give
        quiet.setattr(roles_changed, "send", lambda *sender, **facts: [])
        made = build_cast()
    remember()
    return made


def remember() -> None:
    """A process in service has long since read what never changes; so tests that count queries find it read."""
    from officehub.approvals.models import RouteVersion
    from officehub.approvals.plan import stages_of
    from officehub.people.grants import guarded_models, view_permission

    for model in guarded_models():
        view_permission(model)
    for version in RouteVersion.objects.filter(published_at__isnull=False):
        stages_of(version.pk)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that really commit empty the tables between themselves, which the guards would refuse."""
    with django_db_blocker.unblock():
        guard.remove(connection)
        routes_guard.remove(connection)
        versions_guard.remove(connection)
        workdays_guard.remove(connection)
    yield
    with django_db_blocker.unblock():
        hang_up_others()


def hang_up_others() -> None:
    """A killed process or a thread may have left a line to PostgreSQL; a database with guests cannot be dropped."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(HANG_UP)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """A test that really commits empties every table behind itself; what the migrations had filled is put back."""
    ended = yield
    if nextitem is not None and really_commits(item):
        with item.config.stash[blocking_manager_key].unblock():
            fill_as_migrated()
    return ended


def really_commits(item) -> bool:
    marked = [mark for mark in item.iter_markers("django_db") if mark.kwargs.get("transaction")]
    return bool(marked) or not {"transactional_db", "live_server"}.isdisjoint(getattr(item, "fixturenames", ()))


def fill_as_migrated() -> None:
    """The flush itself makes content types and permissions anew, and the calendar is ours to fill."""
    days = [day for year in known_years() for day in days_of(year)]
    rows = [CalendarDay(date=day, is_workday=worked, name=name, source=SOURCE) for day, worked, name in days]
    CalendarDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    table.fill(RetentionRule)
    table.fill_received(RetentionRule)
    ladder.fill(ReminderRule)
    grant_roles()


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, one of each process: Playwright's loop may run only once in a thread."""
    if chromium() is None:
        pytest.skip("没有 Chromium：apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in this thread, the ORM in between
        opened = started.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield opened
        opened.close()
