"""征求意见: which departments and units were asked about a draft, on which text, by when, and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document
from officehub.files.models import StoredFile
from officehub.moves import Move
from officehub.people.grants import GroupGrant, UserGrant, list_index, visible_to
from officehub.people.models import Department
from officehub.workdays.models import CountedLimit


class Outcome(models.TextChoices):
    """How talks over a disagreement ended (协商, 条例 第二十条)."""

    AGREED = "agreed", "协商一致"
    RULED = "ruled", "已报上级裁定"
    FAILED = "failed", "未能协商一致"


SETTLING = (Outcome.AGREED, Outcome.RULED)  # with which the paper may go down (条例 第十六条(四))


class Consultation(CountedLimit):
    """One round: a text frozen as it was sent, a question, and the day by which the answers are due."""

    class State(models.TextChoices):
        OPEN = "open", "征求中"
        CLOSED = "closed", "已结束"
        WITHDRAWN = "withdrawn", "已撤回"

    MOVES = {
        "close": Move((State.OPEN,), State.CLOSED),
        "withdraw": Move((State.OPEN,), State.WITHDRAWN),
    }

    document = models.ForeignKey(Document, models.PROTECT, related_name="consultations", verbose_name="公文")
    number = models.PositiveSmallIntegerField("轮次")
    question = models.TextField("事项", max_length=500, blank=True)
    content = models.JSONField("征求意见稿")
    content_hash = models.CharField("所送文本", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发起人")
    at = models.DateTimeField("发出时间")
    due_at = models.DateTimeField("答复时限")
    due_provisional = models.BooleanField("时限按推算", default=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.OPEN)
    ended_at = models.DateTimeField("结束时间", null=True)
    reason = models.CharField("理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "征求意见"
        default_permissions = ("view",)
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="consultation_number"),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | Q(state__in=["closed", "withdrawn"], ended_at__isnull=False),
                name="consultation_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""),
                name="consultation_withdrawn_reason",
                violation_error_message="撤回征求意见须写明理由。",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state="open"), name="consultation_due")]

    def __str__(self):
        return f"{self.document}（第{self.number}轮征求意见）"


class ConsultedQuerySet(models.QuerySet):
    def visible_to(self, person, now):
        """What this person was asked; the paper's own course is another matter."""
        return visible_to(self, person, now)


