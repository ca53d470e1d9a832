"""What one decision costs - lock, check, step, event, errands, notice, the next stage opens - against the very same
statements sent raw, and how many there are when one, ten and fifty stages have gone before.

The statements of one decision are taken down once; then decisions through the engine and raw repetitions on papers of
their own take turns in one database. `python tests/bench/bench_decision.py` on SQLite, with DATABASE_URL set on
PostgreSQL; `--quick` with few papers. Exit 1 above MOST times the floor, above QUERIES, or when they grow with the run.
"""

import argparse
import json
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import ground  # isort: skip  it sets Django up

from django.db import connection, transaction
from django.utils import timezone

from documents import drafting
from documents.models import Document
from officehub.approvals import decide
from officehub.approvals.invariants import violations
from officehub.approvals.models import Run, Step, Visit
from officehub.moves import move
from officehub.notifications import tell
from officehub.notifications.models import Notice
from officehub.people.models import Person
from tests.approvals.shapes import publish
from tests.cast import NOTICE, build_cast

LENGTHS = (1, 10, 50)  # stages until the one that is decided, that one included
MOST = {"postgresql": 4.0, "sqlite": 10.0}[
    connection.vendor
]  # times the floor: SQLite answers within the process, and leaves the rest
QUERIES = 28  # four of them plan and cancel reminders
PLACES = {Document: 1_000_000, Run: 2_000_000, Visit: 3_000_000, Step: 4_000_000, Notice: 5_000_000}
AN_ID = re.compile(r"(?<!\d)[1-5]\d{6}(?!\d)")

Statement = tuple[str, object]


# --- papers ----------------------------------------------------------------------------------------------------


def number_apart() -> None:
    """Give each table ids of its own range, so that a number among the parameters says what it is the id of."""
    with connection.cursor() as cursor:
        for model, first in PLACES.items():
            table = model._meta.db_table
            if ground.POSTGRESQL:
                cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, first])
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, first])


def routes(people: dict[str, Person], now) -> None:
    """For each length a route one longer, on which two people take turns."""
    pair = [people["head"], people["mayor"]]
    for length in LENGTHS:
        stages = [{"who": "person", "person": pair[place % 2]} for place in range(length + 1)]
        condition = [{"fact": "urgency", "is": ""}, {"fact": "amount", "is": length}]
        publish(f"{length} 关", stages, now, priority=1, condition=condition)


def papers(length: int, count: int, now) -> list[Document]:
    """Papers of which so many stages but one are passed."""
    drafter = Person.objects.get(username="drafter")
    with transaction.atomic():
        made = [_paper(drafter, length, now) for _ in range(count)]
        for _ in range(length - 1):
            for paper in made:
                decision(paper, now)()
    return made


def _paper(drafter: Person, length: int, now) -> Document:
    paper = drafting.create(by=drafter, now=now, organ=drafter.department.organ, fields=NOTICE, amount=length)
    move(paper, "submit", by=drafter, now=now)
    decide.start(paper, by=drafter, now=now)
    paper.refresh_from_db()  # as a page reads it
    return paper


def decision(paper: Document, now) -> Callable:
    """The deed of whoever has it, with what the page has read before."""
    found = Step.objects.select_related("run__parent", "stage", "approver")
    step, seen = found.get(run__subject_id=paper.pk, state="open"), paper.approval_hash()
    return lambda: decide.agree(step, by=step.approver, now=now, seen=seen)


# --- the floor -------------------------------------------------------------------------------------------------


def taken_down(deed: Callable) -> list[Statement]:
    """The statements of a deed, apart from where its transaction begins."""
    statements: list[Statement] = []

    def note(execute, sql, params, many, context):
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        deed()
    return [(sql, params) for sql, params in statements if not sql.startswith("BEGIN")]


def ids(paper: Document) -> list[int]:
    """What a paper's decision speaks of, in the order of PLACES."""
    step = Step.objects.get(run__subject_id=paper.pk, state="open")
    return [paper.pk, step.run_id, step.visit_id, step.pk]


