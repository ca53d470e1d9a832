"""Forks many numberers, each a process of its own with its own connection, and lets them begin together.

`numberers.py SERIES NOW SEED` reads one line of JSON: a pile of papers for each numberer. Every one takes numbers for
its papers and, at random, first undoes one, dies over one, sets numbers aside, lets them go, gives one to a paper, or
voids one. Answers one line of JSON: what went wrong, and how often each thing was done. This process itself never opens
the database, so that no child shares a line.
"""

import json
import os
import signal
import sys
from collections import Counter
from datetime import datetime
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402  Django is set up first

from documents import number as numbering  # noqa: E402  Django is set up first
from documents import printing  # noqa: E402  Django is set up first
from documents.models import Document, NumberEntry, Series  # noqa: E402  Django is set up first
from documents.numbers import reserve as reserving  # noqa: E402  Django is set up first
from officehub.approvals.decide import DecisionRefused  # noqa: E402  Django is set up first
from officehub.notifications import tell  # noqa: E402  Django is set up first
from officehub.people.models import Person  # noqa: E402  Django is set up first


class Undone(Exception):
    """Something failed after the number had been taken."""


class Numberer:
    """One process: its papers, its dice, and what it did."""

    def __init__(self, code: str, now: datetime, seed: int, papers: list[int]):
        self.now, self.random, self.papers = now, Random(seed), papers  # noqa: S311  the same game every time
        self.by = Person.objects.get(username="rechecker")
        self.series = Series.objects.get(code=code)
        self.did: Counter = Counter()
        self.held: list[NumberEntry] = []

    def work(self) -> None:
        for pk in self.papers:
            for deed in self.random.sample(["undo", "die", "reserve", "release", "nothing"], 2):
                getattr(self, deed)(pk)
            self.give(pk)
            if self.random.random() < 0.25:
                self.void(pk)

    def nothing(self, pk: int) -> None:
        self.did["nothing"] += 1

    def number(self, pk: int, **more) -> None:
        numbering.number(Document.objects.get(pk=pk), series=self.series, by=self.by, now=self.now, **more)

    def give(self, pk: int) -> None:
        """The next number, or one of those set aside here; another process may just have let that one go."""
        if self.held and self.random.random() < 0.5:
            self.number(pk, reserved=self.held.pop())
            self.did["given a reserved one"] += 1
        else:
            self.number(pk)
            self.did["numbered"] += 1

    def undo(self, pk: int) -> None:
        try:
            with transaction.atomic():
                self.number(pk)
                raise Undone
        except Undone:
            self.did["undone"] += 1

    def die(self, pk: int) -> None:
        """A child takes a number and kills itself before one of the statements or at the commit."""
        at = self.random.randrange(1, 40)
        connection.close()
        child = os.fork()
        if child == 0:
            try:
                self.be_killed(pk, at)
            finally:
                os._exit(1)  # it should have been killed before
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if ended != -signal.SIGKILL:
            raise RuntimeError(f"a child ended by itself: {ended}")
        self.did["killed"] += 1

    def be_killed(self, pk: int, at: int) -> None:
        count = iter(range(1, 10_000))

        def dying(execute, *statement):
            return os.kill(os.getpid(), signal.SIGKILL) if next(count) == at else execute(*statement)

        connection._commit = lambda: os.kill(os.getpid(), signal.SIGKILL)  # nothing is ever committed here
        with connection.execute_wrapper(dying):
            self.number(pk)

    def reserve(self, pk: int) -> None:
        reason = f"防汛{self.random.randrange(10**9)}"
        said = {"holder": "信息科", "reason": reason, "until": self.now.date(), "by": self.by, "now": self.now}
        made = reserving.reserve(self.series, count=self.random.randrange(1, 4), **said)
        self.held += reserving.left(made)
        self.did["reserved"] += 1

    def release(self, pk: int) -> None:
        if self.held:
            reserving.release([self.held.pop(0)], reason="不用了", by=self.by, now=self.now)
            self.did["released"] += 1

    def void(self, pk: int) -> None:
        numbering.void(Document.objects.get(pk=pk), by=self.by, now=self.now, reason="印错")
        self.did["voided"] += 1


def child(code: str, now: datetime, seed: int, papers: list[int], gate: int, told: int) -> None:
    """Wait at the gate until the parent opens it for all, then work and tell."""
    os.read(gate, 1)
    wrong, did = "", Counter()
    try:
        numberer = Numberer(code, now, seed, papers)
        did = numberer.did
        numberer.work()
    except (Exception, DecisionRefused) as error:  # told to the test, which expects none
        wrong = f"{type(error).__name__}: {error}"
    os.write(told, (json.dumps({"wrong": wrong, "did": did}) + "\n").encode())


def run(code: str, now: datetime, seed: int, piles: list[list[int]]) -> dict:
    (gate, opens), (hears, told) = os.pipe(), os.pipe()
    children = []
    for place, papers in enumerate(piles):
        pid = os.fork()
        if pid == 0:
            os.close(opens)
            try:
                child(code, now, seed + place, papers, gate, told)
            finally:
                os._exit(0)
        children.append(pid)
    os.close(told)
    os.close(opens)  # the gate: everybody who waits at it reads its end at once
    with os.fdopen(hears) as pipe:
        answers = [json.loads(line) for line in pipe]
    for pid in children:
        os.waitpid(pid, 0)
    wrong = [answer["wrong"] for answer in answers if answer["wrong"]]
    did = sum((Counter(answer["did"]) for answer in answers), Counter())
    return {"answered": len(answers), "wrong": wrong, "did": did}


if __name__ == "__main__":
    tell.enqueue = printing.enqueue = lambda job, *args: None  # here the deeds race, not the jobs
    code, now, seed = sys.argv[1:]
    piles = json.loads(sys.stdin.readline())
    print(json.dumps(run(code, datetime.fromisoformat(now), int(seed), piles)))  # noqa: T201  this is how it answers
