"""Routes as rows an administrator edits: which subjects they are for, and their stages, version by version."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.signals import m2m_changed
from django.dispatch import receiver

from officehub.approvals.conditions import validate_condition
from officehub.people.models import Department, Person, Post, Role
from officehub.people.models.persons import ADMINISTRATORS, administers
from officehub.workdays.arithmetic import Unit

IMMUTABLE = "已发布的版本不能修改，请新建版本。"
NO_CHOICE_INSIDE = "部门内部流程里没有拟稿人的选择，请改为指定的人员、岗位、角色或负责人。"

CALLED = {"person": "人员", "post": "岗位", "role": "角色", "department": "指定部门"}


class Route(models.Model):
    """Who must agree to one sort of subject. The first active route whose condition holds is taken."""

    name = models.CharField("名称", max_length=60, unique=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="用于")
    condition = models.JSONField(
        "条件", default=list, blank=True, help_text='如 [{"fact": "kind", "in": ["请示", "报告"]}]；空即都适用'
    )
    priority = models.PositiveSmallIntegerField("次序", default=100, help_text="小的先试")
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="internal_routes",
        verbose_name="内部流程所属部门",
        help_text="填写后只作该部门会签时的内部流程，不单独发起",
    )
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "审批流程"
        ordering = ["priority", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        if self.subject_type_id:
            validate_condition(self.condition, self.subject_type.model_class(), "condition")
        if (
            self.department_id
            and self.pk
            and Stage.objects.filter(version__route=self, who__in=Stage.BY_CHOICE).exists()
        ):
            raise ValidationError({"department": NO_CHOICE_INSIDE})

    def current(self):
        """The newest published version."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()


