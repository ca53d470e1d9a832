"""Papers that stand before a job, in a database that other processes see, and the processes themselves."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from documents import distribute, number, printing, seal, signing
from documents.models import Document, Rendition, Series
from documents.sending import number_copies
from tests.cast import person
from tests.documents.course.test_course import signed
from tests.races.conftest import committed  # noqa: F401  the fixture of a really committing test

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120  # seconds for one process; a busy machine takes a while to start Python


def database_url() -> str:
    """The database of this very test, as another process is told of it."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


@pytest.fixture
def surroundings(settings, tmp_path) -> dict[str, str]:
    """The environment of a process that shares this test's database and files, and nothing else."""
    settings.MEDIA_ROOT = tmp_path / "media"
    (tmp_path / "fonts").symlink_to(settings.VAR / "fonts")  # with other fonts the same paper has other bytes
    kept = {name: value for name, value in os.environ.items() if name not in ("REDIS_URL", "OFFICEHUB_BROKER")}
    return {**kept, "DATABASE_URL": database_url(), "OFFICEHUB_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def run_job(surroundings):
    """Run one job in a process of its own that kills itself at a point; the way the process ended."""

    def run(job: str, pk: int, point: str, now) -> int:
        argv = [sys.executable, str(ROOT / "tests/kills/job.py"), job, str(pk), point, now.isoformat()]
        ended = subprocess.run(argv, env=surroundings, cwd=ROOT, timeout=PATIENCE, capture_output=True, text=True)
        if ended.returncode > 0:
            pytest.fail(ended.stderr)
        return ended.returncode

    return run


@pytest.fixture
def numbered(committed, now) -> Document:  # noqa: F811  the fixture itself
    """A paper whose proof has been ordered and not been printed."""
    document = signed(committed, now)
    signing.recheck(document, by=committed.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=committed.rechecker, now=now)
    return document


@pytest.fixture
def sent(committed, numbered, now):  # noqa: F811  the fixture itself
    """A sealed paper sent to a department and to six people, and not delivered: its PDFs are taken for printed."""
    take_for_printed(numbered, now)
    seal.apply_seal(numbered, by=committed.seal_keeper, now=now)
    take_for_printed(numbered, now)
    people = [person(f"reader{n}", committed.other_section, f"科员{n}", False, []) for n in range(6)]
    return distribute.distribute(numbered, departments=[committed.bureau], people=people, by=committed.clerk, now=now)


@pytest.fixture
def to_copy(committed, numbered, now):  # noqa: F811  the fixture itself
    """A sealed paper sent to a department and to six people with numbered copies, and none of them made."""
    take_for_printed(numbered, now)
    seal.apply_seal(numbered, by=committed.seal_keeper, now=now)
    printing.print_rendition(seal.original_of(numbered).pk, now)
    people = [person(f"reader{n}", committed.other_section, f"科员{n}", False, []) for n in range(6)]
    return distribute.distribute(
        numbered, departments=[committed.bureau], people=people, by=committed.clerk, now=now, first_number=1
    )


def take_for_printed(document, now) -> None:
    done = {"state": "done", "pdf": "papers/printed.pdf", "sha256": "0" * 64, "measured": {"ok": True}}
    Rendition.objects.filter(document=document, state="queued").update(**done, done_at=now)


@pytest.fixture
def lapses(now) -> Iterator[datetime]:
    """Moments at each of which the lease of the worker before has run out."""
    lease = max(printing.LEASE, distribute.LEASE, number_copies.LEASE) + timedelta(seconds=1)
    return (now + lease * turn for turn in range(100))
