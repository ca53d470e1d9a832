"""复制为新稿: an earlier paper as the beginning of a new draft; what belongs to that one paper stays behind."""

from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from documents import drafting, pictures
from documents.interchange import FILLED_LATER
from documents.models import Attached, Document
from officehub.audit.record import record
from officehub.files.keep import keep
from officehub.files.models import StoredFile

LEFT_BEHIND = {*FILLED_LATER, "in_reply_to", "attachments"}  # given, or true, of the earlier paper only


def copy(source: Document, *, by, organ, now: datetime) -> Document:
    """A new draft of `by` with the text, attachments and pictures of a paper they may see. Number, dates, signers,
    overrides and opinions are not copied. Raises ValidationError when a file cannot be kept again.
    """
    fields = {name: value for name, value in source.content.items() if name not in LEFT_BEHIND}
    fields |= {"kind": source.kind, "title": source.title}
    if organ.pk != source.organ_id:
        fields |= {"issuers": [organ.name], "printing_office": (organ.office or organ).name}
        for name in ("masthead", "signature_units", "signature_stamp"):
            if fields.get(name):  # an answer of that organ's; that nobody signs (决议、纪要) is one of the kind's
                del fields[name]
    facts = {"copied_from": source.pk, "copied_number": source.document_number or ""}
    with transaction.atomic():
        document = drafting.create(by=by, now=now, organ=organ, fields=fields, facts=facts)
        for one in source.attached.select_related("stored"):
            stored = again(one.stored, by=by, now=now) if one.stored else None
            Attached.objects.create(document=document, order=one.order, title=one.title, body=one.body, stored=stored)
        pictures.add(document, {one.name: pictures.content_of(one) for one in source.pictures.all()}, by=by, now=now)
        record(source, "copied", by=by, now=now, facts={"draft": document.pk})
    return document


def again(stored: StoredFile, *, by, now: datetime) -> StoredFile:
    """The same bytes under a name of their own: a draft that is deleted takes its files with it."""
    with stored.file.open("rb") as file:
        return keep(ContentFile(file.read(), stored.name), by=by, now=now)
