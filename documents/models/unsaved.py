"""What was typed and not yet saved: kept beside the draft, so that a closed window loses nothing."""

from django.db import models

from documents.models.document import Document


class Unsaved(models.Model):
    """The form of a draft as it was last typed, on the revision it was begun from."""

    document = models.OneToOneField(Document, models.CASCADE, related_name="unsaved")
    fields = models.JSONField("填写的内容", default=dict)
    revision = models.PositiveIntegerField()
    at = models.DateTimeField("自动保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "未保存的草稿"
        default_permissions = ()

    def __str__(self):
        return f"{self.document_id}"
