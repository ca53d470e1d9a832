"""Papers that were read before addressees kept account of it: the migration tells each addressee's row."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from django.apps import apps

from documents import migrations, receive
from documents.models import Addressee, Receipt
from officehub.people.models import Appointment, Post


def tell_addressees() -> None:
    [file] = Path(migrations.__path__[0]).glob("0009_*.py")
    import_module(f"documents.migrations.{file.stem}").tell_addressees(apps, None)


def test_what_the_receipts_say_is_told_to_the_addressees(cast, now, sealed, send, second_clerk):
    send(sealed, cast.stranger, cast.vetter)
    later = now + timedelta(hours=1)
    receipts = Receipt.objects.filter(document=sealed)
    receipts.filter(reader=second_clerk).update(opened_at=now, acknowledged_at=later)
    receipts.filter(reader=cast.reader).update(opened_at=later)
    receipts.filter(reader=cast.vetter).update(opened_at=later)
    tell_addressees()
    told = Addressee.objects.order_by("pk").values_list("opened_at", "acknowledged_at", "acknowledged_by__username")
    assert list(told) == [(now, later, "second_clerk"), (None, None, None), (later, None, None)]


def note_readers() -> None:
    file = max(Path(migrations.__path__[0]).glob("*_sending.py"))
    import_module(f"documents.migrations.{file.stem}").note_readers(apps, None)


def test_for_whom_each_was_asked_is_found_from_the_receipts(cast, now, sealed, send, second_clerk):
    """A colleague sent it by name was asked for themself; a clerk sent it by name as well, for the department too."""
    headed = Post.objects.create(department=cast.other_section, title="科长", is_head=True)
    Appointment.objects.create(person=cast.head, post=headed, since=now.date())
    send(sealed, cast.countersigner, cast.reader, departments=[cast.bureau, cast.other_section])
    Addressee.objects.filter(person=cast.countersigner).update(stand_in=cast.vetter)
    receive.note_opening(sealed, cast.drafter, now)  # who was never asked
    Pair = Addressee.readers.through
    Pair.objects.all().delete()
    note_readers()
    found = {
        str(line): sorted(line.readers.values_list("username", flat=True)) for line in Addressee.objects.order_by("pk")
    }
    assert found == {
        "市财政局": ["reader", "second_clerk"],
        "信息科": ["head"],
        cast.countersigner.name: ["countersigner", "vetter"],
        cast.reader.name: ["reader"],
    }
