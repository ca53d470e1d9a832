"""The first three administrators of an empty office (三员分立, GB/T 22239-2019 8.1.4)."""

import secrets

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from officehub.audit.record import record
from officehub.people.models import Person, Role, RoleHolding

ROLES = [Role.SYS_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN]


class Command(BaseCommand):
    help = "在还没有管理员的系统中建立系统、安全、审计三个管理员账号，并各给一个初始密码。"

    def add_arguments(self, parser):
        for role in ROLES:
            parser.add_argument(role.value, metavar=role.value.upper(), help=f"{role.label}的登录名")

    def handle(self, **options):
        names = [options[role.value] for role in ROLES]
        if len(set(names)) < len(names):
            raise CommandError("三个管理员须是三个不同的账号。", returncode=2)
        if RoleHolding.objects.filter(role__in=ROLES).exists():
            raise CommandError("系统里已有管理员；增补请由安全管理员在后台办理。", returncode=2)
        if taken := list(Person.objects.filter(username__in=names).values_list("username", flat=True)):
            raise CommandError(f"登录名已有人使用：{'、'.join(taken)}。", returncode=2)
        now = timezone.now()
        with transaction.atomic():
            given = [self._make(role, name, now) for role, name in zip(ROLES, names, strict=True)]
        for role, name, password in given:
            self.stdout.write(f"{role.label}  {name}  初始密码 {password}（请登录后立即修改）")

    def _make(self, role: Role, name: str, now) -> tuple[Role, str, str]:
        password = secrets.token_urlsafe(12)
        person = Person.objects.create_user(name, password=password, name=role.label)
        RoleHolding.objects.create(person=person, role=role)
        record(person, "create", by=None, now=now, facts={"role": role.value})
        return role, name, password
