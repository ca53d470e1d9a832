"""One writer, as a web worker is one: `writer.py USERNAME NOW PK...` agrees to the step this person has of each paper.

Says `ready`, begins when a line comes in, and answers with one line of JSON: how many were decided, every error, the
longest decision and the whole time in seconds.
"""

import json
import os
import sys
import time
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
django.setup()

from officehub.approvals import decide  # noqa: E402  Django is set up first
from officehub.approvals.models import Step  # noqa: E402  Django is set up first
from officehub.people.models import Person  # noqa: E402  Django is set up first


def agree(pk: int, by: Person, now: datetime) -> None:
    step = Step.objects.select_related("run__subject_type", "stage", "acting_for").get(
        run__subject_id=pk, approver=by, state="open"
    )
    decide.agree(step, by=by, now=now, seen=step.run.subject.approval_hash())


def work(by: Person, now: datetime, papers: list[int]) -> dict:
    errors, spent = [], []
    for pk in papers:
        started = time.perf_counter()
        try:
            agree(pk, by, now)
        except Exception as error:  # told to the test, which expects none
            errors.append(f"{pk}: {type(error).__name__}: {error}")
        spent.append(time.perf_counter() - started)
    return {"decided": len(papers) - len(errors), "errors": errors, "longest": max(spent), "seconds": sum(spent)}


if __name__ == "__main__":
    username, now, *papers = sys.argv[1:]
    person = Person.objects.get(username=username)
    print("ready", flush=True)  # noqa: T201  this is how it answers
    sys.stdin.readline()
    print(json.dumps(work(person, datetime.fromisoformat(now), [int(pk) for pk in papers])), flush=True)  # noqa: T201
