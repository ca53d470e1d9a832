"""A paper is found by its number, however that is typed."""

import pytest

from documents.models import Document
from documents.search import find
from tests.documents.course.test_course import draft


@pytest.fixture
def numbered(cast, now) -> Document:
    """海政办发〔2026〕4号, seen by its drafter."""
    paper = draft(cast, now)
    signed = {"signed_by": cast.leader, "signed_at": now, "signed_hash": paper.content_hash()}
    Document.objects.filter(pk=paper.pk).update(state="numbered", document_number="海政办发〔2026〕4号", **signed)
    return paper


@pytest.mark.parametrize(
    "typed",
    [
        "海政办发〔2026〕4号",
        "海政办发[2026]4号",
        "海政办发（2026）4号",
        "海政办发(2026)4",
        "海政办发［２０２６］４号",
        "海政办发 〔2026〕 第4号",
        "【2026】04号",
    ],
)
def test_a_number_is_found_however_it_is_typed(cast, numbered, typed):
    assert [hit.title for hit in find(cast.drafter, typed, 5)] == [str(numbered)]


def test_another_number_is_not_taken_for_it(cast, numbered):
    assert find(cast.drafter, "海政办发[2026]5号", 5) == []


@pytest.mark.parametrize("typed", ["海青市人民政府令第3号", "令第３号", "海青令〔2022〕第3号"])
def test_an_order_is_found_by_what_is_printed_on_it(cast, numbered, typed):
    Document.objects.update(document_number="海青令〔2022〕第3号")
    assert [hit.title for hit in find(cast.drafter, typed, 5)] == [str(numbered)]
    assert find(cast.drafter, "海青市人民政府令第13号", 5) == []
