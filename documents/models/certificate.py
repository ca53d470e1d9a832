"""送达回证: what a distribution had come to at one moment, numbered and with a hash of its own."""

import hashlib
import json
from datetime import UTC, datetime

from django.conf import settings
from django.db import models

from documents.models.distribution import Distribution


def stamp(moment: datetime | None) -> str:
    """A moment as certificates hold it, alike on every database."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else ""


class ServiceCertificate(models.Model):
    """To whom a paper was delivered, who opened and who acknowledged it, as the records said when it was issued."""

    distribution = models.ForeignKey(Distribution, models.PROTECT, related_name="certificates")
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="出具人")
    at = models.DateTimeField("出具时间")
    paper = models.JSONField("公文")  # title, document_number, sha256 of the original, sent_at, sent_by
    lines = models.JSONField("送达情况")  # one list an addressee: see `documents.sending.certify`
    certificate_hash = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "送达回证"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["year", "serial"], name="service_certificate_number")]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        return f"送达回证〔{self.year}〕{self.serial}号"

    def digest(self) -> str:
        """SHA-256 of what the certificate says; equal to `certificate_hash` while no one touched the row."""
        said = [self.number, self.distribution_id, self.by_id, stamp(self.at), self.paper, self.lines]
        kept = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(kept.encode()).hexdigest()

    @property
    def is_genuine(self) -> bool:
        return self.certificate_hash == self.digest()
