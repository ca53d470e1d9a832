"""Organs, their departments and posts."""

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q, QuerySet


class Organ(models.Model):
    """An office that may issue papers in its own name (条例 第十七条, 第三十七条)."""

    class Level(models.TextChoices):
        NATIONAL = "national", "中央"
        PROVINCE = "province", "省级"
        CITY = "city", "市级"
        COUNTY = "county", "县级"
        TOWNSHIP = "township", "乡镇级"

    class Kind(models.TextChoices):
        PARTY = "party", "党委"
        GOVERNMENT = "government", "政府"
        CONGRESS = "congress", "人大"
        OFFICE = "office", "办公厅（室）"
        DEPARTMENT = "department", "工作部门"
        OTHER = "other", "其他机关"

    name = models.CharField("机关全称", max_length=60, unique=True)
    short_name = models.CharField("规范化简称", max_length=40)
    code = models.CharField("机关代字", max_length=20, blank=True, help_text="如“云政办”，发文字号由它起头")
    level = models.CharField("级别", max_length=12, choices=Level.choices)
    kind = models.CharField("性质", max_length=12, choices=Kind.choices)
    superior = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="直接上级")
    office = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="办文机关",
        help_text="替它核稿、编号、用印、分发的办公厅（室）；自己办文则不填",
    )
    is_own = models.BooleanField("本单位", default=False, help_text="在本系统内办文的机关")
    fonds_number = models.CharField("全宗号", max_length=4, blank=True)
    active_from = models.DateField("立户日期", null=True, blank=True)
    active_until = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "机关"
        ordering = ["level", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(active_until__isnull=True)
                | Q(active_from__isnull=True)
                | Q(active_until__gte=models.F("active_from")),
                name="organ_active_range",
                violation_error_message="停用日期不能早于立户日期。",
            ),
            models.CheckConstraint(
                condition=Q(superior__isnull=True) | ~Q(superior=models.F("id")),
                name="organ_not_own_superior",
                violation_error_message="机关不能是自己的上级。",
            ),
        ]

    def __str__(self):
        return self.name

    def active_on(self, day) -> bool:
        return (self.active_from is None or self.active_from <= day) and (
            self.active_until is None or day <= self.active_until
        )


class Department(models.Model):
    """A division of an organ, or a subordinate unit that works in this system.

    Its two groups are what the access table knows of it: `group_direct` holds its own people, `group_tree` holds
    its people and those of every department below it (scale.md 1e).
    """

    organ = models.ForeignKey(Organ, models.PROTECT, verbose_name="所属机关", related_name="departments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级部门")
    name = models.CharField("部门名称", max_length=60)
    code = models.CharField("机构代码", max_length=3, blank=True, help_text="档号用，如 BGS")
    is_general_office = models.BooleanField("办公厅（室）", default=False)
    leader_in_charge = models.ForeignKey(
        "Post", models.SET_NULL, null=True, blank=True, verbose_name="分管领导", related_name="departments_in_charge"
    )
    is_active = models.BooleanField("在用", default=True)
    order = models.PositiveSmallIntegerField("排序", default=100)
    path = models.CharField(max_length=120, unique=True, editable=False)
    group_direct = models.OneToOneField(Group, models.PROTECT, related_name="+", editable=False)
    group_tree = models.OneToOneField(Group, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "部门"
        ordering = ["order", "path"]
        constraints = [
            models.UniqueConstraint(
                fields=["organ", "name"],
                name="department_name_in_organ",
                violation_error_message="该机关已有同名部门。",
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.pk and self.parent and self.parent.path.startswith(self.path):
            raise ValidationError({"parent": "上级部门不能是本部门或其下级部门。"})

    def save(self, *args, **kwargs):
        with transaction.atomic():
            if not self.pk:
                self._make_groups()
                super().save(*args, **kwargs)
            moved = self._place()
            super().save(force_update=True)
        if moved:
            from officehub.people.membership import sync_tree

            sync_tree(self)

    def _make_groups(self):
        last = (Group.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
        self.group_direct = Group.objects.create(name=f"部门本级 {last} {self.organ_id} {self.name}"[:150])
        self.group_tree = Group.objects.create(name=f"部门全体 {last} {self.organ_id} {self.name}"[:150])
        self.path = f"new{last}"

    def _place(self) -> bool:
        """Set the path below the parent; move the subtree along. True when people's groups must follow."""
        old, self.path = self.path, (self.parent.path if self.parent else "") + f"{self.pk:06d}/"
        if old == self.path or old.startswith("new"):
            return False
        for below in Department.objects.filter(path__startswith=old).exclude(pk=self.pk):
            Department.objects.filter(pk=below.pk).update(path=self.path + below.path[len(old) :])
        return True

    def ancestors_and_self(self):
        ids = [int(part) for part in self.path.split("/") if part]
        return Department.objects.filter(pk__in=ids)

    def heads(self, today):
        """The people who head this department on a day."""
        return holders_of(Post.objects.filter(department=self, is_head=True), today)


class Post(models.Model):
    """A position in a department: what one appoints a person to and what a route may name."""

    department = models.ForeignKey(Department, models.PROTECT, verbose_name="部门", related_name="posts")
    title = models.CharField("职务", max_length=40)
    is_head = models.BooleanField("部门负责人", default=False)
    backup = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="backs_up",
        verbose_name="B岗",
        help_text="A岗不在时由其代行",
    )

    class Meta:
        verbose_name = verbose_name_plural = "岗位"
        constraints = [
            models.CheckConstraint(
                condition=Q(backup__isnull=True) | ~Q(backup=models.F("id")),
                name="post_backed_by_another",
                violation_error_message="B岗不能是本岗位。",
            ),
            models.UniqueConstraint(
                fields=["department", "title"],
                name="post_title_in_department",
                violation_error_message="该部门已有同名岗位。",
            ),
        ]

    def __str__(self):
        return f"{self.department.name} {self.title}"

    def clean(self):
        if self.backup and self.pk and self.backup_id == self.pk:
            raise ValidationError({"backup": "B岗不能是本岗位。"})
        if self.backup and self.pk and self.backup.backup_id == self.pk:
            raise ValidationError({"backup": "该岗位的B岗就是本岗位，两个岗位不能互为B岗。"})


def role_holders(organ: Organ, role: str):
    """Active people who hold a role for an organ: its leaders are its own; its office work is done by its 办公厅（室）
    where it has one, so that the clerks of its departments keep their own department's papers only."""
    from officehub.people.models.persons import LEADING, Person

    at = organ.pk if role in LEADING else organ.office_id or organ.pk
    held = Person.objects.filter(is_active=True, role_holdings__role=role, department__organ=at)
    return held.select_related("department").order_by("id")


def served_organs(person) -> "QuerySet[Organ]":
    """The organs whose office work a person's organ does (`role_holders` the other way round): those it is the
    办公厅（室）of, and itself where it has none."""
    if person.department is None:
        return Organ.objects.none()
    own = person.department.organ_id
    return Organ.objects.filter(Q(pk=own, office=None) | Q(office=own))


def holders_of(posts, today):
    """Active persons appointed to any of these posts on a day."""
    from officehub.people.models.persons import Person

    current = Q(appointments__until__isnull=True) | Q(appointments__until__gte=today)
    return (
        Person.objects.filter(current, is_active=True, appointments__post__in=posts, appointments__since__lte=today)
        .distinct()
        .order_by("id")
    )


def holders_or_backups(posts, today):
    """The holders of these posts on a day; when none of the posts has one, the holders of their B岗."""
    return list(holders_of(posts, today)) or list(holders_of(Post.objects.filter(backs_up__in=posts), today))
