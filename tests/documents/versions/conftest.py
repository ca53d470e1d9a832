"""Papers that were signed, and papers taken for printed, for the deeds that follow."""

import pytest

from documents import drafting
from documents.models import Document, Rendition
from officehub.approvals.decide import run_of
from officehub.approvals.invariants import violations
from tests.documents.course.test_course import agree as agreed
from tests.documents.course.test_course import draft, signed


@pytest.fixture(autouse=True)
def _not_drawn(monkeypatch):
    """Here only the text matters: it is taken for one that prints to the standard."""
    monkeypatch.setattr(drafting, "layout_faults", lambda document, today: [])


@pytest.fixture
def paper(cast, now) -> Document:
    """A draft of the drafter's."""
    return draft(cast, now)


@pytest.fixture
def signed_paper(cast, now) -> Document:
    return signed(cast, now)


@pytest.fixture
def agree(now):
    return lambda document, person, **extra: agreed(document, person, now, **extra)


@pytest.fixture
def printed(now):
    """What was ordered to be printed is taken for printed."""

    def take(document) -> None:
        done = {"state": "done", "pdf": "papers/printed.pdf", "sha256": "0" * 64, "measured": {"ok": True}}
        Rendition.objects.filter(document=document, state="queued").update(**done, done_at=now)

    return take


@pytest.fixture
def sound(now):
    """Whether nothing is amiss with a paper's run."""
    return lambda document: violations(run_of(document), now) == []
