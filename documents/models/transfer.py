"""What leaves the archive: packages handed to the 档案馆, and registers of what was destroyed after appraisal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from documents.models.archive import ArchivalItem, Retention
from officehub.moves import Move


def package_path(package, name: str) -> str:
    return f"packages/{name}"


class Package(models.Model):
    """移交: items of one fonds in one ZIP with their metadata and hashes, built by a job piece by piece."""

    class State(models.TextChoices):
        QUEUED = "queued", "等待打包"
        RUNNING = "running", "正在打包"
        DONE = "done", "已完成"
        FAILED = "failed", "未能完成"

    fonds_number = models.CharField("全宗号", max_length=4)
    year_from = models.PositiveSmallIntegerField("起始年度")
    year_to = models.PositiveSmallIntegerField("截止年度")
    retention = models.CharField("保管期限", max_length=3, blank=True, choices=Retention.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("提交时间")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.QUEUED)
    total = models.PositiveIntegerField("件数", default=0)
    done = models.PositiveIntegerField("已打包", default=0)
    packed_to = models.PositiveBigIntegerField(default=0)  # bytes of whole items in the unfinished file
    head = models.CharField("链首校验值", max_length=64, blank=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("原因", max_length=250, blank=True)
    file = models.FileField("文件", upload_to=package_path, blank=True)
    size = models.PositiveBigIntegerField("大小", default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField("完成时间", null=True)
    handed_on = models.DateField("移交日期", null=True)
    receiver = models.CharField("接收单位", max_length=60, blank=True)
    handed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="移交人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "移交数据包"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(year_to__gte=F("year_from")),
                name="package_years",
                violation_error_message="截止年度不能早于起始年度。",
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(sha256=""), name="package_done_has_hash"),
        ]
        indexes = [
            models.Index(fields=["fonds_number", "-at", "-id"], name="package_newest"),
            models.Index(fields=["at"], condition=Q(state__in=["queued", "running"]), name="package_waiting"),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        years = str(self.year_from) if self.year_from == self.year_to else f"{self.year_from}-{self.year_to}"
        return "-".join(filter(None, (self.fonds_number, years, self.retention, f"{self.pk:04d}")))


class PackedItem(models.Model):
    """An item's place in a package, settled when the package is ordered."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="packed")
    item = models.ForeignKey(ArchivalItem, models.PROTECT, related_name="packed")
    order = models.PositiveIntegerField()

    class Meta:
        verbose_name = verbose_name_plural = "包内件"
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["package", "order"], name="packed_order"),
            models.UniqueConstraint(fields=["package", "item"], name="packed_once"),
        ]

    def __str__(self):
        return f"{self.package_id} {self.order}"


class DestructionRegister(models.Model):
    """销毁清册: proposed by one, approved by another, carried out by one who did not approve (档案法实施条例 24)."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        APPROVED = "approved", "已批准"
        REJECTED = "rejected", "未批准"
        DONE = "done", "已销毁"

    MOVES = {
        "approve": Move((State.PROPOSED,), State.APPROVED),
        "reject": Move((State.PROPOSED,), State.REJECTED),
        "destroy": Move((State.APPROVED,), State.DONE),
    }
    fonds_number = models.CharField("全宗号", max_length=4)
    year = models.PositiveSmallIntegerField("年度")
    serial = models.PositiveIntegerField("序号")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField("鉴定意见", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    at = models.DateTimeField("提出时间")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    approved_at = models.DateTimeField("审批时间", null=True)
    answer = models.CharField("审批意见", max_length=500, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="销毁人"
    )
    done_at = models.DateTimeField("销毁时间", null=True)
    to_wipe = models.JSONField("待清除的文件", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "销毁清册"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["fonds_number", "year", "serial"], name="register_number"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("by")),
                name="destruction_approved_by_another",
                violation_error_message="提出人不能审批自己提出的销毁。",
            ),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True) | ~Q(done_by=F("approved_by")),
                name="destruction_done_by_another",
                violation_error_message="审批人不能执行销毁。",
            ),
        ]
        indexes = [models.Index(fields=["fonds_number", "-at", "-id"], name="register_newest")]

    def __str__(self):
        return f"{self.fonds_number}〔{self.year}〕{self.serial}号"


class Appraisal(models.Model):
    """鉴定: what was decided of one item whose period had run out."""

    class Decision(models.TextChoices):
        EXTEND = "extend", "续存"
        DESTROY = "destroy", "销毁"
        TRANSFER = "transfer", "移交"

    item = models.ForeignKey(ArchivalItem, models.PROTECT, related_name="appraisals")
    decision = models.CharField("鉴定结论", max_length=8, choices=Decision.choices)
    retention = models.CharField("续存期限", max_length=3, blank=True, choices=Retention.choices)
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="鉴定人")
    at = models.DateTimeField("鉴定时间")
    register = models.ForeignKey(
        DestructionRegister, models.PROTECT, null=True, related_name="lines", verbose_name="销毁清册"
    )
    open = models.BooleanField("待落实", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "鉴定"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(open=True), name="appraised_once_at_a_time"),
            models.CheckConstraint(
                condition=~Q(decision="destroy") | Q(register__isnull=False), name="destruction_has_register"
            ),
        ]

    def __str__(self):
        return f"{self.item_id} {self.get_decision_display()}"
