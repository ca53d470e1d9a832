"""How many approvals a second do four writers make? Each is a process of its own, as web workers are.

`python tests/bench/bench_approvals.py` on SQLite, with DATABASE_URL set on PostgreSQL; `--quick` with few papers.
Exit 1 when an approval fails or is lost, when the record is not whole, or when there are fewer than LEAST a second.
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bench import ground  # isort: skip  it sets Django up

from django.utils import timezone

from documents import drafting
from officehub.approvals.models import Step
from officehub.audit.record import broken
from officehub.people.models import Person
from tests.cast import NOTICE, build_cast
from tests.kills.conftest import ROOT, database_url
from tests.kills.writers import decide_at_once

WRITERS = 4
LEAST = 5.0  # approvals a second: a hundred thousand people with five a day need 17 in an eight-hour day


def submitted(drafter: Person, now) -> int:
    document = drafting.create(by=drafter, now=now, organ=drafter.department.organ, fields=NOTICE)
    drafting.submit(document, by=drafter, now=now, chosen=[], reasons={})
    return document.pk


def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--quick", action="store_true")
    papers = 10 if reader.parse_args().quick else 100
    with ground.grounds(["approvals"], build_cast):
        ground.enter("approvals")
        drafter, now = Person.objects.get(username="drafter"), timezone.now()
        piles = [[submitted(drafter, now) for _ in range(papers)] for _ in range(WRITERS)]
        answers = decide_at_once(
            "head", now, piles, {**os.environ, "DATABASE_URL": database_url(), "PYTHONPATH": str(ROOT)}
        )
        return report(answers, Step.objects.filter(state="agreed").count())


def report(answers: list[dict], agreed: int) -> int:
    asked = sum(answer["decided"] + len(answer["errors"]) for answer in answers)
    errors = [error for answer in answers for error in answer["errors"]]
    longest = max(answer["longest"] for answer in answers)
    rate = agreed / max(answer["seconds"] for answer in answers)
    faults = list(broken())
    ground.say(f"{'PostgreSQL' if ground.POSTGRESQL else 'SQLite'}, {WRITERS} writers, {asked} approvals")
    ground.say(f"{rate:.0f} a second (at least {LEAST:.0f}), the longest took {longest:.2f} s")
    ground.say(f"errors {len(errors)}, lost {asked - agreed}, faults of the record {len(faults)}")
    ground.say("\n".join([*errors, *faults]))
    return 1 if errors or faults or asked != agreed or rate < LEAST else 0


if __name__ == "__main__":
    sys.exit(main())