class Consulted(models.Model):
    """One department, or one unit outside the system, in one round: asked once, and answered for once."""

    class State(models.TextChoices):
        WAITING = "waiting", "待答复"
        ANSWERED = "answered", "已答复"
        SILENT = "silent", "逾期未复，视为无不同意见"
        ENDED = "ended", "未答复"
        RECALLED = "recalled", "已撤回"

    class Answer(models.TextChoices):
        NONE = "none", "无意见"
        SUGGEST = "suggest", "有修改意见"
        OBJECT = "object", "不同意"

    class Decision(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        REJECTED = "rejected", "不采纳"

    MOVES = {
        "consult_answer": Move((State.WAITING, State.SILENT), State.ANSWERED),
        "consult_lapse": Move((State.WAITING,), State.SILENT),
        "consult_end": Move((State.WAITING,), State.ENDED),
        "consult_recall": Move((State.WAITING, State.SILENT), State.RECALLED),
    }
    OPINIONS = (Answer.SUGGEST, Answer.OBJECT)

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="asked", verbose_name="征求意见")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name="部门")
    unit = models.CharField("系统外单位", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.WAITING)
    sort_at = models.DateTimeField(editable=False)

    answer = models.CharField("答复", max_length=8, choices=Answer.choices, blank=True)
    text = models.TextField("意见", max_length=4000, blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="负责人"
    )
    late = models.BooleanField("逾期", default=False)
    letter_number = models.CharField("复函字号", max_length=60, blank=True)
    letter_date = models.DateField("复函日期", null=True)

    decision = models.CharField("采纳情况", max_length=8, choices=Decision.choices, blank=True)
    explanation = models.TextField("说明", max_length=2000, blank=True)
    talks = models.TextField("协商经过", max_length=2000, blank=True)
    outcome = models.CharField("协商结果", max_length=8, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )

    objects = ConsultedQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "征求意见对象"
        default_permissions = ("view",)
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "department"], name="department_consulted_once"),
            models.UniqueConstraint(fields=["consultation", "unit"], condition=~Q(unit=""), name="unit_consulted_once"),
            models.CheckConstraint(
                condition=Q(department__isnull=True) & ~Q(unit="") | Q(department__isnull=False, unit=""),
                name="consulted_is_one",
            ),
            models.CheckConstraint(
                condition=Q(state="answered", answered_at__isnull=False) & ~Q(answer="")
                | ~Q(state="answered") & Q(answer="", answered_at=None),
                name="consulted_answer_complete",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=["suggest", "object"]) | ~Q(text=""),
                name="consulted_opinion_said",
                violation_error_message="有修改意见或者不同意的，须写明意见。",
            ),
            models.CheckConstraint(
                condition=~Q(decision__in=["partly", "rejected"]) | ~Q(explanation=""),
                name="consulted_decision_explained",
                violation_error_message="未全部采纳的，须作出说明。",
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(talks=""),
                name="consulted_talks_said",
                violation_error_message="协商结果须有协商经过。",
            ),
        ]

    def __str__(self):
        return self.department.name if self.department else self.unit

    @property
    def kind(self) -> str:
        return self.consultation.document.kind

    @property
    def key(self) -> str:
        """The errand of this department in the inbox."""
        return f"consult:{self.pk}"

    @property
    def is_opinion(self) -> bool:
        """Whether something was said that the drafter has to settle."""
        return self.answer in self.OPINIONS

    @property
    def is_settled(self) -> bool:
        return not self.is_opinion or bool(self.decision)

    @property
    def still_objects(self) -> bool:
        """不同意 that was not adopted, and that talks did not settle either."""
        return (
            self.answer == self.Answer.OBJECT
            and self.decision != self.Decision.ADOPTED
            and self.outcome not in SETTLING
        )


class ConsultationFile(models.Model):
    """A file sent with a round, or one that came with an answer (`consulted`)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="files")
    consulted = models.ForeignKey(Consulted, models.PROTECT, null=True, related_name="files")
    title = models.CharField("名称", max_length=200)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = verbose_name_plural = "征求意见附件"
        default_permissions = ()
        ordering = ["id"]

    def __str__(self):
        return self.title


class ConsultedUserGrant(UserGrant):
    content_object = models.ForeignKey(Consulted, models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        verbose_name = verbose_name_plural = "征求意见个人授权"
        indexes = [list_index("user", "consulted_user_list")]


class ConsultedGroupGrant(GroupGrant):
    content_object = models.ForeignKey(Consulted, models.CASCADE, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        verbose_name = verbose_name_plural = "征求意见部门授权"
        indexes = [list_index("group", "consulted_group_list")]


class Concern(models.Model):
    """A department whose powers a paper touches, as the drafter stated (R12); how talks ended if it disagreed when it
    countersigned."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="concerns", verbose_name="公文")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="部门")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    at = models.DateTimeField("填写时间")
    talks = models.TextField("协商经过", max_length=2000, blank=True)
    outcome = models.CharField("协商结果", max_length=8, choices=Outcome.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "涉及部门"
        default_permissions = ("view",)
        ordering = ["department__order", "department__path"]
        constraints = [
            models.UniqueConstraint(fields=["document", "department"], name="concern_once"),
            models.CheckConstraint(
                condition=Q(outcome="") | ~Q(talks=""),
                name="concern_talks_said",
                violation_error_message="协商结果须有协商经过。",
            ),
        ]

    def __str__(self):
        return self.department.name
