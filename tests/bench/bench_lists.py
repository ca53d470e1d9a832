"""Do lists stay flat? The pages as the views make them, at three sizes, in turn, in one run.

`python tests/bench/bench_lists.py` measures 10,000, 100,000 and 1,000,000 papers on SQLite (needs 5 GB in the
temporary folder), with DATABASE_URL set on PostgreSQL; `--quick` 2,000 and 20,000. Exit 1 when a page at a larger
size takes more than FLAT times what it takes at the smallest, or a page by a rare kind more than DEARER times the
page without the kind. The floors are the same rows by the plainest SQL there is, without models, read by the same
connection in the same turn: they show what the machine itself did meanwhile.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import ground  # isort: skip  it sets Django up

from django.db import connection
from django.utils import timezone

from documents.models import Document
from documents.views.ledgers import entries
from officehub.people.grants import view_permission
from officehub.people.models import Person, Role
from officehub.web.listing import newest_first, visible, write_cursor
from officehub.web.views.workbench import how_pressing, todo_page

FULL, QUICK = (10_000, 100_000, 1_000_000), (2_000, 20_000)
ROUNDS = 31
FLAT = 3.0  # times the time at the smallest size
RARE, DEARER = "(0.1%)", 5.0  # times the same list without the filter
LEAST_MS = 1.0  # below this a page is as good as free, and its ratio is noise


@dataclass
class Cast:
    """Whom lists are made for: by how much they may see."""

    clerk: Person  # the office's own: every paper
    reader: Person  # a registry clerk of a department that is often addressed
    member: Person  # somebody in a department that is seldom addressed


def cast() -> Cast:
    clerks = Person.objects.filter(role_holdings__role=Role.REGISTRY_CLERK, username__startswith="p").order_by("id")
    others = Person.objects.filter(role_holdings=None, appointments=None, username__startswith="p").order_by("id")
    return Cast(Person.objects.get(username="xiaonan"), clerks[3], others.last())


NOW = timezone.now()
LONG_AGO = write_cursor(NOW - timedelta(days=6 * 365), 0)
YEAR = str(NOW.year - 3)


def papers(person: Person, cursor: str = "", kind: str = ""):
    shown = Document.objects.select_related("department", "drafter")
    return visible(Document, person, NOW, shown.in_bulk, cursor=cursor, kind=kind).rows


def numbers(person: Person, cursor: str = "", year: str = ""):
    return newest_first(entries(person, year, NOW), "at", cursor).rows


PAGES: dict[str, Callable] = {
    "clerk: papers": lambda who: papers(who.clerk),
    "clerk: papers, deep": lambda who: papers(who.clerk, LONG_AGO),
    "clerk: papers, 函 (20%)": lambda who: papers(who.clerk, kind="函"),
    "clerk: papers, 决定 (0.1%)": lambda who: papers(who.clerk, kind="决定"),
    "reader: papers": lambda who: papers(who.reader),
    "reader: papers, deep": lambda who: papers(who.reader, LONG_AGO),
    "reader: papers, 函 (20%)": lambda who: papers(who.reader, kind="函"),
    "reader: papers, 决定 (0.1%)": lambda who: papers(who.reader, kind="决定"),
    "member: papers": lambda who: papers(who.member),
    "clerk: register": lambda who: numbers(who.clerk),
    "clerk: register, deep": lambda who: numbers(who.clerk, LONG_AGO),
    "clerk: register, a year": lambda who: numbers(who.clerk, year=YEAR),
    "reader: register": lambda who: numbers(who.reader),
    "member: register": lambda who: numbers(who.member),
    "reader: 待办": lambda who: todo_page(who.reader, NOW, "").rows,
    "reader: badge": lambda who: how_pressing(who.reader, NOW),
}
FLOORS = {
    "papers": "SELECT d.id, d.title, d.kind, d.document_number, d.state, d.sort_at, d.content FROM "
    "documents_documentusergrant g JOIN documents_document d ON d.id = g.content_object_id WHERE g.user_id = %s AND "
    "g.permission_id = %s ORDER BY g.sort_at DESC, g.content_object_id DESC LIMIT 51",
    "register": "SELECT n.seq, n.year, d.title, d.kind, d.content FROM (SELECT * FROM documents_numberentry "
    "ORDER BY at DESC, id DESC LIMIT 51) n JOIN documents_document d ON d.id = n.document_id",
    "待办": "SELECT title, source, due_at FROM inbox_workitem WHERE assignee_id = %s AND done_at IS NULL "
    "ORDER BY due_at LIMIT 51",
}


def floor(name: str, who: Cast) -> list:
    given = {"papers": [who.clerk.pk, view_permission(Document).pk], "待办": [who.reader.pk], "register": []}
    with connection.cursor() as cursor:
        cursor.execute(FLOORS[name], given[name])
        return cursor.fetchall()


def everything() -> dict[str, Callable]:
    return {**PAGES, **{f"floor: {name}": partial(floor, name) for name in FLOORS}}


def milliseconds(work: Callable, who: Cast) -> float:
    work(who)  # the first finds cold caches, which belong to the change of database
    started = time.perf_counter()
    work(who)
    return (time.perf_counter() - started) * 1000


def measure(sizes: tuple[int, ...]) -> dict[str, dict[int, float]]:
    """Median milliseconds of every page and floor at every size."""
    taken: dict[str, dict[int, list[float]]] = {}
    for _ in range(ROUNDS):
        for size in sizes:
            ground.enter(str(size))
            who = cast()
            for name, page in everything().items():
                taken.setdefault(name, {}).setdefault(size, []).append(milliseconds(page, who))
    return {name: {size: statistics.median(all_) for size, all_ in by.items()} for name, by in taken.items()}


def report(found: dict[str, dict[int, float]], sizes: tuple[int, ...]) -> list[str]:
    """Print the table; what is out of bounds."""
    ground.say("".join([f"{'median ms':<28}", *(f"{size:>12,}" for size in sizes), f"{'worst/first':>12}"]))
    faults = []
    for name, by in found.items():
        ratio = max(by[size] for size in sizes[1:]) / by[sizes[0]]  # a spike in the middle counts as well
        ground.say("".join([f"{name:<28}", *(f"{by[size]:>12.2f}" for size in sizes), f"{ratio:>12.2f}"]))
        if RARE in name:  # a page that few papers filled at the smallest size is held to the plain page instead
            dearer = by[sizes[-1]] / found[name.split(",")[0]][sizes[-1]]
            if dearer > DEARER:
                faults.append(f"{name}: {dearer:.1f} times as long as without the filter (at most {DEARER})")
        elif ratio > FLAT and max(by.values()) > LEAST_MS:
            faults.append(f"{name}: {ratio:.1f} times as long as at {sizes[0]:,} (at most {FLAT})")
    return faults


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true")
    sizes = QUICK if reader.parse_args().quick else FULL
    with ground.grounds([str(size) for size in sizes], ground.office):
        for size in sizes:
            ground.fill(str(size), size)
        faults = report(measure(sizes), sizes)
    ground.say("\n".join(faults) or f"flat: no page takes more than {FLAT} times as long")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
