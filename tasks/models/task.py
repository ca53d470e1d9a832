"""The task: what somebody is to do, why, for whom, by when, and how far it is."""

from datetime import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from documents.models import Document, Incoming
from officehub.moves import Move
from officehub.people.grants import visible_to
from officehub.people.models import Department, Organ
from officehub.workdays.arithmetic import Unit

URGENCIES = ("特急", "加急")


class Signal(models.TextChoices):
    """How a task stands by its limit (rules.md 3.3); the colour is the page's."""

    ON_TRACK = "on_track", "正常"
    DUE_SOON = "due_soon", "临近时限"
    OVERDUE = "overdue", "超期"
    CLOSED_ON_TIME = "closed_on_time", "按时办结"
    CLOSED_LATE = "closed_late", "超期办结"
    NONE = "none", "未计时"


class TaskYear(models.Model):
    """The counter of an organ's tasks in one year. Its row is the lock under which the next number is taken."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "任务年度编号"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["organ", "year"], name="task_year")]

    def __str__(self):
        return f"{self.organ}〔{self.year}〕"


class TaskQuerySet(models.QuerySet):
    def visible_to(self, person, now):
        """What this person may open; strangers get nothing, so their page is a 404 (who: `tasks/who.py`)."""
        return visible_to(self, person, now)

    def open(self):
        """What somebody still has to do."""
        return self.filter(state__in=Task.OPEN)

    def overdue(self, now: datetime):
        """Derived, never a state: the limit has passed and the task is not closed."""
        return self.open().filter(due_at__lt=now)


class Task(models.Model):
    """One thing given to somebody to do by a time, from its draft to its verification.

    A task gets its number when it is first assigned. `first_due_at` is the limit it was first given and never changes:
    extensions, re-dating and the calendar move `due_at` only.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ASSIGNED = "assigned", "待签收"
        ALLOCATED = "allocated", "待承办人签收"
        SENT_BACK = "sent_back", "已退回"
        IN_PROGRESS = "in_progress", "办理中"
        SUBMITTED = "submitted", "待核验"
        CLOSED = "closed", "已办结"
        CANCELLED = "cancelled", "已撤销"

    class Kind(models.TextChoices):
        TASK = "task", "任务"
        INSTRUCTION = "instruction", "领导交办"
        REQUEST = "request", "服务事项"

    class Source(models.TextChoices):
        NONE = "none", "日常工作"
        DOCUMENT = "document", "发文"
        INCOMING = "incoming", "来文"
        MEETING = "meeting", "会议议定"
        INSTRUCTION = "instruction", "领导批示"
        OTHER = "other", "其他"

    class Importance(models.IntegerChoices):
        NORMAL = 0, "一般"
        IMPORTANT = 1, "重要"
        MAJOR = 2, "重大"

    OPEN = (State.ASSIGNED, State.ALLOCATED, State.SENT_BACK, State.IN_PROGRESS, State.SUBMITTED)
    ENDED = (State.CLOSED, State.CANCELLED)
    UNDER_WAY = (State.ASSIGNED, State.ALLOCATED, State.IN_PROGRESS)  # in the hands of whoever is to do it
    MOVES = {
        "assign": Move((State.DRAFT, State.SENT_BACK), State.ASSIGNED),
        "reassign": Move(UNDER_WAY, State.ASSIGNED),  # 改派: to another unit or person
        "allocate": Move((State.ASSIGNED,), State.ALLOCATED),  # the unit's head names who does it
        "accept": Move((State.ASSIGNED, State.ALLOCATED), State.IN_PROGRESS),
        "hand_back": Move((State.ALLOCATED,), State.ASSIGNED),  # who was named gives it back to the head
        "send_back": Move((State.ASSIGNED,), State.SENT_BACK),  # to the assigner, who reassigns or cancels
        "change_lead": Move((State.ALLOCATED, State.IN_PROGRESS), State.ALLOCATED),
        "report": Move((State.IN_PROGRESS,), State.IN_PROGRESS),
        "submit": Move((State.IN_PROGRESS,), State.SUBMITTED),
        "withdraw": Move((State.SUBMITTED,), State.IN_PROGRESS),
        "close": Move((State.SUBMITTED,), State.CLOSED),
        "return_": Move((State.SUBMITTED,), State.IN_PROGRESS),
        "reopen": Move((State.CLOSED,), State.IN_PROGRESS),
        "reopen_anew": Move((State.CLOSED,), State.ASSIGNED),  # whoever did it has left: the unit names another
        "cancel": Move((State.DRAFT, *OPEN), State.CANCELLED),
        "restore": Move((State.CANCELLED,), State.SENT_BACK),  # to be assigned anew
        "restore_draft": Move((State.CANCELLED,), State.DRAFT),
    }

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="交办机关", related_name="tasks")
    year = models.PositiveSmallIntegerField("年份", null=True, blank=True)
    seq = models.PositiveIntegerField("顺序号", null=True, blank=True, validators=[MinValueValidator(1)])
    number = models.CharField("编号", max_length=40, blank=True)
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.TASK)
    title = models.CharField("任务名称", max_length=200)
    details = models.TextField("具体要求", blank=True)

    source = models.CharField("任务来源", max_length=12, choices=Source.choices, default=Source.NONE)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="依据的发文"
    )
    incoming = models.ForeignKey(
        Incoming, models.PROTECT, null=True, blank=True, related_name="tasks", verbose_name="依据的来文"
    )
    source_text = models.CharField("来源说明", max_length=200, blank=True)  # which meeting, whose instruction
    source_sentence = models.CharField("原文", max_length=500, blank=True)  # the words it comes from

    importance = models.PositiveSmallIntegerField("重要程度", choices=Importance.choices, default=Importance.NORMAL)
    urgency = models.CharField("紧急程度", max_length=4, blank=True, choices=[(u, u) for u in URGENCIES])
    evidence_asked = models.CharField("须提交的佐证材料", max_length=300, blank=True)
    evidence_file = models.BooleanField("须附文件", default=False)

    assigner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks_assigned", verbose_name="交办人"
    )
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tasks_verified", verbose_name="核验人"
    )
    lead_unit = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="tasks_led", verbose_name="牵头单位"
    )
    lead_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="tasks_led", verbose_name="承办人"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="责任人"
    )

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="上级任务"
    )
    depth = models.PositiveSmallIntegerField("层级", default=0)

    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间")
    sort_at = models.DateTimeField(editable=False)
    assigned_at = models.DateTimeField("交办时间", null=True, blank=True)
    starts_at = models.DateTimeField("计时起点", null=True, blank=True)  # from which the limit was counted
    limit_value = models.PositiveSmallIntegerField("时限", null=True, blank=True)  # none when a day was named
    limit_unit = models.CharField("时限单位", max_length=14, choices=Unit.choices, blank=True)
    due_at = models.DateTimeField("办理时限", null=True, blank=True)
    due_provisional = models.BooleanField("时限按推算", default=False)
    first_due_at = models.DateTimeField("原定时限", null=True, blank=True)

    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    percent = models.PositiveSmallIntegerField("进度", default=0, validators=[MaxValueValidator(100)])
    reason = models.CharField("退回或撤销的理由", max_length=500, blank=True)
    returned = models.PositiveSmallIntegerField("退回重办次数", default=0)
    reopened = models.PositiveSmallIntegerField("重新办理次数", default=0)
    extended = models.PositiveSmallIntegerField("延期次数", default=0)
    submitted_at = models.DateTimeField("提交核验时间", null=True, blank=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核验办结人"
    )

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "seq"], name="task_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | (Q(seq__isnull=False) & ~Q(number="")),
                name="task_assigned_has_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(due_at__isnull=False, first_due_at__isnull=False),
                name="task_assigned_has_limit",
                violation_error_message="交办的任务须明确办理时限。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled", "sent_back"])
                | Q(lead_unit__isnull=False)
                | Q(lead_person__isnull=False),
                name="task_assigned_has_lead",
                violation_error_message="交办的任务须明确牵头单位或承办人。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["allocated", "in_progress", "submitted", "closed"])
                | Q(lead_person__isnull=False),
                name="task_under_way_has_person",
            ),
            models.CheckConstraint(condition=Q(percent__lte=100), name="task_percent_to_100"),
            models.CheckConstraint(
                condition=(Q(state="closed") & Q(closed_at__isnull=False, closed_by__isnull=False))
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
                name="task_closed_when_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | ~Q(closed_by=F("lead_person")),
                name="task_closed_by_another",
                violation_error_message="核验须由承办人以外的人办理。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent_back", "cancelled"]) | ~Q(reason=""),
                name="task_ended_with_reason",
                violation_error_message="退回、撤销须写明理由。",
            ),
            models.CheckConstraint(
                condition=~Q(source="document") | Q(document__isnull=False), name="task_source_document"
            ),
            models.CheckConstraint(
                condition=~Q(source="incoming") | Q(incoming__isnull=False), name="task_source_incoming"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, depth=0) | Q(parent__isnull=False, depth__gte=1), name="task_depth"
            ),
        ]
        indexes = [
            models.Index(F("sort_at").desc(), F("id").desc(), name="task_newest"),
            models.Index(F("lead_person"), F("sort_at").desc(), F("id").desc(), name="task_of_lead"),
            models.Index(F("assigner"), F("sort_at").desc(), F("id").desc(), name="task_of_assigner"),
            models.Index(
                F("verifier"),
                F("sort_at").desc(),
                F("id").desc(),
                condition=Q(state="submitted"),
                name="task_to_verify",
            ),
            models.Index(F("lead_unit"), F("sort_at").desc(), F("id").desc(), name="task_of_unit"),
            models.Index(
                fields=["lead_person", "due_at", "id"],
                condition=Q(state__in=["assigned", "allocated", "sent_back", "in_progress", "submitted"]),
                name="task_due_of_lead",
            ),
            models.Index(
                fields=["lead_unit", "due_at", "id"],
                condition=Q(state__in=["assigned", "allocated", "sent_back", "in_progress", "submitted"]),
                name="task_due_of_unit",
            ),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=["assigned", "allocated", "sent_back", "in_progress", "submitted"]),
                name="task_due",
            ),
            models.Index(fields=["number"], name="task_number"),
        ]

    def __str__(self):
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def was_extended(self) -> bool:
        """Whether its limit is another than the one first given, by somebody's decision."""
        return self.extended > 0

    def is_overdue(self, now: datetime) -> bool:
        return self.is_open and self.due_at is not None and self.due_at < now

    def is_past_original(self, now: datetime) -> bool:
        """Whether the limit first given has passed (or had passed when it was closed), whatever was agreed since."""
        return self.first_due_at is not None and self.first_due_at < (self.closed_at or now)

    def signal(self, now: datetime, soon: datetime) -> str:
        """How it stands by its limit; `soon` is the moment up to which a limit counts as near."""
        if self.state == self.State.CLOSED and self.due_at and self.closed_at:
            return Signal.CLOSED_ON_TIME if self.submitted_in_time() else Signal.CLOSED_LATE
        if not self.is_open or self.due_at is None:
            return Signal.NONE
        if self.due_at < now:
            return Signal.OVERDUE
        return Signal.DUE_SOON if self.due_at <= soon else Signal.ON_TRACK

    def submitted_in_time(self) -> bool:
        """Whether it was handed in by its limit: how long the verifier takes is not the doer's."""
        return bool(self.due_at and (self.submitted_at or self.closed_at) <= self.due_at)
