"""Makes one deed a line, each in a child of its own that kills itself before a statement or at its commit.

A line of JSON names the deed, its step, who does it, and where the child dies: before the statement `number`, or, when
the deed has no such, at its commit, which is made first when `commit` says so. Answers `statement` or `commit` by where
it died, or how the child ended otherwise. This process itself never opens the database, so that no child shares a line.
"""

import json
import os
import signal
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
django.setup()

from django.db import connection  # noqa: E402  Django is set up first

from officehub.approvals import decide  # noqa: E402  Django is set up first
from officehub.approvals.models import Step  # noqa: E402  Django is set up first
from officehub.approvals.take_back import take_back  # noqa: E402  Django is set up first
from officehub.notifications import tell  # noqa: E402  Django is set up first
from officehub.people.models import Person  # noqa: E402  Django is set up first

DEEDS = {"agree": decide.agree, "return": decide.return_, "take_back": take_back}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(number: int):
    """Runs every statement but the one with this number, counted from 1."""
    count = iter(range(1, 10_000))

    def wrapped(execute, *statement):
        return die() if next(count) == number else execute(*statement)

    return wrapped


def be_killed(tell_end: int, deed: str, step: int, by: str, now: str, words: dict, number: int, commit: bool) -> None:
    found = Step.objects.select_related("run__parent", "stage").get(pk=step)
    person = Person.objects.get(username=by)
    really_commit = connection._commit

    def at_commit():
        if commit:
            really_commit()
        os.write(tell_end, b"!")
        die()

    connection._commit = at_commit
    with connection.execute_wrapper(dying_before(number)):
        DEEDS[deed](found, by=person, now=datetime.fromisoformat(now), **words)


def killed(asked: dict) -> str:
    told, tell_end = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            be_killed(tell_end, **asked)
        finally:
            os._exit(1)  # it should have been killed before
    os.close(tell_end)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with os.fdopen(told, "rb") as pipe:
        came_to_commit = pipe.read() == b"!"
    if ended != -signal.SIGKILL:
        return f"ended by itself: {ended}"
    return "commit" if came_to_commit else "statement"


if __name__ == "__main__":
    tell.enqueue = lambda job, *args: None  # the deed is what is killed, not the jobs after it
    print("ready", flush=True)  # noqa: T201  this is how it answers
    for line in sys.stdin:
        print(killed(json.loads(line)), flush=True)  # noqa: T201  this is how it answers
