"""What was read from Word becomes a draft, or replaces the text of one after its drafter has looked at it."""

import hashlib
import json
from datetime import datetime
from typing import Any

from django.db import transaction

from documents import drafting, pictures
from documents.discard import never_sent, wipe
from documents.models import Attached, Document, Picture, WordImport
from documents.word.read import Read
from officehub.audit.record import record


def begin(found: Read, *, by, organ, now: datetime) -> Document:
    """A new draft of `by` with what was read. Raises ValidationError when a picture cannot be kept."""
    fields = {"printing_office": (organ.office or organ).name, **found.fields}
    facts = {"word": found.name, "sha256": found.sha256, "came_with": found.came_with}
    texts = [(one["title"], one["body"]) for one in found.attachments]
    with transaction.atomic():
        document = drafting.create(by=by, now=now, organ=organ, fields=fields, attachments=texts, facts=facts)
        pictures.add(document, found.pictures, by=by, now=now)
        waiting = propose(document, found, by=by, now=now)
        tell(document, waiting, by=by, now=now)
    return document


def propose(document: Document, found: Read, *, by, now: datetime) -> WordImport:
    """Keep what was read beside an existing draft until its drafter has looked at it; an older proposal goes."""
    with transaction.atomic():
        WordImport.objects.filter(document=document, taken_at=None).delete()
        pictures.add(document, found.pictures, by=by, now=now)
        return WordImport.objects.create(
            document=document, by=by, at=now, name=found.name, sha256=found.sha256, fields=found.fields,
            attachments=found.attachments, notes=found.notes,
        )  # fmt: skip


def take(document: Document, waiting: WordImport, *, by, now: datetime, revision: int) -> None:
    """Let what was read replace the text of a draft; files attached stay. Raises TooLate when somebody saved since."""
    facts = {name: getattr(document, name) for name in Document.OFFICE_FACTS}
    old = {"old": hashlib.sha256(repr(sorted(document.content.items())).encode()).hexdigest()}
    with transaction.atomic():
        drafting.save(document, by=by, now=now, fields=taken_fields(document, waiting), revision=revision, **facts)
        put_attachments(document, waiting.attachments)
        tell(document, waiting, by=by, now=now, **old)


def drop(document: Document, waiting: WordImport) -> None:
    """Forget what was read; pictures that came with it and stand nowhere are wiped (S21)."""
    with transaction.atomic():
        waiting.delete()
        text = json.dumps([document.content, [one.body for one in document.attached.all()]])
        loose = [one for one in document.pictures.select_related("stored") if one.name not in text]
        if loose and never_sent(document):
            Picture.objects.filter(pk__in=[one.pk for one in loose]).delete()
            wipe([one.stored for one in loose])


def taken_fields(document: Document, waiting: WordImport) -> dict[str, Any]:
    """All fields of the draft as they will be: what the file does not tell stays as it was."""
    return {**document.content, "title": document.title, **waiting.fields}


def put_attachments(document: Document, found: list[dict[str, str]]) -> None:
    """Texts read for an attachment of the same name replace its text; others come behind. Files are left alone."""
    own = {one.title: one for one in document.attached.all()}
    last = max((one.order for one in own.values()), default=0)
    for one in found:
        known = own.get(one["title"])
        if known is None:
            last += 1
            Attached.objects.create(document=document, order=last, title=one["title"], body=one["body"])
        elif not known.stored_id and one["body"]:
            Attached.objects.filter(pk=known.pk).update(body=one["body"])


def tell(document: Document, waiting: WordImport, *, by, now: datetime, **more: str) -> None:
    waiting.taken_at = now
    waiting.save(update_fields=["taken_at"])
    facts = {
        "name": waiting.name,
        "sha256": waiting.sha256,
        "notes": [one["sentence"] for one in waiting.notes],
        **more,
    }
    record(document, "import_word", by=by, now=now, facts=facts)
