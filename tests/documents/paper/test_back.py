import io

import pdfplumber
import pytest

from documents.interchange import parse
from documents.paper.render import render
from tests.documents.paper.samples import paper, paragraphs
from tests.documents.paper.samples import raw as sample


def pages(**changes):
    """The text of every page, without the blanks."""
    with pdfplumber.open(io.BytesIO(render(paper(**changes)))) as document:
        return ["".join(page.extract_text().split()) for page in document.pages]


def page_count(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return len(document.pages)


@pytest.mark.parametrize("count", [1, 5, 13, 20, 30])
def test_the_imprint_ends_an_even_page_and_stands_only_there(count):
    shown = pages(body=paragraphs(count))
    assert len(shown) % 2 == 0
    assert [number for number, text in enumerate(shown, 1) if "印发" in text] == [len(shown)]


def test_a_page_of_nothing_but_the_imprint_bears_no_number():
    front, back = pages(body="请认真贯彻执行。")
    assert ("—1—" in front, back[:3], "—" in back) == (True, "抄送：", False)


def test_a_blank_page_before_the_imprint_bears_no_number_either():
    *text, blank, back = pages(body=paragraphs(13))
    assert ([f"—{number}—" in page for number, page in enumerate(text, 1)], blank) == ([True, True], "")
    assert back.endswith("印发")


def test_an_imprint_below_the_text_leaves_its_page_numbered():
    assert pages(body=paragraphs(7))[-1].endswith("—2—")


def test_a_paper_without_an_imprint_gets_no_page_for_it():
    nothing = {"cc_recipients": "", "printing_office": "", "printing_date": "2026-11-24"}
    raw = {key: value for key, value in sample(body="请认真贯彻执行。").items() if key not in nothing}
    assert page_count(render(parse(raw))) == 1


def test_a_letter_of_one_page_stays_on_one_page():
    changes = {"kind": "函", "document_number": "青政办函〔2026〕3号", "body": "请函复。"}
    assert page_count(render(paper(**changes))) == 1


@pytest.mark.parametrize("count", [13, 20])
def test_the_back_is_the_same_every_time(count):
    assert render(paper(body=paragraphs(count))) == render(paper(body=paragraphs(count)))


def test_an_imprint_of_more_names_than_a_page_holds_is_refused():
    with pytest.raises(ValueError, match="一页放不下"):
        render(paper(cc_recipients="、".join(f"第{number}号水库管理处" for number in range(100))))
