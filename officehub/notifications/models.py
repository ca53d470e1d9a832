"""Notices in the application, the out-tray of messages that carry them outside, and by which channels people want
them."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q

from officehub.notifications.channels import ROBOTS, Channel
from officehub.notifications.robots import fault_of
from officehub.notifications.sealed import seal, unseal
from officehub.people.models import Department, Organ

USER_ID = RegexValidator(r"^[\w@.+\-]{1,64}$", "账号只能由字母、数字和 . _ - @ + 组成。")
TOKEN = RegexValidator(r"^[A-Za-z0-9_\-]{8,128}$", "只填地址中的那一串字母数字，不要填整个地址。")


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
            models.Index(F("recipient"), F("sort"), F("at").desc(), F("id").desc(), name="notice_by_sort"),
            models.Index(
                F("recipient"), F("at").desc(), F("id").desc(), condition=Q(read_at=None), name="notice_unread"
            ),
        ]

    def __str__(self):
        return f"{self.recipient_id} {self.verb}"


class Robot(models.Model):
    """A robot in a group of an office messenger. It serves the people of a department and those below it, or, without
    a department, the whole organ; the nearest one speaks. Its token and secret are kept sealed and never shown."""

    name = models.CharField("名称", max_length=40, unique=True)
    channel = models.CharField("渠道", max_length=12, choices=[(one.value, one.label) for one in ROBOTS])
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+", verbose_name="机关")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="部门",
        help_text="服务该部门及其下级部门的人；不填即整个机关",
    )
    base = models.CharField(
        "服务器地址",
        max_length=120,
        blank=True,
        help_text="私有化部署（政务微信、专有钉钉等）填其地址，如 https://oapi.example.gov.cn；公有云不填",
    )
    token_kept = models.TextField(editable=False)
    secret_kept = models.TextField(blank=True, editable=False)
    is_active = models.BooleanField("在用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "群机器人"
        default_permissions = ("add", "change", "view")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=ROBOTS), name="robot_channel_known"),
            models.UniqueConstraint(
                fields=["channel", "organ", "department"],
                condition=Q(is_active=True, department__isnull=False),
                name="one_robot_a_department",
                violation_error_message="该部门已有这个渠道的机器人在用，请先停用。",
            ),
            models.UniqueConstraint(
                fields=["channel", "organ"],
                condition=Q(is_active=True, department=None),
                name="one_robot_an_organ",
                violation_error_message="该机关已有这个渠道的机器人在用，请先停用。",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def token(self) -> str:
        """Raises Unreadable."""
        return unseal(self.token_kept)

    @token.setter
    def token(self, plain: str):
        self.token_kept = seal(plain)

    @property
    def secret(self) -> str:
        """Raises Unreadable."""
        return unseal(self.secret_kept)

    @secret.setter
    def secret(self, plain: str):
        self.secret_kept = seal(plain)

    def clean(self):
        if self.department and self.organ_id and self.department.organ_id != self.organ_id:
            raise ValidationError({"department": "该部门不属于所选机关。"})
        if self.base and (fault := fault_of(self.base)):
            raise ValidationError({"base": f"{fault}。"})

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            Outlet.objects.get_or_create(robot=self, defaults={"channel": self.channel})


class Outlet(models.Model):
    """One way out: the mail server, or one robot. When it fails several times in a row it rests, each time longer, and
    what waits for it waits without being tried."""

    channel = models.CharField("渠道", max_length=12, choices=Channel.choices)
    robot = models.OneToOneField(
        Robot, models.CASCADE, null=True, blank=True, related_name="outlet", verbose_name="群机器人"
    )
    failures = models.PositiveIntegerField("连续失败", default=0)
    rests_until = models.DateTimeField("暂停至", null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)  # one sender at a time, for robots
    error = models.CharField("最近的错误", max_length=250, blank=True)
    failed_at = models.DateTimeField("最近失败", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "外发渠道"
        default_permissions = ("change", "view")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["channel"], condition=Q(robot=None), name="outlet_once"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="outlet_channel_known"),
        ]

    def __str__(self):
        return str(self.robot or self.get_channel_display())


class Preference(models.Model):
    """What one person wants otherwise than the office's defaults (`choices`: row of the matrix -> channel -> When),
    and under which account the messengers know them."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preference")
    choices = models.JSONField(default=dict)
    wecom = models.CharField("企业微信账号", max_length=64, blank=True, validators=[USER_ID])
    dingtalk = models.CharField("钉钉账号", max_length=64, blank=True, validators=[USER_ID])
    feishu = models.CharField("飞书用户 ID", max_length=64, blank=True, validators=[USER_ID])

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.person)


class Message(models.Model):
    """A notice on its way out by one channel, or the digest of one person, channel and day; the row is claimed before
    it is sent. What waits for a digest is gathered, and then stands within it."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENT = "sent", "已发"
        FAILED = "failed", "未发出"
        GATHERED = "gathered", "待汇总"
        WITHIN = "within", "已汇入摘要"
        NEEDLESS = "needless", "不必发"

    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="messages")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="digests")
    day = models.DateField("摘要日期", null=True)
    within = models.ForeignKey("self", models.SET_NULL, null=True, related_name="parts")
    channel = models.CharField("渠道", max_length=12, choices=Channel.choices)
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="messages", verbose_name="群机器人")
    urgent = models.BooleanField("紧急", default=False)
    address = models.CharField("地址", max_length=254, blank=True)
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
            models.UniqueConstraint(fields=["person", "channel", "day"], name="digest_once_a_day"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent", "failed", "gathered", "within", "needless"]),
                name="message_state_known",
            ),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, person=None, day=None)
                | Q(notice=None, person__isnull=False, day__isnull=False),
                name="message_of_a_notice_or_a_day",
            ),
        ]
        indexes = [
            models.Index(
                fields=["channel", "robot", "next_try_at"], condition=Q(state="waiting"), name="message_waiting"
            ),
            models.Index(fields=["next_try_at"], condition=Q(state="gathered"), name="message_gathered"),
            models.Index(fields=["channel", "robot", "sent_at"], condition=Q(state="sent"), name="message_sent"),
            models.Index(fields=["channel", "robot"], condition=Q(state="failed"), name="message_failed"),
        ]

    def __str__(self):
        return f"{self.channel} {self.address}"

    @property
    def reader(self):
        """Whom it is for."""
        return self.notice.recipient if self.notice else self.person
