"""Papers that were read before addressees kept account of it: the migration tells each addressee's row."""

from datetime import timedelta
from importlib import import_module
from pathlib import Path

from django.apps import apps

from documents import migrations
from documents.models import Addressee, Receipt


def tell_addressees() -> None:
    [file] = Path(migrations.__path__[0]).glob("*_sending.py")
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
