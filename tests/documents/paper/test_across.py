"""Tables that lie across the sheet (GB/T 9704 8): their pages as they lie when the sheet stands upright."""

from documents.interchange import parse
from documents.paper.render import render
from documents.paper.seen import read
from tests.documents.paper.samples import paragraphs, raw
from tests.documents.paper.test_forms import WIDE


def pages(**changes):
    return read(render(parse(raw(**changes))))


def test_a_wide_table_of_an_annex_lies_across_with_its_label_and_title():
    shown = pages(attachments=[{"title": "分县投资计划表", "body": WIDE}])
    turned = [page.number for page in shown if page.width > page.height]
    assert turned == [4, 5, 6]
    assert all(len(page.across) > 500 for page in shown if page.number in turned)


def test_its_page_number_stands_where_all_page_numbers_stand():
    shown = pages(attachments=[{"title": "分县投资计划表", "body": WIDE}])
    upright, across = shown[2].rows[-1], shown[4].rows[-1]
    assert (upright.text.replace(" ", ""), across.text) == ("—3—", "—5—")
    assert abs(upright.base - across.base) < 0.1
    assert abs(upright.right - across.right) < 0.1
    assert abs(shown[1].rows[-1].left - shown[3].rows[-1].left) < 0.1


def test_the_head_of_a_table_that_goes_on_is_repeated():
    shown = pages(attachments=[{"title": "分县投资计划表", "body": WIDE}])
    heads = [sum(1 for box in page.across if box.left < 34) for page in shown[4:6]]
    assert min(heads) >= 12 * 4


def test_the_imprint_never_lies_across():
    shown = pages(attachments=[{"title": "分县投资计划表", "body": WIDE}])
    assert shown[-1].width < shown[-1].height
    assert [row.text for row in shown[-1].rows][-1].endswith("印发")


def test_text_begins_and_ends_the_paper_upright_whatever_the_table():
    for body in (WIDE, f"{WIDE}\n{paragraphs(3)}", f"{paragraphs(3)}\n{WIDE}"):
        assert {page.width < page.height for page in pages(body=body)} == {True}


def test_a_narrow_table_stays_upright():
    assert {page.width < page.height for page in pages(body="请看表。\n|甲|乙|丙|\n|1|2|3|\n请落实。")} == {True}