def prepared(statements: list[Statement], old: list[int], new: list[int]) -> Callable:
    """The same statements about another paper, ready to be sent raw; ids that are made on the way follow."""
    known = dict(zip(old, new, strict=True))
    cursor = connection.connection.cursor()
    raw = [(_plain(sql), params, " RETURNING " in sql) for sql, params in statements]

    def send() -> None:
        cursor.execute("BEGIN" if ground.POSTGRESQL else "BEGIN IMMEDIATE")
        for sql, params, returns in raw:
            cursor.execute(sql, _about(params, known))
            if returns:
                _follow(known, cursor.fetchall()[0][0])
            elif sql.startswith("SELECT"):
                cursor.fetchall()
        cursor.execute("COMMIT")

    return send


def _plain(sql: str) -> str:
    return sql if ground.POSTGRESQL else sql.replace("%s", "?").replace("%%", "%")


def _follow(known: dict[int, int], made: int) -> None:
    """A row was made: what stood in its place when the statements were taken down is that one's id."""
    place = made // 1_000_000
    if place:
        old = next(one for one in MADE if one // 1_000_000 == place)
        known[old] = made


MADE: list[int] = []  # the ids made while the statements were taken down


def _about(value, known: dict[int, int]):
    """A parameter with the ids of the paper it is about."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        return known.get(value, value)
    if isinstance(value, str):
        return AN_ID.sub(lambda found: str(known.get(int(found[0]), found[0])), value)
    if isinstance(value, list | tuple):
        return [_about(one, known) for one in value]
    if hasattr(value, "obj"):  # PostgreSQL's JSON
        return type(value)(json.loads(_about(json.dumps(value.obj), known)))
    return value


# --- measuring -------------------------------------------------------------------------------------------------


def timed(deed: Callable) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def measured(length: int, count: int, now) -> tuple[float, float, int]:
    """Seconds of a decision through the engine and of the same raw, and how many statements it has."""
    first, *rest = papers(length, 2 * count + 2, now)
    decision(rest.pop(), now)()  # what a process reads once is read
    old = ids(first)
    statements = taken_down(decision(first, now))
    MADE[:] = [model.objects.latest("pk").pk for model in (Visit, Step, Notice)]
    engine, floor = [], []
    for through, raw in zip(rest[:count], rest[count:], strict=True):
        floor.append(timed(prepared(statements, old, ids(raw))))
        engine.append(timed(decision(through, now)))
    sound(rest, now)
    return median(engine), median(floor), len(statements)


def sound(made: list[Document], now) -> None:
    """The raw statements did what the engine does."""
    for paper in made:
        if faults := [fault for fault in violations(decide.run_of(paper), now) if "意见与步骤" not in fault]:
            raise SystemExit(f"{paper.pk}: {faults}")


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true")
    count = 5 if reader.parse_args().quick else 40
    tell.enqueue = lambda job, *args: None
    with ground.grounds(["decision"], build_cast):
        ground.enter("decision")
        now = timezone.now()
        number_apart()
        routes({person.username: person for person in Person.objects.all()}, now)
        return report({length: measured(length, count, now) for length in LENGTHS})


def report(results: dict[int, tuple[float, float, int]]) -> int:
    ground.say("PostgreSQL" if ground.POSTGRESQL else "SQLite")
    for length, (engine, floor, queries) in results.items():
        ratio = f"{engine / floor:.1f} times the floor"
        ground.say(
            f"{length:>3} stages: {engine * 1000:6.2f} ms, raw {floor * 1000:6.2f} ms, {ratio}, {queries} statements"
        )
    counts = {queries for *_, queries in results.values()}
    dear = max(engine / floor for engine, floor, _ in results.values())
    ground.say(f"at most {MOST:.1f} times and {QUERIES} statements, whatever the length")
    return 1 if dear > MOST or len(counts) > 1 or max(counts) > QUERIES else 0


if __name__ == "__main__":
    sys.exit(main())
