"""manage.py numbers check: every series and year contiguous from 1, each number to one paper or explained."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from documents.incoming import register
from documents.models import IncomingYear, NumberYear
from documents.number import Fault, faults


class Command(BaseCommand):
    help = "核对发文字号：每个系列每年从 1 号起连续、不重，空号有说明。退出码：0 无误；1 有问题；2 用法有误。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="check")
        check = actions.add_parser("check", help="核对全部系列")
        check.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, as_json: bool, **options) -> None:
        found = [*faults(), *(Fault(*fault) for fault in register.faults())]
        years = NumberYear.objects.count() + IncomingYear.objects.count()
        if as_json:
            rows = [vars(fault) for fault in found]
            self.stdout.write(json.dumps({"ok": not found, "series_years": years, "faults": rows}, ensure_ascii=False))
        else:
            for fault in found:
                self.stdout.write(self.style.ERROR(f"{fault.series}〔{fault.year}〕：{fault.message}"))
            verdict = f"有 {len(found)} 处问题" if found else "全部连续、无重号"
            self.stdout.write(f"核对 {years} 个年度系列，{verdict}。")
        sys.exit(int(bool(found)))
