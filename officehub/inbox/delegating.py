"""Handing one's errands to another for some days, and taking them back; the principal's chain tells of each."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from officehub.audit.record import record
from officehub.people.models import Delegation, Person


def delegate(given: Delegation, *, by: Person, now: datetime) -> None:
    """Let a delegation or absence begin. Raises ValidationError, naming the field, when it may not be."""
    with transaction.atomic():
        given.save()
        record(given.principal, "delegate", by=by, now=now, facts=facts_of(given))


def end_delegation(given: Delegation, *, by: Person, now: datetime) -> bool:
    """End one from today on; one that has not begun before today is withdrawn whole. False when it was over already."""
    today, facts = timezone.localdate(now), facts_of(given)
    with transaction.atomic():
        ended = given.end(today)
        if ended:
            facts |= {"withdrawn": given.since >= today}
            record(given.principal, "end_delegation", by=by, now=now, facts=facts)
    return ended


def facts_of(given: Delegation) -> dict:
    """What the record keeps of a delegation, whatever becomes of its row."""
    return {
        "delegate": str(given.delegate) if given.delegate else "B 岗",
        "since": given.since.isoformat(),
        "until": given.until.isoformat(),
        "kinds": given.kinds,
        "reason": given.reason,
        "presides": given.presides,
    }
