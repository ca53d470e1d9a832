"""A sealed paper that stands before its distribution, with few queries and no drawing."""

import hashlib
import json
from functools import cache

import pytest
from django.core.files.base import ContentFile

from documents import distribute, number, seal, signing
from documents.interchange import parse
from documents.models import Document, Series
from documents.paper.render import render
from tests.cast import person
from tests.documents.course.test_course import signed


@cache
def drawn(source: str) -> bytes:
    return render(parse(json.loads(source)))


def take_for_printed(document, now) -> None:
    """Its PDFs are there, drawn once for all the tests, and not measured."""
    for rendition in document.renditions.filter(state="queued"):
        pdf = drawn(json.dumps(rendition.source, sort_keys=True))
        rendition.pdf.save("printed.pdf", ContentFile(pdf), save=False)
        rendition.state, rendition.sha256 = "done", hashlib.sha256(pdf).hexdigest()
        rendition.measured, rendition.done_at = {"ok": True}, now
        rendition.save()


def make_sealed(cast, now, **changes) -> Document:
    document = signed(cast, now, **changes)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    take_for_printed(document, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    take_for_printed(document, now)
    return document


@pytest.fixture
def sealed(cast, now) -> Document:
    return make_sealed(cast, now)


@pytest.fixture
def second_clerk(cast):
    """The bureau has two registry clerks: `cast.reader` and this one."""
    return person("second_clerk", cast.bureau, "文书乙", False, ["registry_clerk"])


@pytest.fixture
def send(cast, now):
    """Distribute and deliver to the bureau, and to whom else is named."""

    def to(document, *people, departments=None, at=None, **options):
        chosen = [cast.bureau] if departments is None else departments
        order = distribute.distribute(
            document, departments=chosen, people=list(people), by=cast.clerk, now=at or now, **options
        )
        distribute.deliver(order.pk, at or now)
        order.refresh_from_db()
        return order

    return to
