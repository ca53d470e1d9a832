"""The printed paper: a PDF made once by a job from a frozen record, and kept with its hash."""

from django.db import models
from django.db.models import Q

from documents.models.document import Document


def path_of(rendition, name) -> str:
    return f"papers/{rendition.document_id}/{name}"


class Rendition(models.Model):
    """One PDF of one paper: the numbered proof (清样) that is measured, the sealed original (正本), or the archive copy
    (归档件): the original as PDF/A-3 with the paper's data inside."""

    class Purpose(models.TextChoices):
        PROOF = "proof", "清样"
        ORIGINAL = "original", "正本"
        ARCHIVE = "archive", "归档件"

    class State(models.TextChoices):
        QUEUED = "queued", "等待排版"
        RUNNING = "running", "正在排版"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"

    document = models.ForeignKey(Document, models.PROTECT, related_name="renditions")
    purpose = models.CharField("用途", max_length=10, choices=Purpose.choices)
    source = models.JSONField("排版依据")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    doing = models.CharField("正在做", max_length=40, blank=True)
    error = models.CharField("原因", max_length=250, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    queued_at = models.DateTimeField("提交时间")
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField("完成时间", null=True)
    pdf = models.FileField("文件", upload_to=path_of, blank=True)
    pages = models.PositiveSmallIntegerField("页数", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    engine = models.JSONField("排版环境", default=dict)
    measured = models.JSONField("版式实测", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "排版"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "purpose"], name="rendered_once"),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(sha256="") & ~Q(pdf="")), name="rendition_done_has_file"
            ),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state__in=["queued", "running"]), name="rendition_waiting")
        ]

    def __str__(self):
        return f"{self.document_id} {self.get_purpose_display()}"
