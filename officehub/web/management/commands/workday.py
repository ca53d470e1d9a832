"""manage.py workday add DATE N · between A B · import FILE: working-day arithmetic as the system does it, and a year's
arrangement taken in. Days and office hours are those of the office's time zone."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from officehub.audit.record import record
from officehub.workdays import arithmetic
from officehub.workdays.arithmetic import Unit
from officehub.workdays.arrangement import ListRefused, read
from officehub.workdays.change import compared, take
from officehub.workdays.models import CalendarDay

ASSUMED = "（按推算：途经的年份还没有确认的放假安排）"
BY_THE_HOUR = (Unit.HOURS, Unit.OFFICE_HOURS)
COUNTED = {Unit.WORKING_DAYS: "个工作日", Unit.NATURAL_DAYS: "日", Unit.HOURS: "小时", Unit.OFFICE_HOURS: "个工作小时"}


def moment(text: str) -> datetime:
    """A day, or a moment in the office's time zone when it names none."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，应如 2026-11-23（按小时计的，如 2026-11-23T09:30）。") from None
    return given if given.tzinfo else given.replace(tzinfo=timezone.get_default_timezone())


class Command(BaseCommand):
    help = (
        "工作日推算。add：某日之后第 N 个工作日（当日不计，N 可为负）；between：两日之间的工作日数（含后一日）；"
        "import：导入一年的放假安排。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|between|import")
        add = actions.add_parser("add", help="某日之后第 N 个工作日，或其他单位的时限")
        add.add_argument("start", type=moment, metavar="DATE", help="起算日，如 2026-11-23；按小时计的可带时刻")
        add.add_argument("count", type=int, metavar="N", help="数目")
        between = actions.add_parser("between", help="两日之间的工作日数，或其他单位")
        between.add_argument("start", type=moment, metavar="A")
        between.add_argument("end", type=moment, metavar="B")
        for action in (add, between):
            action.add_argument("--unit", choices=Unit.values, default=Unit.WORKING_DAYS, help="单位，默认工作日")
        taken = actions.add_parser("import", help="导入一年的放假安排：名单（CSV）或通知的 JSON")
        taken.add_argument("file", type=Path, metavar="FILE")
        taken.add_argument("--year", type=int, required=True, help="年份；名单可以调整上年12月")
        taken.add_argument("--local", action="store_true", help="本地规定：只改所列日子，以后导入国家安排时保留不动")
        taken.add_argument("--dry-run", action="store_true", help="只核对，不写入")
        for action in (add, between, taken):
            action.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, action: str, as_json: bool, **options) -> None:
        deeds: dict[str, Callable[..., tuple[dict, str]]] = {"add": self.add, "between": self.between}
        deeds["import"] = self.take
        try:
            found, said = deeds[action](**options)
        except (ValueError, OverflowError) as error:
            raise CommandError(f"算不了：{error}", returncode=2) from error
        assumed = ASSUMED if found.get("provisional") else ""
        self.stdout.write(json.dumps(found, ensure_ascii=False) if as_json else said + assumed)

    # --- counting ---------------------------------------------------------------------------------------------------

    def add(self, start: datetime, count: int, unit: str, **options) -> tuple[dict, str]:
        day = start.astimezone(timezone.get_default_timezone()).date()
        if unit in BY_THE_HOUR:
            at, provisional = arithmetic.due_at(start, count, unit)
            local = timezone.localtime(at, timezone.get_default_timezone())
            begins, due, said = start.isoformat(), local.isoformat(), f"{local:%Y-%m-%d %H:%M}（{settings.TIME_ZONE}）"
        else:
            ends = arithmetic.add(day, count) if unit == Unit.WORKING_DAYS else arithmetic.natural(day, count)
            begins, due, said, provisional = str(day), str(ends.date), str(ends.date), ends.provisional
        return {"start": begins, unit: count, "due": due, "provisional": provisional}, said

    def between(self, start: datetime, end: datetime, unit: str, **options) -> tuple[dict, str]:
        zone = timezone.get_default_timezone()
        first, last = start.astimezone(zone).date(), end.astimezone(zone).date()
        count: float
        dated, ends = (start.isoformat(), end.isoformat()), (str(first), str(last))
        match unit:
            case Unit.WORKING_DAYS:
                count, provisional, dated = arithmetic.between(first, last), arithmetic.is_assumed(first, last), ends
            case Unit.NATURAL_DAYS:
                count, provisional, dated = (last - first).days, False, ends
            case Unit.HOURS:
                count, provisional = _hours((end - start).total_seconds()), False
            case _:
                known = arithmetic.calendar(first, last)
                count = _hours(known.office_hours_between(start, end).total_seconds())
                provisional = any(known.day(day)[1] for day in {first, last}) or known.is_assumed(first, last)
        found = {"start": dated[0], "end": dated[1], unit: count, "provisional": provisional}
        return found, f"{count} {COUNTED[Unit(unit)]}"

    # --- a year -----------------------------------------------------------------------------------------------------

    def take(self, file: Path, year: int, local: bool, dry_run: bool, **options) -> tuple[dict, str]:
        if not 2000 <= year <= 2099:
            raise CommandError("年份应在 2000 至 2099 之间。", returncode=2)
        try:
            lines = read(file.read_text("utf-8-sig"), year)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"读不了 {file}：{error}", returncode=2) from error
        except ListRefused as refused:
            raise CommandError("没有导入：\n" + "\n".join(refused.faults), returncode=1) from refused
        now, moved = timezone.now(), None
        if dry_run:
            taken = compared(lines, year, local=local)
        else:
            taken, moved = self._taken(lines, year, local, now)
        kept = [str(day) for day in taken.local]
        found = {"year": year, "written": taken.written, "changed": len(taken.changed), "local_kept": kept}
        said = f"{year} 年：已确认 {taken.written} 天，变更 {len(taken.changed)} 天。"
        if dry_run:
            said = f"{year} 年：将确认 {taken.written} 天，变更 {len(taken.changed)} 天。"
        if kept:
            said += f"本地规定保留不动：{'、'.join(kept)}。"
        if moved:
            said += "时限由后台任务重算。"
        return {**found, "change": moved and moved.pk, "dry_run": dry_run}, said

    @transaction.atomic
    def _taken(self, lines, year: int, local: bool, now: datetime):
        taken = take(lines, year, by=None, now=now, local=local)
        facts = {"year": year, "listed": len(lines), "source": lines[0].source}
        calendar = ContentType.objects.get_for_model(CalendarDay)
        record(calendar, "calendar_confirmed", by=None, now=now, facts=facts | ({"is_local": True} if local else {}))
        return taken


def _hours(seconds: float) -> float:
    """Whole hours as such."""
    hours = round(seconds / 3600, 4)
    return int(hours) if hours == int(hours) else hours
