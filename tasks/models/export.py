"""台账导出: a ledger too long to be written while somebody waits, made by a job."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class LedgerExport(models.Model):
    """One ledger on its way to Excel, for whoever asked for it, with the filters they had."""

    class State(models.TextChoices):
        QUEUED = "queued", "排队中"
        RUNNING = "running", "生成中"
        DONE = "done", "已生成"
        FAILED = "failed", "未生成"

    TO_DO = (State.QUEUED, State.RUNNING)

    ledger = models.CharField("台账", max_length=10)
    asked = models.TextField("筛选条件", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="导出人")
    at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField("行数", default=0)
    done = models.PositiveIntegerField("已写", default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)
    file = models.FileField("文件", upload_to="exports", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "台账导出"
        default_permissions = ("view",)
        indexes = [
            models.Index(F("by"), F("at").desc(), F("id").desc(), name="export_newest"),
            models.Index(fields=["id"], condition=Q(state__in=["queued", "running"]), name="export_to_do"),
        ]

    def __str__(self):
        return self.ledger
