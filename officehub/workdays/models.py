"""The office's calendar, one row per day that somebody has confirmed or that differs from plain weekdays; what was
changed in it, for good; and the limits that moved thereby."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from officehub.workdays.calendar import Unit


class CalendarDay(models.Model):
    """Whether a day is worked. Days without a row follow the weekday and count as provisional (按推算).

    A day of local rule (全国年节及纪念日放假办法 第四条, or the office's own) stands: no later national list takes it
    back; only a hand or another local list does.
    """

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("来源", max_length=200)
    confirmed = models.BooleanField("已确认", default=True, help_text="国务院办公厅或本地已发文确认")
    is_local = models.BooleanField(
        "本地规定", default=False, db_default=False, help_text="民族自治地方等本地假日；导入国家安排时保留不动"
    )

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["-date"]

    def __str__(self):
        return f"{self.date} {'上班' if self.is_workday else '休息'}"


class CountedLimit(models.Model):
    """How a limit was made: so many units from a moment. An empty unit: somebody chose it, or there is none."""

    due_from = models.DateTimeField("时限起算", null=True, blank=True)
    due_value = models.PositiveSmallIntegerField("时限", null=True, blank=True)
    due_unit = models.CharField("时限单位", max_length=14, blank=True, choices=Unit.choices, db_default="")

    class Meta:
        abstract = True


class CalendarChange(models.Model):
    """One import or one edit: which days it changed, and how far the open limits have been counted anew since."""

    class How(models.TextChoices):
        LIST = "list", "导入"
        DAY = "day", "单日修改"

    how = models.CharField("方式", max_length=4, choices=How.choices)
    year = models.PositiveSmallIntegerField("年份", null=True)
    source = models.CharField("来源", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")
    first = models.DateField("最早一天")
    last = models.DateField("最后一天")
    settled = models.PositiveIntegerField("不再按推算", default=0)
    owner = models.CharField(max_length=60, blank=True)  # whose limits are being counted, and up to which
    after = models.BigIntegerField(default=0)
    pass_began_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField("重算完毕", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历变更"
        default_permissions = ("view",)
        ordering = ["-id"]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="calendar_change_open")]

    def __str__(self):
        return f"{self.year or ''}{self.get_how_display()} {self.source}".strip()


class DayChange(models.Model):
    """What a day was and became; never changed afterwards (`guard`). None: there was, or is, no row."""

    change = models.ForeignKey(CalendarChange, models.PROTECT, related_name="days")
    date = models.DateField("日期")
    at = models.DateTimeField("时间")
    was = models.JSONField("原为", null=True)  # {"is_workday", "name", "source", "confirmed", "is_local"}
    became = models.JSONField("改为", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "日历变更明细"
        default_permissions = ("view",)
        ordering = ["date"]
        constraints = [models.UniqueConstraint(fields=["change", "date"], name="day_changed_once")]
        indexes = [models.Index(fields=["at"], name="day_change_at")]

    def __str__(self):
        return str(self.date)


class MovedLimit(models.Model):
    """An open limit that another date was counted for: what, whose, from when to when."""

    change = models.ForeignKey(CalendarChange, models.PROTECT, related_name="moves")
    row_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    row_id = models.PositiveBigIntegerField()
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    verb = models.CharField("事项", max_length=24)
    title = models.CharField("标题", max_length=250)
    reference = models.CharField("件号", max_length=80, blank=True)
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="承办人")
    was = models.DateTimeField("原时限")
    became = models.DateTimeField("现时限")
    provisional = models.BooleanField("仍按推算", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "变动时限"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["change", "row_type", "row_id"], name="moved_once_a_change"),
            models.CheckConstraint(condition=~Q(was=F("became")), name="moved_is_another_date"),
        ]

    def __str__(self):
        return f"{self.verb} {self.title}"
