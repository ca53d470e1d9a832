"""清退: a distributed paper is called back, and who has it says that it is returned or destroyed (条例 第三十四条)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.distribution import Addressee
from documents.models.document import Document
from officehub.moves import Move


class Recall(models.Model):
    """One calling-back of a paper from all of its addressees or some."""

    class State(models.TextChoices):
        OPEN = "open", "清退中"
        CLOSED = "closed", "已办结"

    class Access(models.TextChoices):
        AT_ONCE = "at_once", "立即停止查阅"
        ON_RETURN = "on_return", "确认清退后停止查阅"

    MOVES = {"close_recall": Move((State.OPEN,), State.CLOSED)}

    document = models.ForeignKey(Document, models.PROTECT, related_name="recalls")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("清退时间")
    reason = models.CharField("事由", max_length=200)
    due_at = models.DateTimeField("清退时限")
    access = models.CharField("查阅", max_length=10, choices=Access.choices, default=Access.AT_ONCE)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    closed_at = models.DateTimeField("办结时间", null=True)
    remark = models.CharField("办结说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "清退"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(state="closed", closed_at__isnull=False),
                name="recall_closed_at",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="recall_has_reason"),
        ]

    def __str__(self):
        return f"清退：{self.document}"


class Return(models.Model):
    """What is called back from one addressee, and what became of it."""

    class How(models.TextChoices):
        RETURNED = "returned", "已退回"
        DESTROYED = "destroyed", "已销毁"
        NOT_RECEIVED = "not_received", "未曾送达"

    recall = models.ForeignKey(Recall, models.PROTECT, related_name="returns")
    addressee = models.OneToOneField(Addressee, models.PROTECT, related_name="recalled")
    how = models.CharField("处理", max_length=12, choices=How.choices, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    confirmed_at = models.DateTimeField("确认时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "清退对象"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(how="", confirmed_at__isnull=True) | (~Q(how="") & Q(confirmed_at__isnull=False)),
                name="return_confirmed_how",
            ),
        ]
        indexes = [models.Index(fields=["recall"], condition=Q(confirmed_at=None), name="return_waiting")]

    def __str__(self):
        return str(self.addressee)
