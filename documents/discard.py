"""Deleting a draft that nobody but its drafter ever saw: its files are wiped (S21), its hash stays in the log.

The versions its drafter kept of it go with it; the database's guard lets these go, and no other (`versions/guard.py`).
"""

from datetime import datetime
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from documents.interchange import Refused
from documents.models import Concern, Consultation, Document, ReplyTie, Transmission, Version
from officehub.approvals.models import Run
from officehub.audit.models import Event
from officehub.audit.record import record
from officehub.files.models import StoredFile
from officehub.moves import TooLate


def may_discard(document: Document, person) -> bool:
    """Only the drafter's own draft that was never sent anywhere; what others have dealt with stays on record."""
    own = document.drafter_id == person.pk and document.state == Document.State.DRAFTING
    return own and never_sent(document)


def never_sent(document: Document) -> bool:
    return not sent([document.pk])


def sent(papers: list[int]) -> set[int]:
    """Of these papers those that somebody else has dealt with: they were in approval once, or
    departments were asked about them."""
    kind = ContentType.objects.get_for_model(Document)
    runs = Run.objects.filter(subject_type=kind, subject_id__in=papers).values_list("subject_id", flat=True)
    submitted = Event.objects.filter(subject_type=kind, subject_id__in=papers, verb="submit")
    asked = Consultation.objects.filter(document__in=papers).values_list("document", flat=True)
    return {*runs, *submitted.values_list("subject_id", flat=True), *asked}


def discard(document: Document, *, by, now: datetime) -> None:
    """Delete a draft for good. Raises TooLate when it was sent, or deleted, meanwhile."""
    with transaction.atomic():
        held = Document.objects.select_for_update().filter(pk=document.pk, state=Document.State.DRAFTING, drafter=by)
        if not held.exists() or not may_discard(document, by):
            raise TooLate(document, "discard")
        files = [one.stored for one in document.attached.exclude(stored=None).select_related("stored")]
        files += [one.stored for one in document.pictures.select_related("stored")]
        kept = document.versions.order_by("number").values_list("content_hash", flat=True)
        facts = {"title": document.title, "kind": document.kind, "content_hash": hash_of(document),
                 "files": [stored.sha256 for stored in files], "versions": list(kept)}  # fmt: skip
        record(document, "discard", by=by, now=now, facts=facts)
        _loosen(document)
        document.delete()
        wipe(files)


def _loosen(document: Document) -> None:
    """What the drafter alone wrote down about the draft, and which would hold it."""
    document.looks.all().delete()
    for held in (Version, Concern, Transmission, ReplyTie):
        held.objects.filter(document=document).delete()


def hash_of(document: Document) -> str:
    """The hash of the text, empty while the draft is no whole paper."""
    try:
        return document.content_hash()
    except Refused:
        return ""


def wipe(files: list[StoredFile]) -> None:
    """The rows now; the bytes once that is certain."""
    for stored in files:
        storage, name = stored.file.storage, stored.file.name
        stored.delete()
        transaction.on_commit(partial(storage.delete, name))
