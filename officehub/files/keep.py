"""Keeping an upload that passed the check, and handing a kept file back."""

import hashlib
from datetime import datetime

from django.http import FileResponse

from officehub.files.check import check
from officehub.files.models import StoredFile

SHOWN_IN_PAGE = ("application/pdf", "image/png", "image/jpeg")


def keep(upload, *, by, now: datetime) -> StoredFile:
    """Check an upload by content and store it; ValidationError says what is wrong with it."""
    checked = check(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return StoredFile.objects.create(
        name=checked.name,
        content_type=checked.content_type,
        size=upload.size,
        sha256=digest.hexdigest(),
        file=upload,
        uploaded_by=by,
        uploaded_at=now,
    )


def hand_out(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """The file as a download; only what a browser shows harmlessly may be shown in the page."""
    inline = inline and stored.content_type in SHOWN_IN_PAGE
    response = FileResponse(
        stored.file.open("rb"), as_attachment=not inline, filename=stored.name, content_type=stored.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response
