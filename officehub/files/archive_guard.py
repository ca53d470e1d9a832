"""Whether a zip (and so a .docx, .xlsx, .pptx) may be opened at all: entries, names, sizes as they really inflate."""

import struct
import zipfile
import zlib
from typing import IO

END_RECORD = b"PK\x05\x06"
END_SIZE, LONGEST_COMMENT = 22, 65_535  # bytes, by the zip specification (APPNOTE 4.3.16)
ENTRY_HEADER = 46  # bytes; the least a central-directory entry takes
SMALL = 64 * 1024  # bytes; below this a high ratio harms nobody
CHUNK = 64 * 1024  # bytes
ENCRYPTED = 0x1
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class UnsafeArchive(Exception):
    """The archive is damaged or dangerous; the message is for the person who sent it."""


def guard_zip(fileobj: IO[bytes], *, max_entries: int, max_bytes: int, max_ratio: int) -> None:
    """Pass a harmless archive and raise `UnsafeArchive` for any other; the file's position is left at its beginning.

    `max_bytes` is the sum of all entries inflated, `max_ratio` inflated to packed size of any entry over 64 KB.
    The sizes in the directory may lie, so every entry is inflated once, in pieces, and thrown away.
    """
    guard_directory(fileobj, max_entries)
    try:
        with zipfile.ZipFile(fileobj) as archive:
            guard_entries(archive.infolist(), max_bytes, max_ratio)
            inflate_all(archive, max_bytes, max_ratio)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UnsafeArchive("压缩文件已损坏，无法打开。") from error
    finally:
        fileobj.seek(0)


def guard_directory(fileobj: IO[bytes], max_entries: int) -> None:
    """Count entries from the end record before the directory itself is read, which costs memory per entry."""
    size = fileobj.seek(0, 2)
    fileobj.seek(max(0, size - END_SIZE - LONGEST_COMMENT))
    tail = fileobj.read()
    at = tail.rfind(END_RECORD)
    fileobj.seek(0)
    if at < 0 or len(tail) - at < END_SIZE:
        raise UnsafeArchive("不是有效的压缩文件（或已损坏）。")
    entries, directory = struct.unpack_from("<HI", tail, at + 10)
    if entries == 0xFFFF or directory == 0xFFFFFFFF:
        raise UnsafeArchive("压缩文件采用超大格式，不予打开。")
    # The count may lie as well; the directory's length bounds it, at 46 bytes an entry and a name of some length.
    if entries > max_entries or directory > max_entries * (ENTRY_HEADER + 512):
        raise UnsafeArchive(f"压缩文件中的条目超过{max_entries}个，不予打开。")


def guard_entries(entries: list[zipfile.ZipInfo], max_bytes: int, max_ratio: int) -> None:
    """Names and stated sizes."""
    names = [entry.filename for entry in entries]
    if len(set(names)) < len(names):
        raise UnsafeArchive("压缩文件中有重名条目，不予打开。")
    for entry in entries:
        guard_name(entry)
        if entry.flag_bits & ENCRYPTED:
            raise UnsafeArchive("压缩文件已加密，无法检查，请去掉密码后再上传。")
        if entry.compress_type not in METHODS:
            raise UnsafeArchive("压缩文件采用少见的压缩方式，不予打开。")
        guard_ratio(entry.file_size, entry.compress_size, max_ratio)
    if sum(entry.file_size for entry in entries) > max_bytes:
        raise UnsafeArchive(f"压缩文件展开后超过{max_bytes // 1024 // 1024} MB，不予打开。")


def guard_name(entry: zipfile.ZipInfo) -> None:
    """Neither absolute nor upward, by either slash, and no link or device."""
    name = entry.filename.replace("\\", "/")
    original = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\0" in original:
        raise UnsafeArchive("压缩文件中有越界的文件名，不予打开。")
    kind = entry.external_attr >> 16 & 0o170000
    if kind not in (0, 0o100000, 0o040000):
        raise UnsafeArchive("压缩文件中有链接或设备文件，不予打开。")


def guard_ratio(inflated: int, packed: int, max_ratio: int) -> None:
    if inflated > SMALL and inflated > max_ratio * max(packed, 1):
        raise UnsafeArchive(f"压缩文件中有条目的压缩比超过{max_ratio}，疑为压缩炸弹，不予打开。")


def inflate_all(archive: zipfile.ZipFile, max_bytes: int, max_ratio: int) -> None:
    """Inflate every entry in pieces, stopping as soon as the real size passes a limit."""
    total = 0
    for entry in archive.infolist():
        size = 0
        with archive.open(entry) as stream:
            while piece := stream.read(CHUNK):
                size += len(piece)
                total += len(piece)
                guard_ratio(size, entry.compress_size, max_ratio)
                if total > max_bytes:
                    raise UnsafeArchive(f"压缩文件展开后超过{max_bytes // 1024 // 1024} MB，不予打开。")
