"""Papers that were issued and what the office keeps of them; printing is taken for done where it is not the matter."""

from datetime import timedelta

import pytest

from documents import archive as archiving
from documents import distribute, number, receive, seal, signing
from documents.keeping import freeze
from documents.models import ArchivalItem, Document, Receipt, Series
from documents.printing import archive_copy_of, print_rendition
from officehub.people.models import Role
from tests.cast import person
from tests.documents.course.test_course import signed
from tests.documents.lists.test_queries import take_for_printed


@pytest.fixture
def officer(cast):
    """The disclosure officer of the office."""
    root = cast.clerk.department
    made = person("officer", root, "公开员", False, [Role.DISCLOSURE_OFFICER])
    cast.people["officer"] = made
    return made


@pytest.fixture
def issued(cast, now):
    """A paper numbered and sealed, its PDFs taken for printed."""

    def make(**changes) -> Document:
        document = signed(cast, now, **changes)
        signing.recheck(document, by=cast.rechecker, now=now)
        number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
        take_for_printed(document, now)
        seal.apply_seal(document, by=cast.seal_keeper, now=now)
        take_for_printed(document, now)
        return document

    return make


@pytest.fixture
def sent(cast, now, issued):
    """The same, distributed to the bureau and acknowledged there."""

    def make(**changes) -> Document:
        return send(issued(**changes), cast, now)

    return make


def send(document: Document, cast, now) -> Document:
    order = distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    distribute.deliver(order.pk, now)
    for receipt in Receipt.objects.filter(document=document):
        receive.acknowledge(document, receipt.reader, now)
    return document


def printed(document: Document, cast, now) -> Document:
    """A signed paper numbered, sealed and really printed."""
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    print_rendition(seal.proof_of(document).pk, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    print_rendition(seal.original_of(document).pk, now)
    return document


@pytest.fixture
def filed(cast, now):
    """A really printed paper in the archive, its files frozen."""

    def make(**changes) -> ArchivalItem:
        document = send(printed(signed(cast, now, **changes), cast, now), cast, now)
        item = archiving.archive(document, retention="D10", by=cast.archivist, now=now + timedelta(days=1))
        print_rendition(archive_copy_of(document).pk, now + timedelta(days=1))
        assert freeze.freeze_item(item.pk, now + timedelta(days=1))
        item.refresh_from_db()
        return item

    return make
