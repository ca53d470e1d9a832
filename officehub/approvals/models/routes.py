"""Routes as rows an administrator edits: which subjects they are for, and their stages, version by version."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from officehub.approvals.conditions import validate_condition
from officehub.people.models import Person, Post, Role
from officehub.people.models.persons import ADMINISTRATORS, administers
from officehub.workdays.arithmetic import Unit


class Route(models.Model):
    """Who must agree to one sort of subject. The first active route whose condition holds is taken."""

    name = models.CharField("名称", max_length=60, unique=True)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, verbose_name="用于")
    condition = models.JSONField(
        "条件", default=list, blank=True, help_text='如 [{"fact": "kind", "in": ["请示", "报告"]}]；空即都适用'
    )
    priority = models.PositiveSmallIntegerField("次序", default=100, help_text="小的先试")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "审批流程"
        ordering = ["priority", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        if self.subject_type_id:
            validate_condition(self.condition, self.subject_type.model_class(), "condition")

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

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class Stage(models.Model):
    """One stage of a version: what is done, by whom, in which manner, by when, and when it is left out."""

    class Who(models.TextChoices):
        PERSON = "person", "指定人员"
        POST = "post", "指定岗位"
        ROLE = "role", "担任角色的人"
        DRAFTING_HEAD = "drafting_head", "拟稿部门负责人"
        CHOSEN_HEADS = "chosen_heads", "拟稿人所选会签部门的负责人"
        LEADER_IN_CHARGE = "leader_in_charge", "拟稿部门的分管领导"

    class Mode(models.TextChoices):
        ANY = "any", "一人办理即可"
        ALL = "all", "全部同意"

    version = models.ForeignKey(RouteVersion, models.CASCADE, related_name="stages", verbose_name="版本")
    order = models.PositiveSmallIntegerField("次序", validators=[MinValueValidator(1)])
    name = models.CharField("环节名称", max_length=30)
    verb = models.CharField("事项", max_length=24, help_text="review 审核、countersign 会签、vet 核稿、sign_off 签发")
    who = models.CharField("由谁", max_length=20, choices=Who.choices)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, verbose_name="岗位")
    role = models.CharField("角色", max_length=24, choices=Role.choices, blank=True)
    mode = models.CharField("方式", max_length=4, choices=Mode.choices, default=Mode.ANY)
    limit_value = models.PositiveSmallIntegerField("时限", default=1, validators=[MaxValueValidator(999)])
    limit_unit = models.CharField("时限单位", max_length=14, choices=Unit.choices, default=Unit.WORKING_DAYS)
    condition = models.JSONField("适用条件", default=list, blank=True, help_text="不满足时跳过本环节")
    may_skip_if_nobody = models.BooleanField("无人时跳过", default=False, help_text="如未选会签部门")
    merges = models.BooleanField(
        "与上一环节同一人时免签", default=True, help_text="核稿、签发不应免签（拟稿、核稿、签发三分离）"
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
                & (~Q(who="role") | ~Q(role="")),
                name="stage_who_complete",
                violation_error_message="请按“由谁”填写相应的人员、岗位或角色。",
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.version_id and self.version.is_published:
            raise ValidationError("已发布的版本不能修改，请新建版本。")
        if self.person_id and administers(self.person_id):
            raise ValidationError({"person": "管理员（三员）不办理公文，请指定他人。"})
        if self.role in ADMINISTRATORS:
            raise ValidationError({"role": "管理员（三员）不办理公文，请指定其他角色。"})
        if self.version_id:
            validate_condition(self.condition, self.version.route.subject_type.model_class(), "condition")
