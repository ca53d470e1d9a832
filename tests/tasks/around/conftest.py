"""What the tests of the surroundings share."""

import pytest

from tasks.imports.take import take
from tasks.models import TaskImport
from tests.tasks.around.books import ROW, book, upload

GIVEN = {"title": "报送冬季供暖保障情况", "limit_value": 5, "limit_unit": "working_days"}


@pytest.fixture
def taken(cast, now):
    """A workbook of the head's, checked and not confirmed."""

    def take_book(*rows, by=None) -> TaskImport:
        return take(upload(book(rows or [ROW])), by=by or cast.head, now=now)

    return take_book


@pytest.fixture
def as_(client):
    def log_in(who):
        client.force_login(who)
        return client

    return log_in
