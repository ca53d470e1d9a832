"""Stored files, by content."""

import uuid

from django.conf import settings
from django.db import models


def path_of(stored, name) -> str:
    """Where the bytes lie: a random name, never the uploader's."""
    return f"files/{uuid.uuid4().hex}"


class StoredFile(models.Model):
    """One upload that passed `check.py`: its own name for people, its type as its content proved it."""

    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64, db_index=True)
    file = models.FileField(upload_to=path_of)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        default_permissions = ("view",)

    def __str__(self):
        return self.name
