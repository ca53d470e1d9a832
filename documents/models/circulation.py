"""传阅 and 批示: the rounds an incoming paper makes, and every station of them with its times (条例 第二十四条(五))."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.incoming import Incoming
from officehub.people.models import Department, Person
from officehub.workdays.models import CountedLimit


class Proposal(models.Model):
    """拟办意见: what the office proposes is done with a paper, to which leaders, by whom and until when."""

    class State(models.TextChoices):
        ASKED = "asked", "待审定"
        APPROVED = "approved", "已审定"
        SENT_BACK = "sent_back", "已退回"
        DROPPED = "dropped", "不再适用"

    OVER = (State.SENT_BACK, State.DROPPED)

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="proposals")
    words = models.TextField("拟办意见")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="拟办人")
    at = models.DateTimeField("拟办时间")
    leaders = models.JSONField("拟送领导", default=list)  # ids, in order
    mode = models.CharField("送阅方式", max_length=10, default="in_order")
    concrete = models.BooleanField("有具体意见", default=True)  # then a leader's circle alone is consent
    lead = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="拟主办部门"
    )
    assisting = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name="拟协办部门")
    due_on = models.DateField("拟定时限", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审定人"
    )
    approved_at = models.DateTimeField("审定时间", null=True)
    answer = models.CharField("审定意见", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "拟办意见"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["incoming"],
                condition=~Q(state__in=["sent_back", "dropped"]),
                name="proposal_one_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(words=""), name="proposal_has_words"),
        ]

    def __str__(self):
        return self.words[:60]

    @property
    def leader_names(self) -> list[str]:
        """Of those it is to go to, in order."""
        people = Person.objects.in_bulk(self.leaders)
        return [people[pk].name for pk in self.leaders if pk in people]


class Circulation(models.Model):
    """One round of a paper: to be read (传阅), or to leaders for their instructions (批示)."""

    class Purpose(models.TextChoices):
        READ = "read", "传阅"
        INSTRUCT = "instruct", "批示"

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="circulations")
    purpose = models.CharField("目的", max_length=10, choices=Purpose.choices)
    asked = models.CharField("请阅批的事项", max_length=500, blank=True)
    has_request = models.BooleanField("有具体请求或拟办意见", default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "传阅"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["incoming"], condition=Q(closed_at=None), name="circulation_one_open")
        ]

    def __str__(self):
        return f"{self.incoming} {self.get_purpose_display()}"


class Hop(CountedLimit):
    """One station: whose it is (`person`), who has it for them (`asked`: themself, a delegate, their B岗), in and out.

    Stations of one `place` have the paper at once; a place opens when the one before it is empty. An instruction is
    signed with name and date and never changes; `seen_hash` is the register entry it was written on.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待送"
        OPEN = "open", "在阅"
        DONE = "done", "已阅"
        SKIPPED = "skipped", "已跳过"
        RECALLED = "recalled", "已收回"
        PASSED_ON = "passed_on", "已转请"

    class Manner(models.TextChoices):
        """What was done. A circle alone is read, or consent where something was asked (rules.md 1.7)."""

        WRITTEN = "written", "批示"
        CONSENT = "consent", "圈阅（视为同意）"
        READ = "read", "圈阅（已阅知）"

    PENDING = (State.WAITING, State.OPEN)

    circulation = models.ForeignKey(Circulation, models.PROTECT, related_name="hops")
    place = models.PositiveSmallIntegerField("站次")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="阅件人")
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="代办人"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    in_at = models.DateTimeField("送达", null=True)
    out_at = models.DateTimeField("送出", null=True)
    due_at = models.DateTimeField("时限", null=True)
    due_provisional = models.BooleanField(default=False)
    manner = models.CharField("方式", max_length=8, choices=Manner.choices, blank=True)
    words = models.TextField("批示或批注", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签批人")
    seen_hash = models.CharField("所见登记内容", max_length=64, blank=True)
    reason = models.CharField("理由", max_length=500, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    alarmed_at = models.DateTimeField("超时提醒", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "传阅站"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["circulation", "person"], condition=Q(state__in=["waiting", "open"]), name="hop_pending_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(in_at__isnull=False) | Q(out_at__isnull=False), name="hop_has_in_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "open"], out_at=None)
                | (~Q(state__in=["waiting", "open"]) & Q(out_at__isnull=False)),
                name="hop_has_out_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(manner="") & Q(by__isnull=False) & ~Q(seen_hash="")),
                name="hop_done_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["skipped", "recalled"]) | ~Q(reason=""), name="hop_set_aside_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="open", alarmed_at=None), name="hop_to_alarm"),
            models.Index(fields=["person"], condition=Q(state__in=["waiting", "open"]), name="hop_pending"),
            models.Index(
                fields=["id"], condition=Q(state="open") & ~Q(asked=models.F("person")), name="hop_stood_in_for"
            ),
        ]

    def __str__(self):
        return f"{self.circulation_id}/{self.place} {self.person}"
