"""manage.py check_document FILE: the findings of the rules on one paper, without the database."""

import json
import sys
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError, CommandParser

from documents import docx
from documents.interchange import Paper, Refused, decode, parse, read_limited
from documents.rules import MOMENTS, Finding, Unregistered, check, ok
from documents.rules.number import NUMBER, repaired
from documents.rules.refusals import findings_of
from documents.rules.registry import SEVERITIES
from documents.rules.wording import fix

HEADINGS = {"block": "必须改正", "override": "须说明理由方可放行", "warn": "建议改正", "info": "提示"}
MOMENT_NAMES = {"draft": "拟稿", "sign": "签发", "register": "登记"}
MAX_DOCX = 20 * 1024 * 1024  # bytes
HELP = """按公文规则检查一份公文（交换格式 .json，或 .docx 稿件）。
不连数据库，因此不核对机关名录。
退出码：0 没有问题（至多有提示）；1 有须改正或建议改正之处；2 文件读不了或不合交换格式。"""
MOMENT_HELP = """按哪个环节的要求检查：draft 拟稿，sign 签发，register 登记。
缺省：有发文字号的、.json 中有成文日期的按登记检查（没有公开属性不算错，交换格式中它可以不填），其余按拟稿检查。"""


class Command(BaseCommand):
    help = HELP
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="公文文件：.json（交换格式）或 .docx")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")
        parser.add_argument("--moment", choices=MOMENTS, help=MOMENT_HELP)

    def handle(self, *, file: Path, as_json: bool, moment: str | None, **options: Any) -> None:
        try:
            taken = read(file)
        except Refused as refused:
            self.refuse(refused, as_json)
        at = moment or moment_of(taken, file)
        findings = findings_on(taken, at, lenient=moment is None)
        if as_json:
            self.print_json(findings)
        else:
            self.print_text(taken.paper, at, taken.notes, findings)
        if any(finding.severity != "info" for finding in findings):
            sys.exit(1)

    def refuse(self, refused: Refused, as_json: bool) -> NoReturn:
        if as_json:
            self.print_json(findings_of(refused))
        else:
            self.stderr.write("文件不合交换格式：")
            for error in refused.errors:
                self.stderr.write(f"  {error.field}：{error.message}")
        sys.exit(2)

    def print_json(self, findings: list[Finding]) -> None:
        result = {"findings": [finding.as_json() for finding in findings], "ok": ok(findings)}
        self.stdout.write(json.dumps(result, ensure_ascii=False, indent=2))

    def print_text(self, paper: Paper, moment: str, notes: tuple[str, ...], findings: list[Finding]) -> None:
        self.stdout.write(f"{paper.kind}《{paper.title or '（无标题）'}》，按{MOMENT_NAMES[moment]}环节检查")
        for note in notes:
            self.stdout.write(f"  读取说明：{note}")
        ordered = sorted(findings, key=lambda finding: SEVERITIES.index(finding.severity))
        for severity, group in groupby(ordered, key=lambda finding: finding.severity):
            self.stdout.write(f"\n{HEADINGS[severity]}")
            for finding in group:
                self.stdout.write(f"  {finding.rule} {finding.message}（{finding.basis}）")
                if finding.fix:
                    self.stdout.write(f"      可一键改正：{finding.fix['label']}")
        self.stdout.write("\n" + conclusion(findings))


@dataclass(frozen=True)
class Taken:
    """A paper as read, notes on reading it, and what is wrong with a number that the format itself refuses."""

    paper: Paper
    notes: tuple[str, ...] = ()
    number_faults: tuple[Finding, ...] = ()


def taken_from(raw: Any, notes: tuple[str, ...] = ()) -> Taken:
    """A number in a wrong form is no reason to be silent on the rest: it is set aside and told as R19."""
    try:
        return Taken(parse(raw), notes)
    except Refused as refused:
        if {error.field for error in refused.errors} != {"document_number"}:
            raise
        without = {name: value for name, value in raw.items() if name != "document_number"}
        return Taken(parse(without), notes, tuple(mended(one, raw) for one in findings_of(refused)))


def mended(finding: Finding, raw: dict[str, Any]) -> Finding:
    """With the fix that rule R19 would offer."""
    better = repaired(str(raw["document_number"]))
    offered = fix(f"改为“{better}”", "document_number", better) if NUMBER.fullmatch(better) else None
    return replace(finding, fix=offered)


def read(file: Path) -> Taken:
    """The paper in a file, and notes on reading it. Raises `Refused`, or `CommandError` (exit 2)."""
    try:
        if file.suffix.lower() == ".docx":
            return read_docx(file)
        if file.suffix.lower() == ".json":
            return taken_from(decode(read_limited(file)))
    except OSError as error:
        raise CommandError(f"读不了文件“{file}”：{error.strerror or error}", returncode=2) from error
    raise CommandError("只能检查 .json（交换格式）和 .docx 文件。", returncode=2)


def read_docx(file: Path) -> Taken:
    if file.stat().st_size > MAX_DOCX:
        raise CommandError(f"文件超过{MAX_DOCX // 1024 // 1024} MB。", returncode=2)
    try:
        draft = docx.read_draft(file.read_bytes())
    except (docx.NotADocx, docx.UnsafeFile) as error:
        raise CommandError(str(error), returncode=2) from error
    return taken_from(docx.as_raw(draft), draft.notes)


def moment_of(taken: Taken, file: Path) -> str:
    """A paper that bears a number claims to be finished; a date says so in JSON, but a draft in Word may foresee it."""
    paper = taken.paper
    dated = paper.date_of_document is not None and file.suffix.lower() == ".json"
    return "register" if paper.document_number or taken.number_faults or dated else "draft"


def findings_on(taken: Taken, moment: str, lenient: bool) -> list[Finding]:
    """At one moment; leniently, 公开属性 may be absent, as the format allows."""
    findings = check(taken.paper, Unregistered(), moment)
    if taken.number_faults:
        others = [finding for finding in findings if finding.field != "document_number"]
        findings = [*taken.number_faults, *others]
    if lenient and not taken.paper.disclosure:
        return [finding for finding in findings if finding.field != "disclosure"]
    return findings


def conclusion(findings: list[Finding]) -> str:
    if not findings:
        return "结论：没有发现问题。"
    return f"结论：{'可以继续' if ok(findings) else '不能继续'}，共{len(findings)}处。"
