"""Number series and the register of numbers given (条例 第二十五条(二))."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from documents.models.document import Document
from officehub.people.models import Organ


class Series(models.Model):
    """One run of numbers: an organ's code; it starts again at 1 every year (GB/T 9704 7.2.5)."""

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="发文机关", related_name="series")
    code = models.CharField(
        "机关代字",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[\u4e00-\u9fa5A-Za-z]+$", "机关代字只能是汉字和字母，如“云政办发”。")],
    )
    kinds = models.JSONField("用于文种", default=list, blank=True, help_text='如 ["函"]；空即其余文种')
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "文号系列"
        ordering = ["organ", "code"]

    def __str__(self):
        return self.code


class NumberYear(models.Model):
    """The counter of a series in one year. Its row is the lock under which the next number is taken."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "年度编号"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="series_year")]

    def __str__(self):
        return f"{self.series}〔{self.year}〕"


class NumberEntry(models.Model):
    """One number, given once and for ever: to a paper, or kept empty with the reason why."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="entries", verbose_name="系列")
    year = models.PositiveSmallIntegerField("年份")
    seq = models.PositiveIntegerField("顺序号", validators=[MinValueValidator(1)])
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="number_entry", verbose_name="公文"
    )
    reason = models.CharField("空号说明", max_length=100, blank=True)
    at = models.DateTimeField("编号时间")

    class Meta:
        verbose_name = verbose_name_plural = "发文字号登记"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "seq"], name="number_given_once"),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(reason=""),
                name="number_explained",
                violation_error_message="没有公文的号须说明原因。",
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="number_from_one"),
        ]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="number_newest"),
            models.Index(F("year"), F("at").desc(), F("id").desc(), name="number_newest_of_year"),
        ]

    def __str__(self):
        return f"{self.series.code}〔{self.year}〕{self.seq}号"
