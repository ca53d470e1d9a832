"""Keeping an upload that passed the check, and handing a kept file back."""

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext

from officehub.files.check import check
from officehub.files.models import StoredFile

logger = logging.getLogger(__name__)
SHOWN_IN_PAGE = ("application/pdf", "image/png", "image/jpeg")


def keep(upload, *, by, now: datetime) -> StoredFile:
    """Check an upload by content and store it; ValidationError says what is wrong with it, or that the disk is full."""
    checked = check(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    stored = StoredFile(
        name=checked.name,
        content_type=checked.content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        uploaded_by=by,
        uploaded_at=now,
    )
    _store(stored, upload)
    return stored


@contextmanager
def keeping(uploads, *, by, now: datetime) -> Iterator[list[StoredFile]]:
    """One deed with the uploads that belong to it, in one transaction: when it fails, their bytes go as well."""
    kept: list[StoredFile] = []
    try:
        with transaction.atomic():
            for upload in uploads:
                kept.append(keep(upload, by=by, now=now))
            yield kept
    except BaseException:
        for stored in kept:
            stored.file.delete(save=False)
        raise


def _store(stored: StoredFile, upload) -> None:
    """Bytes and row, or neither."""
    field = StoredFile._meta.get_field("file")
    name = field.generate_filename(stored, upload.name)
    try:
        stored.file = field.storage.save(name, upload)
        stored.save(force_insert=True)
    except OSError as error:
        logger.exception("the upload %s could not be written", name)
        raise ValidationError(
            gettext("存储空间不足或不能写入，文件未能保存；请稍后再传，仍不行请联系系统管理员。")
        ) from error
    finally:
        if stored.pk is None:
            field.storage.delete(name)


def hand_out(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download; only what a browser shows harmlessly may be shown in the page."""
    inline = inline and stored.content_type in SHOWN_IN_PAGE
    response = FileResponse(
        stored.file.open("rb"), as_attachment=not inline, filename=stored.name, content_type=stored.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
