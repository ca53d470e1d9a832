"""Does a ledger of 100,000 tasks go to Excel without being held in memory?

`python tests/bench/bench_export.py` on SQLite, with DATABASE_URL set on PostgreSQL; `--quick` 20,000. Exit 1 when the
memory grew by more than MOST_GROWN over what a short ledger took, when the queries are more than a few for each piece
that is read, or when the workbook does not hold every row as text.
"""

import argparse
import resource
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import ground  # isort: skip  it sets Django up

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from officehub.people.models import Person
from officehub.web.workbook import long_workbook
from tasks.ledgers import AT_ONCE, SHEET, task_lines
from tasks.models import Task

FULL, QUICK, SHORT = 100_000, 20_000, 2_000
MOST_GROWN = 48.0  # MB
A_PIECE = 2  # queries for each piece of AT_ONCE rows: the rows (one cursor for all of them), and who assists
TITLE = '=HYPERLINK("http://127.0.0.1/","第{}项")'
NOW = timezone.now()


def fill(count: int) -> None:
    """Rows made by hand: what is measured is reading them."""
    by = Person.objects.select_related("department__organ").get(username="hejianping")
    units = list(Person.objects.exclude(department=None).exclude(pk=by.pk).select_related("department")[:12])
    due = NOW + timedelta(days=9)
    for begin in range(1, count + 1, 5_000):
        Task.objects.bulk_create(
            Task(
                organ=by.department.organ, year=2026, seq=at, number=f"交办〔2026〕{at}号", title=TITLE.format(at),
                details="按要求逐项落实，分区县列明进展和存在的问题。" * 3, assigner=by, verifier=by, created_by=by,
                lead_unit=units[at % len(units)].department, lead_person=units[at % len(units)], created_at=NOW,
                sort_at=NOW - timedelta(seconds=at), assigned_at=NOW, due_at=due, first_due_at=due, state="assigned",
            )
            for at in range(begin, min(begin + 5_000, count + 1))
        )  # fmt: skip


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def export(limit: int) -> IO[bytes]:
    rows = Task.objects.filter(seq__lte=limit)
    return long_workbook("任务台账", SHEET, task_lines(rows, NOW))


def counted(file: IO[bytes]) -> tuple[int, int]:
    """How many rows the sheet has, and how many formulas; read in pieces."""
    found, formulas, tail = 0, 0, b""
    with zipfile.ZipFile(file) as book, book.open("xl/worksheets/sheet1.xml") as sheet:
        while piece := sheet.read(1 << 20):
            seen = tail + piece
            found, formulas = found + seen.count(b"<row "), formulas + seen.count(b"<f>")
            tail = seen[-4:] if not seen.endswith(b"<row ") else b""
    return found, formulas


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true")
    count = QUICK if reader.parse_args().quick else FULL
    faults: list[str] = []
    with ground.grounds(["tasks"], ground.office):
        ground.enter("tasks")
        fill(count)
        ground.settle()
        with export(SHORT):
            before = memory()
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            file = export(count)
        taken, grown, queries = time.perf_counter() - started, memory() - before, len(asked)
        size = file.seek(0, 2) / 1024 / 1024
        rows, formulas = counted(file)
        file.close()
        connections.close_all()
    most = A_PIECE * (count // AT_ONCE + 1) + 5
    ground.say(f"{count:,} rows in {taken:.1f} s, {count / taken:,.0f} rows/s, {size:.1f} MB, {queries} queries")
    ground.say(f"memory grew by {grown:.1f} MB (at most {MOST_GROWN}) over a ledger of {SHORT:,}")
    faults += [f"memory grew by {grown:.1f} MB"] if grown > MOST_GROWN else []
    faults += [f"{queries} queries, at most {most}"] if queries > most else []
    faults += [f"{rows - 1} rows instead of {count}"] if rows != count + 1 else []
    faults += [f"{formulas} formulas"] if formulas else []
    ground.say("\n".join(faults) or "bounded")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
