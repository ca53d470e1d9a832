"""Deeds released at once against a real database: every thread has a connection of its own and really commits."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from tests.cast import Cast, build_cast

PATIENCE = 60  # seconds until a deed that never comes back fails the test


@pytest.fixture
def committed(transactional_db, monkeypatch) -> Cast:
    """The cast in a database that other threads see. Jobs stay in the queue: here the deeds race, not the jobs."""
    jobs = ("documents.printing", "documents.distribute", "documents.sending.number_copies", "documents.keeping.freeze")
    for module in ("officehub.notifications.tell", *jobs):
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
