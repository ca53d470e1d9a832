"""R39-R41: a system that is not for state secrets takes in none, by whatever door, and keeps nothing of it."""

import io
import json
import random
import zipfile
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from PIL import Image

from documents import drafting, sheets
from documents.interchange import Refused, parse
from documents.models import Attached, Document, WordImport
from documents.paper.process import render_safely
from documents.review import findings
from officehub.approvals.models import Step
from officehub.files.check import check
from officehub.files.models import StoredFile
from officehub.secrecy import has_mark
from tests.cast import NOTICE
from tests.documents.test_docx import package, paragraph

MARKED = "机密★5年"


def png() -> bytes:
    picture = io.BytesIO()
    Image.new("L", (2, 2)).save(picture, "PNG")
    return picture.getvalue()


@pytest.fixture
def paper(cast, now) -> Document:
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def typed(document, **changes) -> dict:
    return {**NOTICE, "issuers": "", "revision": document.revision, **changes}


def kept_anywhere(settings) -> list[str]:
    """Where the mark stands after all: in any row of the database, in any file, in what was drawn."""
    found, escaped = [], MARKED.encode("unicode-escape").decode()  # as SQLite keeps it in JSON
    for table in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            if any(mark in str(cell) for row in cursor for cell in row for mark in (MARKED, escaped)):
                found.append(table)
    media = Path(settings.MEDIA_ROOT)
    found += [str(path) for path in media.rglob("*") if path.is_file() and MARKED.encode() in path.read_bytes()]
    return found


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("机密★5年", True),
        ("绝 密 ★", True),
        ("秘密　☆长期", True),
        ("机\u200b密\u2060★", True),
        ("机密\ufe0f★", True),
        ("严守国家秘密，保守商业秘密", False),
        ("★ 重点：绝密文件的管理", False),
        ("评为三星★★★", False),
    ],
)
def test_what_is_a_secret_mark(text, marked):
    assert has_mark(text) is marked


@pytest.mark.parametrize(
    "field", ["title", "body", "remarks", "primary_recipients", "cc_recipients", "disclosure_reason"]
)
def test_a_draft_with_a_mark_is_not_saved_nor_drawn(cast, paper, client, settings, field):
    client.force_login(cast.drafter)
    before = dict(paper.content)
    for name in ("edit", "check"):
        answer = client.post(reverse(f"documents:{name}", args=[paper.pk]), typed(paper, **{field: MARKED}))
        assert "含有国家秘密标志" in answer.content.decode()
    paper.refresh_from_db()
    assert (paper.content, paper.revision, kept_anywhere(settings)) == (before, 0, [])
    assert not any(MARKED in str(value) for value in caches["sheets"]._cache.values())


@pytest.mark.parametrize("level", ["机密", " 绝　密 ", "秘\u200b密"])
def test_a_line_that_is_only_a_level_is_refused_as_well(cast, paper, client, level):
    client.force_login(cast.drafter)
    body = f"{level}\n现将有关事项通知如下。"
    assert client.post(reverse("documents:edit", args=[paper.pk]), typed(paper, body=body)).status_code == 422


def test_no_verb_keeps_a_marked_text(cast, now, paper):
    with pytest.raises(Refused):
        drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "body": MARKED})
    with pytest.raises(Refused):
        drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE, attachments=[("清单", MARKED)])
    with pytest.raises(Refused):
        drafting.save(paper, by=cast.drafter, now=now, fields={**NOTICE, "title": MARKED}, revision=0)
    assert Document.objects.count() == 1


@pytest.mark.parametrize("given", [{"title": MARKED, "body": "一、范围"}, {"title": "清单", "body": MARKED}])
def test_an_attachment_with_a_mark_is_not_kept(cast, paper, client, settings, given):
    client.force_login(cast.drafter)
    answer = client.post(reverse("documents:attach", args=[paper.pk]), given)
    assert (answer.status_code, Attached.objects.count(), kept_anywhere(settings)) == (422, 0, [])


def docx(*runs: str, name="word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<t/>")
        made.writestr("word/document.xml", "<w:document/>")
        text = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
        made.writestr(name, f"<w:document><w:p>{text}</w:p></w:document>")
    return out.getvalue()


