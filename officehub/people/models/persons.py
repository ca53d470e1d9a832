"""Persons, the posts and roles they hold, and who acts for whom while they are away."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from officehub.people.models.organs import Department, Organ, Post
from officehub.people.signals import roles_changed


class Role(models.TextChoices):
    """What a person may do in the office (rules.md 1.11). The last three are the 三员 (GB/T 22239-2019 8.1.4)."""

    REGISTRY_CLERK = "registry_clerk", "收发员"
    VETTER = "vetter", "核稿人"
    OFFICE_DIRECTOR = "office_director", "办公室主任"
    LEADER_IN_CHARGE = "leader_in_charge", "分管领导"
    PRINCIPAL_LEADER = "principal_leader", "主要负责人"
    RECHECKER = "rechecker", "复核人"
    SEAL_KEEPER = "seal_keeper", "用印人"
    ARCHIVIST = "archivist", "档案员"
    SUPERVISOR = "supervisor", "督查员"
    DISCLOSURE_OFFICER = "disclosure_officer", "信息公开员"
    SYS_ADMIN = "sys_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


LEADING = (Role.PRINCIPAL_LEADER, Role.LEADER_IN_CHARGE)
ADMINISTRATORS = (Role.SYS_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class Person(AbstractUser):
    """Somebody who works here and logs in."""

    first_name = last_name = None  # type: ignore[assignment]  # taken away: a name here is one word
    name = models.CharField("姓名", max_length=60)
    department = models.ForeignKey(Department, models.PROTECT, null=True, verbose_name="部门", related_name="people")
    title = models.CharField("职务", max_length=40, blank=True)
    phone = models.CharField(
        "电话",
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^[\d\-+ ]{3,20}$", "电话只能有数字、空格和连字符。")],
    )
    name_key = models.CharField("姓名拼音", max_length=120, blank=True, editable=False, db_index=True)
    large_text = models.BooleanField("大字显示", default=False)

    objects: ClassVar[UserManager] = UserManager()
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["name_key", "id"]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        self._refuse_unfinished(Person.objects.all())

    def _refuse_unfinished(self, people) -> None:
        """R60: nobody is put out of use while something is asked of them (条例 第三十六条)."""
        if self.is_active or not people.filter(pk=self.pk, is_active=True).values_list("pk"):
            return
        if left := self.work_items.filter(done_at=None).count():
            raise ValidationError({"is_active": f"{self.name}尚有 {left} 项待办，请先办理离岗移交，再停用账号。"})

    def save(self, *args, **kwargs):
        from pypinyin import lazy_pinyin

        self.name_key = " ".join(lazy_pinyin(self.name))[:120]  # sorts alike on every database, whatever its collation
        with transaction.atomic():
            was = self._working_place()
            self._refuse_unfinished(Person.objects.select_for_update())
            super().save(*args, **kwargs)
            from officehub.people.membership import sync

            sync(self)
            if was and was != self._working_place():
                roles = set(self.role_holdings.values_list("role", flat=True))
                roles_changed.send(self, roles=roles)

    def _working_place(self):
        """What decides, beside the roles, for whom they are held; None for somebody not yet there."""
        return Person.objects.filter(pk=self.pk).values_list("is_active", "department_id").first()

    def get_full_name(self):
        return self.name

    get_short_name = get_full_name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The roles held today, by id."""
        return frozenset(self.role_holdings.values_list("role", flat=True))

    def has_role(self, *roles: str) -> bool:
        return not self.roles.isdisjoint(roles)


