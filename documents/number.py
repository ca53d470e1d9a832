"""Numbering: the next number of a series, taken in the transaction that gives it to the paper, so none is ever lost."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from documents.models import Document, NumberEntry, NumberYear, Rendition, Series
from documents.numbers import registering
from documents.numbers.counter import take
from documents.printable import fit_to_number, still_fits
from documents.printing import request
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


def number(
    document: Document,
    *,
    series: Series,
    by,
    now: datetime,
    reserved: NumberEntry | None = None,
    reasons: Mapping[str, str] | None = None,
) -> NumberEntry:
    """Give a rechecked paper the next number (条例 第二十五条(二)), or one `reserved`, and order its proof.

    `reasons` (by rule id) are kept beside those given before. Raises DecisionRefused when the rules of registering
    forbid it or lack a reason, or when it does not print right; then no number is used.
    """
    measured = fit_to_number(document, series, now)
    with transaction.atomic():
        entry = _entry(document, series, reserved, now)
        found = registering.found(document, str(entry), now)
        given = registering.reasons_for(found, reasons or {})
        kept = {**document.overrides, **given}
        move(
            document,
            "number",
            by=by,
            now=now,
            facts={"document_number": str(entry), **({"overrides": given} if given else {})},
            document_number=str(entry),
            printing_date=timezone.localdate(now),
            overrides=kept,
        )
        if refused := registering.unmet(found, kept):
            raise DecisionRefused(refused)
        hold_to_signed(document)
        still_fits(document, measured)
        entry.document, entry.at = document, now
        entry.save()
        finish_verb(document, "number", "已编号", now)
        request(document, Rendition.Purpose.PROOF, now)
        ask(document, "seal", Role.SEAL_KEEPER, now, source=str(entry))
    return entry


def _entry(document: Document, series: Series, reserved: NumberEntry | None, now: datetime) -> NumberEntry:
    """The reserved number, held, or the next one of the series in the year of the paper's date."""
    year = series.period(registering.year_of(document))
    if reserved is None:
        return NumberEntry(series=series, year=year, seq=take(series, year), at=now)
    held = NumberEntry.objects.reserved().select_for_update().filter(pk=reserved.pk).first()
    if held is None:
        raise DecisionRefused([gettext("预留的%(number)s刚被使用或释放，请另选。") % {"number": reserved}])
    of_year = registering.year_of(document)
    if held.year != held.series.period(of_year) or held.series.organ_id != document.organ_id:
        said = {"number": held, "organ": f"{document.organ.name}{of_year}年"}
        raise DecisionRefused([gettext("%(number)s不是%(organ)s的号，请选本机关当年的预留号或取下一个号。") % said])
    return held


def void(document: Document, *, by, now: datetime, reason: str) -> None:
    """Take a numbered paper back before it is sealed: its number stays empty, with the reason, and is never reused."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        voided = document.document_number
        facts = {"document_number": voided, "reason": reason}
        cleared = {"document_number": None, "printing_date": None, "signed_by": None, "signed_at": None}
        move(document, "void_number", by=by, now=now, facts=facts, signed_hash="", **cleared)
        empty = {"reason": f"作废：{reason.strip()}"[:100], "emptied_by": by, "emptied_at": now}
        NumberEntry.objects.filter(document=document).update(document=None, **empty)
        document.renditions.all().delete()  # the proof of a paper that no longer is; its event and hash remain
        finish_verb(document, "seal", "已退回", now)
        hand_back(document, by, f"{voided}作废，{reason}", now, key=f"revise:{voided}")


@dataclass(frozen=True)
class Fault:
    series: str
    year: int
    message: str

    def __str__(self):
        return f"{self.series}〔{self.year}〕：{self.message}" if self.year else f"{self.series}：{self.message}"


def faults() -> Iterator[Fault]:
    """Every series and year: contiguous from where it began here, as many as counted, each empty number explained,
    each paper under the number of its entry."""
    for counter in NumberYear.objects.select_related("series").order_by("series__code", "year"):
        for message in _faults_of(counter):
            yield Fault(counter.series.code, counter.year, message)
    unregistered = Document.objects.filter(document_number__isnull=False, number_entry=None)
    for number in unregistered.order_by("pk").values_list("document_number", flat=True).iterator():
        yield Fault(number, 0, "公文有此号，登记簿中没有。")


def _faults_of(counter: NumberYear) -> Iterator[str]:
    entries = NumberEntry.objects.filter(series=counter.series, year=counter.year).order_by("seq")
    expected = counter.opening + 1
    said = entries.values_list("seq", "document_id", "document__document_number", "reason", "reservation_id")
    for seq, document, number, reason, reservation in said.iterator():
        if seq > expected:
            yield f"缺 {expected} 至 {seq - 1} 号，没有登记。"
        if seq < expected:
            yield f"{seq} 号在启用前的号码（至 {counter.opening} 号）之内，又有登记。"
        if document is None and not reason and not reservation:
            yield f"{seq} 号空着，没有说明。"
        if document is not None and number != counter.series.number(counter.year, seq):
            yield f"{seq} 号登记的公文，文号却是“{number or '无'}”。"
        expected = max(expected, seq + 1)
    if expected - 1 != counter.last:
        yield f"已用到 {counter.last} 号，登记到 {expected - 1} 号。"
