"""Scans and files: read in a process of their own, refused when dangerous or secret, never kept by halves."""

import io
import zipfile
from pathlib import Path
from threading import Semaphore

import pytest
from django.conf import settings as house
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents.incoming import uploads
from documents.interchange import parse
from documents.models import IncomingFile
from documents.paper.process import render_safely
from officehub.files import strangers
from officehub.files.models import StoredFile
from tests.documents.test_docx import TITLE, package, paragraph

PAPER = {
    "kind": "请示",
    "issuers": ["北湾县人民政府"],
    "title": "北湾县人民政府关于申请修缮渡口的请示",
    "document_number": "北政〔2026〕7号",
    "primary_recipients": "海青市人民政府",
    "body": "因洪水冲毁，恳请支持修缮资金二十万元。\n妥否，请批示。",
    "date_of_document": "2026-11-03",
}


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_safely(parse(PAPER))


def upload(content: bytes, name: str = "来文.pdf"):
    return SimpleUploadedFile(name, content)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return out.getvalue()


def test_a_pdf_with_words_fills_the_fields(cast, now, pdf):
    taken = uploads.take(upload(pdf), by=cast.clerk, now=now)
    found = taken.recognised
    assert (found["title"], found["document_number"]) == (PAPER["title"], PAPER["document_number"])
    assert (found["sender_name"], found["dated"], found["recipients"]) == (
        "北湾县人民政府", "2026-11-03", "海青市人民政府",
    )  # fmt: skip
    assert (taken.pages, found["note"]) == (1, "")
    assert uploads.page_picture(taken, 1).startswith(b"\x89PNG")
    assert (uploads.page_picture(taken, 2), uploads.page_picture(taken, 0)) == (None, None)


def test_a_scan_says_that_it_has_no_words(cast, now):
    out = io.BytesIO()
    Image.new("RGB", (120, 160), "white").save(out, "PDF")
    taken = uploads.take(upload(out.getvalue()), by=cast.clerk, now=now)
    assert (taken.pages, taken.recognised["note"]) == (1, uploads.NO_WORDS)


def test_a_photograph_is_shown_as_it_is(cast, now):
    taken = uploads.take(upload(picture(), "来文.png"), by=cast.clerk, now=now)
    assert (taken.pages, uploads.page_picture(taken, 1)) == (1, None)


def test_a_secret_paper_is_refused_and_not_kept(cast, now):
    raw = {**PAPER, "body": "机密★5年\n" + PAPER["body"]}
    with pytest.raises(ValidationError, match="国家秘密标志"):
        uploads.take(upload(render_safely(parse(raw))), by=cast.clerk, now=now)
    assert (IncomingFile.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert not [path for path in Path(house.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"%PDF-1.4\n" + b"\xff" * 5000, b"%PDF-1.7\n1 0 obj<</Length 99999999"]
)
def test_a_broken_pdf_is_refused_in_words(cast, now, content):
    with pytest.raises(ValidationError, match="打不开"):
        uploads.take(upload(content), by=cast.clerk, now=now)
    assert StoredFile.objects.count() == 0


def test_what_is_no_pdf_is_not_opened_as_one(cast, now):
    with pytest.raises(ValidationError):
        uploads.take(upload(b"<html></html>"), by=cast.clerk, now=now)


def test_a_hostile_docx_is_refused(cast, now):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>")
    with pytest.raises(ValidationError):
        uploads.take(upload(out.getvalue(), "来文.docx"), by=cast.clerk, now=now)


def test_a_reader_that_takes_too_long_is_killed(cast, now, pdf, monkeypatch):
    monkeypatch.setattr("officehub.files.pdf.SECONDS", 0.001)
    with pytest.raises(ValidationError, match="内容过于复杂"):
        uploads.take(upload(pdf), by=cast.clerk, now=now)


def test_a_pdf_is_opened_once_and_tells_no_more_than_a_paper_needs(cast, now, pdf, monkeypatch, settings):
    opened, run = [], strangers.run
    monkeypatch.setattr("officehub.files.pdf.run", lambda *args, **how: opened.append(args) or run(*args, **how))
    settings.PDF_TEXT_MOST_CHARACTERS = 20
    one = upload(pdf)
    assert uploads.take(one, by=cast.clerk, now=now).pages == 1
    assert len(opened) == 1
    assert 0 < sum(len(line) for page in one.pdf_text.lines for line in page) <= 20


def test_who_comes_while_others_are_opened_is_told_so_and_the_turn_comes_back(cast, now, pdf, monkeypatch):
    monkeypatch.setattr(strangers, "gate", Semaphore(1))
    monkeypatch.setattr(strangers, "WAIT_SECONDS", 0.01)
    with strangers.gate, pytest.raises(ValidationError, match="正在打开其他文件"):
        uploads.take(upload(pdf), by=cast.clerk, now=now)
    assert StoredFile.objects.count() == 0
    assert uploads.take(upload(pdf), by=cast.clerk, now=now).pages
    assert uploads.take(upload(pdf), by=cast.clerk, now=now).pages


def test_an_upload_nobody_registers_is_thrown_away_with_its_bytes(cast, now, steps):
    taken = uploads.take(upload(picture(), "来文.png"), by=cast.clerk, now=now)
    path = Path(taken.stored.file.path)
    assert (uploads.discard(taken), path.exists(), StoredFile.objects.count()) == (True, False, 0)
    kept = uploads.take(upload(picture(), "来文.png"), by=cast.clerk, now=now)
    kept.incoming = steps.registered()
    kept.save()
    assert (uploads.discard(kept), Path(kept.stored.file.path).exists()) == (False, True)


def test_a_docx_fills_the_fields_and_shows_its_words(cast, now, client):
    body = "".join(
        paragraph(text)
        for text in (
            *(
                "北政〔2026〕7号",
                "海青市人民政府：",
                "因洪水冲毁，恳请支持修缮资金二十万元。",
                "北湾县人民政府",
                "2026年11月3日",
            ),
        )
    )
    content = package(TITLE.format("北湾县人民政府关于申请修缮渡口的请示") + body)
    taken = uploads.take(upload(content, "来文.docx"), by=cast.clerk, now=now)
    found = taken.recognised
    assert (found["title"], found["sender_name"], found["dated"]) == (
        "北湾县人民政府关于申请修缮渡口的请示", "北湾县人民政府", "2026-11-03",
    )  # fmt: skip
    client.force_login(cast.clerk)
    page = client.get(reverse("documents:incoming_new"), {"upload": taken.pk}).content.decode()
    assert "恳请支持修缮资金二十万元" in page
