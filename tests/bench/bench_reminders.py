"""What reminding costs: planning with its cause, and sweeping what is due among few and many open limits.

Three databases with 10,000, 100,000 and 1,000,000 open errands, each with a planned reminder; in each of several rounds
the same number falls due, and the sweep is timed. Then 10,000 notices through the sweep against a floor of raw inserts
of the very same rows, and a circular given to 5,000 clerks with and without rules.
`python tests/bench/bench_reminders.py` on SQLite, with DATABASE_URL set on PostgreSQL; `--quick` with a tenth of
everything. Exit 1 above a bound.
"""

import argparse
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import ground  # isort: skip  it sets Django up

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.utils import timezone

from officehub.inbox.errands import Errand, give
from officehub.inbox.models import Reminder, ReminderRule, WorkItem
from officehub.inbox.reminders import seed
from officehub.notifications import tell
from officehub.notifications.models import Notice
from officehub.notifications.remind import remind
from officehub.people.models import Department, Person
from tests.cast import build_cast

DUE, ROUNDS = 1_000, 5
GROWTH = 2.0  # times: the sweep of the same number among a hundred times as many open limits
ABOVE_FLOOR = {"postgresql": 12.0, "sqlite": 40.0}[
    connection.vendor
]  # times the raw inserts, claiming and writing the state besides; SQLite answers within the process
DEARER = 2.5  # times a circular without rules
PEOPLE = 5_000


def build() -> None:
    """A cast, and many people without addresses: e-mails are told by another job."""
    build_cast()
    home = Department.objects.get(name="综合科")
    rows = [Person(username=f"p{n}", name=f"科员{n}", department=home, name_key=f"k{n}") for n in range(PEOPLE)]
    Person.objects.bulk_create(rows)
    Person.objects.update(email="")
    tell.enqueue = lambda job, *args: None  # nobody listens here


ERRANDS = """INSERT INTO inbox_workitem (assignee_id, verb, title, source, subject_type_id, subject_id, key, urgency,
        opened_at, due_at, due_provisional, outcome)
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)
    SELECT %s + i %% %s, 'review', '请阅', '', %s, %s, 'k' || i, '', %s, %s, %s, '' FROM n"""
PLANNED = """INSERT INTO inbox_reminder (item_id, rule_id, recipient_id, moment, state, reason, planned_at)
    SELECT id, %s, assignee_id, %s, 'planned', '', %s FROM inbox_workitem"""


def pour(label: str, count: int, now: datetime) -> None:
    """So many open errands about one department, each with a reminder planned for one of the days to come."""
    ground.enter(label)
    started, stored = time.perf_counter(), connection.ops.adapt_datetimefield_value
    kind = ContentType.objects.get_for_model(Department).pk
    rule = ReminderRule.objects.filter(audience="assignee", offset=1).get().pk
    first, home = Person.objects.filter(username="p0").get().pk, Department.objects.get(name="综合科").pk
    given, limit = stored(now - timedelta(days=10)), stored(now + timedelta(days=30))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ERRANDS, [count, first, PEOPLE, kind, home, given, limit, False])
        cursor.execute(PLANNED, [rule, stored(now + timedelta(days=31)), given])
    ground.settle()
    ground.say(f"{label:>9}: {count:>9,} open limits poured in {time.perf_counter() - started:5.1f} s")


