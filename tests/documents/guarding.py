"""What the database's own guard of papers says to a change."""

from collections.abc import Callable

from django.db import DatabaseError, transaction

from documents.versions import guard


def refused(change: Callable[[], object]) -> bool:
    """Whether the guard refuses a change; it is undone then. Any other fault of the database is a fault."""
    try:
        with transaction.atomic():
            change()
    except DatabaseError as error:
        if guard.KEPT in str(error) or guard.SIGNED in str(error):
            return True
        raise
    return False
