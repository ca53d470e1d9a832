"""Deeds released at once against a real database: every thread has a connection of its own and really commits."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from officehub.workdays.models import CalendarDay
from officehub.workdays.seed import SOURCE, days_of, known_years
from tests.cast import Cast, build_cast

PATIENCE = 60  # seconds until a deed that never comes back fails the test


@pytest.fixture(autouse=True)
def _calendar_left_as_found(django_db_setup, django_db_blocker):
    """A test that really commits empties every table behind itself; what the migrations had filled is put back."""
    yield
    with django_db_blocker.unblock():
        rows = [
            CalendarDay(date=day, is_workday=worked, name=name, source=SOURCE)
            for year in known_years()
            for day, worked, name in days_of(year)
        ]
        CalendarDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


@pytest.fixture
def committed(_calendar_left_as_found, transactional_db, monkeypatch) -> Cast:
    """The cast in a database that other threads see. Jobs stay in the queue: here the deeds race, not the jobs."""
    for module in ("officehub.notifications.tell", "documents.printing", "documents.distribute"):
        monkeypatch.setattr(f"{module}.enqueue", lambda job, *args: None)
    return build_cast()


def at_once(*deeds: Callable) -> list:
    """Run the deeds in threads released together; each result is what the deed returned or the exception it raised."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed: Callable) -> None:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE)
            results[place] = deed()
        except Exception as error:
            results[place] = error  # handed to the test, which says which ones it expects
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, deed), daemon=True) for place, deed in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    return results
