"""Where it is said that a paper is void, and who may record it."""

import hashlib
import io
from datetime import date, timedelta

import docx
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from documents import sheets
from documents.annulling import deed
from documents.annulling.stamp import stamped, words_of
from documents.models import Annulment, Document, Rendition
from documents.paper.render import opened
from tests.documents.lists.test_queries import sent

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


@pytest.fixture
def original(issued) -> Rendition:
    """A stored original of one empty page."""
    rendition = issued.renditions.get(purpose="original")
    rendition.pdf.save("printed.pdf", ContentFile(PDF), save=False)
    digest = hashlib.sha256(PDF).hexdigest()
    Rendition.objects.filter(pk=rendition.pk).update(pdf=rendition.pdf.name, sha256=digest)
    return Rendition.objects.get(pk=rendition.pk)


@pytest.fixture
def look(client):
    def seen(person, address, status=200) -> str:
        client.force_login(person)
        answer = client.get(address)
        assert answer.status_code == status
        return answer.content.decode()

    return seen


def page_of(document) -> str:
    return reverse("documents:detail", args=[document.pk])


def red(pdf: bytes) -> int:
    """How many pixels of the first page are reddish."""
    with opened(pdf) as document:
        image = document[0].render(scale=0.5).to_pil().convert("RGB")
    return sum(count for count, (r, g, b) in image.getcolors(1 << 20) if r > g + 40 and r > b + 40)


def test_the_banner_and_the_lists_say_it(cast, issued, original, annul, look):
    annul(effective_from=issued.signed_at.date() + timedelta(days=0))
    for address in (page_of(issued), "/papers/?tab=all", "/papers/register/", "/search?q=供暖", "/papers/annulled/"):
        assert "废止" in look(cast.clerk, address).split("<main", 1)[-1], address
    assert "已被新办法取代" in look(cast.reader, page_of(issued))


def test_what_is_to_come_is_said_as_such(cast, issued, original, annul, look):
    annul(effective_from=date(2099, 1, 1))
    page = look(cast.reader, page_of(issued))
    assert ("将自2099年1月1日起废止" in page, "1月1日起废止" in page) == (True, True)
    assert words_of(issued, date(2098, 12, 31)) is None
    assert words_of(issued, date(2099, 1, 1)) == ("已废止", "2099年1月1日起")


def test_the_pdf_bears_a_stamp_and_the_original_stays_as_it_was(cast, issued, original, annul, client):
    client.force_login(cast.reader)
    address = reverse("documents:pdf", args=[issued.pk])
    assert b"".join(client.get(address)) == PDF
    annul(sort="revoked")
    fetched = b"".join(client.get(address))
    assert (red(PDF), red(fetched) > 200) == (0, True)
    with original.pdf.open("rb") as file:
        assert file.read() == PDF
    assert sheets.draw_rendition(original, ("已撤销", "自始无效")).key != sheets.draw_rendition(original).key


def test_every_page_is_stamped():
    pages = stamped(PDF, ("已废止", "2026年1月1日起"))
    assert red(pages) > 200
    assert red(stamped(pages, ("已废止", "2026年1月1日起"))) > 200  # laid over once more it is still a paper


def test_it_is_recorded_in_a_form(cast, issued, original, look, client, now):
    address = reverse("documents:annul", args=[issued.pk])
    assert address in look(cast.clerk, page_of(issued))
    given = {
        "sort": "repealed", "effective_from": "2027-01-01", "part": "", "decided_by": cast.office.pk,
        "basis_number": "海政办发〔2027〕1号", "basis_title": "关于废止部分文件的通知", "reason": "不再执行",
    }  # fmt: skip
    for wrong, says in (
        ({"basis_title": ""}, "请写明它的标题"),
        ({"effective_from": ""}, "请写明从哪一天起废止"),
        ({"effective_from": "2020-01-01"}, "不早于成文日期"),
        ({"basis_number": issued.document_number, "basis_title": ""}, "不能是本件自己"),
        ({"reason": "含\u200b零宽"}, "不能印刷"),
        ({"decided_by": cast.bureau.organ_id + 99}, "决定机关"),
    ):
        answer = client.post(address, {**given, **wrong})
        assert (answer.status_code, says in answer.content.decode()) == (422, True), wrong
    assert Annulment.objects.count() == 0
    assert client.post(address, given).status_code == 302
    assert client.get(address).status_code == 409
    made = Annulment.objects.get()
    undo = reverse("documents:undo_annulment", args=[issued.pk, made.pk])
    assert undo in look(cast.clerk, page_of(issued))
    assert undo not in look(cast.reader, page_of(issued))
    assert client.get(undo).status_code == 404  # the reader's
    client.force_login(cast.clerk)
    assert client.post(undo, {"reason": ""}).status_code == 422
    assert client.post(undo, {"reason": "登错了"}).status_code == 302
    assert client.get(undo).status_code == 409
    assert "登错了" in look(cast.clerk, page_of(issued))


def test_one_of_ours_is_linked_by_its_number(cast, issued, original, client, now):
    other = sent(cast, now)
    client.force_login(cast.clerk)
    given = {
        "sort": "revoked",
        "decided_by": cast.government.pk,
        "basis_number": other.document_number,
        "reason": "违法",
    }
    assert client.post(reverse("documents:annul", args=[issued.pk]), given).status_code == 302
    assert Annulment.objects.get().basis == other


def test_nobody_else_finds_the_form(cast, issued, look):
    for who in (cast.drafter, cast.leader, cast.reader):
        look(who, reverse("documents:annul", args=[issued.pk]), status=404)


def test_the_list_filters_and_shows_what_one_may_see(cast, issued, annul, look, now):
    made = annul()
    other = sent(cast, now)
    annul(other, sort="revoked")
    assert [
        issued.document_number in look(cast.clerk, f"/papers/annulled/?sort={sort}")
        for sort in ("", "revoked", "repealed")
    ] == [True, False, True]
    deed.undo(made, by=cast.clerk, now=now, reason="登错了")
    assert issued.document_number not in look(cast.clerk, "/papers/annulled/")
    assert "收发员clerk更正" in look(cast.clerk, "/papers/annulled/?sort=undone")
    assert "没有失效的公文" in look(cast.stranger, "/papers/annulled/")


def test_the_list_asks_the_same_for_one_row_and_for_three(cast, issued, annul, client, now, django_assert_num_queries):
    client.force_login(cast.clerk)
    client.get("/papers/annulled/")
    for count in (1, 3):
        while Document.objects.exclude(annulled="").count() < count:
            annul(sent(cast, now))
        with django_assert_num_queries(LIST):
            assert client.get("/papers/annulled/").status_code == 200


LIST = 13


def test_its_word_file_says_so_at_the_head(cast, issued, original, annul, client):
    annul(sort="revoked")
    client.force_login(cast.reader)
    taken = client.get(reverse("documents:docx", args=[issued.pk])).content
    assert docx.Document(io.BytesIO(taken)).sections[0].header.paragraphs[0].text == "已撤销，自始无效"