def xlsx(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/sharedStrings.xml", f"<sst><si><t>{text}</t></si></sst>")
    return out.getvalue()


def inside(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("word/document.xml", "<w:document/>")
        made.writestr("word/embeddings/one.docx", content)
    return out.getvalue()


def pdf(text: str) -> bytes:
    return render_safely(parse({**NOTICE, "body": text}))


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"{MARKED}.txt", b"plain"),
        ("说明.txt", MARKED.encode()),
        ("说明.txt", MARKED.encode("gb18030")),
        ("稿.docx", docx("机", "密", "★5年", name="word/header1.xml")),
        ("稿.docx", docx("秘密&#x2605;1年", name="word/footnotes.xml")),
        ("稿.docx", inside(docx(MARKED, name="word/header1.xml"))),
        ("表.xlsx", xlsx("绝密★")),
        ("旧稿.doc", OLE + "机密★".encode("utf-16-le") + b"\0" * 600),
        ("图.png", png() + MARKED.encode()),
    ],
)
def test_a_marked_upload_is_refused_and_its_name_not_repeated(name, content):
    with pytest.raises(ValidationError, match="含有国家秘密标志") as refused:
        check(ContentFile(content, name))
    assert MARKED not in str(refused.value)


def test_the_text_of_a_pdf_is_read(now):
    with pytest.raises(ValidationError, match="含有国家秘密标志"):
        check(ContentFile(pdf(f"{MARKED} 关于某事的通知"), "扫描件.pdf"))
    assert check(ContentFile(pdf("关于保守国家秘密的通知"), "通知.pdf")).content_type == "application/pdf"


WORD = b"\xec\xa5" + b"\0" * 8 + b"\x00\x01" + b"\0" * 500
EXCEL = b"\x09\x08\x10\x00" + b"\0" * 16 + b"\x2f\x00" + b"\0" * 490


@pytest.mark.parametrize(
    ("name", "inside_of_it"),
    [("旧稿.doc", WORD), ("旧表.xls", EXCEL), ("新稿.doc", "EncryptedPackage".encode("utf-16-le"))],
)
def test_what_only_a_password_opens_cannot_be_checked_and_is_refused(name, inside_of_it):
    head = OLE[:8] + b"\0" * 504
    with pytest.raises(ValidationError, match="已加密，无法检查是否涉密"):
        check(ContentFile(head + inside_of_it, name))
    assert check(ContentFile(head + WORD.replace(b"\x00\x01", b"\0\0"), name)).name == name


def test_a_mark_across_the_pieces_a_large_part_is_read_in_is_seen():
    letters = random.Random(1).choices(  # noqa: S311  made up, the same every time
        "abcdefghijklmnopqrstuvwxyz", k=1024 * 1024 - 70
    )
    filler = "".join(letters)  # what does not pack well is no bomb
    for shift in range(0, 48, 5):
        body = "x" * shift + filler + MARKED
        with pytest.raises(ValidationError, match="含有国家秘密标志"):
            check(ContentFile(docx(body, name="word/header1.xml"), "长稿.docx"))


def test_an_upload_that_bears_a_mark_leaves_no_file(cast, paper, client, settings):
    client.force_login(cast.drafter)
    file = ContentFile(docx(MARKED, name="word/header1.xml"), "稿.docx")
    answer = client.post(reverse("documents:attach", args=[paper.pk]), {"title": "清单", "file": file})
    assert (answer.status_code, StoredFile.objects.count(), kept_anywhere(settings)) == (422, 0, [])


