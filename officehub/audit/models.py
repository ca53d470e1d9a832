"""Events and the seals over them."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class Seal(models.Model):
    """A Merkle root over the events of one batch, chained to the seal before it (scale.md 6)."""

    at = models.DateTimeField("封存时间")
    count = models.PositiveIntegerField("事件数")
    root = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "审计封存"
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.at} {self.count}"


class Event(models.Model):
    """One deed. Append-only: the database itself refuses to change or delete a row (`guard.py`)."""

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    seq = models.PositiveIntegerField("序号")
    verb = models.CharField("事项", max_length=40)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="受谁委托"
    )
    at = models.DateTimeField("时间")
    facts = models.JSONField("内容", default=dict)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="events")

    class Meta:
        verbose_name = verbose_name_plural = "审计事件"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["subject_type", "subject_id", "seq"], name="event_seq")]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(seal__isnull=True), name="event_unsealed"),
            models.Index(fields=["actor", "-at"], name="event_actor"),
        ]

    def __str__(self):
        return f"{self.subject_type_id}/{self.subject_id} #{self.seq} {self.verb}"
