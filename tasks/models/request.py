"""三服务 (领导、部门、基层): what is asked of the office, what was answered, and what the asker said of the answer."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from officehub.moves import Move
from officehub.people.grants import GroupGrant, UserGrant, list_index, visible_to
from officehub.people.models import Department, Organ
from officehub.workdays.models import CountedLimit
from tasks.models.task import Task


class RequestYear(models.Model):
    """The counter of an organ's requests in one year. Its row is the lock under which the next number is taken."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("已用到", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "服务事项年度编号"
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["organ", "year"], name="request_year")]

    def __str__(self):
        return f"{self.organ}〔{self.year}〕"


class RequestQuerySet(models.QuerySet):
    def visible_to(self, person, now):
        return visible_to(self, person, now)


class ServiceRequest(CountedLimit):
    """One thing asked. It is answered directly or by way of a task, and ends with what the asker says of the answer."""

    class State(models.TextChoices):
        ASKED = "asked", "待受理"
        IN_HAND = "in_hand", "办理中"
        ANSWERED = "answered", "待评价"
        REDO = "redo", "重新办理"
        CLOSED = "closed", "已办结"
        WITHDRAWN = "withdrawn", "已撤回"

    class Kind(models.TextChoices):
        LEADERS = "leaders", "服务领导"
        DEPARTMENTS = "departments", "服务部门"
        GRASS_ROOTS = "grass_roots", "服务基层"

    OPEN = (State.ASKED, State.IN_HAND, State.REDO)  # the office owes an answer
    MOVES = {
        "take_up": Move((State.ASKED, State.REDO), State.IN_HAND),  # made a task of
        "answer": Move(OPEN, State.ANSWERED),
        "rate": Move((State.ANSWERED,), State.CLOSED),
        "redo": Move((State.ANSWERED,), State.REDO),
        "close_unrated": Move((State.ANSWERED,), State.CLOSED),
        "withdraw": Move((State.ASKED,), State.WITHDRAWN),
    }

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="受理机关", related_name="requests")
    year = models.PositiveSmallIntegerField("年份")
    seq = models.PositiveIntegerField("顺序号", validators=[MinValueValidator(1)])
    kind = models.CharField("类别", max_length=12, choices=Kind.choices, default=Kind.DEPARTMENTS)
    title = models.CharField("事项", max_length=200)
    details = models.TextField("具体内容", blank=True)
    asker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests", verbose_name="提出人")
    unit = models.ForeignKey(Department, models.PROTECT, related_name="requests", verbose_name="提出单位")
    contact = models.CharField("联系人和电话", max_length=120)
    wished_on = models.DateField("希望办结日期", null=True, blank=True)
    asked_at = models.DateTimeField("提出时间")
    sort_at = models.DateTimeField(editable=False)
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.ASKED)
    due_at = models.DateTimeField("答复时限")
    due_provisional = models.BooleanField("时限按推算", default=False)
    round = models.PositiveSmallIntegerField("第几次办理", default=1, validators=[MinValueValidator(1)])
    task = models.OneToOneField(
        Task, models.PROTECT, null=True, blank=True, related_name="service_request", verbose_name="任务"
    )

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "服务事项"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["organ", "year", "seq"], name="request_number_once"),
            models.CheckConstraint(condition=~Q(title=""), name="request_has_title"),
            models.CheckConstraint(condition=~Q(state="in_hand") | Q(task__isnull=False), name="request_in_hand_task"),
        ]
        indexes = [
            models.Index(F("organ"), F("asked_at").desc(), F("id").desc(), name="request_ledger"),
            models.Index(F("asked_at").desc(), F("id").desc(), name="request_newest"),
            models.Index(fields=["organ", "state"], name="request_by_state"),
            models.Index(
                fields=["state", "id"], condition=Q(state__in=["in_hand", "answered"]), name="request_waiting"
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def number(self) -> str:
        return f"服〔{self.year}〕{self.seq}号"

    @property
    def reopened(self) -> int:
        """How often it was done again because the asker was not content."""
        return self.round - 1

    def is_late(self, now) -> bool:
        return self.state in self.OPEN and self.due_at < now


class RequestAnswer(models.Model):
    """The answer of one round, by when it was owed, and what the asker said of it."""

    class Rating(models.TextChoices):
        """满意度 (rules.md 3.5): not content means that it is done again."""

        SATISFIED = "satisfied", "满意"
        BASICALLY = "basically", "基本满意"
        DISSATISFIED = "dissatisfied", "不满意"

    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="answers")
    round = models.PositiveSmallIntegerField("第几次办理")
    text = models.TextField("答复")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="答复人")
    at = models.DateTimeField("答复时间")
    due_at = models.DateTimeField("答复时限")
    task = models.ForeignKey(
        Task, models.PROTECT, null=True, blank=True, related_name="request_answers", verbose_name="任务"
    )
    rating = models.CharField("满意度", max_length=12, choices=Rating.choices, blank=True)
    words = models.CharField("评价", max_length=500, blank=True)
    rated_at = models.DateTimeField("评价时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "服务事项的答复"
        default_permissions = ("view",)
        ordering = ["round"]
        constraints = [
            models.UniqueConstraint(fields=["request", "round"], name="request_answered_once_a_round"),
            models.CheckConstraint(condition=~Q(text=""), name="request_answer_has_text"),
            models.CheckConstraint(
                condition=~Q(rating="dissatisfied") | ~Q(words=""),
                name="request_dissatisfied_says_why",
                violation_error_message="不满意的，请写明原因。",
            ),
        ]

    def __str__(self):
        return self.text[:60]

    @property
    def in_time(self) -> bool:
        return self.at <= self.due_at


class RequestUserGrant(UserGrant):
    content_object = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="user_grants")

    class Meta(UserGrant.Meta):
        verbose_name = verbose_name_plural = "服务事项个人授权"
        indexes = [list_index("user", "request_user_list")]


class RequestGroupGrant(GroupGrant):
    content_object = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        verbose_name = verbose_name_plural = "服务事项部门授权"
        indexes = [list_index("group", "request_group_list")]
