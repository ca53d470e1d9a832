"""What may be uploaded: decided by the content, and the name must agree with it."""

import struct
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from PIL import Image, UnidentifiedImageError

from officehub.files import marks
from officehub.files.archive_guard import UnsafeArchive, guard_zip
from officehub.files.strangers import Unreadable
from officehub.secrecy import REFUSAL

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
OFFICE_XML = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "pptx": ("ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    "ofd": ("OFD.xml", "application/ofd"),
}
OLD_OFFICE = {
    "doc": "application/msword",
    "wps": "application/msword",
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
}
SIGNATURES = {
    "pdf": (b"%PDF-", "application/pdf"),
    "png": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "jpg": (b"\xff\xd8\xff", "image/jpeg"),
    "jpeg": (b"\xff\xd8\xff", "image/jpeg"),
}
MAX_ENTRIES, MAX_INFLATED, MAX_RATIO = 5_000, 500 * 1024 * 1024, 300  # of an Office file; bytes; inflated to packed
MAX_RELATIONS = 4 * 1024 * 1024  # bytes of one part that lists what another refers to
ASKED_FIRST = ("hyperlink", "externalLinkPath")  # followed by a click; a linked workbook, which Excel asks about
PROLOGUE = 64 * 1024  # bytes of an XML part in which a definition must stand, if anywhere
ACCEPTED = sorted({*OFFICE_XML, *OLD_OFFICE, *SIGNATURES, "txt"})
TELLS_OTHERWISE = _("附件“%(name)s”的内容与扩展名“.%(ext)s”不符，请确认文件后重新上传。")
SAYS_WHY = _("附件“%(name)s”：%(why)s")


@dataclass(frozen=True)
class Checked:
    name: str
    content_type: str


def clean_name(raw: str) -> str:
    """The uploader's file name without path, control or direction marks; at most 200 characters, ending kept.

    Browsers send a straight quotation mark as %22 (HTML, multipart/form-data); it is kept as the mark of Chinese text.
    """
    name = PurePosixPath(raw.replace("\\", "/")).name.replace("%22", "”").replace('"', "”")
    name = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ext = name.rpartition(".")
    return f"{stem[: 199 - len(ext)]}{dot}{ext}" if dot and len(ext) < 20 else name[:200]


def check(upload) -> Checked:
    """Raise ValidationError naming the file and what is wrong, or say what the file is. `upload` is a Django File."""
    name = clean_name(upload.name or "")
    ext = name.rpartition(".")[2].lower() if "." in name else ""
    if ext not in ACCEPTED:
        raise ValidationError(
            gettext("附件“%(name)s”：不接收这种文件，可上传 %(kinds)s。") % {"name": name, "kinds": "、".join(ACCEPTED)}
        )
    if upload.size == 0:
        raise ValidationError(gettext("附件“%(name)s”是空文件。") % {"name": name})
    if upload.size > settings.ATTACHMENT_MAX_BYTES:
        raise ValidationError(
            gettext("附件“%(name)s”超过 %(most)s MB，请压缩或拆分。")
            % {"name": name, "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024}
        )
    content_type = _proved_type(upload, ext)
    if content_type is None:
        raise ValidationError(TELLS_OTHERWISE, params={"name": name, "ext": ext})
    if not settings.CLASSIFIED_ENABLED:
        _refuse_secrets(upload, name, content_type)
    return Checked(name, content_type)


def _refuse_secrets(upload, name: str, content_type: str) -> None:
    """保密法 第三十一条(三): nothing marked secret comes in; the message does not repeat the name, which may be."""
    try:
        marked = marks.bears_mark(upload, name, content_type)
    except Unreadable as error:
        raise ValidationError(SAYS_WHY, params={"name": name, "why": str(error)}) from error
    if marked:
        raise ValidationError(REFUSAL, code="secret")


def _proved_type(upload, ext: str) -> str | None:
    upload.seek(0)
    head = upload.read(8192)
    upload.seek(0)
    if ext in SIGNATURES:
        signature, content_type = SIGNATURES[ext]
        proved = head.startswith(signature) and (ext == "pdf" or _is_picture(upload))
        return content_type if proved else None
    if ext in OLD_OFFICE:
        return OLD_OFFICE[ext] if head.startswith(OLE) else None
    if ext in OFFICE_XML:
        return _office_xml(upload, *OFFICE_XML[ext])
    return "text/plain" if _is_text(upload) else None


def _office_xml(upload, member: str, content_type: str) -> str | None:
    try:
        guard_zip(upload, max_entries=MAX_ENTRIES, max_bytes=MAX_INFLATED, max_ratio=MAX_RATIO)
        with zipfile.ZipFile(upload) as archive:
            names = set(archive.namelist())
            dangers = _dangers(archive)
    except UnsafeArchive as error:
        raise ValidationError(SAYS_WHY, params={"name": clean_name(upload.name), "why": gettext(str(error))}) from error
    except zipfile.BadZipFile:
        return None
    finally:
        upload.seek(0)
    if dangers:
        raise ValidationError(f"附件“{clean_name(upload.name)}”{dangers}，请另存为不含它的文件后上传。")
    return content_type if member in names else None


def _dangers(archive: zipfile.ZipFile) -> str:
    """What an Office file may not carry to other people's machines; empty when there is nothing of the kind."""
    for entry in archive.infolist():
        name = entry.filename.lower()
        if name.endswith("vbaproject.bin"):
            return "含有宏"
        if name.endswith((".xml", ".rels")):
            with archive.open(entry) as part:
                beginning = part.read(PROLOGUE).replace(b"\0", b"")  # the zeros of UTF-16
            if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                return "含有实体定义"  # no office program writes one; they are for attacks on readers of XML
        if name.endswith(".rels") and (kind := _fetched_from_outside(archive, entry)):
            return "引用外部模板" if kind == "attachedTemplate" else "引用外部的图片、对象或文件"
    return ""


def _fetched_from_outside(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The kind of the first thing an office program would fetch from elsewhere on opening; empty when there is none.

    Raises UnsafeArchive when the relations cannot be read.
    """
    if entry.file_size > MAX_RELATIONS:
        raise UnsafeArchive("内部引用过多，不予打开。")
    try:
        root = fromstring(archive.read(entry), forbid_dtd=True)
    except (ParseError, DefusedXmlException, UnicodeError, LookupError, ValueError) as error:
        raise UnsafeArchive("内部引用已损坏，无法检查，请另存后再上传。") from error
    outside = [one for one in root.iter() if one.get("TargetMode", "").lower() == "external"]
    kinds = [one.get("Type", "").rpartition("/")[2] or "?" for one in outside]
    return next((kind for kind in kinds if kind not in ASKED_FIRST), "")


def _is_picture(upload) -> bool:
    """Whether a picture is one beyond its first bytes: a page of HTML may begin like one."""
    try:
        with Image.open(upload, formats=("PNG", "JPEG")) as picture:
            picture.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError, struct.error):
        return False
    finally:
        upload.seek(0)
    return True


def _is_text(upload) -> bool:
    upload.seek(0)
    raw = upload.read()
    upload.seek(0)
    if b"\0" in raw:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
