"""`render_document FILE -o OUT.pdf`: the official PDF of a paper in the interchange format, without the database."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents.interchange import Paper, Refused, load
from documents.paper import fonts
from documents.paper.process import RenderFailed, render_safely

HELP = """把交换格式（JSON）的公文排成 PDF，不用数据库。
退出码：0 已写入；1 没有排成，或者已写入但缺少规定的字体；2 用法有误、文件读写不了或不合交换格式。"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="公文文件（JSON）")
        parser.add_argument("-o", "--output", type=Path, required=True, help="写到哪个 PDF 文件")
        parser.add_argument("--draft", default="", help="印在每页上的底纹文字，如“送审稿”")
        parser.add_argument("--archive", action="store_true", help="制作归档件：PDF/A-3，内附公文数据")
        parser.add_argument("--annex", type=int, default=0, help="只排第几个附件，首行标文号（不与正文装订时用）")
        parser.add_argument("--json", action="store_true", help="以 JSON 报告结果")

    def handle(self, *args: Any, **options: Any) -> None:
        if sum(map(bool, (options["archive"], options["draft"], options["annex"]))) > 1:
            raise CommandError("--archive、--draft、--annex 只能用一个（归档件不印底纹）。", returncode=2)
        try:
            paper = load(options["file"])
            held = images(paper, options["file"].parent)
            form = {name: options[name] for name in ("draft", "archive", "annex")}
            pdf = render_safely(paper, **form, images=held)
            options["output"].write_bytes(pdf)
        except Refused as refused:
            self.complain(refused, options["json"])
        except RenderFailed as failed:
            raise CommandError(str(failed), returncode=1) from failed
        except OSError as error:
            raise CommandError(f"文件读写失败：{error.filename}：{error.strerror}", returncode=2) from error
        self.report(options["output"], pdf, options["json"])

    def complain(self, refused: Refused, as_json: bool) -> None:
        errors = [{"field": error.field, "message": error.message} for error in refused.errors]
        if as_json:
            self.stdout.write(json.dumps({"ok": False, "errors": errors}, ensure_ascii=False))
        lines = "\n".join(f"  {error['field']}：{error['message']}" for error in errors)
        raise CommandError(f"公文有{len(errors)}处不合格式：\n{lines}", returncode=2) from refused

    def report(self, output: Path, pdf: bytes, as_json: bool) -> None:
        missing = fonts.missing()
        if as_json:
            found = {"ok": not missing, "bytes": len(pdf), "missing_fonts": missing}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        else:
            self.stdout.write(f"已写入 {output}（{len(pdf) / 1024:.0f} KB）。")
        if missing:
            lacking = "、".join(missing)
            self.stderr.write(f"缺少字体，已用后备字体代替，不能作正式文件：{lacking}。manage.py doctor 会说明办法。")
            sys.exit(1)


def images(paper: Paper, folder: Path) -> dict[str, bytes]:
    """The image files the paper names, read from beside it; links that lead out of the folder are not followed."""
    bodies = [paper.body, *(attachment.body for attachment in paper.attachments)]
    names = [block.file for body in bodies for block in body if block.type == "image"]
    names += paper.seal if isinstance(paper.seal, tuple) else []
    inside = folder.resolve()
    found = {name: (folder / name).resolve() for name in names}
    return {name: path.read_bytes() for name, path in found.items() if path.is_relative_to(inside) and path.is_file()}
