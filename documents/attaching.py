"""The attachments of a draft: added, moved, renamed, replaced, taken off; each time the draft's row is held."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from documents.discard import never_sent, wipe
from documents.models import Attached, Document, Unsaved
from officehub.audit.record import record
from officehub.files.keep import keeping
from officehub.files.models import StoredFile
from officehub.moves import TooLate


def hold(document: Document, person) -> None:
    """Hold the draft's row while its attachments change; too late once it is in approval."""
    held = Document.objects.filter(pk=document.pk, state__in=Document.EDITABLE, drafter=person)
    if not held.update(revision=F("revision") + 1):
        raise TooLate(document, "save")
    Unsaved.objects.filter(document=document).update(revision=F("revision") + 1)  # what is being typed is not touched


def add(document: Document, *, by, now: datetime, title: str, body: str = "", upload=None) -> Attached:
    """Put one behind the others. Raises ValidationError when the file is refused."""
    with keeping([upload] if upload else [], by=by, now=now) as kept:
        hold(document, by)
        stored = kept[0] if kept else None
        last = document.attached.aggregate(last=Max("order"))["last"] or 0
        added = Attached.objects.create(document=document, order=last + 1, title=title, body=body, stored=stored)
        facts = {"title": title, "sha256": stored.sha256 if stored else ""}
        record(document, "attach", by=by, now=now, facts=facts)
    return added


def shift(attached: Attached, *, by, now: datetime, down: bool) -> bool:
    """Move one up or down by a place; False at an end, where it stays."""
    with transaction.atomic():
        hold(attached.document, by)
        row = list(attached.document.attached.all())
        at = next((place for place, one in enumerate(row) if one.pk == attached.pk), None)
        to = at + (1 if down else -1) if at is not None else -1
        if at is None or not 0 <= to < len(row):
            return False
        row[at], row[to] = row[to], row[at]
        number(row)
        facts = {"title": attached.title, "order": to + 1}
        record(attached.document, "attachment_moved", by=by, now=now, facts=facts)
    return True


def change(attached: Attached, *, by, now: datetime, title: str, body: str, upload=None) -> None:
    """A new name, a new text, or another file in the place of the old, which goes unless somebody else has seen it.

    Raises ValidationError when the file is refused, and then nothing has changed.
    """
    old = attached.stored
    with keeping([upload] if upload else [], by=by, now=now) as kept:
        hold(attached.document, by)
        facts = {"title": title, "was": attached.title, "sha256": kept[0].sha256 if kept else ""}
        attached.title, attached.body = title, "" if kept or old else body
        attached.stored = kept[0] if kept else old
        attached.save(update_fields=["title", "body", "stored"])
        if kept and old:
            let_go(attached.document, old)
        record(attached.document, "attachment_changed", by=by, now=now, facts=facts)


def remove(attached: Attached, *, by, now: datetime) -> None:
    with transaction.atomic():
        hold(attached.document, by)
        record(attached.document, "detach", by=by, now=now, facts={"title": attached.title})
        document = attached.document
        attached.delete()
        number(list(document.attached.all()))
        if attached.stored:
            let_go(document, attached.stored)


def let_go(document: Document, stored: StoredFile) -> None:
    """A file taken off a draft is wiped (S21), unless the draft was sent with it: then opinions were given on it."""
    if never_sent(document):
        wipe([stored])


def number(row: list[Attached]) -> None:
    """Number the attachments in this order; past the highest number first, for each number stands once."""
    beyond = max((one.order for one in row), default=0) + 1
    for start in (beyond, 1):
        for place, one in enumerate(row, start):
            Attached.objects.filter(pk=one.pk).update(order=place)