class RoleHolding(models.Model):
    """One role of one person. The three administrators exclude each other and every business role."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_holdings", verbose_name="人员")
    role = models.CharField("角色", max_length=24, choices=Role.choices)

    class Meta:
        verbose_name = verbose_name_plural = "角色"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "role"], name="role_held_once", violation_error_message="此人已有该角色。"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(role__in=ADMINISTRATORS),
                name="one_administrator_role",
                violation_error_message="系统、安全、审计三个管理员不得由一人兼任。",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values), name="role_known", violation_error_message="没有这个角色。"
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.get_role_display()}"

    def clean(self):
        if not self.person_id:
            return
        others = set(
            RoleHolding.objects.filter(person_id=self.person_id).exclude(pk=self.pk).values_list("role", flat=True)
        )
        if self._state.adding and self.role in ADMINISTRATORS:
            self._refuse_who_does_business()
        if others and (self.role in ADMINISTRATORS or others & set(ADMINISTRATORS)):
            raise ValidationError({"role": "管理员（三员）不得兼任其他角色。"})

    def _refuse_who_does_business(self):
        """An administrator begins with empty hands: what a person still has to do would show them papers."""
        today, person = timezone.localdate(), self.person
        if person.appointments.filter(Q(until__isnull=True) | Q(until__gte=today)).exists():
            raise ValidationError({"person": "此人尚有任职，请先免职，再担任管理员（三员）。"})
        if person.work_items.filter(done_at=None).exists():
            raise ValidationError({"person": "此人尚有待办事项，请先办结，再担任管理员（三员）。"})
        if Delegation.objects.filter(Q(principal=person) | Q(delegate=person), until__gte=today).exists():
            raise ValidationError({"person": "此人尚有委托未到期，请先结束委托，再担任管理员（三员）。"})

    def save(self, *args, **kwargs):
        from officehub.people.membership import sync

        self.clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            sync(self.person)
            roles_changed.send(self.person, roles={self.role})

    def delete(self, *args, **kwargs):
        from officehub.people.membership import sync

        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            sync(self.person)
            roles_changed.send(self.person, roles={self.role})
        return gone


def administers(*people: int) -> bool:
    """Whether one of these persons (by id) is an administrator, to whom no paper may find a way (三员分立)."""
    return RoleHolding.objects.filter(person__in=people, role__in=ADMINISTRATORS).exists()


def addressable():
    """The people a paper may be sent to: everybody who works here but the three administrators."""
    return Person.objects.filter(is_active=True).exclude(role_holdings__role__in=ADMINISTRATORS)


class Appointment(models.Model):
    """A person holds a post from one day to another."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments", verbose_name="人员")
    post = models.ForeignKey(Post, models.PROTECT, related_name="appointments", verbose_name="岗位")
    since = models.DateField("任职日期")
    until = models.DateField("免职日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        constraints = [
            models.UniqueConstraint(fields=["person", "post", "since"], name="appointed_once"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="appointment_range",
                violation_error_message="免职日期不能早于任职日期。",
            ),
        ]

    def __str__(self):
        return f"{self.person} {self.post}"

    def clean(self):
        if self.person_id and administers(self.person_id):
            raise ValidationError("管理员（三员）不任职务：任职会使其看到公文。")

    def save(self, *args, **kwargs):
        self.clean()
        with transaction.atomic():
            super().save(*args, **kwargs)
            roles_changed.send(self.person, roles=set())


