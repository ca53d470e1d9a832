"""A run of a route for one subject, and the steps people take in it."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q

from officehub.approvals.models.routes import RouteVersion, Stage


class Run(models.Model):
    """One subject on its way through one version of a route.

    `beat` counts every change: bumping it is the lock that makes deciders of one run follow each other.
    """

    class State(models.TextChoices):
        RUNNING = "running", "审批中"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"
        AGREED = "agreed", "已通过"

    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    version = models.ForeignKey(RouteVersion, models.PROTECT, related_name="runs")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.RUNNING)
    round = models.PositiveSmallIntegerField("轮次", default=1)
    beat = models.PositiveIntegerField(default=0)
    chosen = models.JSONField(default=dict)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="runs_started")
    started_at = models.DateTimeField("发起时间")
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "审批"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id"], name="one_run_a_subject"),
            models.CheckConstraint(
                condition=Q(state__in=["running", "returned", "withdrawn", "agreed"]), name="run_state_known"
            ),
        ]
        indexes = [models.Index(F("started_by"), F("started_at").desc(), F("id").desc(), name="run_started_by")]

    def __str__(self):
        return f"{self.subject_id} {self.get_state_display()}"


class Step(models.Model):
    """One person's part in one stage of one round: asked, answered, or no longer needed."""

    class State(models.TextChoices):
        OPEN = "open", "待办理"
        AGREED = "agreed", "同意"
        RETURNED = "returned", "退回"
        CANCELLED = "cancelled", "无须办理"

    run = models.ForeignKey(Run, models.PROTECT, related_name="steps")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="办理人")
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="受谁委托"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField("送达时间")
    due_at = models.DateTimeField("时限")
    due_provisional = models.BooleanField("时限按推算", default=False)
    decided_at = models.DateTimeField("办理时间", null=True)
    opinion = models.TextField("意见", max_length=2000, blank=True)
    content_hash = models.CharField("所见文本", max_length=64, blank=True)
    extra = models.JSONField(default=dict)
    merged = models.BooleanField("与上一环节同一人，免签", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "审批环节"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["run", "round", "stage", "approver"], condition=Q(acting_for=None), name="step_once"
            ),
            models.UniqueConstraint(
                fields=["run", "round", "stage", "approver", "acting_for"],
                condition=Q(acting_for__isnull=False),
                name="step_once_for",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None)
                | Q(state="cancelled")
                | (Q(state__in=["agreed", "returned"], decided_at__isnull=False) & ~Q(content_hash="")),
                name="step_decision_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(opinion=""),
                name="step_return_reason",
                violation_error_message="退回须写明理由。",
            ),
        ]

    def __str__(self):
        return f"{self.stage} {self.approver}"

    @property
    def key(self) -> str:
        """The errand of this step in the inbox; somebody who also acts for another has one for each."""
        return f"step:{self.round}:{self.stage_id}:{self.acting_for_id or self.approver_id}"


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
