"""manage.py explain_access PERSON OBJECT: which rows of the access table let somebody in, or why they keep out."""

import json
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import models
from django.utils import timezone

from officehub.people.grants import Reason, explain, group_name, guarded_models, lapsed
from officehub.people.models import Person

HELP = """说明某人能否看到某件东西，依据哪一条授权。

PERSON  登录名
OBJECT  三种写法之一：
          documents.document:12   模型:编号
          公文:12                 中文名:编号
          海政办发〔2026〕3号     能唯一确定一件东西的文字，如发文字号

退出码：0 看得到；1 看不到；2 没有这个人或这件东西。"""


class Command(BaseCommand):
    help = HELP

    def create_parser(self, *args: Any, **kwargs: Any):
        return super().create_parser(*args, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("person", metavar="PERSON", help="登录名")
        parser.add_argument("object", metavar="OBJECT", help="如 documents.document:12、公文:12 或发文字号")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, person: str, object: str, as_json: bool, **options: Any) -> None:
        who, thing, now = find_person(person), find_thing(object), timezone.now()
        reasons, gone = explain(thing, who, now), lapsed(thing, who, now)
        may = bool(reasons) and who.is_active
        if as_json:
            found = {"person": who.username, "object": f"{thing._meta.label_lower}:{thing.pk}", "may_see": may}
            rows = {"because": as_rows(reasons), "lapsed": as_rows(gone), "against": against(who, reasons)}
            self.stdout.write(json.dumps({**found, **rows}, ensure_ascii=False, indent=2))
        else:
            self.say(who, thing, reasons, gone)
        if not may:
            raise SystemExit(1)

    def say(self, who: Person, thing: models.Model, reasons: list[Reason], gone: list[Reason]) -> None:
        verdict = "看得到" if reasons and who.is_active else "看不到"
        self.stdout.write(f"{who.name}（{who.username}）{verdict}{thing._meta.verbose_name}“{thing}”")
        for reason in reasons:
            self.stdout.write(f"  准：{reason.via}，{reason.because}{ends(reason)}")
        for reason in gone:
            self.stdout.write(f"  已过期：{reason.via}，{reason.because}{ends(reason)}")
        for sentence in against(who, reasons):
            self.stdout.write(f"  不准：{sentence}")


def ends(reason: Reason) -> str:
    return f"，至 {timezone.localtime(reason.until):%Y-%m-%d %H:%M}" if reason.until else ""


def as_rows(reasons: list[Reason]) -> list[dict[str, str | None]]:
    return [
        {"via": row.via, "because": row.because, "until": row.until.isoformat() if row.until else None}
        for row in reasons
    ]


def against(who: Person, reasons: list[Reason]) -> list[str]:
    """Why somebody is kept out; empty when nothing keeps them out."""
    sentences = [] if who.is_active else ["账号已停用，不能登录。"]
    if not reasons:
        groups = [group_name(group) for group in who.groups.order_by("pk")]
        sentences.append(f"本人和所在的部门、角色（{'、'.join(groups) or '无'}）都没有授权。")
    return sentences


def find_person(username: str) -> Person:
    try:
        return Person.objects.select_related("department").get(username=username)
    except Person.DoesNotExist:
        raise CommandError(f"没有登录名为“{username}”的人员。", returncode=2) from None


def find_thing(written: str) -> models.Model:
    """The object that OBJECT names, among the models that have an access table."""
    label, colon, number = written.replace("：", ":").rpartition(":")
    for model in guarded_models():
        wanted = (model._meta.label_lower, str(model._meta.verbose_name))
        if colon and label.strip().lower() in wanted and number.strip().isdecimal():
            found = model._base_manager.filter(pk=int(number)) if len(number) < 19 else model._base_manager.none()
        else:
            found = model._base_manager.filter(by_unique_text(model, written))
        if thing := found.first():
            return thing
    known = "、".join(model._meta.label_lower for model in guarded_models())
    raise CommandError(f"找不到“{written}”。写成“模型:编号”（可用：{known}）或发文字号。", returncode=2)


def by_unique_text(model: type[models.Model], written: str) -> models.Q:
    unique = [field.name for field in model._meta.fields if isinstance(field, models.CharField) and field.unique]
    wanted = models.Q(pk__in=[])
    for name in unique:
        wanted |= models.Q(**{name: written.strip()})
    return wanted
