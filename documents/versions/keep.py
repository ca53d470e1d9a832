"""Keeping versions: a row for each text that others saw, written in the transaction of the deed that let them."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from documents.models import Document, Version
from documents.versions.freeze import frozen
from officehub.audit.record import record
from officehub.moves import TooLate


def keep(document: Document, why: str, *, by, now: datetime, stage: str = "", note: str = "") -> Version:
    """The version that holds the paper as it stands: the last one, when nothing was changed since; else a new one.

    The caller holds the paper's row, so that two deeds never take one number; the unique number is the backstop.
    Raises RuntimeError outside a transaction, and `Refused` while the draft is no complete paper.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("keep(): call it inside transaction.atomic(), with the deed that let others see the text.")
    last, text = latest(document), document.approval_hash()
    if last and last.approval_hash == text:
        return last
    return Version.objects.create(
        document=document,
        number=last.number + 1 if last else 1,
        content=frozen(document),
        content_hash=document.content_hash(),
        approval_hash=text,
        why=why,
        stage=stage[:60],
        note=note[:200],
        by=by,
        at=now,
    )


def latest(document: Document) -> Version | None:
    return document.versions.order_by("-number").first()


def keep_by_hand(document: Document, *, by, now: datetime, revision: int, note: str = "") -> tuple[Version, bool]:
    """保存版本: the drafter keeps the draft as it stands; whether that made a new version."""
    with transaction.atomic():
        held = Document.objects.select_for_update().filter(
            pk=document.pk, drafter=by, state__in=Document.EDITABLE, revision=revision
        )
        fresh = held.first()
        if fresh is None:
            raise TooLate(document, "save")
        before = latest(fresh)
        version = keep(fresh, Version.Why.KEPT, by=by, now=now, note=note)
        made = before is None or before.pk != version.pk
        if made:
            record(fresh, "keep_version", by=by, now=now, facts={"number": version.number, "note": note}, held=True)
    return version, made


def signed_version(document: Document) -> Version | None:
    """The version that was signed, while one is."""
    if not document.signed_hash:
        return None
    return document.versions.filter(content_hash=document.signed_hash).order_by("-number").first()


def listed(document: Document) -> QuerySet[Version]:
    """The versions for a list: without their contents, which may be long."""
    return document.versions.defer("content").select_related("by")
