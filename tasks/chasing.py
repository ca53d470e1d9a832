"""催办 by hand: whoever has a task is told once more, but nobody within the pause."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import having
from officehub.moves import TooLate
from officehub.notifications.chase import rested
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Person
from tasks.asking import hold
from tasks.models import Task


def chase(task: Task, *, by: Person, now: datetime, words: str = "") -> list[Person]:
    """Remind everybody who has something to do with it but oneself. Returns who was told."""
    with transaction.atomic():
        held = hold(task)
        if not held.is_open:
            raise TooLate(held, "chase")
        people = [one for one in having(held) if one.pk != by.pk]
        if not people:
            raise DecisionRefused(["这项任务现在不在他人手上，无须催办。"])
        people = rested(held, people, now)
        if not people:
            said = gettext("%(hours)s小时内已催办过，请稍后再催。")
            raise DecisionRefused([said % {"hours": settings.CHASE_PAUSE_HOURS}])
        facts = {"people": [one.name for one in people], "ids": [one.pk for one in people], "words": words.strip()}
        event = record(held, "chase", by=by, now=now, facts=facts, held=True)
        told = {"who": by.name, "title": held.title, "number": held.number, "words": words.strip()}
        sort, key = Notice.Sort.CHASE, f"chase:{event.seq}"
        tell("tasks.chased", held, people, now, key=key, sort=sort, urgent=bool(held.urgency), **told)
    return people
