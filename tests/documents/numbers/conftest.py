"""Papers that only lack their number, and the series they get it from."""

import pytest

from documents import drafting
from documents.models import Document, Series
from documents.numbers.reserve import reserve
from tests.cast import NOTICE


@pytest.fixture
def series(cast) -> Series:
    return Series.objects.get(code="海政办发")


@pytest.fixture
def rechecked(cast, now):
    """A signed and rechecked paper; `signed` is when it was signed."""

    def made(signed=now, **changes) -> Document:
        fields = {**NOTICE, **changes}
        document = drafting.create(by=cast.drafter, now=signed, organ=cast.office, fields=fields)
        facts = {"signed_by": cast.leader, "signed_at": signed, "signed_hash": document.content_hash()}
        Document.objects.filter(pk=document.pk).update(state="rechecked", **facts)
        return Document.objects.get(pk=document.pk)

    return made


@pytest.fixture
def setting_aside(cast, series, now):
    """Numbers set aside by the one who keeps them."""

    def made(count=1, **changes):
        said = {"holder": "信息科", "reason": "防汛总结", "until": now.date(), "by": cast.rechecker, "now": now}
        return reserve(series, count=count, **{**said, **changes})

    return made
