"""`measure_pdf FILE.pdf`: the layout as printed, in mm, against GB/T 9704, line by line."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.interchange import LAYOUTS
from documents.paper.measure import NotMeasurable, Report, measure


class Command(BaseCommand):
    help = "量一份 PDF 的版面，逐项与 GB/T 9704 对照。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="PDF 文件")
        parser.add_argument("--layout", choices=LAYOUTS, default="general", help="按哪种格式衡量")
        parser.add_argument("--json", action="store_true", help="以 JSON 报告结果")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = measure(options["file"].read_bytes(), options["layout"])
        except OSError as error:
            raise CommandError(f"读不到文件：{options['file']}：{error.strerror}", returncode=2) from error
        except NotMeasurable as error:
            raise CommandError(str(error), returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(report.plain(), ensure_ascii=False))
        else:
            self.print_lines(report)
        if not report.ok:
            raise SystemExit(1)

    def print_lines(self, report: Report) -> None:
        for check in report.checks:
            mark = "合格" if check.ok else "不合格"
            mark = mark if check.applicable else "－"
            self.stdout.write(f"{mark:　<3} {check.id:<22} 标准 {check.expected}；实测 {check.measured}")
        failed = sum(not check.ok for check in report.checks)
        verdict = f"{failed}项不合格。" if failed else "全部合格。"
        self.stdout.write(f"共{report.pages}页，{len(report.checks)}项，{verdict}")
