"""R53: more papers issued this year than by the same day of the last takes an explanation (为基层减负若干规定 一)."""

from datetime import datetime

from django.utils import timezone

from documents.models import NumberEntry
from documents.rules.elsewhere import held_elsewhere
from documents.rules.registry import Finding
from officehub.people.models import Organ


def more_than_last_year(organ: Organ, now: datetime) -> list[Finding]:
    """One finding when one more paper makes it more than a year ago; without records of that time there is none."""
    before = issued(organ, a_year_earlier(now))
    this_year = issued(organ, now) + 1
    if not before or this_year <= before:
        return []
    message = f"今年第{this_year}件发文，已超过去年同期的{before}件；发文数量只减不增，请写明确需发文的理由。"
    return [held_elsewhere("R53").finding("document_number", message)]


def issued(organ: Organ, until: datetime) -> int:
    """How many papers of an organ were numbered from the beginning of the year until a moment."""
    local = timezone.localtime(until)
    begins = local.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    given = NumberEntry.objects.filter(series__organ=organ, document__isnull=False)
    return given.filter(at__gte=begins, at__lte=until).count()


def a_year_earlier(now: datetime) -> datetime:
    """The same moment last year; of 29 February the 28th."""
    local = timezone.localtime(now)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year - 1, day=day)
