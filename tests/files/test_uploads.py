"""Uploads: what a file is, is proved by its content, and the name must agree."""

import errno
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError
from PIL import Image

from officehub.files.check import check, clean_name
from officehub.files.keep import hand_out, keep
from officehub.files.models import StoredFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


def drawn(form):
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, form)
    return out.getvalue()


PNG, JPEG = drawn("PNG"), drawn("JPEG")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


def archive(**members) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return file.getvalue()


DOCX = archive(word__document_xml="<w/>", _Content_Types__xml="<t/>")


def upload(name, content):
    return ContentFile(content, name)


@pytest.mark.parametrize(
    ("name", "content", "content_type"),
    [
        ("方案.pdf", PDF, "application/pdf"),
        ("图.PNG", PNG, "image/png"),
        ("图.jpeg", JPEG, "image/jpeg"),
        ("旧稿.doc", OLE, "application/msword"),
        ("旧稿.wps", OLE, "application/msword"),
        ("稿.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("表.xlsx", archive(xl__workbook_xml="<x/>"),
         "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("说明.txt", "各县（市、区）：".encode("gb18030"), "text/plain"),
        ("说明.txt", "\ufeff各县".encode(), "text/plain"),
    ],
)  # fmt: skip
def test_an_honest_file_is_taken_for_what_it_is(name, content, content_type):
    checked = check(upload(name, content))
    assert (checked.name, checked.content_type) == (name, content_type)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("方案.pdf", PNG),
        ("方案.pdf", b"<html><script>alert(1)</script>"),
        ("照片.jpg", b"<!DOCTYPE html><script>1</script>" + JPEG),  # a polyglot begins as something else
        ("照片.png", b"GIF89a"),
        ("稿.docx", archive(xl__workbook_xml="<x/>")),
        ("表.xls", DOCX),
        ("说明.txt", b"MZ\x90\0\x03"),
        ("说明.txt", b"\xff\xfe\x00\xd8 broken"),
    ],
)
def test_a_content_that_is_not_what_the_name_says_is_refused(name, content):
    with pytest.raises(ValidationError, match="内容与扩展名") as refused:
        check(upload(name, content))
    assert name in refused.value.messages[0]


@pytest.mark.parametrize(
    "name",
    ["图.svg", "页.html", "页.pdf.html", "a.exe", "a.docm", "a.zip", "a.js", "无扩展名", ".htaccess", "a.pdf\0.php"],
)
def test_kinds_that_are_not_accepted_are_refused_whatever_they_contain(name):
    with pytest.raises(ValidationError, match="不接收这种文件"):
        check(upload(name, PDF))


def test_an_empty_file_and_a_huge_one_are_refused(settings):
    with pytest.raises(ValidationError, match="空文件"):
        check(upload("a.pdf", b""))
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    with pytest.raises(ValidationError, match="超过 1 MB"):
        check(upload("a.pdf", PDF + b"\0" * 1024 * 1024))


ENTITIES = '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w>&b;</w>'
TEMPLATE = '<Relationship Type="http://x/attachedTemplate" Target="http://evil.test/t.dotm" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"word__vbaProject_bin": "x"}, "含有宏"),
        ({"word__styles_xml": ENTITIES}, "含有实体定义"),
        ({"word__styles_xml": ENTITIES.encode("utf-16")}, "含有实体定义"),
        ({"word/_rels/settings.xml.rels": TEMPLATE}, "引用外部模板"),
    ],
)
def test_what_attacks_the_reader_is_refused(members, says):
    with pytest.raises(ValidationError, match=f"附件“稿.docx”{says}"):
        check(upload("稿.docx", archive(word__document_xml="<w/>", **members)))


def test_a_link_to_a_web_page_is_no_danger():
    link = TEMPLATE.replace("attachedTemplate", "hyperlink")
    harmless = archive(word__document_xml="<w/>", **{"word/_rels/document.xml.rels": link})
    assert check(upload("稿.docx", harmless)).name == "稿.docx"


