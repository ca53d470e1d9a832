"""A run of a route for one subject: its visits to the stages, and the steps people take in them."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from officehub.approvals.models.routes import RouteVersion, Stage
from officehub.files.models import StoredFile
from officehub.people.models import Department
from officehub.workdays.models import CountedLimit


class Run(models.Model):
    """One subject on its way through one version of a route; or, with a `parent`, a department's own way inside one
    step of it.

    `beat` counts every change: bumping it is the lock that makes deciders of one subject follow each other. Runs inside
    a run are held by the outer one's beat.
    """

    class State(models.TextChoices):
        RUNNING = "running", "审批中"
        SUSPENDED = "suspended", "已中止"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"
        TERMINATED = "terminated", "已终止"
        AGREED = "agreed", "已通过"

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    version = models.ForeignKey(RouteVersion, models.PROTECT, related_name="runs")
    parent = models.ForeignKey("Step", models.PROTECT, null=True, related_name="inside", verbose_name="所属会签")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name="部门")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    beat = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=dict)
    carry = models.JSONField(
        default=dict
    )  # stage id -> the visit whose consents hold when it is visited straight again
    applied = models.JSONField(default=list)  # the stages (by id) that applied when it agreed
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="runs_started")
    started_at = models.DateTimeField("发起时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审批"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id"], condition=Q(parent=None), name="one_run_a_subject"
            ),
            models.UniqueConstraint(fields=["parent"], condition=Q(parent__isnull=False), name="one_run_inside"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["running", "suspended", "returned", "withdrawn", "terminated", "agreed"],
                ),
                name="run_state_known",
            ),
        ]
        indexes = [
            models.Index(F("started_by"), F("started_at").desc(), F("id").desc(), name="run_started_by"),
            models.Index(fields=["subject_type", "subject_id"], name="run_subject"),
            models.Index(fields=["id"], condition=Q(state="running"), name="run_running"),
        ]

    def __str__(self):
        return f"{self.subject_id} {self.get_state_display()}"

    @property
    def root(self) -> "Run":
        """The subject's own run, of which this is one or inside which it is."""
        return self.parent.run if self.parent else self


class Visit(models.Model):
    """One time a run stood at a stage. At most one visit of a stage stands at any time; the others fell."""

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        PASSED = "passed", "已办"
        SKIPPED = "skipped", "跳过"
        FELL = "fell", "已失效"

    STANDING = (State.OPEN, State.PASSED, State.SKIPPED)

    run = models.ForeignKey(Run, models.PROTECT, related_name="visits")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField("轮次")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField("开始时间")
    closed_at = models.DateTimeField("结束时间", null=True)

    all_steps: list["Step"]  # every step of it, where a case has read them

    class Meta:
        verbose_name = verbose_name_plural = "环节经过"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "stage"], condition=Q(state__in=["open", "passed", "skipped"]), name="visit_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state__in=["passed", "skipped", "fell"], closed_at__isnull=False),
                name="visit_closed",
            ),
        ]

    def __str__(self):
        return f"{self.stage} {self.get_state_display()}"