def let_fall_due(count: int, now: datetime) -> None:
    """The reminders of some errands, spread over all of them, become due at this moment."""
    waiting = Reminder.objects.filter(state="planned")
    step = max(waiting.count() // count, 1)
    pks = list(waiting.order_by("pk").values_list("pk", flat=True))[::step][:count]
    Reminder.objects.filter(pk__in=pks).update(moment=now)
    ground.settle()


def timed(deed: Callable[[], object]) -> float:
    started = time.perf_counter()
    deed()
    return time.perf_counter() - started


def sweeps(sizes: dict[str, int], due: int, now: datetime) -> dict[str, tuple[float, float]]:
    """For each size the median seconds of a sweep of `due` reminders, and of one that finds nothing."""
    busy: dict[str, list[float]] = {label: [] for label in sizes}
    idle: dict[str, list[float]] = {label: [] for label in sizes}
    for turn in range(ROUNDS):
        for label in sizes:  # in turn, so that all share the machine's moods
            ground.enter(label)
            at = now + timedelta(seconds=turn)
            let_fall_due(due, at)
            told = Notice.objects.count()
            busy[label].append(timed(lambda at=at: remind(at)))
            idle[label].append(timed(lambda at=at: remind(at)))
            assert Notice.objects.count() - told == due, "the sweep told others than were due"
    return {label: (median(busy[label]), median(idle[label])) for label in sizes}


def above_floor(label: str, count: int, now: datetime) -> tuple[float, float]:
    """Seconds of `count` notices through the sweep, and of the same rows inserted raw by the same number at a time."""
    ground.enter(label)
    let_fall_due(count, now)
    mine = timed(lambda: remind(now))
    rows = list(Notice.objects.filter(at=now).order_by("pk").values_list(*COLUMNS))
    assert len(rows) == count
    Notice.objects.filter(at=now).delete()
    return mine, timed(lambda: insert_raw(rows))


RAW = "INSERT INTO notifications_notice ({columns}) VALUES {lines}"
COLUMNS = ("recipient_id", "sort", "urgent", "verb", "params", "subject_type_id", "subject_id", "key", "at")


def insert_raw(rows: list[tuple]) -> None:
    field = Notice._meta.get_field("params")
    ready = [
        [*row[:4], field.get_db_prep_value(row[4], connection), *row[5:8],
         connection.ops.adapt_datetimefield_value(row[8])]
        for row in rows
    ]  # fmt: skip
    line = f"({', '.join(['%s'] * len(COLUMNS))})"
    for start in range(0, len(ready), 500):
        some = ready[start : start + 500]
        sql = RAW.format(columns=", ".join(COLUMNS), lines=", ".join([line] * len(some)))
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [value for row in some for value in row])


def circular(label: str, count: int, now: datetime) -> tuple[float, float]:
    """Seconds of giving one errand to many with the ladder in force, and with no rule at all."""
    ground.enter(label)
    people, office = list(Person.objects.filter(username__startswith="p")), Department.objects.get(name="综合科")
    times: dict[bool, list[float]] = {True: [], False: []}
    for turn in range(ROUNDS):
        for ruled in (False, True):
            ReminderRule.objects.update(until=None if ruled else seed.BEGINNING)
            errand = Errand("handle", f"{turn}{ruled}", "关于供暖的通知", due_at=now + timedelta(days=20))
            with transaction.atomic():
                times[ruled].append(timed(lambda errand=errand: give(errand, office, people[:count], now)))
    assert WorkItem.objects.filter(verb="handle").count() == ROUNDS * 2 * count
    return median(times[True]), median(times[False])


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true")
    share = 10 if reader.parse_args().quick else 1
    sizes = {f"{count:,}": count for count in (10_000 // share, 100_000 // share, 1_000_000 // share)}
    labels, due, now = list(sizes), DUE // share, timezone.now().replace(microsecond=0)
    with ground.grounds(labels, build):
        for label, count in sizes.items():
            pour(label, count, now)
        swept = sweeps(sizes, due, now)
        many = 10_000 // share
        mine, floor = above_floor(labels[-1], many, now + timedelta(hours=1))
        with_rules, without = circular(labels[0], PEOPLE // share, now)
    return report(swept, due, (many, mine, floor), (with_rules, without))


def report(swept: dict, due: int, told: tuple[int, float, float], given: tuple[float, float]) -> int:
    for label, (busy, idle) in swept.items():
        ground.say(f"{label:>9} open: {due:,} due swept in {busy * 1000:7.1f} ms, nothing due in {idle * 1000:5.1f} ms")
    first, *_, last = (busy for busy, _idle in swept.values())
    many, mine, floor = told
    found = {
        f"{many:,} notices through the sweep, {many / mine:,.0f} a second, times raw inserts": (
            mine / floor,
            ABOVE_FLOOR,
        ),
        "the sweep among a hundred times as many, times": (last / first, GROWTH),
        "a circular with the ladder, times one without rules": (given[0] / given[1], DEARER),
    }
    for name, (ratio, most) in found.items():
        ground.say(f"{name}: {ratio:.2f} (at most {most})")
    return int(any(ratio > most for ratio, most in found.values()))


if __name__ == "__main__":
    sys.exit(main())
