"""Which archives may be opened."""

import io
import struct
import zipfile

import pytest

from officehub.files.archive_guard import UnsafeArchive, guard_zip

LIMITS = {"max_entries": 20, "max_bytes": 1024 * 1024, "max_ratio": 100}


def archive(*entries, method=zipfile.ZIP_DEFLATED):
    """A zip in memory of (name or ZipInfo, content) pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as writer:
        for name, content in entries:
            writer.writestr(name, content)
    return file


def lying(content):
    """A zip whose directory and header both state one byte for a much longer entry."""
    whole = bytearray(archive(("a.xml", content)).getvalue())
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", whole, whole.index(mark) + at, 1)
    return io.BytesIO(whole)


def link():
    entry = zipfile.ZipInfo("link")
    entry.external_attr = 0o120777 << 16
    return archive((entry, "/etc/passwd"))


def encrypted():
    whole = bytearray(archive(("a.txt", "a")).getvalue())
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        struct.pack_into("<H", whole, whole.index(mark) + at, 1)
    return io.BytesIO(whole)


def with_count(file, count):
    whole = bytearray(file.getvalue())
    struct.pack_into("<H", whole, whole.rindex(b"PK\x05\x06") + 10, count)
    return io.BytesIO(whole)


def doubled():
    with pytest.warns(UserWarning, match="Duplicate name"):
        return archive(("a", "1"), ("a", "2"))


REFUSED = {
    "an upward name": (lambda: archive(("../a", "x")), "越界"),
    "an upward name with backslashes": (lambda: archive(("a\\..\\..\\b", "x")), "越界"),
    "an absolute name": (lambda: archive(("/etc/a", "x")), "越界"),
    "a name with a drive": (lambda: archive(("C:/a", "x")), "越界"),
    "a link": (link, "链接"),
    "too many entries": (lambda: archive(*((str(at), "x") for at in range(21))), "条目超过20个"),
    "a stated count beyond the limit": (lambda: with_count(archive(("a", "x")), 500), "条目超过20个"),
    "zip64": (lambda: with_count(archive(("a", "x")), 0xFFFF), "超大格式"),
    "a bomb": (lambda: archive(("a", b"\0" * 900_000)), "压缩比"),
    "too much in all": (
        lambda: archive(*((str(at), bytes(300_000)) for at in range(4)), method=zipfile.ZIP_STORED),
        "1 MB",
    ),
    "a lying size": (lambda: lying(b"abcdefgh" * 9_000), "损坏"),
    "an encrypted entry": (encrypted, "加密"),
    "an uncommon compression": (lambda: archive(("a", "x"), method=zipfile.ZIP_BZIP2), "少见"),
    "two entries of one name": (doubled, "重名"),
    "no zip": (lambda: io.BytesIO(b"hello"), "不是有效的压缩文件"),
    "a zip cut short": (lambda: io.BytesIO(archive(("a", "x" * 500)).getvalue()[60:]), "损坏"),
    "nothing": (io.BytesIO, "不是有效的压缩文件"),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_dangerous_archive_is_refused(case):
    make, reason = REFUSED[case]
    with pytest.raises(UnsafeArchive, match=reason):
        guard_zip(make(), **LIMITS)


def test_a_harmless_archive_passes_and_is_left_at_its_beginning():
    file = archive(("word/document.xml", "正文" * 2000), ("a/", ""), ("..b", "x"))
    guard_zip(file, **LIMITS)
    assert file.tell() == 0