class RouteVersion(models.Model):
    """The stages as they stood; once published nothing in it changes, and a running case keeps it."""

    route = models.ForeignKey(Route, models.PROTECT, related_name="versions", verbose_name="流程")
    number = models.PositiveSmallIntegerField("版本")
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    note = models.CharField("说明", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "流程版本"
        ordering = ["route", "-number"]
        constraints = [models.UniqueConstraint(fields=["route", "number"], name="route_version_number")]

    def __str__(self):
        return f"{self.route} 第{self.number}版"

    def save(self, *args, **kwargs):
        self._refuse_published()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_published()
        return super().delete(*args, **kwargs)

    def _refuse_published(self) -> None:
        if self.pk and RouteVersion.objects.filter(pk=self.pk, published_at__isnull=False).exists():
            raise ValidationError(IMMUTABLE)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


def usual_permits() -> list[str]:
    """What may be done at a stage unless its administrator says otherwise."""
    return [Permit.RETURN, Permit.DISAGREE, Permit.CIRCLE, Permit.TRANSFER, Permit.ASSIST, Permit.ADD, Permit.CONSULT]


class Permit(models.TextChoices):
    """What a stage lets its people do beside agreeing."""

    RETURN = "return", "退回"
    DISAGREE = "disagree", "不同意"
    CIRCLE = "circle", "圈阅"
    EDIT = "edit", "修改文稿"
    TRANSFER = "transfer", "转办"
    ASSIST = "assist", "委派"
    ADD = "add", "加签"
    REMOVE = "remove", "减签"
    CONSULT = "consult", "征求意见"
    TERMINATE = "terminate", "终止"


class Stage(models.Model):
    """One stage of a version: what is done, by whom, in which manner, by when, and when it is left out.

    Stages follow each other by `order`. Neighbours that bear a `branch` are a fork: each branch runs by itself, all
    at once, and what comes after the fork waits for every branch that applies.
    """

    class Who(models.TextChoices):
        PERSON = "person", "指定人员"
        POST = "post", "指定岗位"
        ROLE = "role", "本机关担任角色的人"
        DRAFTING_ROLE = "drafting_role", "拟稿部门担任角色的人"
        NAMED_ROLE = "named_role", "指定部门担任角色的人"
        CHOSEN_ROLE = "chosen_role", "各会签部门担任角色的人"
        DRAFTING_HEAD = "drafting_head", "拟稿部门负责人"
        NAMED_HEAD = "named_head", "指定部门负责人"
        CHOSEN_HEADS = "chosen_heads", "拟稿人所选会签部门的负责人"
        LEADER_IN_CHARGE = "leader_in_charge", "拟稿部门的分管领导"
        NAMED_LEADER = "named_leader", "指定部门的分管领导"
        CHOSEN_LEADERS = "chosen_leaders", "各会签部门的分管领导"
        SENDER = "sender", "拟稿人从候选人中选定"
        ANSWERS_TO = "answers_to", "事项的交办人"

    BY_CHOSEN = (Who.CHOSEN_ROLE, Who.CHOSEN_HEADS, Who.CHOSEN_LEADERS)
    BY_NAMED = (Who.NAMED_ROLE, Who.NAMED_HEAD, Who.NAMED_LEADER)
    BY_ROLE = (Who.ROLE, Who.DRAFTING_ROLE, Who.NAMED_ROLE, Who.CHOSEN_ROLE)
    BY_CHOICE = (*BY_CHOSEN, Who.SENDER)  # which only the sender of the whole paper makes

    class Mode(models.TextChoices):
        ANY = "any", "或签：一人办理即可"
        ALL = "all", "会签：全部办理"
        RATIO = "ratio", "票签：同意达到比例"
        IN_ORDER = "in_order", "顺序会签：依次办理"

    class Dissent(models.TextChoices):
        RETURN = "return", "退回拟稿人"
        RECORD = "record", "记录在案，继续"

    class AfterReturn(models.TextChoices):
        STEPS = "steps", "逐级重新办理"
        STRAIGHT = "straight", "直送退回人"
        CHOICE = "choice", "由退回人选择"

    class IfChanged(models.TextChoices):
        REOPEN = "reopen", "重新办理"
        KEEP = "keep", "原意见有效"

    version = models.ForeignKey(RouteVersion, models.CASCADE, related_name="stages", verbose_name="版本")
    order = models.PositiveSmallIntegerField("次序", validators=[MinValueValidator(1)])
    name = models.CharField("环节名称", max_length=30)
    verb = models.CharField("事项", max_length=24, help_text="review 审核、countersign 会签、vet 核稿、sign_off 签发")
    branch = models.CharField(
        "分支", max_length=20, blank=True, help_text="相邻且填有分支的环节同时分头办理，全部办完后汇合；空即主线"
    )
    who = models.CharField("由谁", max_length=20, choices=Who.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, verbose_name="岗位")
    role = models.CharField("角色", max_length=24, choices=Role.choices, blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="指定部门"
    )
    candidates = models.ManyToManyField(
        Person, blank=True, related_name="+", verbose_name="候选人", help_text="拟稿人从中选定；也可只填角色"
    )
    mode = models.CharField("方式", max_length=8, choices=Mode.choices, default=Mode.ANY)
    quota = models.PositiveSmallIntegerField(
        "同意比例（%）", default=67, validators=[MinValueValidator(1), MaxValueValidator(100)], help_text="票签用"
    )
    weights = models.JSONField(
        "票权", default=dict, blank=True, help_text='部门名称或登录名及其票数，如 {"市财政局": 2}；未列出的一票'
    )
    dissent = models.CharField("有不同意见时", max_length=8, choices=Dissent.choices, default=Dissent.RETURN)
    internal = models.BooleanField(
        "按部门内部流程办理", default=False, help_text="会签部门设有内部流程的，先走内部流程"
    )
    limit_value = models.PositiveSmallIntegerField("时限", default=1, validators=[MaxValueValidator(999)])
    limit_unit = models.CharField("时限单位", max_length=14, choices=Unit.choices, default=Unit.WORKING_DAYS)
    silence_consents = models.BooleanField(
        "逾期视为无不同意见", default=False, help_text="只用于会签，逾期未复的记为默示同意"
    )
    condition = models.JSONField("适用条件", default=list, blank=True, help_text="不满足时跳过本环节")
    may_skip_if_nobody = models.BooleanField("无人时跳过", default=False, help_text="如未选会签部门")
    merges = models.BooleanField(
        "与上一环节同一人时免签", default=True, help_text="核稿、签发不应免签（拟稿、核稿、签发三分离）"
    )
    permits = models.JSONField("可以", default=usual_permits, blank=True)
    after_return = models.CharField("退回后", max_length=8, choices=AfterReturn.choices, default=AfterReturn.CHOICE)
    if_changed = models.CharField(
        "文稿改动后", max_length=8, choices=IfChanged.choices, default=IfChanged.REOPEN, help_text="本环节已办的意见"
    )

    class Meta:
        verbose_name = verbose_name_plural = "环节"
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "order"], name="stage_order", violation_error_message="同一版本内环节次序不能重复。"
            ),
            models.CheckConstraint(
                condition=(~Q(who="person") | Q(person__isnull=False))
                & (~Q(who="post") | Q(post__isnull=False))
                & (~Q(who__in=["role", "drafting_role", "named_role", "chosen_role"]) | ~Q(role=""))
                & (~Q(who__in=["named_role", "named_head", "named_leader"]) | Q(department__isnull=False)),
                name="stage_who_complete",
                violation_error_message="请按“由谁”填写相应的人员、岗位、角色或部门。",
            ),
            models.CheckConstraint(
                condition=Q(quota__gte=1, quota__lte=100),
                name="stage_quota_range",
                violation_error_message="同意比例应在 1 到 100 之间。",
            ),
            models.CheckConstraint(
                condition=Q(silence_consents=False) | Q(verb="countersign"),
                name="stage_silence_countersign",
                violation_error_message="逾期视为无不同意见只用于会签。",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self._refuse_published()
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        self._refuse_published()
        return super().delete(*args, **kwargs)

    def _refuse_published(self) -> None:
        if self.version_id and self.version.is_published:
            raise ValidationError(IMMUTABLE)

    def clean(self):
        self._refuse_published()
        if missing := self.needs():
            raise ValidationError({missing: f"请按“由谁”填写{CALLED[missing]}。"})
        if self.person_id and administers(self.person_id):
            raise ValidationError({"person": "管理员（三员）不办理公文，请指定他人。"})
        if self.role in ADMINISTRATORS:
            raise ValidationError({"role": "管理员（三员）不办理公文，请指定其他角色。"})
        if self.internal and self.who not in self.BY_CHOSEN:
            raise ValidationError({"internal": "按部门内部流程办理只用于各会签部门的环节。"})
        if self.internal and self.mode == self.Mode.IN_ORDER:
            raise ValidationError({"internal": "顺序会签不能按部门内部流程办理，请改用会签。"})
        if self.silence_consents and self.verb != "countersign":
            raise ValidationError({"silence_consents": "逾期视为无不同意见只用于会签。"})
        validate_weights(self.weights)
        validate_permits(self.permits)
        if self.version_id:
            self.fits(self.version.route)

    def needs(self) -> str:
        """The field that `who` calls for and that is empty; none for most."""
        called_for: list[str] = ["person"] * (self.who == self.Who.PERSON) + ["post"] * (self.who == self.Who.POST)
        called_for += ["role"] * (self.who in self.BY_ROLE) + ["department"] * (self.who in self.BY_NAMED)
        return next((name for name in called_for if not getattr(self, name)), "")

    def fits(self, route: Route) -> None:
        """The condition names facts of the route's subjects; a department's own route leaves nothing to the sender."""
        validate_condition(self.condition, route.subject_type.model_class(), "condition")
        if route.department_id and self.who in self.BY_CHOICE:
            raise ValidationError({"who": NO_CHOICE_INSIDE})

    def permits_to(self, permit: str) -> bool:
        return permit in self.permits


def validate_weights(weights) -> None:
    """Votes by department name or log-in: whole numbers from 1 to 99."""
    if not isinstance(weights, dict):
        raise ValidationError({"weights": '票权应写成 {"市财政局": 2} 的样子。'})
    for name, votes in weights.items():
        if isinstance(votes, bool) or not isinstance(votes, int) or not 1 <= votes <= 99:
            raise ValidationError({"weights": f"“{name}”的票数应是 1 到 99 的整数。"})


def validate_permits(permits) -> None:
    if not isinstance(permits, list) or not set(permits) <= set(Permit.values):
        raise ValidationError({"permits": f"只能是：{'、'.join(Permit.values)}。"})


@receiver(m2m_changed, sender=Stage.candidates.through)
def refuse_published_candidates(sender, instance, action, pk_set, **kwargs) -> None:
    """Candidates belong to what was published, from whichever side they are changed."""
    if not action.startswith("pre_"):
        return
    stages = Stage.objects.filter(pk=instance.pk if isinstance(instance, Stage) else 0)
    if not isinstance(instance, Stage):
        stages = Stage.objects.filter(pk__in=pk_set) if pk_set else Stage.objects.filter(candidates=instance)
    if stages.filter(version__published_at__isnull=False).exists():
        raise ValidationError(IMMUTABLE)
