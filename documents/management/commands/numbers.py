"""manage.py numbers check: every series and year contiguous from 1, each number to one paper or explained."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from documents.incoming import register
from documents.models import IncomingYear, NumberYear
from documents.number import Fault, faults
from documents.numbers.explain import OPENING, RESERVED, VOID, Gap, gaps


class Command(BaseCommand):
    help = "核对发文字号：每个系列每年从 1 号起连续、不重，空号有说明。退出码：0 无误；1 有问题；2 用法有误。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="check")
        check = actions.add_parser("check", help="核对全部系列")
        check.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, as_json: bool, **options) -> None:
        found = [*faults(), *(Fault(*fault) for fault in register.faults())]
        explained = list(gaps())
        years = NumberYear.objects.count() + IncomingYear.objects.count()
        if as_json:
            rows, kept = [vars(fault) for fault in found], [in_json(gap) for gap in explained]
            said = {"ok": not found, "series_years": years, "faults": rows, "gaps": kept}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for gap in explained:
                self.stdout.write(in_words(gap))
            for fault in found:
                self.stdout.write(self.style.ERROR(str(fault)))
            verdict = f"有 {len(found)} 处问题" if found else "全部连续、无重号"
            self.stdout.write(f"核对 {years} 个年度系列，{verdict}。")
        sys.exit(int(bool(found)))


def in_words(gap: Gap) -> str:
    """One line: which numbers no paper bears, and why."""
    signed = "，".join(filter(None, [gap.who, f"{timezone.localdate(gap.when):%Y-%m-%d}" if gap.when else ""]))
    kept = f"，留给{gap.holder}至{gap.until:%Y-%m-%d}" if gap.until else ""
    sorts = {OPENING: "启用前已用", RESERVED: "预留", VOID: "空号"}
    return f"{gap}：{sorts[gap.sort]}，{gap.reason}{kept}{f'（{signed}）' if signed else ''}"


def in_json(gap: Gap) -> dict:
    days = {"until": gap.until.isoformat() if gap.until else None, "when": gap.when.isoformat() if gap.when else None}
    return {**vars(gap), **days}
