"""Numbered copies: each is a valid PDF with its own number and name, and otherwise the paper itself."""

import hashlib
import re
from dataclasses import replace

import pytest
from PIL import Image

from documents.paper import copies, fonts
from documents.paper.measure import measure
from documents.paper.process import RenderFailed
from documents.paper.render import opened, render
from tests.documents.paper.samples import paper, paragraphs

BUREAU = "受文单位：青岚市财政局"
NAMES = [BUREAU, "受文人：𬭊堃 Zhang San", "受文单位：" + "青岚市国有资产监督管理委员会" * 4]
LAYOUTS = {
    "general": {"body": paragraphs(33)},
    "urgent": {"body": paragraphs(33), "urgency": "特急"},
    "letter": {"kind": "函", "title": "青岚市人民政府办公室关于商请支持的函", "urgency": "加急"},
    "odd": {"body": paragraphs(24)},
}
DPI = 72


@pytest.fixture(scope="module", params=LAYOUTS)
def circular(request):
    return replace(paper(**LAYOUTS[request.param]), seal=True)


@pytest.fixture(scope="module")
def base(circular):
    return copies.template_safely(circular, NAMES).base()


def whole(base: copies.Base, number: int, name: str) -> bytes:
    return base.pdf + base.addition(number, name)


def pictures(pdf: bytes) -> list[Image.Image]:
    with opened(pdf) as document:
        return [page.render(scale=DPI / 72).to_pil().convert("L") for page in document]


def text_of(pdf: bytes, page: int = 0) -> str:
    with opened(pdf) as document:
        return document[page].get_textpage().get_text_range()


def foot(picture: Image.Image, left: float = 0, right: float = 105) -> tuple[int, int, int, int]:
    """Where the name stands, in pixels; `left` and `right` in mm."""
    return tuple(int(mm / 25.4 * DPI) for mm in (left, 270, right, 275.2))


def blank(picture: Image.Image) -> bytes:
    """The picture without the name."""
    copy = picture.copy()
    copy.paste(255, foot(copy))
    return copy.tobytes()


def test_a_copy_is_the_numbered_paper_to_the_dot_but_for_the_name(circular, base):
    theirs, ours = pictures(render(replace(circular, copy_number="000123"))), pictures(whole(base, 123, BUREAU))
    assert ours[0].crop(foot(ours[0])).getextrema()[0] < 128
    assert theirs[0].crop(foot(theirs[0])).getextrema()[0] == 255
    assert blank(ours[0]) == blank(theirs[0])
    assert [page.tobytes() for page in ours[1:]] == [page.tobytes() for page in theirs[1:]]


@pytest.mark.parametrize("name", NAMES)
def test_its_text_can_be_read_and_its_layout_measures_right(circular, base, name):
    copy = whole(base, 7, name)
    read = re.sub(r"\s+", " ", text_of(copy))
    assert "000007" in read
    assert name in read.replace("\r", "").replace("\n", "")
    report = measure(copy, circular.layout)
    assert report.ok, [check for check in report.plain()["checks"] if not check["ok"]]


def test_the_longest_name_stays_clear_of_the_page_number(base):
    picture = pictures(whole(base, 7, NAMES[2]))[0]
    end = 28 + copies.NAME_ROOM
    assert picture.crop(foot(picture, end - 12, end + 1)).getextrema()[0] < 160  # it uses its room
    assert picture.crop(foot(picture, end + 1, 159)).getextrema()[0] == 255


def test_no_mark_of_the_template_is_left(base):
    empty = text_of(base.pdf)
    assert "0123456789" not in empty
    assert "909090" not in empty
    assert "财政局" not in empty


def test_the_same_input_gives_the_same_bytes_and_another_number_another_identity(circular, base):
    again = copies.template_safely(circular, NAMES).base()
    assert whole(base, 7, BUREAU) == whole(again, 7, BUREAU)
    identity = [re.findall(rb"/ID \[<(\w+)> <(\w+)>\]", whole(base, number, BUREAU))[-1] for number in (7, 8)]
    assert identity[0][0] == identity[1][0]
    assert identity[0][1] != identity[1][1]
    addition = base.addition(7, BUREAU)
    assert base.digest(addition) == hashlib.sha256(base.pdf + addition).hexdigest()


def test_a_copy_adds_a_few_hundred_bytes(base):
    assert len(base.addition(999_999, BUREAU)) < 1000


def test_strict_readers_accept_it(base):
    """pdfminer follows every cross-reference; a broken one raises."""
    import io

    import pdfplumber

    with pdfplumber.open(io.BytesIO(whole(base, 31, BUREAU))) as document:
        assert "000031" in document.pages[0].extract_text()


def test_a_character_no_font_has_is_refused_by_name():
    absent = next(chr(code) for code in range(0x2B740, 0x2CEB0) if copies.lacking(chr(code)))
    assert copies.lacking(f"张{absent}") == absent
    with pytest.raises(RenderFailed, match=absent):
        copies.template_safely(paper(), [f"受文人：张{absent}"])


def test_the_fallback_prints_what_the_main_face_lacks():
    rare = next(char for char in "𬭊堃喆珺玥昇镕" if fonts.face("GW FangSong").width(char) is None)
    assert copies.lacking(rare) == ""


def test_text_that_holds_the_placeholder_is_left_alone():
    """A paper that speaks of 909090 is numbered with another placeholder, and still speaks of it."""
    circular = paper(body="投资909090万元。\n" + paragraphs(8))
    base = copies.template_safely(circular, [BUREAU]).base()
    assert "909090" in text_of(whole(base, 1, BUREAU))
