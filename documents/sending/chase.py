"""催办 of readers: only those who have not acknowledged are told again, and nobody twice within the pause.

By hand at any time, and by itself once the limit has passed, on working days in office hours.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from documents.models import Addressee, Distribution, Document
from documents.receive import READABLE
from documents.sending import turn
from documents.sending.asked import readers_of
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.workdays.arithmetic import roll

BATCH = 200  # addressees in one transaction
NAMED = 30  # names an event holds; a large distribution has thousands


def pause() -> timedelta:
    return timedelta(hours=settings.CHASE_PAUSE_HOURS)


def silent(document: Document):
    """Those who were given the paper and have not acknowledged it."""
    lines = Addressee.objects.filter(distribution__document=document, delivered_at__isnull=False)
    return lines.filter(acknowledged_at=None, recalled_at=None)


def chase(document: Document, *, by: Person, now: datetime) -> int:
    """Tell all who are silent and were not told within the pause. Returns how many addressees."""
    if document.state not in READABLE:
        raise TooLate(document, "chase")
    rested = Q(chased_at=None) | Q(chased_at__lte=now - pause())
    chased, last = 0, 0
    while True:
        with transaction.atomic():
            turn.take(document.pk)
            lines = list(silent(document).filter(rested, pk__gt=last).order_by("pk")[:BATCH])
            if not lines:
                break
            last = lines[-1].pk
            chased += _chase(document, lines, by, now)
    if not chased:
        still = silent(document).exists()
        hours = settings.CHASE_PAUSE_HOURS
        raise DecisionRefused(
            [
                gettext("%(hours)s 小时内已催办过，请稍后再催。") % {"hours": hours}
                if still
                else "都已签收，没有可催办的。"
            ]
        )
    return chased


def office_hours(now: datetime) -> bool:
    """Whether anybody may be chased by the clock: on a working day, between the hours the office set."""
    local = timezone.localtime(now)
    first, last = settings.CHASE_FROM_HOUR, settings.CHASE_UNTIL_HOUR
    return first <= local.hour < last and roll(local.date()).date == local.date()


def chase_overdue(now: datetime) -> int:
    """Chase whoever is silent after the limit and whose time has come again. Returns how many addressees."""
    if not office_hours(now):
        return 0
    papers = Distribution.objects.filter(addressees__in=_overdue(now)).order_by("document")
    return sum(_chase_paper(pk, now) for pk in list(papers.values_list("document", flat=True).distinct()))


def _overdue(now: datetime):
    return Addressee.objects.filter(next_chase_at__lte=now, acknowledged_at=None, recalled_at=None)


def _chase_paper(pk: int, now: datetime) -> int:
    """One paper's, batch by batch; a paper that somebody is sending, reading or chasing is left to the next round."""
    chased = 0
    while True:
        with transaction.atomic():
            document = Document.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=pk).first()
            due = _overdue(now).filter(distribution__document=pk).order_by("next_chase_at", "pk")
            lines = list(due[:BATCH]) if document else []
            if not lines:
                return chased
            chased += _chase(document, lines, None, now)


def _chase(document: Document, lines: list[Addressee], by: Person | None, now: datetime) -> int:
    """Tell the people who have the errand to read for these lines, and note it on each line."""
    wanted = Addressee.objects.filter(pk__in=[line.pk for line in lines], acknowledged_at=None, recalled_at=None)
    count = wanted.update(chased_at=now, chases=F("chases") + 1, next_chase_at=now + pause())
    people = list(readers_of_lines(document, lines))
    if people:
        key, who = f"chase:{now.timestamp():.0f}", by.name if by else "系统"
        told = {"title": str(document), "who": who}
        tell("documents.chased", document, people, now, key=key, sort=Notice.Sort.CHASE, **told)
    facts = {"people": [person.name for person in people[:NAMED]], "count": count}
    record(document, "chase_readers", by=by, now=now, facts=facts, held=True)
    return count


def readers_of_lines(document: Document, lines: list[Addressee]):
    """Who was asked for these addressees and still has the paper to read."""
    items = WorkItem.objects.of(document).filter(key="read", done_at=None, assignee__in=readers_of(lines))
    return Person.objects.filter(pk__in=items.values("assignee")).order_by("name_key", "id")
