"""One job in a process of its own, killed by SIGKILL at a named point: `job.py print|deliver|copies PK POINT NOW`."""

import os
import signal
import sys
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "officehub.settings")
django.setup()

from django.core.files.storage import FileSystemStorage  # noqa: E402  Django is set up first

from documents import distribute, printing  # noqa: E402  Django is set up first
from documents.incoming import circulate  # noqa: E402  Django is set up first
from documents.models import Copy  # noqa: E402  Django is set up first
from documents.sending import number_copies  # noqa: E402  Django is set up first


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def die_before(owner, name: str, call: int = 1) -> None:
    """Die on entering the `call`th call."""
    work, calls = getattr(owner, name), iter(range(1, 1000))
    setattr(owner, name, lambda *args, **kwargs: die() if next(calls) == call else work(*args, **kwargs))


def die_after(owner, name: str, call: int = 1) -> None:
    """Die when the `call`th call has done its work."""
    work, calls = getattr(owner, name), iter(range(1, 1000))

    def wrapped(*args, **kwargs):
        done = work(*args, **kwargs)
        return die() if next(calls) == call else done

    setattr(owner, name, wrapped)


def half_a_file(storage, name, content):
    """Write half of it, and die."""
    path = storage.path(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    whole = content.read()
    with open(path, "wb") as file:
        file.write(whole[: len(whole) // 2])
    die()


POINTS = {
    "print": {
        "claimed": lambda: die_before(printing, "parse"),
        "measured": lambda: die_after(printing, "measure"),
        "file half written": lambda: setattr(FileSystemStorage, "_save", half_a_file),
        "file saved": lambda: die_after(FileSystemStorage, "save"),
        "finished, not committed": lambda: die_after(printing, "record"),
    },
    "deliver": {
        "claimed": lambda: die_before(distribute, "_deliver_batch"),
        "granted": lambda: die_before(distribute, "_ask_to_read"),
        "told, not committed": lambda: die_after(distribute, "tell"),
        "first batch committed": lambda: die_after(distribute, "_deliver_batch"),
        "all batches committed": lambda: die_after(distribute, "_deliver_batch", 3),
        "recorded, not committed": lambda: die_after(distribute, "record"),
        "archivist asked, not committed": lambda: die_after(distribute, "ask"),
    },
    "copies": {
        "claimed": lambda: die_before(number_copies, "_template"),
        "template half written": lambda: setattr(FileSystemStorage, "_save", half_a_file),
        "template saved": lambda: die_after(FileSystemStorage, "save"),
        "first batch not committed": lambda: die_after(Copy.objects, "bulk_update"),
        "first batch committed": lambda: die_after(number_copies, "_make_batch"),
        "third batch not committed": lambda: die_after(Copy.objects, "bulk_update", 2),
        "all batches committed": lambda: die_before(number_copies, "_finish"),
        "recorded, not committed": lambda: die_after(number_copies, "record"),
    },
    "alarm": {
        "begun": lambda: die_before(circulate, "overdue"),
        "claimed, nobody told": lambda: die_before(circulate, "tell"),
        "told, not recorded": lambda: die_before(circulate, "record"),
        "recorded, not committed": lambda: die_after(circulate, "record"),
    },
}
JOBS = {
    "print": printing.print_rendition,
    "deliver": distribute.deliver,
    "copies": number_copies.make,
    "alarm": circulate.alarm,
}


if __name__ == "__main__":
    job, pk, point, now = sys.argv[1:]
    distribute.BATCH = number_copies.BATCH = 2  # so that seven addressees are four batches
    POINTS[job][point]()
    JOBS[job](int(pk), datetime.fromisoformat(now))
