"""The ground a bench stands on: databases of several sizes, its own, made before and dropped after.

SQLite: files in a temporary folder. PostgreSQL (DATABASE_URL): databases next to the one named there. One process
looks at them in turn, so that all sizes share the machine's moods.
"""
# ruff: noqa: E402  Django is set up before its models are imported

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
FOLDER = Path(tempfile.mkdtemp(prefix="officehub-bench-"))
os.environ["OFFICEHUB_VAR"] = str(FOLDER)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from documents.demo import OFFICE
from documents.models import Series
from documents.volume import Scale, fill_up
from officehub.web import demo_office

POSTGRESQL = connection.vendor == "postgresql"
NAMED = connection.settings_dict["NAME"]


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a benchmark prints


def name_of(label: str) -> str:
    return f"officehub_bench_{os.getpid()}_{label}" if POSTGRESQL else str(FOLDER / f"{label}.sqlite3")


def enter(label: str) -> None:
    """From now on the default connection is to this database."""
    connection.close()
    connection.settings_dict["NAME"] = name_of(label) if label else NAMED
    connection.ensure_connection()


def admin(statement: str) -> None:
    enter("")
    with connection.cursor() as cursor:
        cursor.execute(statement)


def copy(source: str, target: str) -> None:
    connection.close()
    if POSTGRESQL:
        admin(f'CREATE DATABASE "{name_of(target)}" TEMPLATE "{name_of(source)}"')
    else:
        shutil.copyfile(name_of(source), name_of(target))


@contextmanager
def grounds(labels: list[str], build: Callable[[], object]) -> Iterator[None]:
    """A database for each label, with what `build` makes in it."""
    made = ["empty", *labels]
    try:
        if POSTGRESQL:
            admin(f'CREATE DATABASE "{name_of("empty")}"')
        enter("empty")
        call_command("migrate", verbosity=0)
        build()
        settle()
        for label in labels:
            copy("empty", label)
        yield
    finally:
        connection.close()
        if POSTGRESQL:
            for label in made:
                admin(f'DROP DATABASE IF EXISTS "{name_of(label)}"')
        shutil.rmtree(FOLDER)


def office() -> None:
    """The demo office's organisation and number series, and no papers."""
    made = demo_office.build("bench-password-1")
    for code, kinds in (("云政办发", []), ("云政办函", ["函"])):
        Series.objects.create(organ=made.organs[OFFICE], code=code, kinds=kinds)


def fill(label: str, papers: int) -> None:
    """Fill one database and say how fast it went."""
    enter(label)
    started = time.perf_counter()
    poured = fill_up(Scale(people=2_000, departments=160, papers=papers, trail=False), timezone.now())
    taken = time.perf_counter() - started
    rows = sum(poured.values())
    settle()
    say(f"{connection.vendor}: {papers:>9,} papers, {rows:>11,} rows in {taken:6.1f} s, {rows / taken:8,.0f} rows/s")


def settle() -> None:
    """What the databases' own housekeeping does in time: PostgreSQL's statistics and visibility, SQLite's log.

    SQLite gets no ANALYZE, as in service: a sampled one (analysis_limit) made it sort 100,000 numbers instead of
    reading 51 from their index.
    """
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if POSTGRESQL else "PRAGMA wal_checkpoint(TRUNCATE)")
