"""Fifty processes number, undo, die, set aside, let go and void at once: no number twice, no gap unexplained."""

import json
import subprocess
import sys
from pathlib import Path

from django.db import connection

from documents.models import Document, NumberEntry, NumberYear, Series
from documents.number import faults
from documents.numbers.explain import gaps
from officehub.audit.record import broken
from tests.kills.conftest import surroundings  # noqa: F401  the environment of such processes
from tests.races.test_numbers import rechecked

PAPERS, SEED = 3, 20261123
PATIENCE = 540  # seconds for all of them together, on a machine that others use too


def processes() -> int:
    """As many as an office never has at once; SQLite has one writer at a time, so that more would only wait."""
    return 50 if connection.vendor == "postgresql" else 8


def at_work(piles: list[list[int]], now, surroundings) -> dict:  # noqa: F811  the fixture itself
    argv = [sys.executable, str(Path(__file__).with_name("numberers.py")), "海政办发", now.isoformat(), str(SEED)]
    given = {"input": json.dumps(piles) + "\n", "env": surroundings, "timeout": PATIENCE}
    ended = subprocess.run(argv, **given, text=True, capture_output=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_many_processes_leave_no_double_and_no_unexplained_gap(committed, now, surroundings):  # noqa: F811
    piles = [[rechecked(committed, now).pk for _ in range(PAPERS)] for _ in range(processes())]
    answer = at_work(piles, now, surroundings)
    assert (answer["wrong"], answer["answered"]) == ([], processes())
    did, series = answer["did"], Series.objects.get(code="海政办发")
    deeds = {"undone", "killed", "reserved", "released", "given a reserved one", "numbered", "voided"}
    assert deeds <= set(did)
    assert did["numbered"] + did["given a reserved one"] == processes() * PAPERS
    assert list(faults()) == []
    last = NumberYear.objects.get(series=series).last
    assert list(NumberEntry.objects.order_by("seq").values_list("seq", flat=True)) == [*range(1, last + 1)]
    given = Document.objects.filter(document_number__isnull=False)
    assert given.count() == given.values("document_number").distinct().count() == processes() * PAPERS - did["voided"]
    assert NumberEntry.objects.filter(document__isnull=False).count() == given.count()
    explained = sum(gap.last - gap.first + 1 for gap in gaps())
    assert explained == last - given.count()
    assert all(gap.reason and gap.who for gap in gaps())
    assert list(broken()) == []
