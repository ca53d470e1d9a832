"""催办 by hand: nobody is told of the same thing again within the pause the office set."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from officehub.moves import events_of
from officehub.people.models import Person


def rested(subject, people: Iterable[Person], now: datetime) -> list[Person]:
    """Those whom no `chase` of a subject named within the pause (its events keep the `ids` of whom they told)."""
    recent = events_of(subject).filter(verb="chase", at__gt=now - timedelta(hours=settings.CHASE_PAUSE_HOURS))
    chased = {pk for event in recent for pk in event.facts["ids"]}
    return [one for one in people if one.pk not in chased]
