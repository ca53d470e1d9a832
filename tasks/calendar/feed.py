"""The feed as a calendar program reads it (RFC 5545): stable names, changes told as changes, no titles by default.

Whoever has the address reads it, so the address is a secret: 256 bits, kept here as its hash only.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from officehub.audit.record import record
from officehub.people.models import Person
from tasks.calendar.entries import Entry, entries
from tasks.models import CalendarFeed, FeedEntry

BEHIND, AHEAD = timedelta(days=30), timedelta(days=370)  # what the feed holds
TOLD_CANCELLED = timedelta(days=30)  # how long a program may take to hear that something is off
LASTS = timedelta(minutes=30)  # how long before its hour an entry with an hour begins


def issue(person: Person, *, with_titles: bool, now: datetime) -> str:
    """A new address for somebody's feed; the one before leads nowhere from now on. Returns the token, shown once."""
    token = secrets.token_urlsafe(32)
    shown = with_titles and settings.CALENDAR_FEED_MAY_SHOW_TITLES
    with transaction.atomic():
        CalendarFeed.objects.filter(person=person).delete()
        CalendarFeed.objects.create(person=person, token_hash=hashed(token), with_titles=shown, issued_at=now)
        record(person, "issue_calendar", by=person, now=now, facts={"with_titles": shown})
    return token


def revoke(person: Person, *, now: datetime) -> bool:
    """The address leads nowhere from now on. False when there was none."""
    with transaction.atomic():
        gone = bool(CalendarFeed.objects.filter(person=person).delete()[0])
        if gone:
            record(person, "revoke_calendar", by=person, now=now)
    return gone


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(token: str) -> CalendarFeed | None:
    """The feed of a token, as long as its person works here."""
    rows = CalendarFeed.objects.filter(token_hash=hashed(token), person__is_active=True)
    return rows.select_related("person").first()


def may_read(feed: CalendarFeed, now: datetime) -> bool:
    """Count one reading; False once an hour's readings are used up."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    mine = CalendarFeed.objects.filter(pk=feed.pk)
    if mine.exclude(hour=hour).update(hour=hour, readings=1, read_at=now):
        return True
    allowed = mine.filter(hour=hour, readings__lt=settings.CALENDAR_FEED_PER_HOUR)
    return bool(allowed.update(readings=F("readings") + 1, read_at=now))


def text_of(feed: CalendarFeed, now: datetime) -> bytes:
    """The whole feed. What changed since it was read last has a higher SEQUENCE; what is done or off is CANCELLED for a
    while, and then not there."""
    today = timezone.localdate(now)
    found = entries(feed.person, today - BEHIND, today + AHEAD)
    with transaction.atomic():
        CalendarFeed.objects.select_for_update(no_key=True).get(pk=feed.pk)
        told = remember(feed, found, now)
    book = icalendar.Calendar()
    book.add("prodid", "-//OfficeHub//tasks//ZH")
    book.add("version", "2.0")
    book.add("method", "PUBLISH")
    book.add("x-wr-calname", _("政务办公日程"))
    book.add("x-wr-timezone", settings.TIME_ZONE)
    book.add_component(icalendar.Timezone.from_tzinfo(ZoneInfo(settings.TIME_ZONE), settings.TIME_ZONE))
    for entry in found:
        book.add_component(_event(feed, entry, told[entry.key]))
    for row in feed.entries.filter(cancelled_at__isnull=False).order_by("starts", "id"):
        book.add_component(_cancelled(row))
    return book.to_ical()


def remember(feed: CalendarFeed, found: list[Entry], now: datetime) -> dict[str, FeedEntry]:
    """Bring what was told last up to date, and say what is told now; the feed's row is held."""
    feed.entries.filter(cancelled_at__lt=now - TOLD_CANCELLED).delete()
    known = {row.key: row for row in feed.entries.all()}
    fresh, changed = [], []
    for entry in found:
        row, digest = known.get(entry.key), _digest(feed, entry)
        if row is None:
            row = FeedEntry(feed=feed, key=entry.key, digest=digest, starts=entry.at, changed_at=now)
            fresh.append(row)
        elif row.digest != digest or row.cancelled_at:
            row.digest, row.starts, row.changed_at, row.cancelled_at = digest, entry.at, now, None
            row.sequence += 1
            changed.append(row)
        known[entry.key] = row
    FeedEntry.objects.bulk_create(fresh, batch_size=500)
    columns = ["digest", "starts", "changed_at", "cancelled_at", "sequence"]
    FeedEntry.objects.bulk_update(changed, columns, batch_size=200)
    gone = feed.entries.filter(cancelled_at=None).exclude(key__in=[entry.key for entry in found])
    gone.update(cancelled_at=now, changed_at=now, sequence=F("sequence") + 1)
    return known


def _digest(feed: CalendarFeed, entry: Entry) -> str:
    said = f"{entry.at.isoformat()}|{entry.all_day}|{summary(feed, entry)}|{entry.provisional}"
    return hashlib.sha256(said.encode()).hexdigest()


def summary(feed: CalendarFeed, entry: Entry) -> str:
    """What a calendar shows. Without leave only what kind of thing it is: titles may be 工作秘密 and stay here."""
    said = entry.label
    if feed.with_titles and settings.CALENDAR_FEED_MAY_SHOW_TITLES:
        said = f"{said}：{entry.title}"
    return f"{said}（{_('按推算')}）" if entry.provisional else said


def uid(key: str) -> str:
    return f"{key}@{urlsplit(settings.SITE_URL).hostname or 'officehub'}"


def _event(feed: CalendarFeed, entry: Entry, row: FeedEntry) -> icalendar.Event:
    event = _begun(entry.key, row, summary(feed, entry))
    if entry.all_day:
        _all_day(event, entry.day)
    else:
        local = timezone.localtime(entry.at, ZoneInfo(settings.TIME_ZONE))
        event.add("dtstart", local - LASTS)
        event.add("dtend", local)
    event.add("url", settings.SITE_URL.rstrip("/") + entry.url)
    event.add("status", "TENTATIVE" if entry.provisional else "CONFIRMED")
    return event


def _cancelled(row: FeedEntry) -> icalendar.Event:
    event = _begun(row.key, row, _("已办结或取消"))
    _all_day(event, timezone.localdate(row.starts))
    event.add("status", "CANCELLED")
    return event


def _begun(key: str, row: FeedEntry, said: str) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", uid(key))
    changed = row.changed_at.astimezone(ZoneInfo("UTC")).replace(microsecond=0)
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("sequence", row.sequence)
    event.add("summary", said)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _all_day(event: icalendar.Event, day: date) -> None:
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
