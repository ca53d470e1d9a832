"""Attachments: their order, names and files, and what is in them seen in the page."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents import attaching, drafting
from documents.models import Attached
from officehub.files.models import StoredFile
from officehub.moves import events_of
from tests.cast import NOTICE
from tests.documents.test_docx import TITLE, package, paragraph


@pytest.fixture
def draft(cast, now, client):
    client.force_login(cast.drafter)
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


@pytest.fixture
def attach(draft, cast, now):
    def add(name, content, title="方案"):
        upload = SimpleUploadedFile(name, content)
        return attaching.add(draft, by=cast.drafter, now=now, title=title, upload=upload)

    return add


def look(client, attached):
    return client.get(reverse("documents:attachment_look", args=[attached.document_id, attached.pk])).content.decode()


def page(client, attached, number=1):
    return client.get(reverse("documents:attachment_page", args=[attached.document_id, attached.pk, number]))


def test_attachments_change_places(draft, client, cast, now):
    for title in ("甲", "乙", "丙"):
        attaching.add(draft, by=cast.drafter, now=now, title=title, body="一")
    second = Attached.objects.get(title="乙")
    client.post(reverse("documents:attachment_move", args=[draft.pk, second.pk]), {"to": "up"})
    assert [one.title for one in draft.attached.all()] == ["乙", "甲", "丙"]
    client.post(reverse("documents:attachment_move", args=[draft.pk, second.pk]), {"to": "up"})  # at an end
    client.post(reverse("documents:attachment_move", args=[draft.pk, second.pk]), {"to": "down"})
    assert [(one.order, one.title) for one in draft.attached.all()] == [(1, "甲"), (2, "乙"), (3, "丙")]


def test_an_attachment_is_renamed_and_its_file_replaced(draft, client, attach):
    attached = attach("旧.txt", "旧".encode())
    old = attached.stored.file
    new = SimpleUploadedFile("新.txt", "新".encode())
    address = reverse("documents:attachment_change", args=[draft.pk, attached.pk])
    client.post(address, {"title": "新方案", "file": new})
    attached = Attached.objects.get()
    assert (attached.title, attached.stored.name, StoredFile.objects.count()) == ("新方案", "新.txt", 1)
    assert events_of(draft).get(verb="attachment_changed").facts["was"] == "方案"
    assert old.storage.exists(old.name) is True  # until the transaction of this test ends


def test_a_refused_file_changes_nothing_and_the_name_stays_typed(draft, client, attach):
    attached = attach("旧.txt", "旧".encode())
    bad = SimpleUploadedFile("新.pdf", b"<html>")
    address = reverse("documents:attachment_change", args=[draft.pk, attached.pk])
    answer = client.post(address, {"title": "新名", "file": bad})
    assert (answer.status_code, 'value="新名"' in answer.content.decode()) == (422, True)
    assert (Attached.objects.get().title, StoredFile.objects.count()) == ("方案", 1)


def test_a_text_is_shown_as_text_in_either_encoding(client, attach):
    assert "<pre" in look(client, attach("甲.txt", "<b>粗体</b>".encode()))
    seen = look(client, attach("乙.txt", "<b>粗体</b>".encode("gb18030"), "乙"))
    assert "&lt;b&gt;粗体&lt;/b&gt;" in seen


def test_a_word_file_shows_its_title_text_and_tables(client, attach):
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>格内&lt;i&gt;</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    seen = look(client, attach("甲.docx", package(TITLE.format("防汛方案") + paragraph("一、任务") + table)))
    assert "防汛方案" in seen
    assert "<td>格内&lt;i&gt;</td>" in seen


def test_a_spreadsheet_shows_what_its_cells_come_to(client, attach):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("物资")
        sheet.write_row(0, 0, ["品名", "数量", "<script>"])
        sheet.write_row(1, 0, ["编织袋", 2000])
        sheet.write_formula(1, 2, "=1+1", value=2)
    seen = look(client, attach("甲.xlsx", out.getvalue()))
    assert "物资" in seen
    assert "<td>编织袋</td><td>2000</td><td>2</td>" in seen
    assert "<td>&lt;script&gt;</td>" in seen


def pdf(pages=2):
    out = io.BytesIO()
    first, *others = [Image.new("RGB", (60, 80), "white") for _ in range(pages)]
    first.save(out, "PDF", save_all=True, append_images=others)
    return out.getvalue()


def test_a_pdf_is_drawn_page_by_page(client, attach):
    attached = attach("甲.pdf", pdf())
    seen = look(client, attached)
    assert seen.count(f"/attachments/{attached.pk}/pages/") == 2
    answer = page(client, attached, 2)
    assert (answer["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert page(client, attached, 3).status_code == 404


def test_a_picture_is_shown_without_anything_that_rode_along(client, attach):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, "PNG")
    attached = attach("甲.png", out.getvalue() + b"<script>alert(1)</script>")
    answer = page(client, attached)
    assert (answer["Content-Type"], b"script" in answer.content) == ("image/png", False)


def test_what_cannot_be_shown_says_so(client, attach):
    assert "已损坏" in look(client, attach("甲.pdf", b"%PDF-1.7 broken"))
    ole = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600
    assert "不能在网页上预览" in look(client, attach("乙.doc", ole, "乙"))


def test_a_look_is_recorded_and_no_strangers(client, attach, cast, draft):
    attached = attach("甲.txt", "甲".encode())
    look(client, attached)
    assert events_of(draft).get(verb="download").facts == {"attachment": "方案", "preview": True}
    client.force_login(cast.stranger)
    for door in ("documents:attachment_look", "documents:attachment_change"):
        assert client.get(reverse(door, args=[draft.pk, attached.pk])).status_code == 404
    assert page(client, attached).status_code == 404


def test_a_file_that_takes_too_long_costs_only_its_child(client, attach, monkeypatch):
    monkeypatch.setattr("documents.apart.process.WALL_SECONDS", 0.01)
    assert "文件打开超时" in look(client, attach("甲.docx", package(paragraph("正文"))))
