"""For all tests of papers."""

import pytest
from django.db import connection

from documents.versions import guard


@pytest.fixture
def guarded(db):
    """The database's own guard of versions and signed texts, which other tests do without."""
    guard.install(connection)
    yield
    guard.remove(connection)
