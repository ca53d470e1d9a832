"""Numbered copies: each has its 份号, its addressee and its hash. What a copy has of its own is kept, not the whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.distribution import Addressee, Distribution
from documents.models.document import Document

LARGEST_NUMBER = 999_999  # six digits, GB/T 9704 7.2.1


def path_of(run, name) -> str:
    return f"papers/{run.distribution.document_id}/{name}"


class CopyRun(models.Model):
    """The making of the numbered copies of one distribution: its template, and how far it is."""

    class State(models.TextChoices):
        QUEUED = "queued", "等待编制"
        RUNNING = "running", "正在编制"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"
        ENDED = "ended", "不再编制"  # sent without numbers, or called back before they were made; `error` says why

    distribution = models.OneToOneField(Distribution, models.PROTECT, related_name="copy_run")
    original_sha256 = models.CharField("正本校验值", max_length=64)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED)
    made = models.PositiveIntegerField("已编制", default=0)
    total = models.PositiveIntegerField("份数")
    error = models.CharField("原因", max_length=250, blank=True)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    queued_at = models.DateTimeField("提交时间")
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField("完成时间", null=True)
    template = models.FileField("底版", upload_to=path_of, blank=True)
    template_sha256 = models.CharField(max_length=64, blank=True)
    engine = models.JSONField("排版环境", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "份号印件编制"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(template="") & ~Q(template_sha256="")),
                name="copy_run_done_has_template",
            ),
            models.CheckConstraint(condition=Q(made__lte=models.F("total")), name="copy_run_made_no_more"),
        ]
        indexes = [
            models.Index(fields=["queued_at"], condition=Q(state__in=["queued", "running"]), name="copy_run_waiting")
        ]

    def __str__(self):
        return f"{self.distribution_id} {self.get_state_display()}"

    @property
    def percent(self) -> int:
        return 100 * self.made // self.total if self.total else 100


class Copy(models.Model):
    """One numbered copy. The row is made with the distribution, so none is missing; the job fills it in, once."""

    run = models.ForeignKey(CopyRun, models.PROTECT, related_name="copies")
    document = models.ForeignKey(Document, models.PROTECT, related_name="copies")
    number = models.PositiveIntegerField("份号")
    addressee = models.OneToOneField(Addressee, models.PROTECT, related_name="copy")
    name = models.CharField("受文对象", max_length=160)
    addition = models.BinaryField("增量", null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField("编制时间", null=True)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="held_copies", verbose_name="持有人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "份号印件"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="copy_number_once"),
            models.CheckConstraint(
                condition=Q(number__gte=1, number__lte=LARGEST_NUMBER), name="copy_number_six_digits"
            ),
            models.CheckConstraint(
                condition=Q(addition__isnull=True, sha256="", made_at__isnull=True)
                | (Q(addition__isnull=False, made_at__isnull=False) & ~Q(sha256="")),
                name="copy_made_whole",
            ),
        ]
        indexes = [models.Index(fields=["run", "number"], condition=Q(addition=None), name="copy_waiting")]

    def __str__(self):
        return f"{self.number:06d}"