class Delegation(models.Model):
    """While somebody is away another decides in their name; the record says 受…委托 (国办函〔2009〕15号).

    Without a delegate it is an absence: the B岗 of the person's posts stands in. `kinds` narrows it to some kinds of
    paper; empty means everything.
    """

    principal = models.ForeignKey(Person, models.CASCADE, related_name="delegations_given", verbose_name="委托人")
    delegate = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="delegations_held",
        verbose_name="受托人",
        help_text="不填即外出，由其岗位的 B 岗代办",
    )
    since = models.DateField("起")
    until = models.DateField("止")
    kinds = models.JSONField("限于文种", default=list, blank=True, help_text="不选即全部事项")
    reason = models.CharField("事由", max_length=100)
    presides = models.BooleanField(
        "主持工作", default=False, help_text="受托人为主持工作的负责人，可签发须由主要负责人签发的公文"
    )

    class Meta:
        verbose_name = verbose_name_plural = "委托"
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("delegate")),
                name="delegation_to_another",
                violation_error_message="不能委托给本人。",
            ),
            models.CheckConstraint(
                condition=Q(until__gte=F("since")),
                name="delegation_range",
                violation_error_message="委托止期不能早于起期。",
            ),
        ]

    def __str__(self):
        return f"{self.principal}委托{self.delegate}" if self.delegate else f"{self.principal}外出"

    def covers(self, kind: str) -> bool:
        """Whether errands of this kind of paper are handed on; what has no kind only by a delegation of everything."""
        return not self.kinds or kind in self.kinds

    def clean(self):
        """One stand-in at a time for a kind, no chain and no circle: who acts for another hands nothing on."""
        if not (self.since and self.until and self.principal_id):
            return
        if not isinstance(self.kinds, list) or not all(isinstance(kind, str) and kind for kind in self.kinds):
            raise ValidationError({"kinds": "限于文种须是文种名称的列表。"})
        if administers(self.principal_id, self.delegate_id or self.principal_id):
            raise ValidationError("管理员（三员）不得作委托人或受托人。")
        self._refuse_overlap()
        self._refuse_chain()
        if self.presides:
            self._refuse_wider_powers()

    def _overlapping(self):
        return Delegation.objects.filter(since__lte=self.until, until__gte=self.since).exclude(pk=self.pk)

    def _refuse_overlap(self) -> None:
        for other in self._overlapping().filter(principal=self.principal_id):
            if not self.kinds or not other.kinds or set(self.kinds) & set(other.kinds):
                raise ValidationError({"since": "这段时间已委托他人或已登记外出，请先结束原委托。"})

    def _refuse_chain(self) -> None:
        overlapping = self._overlapping()
        if self.delegate_id and overlapping.filter(principal=self.delegate_id).exists():
            raise ValidationError({"delegate": "受托人在这段时间另有委托或外出，不能转委托，请另选他人。"})
        if overlapping.filter(delegate=self.principal_id).exists():
            raise ValidationError({"since": "委托人在这段时间正受他人委托，不能转委托，请先结束该委托。"})

    def _refuse_wider_powers(self) -> None:
        """主持工作 hands on a principal leader's signature, so only to who may lead there (条例 第二十二条)."""
        if not self.principal.role_holdings.filter(role=Role.PRINCIPAL_LEADER).exists():
            raise ValidationError({"presides": "只有主要负责人外出时才有人主持工作。"})
        organ = Organ.objects.filter(departments__people=self.principal_id)
        able = Q(role__in=[*LEADING, Role.OFFICE_DIRECTOR], person__department__organ__in=organ)
        if not (self.delegate and self.delegate.role_holdings.filter(able).exists()):
            raise ValidationError({"presides": "主持工作的只能是本机关的负责人或办公室主任，请指定受托人。"})

    def save(self, *args, **kwargs):
        with transaction.atomic():
            self._hold_both()
            self.clean()
            super().save(*args, **kwargs)
            roles_changed.send(self.principal, roles=set())

    def _hold_both(self) -> None:
        """Hold both persons' rows, so that two delegations saved at once see each other and make no chain."""
        named = [self.principal_id, self.delegate_id or self.principal_id]
        list(Person.objects.select_for_update(no_key=True).filter(pk__in=named).order_by("pk").values_list("pk"))

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            gone = super().delete(*args, **kwargs)
            roles_changed.send(self.principal, roles=set())
        return gone

    def end(self, today) -> bool:
        """Let it last no longer than yesterday; what begins today or later goes. False when it is over already."""
        with transaction.atomic():
            self._hold_both()
            alive = Delegation.objects.filter(pk=self.pk, until__gte=today)
            gone = alive.filter(since__gte=today).delete()[0]
            ended = gone or alive.update(until=today - timedelta(days=1))
            if ended:
                roles_changed.send(self.principal, roles=set())
        return bool(ended)


def delegation_of(person: Person, today, kind: str = "") -> Delegation | None:
    """The delegation to somebody in force for a person's errands of a kind on a day; an absence is none."""
    given = Delegation.objects.filter(
        principal=person, since__lte=today, until__gte=today, delegate__is_active=True
    ).select_related("delegate")
    return next((delegation for delegation in given.order_by("pk") if delegation.covers(kind)), None)
