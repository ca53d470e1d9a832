"""送达回证: says to whom a distribution was delivered, who opened and who acknowledged it, and can be checked later."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from documents.models import Addressee, Distribution, ServiceCertificate
from documents.models.certificate import stamp
from documents.seal import original_of
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.people.models import Person

MOMENTS = ("delivered_at", "opened_at", "acknowledged_at", "recalled_at")


@dataclass(frozen=True)
class Line:
    """One addressee as a certificate holds it; moments as `stamp` writes them, empty when it had not happened."""

    addressee: int
    name: str
    copy_number: str
    delivered_at: str
    opened_at: str
    acknowledged_at: str
    recalled_at: str
    acknowledged_by: str
    received_by: str = ""  # who was asked for it; certificates of before 2026-11 do not say

    @staticmethod
    def of(row: Addressee, copy_number: str) -> "Line":
        moments = [stamp(getattr(row, name)) for name in MOMENTS]
        by = row.acknowledged_by.name if row.acknowledged_by else ""
        return Line(row.pk, str(row), copy_number, *moments, by, received_by(row))

    def moment(self, name: str) -> datetime | None:
        return moment(getattr(self, name))


def received_by(row: Addressee) -> str:
    """The names of those who were asked for an addressee: themselves, for their department, or in somebody's place."""
    return "、".join(person.name for person in row.readers.all())


def moment(said: str) -> datetime | None:
    """A moment as a certificate holds it, read back."""
    return datetime.fromisoformat(said) if said else None


def lines_of(sent: Distribution) -> Iterator[Line]:
    """The addressees of a distribution as they stand, in the order they were named."""
    rows = sent.addressees.select_related("department", "person", "acknowledged_by").order_by("id")
    numbers = dict(sent.addressees.filter(copy__isnull=False).values_list("pk", "copy__number"))
    for row in rows.prefetch_related("readers"):
        yield Line.of(row, f"{numbers[row.pk]:06d}" if row.pk in numbers else "")


def issue(sent: Distribution, *, by: Person, now: datetime) -> ServiceCertificate:
    """Issue the certificate with the next number of the year, and the event that keeps its hash. Pressed again on the
    same day, while nothing has changed, it is the one issued already."""
    if sent.done_at is None:
        raise DecisionRefused(["还在送达，请稍候再出具送达回证。"])
    document, year = sent.document, timezone.localdate(now).year
    original = original_of(document)
    with transaction.atomic():
        kind = ContentType.objects.get_for_model(ServiceCertificate)
        ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)  # numbers are given one by one
        before = ServiceCertificate.objects.filter(distribution=sent, by=by).order_by("-id").first()
        lines = [list(vars(line).values()) for line in lines_of(sent)]
        if before and before.lines == lines and timezone.localdate(before.at) == timezone.localdate(now):
            return before
        last = ServiceCertificate.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0
        proof = ServiceCertificate(distribution=sent, year=year, serial=last + 1, by=by, at=now)
        proof.paper = {
            "title": str(document),
            "document_number": document.document_number,
            "sha256": original.sha256 if original else "",
            "nature": sent.nature,
            "sent_at": stamp(sent.at),
            "sent_by": sent.by.name,
            "issued_by": by.name,
        }
        proof.lines = lines
        proof.certificate_hash = proof.digest()
        proof.save(force_insert=True)
        facts = {"number": proof.number, "certificate_hash": proof.certificate_hash, "addressees": len(proof.lines)}
        record(document, "certify_service", by=by, now=now, facts=facts)
    return proof


def contradicted(proof: ServiceCertificate) -> list[str]:
    """What the records say otherwise today: the names of addressees whose stated times were changed or taken away.

    What happened after the certificate was issued contradicts nothing.
    """
    live = {line.addressee: line for line in lines_of(proof.distribution)}
    wrong = []
    for said in (Line(*values) for values in proof.lines):
        now = live.get(said.addressee)
        if now is None or any(getattr(said, name) not in ("", getattr(now, name)) for name in MOMENTS):
            wrong.append(said.name)
    original = original_of(proof.distribution.document)
    if original is None or original.sha256 != proof.paper["sha256"]:
        wrong.insert(0, "正本")
    return wrong
