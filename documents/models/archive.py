"""Papers kept for good: one item per paper (DA/T 22-2015), with the hashes of all that belongs to it."""

from django.conf import settings
from django.db import models

from documents.models.document import Document


class ArchivalItem(models.Model):
    """The archived paper and its reference code, e.g. 0194-WS·2026-D30-BGS-0001 (DA/T 13-2022)."""

    class Retention(models.TextChoices):
        PERMANENT = "Y", "永久"
        THIRTY = "D30", "30年"
        TEN = "D10", "10年"

    document = models.OneToOneField(Document, models.PROTECT, related_name="archival_item")
    fonds_number = models.CharField("全宗号", max_length=4)
    year = models.PositiveSmallIntegerField("年度")
    retention = models.CharField("保管期限", max_length=3, choices=Retention.choices)
    office_code = models.CharField("机构代码", max_length=3)
    item_number = models.PositiveIntegerField("件号")
    reference_code = models.CharField("档号", max_length=40, unique=True)
    manifest = models.JSONField("归档清单")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="归档人")
    at = models.DateTimeField("归档时间")

    class Meta:
        verbose_name = verbose_name_plural = "归档文件"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["fonds_number", "year", "retention", "office_code", "item_number"], name="item_number_once"
            )
        ]

    def __str__(self):
        return self.reference_code
