"""manage.py import_documents FILE.jsonl: papers in the interchange format, one a line, as drafts of one person."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from documents.drafting import import_paper, issuing_organs
from documents.interchange import decode, parse
from documents.models import Document
from documents.strict import FieldError, Refused, short
from officehub.audit.models import Event
from officehub.people.models import Organ, Person

Mark = tuple[str, str, str]  # kind, title and the number it came with: what makes it the same paper
MAX_LINE = 4 * 1024 * 1024  # bytes: what a paper posted in the browser may take, too
HELP = """导入交换格式的公文，一行一件，成为某人的草稿。
每行整件收下，或者整件退回并逐字段说明原因；一行有错不影响其他行。
同一件（文种、标题、原文号都相同）在文件中出现两次，或者此人已经导入过，予以退回；确要再收一份，用 --again。
原有的文号、日期、签发人记入该件的办理记录，正式的在本系统内重新产生。
退出码：0 全部收下；1 有退回的行；2 用法有误或文件读不了。"""


@dataclass(frozen=True)
class Outcome:
    """What became of one line: taken (`document`) or refused (`errors`)."""

    line: int
    document: Document | None = None
    errors: tuple[FieldError, ...] = ()

    def as_json(self) -> dict[str, Any]:
        if self.document:
            return {"line": self.line, "id": self.document.pk, "title": self.document.title}
        return {"line": self.line, "errors": [vars(error) for error in self.errors]}


class Command(BaseCommand):
    help = HELP

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")
        parser.add_argument("--by", metavar="USERNAME", required=True, help="成为谁的草稿")
        parser.add_argument("--organ", metavar="NAME", help="发文机关（全称或简称）；缺省按各件的第一个发文机关")
        parser.add_argument("--again", action="store_true", help="已经导入过的也再收一份")
        parser.add_argument("--dry-run", action="store_true", help="只试一遍，不留下任何东西")
        parser.add_argument("--json", action="store_true", dest="as_json", help="输出 JSON")

    def handle(self, *, file: Path, by: str, organ: str | None, dry_run: bool, as_json: bool, **options) -> None:
        chosen = organ_named(organ) if organ else None
        pile = Pile(drafter(by), chosen, timezone.now(), dry_run, again=options["again"])
        try:
            with file.open("rb") as lines:
                outcomes = [pile.take(place, line) for place, line in numbered(lines)]
        except OSError as error:
            raise CommandError(f"读不了文件“{file}”：{error.strerror or error}", returncode=2) from error
        self.report(outcomes, dry_run, as_json)
        sys.exit(int(any(outcome.errors for outcome in outcomes)))

    def report(self, outcomes: list[Outcome], dry_run: bool, as_json: bool) -> None:
        taken = [outcome for outcome in outcomes if outcome.document]
        refused = [outcome for outcome in outcomes if outcome.errors]
        if as_json:
            rows = {"taken": [one.as_json() for one in taken], "refused": [one.as_json() for one in refused]}
            self.stdout.write(json.dumps({**rows, "dry_run": dry_run}, ensure_ascii=False, indent=2))
            return
        for outcome in refused:
            self.stdout.write(self.style.ERROR(f"第 {outcome.line} 行退回："))
            for error in outcome.errors:
                self.stdout.write(f"    {error.field}：{error.message}")
        did = "可以收下" if dry_run else "收下"
        self.stdout.write(f"{did} {len(taken)} 件，退回 {len(refused)} 件。")


def numbered(lines: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Lines that are not blank, with their places; of one that is too long only the beginning, and a byte more."""
    place = 0
    while line := lines.readline(MAX_LINE + 1):
        place += 1
        whole = line
        while len(whole) > MAX_LINE and not whole.endswith(b"\n") and (whole := lines.readline(MAX_LINE + 1)):
            continue  # skip the rest of a line that is too long
        if line.strip():
            yield place, line


