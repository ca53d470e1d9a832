"""范本与常用语: what a paper of a kind may begin from, and sentences that stand ready for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.interchange import KINDS

KIND_CHOICES = [(kind, kind) for kind in KINDS]


class Template(models.Model):
    """A draft to begin from; without an owner it is the whole office's. `fields` are those of the interchange format,
    with ×× where something must be filled in."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="所有人"
    )
    kind = models.CharField("文种", max_length=12, choices=KIND_CHOICES)
    name = models.CharField("名称", max_length=40)
    fields = models.JSONField("内容", default=dict)
    updated_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "范本"
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                name="template_of_person_once",
                violation_error_message="您已有同文种、同名称的范本。",
            ),
            models.UniqueConstraint(
                fields=["kind", "name"],
                condition=Q(owner=None),
                name="template_of_office_once",
                violation_error_message="本单位已有同文种、同名称的范本。",
            ),
        ]

    def __str__(self):
        return f"{self.kind}：{self.name}"


class StockText(models.Model):
    """A sentence for the text of a paper, at its beginning, in it or at its end; without an owner the office's."""

    class Place(models.TextChoices):
        OPENING = "opening", "开头"
        MIDDLE = "middle", "过渡"
        CLOSING = "closing", "结尾"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="所有人"
    )
    kind = models.CharField("文种", max_length=12, blank=True, choices=KIND_CHOICES)
    place = models.CharField("位置", max_length=8, choices=Place.choices)
    text = models.CharField("内容", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "公文常用语"
        ordering = ["place", "id"]

    def __str__(self):
        return self.text[:40]
