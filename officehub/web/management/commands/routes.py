"""manage.py routes simulate · migrate · replay · check · bypasses: what an office asks of its routes."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officehub.approvals import migrate, replay
from officehub.approvals.asked import Choice
from officehub.approvals.conditions import facts_of
from officehub.approvals.invariants import violations
from officehub.approvals.migrate import Effect
from officehub.approvals.models import Bypass, Route, RouteVersion, Run
from officehub.approvals.simulate import simulate
from officehub.moves import TooLate
from officehub.people.models import Department, Person
from officehub.web import routes_said as said
from officehub.web.management.commands.explain_access import find_person, find_thing

BATCH = 200


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，应如 2026-11-23。") from None


def choice_at(text: str) -> tuple[str, list[str]]:
    stage, sign, names = text.partition("=")
    if not (stage and sign and names):
        raise ArgumentTypeError(f"“{text}”应写成 环节=登录名,登录名。")
    return stage.strip(), listed(names)


def listed(text: str) -> list[str]:
    return [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",") if part.strip()]


class Command(BaseCommand):
    help = (
        "审批流程。simulate：一件东西会送给谁；migrate：把在办的件改到新版本；replay：历史办件对照另一版本；"
        "check：逐件核验；bypasses：分离例外报告。退出码：0 没有问题；1 有缺人、不能迁移、有差异或有缺损；2 用法有误。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="simulate|migrate|replay|check|bypasses")
        self._simulate_arguments(actions.add_parser("simulate", help="会送给谁、什么次序、什么时候到期"))
        self._migrate_arguments(actions.add_parser("migrate", help="在办的件改到最新发布的版本"))
        self._replay_arguments(actions.add_parser("replay", help="历史办件按另一版本会怎样走"))
        actions.add_parser("check", help="核验每一件审批")
        bypasses = actions.add_parser("bypasses", help="拟稿、核稿、签发分离的例外")
        bypasses.add_argument("--from", type=day, dest="since", metavar="DATE", help="从哪天起")
        bypasses.add_argument("--to", type=day, dest="until", metavar="DATE", help="到哪天止（含当日）")
        for action in actions.choices.values():
            action.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def _simulate_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("subject", metavar="SUBJECT", help="如 documents.document:12、公文:12 或发文字号")
        parser.add_argument("--departments", type=listed, default=[], metavar="A,B", help="会签部门的名称")
        parser.add_argument("--people", type=choice_at, action="append", default=[], metavar="STAGE=LOGIN,LOGIN",
                            help="拟稿人选定的办理人，可以写几次")  # fmt: skip
        self._version_arguments(parser)

    def _version_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--route", metavar="NAME", help="流程名称")
        parser.add_argument("--version", type=int, dest="number", metavar="N", help="第几版")

    def _migrate_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--route", metavar="NAME", help="只看这个流程")
        parser.add_argument("--dry-run", action="store_true", help="只说明影响，不改动")
        parser.add_argument("--by", metavar="LOGIN", help="由谁迁移（登录名），迁移时必写")

    def _replay_arguments(self, parser: ArgumentParser) -> None:
        self._version_arguments(parser)
        parser.add_argument("--since", type=day, metavar="DATE", help="只看这天以后办结的")

    def handle(self, *, action: str, as_json: bool, **options: Any) -> None:
        found, lines, code = getattr(self, f"{action}_found")(timezone.now(), **options)
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) if as_json else "\n".join(lines))
        if code:
            raise SystemExit(code)

    # --- each deed gives what JSON says, the lines, and the exit code ------------------------------------------------

    def simulate_found(self, now: datetime, *, subject: str, departments, people, route, number, **options) -> tuple:
        thing = find_thing(subject)
        if not facts_of(type(thing)):
            raise CommandError(f"{thing._meta.verbose_name}不走审批流程。", returncode=2)
        version = find_version(route, number) if route else None
        found = simulate(thing, now, version=version)
        if departments or people:
            chosen = [find_department(name).pk for name in departments]
            choice = Choice(chosen, dict(find_people(found.version, stage, names) for stage, names in people))
            found = simulate(thing, now, version=version, choice=choice)
        return said.simulation(found), list(said.simulation_lines(thing, found)), int(bool(found.lacking))

    def migrate_found(self, now: datetime, *, route: str | None, dry_run: bool, by: str | None, **options) -> tuple:
        if not (dry_run or by):
            raise CommandError("迁移要写明由谁迁移：--by 登录名；只看影响请用 --dry-run。", returncode=2)
        of, mover = find_route(route) if route else None, find_person(by) if by else None
        effects = list(migrate.effects(of, now))
        if mover and not dry_run:
            effects = [self._move(one, mover, now) for one in effects]
        hindered = any(one.obstacles for one in effects)
        return {"cases": list(map(said.effect, effects))}, list(said.effect_lines(effects, dry_run)), int(hindered)

    def _move(self, effect: Effect, by: Person, now: datetime) -> Effect:
        """Moves what can be moved; what cannot says why."""
        try:
            return migrate.move_to(effect.run, effect.version, by=by, now=now)
        except migrate.NotMoved as hindered:
            effect.obstacles = hindered.obstacles
        except TooLate as late:
            effect.obstacles = [str(late)]
        return effect

    def replay_found(self, now: datetime, *, route, number, since, **options) -> tuple:
        found = replay.replay(find_version(route, number), now=now, since=since)
        return said.replayed(found), list(said.replay_lines(found)), int(bool(found.differences))

    def check_found(self, now: datetime, **options) -> tuple:
        faults, runs = [], 0
        for run in Run.objects.filter(parent=None).select_related("version", "subject_type").iterator(BATCH):
            runs += 1
            faults += [{"case": said.case(run), "fault": fault} for fault in faults_of(run, now)]
        lines = [f"{one['case']}：{one['fault']}" for one in faults]
        lines.append(f"审批 {runs} 件，{f'有 {len(faults)} 处缺损' if faults else '全部完好'}。")
        return {"ok": not faults, "runs": runs, "faults": faults}, lines, int(bool(faults))

    def bypasses_found(self, now: datetime, *, since: date | None, until: date | None, **options) -> tuple:
        found = Bypass.objects.select_related("by", "step__run__subject_type").order_by("at", "id")
        found = found.filter(at__date__gte=since) if since else found
        found = found.filter(at__date__lte=until) if until else found
        rows = list(map(said.bypass, found.iterator(BATCH)))
        return {"bypasses": rows}, list(said.bypass_lines(rows)), 0


def faults_of(run: Run, now: datetime) -> list[str]:
    try:
        return violations(run, now)
    except ObjectDoesNotExist:
        return ["审批的这件东西已不存在"]


# --- what was named ------------------------------------------------------------------------------------------------


def find_route(name: str) -> Route:
    route = Route.objects.filter(name=name).first()
    if route is None:
        known = "、".join(Route.objects.values_list("name", flat=True))
        raise CommandError(f"没有名为“{name}”的流程，现有：{known or '无'}。", returncode=2)
    return route


def find_version(name: str | None, number: int | None) -> RouteVersion:
    """A version, published or not; the newest one unless a number is given, and the only route unless it is named."""
    if name is None and Route.objects.count() != 1:
        raise CommandError("流程不止一个，请用 --route 写明名称。", returncode=2)
    route = find_route(name) if name else Route.objects.get()
    versions = route.versions.select_related("route__subject_type").order_by("-number")
    version = versions.filter(number=number).first() if number is not None else versions.first()
    if version is None:
        raise CommandError(f"“{route}”没有第 {number} 版。" if number else f"“{route}”还没有版本。", returncode=2)
    return version


def find_department(name: str) -> Department:
    department = Department.objects.filter(name=name, is_active=True).first()
    if department is None:
        raise CommandError(f"没有名为“{name}”的部门。", returncode=2)
    return department


def find_people(version: RouteVersion | None, stage: str, names: list[str]) -> tuple[str, list[int]]:
    found = version and version.stages.filter(name=stage, who="sender").first()
    if not found:
        raise CommandError(f"流程里没有由拟稿人选人的环节“{stage}”。", returncode=2)
    return str(found.pk), [find_person(name).pk for name in names]
