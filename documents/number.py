"""Numbering: the next number of a series, taken in the transaction that gives it to the paper, so none is ever lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from documents.models import Document, NumberEntry, NumberYear, Rendition, Series
from documents.printing import request
from documents.review import check_paper
from documents.signing import ask, hand_back
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.errands import finish_verb
from officehub.moves import move
from officehub.people.models import Role


def series_for(document: Document):
    """The active series of the issuing organ that take this kind of paper; the ones made for it first."""
    rows = Series.objects.filter(organ=document.organ, is_active=True)
    made_for = [series for series in rows if document.kind in series.kinds]
    return made_for or [series for series in rows if not series.kinds]


def number(document: Document, *, series: Series, by, now: datetime) -> NumberEntry:
    """Give a rechecked paper the next number (条例 第二十五条(二)), and order the proof to be printed.

    Raises DecisionRefused when the rules of registering forbid it; then no number is used.
    """
    day = timezone.localdate(now)
    with transaction.atomic():
        entry = _next(series, timezone.localdate(document.signed_at).year, now)
        move(
            document,
            "number",
            by=by,
            now=now,
            facts={"document_number": str(entry)},
            document_number=str(entry),
            printing_date=day,
        )
        hold_to_signed(document)
        entry.document = document
        entry.save(force_insert=True)
        forbidden = [f for f in check_paper(document.paper(), "register", now) if f.severity == "block"]
        if forbidden:
            raise DecisionRefused([finding.message for finding in forbidden])
        finish_verb(document, "number", "已编号", now)
        request(document, Rendition.Purpose.PROOF, now)
        ask(document, "seal", Role.SEAL_KEEPER, now, source=str(entry))
    return entry


def _next(series: Series, year: int, now: datetime) -> NumberEntry:
    """The next number of a series in a year; the counter's row stays locked until the paper has it."""
    NumberYear.objects.bulk_create([NumberYear(series=series, year=year)], ignore_conflicts=True)
    counter = NumberYear.objects.filter(series=series, year=year)
    counter.update(last=F("last") + 1)
    return NumberEntry(series=series, year=year, seq=counter.get().last, at=now)


def void(document: Document, *, by, now: datetime, reason: str) -> None:
    """Take a numbered paper back before it is sealed: its number stays empty, with the reason, and is never reused."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        voided = document.document_number
        facts = {"document_number": voided, "reason": reason}
        cleared = {"document_number": None, "printing_date": None, "signed_by": None, "signed_at": None}
        move(document, "void_number", by=by, now=now, facts=facts, signed_hash="", **cleared)
        NumberEntry.objects.filter(document=document).update(document=None, reason=f"作废：{reason.strip()}"[:100])
        document.renditions.all().delete()  # the proof of a paper that no longer is; its event and hash remain
        finish_verb(document, "seal", "已退回", now)
        hand_back(document, by, f"{voided}作废，{reason}", now, key=f"revise:{voided}")


@dataclass(frozen=True)
class Fault:
    series: str
    year: int
    message: str


def faults() -> Iterator[Fault]:
    """Every series and year: contiguous from 1, as many as counted, each empty number explained."""
    for counter in NumberYear.objects.select_related("series").order_by("series__code", "year"):
        entries = NumberEntry.objects.filter(series=counter.series, year=counter.year).order_by("seq")
        expected = 1
        for seq, document, reason in entries.values_list("seq", "document_id", "reason").iterator():
            if seq > expected:
                yield Fault(counter.series.code, counter.year, f"缺 {expected} 至 {seq - 1} 号，没有登记。")
            if document is None and not reason:
                yield Fault(counter.series.code, counter.year, f"{seq} 号空着，没有说明。")
            expected = seq + 1
        if expected - 1 != counter.last:
            yield Fault(counter.series.code, counter.year, f"已用到 {counter.last} 号，登记到 {expected - 1} 号。")
