"""Papers kept for good: one item per paper, out or in (DA/T 22-2015), with all that belongs to it by its hashes."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from documents.elements import KINDS
from documents.models.document import Document
from documents.models.incoming import Incoming


class Retention(models.TextChoices):
    """保管期限 (国家档案局令第8号 第七条)."""

    PERMANENT = "Y", "永久"
    THIRTY = "D30", "30年"
    TEN = "D10", "10年"


class RetentionRule(models.Model):
    """One line of the office's retention table: what is proposed for a kind of paper. The narrowest line holds."""

    class Papers(models.TextChoices):
        OUT = "out", "发文"
        IN = "in", "收文"

    class Condition(models.TextChoices):
        ANY = "", "不限"
        IMPORTANT = "important", "重要公文"
        NORMATIVE = "normative", "规范性文件"

    papers = models.CharField("收发文", max_length=3, choices=Papers.choices, default=Papers.OUT)
    kind = models.CharField(
        "文种", max_length=12, blank=True, choices=[(kind, kind) for kind in KINDS], help_text="不选即其余文种"
    )
    condition = models.CharField("条件", max_length=10, blank=True, choices=Condition.choices)
    retention = models.CharField("保管期限", max_length=3, choices=Retention.choices)

    class Meta:
        verbose_name = verbose_name_plural = "保管期限表"
        ordering = ["-papers", "kind", "condition"]
        constraints = [
            models.UniqueConstraint(
                fields=["papers", "kind", "condition"],
                name="retention_rule_once",
                violation_error_message="这个文种在这个条件下已有一条规定。",
            ),
            models.CheckConstraint(
                condition=Q(papers="out") | ~Q(condition="normative"),
                name="retention_rule_normative_out",
                violation_error_message="规范性文件是本机关制发的公文，收文的规定请另选条件。",
            ),
        ]

    def __str__(self):
        of = f"{self.get_papers_display()} {self.kind or '其余文种'}{self.get_condition_display()}"
        return f"{of} {self.get_retention_display()}"


def one_of_both(name: str) -> models.CheckConstraint:
    """A row is of a paper out or of a paper in; never of both, never of none."""
    both = Q(document__isnull=False, incoming__isnull=True) | Q(document__isnull=True, incoming__isnull=False)
    return models.CheckConstraint(condition=both, name=name)


class OfPaper(models.Model):
    """What is of one paper, out or in. `paper` is whichever it is, to be fetched with both (`select_related`)."""

    document: Document | None
    incoming: Incoming | None
    document_id: int | None
    incoming_id: int | None

    class Meta:
        abstract = True

    @property
    def paper(self):
        return self.document or self.incoming  # one is there: the database's own constraint

    @property
    def number(self) -> str:
        """文号: that of its issuer, as the paper bears it; empty where it bears none."""
        return self.paper.document_number or ""

    @property
    def day(self) -> date:
        """成文日期; of a paper in that bears none, the day it was received."""
        if self.document:
            return timezone.localdate(self.document.signed_at)
        return self.incoming.dated or timezone.localdate(self.incoming.received_at)


