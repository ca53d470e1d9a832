"""What came with a draft out of Word: its pictures, and the account of what was not understood."""

from django.conf import settings
from django.db import models

from documents.models.document import Document
from officehub.files.models import StoredFile


class Picture(models.Model):
    """A picture in the body of a paper; its name is made of its content, so the signed text fixes it too."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="pictures")
    name = models.CharField("文件名", max_length=80)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "插图"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="picture_once")]

    def __str__(self):
        return self.name


class WordImport(models.Model):
    """One .docx that was read into a draft, or waits for its drafter to say so (`taken_at` is empty then)."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="word_imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    at = models.DateTimeField("导入时间")
    name = models.CharField("文件名", max_length=200)
    sha256 = models.CharField(max_length=64)
    fields = models.JSONField("读出的内容", default=dict)
    attachments = models.JSONField("读出的附件", default=list)
    notes = models.JSONField("未取入或有改动的内容", default=list)
    taken_at = models.DateTimeField("取入时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "Word 导入"
        default_permissions = ("view",)
        ordering = ["-id"]

    def __str__(self):
        return self.name