@pytest.mark.parametrize("door", ["from_word", "word"])
def test_a_word_file_with_a_mark_anywhere_in_it_is_not_taken(cast, paper, client, settings, door):
    client.force_login(cast.drafter)
    address = reverse(f"documents:{door}", args=[paper.pk] if door == "word" else [])
    title, text = paragraph("关于甲的通知"), paragraph("现将有关事项通知如下。")
    gone = f"<w:p><w:del><w:r><w:delText>{MARKED}</w:delText></w:r></w:del></w:p>"
    marked = [
        package(title + text + paragraph(MARKED) + text),
        package(title + text + paragraph(f"所附{MARKED}")),
        package(title + text + paragraph("附件") + paragraph("清单") + paragraph(MARKED)),
        package(title + text + paragraph("机密") + text),
        package(title + text + gone),
        package(title + text, **{"word/header1.xml": paragraph(MARKED)}),
    ]
    given = {"organ": cast.office.pk}
    answers = [client.post(address, {**given, "word": ContentFile(one, "稿.docx")}).status_code for one in marked]
    assert (answers, Document.objects.count(), WordImport.objects.count()) == ([422] * len(marked), 1, 0)
    assert kept_anywhere(settings) == []


def test_an_opinion_with_a_mark_is_not_kept(cast, now, paper, client, settings):
    drafting.submit(paper, by=cast.drafter, now=now, chosen=[], reasons={})
    client.force_login(cast.head)
    step = Step.objects.get(approver=cast.head)
    given = {"decision": "agree", "seen": paper.approval_hash(), "opinion": MARKED, "keep": "on"}
    answer = client.post(reverse("documents:decide", args=[paper.pk, step.pk]), given)
    step.refresh_from_db()
    assert (answer.status_code, step.state, kept_anywhere(settings)) == (422, "open", [])


@pytest.mark.parametrize(
    ("who", "address", "given"),
    [
        ("head", "/me/phrases/", {"text": MARKED}),
        ("sys_admin", "/admin/people/organ/add/", {"name": MARKED}),
        ("drafter", "/", {"anything": MARKED}),
    ],
)
def test_every_other_door_turns_a_mark_away(cast, client, settings, who, address, given):
    client.force_login(getattr(cast, who))
    address = reverse("phrases") if "phrases" in address else address
    answer = client.post(address, given)
    assert (answer.status_code, kept_anywhere(settings)) == (422, [])
    assert MARKED not in answer.content.decode()


def test_an_import_refuses_the_line_and_takes_the_others(cast, tmp_path, capsys, settings):
    lines = [{**NOTICE, "title": "海青市人民政府办公室关于甲的通知", "body": MARKED}, NOTICE,
             {**NOTICE, "title": "海青市人民政府办公室关于乙的通知", "security_classification": "秘密"}]  # fmt: skip
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines))
    with pytest.raises(SystemExit):
        call_command("import_documents", str(file), by=cast.drafter.username)
    assert "第 1 行退回" in (said := capsys.readouterr().out)
    assert "第 3 行退回" in said
    assert (list(Document.objects.values_list("title", flat=True)), kept_anywhere(settings)) == ([NOTICE["title"]], [])


def test_the_banner_stands_on_every_kind_of_page_and_before_an_upload(cast, paper, client):
    words = "本系统为非涉密系统，严禁处理、传输国家秘密"
    assert words in client.get(reverse("login")).content.decode()
    client.force_login(cast.drafter)
    for address in ("/", reverse("documents:list"), reverse("documents:edit", args=[paper.pk])):
        page = client.get(address).content.decode()
        assert words in page
    assert "本系统为非涉密系统，严禁上传国家秘密" in page
    client.force_login(cast.sys_admin)
    assert words in client.get(reverse("admin:index")).content.decode()


def test_an_accredited_system_takes_a_whole_mark_and_wants_it_whole(cast, now, client, settings, monkeypatch):
    settings.CLASSIFIED_ENABLED = True
    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    client.force_login(cast.drafter)
    address = reverse("documents:edit", args=[paper.pk])
    page = client.get(address).content.decode()
    assert "密级" in page
    assert "严禁处理、传输国家秘密" not in page
    marks = {"security_classification": "秘密", "classification_period": "20年"}
    assert client.post(address, typed(paper, **marks)).status_code == 302
    paper.refresh_from_db()
    assert {one.rule for one in findings(paper, "sign", now)} >= {"R39", "R40"}
    marks |= {"classification_period": "5年", "copy_number": "000001"}
    assert client.post(address, typed(paper, **marks)).status_code == 302
    paper.refresh_from_db()
    assert not {one.rule for one in findings(paper, "sign", now)} & {"R39", "R40", "R41"}
