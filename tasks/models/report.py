"""反馈: what was said of the work, never edited."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tasks.models.participation import Participation
from tasks.models.task import Task


class Report(models.Model):
    """Progress (with a percentage), an assisting unit's part, the result handed in, or what the verifier said of it."""

    class Sort(models.TextChoices):
        PROGRESS = "progress", "进展"
        PART = "part", "协办情况"
        RESULT = "result", "办理结果"
        VERIFIED = "verified", "核验意见"

    task = models.ForeignKey(Task, models.PROTECT, related_name="reports")
    participation = models.ForeignKey(
        Participation, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name="协办"
    )
    sort = models.CharField("类别", max_length=10, choices=Sort.choices)
    percent = models.PositiveSmallIntegerField("进度", null=True, blank=True)
    text = models.TextField("内容")
    back_reason = models.CharField("进度回退的理由", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "反馈"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="report_has_text"),
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100),
                name="report_percent_to_100",
                violation_error_message="进度不能超过 100%。",
            ),
        ]
        indexes = [models.Index(fields=["task", "id"], name="report_of_task")]

    def __str__(self):
        return self.text[:60]
