"""No number is used for a paper that does not print right, and none is lost finding that out."""

from copy import copy

import pytest
from django.db import connection

from documents import number, printable, signing
from documents.models import Document, NumberYear, Rendition, Series
from documents.paper.process import Busy
from documents.paper.render import render
from officehub.approvals.decide import DecisionRefused
from tests.documents.course.test_course import signed


@pytest.fixture
def rechecked(cast, now) -> Document:
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    return document


@pytest.fixture
def series(cast):
    return Series.objects.get(code="海政办发")


def rewritten(document, body: str) -> None:
    """As if this had been signed: a text that nobody has drawn yet."""
    document.content = {**document.content, "body": body}
    document.signed_hash = document.content_hash()
    document.save(update_fields=["content", "signed_hash"])


def refused(document, series, cast, now) -> str:
    with pytest.raises(DecisionRefused) as error:
        number.number(document, series=series, by=cast.rechecker, now=now)
    stored = Document.objects.get(pk=document.pk)
    assert (stored.state, stored.document_number) == ("rechecked", None)
    assert not NumberYear.objects.filter(last__gt=0).exists()
    assert not Rendition.objects.filter(document=document).exists()
    return "".join(error.value.sentences)


def test_a_paper_whose_text_does_not_begin_on_the_first_page_gets_no_number(rechecked, series, cast, now):
    rechecked.content = {**rechecked.content, "title": "海州市人民政府办公室关于做好冬季能源保供工作的通知" * 8}
    assert "first_page.text" in refused(rechecked, series, cast, now)


def test_a_paper_that_cannot_be_drawn_gets_no_number(rechecked, series, cast, now):
    rechecked.content = {**rechecked.content, "body": "任命张\U00031350明为工程师。"}
    assert "U+31350" in refused(rechecked, series, cast, now)


def test_a_desk_that_is_taken_is_said_and_not_remembered(rechecked, series, cast, now, monkeypatch):
    def taken(paper, **images):
        raise Busy

    rewritten(rechecked, "请于本周内报送储备情况。")
    monkeypatch.setattr(printable, "render_safely", taken)
    assert "正在为他人排版" in refused(rechecked, series, cast, now)
    monkeypatch.setattr(printable, "render_safely", render)
    number.number(rechecked, series=series, by=cast.rechecker, now=now)
    assert rechecked.document_number == "海政办发〔2026〕1号"


def test_a_text_that_changed_while_it_was_measured_gets_no_number(rechecked, series, cast, now, monkeypatch):
    measured, draw = [], printable.fit_to_number

    def changed_meanwhile(document, *given):
        measured.append(draw(document, *given))
        content = {**document.content, "body": "各单位要及时报送储备情况。"}
        changed = copy(document)
        changed.content = content
        corrected = {"content": content, "corrected_hash": changed.content_hash()}  # 复核改正, in another window
        Document.objects.filter(pk=document.pk).update(**corrected)
        return measured[0]

    monkeypatch.setattr(number, "fit_to_number", changed_meanwhile)
    assert "有了变动" in refused(rechecked, series, cast, now)


def test_the_paper_is_drawn_before_any_lock_is_taken(rechecked, series, cast, now, monkeypatch):
    inside = []
    outer = len(connection.savepoint_ids)  # the test's own transaction

    def watched(paper, **images):
        inside.append(len(connection.savepoint_ids) - outer)
        return render(paper, **images)

    rewritten(rechecked, "请于本月内报送储备情况。")
    monkeypatch.setattr(printable, "render_safely", watched)
    number.number(rechecked, series=series, by=cast.rechecker, now=now)
    assert inside == [0]
