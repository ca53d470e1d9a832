"""The print beside the typing: short and soon, withheld with a sentence when it cannot be, and seen by nobody else."""

import re
from threading import Event, Thread

import pytest
from django.core.cache import caches
from django.urls import reverse

from documents import drafting, sheets
from documents.interchange import parse
from documents.models import Document
from documents.paper.process import Busy, RenderFailed, TooLong
from documents.views import paper as door
from tests.cast import NOTICE
from tests.documents.pages.test_typing import typed
from tests.documents.paper.samples import paper
from tests.races.conftest import at_once

LONG = "各供热单位应于12月5日前完成储备，供暖期内实行二十四小时值班。"


@pytest.fixture(autouse=True)
def _nothing_kept():
    caches["sheets"].clear()
    yield
    caches["sheets"].clear()
    sheets.typing.close()
    sheets.reading.close()


@pytest.fixture
def draft(cast, now, client) -> Document:
    client.force_login(cast.drafter)
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


@pytest.fixture
def check(draft, client):
    """Post what is typed; the page that comes back and the addresses of its pictures."""

    def post(**changes) -> tuple[str, list[str]]:
        page = client.post(reverse("documents:check", args=[draft.pk]), typed(**changes)).content.decode()
        return page, re.findall(r'<img src="([^"]+)"', page)

    return post


@pytest.fixture
def drawings(monkeypatch) -> list[str]:
    """The titles of the papers that were really drawn."""
    drawn, draws = [], sheets.render_safely

    def counted(paper, **how):
        drawn.append(paper.title)
        return draws(paper, **how)

    monkeypatch.setattr(sheets, "render_safely", counted)
    return drawn


@pytest.fixture
def taken():
    """Keep a desk, or any lock, in another thread until the test is over."""
    over, threads = Event(), []

    def take(lock):
        has_it = Event()

        def hold():
            with lock:
                has_it.set()
                over.wait(60)

        threads.append(Thread(target=hold, daemon=True))
        threads[-1].start()
        assert has_it.wait(10)

    yield take
    over.set()
    for thread in threads:
        thread.join(10)


def test_while_one_types_the_first_three_pages_are_shown_and_all_when_asked(check):
    body = "\n".join([LONG] * 120)
    page, pictures = check(body=body)
    assert len(pictures) == 3
    total = int(re.search(r"预览前 3 页，共 (\d+) 页。", page)[1])
    assert total > 3
    page, pictures = check(body=body, draw="1")
    assert len(pictures) == total
    assert "预览前" not in page


def test_a_page_becomes_a_picture_when_it_is_looked_at(check, client, monkeypatch):
    made, make = [], sheets.one_page_png
    monkeypatch.setattr(sheets, "one_page_png", lambda pdf, number, dpi: made.append(number) or make(pdf, number, dpi))
    _, pictures = check(body="\n".join([LONG] * 60))
    assert made == []
    for _ in range(2):
        assert client.get(pictures[1]).content.startswith(b"\x89PNG")
    assert made == [2]


@pytest.mark.parametrize(
    "body", ["\n".join([LONG] * 3000), "通知如下：\n" + "\n".join(["|单位" * 20 + "|"] * 200)], ids=["text", "table"]
)
def test_a_long_paper_is_checked_and_not_drawn_until_asked(check, drawings, body):
    page, pictures = check(body=body, title="长文")
    assert (pictures, drawings) == ([], [])
    assert "文稿较长，点“看版式”再排。" in page
    assert "规则核对" in page
    assert "标题" in page  # the rules have spoken


def test_a_preview_has_its_seconds_and_what_took_too_long_is_not_tried_again_at_once(check, drawings, settings):
    settings.PREVIEW_SECONDS = 0.01
    for _ in range(2):
        page, pictures = check()
        assert pictures == []
        assert "排版超过0.01秒" in page
    assert drawings == [NOTICE["title"]]
    assert len(check(draw="1")[1]) == 2


def test_a_taken_desk_is_said_and_not_waited_at_for_ever(check, taken, monkeypatch):
    monkeypatch.setattr(sheets, "WAIT_SECONDS", 0.05)
    taken(sheets.typing.lock)
    page, pictures = check()
    assert pictures == []
    assert "正在为他人排版，请稍候再看版式。" in page


def test_typists_do_not_hold_up_readers(taken, monkeypatch):
    monkeypatch.setattr(sheets, "WAIT_SECONDS", 0.05)
    taken(sheets.typing.lock)
    assert sheets.draw(paper(), "审批稿").count == 4
    with pytest.raises(Busy):
        sheets.draw(paper(), sheets.DRAFT)


def test_one_paper_asked_for_by_four_at_once_is_drawn_once(transactional_db, drawings):
    results = at_once(*[lambda: sheets.draw(paper())] * 4)
    assert [type(result) for result in results] == [sheets.Sheets] * 4
    assert len(set(results)) == 1
    assert drawings == [paper().title]


def test_a_busy_picture_is_answered_503(check, client, taken, monkeypatch):
    _, [picture, _second] = check()
    monkeypatch.setattr(sheets, "WAIT_SECONDS", 0.05)
    taken(sheets.pdfium)
    assert client.get(picture).status_code == 503


def test_what_went_wrong_with_a_drawing_can_be_told_apart():
    assert (issubclass(Busy, RenderFailed), issubclass(TooLong, RenderFailed)) == (True, True)


def test_a_picture_stays_in_no_cache_and_is_only_for_whom_it_was_drawn(check, client, cast):
    _, [picture, _second] = check()
    assert client.get(picture)["Cache-Control"] == "private, no-store"
    client.force_login(cast.head)
    assert client.get(picture).status_code == 404
    assert client.get(picture.replace("/1.png", "/2.png")).status_code == 404


def test_who_may_no_longer_see_the_paper_sees_none_of_its_pages(draft, cast, client):
    drawn = sheets.draw(parse(draft.raw()))
    [mine, *_] = door.addresses(drawn, cast.drafter, draft)
    [foreign, *_] = door.addresses(drawn, cast.stranger, draft)
    assert client.get(mine).status_code == 200
    client.force_login(cast.stranger)
    assert client.get(foreign).status_code == 404


@pytest.mark.parametrize(
    "code", ["\u202e", "\u200b", "\ufffe", "\x07", "\u2028"], ids=["bidi", "zero-width", "fffe", "bell", "separator"]
)
@pytest.mark.parametrize(("field", "label"), [("title", "标题"), ("body", "正文"), ("remarks", "附注")])
def test_a_character_that_cannot_be_printed_is_refused_by_name(draft, client, code, field, label):
    response = client.post(reverse("documents:edit", args=[draft.pk]), typed(**{field: f"通知{code}如下"}))
    page = response.content.decode()
    assert response.status_code == 422
    assert f"{label}</a>：" in page
    assert f"U+{ord(code):04X}" in page
    draft.refresh_from_db()
    assert draft.revision == 0


def test_line_breaks_and_tabs_of_the_body_are_no_fault(draft, client):
    response = client.post(reverse("documents:edit", args=[draft.pk]), typed(body="通知如下。\r\n一、备\t煤\n二、值守"))
    assert response.status_code == 302


def test_an_attached_text_with_a_character_that_cannot_be_printed_is_refused(draft, client):
    response = client.post(
        reverse("documents:attach", args=[draft.pk]), {"title": "清单\u202e", "body": "一、\ufffe煤"}
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert ("U+202E" in page, "U+FFFE" in page) == (True, True)
    assert draft.attached.count() == 0