class ArchivalItem(OfPaper):
    """The archived paper and its reference code, e.g. 0194-WS·2026-D30-BGS-0001 (DA/T 13-2022).

    The deed of archiving makes the row; a job then freezes its files (`frozen_at`), with `digest` over the manifest.
    """

    Retention = Retention

    class State(models.TextChoices):
        KEPT = "kept", "保管中"
        TRANSFERRED = "transferred", "已移交"
        DESTROYED = "destroyed", "已销毁"

    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="archival_item")
    incoming = models.OneToOneField(Incoming, models.PROTECT, null=True, related_name="archival_item")
    fonds_number = models.CharField("全宗号", max_length=4)
    year = models.PositiveSmallIntegerField("年度")
    retention = models.CharField("保管期限", max_length=3, choices=Retention.choices)
    office_code = models.CharField("机构代码", max_length=3)
    item_number = models.PositiveIntegerField("件号")
    reference_code = models.CharField("档号", max_length=40, unique=True)
    reason = models.CharField("与保管期限表不一致的理由", max_length=200, blank=True)
    expires_on = models.DateField("期满日期", null=True)
    state = models.CharField("状态", max_length=11, choices=State.choices, default=State.KEPT)
    manifest = models.JSONField("归档清单")
    pages = models.PositiveSmallIntegerField("页数", default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="归档人")
    at = models.DateTimeField("归档时间")
    frozen_at = models.DateTimeField("封存时间", null=True)
    claimed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField("原因", max_length=250, blank=True)
    digest = models.CharField("清单校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "归档文件"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["fonds_number", "year", "retention", "office_code", "item_number"], name="item_number_once"
            ),
            models.CheckConstraint(condition=Q(frozen_at__isnull=True) | ~Q(digest=""), name="frozen_has_digest"),
            one_of_both("item_of_one_paper"),
        ]
        indexes = [
            models.Index(fields=["fonds_number", "-at", "-id"], name="archive_newest"),
            models.Index(
                fields=["fonds_number", "expires_on", "id"], condition=Q(state="kept"), name="archive_expiring"
            ),
            models.Index(fields=["fonds_number", "year"], condition=Q(state="kept"), name="archive_to_transfer"),
            models.Index(fields=["at"], condition=Q(frozen_at=None), name="archive_to_freeze"),
        ]

    def __str__(self):
        return self.reference_code


def place_of(file, name: str) -> str:
    return f"archive/{file.item_id}/{name}"


class ArchivedFile(models.Model):
    """One file of an item, written once under a name of its own hash and never again."""

    class Part(models.TextChoices):
        ORIGINAL = "original", "正本"
        ARCHIVE = "archive", "长期保存版"
        PROOF = "proof", "定稿清样"
        TEXT = "text", "定稿"
        SHEET = "sheet", "发文稿纸"
        CASE = "case", "办文全程"
        ATTACHMENT = "attachment", "附件"
        OPINION = "opinion", "意见附件"
        HANDLING = "handling", "公文处理单"
        RECEIVED = "received", "来文"
        ENTRY = "entry", "登记内容"
        NOTE = "note", "办理附件"

    item = models.ForeignKey(ArchivalItem, models.PROTECT, related_name="files")
    order = models.PositiveSmallIntegerField("序号")
    part = models.CharField("成分", max_length=10, choices=Part.choices)
    title = models.CharField("名称", max_length=200)
    file = models.FileField("文件", upload_to=place_of)
    content_type = models.CharField("格式", max_length=100)
    size = models.PositiveBigIntegerField("大小")
    sha256 = models.CharField(max_length=64)
    sm3 = models.CharField(max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "归档件内文件"
        default_permissions = ("view",)
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["item", "order"], name="archived_file_order")]

    def __str__(self):
        return self.title


class LeftOut(OfPaper):
    """不归档: a paper sent out or closed that need not be kept, the ground (国家档案局令第8号 第四条) and by whom."""

    class Ground(models.TextChoices):
        DUPLICATE = "duplicate", "重份文件"
        NO_VALUE = "no_value", "无查考利用价值的事务性、临时性文件"
        LETTER = "letter", "一般性函件、介绍信"
        INTERNAL_CC = "internal_cc", "机关内部互相抄送的文件材料"
        REFERENCE = "reference", "供工作参阅的抄送文件"

    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="left_out")
    incoming = models.OneToOneField(Incoming, models.PROTECT, null=True, related_name="left_out")
    ground = models.CharField("不归档范围", max_length=12, choices=Ground.choices)
    reason = models.CharField("说明", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "不归档登记"
        default_permissions = ("view",)
        constraints = [one_of_both("left_out_of_one_paper")]

    def __str__(self):
        return f"{self.document_id or self.incoming_id} {self.get_ground_display()}"
