"""Templates of tasks, the rules by which a template becomes a task again and again, and what came of each time."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from officehub.moves import Move
from officehub.people.models import Department
from tasks.models.task import Task


class TaskTemplate(models.Model):
    """A task with blanks: one's own, or shared in a department. `fields` are those of a task, as plain JSON."""

    name = models.CharField("模板名称", max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    unit = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="共用的部门"
    )
    fields = models.JSONField("内容", default=dict)
    changed_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "任务模板"
        default_permissions = ("view",)
        indexes = [
            models.Index(fields=["owner", "name"], name="task_template_own"),
            models.Index(fields=["unit", "name"], condition=Q(unit__isnull=False), name="task_template_shared"),
        ]

    def __str__(self):
        return self.name


class Recurrence(models.Model):
    """定期任务: by which days its limits fall, how long before it is given out, and until when.

    A change applies to what is still to come.
    """

    class Every(models.TextChoices):
        WEEK = "week", "每周"
        MONTH = "month", "每月"
        YEAR = "year", "每年"

    class By(models.TextChoices):
        DAY = "day", "固定日期"
        WORKDAY = "workday", "第几个工作日"

    class Roll(models.TextChoices):
        """What becomes of a limit that falls on a day off."""

        FORWARD = "forward", "顺延到下一个工作日"
        BACK = "back", "提前到上一个工作日"

    class CatchUp(models.TextChoices):
        """What is given out of several that were missed."""

        LATEST = "latest", "只补最近一期"
        ALL = "all", "逐期补发"

    class State(models.TextChoices):
        ACTIVE = "active", "进行中"
        PAUSED = "paused", "已暂停"
        ENDED = "ended", "已结束"

    MOVES = {
        "pause": Move((State.ACTIVE,), State.PAUSED),
        "resume": Move((State.PAUSED,), State.ACTIVE),
        "end": Move((State.ACTIVE, State.PAUSED), State.ENDED),
    }

    template = models.ForeignKey(TaskTemplate, models.PROTECT, related_name="recurrences", verbose_name="模板")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="交办人")
    every = models.CharField("周期", max_length=5, choices=Every.choices)
    day_by = models.CharField("日期按", max_length=8, choices=By.choices, default=By.DAY)
    weekday = models.PositiveSmallIntegerField("星期", null=True, blank=True, validators=[MaxValueValidator(6)])
    month = models.PositiveSmallIntegerField(
        "月份", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(12)]
    )
    day = models.SmallIntegerField(
        "日", null=True, blank=True, help_text="负数从月末（周末、年末）数起，-1 为最后一个",
        validators=[MinValueValidator(-31), MaxValueValidator(260)],
    )  # fmt: skip
    roll = models.CharField("遇休息日", max_length=8, choices=Roll.choices, default=Roll.FORWARD)
    lead_days = models.PositiveSmallIntegerField("提前几个工作日交办", default=5, validators=[MaxValueValidator(120)])
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)
    catch_up = models.CharField("错过的", max_length=6, choices=CatchUp.choices, default=CatchUp.LATEST)
    state = models.CharField("状态", max_length=6, choices=State.choices, default=State.ACTIVE)
    next_on = models.DateField("下次交办日", null=True, blank=True)
    trouble = models.CharField("未能交办的原因", max_length=250, blank=True)
    made_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "定期任务"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="recurrence_range",
                violation_error_message="截止日期不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=(Q(every="week", day_by="day") & Q(weekday__isnull=False))
                | (~Q(every="week", day_by="day") & Q(day__isnull=False) & ~Q(day=0)),
                name="recurrence_names_its_day",
                violation_error_message="请指明是哪一天。",
            ),
            models.CheckConstraint(
                condition=~Q(every="year", day_by="day") | Q(month__isnull=False), name="recurrence_names_its_month"
            ),
        ]
        indexes = [
            models.Index(fields=["next_on", "id"], condition=Q(state="active"), name="recurrence_to_do"),
            models.Index(fields=["by", "id"], name="recurrence_of"),
        ]

    def __str__(self):
        return self.template.name


class Occurrence(models.Model):
    """What came of one period: its task, or that it was skipped or let go. One row a period, however often the job
    runs."""

    class State(models.TextChoices):
        MADE = "made", "已交办"
        SKIPPED = "skipped", "跳过"
        MISSED = "missed", "未补发"

    recurrence = models.ForeignKey(Recurrence, models.PROTECT, related_name="occurrences")
    period = models.CharField("期次", max_length=8)
    due_on = models.DateField("时限")
    state = models.CharField("状态", max_length=7, choices=State.choices)
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="occurrence", verbose_name="任务"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="跳过人"
    )
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "定期任务各期"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["recurrence", "period"], name="occurrence_once_a_period"),
            models.CheckConstraint(condition=~Q(state="made") | Q(task__isnull=False), name="occurrence_made_has_task"),
        ]

    def __str__(self):
        return f"{self.recurrence_id} {self.period}"
