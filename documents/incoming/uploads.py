"""Scans and files of incoming papers: checked, read for what they say, kept; and their pages as pictures."""

import base64
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.apart import Busy, Unreadable, ask
from documents.incoming.duty import OFFICES, hold
from documents.incoming.recognise import Recognised, recognise
from documents.models import Incoming, IncomingFile
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.files.check import SAYS_WHY, Checked, check
from officehub.files.keep import keeping
from officehub.files.pdf import said_by
from officehub.files.strangers import Unreadable as Locked
from officehub.inbox.errands import having
from officehub.moves import TooLate
from officehub.notifications.tell import tell

MOST_FILES = 50  # of one paper
LINES_SHOWN = 300  # of a .docx, beside the form
WIDTH, LONGEST_SIDE = 1240, 4000  # pixels of a page picture, whatever the paper's size
MARKED = _("附件“%(name)s”有国家秘密标志，本系统为非涉密系统，不得上传；请立即删除并按保密规定办理。")
UNREADABLE = _("附件“%(name)s”打不开（可能已损坏或加了密码），请重新扫描或另存后上传。")
NO_WORDS = "扫描件没有文字层，请对照右侧页面填写。"


def refuse_secret(upload) -> None:
    """R41: no file with a mark of secrecy in its words. Raises ValidationError."""
    checked = check(upload)
    _pages, found, _note, _lines = _read(upload, checked)
    _refuse_marked(found, checked.name)


def _refuse_marked(found: Recognised, name: str) -> None:
    if found.secret and not settings.CLASSIFIED_ENABLED:
        raise ValidationError(MARKED, params={"name": name})


def take(upload, *, by, now: datetime) -> IncomingFile:
    """Keep an upload that waits to be registered, with what could be recognised. Raises ValidationError, and then
    nothing is kept: for what is no such file, cannot be opened, or bears a mark of secrecy (R41)."""
    said = _examined(upload)
    with keeping([upload], by=by, now=now) as kept:
        return IncomingFile.objects.create(stored=kept[0], **said)


def _examined(upload) -> dict:
    """What can be shown and was recognised of an upload, as the fields of its row. Raises as `take` does."""
    checked = check(upload)
    pages, found, note, lines = _read(upload, checked)
    _refuse_marked(found, checked.name)
    return {"pages": pages, "recognised": {**found.plain(), "note": note, "lines": lines}}


def add(
    incoming: Incoming, given: Sequence[UploadedFile], *, by, now: datetime, first_is_main: bool = False
) -> list[IncomingFile]:
    """Further files of a paper whose course has not ended; whoever has it is told. With `first_is_main` the first of
    them is the paper itself, and what was it becomes an attachment. Raises as `take` does, TooLate and DecisionRefused.
    """
    if not given:
        raise DecisionRefused(["请选择要补充的文件。"])
    said = [_examined(upload) for upload in given]
    with keeping(given, by=by, now=now) as kept:
        held = hold(incoming)
        if held.state in Incoming.ENDED:
            raise TooLate(held, "files_added")
        refuse_too_many(held.files.filter(note=None).count() + len(kept))
        if first_is_main:
            held.files.filter(is_main=True).update(is_main=False)
        rows = [IncomingFile(incoming=held, stored=one, **facts) for one, facts in zip(kept, said, strict=True)]
        rows[0].is_main = first_is_main
        IncomingFile.objects.bulk_create(rows)
        names = [one.name for one in kept]
        facts = {"files": names, "main": names[0] if first_is_main else "", "hash": held.entry_hash()}
        event = record(held, "files_added", by=by, now=now, facts=facts)
        people = [one for one in having(held, apart_from=OFFICES) if one.pk != by.pk]
        told = {"title": held.title, "number": held.number, "names": "、".join(names)}
        tell("incoming.files_added", held, people, now, key=f"files:{event.seq}", **told)
    return rows


def refuse_too_many(count: int) -> None:
    if count > MOST_FILES:
        raise DecisionRefused([gettext("一件收文最多 %(most)s 份文件，请合并后再传。") % {"most": MOST_FILES}])


def _read(upload, checked: Checked) -> tuple[int, Recognised, str, list[str]]:
    """How many pages can be shown, what was recognised, what to tell whoever registers it; and the words to show where
    there are no pages."""
    if checked.content_type == "application/pdf":
        return _read_pdf(upload, checked.name)
    if checked.content_type.endswith("wordprocessingml.document"):
        content = upload.read()
        upload.seek(0)
        try:
            draft = ask("text", content)
        except (Unreadable, Busy) as error:
            raise _says_why(checked.name, error) from error
        return 0, recognise(draft["lines"], draft["title"]), "", draft["lines"][:LINES_SHOWN]
    if checked.content_type.startswith("image/"):
        return 1, Recognised(), NO_WORDS, []
    return 0, Recognised(), "", []


def _read_pdf(upload, name: str) -> tuple[int, Recognised, str, list[str]]:
    try:
        read = said_by(upload)
    except Locked as error:
        raise _says_why(name, error) from error
    if read is None:
        raise ValidationError(UNREADABLE, params={"name": name})
    lines = [line for page in read.lines for line in page]
    return read.pages, recognise(lines), "" if any(line.strip() for line in lines) else NO_WORDS, []


def _says_why(name: str, error: Exception) -> ValidationError:
    return ValidationError(SAYS_WHY, params={"name": name, "why": str(error)})


def page_picture(file: IncomingFile, number: int) -> bytes | None:
    """One page as a PNG; None when there is no such page. Kept for a while by the file's hash.

    Raises Unreadable, or Busy.
    """
    if file.stored.content_type != "application/pdf" or not 1 <= number <= file.pages:
        return None
    key = f"incoming:{file.stored.sha256}:{number}"
    png = caches["sheets"].get(key)
    if png is None:
        with file.stored.file.open("rb") as stored:
            drawn = ask("page", stored.read(), number=number, width=WIDTH, side=LONGEST_SIDE)
        png = base64.b64decode(drawn)
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
