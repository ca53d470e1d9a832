"""A sealed paper that stands before its distribution, with few queries and no drawing."""

import pytest

from documents import distribute, number, seal, signing
from documents.models import Document, Rendition, Series
from tests.cast import person
from tests.documents.course.test_course import signed


def take_for_printed(document, now) -> None:
    done = {"state": "done", "pdf": "papers/printed.pdf", "sha256": "0" * 64, "measured": {"ok": True}}
    Rendition.objects.filter(document=document, state="queued").update(**done, done_at=now)


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
