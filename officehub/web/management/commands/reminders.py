"""manage.py reminders prove --from A --to B: what should have been sent, from the facts alone, against what was got;
reminders plan [--all]: plan for open errands that are older than the ledger, or for all by the rules of today."""

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, time, timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from officehub.inbox.errands import plan_left
from officehub.notifications.prove import Finding, Proof, prove

LISTED = {  # of a proof: what it is called
    "missing": "漏发",
    "doubled": "重发",
    "unfounded": "不应发而发",
    "late": "补发（迟到）",
    "dropped": "按规则未发",
    "unclear": "无从核对",
    "waiting": "刚到时点，待下一轮",
}


def moment(text: str) -> datetime | date:
    """A day, or a moment of the office's time."""
    try:
        return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}”不是日期，应如 2026-11-23 或 2026-11-23T09:30。") from None


def begin(given: datetime | date) -> datetime:
    at = given if isinstance(given, datetime) else datetime.combine(given, time())
    return at if timezone.is_aware(at) else timezone.make_aware(at)


class Command(BaseCommand):
    help = "核对提醒：由事项、规则、日历和任职推算应发的，与各人实收的比对。退出码：0 无漏无重；1 有；2 用法有误。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="prove|plan")
        proof = actions.add_parser("prove", help="核对一段时间内应发的提醒")
        proof.add_argument("--from", type=moment, required=True, dest="start", metavar="A", help="起，如 2026-11-23")
        proof.add_argument("--to", type=moment, required=True, dest="end", metavar="B", help="止，日期含当日")
        proof.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

        left = actions.add_parser("plan", help="为尚未列入台账的未办事项补列提醒（如升级之后）")
        left.add_argument("--all", action="store_true", dest="anew", help="全部未办事项按现行规则重新列入")

    def handle(self, *, action: str, **options) -> None:
        if action == "plan":
            count = plan_left(timezone.now(), anew=options["anew"])
            self.stdout.write(f"{count} 项未办事项已列入提醒台账。")
        else:
            self.prove(**{name: options[name] for name in ("start", "end", "as_json")})

    def prove(self, *, start, end, as_json: bool) -> None:
        first, last = begin(start), begin(end)
        if not isinstance(end, datetime):
            last += timedelta(days=1)
        if last <= first:
            raise CommandError("止应晚于起。", returncode=2)
        found = prove(first, last, timezone.now())
        if as_json:
            self.stdout.write(json.dumps(found.as_row(), ensure_ascii=False, indent=2))
        else:
            self.say(found)
        sys.exit(int(not found.holds))

    def say(self, found: Proof) -> None:
        self.stdout.write(f"应发 {found.expected}，实发 {found.sent}。")
        for name, label in LISTED.items():
            rows: list[Finding] = getattr(found, name)
            style = self.style.ERROR if rows and name in ("missing", "doubled", "unfounded") else str
            self.stdout.write(style(f"{label} {len(rows)}"))
            for row in rows:
                facts = f"事项 {row.item} 规则 {row.rule} {row.recipient or '—'} {row.moment} {row.says}"
                self.stdout.write(f"  {facts.rstrip()}")
