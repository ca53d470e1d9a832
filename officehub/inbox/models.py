"""The one table of errands, and the certificates that somebody left none."""

import hashlib
import json
from datetime import UTC
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from officehub.inbox.reminders.models import LimitChange, Reminder, ReminderRule, Watch
from officehub.workdays.models import CountedLimit

__all__ = ["Handover", "LimitChange", "Reminder", "ReminderRule", "Watch", "WorkItem", "WorkItemQuerySet"]

GUARDED = frozenset({"done_at", "due_at"})  # what reminders hang on


class WorkItemQuerySet(models.QuerySet):
    def todo(self, person):
        return self.filter(assignee=person, done_at=None)

    def done(self, person):
        return self.filter(assignee=person, done_at__isnull=False)

    def of(self, subject):
        return self.filter(subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk)

    def update(self, **changes):
        """Refuses what reminders hang on: closing, asking again and re-dating go through `errands`, which plans."""
        if guarded := GUARDED & changes.keys():
            raise RuntimeError(f"WorkItem.update({', '.join(sorted(guarded))}): call officehub.inbox.errands instead.")
        return super().update(**changes)

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("WorkItem.bulk_create: call officehub.inbox.errands.give_each instead.")

    def change(self, **changes) -> int:
        """For `errands` alone: update without that refusal."""
        return super().update(**changes)

    def insert(self, rows) -> None:
        """For `errands` alone: rows already there stay as they are."""
        super().bulk_create(rows, ignore_conflicts=True, batch_size=500)


class WorkItem(CountedLimit):
    """One thing one person must do by a time.

    `key` names the errand within its subject, so a job that is run twice makes no second row. How the limit was made
    stands here only where nothing else keeps it (`CountedLimit`); else the item follows its owner's limit.
    """

    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="work_items", verbose_name="承办人"
    )
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="受谁委托"
    )
    verb = models.CharField("事项", max_length=24)
    title = models.CharField("标题", max_length=250)
    source = models.CharField("来源", max_length=120, blank=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    key = models.CharField(max_length=80)
    urgency = models.CharField("紧急程度", max_length=4, blank=True)
    opened_at = models.DateTimeField("交办时间")
    seen_at = models.DateTimeField("打开时间", null=True, blank=True)
    due_at = models.DateTimeField("时限", null=True, blank=True)
    due_provisional = models.BooleanField("时限按推算", default=False)
    done_at = models.DateTimeField("办结时间", null=True, blank=True)
    outcome = models.CharField("结果", max_length=40, blank=True)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事项"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "assignee", "key"], name="work_item_once"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(done_at=None), name="work_item_todo"),
            models.Index(
                F("assignee"),
                F("done_at").desc(),
                F("id").desc(),
                condition=Q(done_at__isnull=False),
                name="work_item_done",
            ),
        ]

    def __str__(self):
        return f"{self.verb} {self.title}"


class Handover(models.Model):
    """The proof that somebody who leaves left nothing behind (条例 第三十六条): counts by verb, never a title."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers", verbose_name="移交人"
    )
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="接收人")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("移交时间")
    reason = models.CharField("事由", max_length=100)
    counts = models.JSONField("移交事项", default=dict)
    left = models.PositiveIntegerField("遗留", default=0)
    deactivated = models.BooleanField("已停用账号", default=False)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    certificate_hash = models.CharField("校验值", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "离岗移交"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="handover_number"),
            models.CheckConstraint(condition=Q(left=0), name="handover_leaves_nothing"),
            models.CheckConstraint(condition=~Q(person=F("to")), name="handover_to_another"),
        ]

    def __str__(self):
        return self.number

    @property
    def number(self) -> str:
        return f"离岗移交〔{self.year}〕{self.serial}号"

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def digest(self) -> str:
        """SHA-256 of what the certificate says; equal to `certificate_hash` while no one touched the row."""
        at = self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        said = [self.number, self.person_id, self.to_id, self.by_id, at, self.reason, self.counts, self.left]
        kept = json.dumps([*said, self.deactivated], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(kept.encode()).hexdigest()

    @property
    def is_genuine(self) -> bool:
        return self.certificate_hash == self.digest()
