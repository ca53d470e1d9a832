"""承办 and 答复: which departments have an incoming paper, what they said of it, and how the sender was answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.document import Document
from documents.models.incoming import Incoming
from officehub.people.models import Department


class Assignment(models.Model):
    """A paper in a department's hands: the lead (exactly one, R44) or an assisting one."""

    class State(models.TextChoices):
        ASKED = "asked", "待承办"
        ACCEPTED = "accepted", "承办中"
        DONE = "done", "已办"
        REFUSED = "refused", "已退回改派"
        WITHDRAWN = "withdrawn", "已撤回"

    LIVE = (State.ASKED, State.ACCEPTED, State.DONE)

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(Department, models.PROTECT, related_name="+", verbose_name="承办部门")
    is_lead = models.BooleanField("主办")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="分办人")
    at = models.DateTimeField("分办时间")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="承办人"
    )
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    accepted_at = models.DateTimeField("接办时间", null=True)
    ended_at = models.DateTimeField("办结时间", null=True)
    reason = models.CharField("退回理由", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "承办"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["incoming"],
                condition=Q(is_lead=True, state__in=["asked", "accepted", "done"]),
                name="assignment_one_lead",
                violation_error_message="需要两个以上部门办理的，应当明确一个主办部门（条例 第二十四条(四)）。",
            ),
            models.UniqueConstraint(
                fields=["incoming", "department"],
                condition=Q(state__in=["asked", "accepted", "done"]),
                name="assignment_department_once",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "done"]) | Q(handler__isnull=False), name="assignment_has_handler"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(reason=""), name="assignment_refused_why"),
        ]

    def __str__(self):
        return f"{self.department}{'主办' if self.is_lead else '协办'}"


class IncomingNote(models.Model):
    """What was said of the work: progress, an assisting department's part, the result."""

    class Sort(models.TextChoices):
        PROGRESS = "progress", "办理进展"
        PART = "part", "协办意见"
        RESULT = "result", "办理结果"

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="notes")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="notes")
    sort = models.CharField("类别", max_length=10, choices=Sort.choices)
    words = models.TextField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="填写人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        default_permissions = ("view",)
        constraints = [models.CheckConstraint(condition=~Q(words=""), name="incoming_note_has_words")]

    def __str__(self):
        return self.words[:60]


class Extension(models.Model):
    """A later limit, asked for with a reason and decided by whoever assigned the paper."""

    class State(models.TextChoices):
        ASKED = "asked", "待批"
        GRANTED = "granted", "同意延期"
        REFUSED = "refused", "不同意延期"
        LAPSED = "lapsed", "不再需要"

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="extensions")
    until = models.DateField("申请延至")
    reason = models.CharField("理由", max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")
    at = models.DateTimeField("申请时间")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批复时间", null=True)
    answer = models.CharField("意见", max_length=500, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "延期"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["incoming"], condition=Q(state="asked"), name="extension_one_asked"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_reason"),
        ]

    def __str__(self):
        return f"{self.incoming_id} 延至{self.until}"


class IncomingReply(models.Model):
    """答复 (条例 第二十四条(七)): how the sender was answered, or why no answer is needed (R46)."""

    class Manner(models.TextChoices):
        PAPER = "paper", "行文答复"
        LETTER = "letter", "书面告知"
        PHONE = "phone", "电话答复"
        NONE = "none", "无需答复"

    incoming = models.ForeignKey(Incoming, models.PROTECT, related_name="replies")
    manner = models.CharField("答复方式", max_length=8, choices=Manner.choices)
    words = models.TextField("答复内容或无需答复的理由")
    whom = models.CharField("答复对象", max_length=120, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+", verbose_name="复文")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人")
    at = models.DateTimeField("答复时间")
    stands = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["incoming"], condition=Q(stands=True), name="reply_one_stands"),
            models.CheckConstraint(
                condition=~Q(words=""),
                name="reply_has_words",
                violation_error_message="须写明答复内容；无需答复的写明理由。",
            ),
            models.CheckConstraint(condition=~Q(manner="paper") | Q(document__isnull=False), name="reply_paper"),
        ]

    def __str__(self):
        return self.get_manner_display()
