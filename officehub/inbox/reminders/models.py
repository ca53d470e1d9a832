"""Rules of reminding, the ledger of what they planned, and the facts an errand's own row does not keep."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from officehub.workdays.arithmetic import FURTHEST, Unit

ORDINARY = "ordinary"


class RuleQuerySet(models.QuerySet):
    def in_force(self, at: datetime):
        """The rules as they stood at a moment, in the order of the ladder."""
        return self.filter(Q(until=None) | Q(until__gt=at), since__lte=at).order_by("unit", "offset", "id")


class ReminderRule(models.Model):
    """One step of the ladder of 催办. A row is never changed: an edit ends it and makes a new one."""

    class Audience(models.TextChoices):
        ASSIGNEE = "assignee", "承办人"
        HEAD = "head", "承办部门负责人"
        SUPERVISION = "supervision", "督查员"
        LEADER = "leader_in_charge", "分管领导"

    class Units(models.TextChoices):
        WORKING_DAYS = Unit.WORKING_DAYS.value, "工作日"
        HOURS = Unit.HOURS.value, "小时"

    step = models.CharField("环节", max_length=20, help_text="如“到期提醒”“督查催办”，收件人在消息中看到")
    verbs = models.JSONField("事项", default=list, blank=True, help_text="不选即全部事项")
    all_but = models.BooleanField("除所选事项外", default=False, help_text="勾选后，所选事项不适用，其余都适用")
    urgency = models.CharField(
        "紧急程度", max_length=8, blank=True, choices=[("特急", "特急"), ("加急", "加急"), (ORDINARY, "平件")],
        help_text="不选即不论缓急",
    )  # fmt: skip
    offset = models.SmallIntegerField("提前（负）或逾期（正）", help_text="以时限为零点：-3 为到期前三个工作日")
    unit = models.CharField("单位", max_length=12, choices=Units.choices, default=Units.WORKING_DAYS)
    audience = models.CharField("提醒谁", max_length=16, choices=Audience.choices, default=Audience.ASSIGNEE)
    urgent = models.BooleanField("立即告知", default=False, help_text="不避开夜间和休息日，也不并入每日摘要")
    drop_after_hours = models.PositiveSmallIntegerField(
        "停机后补发期限（小时）", null=True, blank=True,
        help_text="系统停机错过的，超过此时长不再补发，仍记入台账；不填则一律补发并注明“补发”",
    )  # fmt: skip
    since = models.DateTimeField("启用时间")
    until = models.DateTimeField("停用时间", null=True, blank=True)

    objects = RuleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒规则"
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=["assignee", "head", "supervision", "leader_in_charge"]),
                name="reminder_rule_audience_known",
            ),
            models.CheckConstraint(condition=Q(unit__in=["working_days", "hours"]), name="reminder_rule_unit_known"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="reminder_rule_range"),
        ]

    def __str__(self):
        return f"{self.step}（{self.when}，{self.get_audience_display()}）"

    @property
    def when(self) -> str:
        if not self.offset:
            return "到期"
        return f"{'提前' if self.offset < 0 else '逾期'} {abs(self.offset)} {self.get_unit_display()}"

    @property
    def days(self) -> float:
        """How far from the limit, to compare steps of either unit."""
        return self.offset / 24 if self.unit == self.Units.HOURS else self.offset

    def clean(self):
        if not isinstance(self.verbs, list) or not all(isinstance(verb, str) and verb for verb in self.verbs):
            raise ValidationError({"verbs": "事项须是事项名称的列表。"})
        if self.all_but and not self.verbs:
            raise ValidationError({"all_but": "请先选出不适用的事项。"})
        if self.offset is not None and abs(self.offset) > FURTHEST:
            raise ValidationError({"offset": f"至多提前或逾期 {FURTHEST}。"})

    def covers(self, verb: str, urgency: str) -> bool:
        """Whether errands of this verb and urgency are reminded of by this rule."""
        named = not self.verbs or (verb in self.verbs) != self.all_but
        return named and self.urgency in ("", urgency or ORDINARY)


class ReminderQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Planned, and its moment has come; the longest waiting first."""
        return self.filter(state=Reminder.State.PLANNED, moment__lte=now).order_by("moment", "id")

    def visible_to(self, person):
        """What a person was reminded of."""
        return self.filter(recipient=person, state__in=Reminder.SENT)


class Reminder(models.Model):
    """One reminder of one errand by one rule to one person at one moment, from its planning to its end.

    Until it falls due, the recipient of an escalation is empty: it goes to whoever holds the office then.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "待提醒"
        SENT = "sent", "已提醒"
        LATE = "late", "已补发"
        DROPPED = "dropped", "未发"
        CANCELLED = "cancelled", "已取消"

    class Reason(models.TextChoices):
        NONE = "", "—"
        DONE = "done", "事项已办结"
        REDATED = "redated", "时限已变更"
        SUPERSEDED = "superseded", "有更晚的提醒"
        TOO_OLD = "too_old", "超过补发期限"
        NOBODY = "nobody", "无人任此职"

    SENT = (State.SENT, State.LATE)

    item = models.ForeignKey("inbox.WorkItem", models.PROTECT, related_name="reminders", db_index=False)
    rule = models.ForeignKey(ReminderRule, models.PROTECT, related_name="+", db_index=False, verbose_name="规则")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name="收件人"
    )
    moment = models.DateTimeField("提醒时间")
    state = models.CharField("状态", max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField("原因", max_length=10, choices=Reason.choices, blank=True, default="")
    planned_at = models.DateTimeField("列入时间")
    settled_at = models.DateTimeField("处理时间", null=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "提醒台账"
        default_permissions = ("view",)
        constraints = [
            # the recipient comes last and never as NULL, which would be distinct from itself
            models.UniqueConstraint(F("item"), F("rule"), F("moment"), Coalesce("recipient", 0), name="reminder_once"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "sent", "late", "dropped", "cancelled"]), name="reminder_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "late"]) | Q(recipient__isnull=False), name="reminder_sent_to_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["moment", "id"], condition=Q(state="planned"), name="reminder_waiting"),
            models.Index(
                F("state"), F("id").desc(), condition=Q(state__in=["late", "dropped"]), name="reminder_out_of_order"
            ),
        ]

    def __str__(self):
        return f"{self.rule_id} {self.item_id} {self.moment:%Y-%m-%d %H:%M}"


class LimitChange(models.Model):
    """A fact, never changed: at a moment an errand was re-dated or asked again, and how it had stood until then."""

    item = models.ForeignKey("inbox.WorkItem", models.PROTECT, related_name="limit_changes")
    at = models.DateTimeField()
    opened_was = models.DateTimeField()
    due_was = models.DateTimeField(null=True)
    due_is = models.DateTimeField(null=True)
    done_was = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "时限变更"
        default_permissions = ("view",)

    def __str__(self):
        return f"{self.item_id} {self.due_was} → {self.due_is}"


class Watch(models.Model):
    """A fact: from one moment to another the sweep of reminders ran, and had sent whatever was due."""

    since = models.DateTimeField("自")
    until = models.DateTimeField("至")

    class Meta:
        verbose_name = verbose_name_plural = "提醒值守"
        default_permissions = ("view",)
        indexes = [models.Index(F("until").desc(), name="watch_last")]

    def __str__(self):
        return f"{self.since} – {self.until}"
