"""manage.py workday add DATE N · workday between A B: working-day arithmetic as the system does it."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from officehub.workdays import arithmetic

ASSUMED = "（按推算：途经的年份还没有确认的放假安排）"


def day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，应如 2026-11-23。") from None


class Command(BaseCommand):
    help = "工作日推算。add：某日之后第 N 个工作日（当日不计，N 可为负）；between：两日之间的工作日数（含后一日）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="add|between")
        add = actions.add_parser("add", help="某日之后第 N 个工作日")
        add.add_argument("start", type=day, metavar="DATE", help="起算日，如 2026-11-23")
        add.add_argument("count", type=int, metavar="N", help="工作日数")
        between = actions.add_parser("between", help="两日之间的工作日数")
        between.add_argument("start", type=day, metavar="A")
        between.add_argument("end", type=day, metavar="B")
        for action in (add, between):
            action.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, action: str, as_json: bool, start: date, **options) -> None:
        try:
            found, said = self.add(start, **options) if action == "add" else self.between(start, **options)
        except (ValueError, OverflowError) as error:
            raise CommandError(f"算不了：{error}", returncode=2) from error
        self.stdout.write(json.dumps(found) if as_json else said + (ASSUMED if found["provisional"] else ""))

    def add(self, start: date, count: int, **options) -> tuple[dict, str]:
        due = arithmetic.add(start, count)
        found = {"start": str(start), "working_days": count, "due": str(due.date), "provisional": due.provisional}
        return found, str(due.date)

    def between(self, start: date, end: date, **options) -> tuple[dict, str]:
        count, provisional = arithmetic.between(start, end), arithmetic.is_assumed(start, end)
        found = {"start": str(start), "end": str(end), "working_days": count, "provisional": provisional}
        return found, f"{count} 个工作日"
