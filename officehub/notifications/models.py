"""Notices in the application and the out-tray of messages that carry them outside."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F, Q


class Notice(models.Model):
    """One thing one person is told, once (`key` within its subject)."""

    class Sort(models.TextChoices):
        NEWS = "news", "办理消息"
        REMINDER = "reminder", "到期提醒"
        ESCALATION = "escalation", "逾期上报"
        CHASE = "chase", "催办"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    sort = models.CharField("类别", max_length=10, choices=Sort.choices, default=Sort.NEWS)
    urgent = models.BooleanField("紧急", default=False)
    verb = models.CharField("事项", max_length=40)
    params = models.JSONField(default=dict)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    subject_id = models.PositiveBigIntegerField()
    subject = GenericForeignKey("subject_type", "subject_id")
    key = models.CharField(max_length=80)
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["subject_type", "subject_id", "recipient", "key"], name="notice_once"),
            models.CheckConstraint(
                condition=Q(sort__in=["news", "reminder", "escalation", "chase"]), name="notice_sort_known"
            ),
        ]
        indexes = [
            models.Index(F("recipient"), F("at").desc(), F("id").desc(), name="notice_list"),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self):
        return f"{self.recipient_id} {self.verb}"


class Message(models.Model):
    """A notice on its way out by one channel; the row is claimed before it is sent."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENT = "sent", "已发"
        FAILED = "failed", "未发出"

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="messages")
    channel = models.CharField("渠道", max_length=12)
    address = models.CharField("地址", max_length=254)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_try_at = models.DateTimeField("下次发送")
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    error = models.CharField("原因", max_length=250, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发消息"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="message_once_a_channel"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="message_state_known"),
        ]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(state="waiting"), name="message_waiting")]

    def __str__(self):
        return f"{self.channel} {self.address}"
