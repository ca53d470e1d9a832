"""Every number without a paper, explained: used before this system, set aside, or void; for `numbers check`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from documents.models import NumberEntry, NumberYear

OPENING, RESERVED, VOID = "opening", "reserved", "void"


@dataclass(frozen=True)
class Gap:
    """One number, or one range, that no paper bears, and why. `until` is how long a reservation lasts."""

    series: str
    year: int
    first: int
    last: int
    sort: str  # opening | reserved | void
    reason: str
    holder: str = ""
    until: date | None = None
    who: str = ""
    when: datetime | None = None

    def __str__(self):
        numbers = f"{self.first}号" if self.first == self.last else f"{self.first}至{self.last}号"
        return f"{self.series}〔{self.year}〕{numbers}" if self.year else f"{self.series}{numbers}"


def gaps() -> Iterator[Gap]:
    """Every gap of every series and year, in order; reserved neighbours of one reservation as one range."""
    for counter in NumberYear.objects.select_related("series", "opened_by").order_by("series__code", "year"):
        yield from _opening(counter)
        found = NumberEntry.objects.filter(series=counter.series, year=counter.year, document=None).order_by("seq")
        rows = found.select_related("series", "reservation__by", "emptied_by")
        yield from _joined(_gap(entry) for entry in rows.iterator())


def _opening(counter: NumberYear) -> Iterator[Gap]:
    if counter.opening:
        who = counter.opened_by.name if counter.opened_by else ""
        said = {"reason": counter.opening_reason, "who": who, "when": counter.opened_at}
        yield Gap(counter.series.code, counter.year, 1, counter.opening, OPENING, **said)


def _gap(entry: NumberEntry) -> Gap:
    place = (entry.series.code, entry.year, entry.seq, entry.seq)
    if entry.reason:
        by = entry.emptied_by
        return Gap(*place, VOID, entry.reason, who=by.name if by else "", when=entry.emptied_at)
    held = entry.reservation
    return Gap(*place, RESERVED, held.reason, held.holder, held.until, held.by.name, held.at)


def _joined(found: Iterator[Gap]) -> Iterator[Gap]:
    """Neighbours that say the same are told once."""
    at: Gap | None = None
    for gap in found:
        if at and gap.first == at.last + 1 and _said(gap) == _said(at):
            at = Gap(at.series, at.year, at.first, gap.last, *_said(at))
            continue
        if at:
            yield at
        at = gap
    if at:
        yield at


def _said(gap: Gap) -> tuple:
    return gap.sort, gap.reason, gap.holder, gap.until, gap.who, gap.when
