"""What a paper transmits (印发、转发、批转), and which request a reply answers (批复、复函)."""

from django.db import models
from django.db.models import Q

from documents.interchange import DISCLOSURES
from documents.models.document import Attached, Document


class Transmission(models.Model):
    """The paper that a 通知 carries: its particulars as they were when it was taken up, and where its text stands."""

    class Pattern(models.TextChoices):
        ISSUE = "issue", "印发"
        FORWARD = "forward", "转发"
        ENDORSE = "endorse", "批转"

    document = models.OneToOneField(Document, models.PROTECT, related_name="transmits", verbose_name="公文")
    pattern = models.CharField("方式", max_length=8, choices=Pattern.choices)
    source = models.ForeignKey(
        Document, models.PROTECT, null=True, related_name="transmitted_by", verbose_name="系统内公文"
    )
    attached = models.OneToOneField(Attached, models.SET_NULL, null=True, related_name="transmission")
    title = models.CharField("标题", max_length=120)
    number = models.CharField("发文字号", max_length=60, blank=True)
    issuer = models.CharField("发文机关", max_length=60)
    issued_on = models.DateField("成文日期", null=True)
    disclosure = models.CharField(
        "公开属性", max_length=6, blank=True, choices=[(value, value) for value in DISCLOSURES]
    )

    class Meta:
        verbose_name = verbose_name_plural = "所转公文"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(pattern="issue") | ~Q(issuer=""),
                name="transmission_issuer",
                violation_error_message="转发、批转的公文须写明原发文机关。",
            )
        ]

    def __str__(self):
        return f"{self.get_pattern_display()}：{self.title}"


class ReplyTie(models.Model):
    """A reply of ours and the request it answers, when we hold that too; found by the number it cites (R13)."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="request_tie", verbose_name="批复")
    request = models.ForeignKey(Document, models.PROTECT, related_name="answered_by", verbose_name="请示")

    class Meta:
        verbose_name = verbose_name_plural = "批复与请示"
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.document} → {self.request}"
