"""Hostile texts in every field come out as the words they are: on pages, in print, in Word and in Excel."""

import io
import re
from html.parser import HTMLParser
from zipfile import ZipFile

import pytest
from django.urls import reverse

from documents import drafting, sheets
from documents.docx import as_raw, read_draft
from documents.docx.write import write
from documents.interchange import parse
from documents.models import Attached, Document, StockText, Template
from documents.paper.process import render_safely
from tests.cast import NOTICE
from tests.documents.hostile.texts import TEXTS

WORDS = [text for text in TEXTS if not text.startswith(("|", "!["))]  # those that stay paragraphs
PLAIN = "某"


class Shape(HTMLParser):
    """The tags of a page with the names of their attributes, and whatever a browser would run or fetch."""

    def __init__(self):
        super().__init__()
        self.tags = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(sorted(name for name, _ in attrs))))


def shape(page: bytes) -> list:
    reader = Shape()
    reader.feed(page.decode())
    return reader.tags


@pytest.fixture
def inside(cast, client, monkeypatch):
    monkeypatch.setattr(sheets, "draw", lambda *args, **kwargs: sheets.Sheets("drawn", 1))
    monkeypatch.setattr(sheets, "draw_live", lambda *args, **kwargs: sheets.Sheets("drawn", 1))
    client.force_login(cast.drafter)
    return client


def filled(cast, now, texts):
    """Drafts that say these texts wherever a drafter may write; the first of them says all of them."""
    made = [drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "title": text[:200]})
            for text in texts]  # fmt: skip
    for text, document in zip(texts, made, strict=True):
        kept = {"name": f"{document.pk}{text}"[:40], "fields": {"title": text}, "updated_at": now}
        Template.objects.create(owner=cast.drafter, kind="通知", **kept)
        StockText.objects.create(owner=cast.drafter, kind="通知", place="closing", text=f"{document.pk}{text}")
        Attached.objects.create(
            document=made[0], order=document.pk - made[0].pk + 1, title=text[:120], body="甲" + text
        )
    same = dict.fromkeys(("remarks", "cc_recipients", "primary_recipients", "disclosure_reason"), texts[0])
    content = {**made[0].content, **same, "body": "\n".join("甲" + text for text in texts)}
    Document.objects.filter(pk=made[0].pk).update(content=content)
    return made[0]


def pages(client, document):
    """Every page of a draft, by its door, as its shape."""
    one, attached = [document.pk], [document.pk, document.attached.last().pk]
    doors = {"edit": one, "detail": one, "print_paper": one, "drafts": [], "list": [], "new": [], "stock": [],
             "attachment_look": attached, "attachment_change": attached}  # fmt: skip
    return {door: shape(client.get(reverse(f"documents:{door}", args=args)).content) for door, args in doors.items()}


def test_no_text_becomes_part_of_a_page(inside, cast, now):
    hostile = pages(inside, filled(cast, now, WORDS))
    for model in (Template, StockText, Attached, Document):
        model.objects.all().delete()
    plain = pages(inside, filled(cast, now, [PLAIN for _ in WORDS]))
    assert {door: seen for door, seen in hostile.items() if seen != plain[door]} == {}


RUNS = re.compile("script|style|iframe|object|embed|base|link|meta|form|on[a-z]+|src|href|srcdoc|action|formaction")


def test_nor_of_the_page_that_says_what_is_wrong_with_it(inside, cast, now):
    """Findings quote the text, so the pages differ in length; not in what a browser would run or fetch."""
    document = filled(cast, now, WORDS)
    hostile = shape(inside.get(reverse("documents:submit", args=[document.pk])).content)
    Document.objects.filter(pk=document.pk).update(title=PLAIN, content={**NOTICE, "body": PLAIN})
    plain = shape(inside.get(reverse("documents:submit", args=[document.pk])).content)
    runs = [one for one in hostile if RUNS.fullmatch(one[0]) or any(RUNS.fullmatch(name) for name in one[1])]
    assert set(runs) <= set(plain)


def test_nor_while_it_is_checked(inside, cast, now):
    document = filled(cast, now, WORDS)
    typed = {"kind": "通知", "title": WORDS[0], "body": "\n".join(WORDS), "revision": "0"}
    page = inside.post(reverse("documents:check", args=[document.pk]), typed).content.decode()
    assert "<script>alert" not in page
    assert {tag for tag, _ in shape(page.encode())} <= {
        "div", "section", "h2", "small", "ul", "li", "svg", "path", "circle", "line", "span", "br", "button", "p", "a",
        "img", "rect", "polyline",
    }  # fmt: skip


def test_the_print_says_them_and_fetches_nothing():
    paper = parse({**NOTICE, "title": WORDS[0], "body": "\n".join("甲" + text for text in WORDS)})
    assert render_safely(paper, draft="草稿").startswith(b"%PDF-")


def test_a_picture_named_from_outside_is_not_fetched_but_missed():
    from documents.paper.process import RenderFailed

    with pytest.raises(RenderFailed, match="缺少图片"):
        render_safely(parse({**NOTICE, "body": "![x](a.png)"}))


def test_word_files_say_them_too():
    paper = parse({**NOTICE, "title": WORDS[0], "body": "\n".join("甲" + text for text in WORDS)})
    content = write(paper)
    again = parse(as_raw(read_draft(content)))
    assert (again.title, [block.text for block in again.body]) == (paper.title, [block.text for block in paper.body])
    with ZipFile(io.BytesIO(content)) as package:
        relations = b"".join(package.read(name) for name in package.namelist() if name.endswith(".rels"))
    assert b"External" not in relations
