"""The office's calendar: one row per day that somebody has confirmed, or that differs from plain weekdays."""

from django.db import models


class CalendarDay(models.Model):
    """Whether a day is worked. Days without a row follow the weekday and count as provisional (按推算)."""

    date = models.DateField("日期", primary_key=True)
    is_workday = models.BooleanField("上班")
    name = models.CharField("名称", max_length=40, blank=True)
    source = models.CharField("来源", max_length=60)
    confirmed = models.BooleanField("已确认", default=True, help_text="国务院办公厅或本地已发文确认")

    class Meta:
        verbose_name = verbose_name_plural = "工作日历"
        ordering = ["-date"]

    def __str__(self):
        return f"{self.date} {'上班' if self.is_workday else '休息'}"
