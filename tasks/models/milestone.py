"""阶段节点: what must stand by a day on the way."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from tasks.models.task import Task


class Milestone(models.Model):
    """One interim goal of a task, in the order of its limit."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="milestones")
    name = models.CharField("节点", max_length=100)
    due_at = models.DateTimeField("节点时限")
    due_provisional = models.BooleanField("时限按推算", default=False)
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="完成人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "阶段节点"
        default_permissions = ("view",)
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="milestone_has_name"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="milestone_done_by",
            ),
        ]

    def __str__(self):
        return self.name