@dataclass
class Pile:
    """The lines of one file on their way to one person; it remembers what it has taken."""

    by: Person
    organ: Organ | None
    now: datetime
    dry_run: bool
    again: bool
    taken: dict[Mark, int] = field(default_factory=dict)

    def take(self, place: int, line: bytes) -> Outcome:
        """One line, whole or not at all."""
        try:
            raw = read(line, place)
            organ, mark = self.accept(raw)
            with transaction.atomic():
                document = import_paper(raw, by=self.by, organ=organ, now=self.now)
                transaction.set_rollback(self.dry_run)
        except Refused as refused:
            return Outcome(place, errors=tuple(refused.errors))
        self.taken.setdefault(mark, place)
        return Outcome(place, document)

    def accept(self, raw: dict[str, Any]) -> tuple[Organ, Mark]:
        """Whose paper it is and what marks it. Raises `Refused` with every fault of form and of issuer together."""
        errors: list[FieldError] = []
        paper = organ = None
        try:
            paper = parse(raw, settings.CLASSIFIED_ENABLED)
        except Refused as refused:
            errors += refused.errors
        try:
            organ = self.organ or organ_of(raw)
        except Refused as refused:
            errors += [error for error in refused.errors if error.field not in {known.field for known in errors}]
        if paper is None or organ is None:
            raise Refused(errors)
        mark = (paper.kind, paper.title, paper.document_number)
        if not self.again:
            self.refuse_known(mark)
        return organ, mark

    def refuse_known(self, mark: Mark) -> None:
        if line := self.taken.get(mark):
            raise Refused([FieldError("公文", f"与第 {line} 行是同一件；确要再收一份，用 --again。")])
        if known := imported(mark, self.by):
            raise Refused([FieldError("公文", f"已经导入过（第 {known} 号公文）；确要再收一份，用 --again。")])


def imported(mark: Mark, by: Person) -> int | None:
    """The paper of this mark that this person imported before; the number it came with is kept in its first event."""
    kind, title, number = mark
    papers = Document.objects.filter(drafter=by, kind=kind, title=title).values("pk")
    made = Event.objects.filter(
        subject_type=ContentType.objects.get_for_model(Document), subject_id__in=papers, verb="create"
    )
    came = ((event.subject_id, event.facts.get("came_with")) for event in made.order_by("subject_id"))
    same = (pk for pk, with_it in came if with_it is not None and with_it.get("document_number", "") == number)
    return next(same, None)


def read(line: bytes, place: int) -> dict[str, Any]:
    if len(line) > MAX_LINE:
        raise Refused([FieldError("公文", f"这一行超过 {MAX_LINE // 1024 // 1024} MB。")])
    raw = decode(line.rstrip(b"\r\n"), place)
    if not isinstance(raw, dict):
        raise Refused([FieldError("公文", f"应为一个对象（花括号），现为“{short(raw)}”。")])
    return raw


def organ_of(raw: dict[str, Any]) -> Organ:
    """The own organ that a paper names first among its issuers."""
    issuers = raw.get("issuers")
    lead = issuers[0] if isinstance(issuers, list) and issuers else ""
    found = issuing_organs().filter(name=lead).first() if isinstance(lead, str) and "\0" not in lead else None
    if found is None:
        raise Refused([FieldError("issuers", f"“{short(lead)}”不是本系统的发文机关，可用 --organ 指定由谁发文。")])
    return found


def organ_named(name: str) -> Organ:
    organs = {key: organ for organ in issuing_organs() for key in (organ.short_name, organ.name)}
    if name not in organs:
        known = "、".join(organ.name for organ in issuing_organs())
        raise CommandError(f"没有名为“{name}”的发文机关，可用：{known or '（无）'}。", returncode=2)
    return organs[name]


def drafter(username: str) -> Person:
    person = Person.objects.filter(is_active=True, department__isnull=False, username=username).first()
    if person is None:
        raise CommandError(f"没有登录名为“{username}”、在用且有部门的人员。", returncode=2)
    return person
