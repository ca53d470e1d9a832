"""Number series and the register of numbers given (条例 第二十五条(二))."""

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q

from documents.models.document import Document
from officehub.people.models import Organ


class Series(models.Model):
    """One run of numbers under an organ's code. It starts again at 1 every year (GB/T 9704 7.2.5); orders run on by the
    term of office (10.2). `year` of its counters and numbers is the `period` they run in."""

    class Form(models.TextChoices):
        YEARLY = "year", "代字〔年份〕顺序号，如“云政发〔2026〕3号”"
        ORDER = "order", "令号，按届连续，印作“第3号”"
        ISSUE = "issue", "期号，按年连续，印作“第3期”"

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="发文机关", related_name="series")
    code = models.CharField(
        "机关代字",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[\u4e00-\u9fa5A-Za-z]+$", "机关代字只能是汉字和字母，如“云政办发”。")],
    )
    kinds = models.JSONField("用于文种", default=list, blank=True, help_text='如 ["函"]；空即其余文种')
    form = models.CharField("编号方式", max_length=8, choices=Form.choices, default=Form.YEARLY, db_default=Form.YEARLY)
    term_from = models.PositiveSmallIntegerField(
        "本届起始年份",
        null=True,
        blank=True,
        validators=[MinValueValidator(1949)],
        help_text="只用于令号。换届后改为新一届的起始年份，令号从第1号重新编；历届连续编号的不填。",
    )
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "文号系列"
        ordering = ["organ", "code"]

    def __str__(self):
        return self.code

    def period(self, year: int) -> int:
        """What a number taken in a year is counted in: that year; of orders the term of office, by the year it began,
        or 0 when they run on through all terms."""
        return (self.term_from or 0) if self.form == self.Form.ORDER else year

    def run(self, period: int) -> str:
        """The beginning that all numbers of one period share: 云政发〔2026〕."""
        return f"{self.code}〔{period}〕" if period else self.code

    def number(self, period: int, seq: int) -> str:
        """A number in full, as it is registered and cited here. On an order or minutes only 第3号, 第3期 is printed,
        below the name (`paper.head.number_text`)."""
        ends = {self.Form.YEARLY: f"{seq}号", self.Form.ORDER: f"第{seq}号", self.Form.ISSUE: f"第{seq}期"}
        return self.run(period) + ends[self.Form(self.form)]


class NumberYear(models.Model):
    """The counter of a series in one year. Its row is the lock under which the next number is taken.

    `opening` numbers were used before this system was: they are explained as one range and have no entries.
    """

    series = models.ForeignKey(Series, models.PROTECT, related_name="years", verbose_name="系列")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)
    opening = models.PositiveIntegerField("启用前已用到", default=0)
    opening_reason = models.CharField("启用前号码说明", max_length=100, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    opened_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "年度编号"
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="series_year"),
            models.CheckConstraint(
                condition=Q(opening=0) | (~Q(opening_reason="") & Q(opened_by__isnull=False)),
                name="opening_explained",
                violation_error_message="启用前已用的号须说明原因。",
            ),
            models.CheckConstraint(condition=Q(opening__lte=F("last")), name="opening_counted"),
        ]

    def __str__(self):
        return self.series.run(self.year)


class Reservation(models.Model):
    """A block of numbers set aside (预留): taken from the counter like any others, each waiting for its paper."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="reservations", verbose_name="系列")
    year = models.PositiveSmallIntegerField("年份")
    first = models.PositiveIntegerField("起号")
    last = models.PositiveIntegerField("止号")
    reason = models.CharField("事由", max_length=100)
    holder = models.CharField("留给", max_length=60)
    until = models.DateField("留到")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="预留人")
    at = models.DateTimeField("预留时间")
    told_at = models.DateTimeField("到期提醒时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "预留文号"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "first"], name="reserved_once"),
            models.CheckConstraint(condition=Q(first__gte=1, last__gte=F("first")), name="reserved_range"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(holder=""), name="reserved_explained"),
        ]
        indexes = [models.Index(fields=["until"], condition=Q(told_at=None), name="reserved_untold")]

    def __str__(self):
        numbers = f"{self.first}号" if self.first == self.last else f"{self.first}至{self.last}号"
        return f"{self.series.run(self.year)}{numbers}"


class NumberEntryQuerySet(models.QuerySet):
    def reserved(self):
        """Set aside, and waiting for a paper."""
        return self.filter(document=None, reason="", reservation__isnull=False)

    def void(self):
        """Empty for ever, with the reason why."""
        return self.filter(document=None).exclude(reason="")


class NumberEntry(models.Model):
    """One number, given once and for ever: to a paper, set aside for one, or kept empty with the reason why."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="entries", verbose_name="系列")
    year = models.PositiveSmallIntegerField("年份")
    seq = models.PositiveIntegerField("顺序号", validators=[MinValueValidator(1)])
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, blank=True, related_name="number_entry", verbose_name="公文"
    )
    reservation = models.ForeignKey(
        Reservation, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name="预留"
    )
    reason = models.CharField("空号说明", max_length=100, blank=True)
    at = models.DateTimeField("编号时间")
    emptied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作废人"
    )
    emptied_at = models.DateTimeField("作废时间", null=True)

    objects = NumberEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "发文字号登记"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["series", "year", "seq"], name="number_given_once"),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(reason="") | Q(reservation__isnull=False),
                name="number_explained",
                violation_error_message="没有公文的号须说明原因。",
            ),
            models.CheckConstraint(condition=Q(seq__gte=1), name="number_from_one"),
        ]
        indexes = [
            models.Index(F("at").desc(), F("id").desc(), name="number_newest"),
            models.Index(F("year"), F("at").desc(), F("id").desc(), name="number_newest_of_year"),
            models.Index(F("at").desc(), F("id").desc(), condition=Q(document=None), name="number_gaps"),
        ]

    def __str__(self):
        return self.series.number(self.year, self.seq)
