"""What an uploaded PDF says, read once and in a child of its own."""

import json
import subprocess
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext

from officehub.files.strangers import Busy, Unreadable, run

SECONDS = 30.0


@dataclass(frozen=True)
class PdfText:
    """How many pages there are, whether any bears a secret mark, and the lines of the first pages as they are read."""

    pages: int
    marked: bool
    lines: list[list[str]]


def said_by(upload) -> PdfText | None:
    """What a PDF says; asked again of the same upload, it is not opened again. None for one that no reader can open: it
    shows nobody anything. The file's position is left at its beginning.

    Raises Unreadable for one that is locked or takes too much, or while others are opened.
    """
    if not hasattr(upload, "pdf_text"):
        upload.seek(0)
        upload.pdf_text = _read(upload.read())
        upload.seek(0)
    return upload.pdf_text


def _read(content: bytes) -> PdfText | None:
    most = str(settings.PDF_TEXT_MOST_CHARACTERS)
    try:
        done = run("officehub.files.pdf_text", most, sent=content, seconds=SECONDS)
    except subprocess.TimeoutExpired:
        raise Unreadable(gettext("内容过于复杂，无法检查是否涉密，请拆分后再上传。")) from None
    except Busy as error:
        raise Unreadable(gettext(str(error))) from None
    if done.returncode == 3:
        raise Unreadable(gettext("已加密，无法检查是否涉密，请去掉密码后再上传。"))
    if done.returncode == 4:
        return None
    if done.returncode:
        raise Unreadable(gettext("无法检查是否涉密，请另存后再上传。"))
    return PdfText(**json.loads(done.stdout))
