"""One page: what is well on this machine and what is not."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand
from django.utils import timezone

from officehub.web import doctor

SHOWN = {"ok": "正常", "warning": "注意", "bad": "异常"}


class Command(BaseCommand):
    help = "检查字体、时区、日历、队列、磁盘、邮件、时钟等；有异常时退出码为 1。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, **options) -> None:
        found = list(doctor.checks(timezone.now()))
        if options["json"]:
            self.stdout.write(json.dumps([self.as_row(check) for check in found], ensure_ascii=False, indent=2))
        else:
            self.page(found)
        sys.exit(int(any(check.state == "bad" for check in found)))

    def as_row(self, check: doctor.Check) -> dict[str, str]:
        remedy = "" if check.ok else check.remedy
        return {"name": check.name, "state": check.state, "says": check.says, "remedy": remedy}

    def page(self, found: list[doctor.Check]) -> None:
        styles = {"ok": self.style.SUCCESS, "warning": self.style.WARNING, "bad": self.style.ERROR}
        for check in found:
            self.stdout.write(f"{styles[check.state](SHOWN[check.state])}  {check.name}：{check.says}")
            if not check.ok:
                self.stdout.write(f"      {check.remedy}")
