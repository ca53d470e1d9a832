"""A closed paper is asked to be archived: the archivists of its organ get the errand, and see the paper."""

from datetime import datetime

from django.conf import settings

from documents.incoming.duty import ask
from documents.models import Incoming
from officehub.moves import events_of
from officehub.people.models import Role, role_holders
from officehub.workdays.arithmetic import Unit, limit

CLOSING = ("file", "put_away")  # 办结归卷; 存查


def ask_archivists(incoming: Incoming, now: datetime) -> None:
    """Where nobody is archivist, nobody is asked: the archive's own list has the paper all the same."""
    closed = events_of(incoming).filter(verb__in=CLOSING).latest("seq")
    key = f"archive:{closed.seq}"
    due = limit(now, settings.OFFICE_STEP_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
    ask(incoming, "archive", list(role_holders(incoming.organ, Role.ARCHIVIST)), now, key=key, limits=due.fields)
