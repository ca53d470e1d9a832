"""What every test may ask for: the cast of a small office, and a fixed clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from officehub.audit import guard
from tests.cast import Cast, build_cast

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def now():
    """A Monday morning in a week without holidays."""
    return NOW


@pytest.fixture(autouse=True)
def _var(settings, tmp_path):
    """Files of a test stay with the test."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _fast_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def cast(db) -> Cast:
    return build_cast()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tests that really commit empty the tables between themselves, which the audit guard would refuse."""
    with django_db_blocker.unblock():
        guard.remove(connection)
    return django_db_setup
