"""批量交办: a workbook of tasks, its rows as they were read, and the task each one became."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from officehub.files.models import StoredFile
from officehub.moves import Move
from tasks.models.task import Task


class TaskImport(models.Model):
    """One workbook, from its preview to its tasks. Only who uploaded it sees it."""

    class State(models.TextChoices):
        CHECKED = "checked", "待确认"
        QUEUED = "queued", "排队中"
        RUNNING = "running", "交办中"
        DONE = "done", "已完成"
        FAILED = "failed", "未完成"
        DROPPED = "dropped", "已放弃"

    TO_DO = (State.QUEUED, State.RUNNING)
    MOVES = {
        "confirm_import": Move((State.CHECKED,), State.QUEUED),
        "retry_import": Move((State.FAILED,), State.QUEUED),
        "drop_import": Move((State.CHECKED,), State.DROPPED),
    }

    stored = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="文件", related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    at = models.DateTimeField("上传时间")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.CHECKED)
    good = models.PositiveIntegerField("可交办")
    bad = models.PositiveIntegerField("有误")
    done = models.PositiveIntegerField("已交办", default=0)
    refused = models.PositiveIntegerField("未能交办", default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # in a row without getting any further
    error = models.CharField("原因", max_length=250, blank=True)
    finished_at = models.DateTimeField("完成时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量交办"
        default_permissions = ("view",)
        indexes = [
            models.Index(F("by"), F("at").desc(), F("id").desc(), name="import_newest"),
            models.Index(fields=["id"], condition=Q(state__in=["queued", "running"]), name="import_to_do"),
        ]

    def __str__(self):
        return self.stored.name

    @property
    def settled(self) -> int:
        """Rows that have become a task, or were refused when it came to it."""
        return self.done + self.refused


class ImportRow(models.Model):
    """One row. It becomes one task at most, whoever repeats the work: the task is noted in the transaction that makes
    it."""

    workbook = models.ForeignKey(TaskImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行")
    cells = models.JSONField("内容", default=dict)
    faults = models.JSONField("问题", default=dict)
    fields = models.JSONField("任务", default=dict)
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="import_row", verbose_name="任务"
    )

    class Meta:
        verbose_name = verbose_name_plural = "批量交办的行"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["workbook", "number"], name="import_row_once")]

    def __str__(self):
        return f"{self.workbook_id}/{self.number}"
