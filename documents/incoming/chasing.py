"""催办 (条例 第二十四条(六)): by hand, of whoever has the paper; by the clock, once when its limit has passed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext

from documents.incoming.duty import hold
from documents.models import Incoming
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Person

UNDER_WAY = Incoming.UNDER_WAY


def has_it(incoming: Incoming, apart_from: Iterable[str] = ()) -> list[Person]:
    """Who has something to do with a paper now, some errands (by their verbs) aside."""
    items = WorkItem.objects.of(incoming).filter(done_at=None).exclude(verb__in=apart_from).select_related("assignee")
    return list({item.assignee_id: item.assignee for item in items.order_by("id")}.values())


def chase(incoming: Incoming, *, by, now: datetime, words: str = "") -> list[Person]:
    """Remind everybody who has the paper but oneself. Raises DecisionRefused when nobody has it, or all were reminded
    just now."""
    with transaction.atomic():
        hold(incoming)
        people = [one for one in has_it(incoming) if one.pk != by.pk]
        if not people:
            raise DecisionRefused(["这件收文现在不在他人手上，无须催办。"])
        pause = timedelta(hours=settings.CHASE_PAUSE_HOURS)
        recent = events_of(incoming).filter(verb="chase", at__gt=now - pause)
        chased = {pk for event in recent for pk in event.facts["ids"]}
        people = [one for one in people if one.pk not in chased]
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
