"""Papers that were issued and received, and decisions about them."""

from datetime import date, timedelta

import pytest

from documents import drafting
from documents.annulling import deed
from documents.models import Document
from tests.documents.lists.test_queries import sent


@pytest.fixture(autouse=True)
def _not_drawn(monkeypatch):
    monkeypatch.setattr(drafting, "layout_faults", lambda document, today: [])


@pytest.fixture
def issued(cast, now) -> Document:
    """Received by the clerk of the bureau; signed on the day of `now`."""
    return sent(cast, now)


@pytest.fixture
def decision(cast, now):
    def made(**given) -> deed.Decision:
        usual = {
            "sort": "repealed",
            "decided_by": cast.office,
            "reason": "已被新办法取代",
            "basis_number": "海政办发〔2027〕1号",
            "basis_title": "关于废止部分文件的通知",
            "effective_from": date(2027, 1, 1),
        }
        return deed.Decision(**{**usual, **given})

    return made


@pytest.fixture
def annul(cast, issued, decision, now):
    def done(document=None, **given):
        document = document or issued
        made = deed.annul(document, decision(**given), by=cast.clerk, now=now + timedelta(hours=1))
        document.refresh_from_db()
        return made

    return done
