"""A .docx becomes a draft, or replaces the text of one after a look; nothing in it goes unmentioned."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from documents import drafting
from documents.docx.write import write
from documents.interchange import parse
from documents.models import Attached, Document, Picture, WordImport
from officehub.files.models import StoredFile
from officehub.moves import events_of
from tests.cast import NOTICE
from tests.documents.test_docx import TITLE, package, paragraph

ORGAN = "海青市人民政府办公室"


@pytest.fixture
def inside(cast, client):
    client.force_login(cast.drafter)
    return client


@pytest.fixture
def draft(inside, cast, now):
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def upload(content, name="初稿.docx"):
    return SimpleUploadedFile(name, content)


def typed_in_word():
    opening = ["各县（市、区）人民政府：", "现将有关事项通知如下。", "一、任务", "各地要加强巡查。"]
    tracked = """<w:p><w:ins><w:r><w:t>请于5日前完成。</w:t></w:r></w:ins>
    <w:del><w:r><w:delText>3日</w:delText></w:r></w:del></w:p>"""
    end = ["附件：责任清单", ORGAN, "2026年5月8日", "（联系人：李文，电话：6543210）", "附件", "责任清单", "一、水库"]
    title = TITLE.format(f"{ORGAN}关于做好防汛工作的通知")
    return package(title + "".join(map(paragraph, opening)) + tracked + "".join(map(paragraph, end)))


BODY = ["现将有关事项通知如下。", "一、任务", "各地要加强巡查。", "请于5日前完成。"]
STRANGE = [TITLE.format("甲市水利局关于防汛的通知"), *map(paragraph, ["请抓好落实。", "甲市水利局", "2026年5月8日"])]
SECRET = [paragraph("秘密★1年"), TITLE.format("关于防汛的通知"), paragraph("正文。")]


def test_a_draft_from_word_becomes_ours_with_an_account_of_what_was_not_taken(inside, cast):
    answer = inside.post(reverse("documents:from_word"), {"organ": cast.office.pk, "word": upload(typed_in_word())})
    document = Document.objects.get()
    assert answer.url == reverse("documents:edit", args=[document.pk])
    assert (document.kind, document.title) == ("通知", f"{ORGAN}关于做好防汛工作的通知")
    assert document.content["primary_recipients"] == "各县（市、区）人民政府"
    assert document.content["body"].split("\n") == BODY
    assert [(one.title, one.body) for one in document.attached.all()] == [("责任清单", "一、水库")]
    told = {note["name"]: note for note in WordImport.objects.get().notes}
    assert told["deleted"]["samples"] == ["3日"]
    assert told["inserted"]["samples"] == ["请于5日前完成。"]
    assert told["anew"]["samples"] == ["成文日期：2026-05-08"]
    event = events_of(document).get(verb="import_word")
    assert (event.facts["name"], len(event.facts["notes"])) == ("初稿.docx", len(told))
    page = inside.get(reverse("documents:word", args=[document.pk])).content.decode()
    assert "有1处修订删除的文字未取入。" in page


def test_what_the_file_says_of_another_issuer_is_told_and_not_believed(inside, cast):
    inside.post(reverse("documents:from_word"), {"organ": cast.office.pk, "word": upload(package("".join(STRANGE)))})
    assert Document.objects.get().content["issuers"] == [ORGAN]
    assert "issuer" in [note["name"] for note in WordImport.objects.get().notes]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("旧稿.doc", b"\xd0\xcf\x11\xe0", "另存为 .docx"),
        ("旧稿.wps", b"\xd0\xcf\x11\xe0", "另存为 .docx"),
        ("带宏.docm", b"PK\x03\x04", "带宏"),
        ("稿.docx", b"PK\x03\x04 broken", "压缩文件"),
        ("稿.docx", b"<script>alert(1)</script>", "不是 .docx"),
        ("稿.pdf", b"%PDF-1.7", "只能导入 .docx"),
        ("空.docx", b"", "空"),
        ("密.docx", package("".join(SECRET)), "非涉密系统"),
    ],
)
def test_what_is_no_draft_is_refused_with_what_to_do(inside, cast, name, content, says):
    answer = inside.post(reverse("documents:from_word"), {"organ": cast.office.pk, "word": upload(content, name)})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert (Document.objects.count(), StoredFile.objects.count()) == (0, 0)


def picture():
    out = io.BytesIO()
    Image.effect_noise((60, 40), 20).save(out, "PNG")
    return out.getvalue()


def test_a_picture_comes_over_as_pixels_and_is_printed_and_shown(inside, cast):
    from documents.docx.media import encoded

    kept = encoded(picture())
    paper = parse({**NOTICE, "body": f"如图。\n![位置图]({kept.name})"})
    word = upload(write(paper, images={kept.name: kept.content}))
    inside.post(reverse("documents:from_word"), {"organ": cast.office.pk, "word": word})
    document, found = Document.objects.get(), Picture.objects.get()
    assert document.content["body"] == f"如图。\n![位置图]({found.name})"
    page = inside.get(reverse("documents:detail", args=[document.pk])).content.decode()
    address = reverse("documents:text_picture", args=[document.pk, found.name])
    assert address in page
    assert "还排不出版式" not in page
    answer = inside.get(address)
    assert (answer["Content-Type"], b"".join(answer.streaming_content)) == ("image/png", kept.content)


def test_a_text_is_replaced_only_after_a_look(draft, inside, cast, now):
    Attached.objects.create(document=draft, order=1, title="责任清单", body="旧")
    Attached.objects.create(document=draft, order=2, title="别的", body="不动")
    answer = inside.post(reverse("documents:word", args=[draft.pk]), {"word": upload(typed_in_word())})
    draft.refresh_from_db()
    assert (answer.status_code, draft.title, draft.revision) == (302, NOTICE["title"], 0)
    page = inside.get(answer.url).content.decode()
    assert NOTICE["title"] in page
    assert f"{ORGAN}关于做好防汛工作的通知" in page
    waiting = WordImport.objects.get()
    inside.post(reverse("documents:take_word", args=[draft.pk, waiting.pk]), {"revision": "0"})
    draft.refresh_from_db()
    assert (draft.title, draft.revision) == (f"{ORGAN}关于做好防汛工作的通知", 1)
    assert [(one.title, one.body) for one in draft.attached.all()] == [("责任清单", "一、水库"), ("别的", "不动")]
    assert [event.verb for event in events_of(draft).order_by("seq")] == ["create", "save", "import_word"]


def test_a_look_may_end_in_no(draft, inside):
    inside.post(reverse("documents:word", args=[draft.pk]), {"word": upload(typed_in_word())})
    inside.post(reverse("documents:take_word", args=[draft.pk, WordImport.objects.get().pk]), {"drop": "1"})
    draft.refresh_from_db()
    assert (draft.title, WordImport.objects.count()) == (NOTICE["title"], 0)


def test_what_was_saved_since_the_look_is_not_overwritten(draft, inside, cast, now):
    inside.post(reverse("documents:word", args=[draft.pk]), {"word": upload(typed_in_word())})
    drafting.save(draft, by=cast.drafter, now=now, fields={**NOTICE, "title": "后来保存的标题"}, revision=0)
    address = reverse("documents:take_word", args=[draft.pk, WordImport.objects.get().pk])
    assert inside.post(address, {"revision": "0"}).status_code == 409
    draft.refresh_from_db()
    assert (draft.title, WordImport.objects.get().taken_at) == ("后来保存的标题", None)


def test_the_paper_goes_out_as_docx_to_whoever_sees_it_and_that_is_recorded(draft, inside, cast):
    from documents.docx import as_raw, read_draft

    answer = inside.get(reverse("documents:docx", args=[draft.pk]))
    assert parse(as_raw(read_draft(answer.content))).title == draft.title
    assert events_of(draft).get(verb="download").facts == {"docx": draft.content_hash()}
    inside.force_login(cast.stranger)
    assert inside.get(reverse("documents:docx", args=[draft.pk])).status_code == 404
