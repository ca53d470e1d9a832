"""What a paper said at each moment somebody else could see it, kept for good; and which of these people saw last."""

from django.conf import settings
from django.db import models

from documents.models.document import Document


class Version(models.Model):
    """One text of one paper, whole and frozen. Never changed nor deleted: the database refuses (`versions/guard.py`).

    `content` holds the paper in the interchange format (`paper`), the office's facts of it (`facts`) and the attached
    files by hash (`files`). The same text twice in a row makes one row.
    """

    class Why(models.TextChoices):
        SUBMITTED = "submit", "提交审批"
        AMENDED = "amend", "修改文稿"
        SIGNED = "sign_off", "签发"
        CORRECTED = "correct", "复核改正"
        REAPPROVED = "reapprove", "复核改动，报签发人复审"
        KEPT = "keep", "保存版本"
        FOUND = "found", "启用版本记录时的文稿"

    document = models.ForeignKey(Document, models.PROTECT, related_name="versions", verbose_name="公文")
    number = models.PositiveIntegerField("版本")
    content = models.JSONField("内容")
    content_hash = models.CharField("文本", max_length=64)
    approval_hash = models.CharField("审批文本", max_length=64)
    why = models.CharField("来由", max_length=10, choices=Why.choices)
    stage = models.CharField("环节", max_length=60, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="由谁")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "公文版本"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["document", "number"], name="version_number_once")]

    def __str__(self):
        return f"{self.document_id} 第{self.number}版"


class Look(models.Model):
    """The version somebody saw when they last opened a paper in its course, and the one they had seen before that."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="looks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, models.PROTECT, related_name="+")
    before = models.ForeignKey(Version, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "所见版本"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["document", "person"], name="look_once")]

    def __str__(self):
        return f"{self.document_id} {self.person_id}"
