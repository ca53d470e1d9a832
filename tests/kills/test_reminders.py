"""Reminders fall due while workers are killed, the broker dies or forgets, two beats tick and clocks jump.

Real workers, real beats and a real broker. A clock cannot be turned in them, so the data is dated around theirs: what
an outage of three days would find, and what a clock an hour ahead had sent before it was set back.

The short form is part of the suite; `REMINDERS_DUE=10000 REMINDERS_SECONDS=120` is the long one.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from officehub.inbox.errands import Errand, close, give, give_each, redate, reopen
from officehub.inbox.models import Reminder, ReminderRule, Watch, WorkItem
from officehub.notifications.models import Notice
from officehub.notifications.prove import prove
from officehub.notifications.remind import remind
from officehub.people.models import Person
from officehub.web.broker import Broker, choose
from tests.kills.conftest import PATIENCE, ROOT
from tests.kills.test_worker import kill

DUE = int(os.environ.get("REMINDERS_DUE", "1000"))
SECONDS = int(os.environ.get("REMINDERS_SECONDS", "20"))
BURSTS = 20  # the moments over which they fall due
HOUR = timedelta(hours=1)
TICK = 0.05  # seconds


@dataclass
class House:
    """A broker, and whatever was started to work for it."""

    surroundings: dict[str, str]
    var: Path
    chosen: Broker
    server: subprocess.Popen | None = None
    started: list[subprocess.Popen] = field(default_factory=list)

    def open_broker(self) -> None:
        self.server = subprocess.Popen(self.chosen.argv, stdout=subprocess.DEVNULL)
        self.eventually(self.chosen.answers)

    def close_broker(self, *, forgetting: bool = False) -> None:
        self.server.kill()
        self.server.wait()
        if forgetting:
            shutil.rmtree(self.var / "broker")
            choose(self.var)  # its folder

    def start(self, role: str, *options: str) -> subprocess.Popen:
        argv = [sys.executable, "-m", "celery", "--quiet", "-A", "officehub", role, *options, "-l", "WARNING"]
        with open(self.var / f"{role}{len(self.started)}.log", "wb") as log:
            process = subprocess.Popen(
                argv, env=self.surroundings, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        self.started.append(process)
        return process

    def worker(self) -> subprocess.Popen:
        return self.start(
            "worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--without-heartbeat"
        )  # fmt: skip

    def beat(self) -> subprocess.Popen:
        return self.start("beat", "--pidfile=", "--max-interval=1")

    def eventually(self, condition: Callable[[], bool], patience: float = PATIENCE) -> None:
        """Wait for a condition as long as the broker lives."""
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, "nothing came of it"
            self.pass_time(TICK)

    def pass_time(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.server.wait(seconds)
            pytest.fail("the broker ended by itself")


@pytest.fixture
def house(committed, surroundings, tmp_path, monkeypatch) -> Iterator[House]:
    """A broker of this test's own, and nobody who works yet; the sweep is asked for every second."""
    for name in ("REDIS_URL", "OFFICEHUB_BROKER"):
        monkeypatch.delenv(name, raising=False)
    chosen = choose(tmp_path)
    if not chosen.argv:
        pytest.skip("没有 redis/valkey：apt-get install redis-server")
    Person.objects.update(email="")  # e-mails are another story, and would be told by the same workers
    every, _ = IntervalSchedule.objects.get_or_create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name="under fire", task="inbox.remind", interval=every)
    told = {**surroundings, "OFFICEHUB_BROKER": chosen.url, "DJANGO_SETTINGS_MODULE": "officehub.settings"}
    opened = House(told, tmp_path, chosen)
    opened.open_broker()
    yield opened
    for process in opened.started:
        kill(process)
    opened.server.kill()
    opened.server.wait()


def rules(*offsets: int) -> None:
    """Urgent ones in hours: it may be night where the test runs."""
    ReminderRule.objects.all().delete()
    for offset in offsets:
        ReminderRule.objects.create(
            step=f"{offset} 小时", offset=offset, unit="hours", urgent=True, since=timezone.now() - 1000 * HOUR
        )


