"""The files of a paper: the text and its attachments, at registering and later, as far as its course has not ended."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from PIL import Image

from documents.incoming import circulate, uploads
from documents.incoming.sheets import SHOWN, files_of, sheets_of
from documents.models import Hop, Incoming, IncomingFile
from officehub.approvals.decide import DecisionRefused
from officehub.files.models import StoredFile
from officehub.moves import TooLate, events_of
from tests.documents.incoming.test_pages import NEW, as_, typed  # noqa: F401  the fixture itself
from tests.documents.test_docx import package, paragraph


def png(name: str = "附件.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def pdf(pages: int, name: str = "来文.pdf") -> SimpleUploadedFile:
    out, page = io.BytesIO(), Image.new("RGB", (60, 80), "white")
    page.save(out, "PDF", save_all=True, append_images=[page] * (pages - 1))
    return SimpleUploadedFile(name, out.getvalue())


def labels(incoming) -> list[str]:
    return [f"{file.label} {file.stored.name}" for file in files_of(incoming)]


def test_a_paper_by_hand_is_registered_with_its_text_and_attachments(as_, cast):  # noqa: F811
    as_(cast.clerk).post(NEW, typed(cast, files=[pdf(2), png("表.png"), png("图.png")]))
    incoming = Incoming.objects.get()
    assert labels(incoming) == ["正文 来文.pdf", "附件1 表.png", "附件2 图.png"]
    page = as_(cast.clerk).get(reverse("documents:incoming_detail", args=[incoming.pk])).content.decode()
    assert "附件2　图.png" in page


def test_waiting_scans_are_taken_along_as_attachments(as_, cast):  # noqa: F811
    client = as_(cast.clerk)
    client.post(reverse("documents:incoming_upload"), {"uploads": [png("表.png"), pdf(1), png("另一件.png")]})
    table, text, other = IncomingFile.objects.order_by("id")
    client.post(NEW, typed(cast, upload=text.pk, also=[table.pk]))
    assert labels(Incoming.objects.get()) == ["正文 来文.pdf", "附件 表.png"]
    assert list(IncomingFile.objects.filter(incoming=None)) == [other]


def test_files_chosen_are_kept_while_the_form_is_put_right(as_, cast):  # noqa: F811
    client = as_(cast.clerk)
    page = client.post(NEW, typed(cast, copies="0", files=[pdf(1), png()]))
    text, other = IncomingFile.objects.order_by("id")
    assert (page.status_code, page.context["upload"], page.context["also"]) == (422, text, {other.pk})
    client.post(NEW, typed(cast, upload=text.pk, also=[other.pk]))
    assert labels(Incoming.objects.get()) == ["正文 来文.pdf", "附件 附件.png"]


def test_a_file_that_cannot_be_taken_is_said_by_its_field(as_, cast):  # noqa: F811
    bad = SimpleUploadedFile("来文.pdf", b"no pdf")
    page = as_(cast.clerk).post(NEW, typed(cast, files=[bad, png()]))
    assert (page.status_code, Incoming.objects.count(), "与扩展名" in page.content.decode()) == (422, 0, True)
    assert IncomingFile.objects.get().stored.name == "附件.png"


def test_a_scan_comes_later_with_who_and_when(steps, cast, now, as_):  # noqa: F811
    incoming = steps.handling()
    url = reverse("documents:incoming_do", args=[incoming.pk, "add_files"])
    page = as_(cast.clerk).post(url, {"files": [pdf(1), png()], "main": "on"}, follow=True).content.decode()
    assert labels(incoming) == ["正文 来文.pdf", "附件 附件.png"]
    event = events_of(incoming).get(verb="files_added")
    assert (event.actor, event.facts["files"], event.facts["main"]) == (
        cast.clerk, ["来文.pdf", "附件.png"], "来文.pdf",
    )  # fmt: skip
    assert ("补充文件" in page, "已补充文件" in page) == (True, True)
    assert cast.reader.notices.filter(verb="incoming.files_added").count() == 1
    assert as_(cast.vetter).post(url, {"files": [png()]}).status_code == 404


def test_another_text_makes_an_attachment_of_the_first(steps, cast, now):
    incoming = steps.registered()
    uploads.add(incoming, [pdf(1, "误传.pdf")], by=cast.clerk, now=now, first_is_main=True)
    uploads.add(incoming, [pdf(1)], by=cast.clerk, now=now, first_is_main=True)
    assert labels(incoming) == ["正文 来文.pdf", "附件 误传.pdf"]
    with pytest.raises(IntegrityError), transaction.atomic():
        incoming.files.update(is_main=True)


@pytest.mark.parametrize("bad", [
    SimpleUploadedFile("来文.pdf", b"no pdf"),
    SimpleUploadedFile("密.docx", package(paragraph("机密★10年"))),
], ids=["no file", "secret"])  # fmt: skip
def test_nothing_of_what_is_refused_is_kept(steps, cast, now, bad):
    incoming = steps.registered()
    with pytest.raises(ValidationError):
        uploads.add(incoming, [png(), bad], by=cast.clerk, now=now)
    assert (incoming.files.count(), StoredFile.objects.count()) == (0, 0)


def test_an_ended_paper_takes_no_more_and_no_paper_takes_too_many(steps, cast, now, monkeypatch):
    incoming = steps.registered()
    with pytest.raises(DecisionRefused, match="请选择"):
        uploads.add(incoming, [], by=cast.clerk, now=now)
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    with pytest.raises(DecisionRefused, match="最多 1 份"):
        uploads.add(incoming, [png(), png()], by=cast.clerk, now=now)
    Incoming.objects.update(state="voided", reason="误登")
    with pytest.raises(TooLate):
        uploads.add(incoming, [png()], by=cast.clerk, now=now)
    assert StoredFile.objects.count() == 0


def test_who_signs_has_seen_what_was_added(steps, cast, now):
    incoming = steps.sent_to_leaders()
    seen = incoming.entry_hash()
    uploads.add(incoming, [png()], by=cast.clerk, now=now)
    with pytest.raises(DecisionRefused, match="刚刚更正过"):
        circulate.sign(Hop.objects.get(), by=cast.mayor, now=now, seen=seen, words="同意")


def test_pages_are_shown_a_portion_at_a_time(steps, cast, now, as_):  # noqa: F811
    incoming = steps.registered()
    uploads.add(incoming, [pdf(SHOWN + 2), png()], by=cast.clerk, now=now, first_is_main=True)
    files = files_of(incoming)
    first, second = sheets_of(files), sheets_of(files, 2)
    assert (len(first.rows), first.first, first.last, first.total, first.before, first.after) == (20, 1, 20, 23, 0, 2)
    assert (len(second.rows), second.first, second.last, second.before, second.after) == (3, 21, 23, 1, 0)
    assert [sheet.caption for sheet in second.rows] == ["", "", "附件　附件.png"]
    assert sheets_of(files, 99) == second
    page = as_(cast.clerk).get(reverse("documents:incoming_detail", args=[incoming.pk]), {"pages": "2"})
    assert "第 21–23 页，共 23 页" in page.content.decode()