class Step(CountedLimit):
    """One person's part in one visit: asked, answered, handed on, or no longer needed."""

    class State(models.TextChoices):
        OPEN = "open", "待办理"
        WAITING = "waiting", "待前序"
        ASSISTED = "assisted", "委派中"
        INSIDE = "inside", "部门办理中"
        AGREED = "agreed", "同意"
        DISAGREED = "disagreed", "不同意"
        RETURNED = "returned", "退回"
        TRANSFERRED = "transferred", "转办"
        TAKEN_BACK = "taken_back", "已拿回"
        REMOVED = "removed", "减签"
        CANCELLED = "cancelled", "无须办理"

    PENDING = (State.OPEN, State.WAITING, State.ASSISTED, State.INSIDE)
    CONSENTS = (State.AGREED, State.DISAGREED)  # what counts towards the end of a visit
    DECIDED = (*CONSENTS, State.RETURNED, State.TRANSFERRED, State.TAKEN_BACK)

    class Manner(models.TextChoices):
        WRITTEN = "written", "签署意见"
        CIRCLED = "circled", "圈阅"
        SILENT = "silent", "逾期未复，视为无不同意见"
        MERGED = "merged", "与上一环节同一人，免签"
        CARRIED = "carried", "文稿未改，前次意见有效"
        INSIDE = "inside", "部门内部流程办理"
        HANDED = "handed", "离岗移交"

    class Origin(models.TextChoices):
        ROUTE = "route", "流程规定"
        ADDED = "added", "加签"
        TRANSFERRED = "transferred", "转办"

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="受谁委托"
    )
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name="代表部门")
    origin = models.CharField("来由", max_length=12, choices=Origin.choices, default=Origin.ROUTE)
    from_step = models.ForeignKey("self", models.PROTECT, null=True, related_name="made", verbose_name="由谁转来")
    blocked_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="blocks", verbose_name="先由谁办")
    votes = models.PositiveSmallIntegerField("票数", default=1)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.OPEN)
    manner = models.CharField("办理方式", max_length=8, choices=Manner.choices, default=Manner.WRITTEN)
    stands = models.BooleanField("有效", default=True)
    asked = models.PositiveSmallIntegerField("第几次送达", default=1)
    opened_at = models.DateTimeField("送达时间")
    due_at = models.DateTimeField("时限")
    due_provisional = models.BooleanField("时限按推算", default=False)
    decided_at = models.DateTimeField("办理时间", null=True)
    opinion = models.TextField("意见", max_length=2000, blank=True)
    content_hash = models.CharField("所见文本", max_length=64, blank=True)
    extra = models.JSONField(default=dict)
    effects = models.JSONField("带来的变化", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "审批环节"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "approver"],
                condition=Q(acting_for=None, stands=True)
                & Q(state__in=["open", "waiting", "assisted", "inside", "agreed", "disagreed"]),
                name="step_once",
            ),
            models.UniqueConstraint(
                fields=["visit", "approver", "acting_for"],
                condition=Q(acting_for__isnull=False, stands=True)
                & Q(state__in=["open", "waiting", "assisted", "inside", "agreed", "disagreed"]),
                name="step_once_for",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "waiting", "assisted", "inside"], decided_at=None)
                | Q(state__in=["cancelled", "removed"])
                | (
                    Q(
                        state__in=["agreed", "disagreed", "returned", "transferred", "taken_back"],
                        decided_at__isnull=False,
                    )
                    & ~Q(content_hash="")
                ),
                name="step_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "disagreed", "transferred"]) | ~Q(opinion=""),
                name="step_return_reason",
                violation_error_message="退回、不同意、转办须写明理由。",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state__in=["open", "inside"]), name="step_due"),
        ]

    def __str__(self):
        return f"{self.stage} {self.approver}"

    @property
    def key(self) -> str:
        """The errand of this step in the inbox; asked again after an assistant's opinion, it is another errand."""
        return f"step:{self.pk}:{self.asked}"

    @property
    def principal_id(self) -> int:
        """Whose place this step fills: the one who was asked, not who acts for them."""
        return self.acting_for_id or self.approver_id

    @property
    def merged(self) -> bool:
        return self.manner == self.Manner.MERGED

    @property
    def consented(self) -> bool:
        """Whether this counts as an agreement."""
        return self.stands and self.state == self.State.AGREED


class Advice(CountedLimit):
    """An opinion asked for beside the course: of an assistant, who has the matter meanwhile (委派), or of somebody
    consulted, for whom nobody waits (征求意见)."""

    class Sort(models.TextChoices):
        ASSIST = "assist", "委派"
        CONSULT = "consult", "征求意见"

    class State(models.TextChoices):
        OPEN = "open", "待答复"
        ANSWERED = "answered", "已答复"
        CANCELLED = "cancelled", "已收回"

    run = models.ForeignKey(Run, models.PROTECT, related_name="advice")
    step = models.ForeignKey(Step, models.PROTECT, related_name="advice", verbose_name="由谁提出")
    sort = models.CharField("性质", max_length=8, choices=Sort.choices)
    adviser = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人")
    question = models.TextField("事项", max_length=500, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    asked_at = models.DateTimeField("提出时间")
    due_at = models.DateTimeField("时限")
    due_provisional = models.BooleanField("时限按推算", default=False, db_default=False)
    answered_at = models.DateTimeField("答复时间", null=True)
    answer = models.TextField("答复", max_length=2000, blank=True)
    content_hash = models.CharField("所见文本", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "征询意见"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["step", "adviser"], condition=Q(state="open"), name="advice_asked_once"),
            models.UniqueConstraint(
                fields=["step"], condition=Q(state="open", sort="assist"), name="one_assistant_at_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | (Q(answered_at__isnull=False) & ~Q(answer="") & ~Q(content_hash="")),
                name="advice_answer_complete",
            ),
        ]

    def __str__(self):
        return f"{self.get_sort_display()} {self.adviser}"

    @property
    def key(self) -> str:
        return f"advice:{self.pk}"


class OpinionFile(models.Model):
    """A file that came with an opinion."""

    step = models.ForeignKey(Step, models.PROTECT, related_name="files", verbose_name="环节")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "意见附件"
        default_permissions = ()
        ordering = ["id"]

    def __str__(self):
        return self.stored.name


class Bypass(models.Model):
    """A separation of duties that was set aside, with the reason (R30); what the report of bypasses lists."""

    step = models.OneToOneField(Step, models.PROTECT, related_name="bypass", verbose_name="环节")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="人员")
    rule = models.CharField("规则", max_length=8)
    what = models.CharField("情形", max_length=60)
    reason = models.CharField("理由", max_length=200)
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "分离例外"
        default_permissions = ("view",)
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="bypass_reason", violation_error_message="例外须写明理由。"
            )
        ]
        indexes = [models.Index(F("at").desc(), F("id").desc(), name="bypass_list")]

    def __str__(self):
        return f"{self.rule} {self.by}"


class StockPhrase(models.Model):
    """A person's own stock opinion."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="stock_phrases")
    text = models.CharField("常用语", max_length=60)
    order = models.PositiveSmallIntegerField(default=100)

    class Meta:
        verbose_name = verbose_name_plural = "常用语"
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["person", "text"], name="stock_phrase_once")]

    def __str__(self):
        return self.text
