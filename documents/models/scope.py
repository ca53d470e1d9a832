"""How far a paper may go: the scope its issuer fixed, the lists an office keeps, and requests to go further."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from documents.models.distribution import Distribution
from documents.models.document import Document
from officehub.moves import Move
from officehub.people.models import Department, Organ


class InScope(models.Model):
    """One department or person within the distribution scope (分送范围, 条例 第三十一条)."""

    class Origin(models.TextChoices):
        PROPOSED = "proposed", "拟稿时拟定"
        FIRST = "first", "首次分发时登记"
        WIDENED = "widened", "经批准扩大"

    document = models.ForeignKey(Document, models.CASCADE, related_name="scope")
    department = models.ForeignKey(Department, models.PROTECT, null=True, related_name="+", verbose_name="部门")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="人员"
    )
    origin = models.CharField("依据", max_length=10, choices=Origin.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "分送范围"
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["document", "department"], name="department_in_scope_once"),
            models.UniqueConstraint(fields=["document", "person"], name="person_in_scope_once"),
            models.CheckConstraint(
                condition=Q(department__isnull=True, person__isnull=False)
                | Q(department__isnull=False, person__isnull=True),
                name="in_scope_is_one",
            ),
        ]

    def __str__(self):
        return str(self.department or self.person)


class SendingList(models.Model):
    """常用分送范围: departments and people an office sends to again and again; one person's own, or an organ's."""

    name = models.CharField("名称", max_length=40)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="个人"
    )
    organ = models.ForeignKey(Organ, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="机关共用")
    departments = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name="部门")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name="人员")
    changed_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = verbose_name_plural = "常用分送范围"
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True, organ__isnull=False) | Q(owner__isnull=False, organ__isnull=True),
                name="sending_list_of_one",
            ),
            models.UniqueConstraint(fields=["owner", "name"], name="sending_list_own_name"),
            models.UniqueConstraint(fields=["organ", "name"], name="sending_list_shared_name"),
        ]

    def __str__(self):
        return self.name


class Widening(models.Model):
    """请求扩大分送: somebody who has a paper asks its issuer to let others have it too (R59, 条例 第三十一条)."""

    class State(models.TextChoices):
        OPEN = "open", "待批准"
        AGREED = "agreed", "已批准"
        REFUSED = "refused", "未批准"

    MOVES = {
        "agree_widening": Move((State.OPEN,), State.AGREED),
        "refuse_widening": Move((State.OPEN,), State.REFUSED),
    }

    document = models.ForeignKey(Document, models.PROTECT, related_name="widenings")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="请求人")
    asked_at = models.DateTimeField("请求时间")
    reason = models.CharField("理由", max_length=200)
    departments = models.ManyToManyField(Department, related_name="+", verbose_name="部门")
    people = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", verbose_name="人员")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="批准人"
    )
    decided_at = models.DateTimeField("批准时间", null=True)
    answer = models.CharField("答复", max_length=200, blank=True)
    distribution = models.OneToOneField(Distribution, models.PROTECT, null=True, related_name="widening")

    class Meta:
        verbose_name = verbose_name_plural = "扩大分送请求"
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="widening_decided_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="widening_refused_with_reason"),
        ]
        indexes = [models.Index(fields=["document"], condition=Q(state="open"), name="widening_open")]

    def __str__(self):
        return f"扩大分送：{self.document}"
