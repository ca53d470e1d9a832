"""manage.py audit verify: every chain of events and every seal over them, walked from the first to the last, and what
each room proves of its own records."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from officehub.audit.models import Event, Seal
from officehub.audit.record import broken
from officehub.web import hubs


class Command(BaseCommand):
    help = "核验审计记录：每个事项的事件链和全部封存。退出码：0 完好；1 有缺损（先列第一处）；2 用法有误。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="verify")
        verify = actions.add_parser("verify", help="核验事件链、封存、签发文本和公文版本")
        verify.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, as_json: bool, **options) -> None:
        faults = [*broken(), *(fault for proof in hubs.proofs() for fault in proof())]
        counted = {"events": Event.objects.count(), "seals": Seal.objects.count()}
        if as_json:
            found = {"ok": not faults, **counted, "first": faults[0] if faults else None, "faults": faults}
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            self.say(faults, counted)
        sys.exit(int(bool(faults)))

    def say(self, faults: list[str], counted: dict[str, int]) -> None:
        if not faults:
            self.stdout.write(f"审计记录完好：事件 {counted['events']} 个，封存 {counted['seals']} 次。")
            return
        self.stdout.write(self.style.ERROR(f"审计记录有 {len(faults)} 处缺损，第一处：{faults[0]}"))
        for fault in faults[1:]:
            self.stdout.write(f"  {fault}")
