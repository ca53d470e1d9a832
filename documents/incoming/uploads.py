"""Scans and files of incoming papers: checked, read for what they say, kept; and their pages as pictures."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError

from documents.docx import NotADocx, UnsafeFile, read_draft
from documents.incoming.recognise import Recognised, recognise
from documents.models import IncomingFile
from officehub.files.check import check
from officehub.files.keep import keeping

LINES_SHOWN = 300  # of a .docx, beside the form
SECONDS = 30  # for one PDF, or one page of it
ROOT = Path(__file__).resolve().parents[2]
MARKED = "附件“%(name)s”有国家秘密标志，本系统为非涉密系统，不得上传；请立即删除并按保密规定办理。"
UNREADABLE = "附件“%(name)s”打不开（可能已损坏或加了密码），请重新扫描或另存后上传。"
NO_WORDS = "扫描件没有文字层，请对照右侧页面填写。"


class Unreadable(Exception):
    """The PDF cannot be opened within its limits."""


def refuse_secret(upload) -> None:
    """R41: no file with a mark of secrecy in its words. Raises ValidationError."""
    checked = check(upload)
    content = upload.read()
    upload.seek(0)
    _pages, found, _note, _lines = _read(content, checked.content_type, checked.name)
    _refuse_marked(found, checked.name)


def _refuse_marked(found: Recognised, name: str) -> None:
    if found.secret and not settings.CLASSIFIED_ENABLED:
        raise ValidationError(MARKED, params={"name": name})


def take(upload, *, by, now: datetime) -> IncomingFile:
    """Keep an upload that waits to be registered, with what could be recognised. Raises ValidationError, and then
    nothing is kept: for what is no such file, cannot be opened, or bears a mark of secrecy (R41)."""
    checked = check(upload)
    content = upload.read()
    upload.seek(0)
    pages, found, note, lines = _read(content, checked.content_type, checked.name)
    _refuse_marked(found, checked.name)
    with keeping([upload], by=by, now=now) as kept:
        return IncomingFile.objects.create(
            stored=kept[0], pages=pages, recognised={**found.plain(), "note": note, "lines": lines}
        )


def _read(content: bytes, content_type: str, name: str) -> tuple[int, Recognised, str, list[str]]:
    """How many pages can be shown, what was recognised, what to tell whoever registers it; and the words to show where
    there are no pages."""
    if content_type == "application/pdf":
        return _read_pdf(content, name)
    if content_type.endswith("wordprocessingml.document"):
        try:
            draft = read_draft(content)
        except (NotADocx, UnsafeFile) as error:
            raise ValidationError("附件“%(name)s”：%(why)s", params={"name": name, "why": str(error)}) from error
        lines = [*draft.head, draft.title, *draft.lines]
        return 0, recognise(lines, draft.title), "", lines[:LINES_SHOWN]
    if content_type.startswith("image/"):
        return 1, Recognised(), NO_WORDS, []
    return 0, Recognised(), "", []


def _read_pdf(content: bytes, name: str) -> tuple[int, Recognised, str, list[str]]:
    try:
        read = json.loads(run("text", content))
    except Unreadable as error:
        raise ValidationError(UNREADABLE, params={"name": name}) from error
    lines = [line for page in read["text"] for line in page]
    found = recognise(lines)
    return read["pages"], found, "" if any(line.strip() for line in lines) else NO_WORDS, []


def run(wanted: str, content: bytes) -> bytes:
    """Ask a process of its own, so that no PDF from outside can hurt ours. Raises Unreadable."""
    try:
        # S603: our own module, run by our own interpreter
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "documents.incoming.pdf_worker", wanted],
            input=content,
            cwd=ROOT,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(f"超过{SECONDS}秒") from error
    if done.returncode:
        raise Unreadable(done.stderr.decode(errors="replace")[:200])
    return done.stdout


def page_picture(file: IncomingFile, number: int) -> bytes | None:
    """One page as a PNG; None when there is no such page. Raises Unreadable. Kept for a while by the file's hash."""
    if file.stored.content_type != "application/pdf" or not 1 <= number <= file.pages:
        return None
    key = f"incoming:{file.stored.sha256}:{number}"
    png = caches["sheets"].get(key)
    if png is None:
        with file.stored.file.open("rb") as stored:
            png = run(str(number), stored.read())
        caches["sheets"].set(key, png)
    return png


def waiting(person):
    """What this person uploaded and nobody registered yet, newest first."""
    rows = IncomingFile.objects.filter(incoming=None, note=None, stored__uploaded_by=person)
    return rows.select_related("stored").order_by("-id")


def discard(file: IncomingFile) -> bool:
    """Throw an upload away that was not registered: its row, and its bytes. False when it was registered meanwhile."""
    stored = file.stored
    if not IncomingFile.objects.filter(pk=file.pk, incoming=None, note=None).delete()[0]:
        return False
    stored.delete()
    stored.file.delete(save=False)
    return True
