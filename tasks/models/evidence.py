"""佐证材料: the files of a task, of its reports and of its results."""

from django.db import models
from django.db.models import Q

from officehub.files.models import StoredFile
from tasks.models.report import Report
from tasks.models.task import Task


class Evidence(models.Model):
    """A file of a task: with a report, what proves it; without one, what was given with the task."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="files")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, verbose_name="文件", related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["task"], condition=Q(report=None), name="evidence_of_task")]

    def __str__(self):
        return self.stored.name
