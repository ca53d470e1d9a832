"""Whether an upload bears a secret mark: its name, its bytes, and its text as an office program would show it.

It reads; the refusal is `check.py`'s. Nothing it unpacks is written to a disk, and it holds little of it at a time.
"""

import html
import io
import re
import zipfile
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext

from officehub.files.archive_guard import UnsafeArchive, guard_zip
from officehub.files.pdf import said_by
from officehub.files.strangers import Unreadable
from officehub.secrecy import LONGEST, has_mark

CHUNK = 1024 * 1024  # bytes
SECTOR = 512  # bytes of an OLE file
OLD_OFFICE = ("application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint")
INSIDE = (".docx", ".xlsx", ".pptx", ".ofd")  # documents inside documents
MOST_ENTRIES, MOST_UNPACKED, MOST_RATIO = 2_000, 200 * 1024 * 1024, 200  # of the documents inside, in bytes
MOST_INSIDE, DEEPEST = 30 * 1024 * 1024, 2  # bytes of one of them; how deep they are followed
ENDS = re.compile(r"</(?:\w+:)?(?:p|si|tr|row|TextCode|br)>|<(?:\w+:)?br\b[^>]*>")
TAG = re.compile(r"<[^<>]*>")
RAW = tuple(  # a mark in the bytes of what has no text of its own to read: old Office files, pictures' notes
    level.encode(encoding) + star.encode(encoding)
    for level in ("绝密", "机密", "秘密")
    for star in "★☆"
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
)


def bears_mark(upload, name: str, content_type: str) -> bool:
    """Raises Unreadable for a file that only its password opens. The file's position is left at its beginning."""
    try:
        return has_mark(name) or _in_bytes(upload) or _in_text(upload, content_type)
    finally:
        upload.seek(0)


def _in_bytes(upload) -> bool:
    upload.seek(0)
    tail = b""
    while piece := upload.read(CHUNK):
        seen = tail + piece
        if any(mark in seen for mark in RAW):
            return True
        tail = seen[-LONGEST:]
    return False


def _in_text(upload, content_type: str) -> bool:
    upload.seek(0)
    if content_type == "text/plain":
        raw = upload.read()
        return any(has_mark(raw.decode(encoding, "ignore")) for encoding in ("utf-8", "gb18030"))
    if content_type == "application/pdf":
        said = said_by(upload)
        return said is not None and said.marked
    if content_type in OLD_OFFICE and _is_locked(upload.read()):
        raise Unreadable(gettext("已加密，无法检查是否涉密，请去掉密码后再上传。"))
    if "openxmlformats" in content_type or content_type == "application/ofd":
        return _in_archive(upload, Allowance())
    return False


def _is_locked(content: bytes) -> bool:
    """Whether an old Office file opens only by its password: Word's FIB, Excel's first records ([MS-DOC] 2.5.2,
    [MS-XLS] 2.4.117), or a new file wrapped in the old container."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return True
    for start in range(SECTOR, len(content), SECTOR):  # streams begin at a sector
        head = content[start : start + 22]
        if head[:2] == b"\xec\xa5" and head[11:12] and head[11] & 0x01:
            return True
        if head[:4] == b"\x09\x08\x10\x00" and head[20:22] == b"\x2f\x00":
            return True
    return False


@dataclass
class Allowance:
    """What all the documents inside one upload may come to, unpacked; none is opened that would take more."""

    left: int = MOST_UNPACKED  # bytes
    depth: int = DEEPEST

    def take(self, document: IO[bytes]) -> None:
        """Raises Unreadable for a document that could do harm, or be looked into by nobody."""
        try:
            guard_zip(document, max_entries=MOST_ENTRIES, max_bytes=self.left, max_ratio=MOST_RATIO)
        except UnsafeArchive as error:
            raise Unreadable(
                gettext("其中所含的文件无法检查是否涉密（%(why)s）") % {"why": gettext(str(error))}
            ) from error
        with zipfile.ZipFile(document) as archive:
            self.left -= sum(entry.file_size for entry in archive.infolist())


def _in_archive(file: IO[bytes], allowed: Allowance, depth: int = 0) -> bool:
    """Every XML part, and the documents inside; `guard_zip` has passed this one."""
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            name = entry.filename.lower()
            if has_mark(entry.filename) or (name.endswith((".xml", ".rels")) and _in_part(archive, entry)):
                return True
            if name.endswith(INSIDE) and entry.file_size <= MOST_INSIDE and depth < allowed.depth:
                inner = io.BytesIO(archive.read(entry))
                if zipfile.is_zipfile(inner):
                    allowed.take(inner)
                    if _in_archive(inner, allowed, depth + 1):
                        return True
    return False


def _in_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """One XML part as text, piece by piece; a mark may be split over runs, tags and pieces."""
    with archive.open(entry) as part:
        return any(has_mark(text) for text in _texts(part))


def _texts(part: IO[bytes]) -> Iterator[str]:
    head = part.read(CHUNK)
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    decoder = getincrementaldecoder(encoding)("ignore")
    pending, seen = "", ""
    while head:
        pending += decoder.decode(head)
        cut = pending.rfind("<") if pending.rfind("<") > pending.rfind(">") else len(pending)
        cut = min(cut, pending.rfind("&") if "&" in pending[-12:] else cut)
        whole, pending = pending[:cut], pending[cut:]
        if len(pending) > CHUNK:  # no tag is so long: it is taken for text
            whole, pending = whole + pending, ""
        seen = seen[-LONGEST:] + html.unescape(TAG.sub("", ENDS.sub("\n", whole)))
        yield seen
        head = part.read(CHUNK)
    yield seen[-LONGEST:] + html.unescape(TAG.sub("", pending))
