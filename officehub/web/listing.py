"""Lists that stay quick however long they grow: a page starts after the last row of the one before, never at a number.

A place in a list is written `moment~id` in the address; anything else in its stead means the first page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from officehub.people.grants import Place, newest

LARGEST_ID = 2**63 - 1
NEVER = "-"


@dataclass(frozen=True)
class Page:
    """One page of a list. `next_cursor` is empty on the last one; `is_first` is false once one has paged on."""

    rows: Sequence[Any]
    next_cursor: str
    is_first: bool


def ids(texts: Iterable[str]) -> list[int]:
    """The numbers of rows among what an address gives: ASCII digits the database can hold; the rest names nothing."""
    digits = [text for text in texts if text.isascii() and text.isdigit() and len(text) <= 19]
    return [int(text) for text in digits if int(text) <= LARGEST_ID]


def write_cursor(moment: date | None, pk: int) -> str:
    """The place of a row, as it stands in an address; a day stands there by the midnight it begins with."""
    if moment is None:
        return f"{NEVER}~{pk}"
    begins = moment if isinstance(moment, datetime) else timezone.make_aware(datetime.combine(moment, time()))
    return f"{begins.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}~{pk}"


def read_cursor(text: str) -> tuple[datetime | None, int] | None:
    """The place an address names, or None when it names none (somebody edited it)."""
    stamp, _, number = text.partition("~")
    found = ids([number])
    if not found:
        return None
    if stamp == NEVER:
        return None, found[0]
    try:
        return datetime.strptime(stamp, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), found[0]
    except ValueError:
        return None


def newest_first(rows: QuerySet, field: str, cursor: str = "", size: int | None = None) -> Page:
    """One page by a moment that is never empty, latest first; the index must end in (field desc, id desc)."""
    size, place = size or settings.PAGE_SIZE, read_cursor(cursor)
    if place and place[0]:
        moment, pk = place
        after = Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "id__lt": pk})
        rows = rows.filter(after, **{f"{field}__lte": moment})  # an OR alone would be read from the newest on
    found = list(rows.order_by(F(field).desc(), "-id")[: size + 1])
    return _page(found, field, size, is_first=not (place and place[0]))


def soonest_first(rows: QuerySet, field: str, cursor: str = "", size: int | None = None) -> Page:
    """One page by a moment that may be empty, earliest first and the empty ones last."""
    size, place = size or settings.PAGE_SIZE, read_cursor(cursor)
    if place:
        moment, pk = place
        same = Q(**{field: moment}) if moment else Q(**{f"{field}__isnull": True})
        after = same & Q(id__gt=pk)
        if moment:
            after |= Q(**{f"{field}__gt": moment}) | Q(**{f"{field}__isnull": True})
        rows = rows.filter(after)
    found = list(rows.order_by(F(field).asc(nulls_last=True), "id")[: size + 1])
    return _page(found, field, size, is_first=not place)


def _page(found: list, field: str, size: int, *, is_first: bool) -> Page:
    shown = found[:size]
    more = len(found) > size
    return Page(shown, write_cursor(getattr(shown[-1], field), shown[-1].pk) if more else "", is_first)


def visible(
    model, person, now: datetime, load: Callable[[list[int]], dict[int, Any]], *, cursor: str = "", kind: str = ""
) -> Page:
    """One page of what the access table lets a person see, newest first; `load` fetches the rows of these ids."""
    size, place = settings.PAGE_SIZE, read_cursor(cursor)
    before = Place(place[0], place[1]) if place and place[0] else None
    ids = newest(model, person, size + 1, now, before=before, kind=kind)
    rows = load(ids)
    found = [rows[pk] for pk in ids if pk in rows]
    return _page(found, "sort_at", size, is_first=before is None)