def fall_due(committed, given_at: datetime, limits: list[datetime], count: int = DUE) -> None:
    """So many errands, their limits spread over these."""
    people = list(Person.objects.filter(department=committed.section))
    for place, due in enumerate(limits):
        errands = [Errand("review", f"{place}:{n}", "请阅", due_at=due) for n in range(count // len(limits))]
        given = [(errand, people[n % len(people)], None) for n, errand in enumerate(errands)]
        give_each(given, committed.section, given_at)


def all_told() -> bool:
    """Nothing is planned any more, and the sweep has noted that whatever there was is settled."""
    last = Reminder.objects.order_by("-moment").values_list("moment", flat=True)[:1]
    return not Reminder.objects.filter(state="planned").exists() and Watch.objects.filter(until__gte=last).exists()


def proof(start: datetime) -> dict:
    """What `reminders prove` says."""
    out = StringIO()
    span = ["--from", start.isoformat(), "--to", timezone.now().isoformat()]
    with pytest.raises(SystemExit):
        call_command("reminders", "prove", *span, "--json", stdout=out)
    said = json.loads(out.getvalue())
    return {name: len(rows) if isinstance(rows, list) else rows for name, rows in said.items()}


def holds(expected: int, sent: int, **others: int) -> dict:
    kinds = ("missing", "doubled", "unfounded", "late", "dropped", "unclear", "waiting")
    return {"ok": True, "expected": expected, "sent": sent, **dict.fromkeys(kinds, 0), **others}


def test_workers_killed_at_random_under_two_beats_lose_and_double_nothing(house, committed):
    dice, start = random.Random(5), timezone.now()  # noqa: S311  whom it hits is no secret
    rules(1)
    gap = timedelta(seconds=SECONDS / BURSTS)
    fall_due(committed, start, [start + gap * (n + 1) + 15 * timedelta(seconds=1) - HOUR for n in range(BURSTS)])
    assert Reminder.objects.filter(state="planned").count() == DUE
    workers = [house.worker(), house.worker(), house.worker()]
    house.beat(), house.beat()
    house.eventually(Watch.objects.exists)  # they are at it
    killed, last = 0, Reminder.objects.order_by("-moment").values_list("moment", flat=True).first()
    while timezone.now() < last:
        house.pass_time(dice.uniform(0.2, 2 * SECONDS / BURSTS + 1))
        kill(workers.pop(dice.randrange(3)))
        workers.append(house.worker())
        killed += 1
    house.eventually(all_told)
    assert (killed > 3, proof(start)) == (True, holds(DUE, DUE))
    assert Notice.objects.filter(verb="reminded").count() == DUE


def test_a_broker_that_stops_and_one_that_forgets_lose_nothing(house, committed):
    start = timezone.now()
    rules(1)
    fall_due(committed, start, [start + timedelta(seconds=n) - HOUR for n in (1, 2, 3, 4)])
    house.worker(), house.beat()
    house.eventually(all_told)
    for forgetting in (False, True):
        again = timezone.now()
        house.close_broker(forgetting=forgetting)
        later = [again + timedelta(seconds=n) - HOUR for n in (1, 2)]
        redate_all(later, again)
        end = again + timedelta(seconds=3)
        while timezone.now() < end:  # they fall due while there is no broker
            with suppress(subprocess.TimeoutExpired):
                house.started[-1].wait(TICK)
        house.open_broker()
        house.eventually(all_told)
    assert proof(start) == holds(DUE * 3, DUE * 3)


def redate_all(limits: list[datetime], now: datetime) -> None:
    half = WorkItem.objects.order_by("pk").values_list("pk", flat=True)
    for place, due in enumerate(limits):
        redate(WorkItem.objects.filter(pk__in=list(half)[place :: len(limits)]), due, False, now)


def test_after_three_days_of_outage_each_hears_the_last_of_what_was_missed(house, committed):
    now = timezone.now()
    rules(0, 24, 48)
    fall_due(committed, now - 240 * HOUR, [now - 50 * HOUR])  # all three steps in the last three days
    Watch.objects.create(since=now - 240 * HOUR, until=now - 72 * HOUR)  # then the house stood still
    house.worker(), house.beat()
    house.eventually(all_told)
    assert proof(now - 240 * HOUR) == holds(DUE * 3, DUE, late=DUE, dropped=DUE * 2)


def test_a_clock_set_back_an_hour_tells_nobody_twice(house, committed):
    """A worker whose clock was an hour ahead has told everybody; the others, and what people do, come an hour after."""
    start = timezone.now()
    rules(1)
    fall_due(committed, start, [start - timedelta(seconds=n) for n in (1, 2, 3, 4)])
    remind(start + HOUR)
    taken = list(WorkItem.objects.order_by("pk").values_list("pk", flat=True)[: DUE // 10])
    again = start + timedelta(milliseconds=1)
    close(WorkItem.objects.filter(pk__in=taken), "已改派", again)
    reopen(WorkItem.objects.filter(pk__in=taken), again)
    late = Errand("review", "late", "请阅", due_at=timezone.now() + timedelta(seconds=5) - HOUR)
    give(late, committed.office, [committed.drafter], timezone.now())
    house.worker(), house.beat(), house.beat()
    house.eventually(all_told)
    told = Notice.objects.filter(verb="reminded")
    assert (told.count(), told.values("params__item").distinct().count()) == (DUE + 1, DUE + 1)
    proved = prove(start, start + HOUR, start + HOUR)
    assert (proved.holds, proved.expected, proved.sent) == (True, DUE + 1, DUE + 1)