def test_a_zip_bomb_is_refused_before_it_is_opened():
    bomb = archive(word__document_xml=b"0" * 60_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(ValidationError, match="压缩炸弹"):
        check(upload("稿.docx", bomb))


@pytest.mark.parametrize("content", [DOCX[: len(DOCX) // 2], OLE, b"PK\x03\x04", b"%PDF-1.7"])
def test_what_is_no_archive_is_refused_by_name(content):
    with pytest.raises(ValidationError, match=r"附件“稿\.docx”：不是有效的压缩文件"):
        check(upload("稿.docx", content))


@pytest.mark.parametrize("member", ["../../etc/passwd", "/etc/passwd", "C:\\windows\\x", "..\\x"])
def test_members_that_point_outside_are_refused(member):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("word/document.xml", "<w/>")
        made.writestr(zipfile.ZipInfo(member), "x")
    with pytest.raises(ValidationError, match="越界"):
        check(upload("稿.docx", file.getvalue()))


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\我\\方案.pdf", "方案.pdf"),
        ("方案\u202efdp.exe.pdf", "方案fdp.exe.pdf"),
        ("a\0b\r\n.pdf", "ab.pdf"),
        (" .. 方案.pdf . ", "方案.pdf"),
        ("e\u0301.pdf", "\u00e9.pdf"),
        ('x").txt', "x”).txt"),
        ("x%22).txt", "x”).txt"),
        ("/", ""),
        ("..", ""),
    ],
)
def test_names_are_cleaned_of_paths_controls_and_direction_marks(raw, cleaned):
    assert clean_name(raw) == cleaned


@pytest.mark.parametrize("name", ["长" * 400 + ".pdf", "x" * 400, "a." + "p" * 400, "." * 300 + "pdf"])
def test_long_names_are_cut_to_what_is_kept(name):
    assert len(clean_name(name)) <= 200


def test_a_long_name_keeps_its_ending():
    assert clean_name("长" * 400 + ".pdf").endswith("长.pdf")


def test_a_file_is_kept_under_a_random_name_with_its_hash(cast, now):
    stored = keep(upload("../方案.pdf", PDF), by=cast.drafter, now=now)
    assert (stored.name, stored.size, stored.content_type) == ("方案.pdf", len(PDF), "application/pdf")
    assert stored.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "方案" not in stored.file.name
    assert stored.file.name.startswith("files/")
    with stored.file.open("rb") as kept:
        assert kept.read() == PDF


def test_two_uploads_of_one_file_lie_apart(cast, now):
    first, second = (keep(upload("方案.pdf", PDF), by=cast.drafter, now=now) for _ in range(2))
    assert first.file.name != second.file.name
    assert first.sha256 == second.sha256


def test_a_kept_file_is_handed_out_as_a_download_that_can_do_nothing(cast, now):
    stored = keep(upload('方案"；.pdf', PDF), by=cast.drafter, now=now)
    answer = hand_out(stored)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PDF
    answer.close()


def test_only_what_a_browser_shows_harmlessly_is_shown_in_the_page(cast, now):
    shown = hand_out(keep(upload("a.pdf", PDF), by=cast.drafter, now=now), inline=True)
    kept_off = hand_out(keep(upload("a.txt", b"<script>1</script>"), by=cast.drafter, now=now), inline=True)
    assert [answer["Content-Disposition"].split(";")[0] for answer in (shown, kept_off)] == ["inline", "attachment"]
    shown.close()
    kept_off.close()


@pytest.fixture
def full_disk(monkeypatch):
    """Every file comes to its end half-way."""

    def half(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:8])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)


def test_a_full_disk_is_said_and_leaves_nothing_behind(cast, now, full_disk, settings):
    with pytest.raises(ValidationError, match="存储空间不足"):
        keep(upload("方案.pdf", PDF), by=cast.drafter, now=now)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []
    assert StoredFile.objects.count() == 0


def test_a_file_whose_row_cannot_be_kept_is_not_left_behind(cast, now, settings, monkeypatch):
    def refused(self, *args, **kwargs):
        raise DatabaseError("no")

    monkeypatch.setattr(StoredFile, "save", refused)
    with pytest.raises(DatabaseError):
        keep(upload("方案.pdf", PDF), by=cast.drafter, now=now)
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def relations(relation: str, before: str = "") -> str:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<?xml version="1.0"?>{before}<Relationships xmlns="{space}">{relation}</Relationships>'


@pytest.mark.parametrize("kind", ["image", "oleObject", "frame", "subDocument", "aFChunk", "attachedTemplate"])
@pytest.mark.parametrize("mode", ['TargetMode="External"', "TargetMode='external'", 'TargetMode="Ext&#101;rnal"'])
def test_a_word_file_that_fetches_something_from_outside_is_refused(kind, mode):
    relation = f'<Relationship Id="r1" Type="http://x/{kind}" Target="http://evil.test/x" {mode}/>'
    for content in (relations(relation), relations(relation).encode("utf-16"), relations(relation, " " * 70_000)):
        members = {"word/_rels/document.xml.rels": content}
        with pytest.raises(ValidationError, match=r"附件“稿\.docx”引用外部"):
            check(upload("稿.docx", archive(word__document_xml="<w/>", **members)))


def test_relations_that_cannot_be_read_are_refused():
    members = {"word/_rels/document.xml.rels": "<Relationships><Relationship"}
    with pytest.raises(ValidationError, match=r"附件“稿\.docx”：内部引用已损坏"):
        check(upload("稿.docx", archive(word__document_xml="<w/>", **members)))
