"""催办 (条例 第二十四条(六)): by hand, of whoever has the paper; by the clock, once when its limit has passed."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from documents.incoming.duty import hold
from documents.models import Incoming
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import having
from officehub.notifications.chase import rested
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Person

UNDER_WAY = Incoming.UNDER_WAY


def chase(incoming: Incoming, *, by, now: datetime, words: str = "") -> list[Person]:
    """Remind everybody who has the paper but oneself. Raises DecisionRefused when nobody has it, or all were reminded
    just now."""
    with transaction.atomic():
        hold(incoming)
        people = [one for one in having(incoming) if one.pk != by.pk]
        if not people:
            raise DecisionRefused(["这件收文现在不在他人手上，无须催办。"])
        people = rested(incoming, people, now)
        if not people:
            raise DecisionRefused(
                [gettext("%(hours)s小时内已催办过，请稍后再催。") % {"hours": settings.CHASE_PAUSE_HOURS}]
            )
        facts = {"people": [one.name for one in people], "ids": [one.pk for one in people], "words": words.strip()}
        event = record(incoming, "chase", by=by, now=now, facts=facts)
        told = {"who": by.name, "title": incoming.title, "words": words.strip()}
        tell("incoming.chased", incoming, people, now, key=f"chase:{event.seq}", sort=Notice.Sort.CHASE, **told)
    return people


def overdue(now: datetime):
    """Papers over their limit whose chaser was not told yet."""
    return Incoming.objects.filter(state__in=UNDER_WAY, due_at__lt=now, alarmed_at=None).exclude(chaser=None)


def alarm(pk: int, now: datetime) -> bool:
    """Tell the chaser, once, that a paper's limit has passed."""
    with transaction.atomic():
        if not overdue(now).filter(pk=pk).update(alarmed_at=now):
            return False
        incoming = Incoming.objects.select_related("chaser").get(pk=pk)
        told = {"title": incoming.title, "number": incoming.number}
        key = f"overdue:{incoming.due_at.isoformat()}"
        tell("incoming.overdue", incoming, [incoming.chaser], now, key=key, **told)
        record(incoming, "overdue", by=None, now=now, facts={"chaser": incoming.chaser.name})
    return True
