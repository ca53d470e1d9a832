"""公开属性 of issued papers: what was confirmed, by when it is to be published, where it was, and the reviews."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from documents.keeping.grounds import GROUNDS
from documents.models.document import Document
from officehub.people.models import Organ


class DisclosureRecord(models.Model):
    """One issued paper and the public (政府信息公开条例). The signed text keeps what the signer confirmed; here stands
    what holds today.
    """

    class Status(models.TextChoices):
        PROACTIVE = "主动公开", "主动公开"
        ON_REQUEST = "依申请公开", "依申请公开"
        EXEMPT = "不予公开", "不予公开"

    class Channel(models.TextChoices):  # 条例 第二十三条
        SITE = "site", "政府网站"
        GAZETTE = "gazette", "政府公报"
        BOARD = "board", "公告栏、电子信息屏"
        MEDIA = "media", "新闻媒体"
        OTHER = "other", "其他方式"

    document = models.OneToOneField(Document, models.PROTECT, related_name="disclosure")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="发文机关")
    status = models.CharField("公开属性", max_length=5, choices=Status.choices)
    ground = models.CharField("不予公开的情形", max_length=20, choices=GROUNDS, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    formed_on = models.DateField("成文日期")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="确认人")
    confirmed_at = models.DateTimeField("确认时间")
    publish_by = models.DateField("公开时限", null=True)
    provisional = models.BooleanField("时限按推算", default=False)
    counted_from = models.DateField("时限起算", null=True)
    published_on = models.DateField("公开日期", null=True)
    channel = models.CharField("公开方式", max_length=8, choices=Channel.choices, blank=True)
    place = models.CharField("公开位置", max_length=300, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    review_on = models.DateField("应审查日期", null=True)
    review_asked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=0)
    ended = models.CharField("效力", max_length=60, blank=True)  # 撤销、废止、修改: what became of the paper

    class Meta:
        verbose_name = verbose_name_plural = "公开登记"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | (~Q(channel="") & Q(published_by__isnull=False)),
                name="published_somewhere_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("formed_on")),
                name="published_after_formed",
                violation_error_message="公开日期不能早于成文日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "status", "-formed_on", "-id"], name="disclosure_ledger"),
            models.Index(
                fields=["organ", "publish_by", "id"],
                condition=Q(publish_by__isnull=False, published_on=None),
                name="disclosure_awaited",
            ),
            models.Index(
                fields=["organ", "review_on", "id"], condition=Q(review_on__isnull=False), name="disclosure_reviews"
            ),
            models.Index(
                fields=["review_on"], condition=Q(review_on__isnull=False, review_asked=False), name="disclosure_to_ask"
            ),
        ]

    def __str__(self):
        return f"{self.document_id} {self.status}"


class DisclosureReview(models.Model):
    """定期审查 (条例 第十八条): what was decided of a paper not public, by whom and why. Rows are only added."""

    record = models.ForeignKey(DisclosureRecord, models.PROTECT, related_name="reviews")
    was = models.CharField("原公开属性", max_length=5, choices=DisclosureRecord.Status.choices)
    now = models.CharField("审查后", max_length=5, choices=DisclosureRecord.Status.choices)
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="审查人")
    at = models.DateTimeField("审查时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开审查"
        default_permissions = ("view",)
        ordering = ["-id"]

    def __str__(self):
        return f"{self.record_id} {self.was}→{self.now}"
