import io

import pdfplumber
import pytest
from PIL import Image

from documents.interchange import parse
from documents.paper import fonts
from documents.paper.render import assets, draw, engine, pages_png, render
from documents.paper.seen import read
from tests.documents.paper.samples import paper, raw


def words(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join(page.extract_text() for page in document.pages).replace("\n", "")


def picture(kind="PNG", size=(40, 40)):
    out = io.BytesIO()
    Image.new("RGB", size, "red").save(out, kind)
    return out.getvalue()


def test_the_same_paper_gives_the_same_bytes():
    assert render(paper()) == render(paper())


def test_another_paper_gives_another_identifier():
    one, other = render(paper()), render(paper(title="关于另一件事的通知"))
    assert one[-120:] != other[-120:]


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=file:///etc/passwd>",
    "</div><style>body{display:none}</style>",
    "<link rel=attachment href=file:///etc/hosts>",
    "javascript:alert(1)",
    "url(http://example.org/a)",
    '"onload="x',
    "&lt;b&gt;&#65;",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_any_field_is_printed_as_it_was_written(text):
    changes = {"title": text, "body": text, "remarks": text, "primary_recipients": text, "signature_units": [text]}
    printed = words(render(paper(**changes, attachments=[{"title": text, "body": f"|{text}|"}])))
    assert printed.replace(" ", "").count(text.replace(" ", "")) >= 5


def test_nothing_is_fetched_even_if_the_page_asked():
    for address in ("file:///etc/passwd", "http://127.0.0.1/", "data:text/plain,x", "gw:unknown"):
        with pytest.raises(RuntimeError, match="外部资源"):
            draw(f'<img src="{address}">', {})


def test_an_image_is_drawn_from_what_was_handed_in():
    with_image = paper(body="![示意图](map.png)")
    assert len(render(with_image, images={"map.png": picture()})) > 5_000


@pytest.mark.parametrize("images", [{}, {"map.png": b"<svg/>"}, {"map.png": picture("GIF")}])
def test_an_image_that_is_missing_or_not_what_it_says_is_refused(images):
    with pytest.raises(ValueError, match=r"map\.png"):
        render(paper(body="![图](map.png)"), images=images)


def test_an_image_too_large_to_draw_is_refused():
    with pytest.raises(ValueError, match="过大"):
        render(paper(body="![图](map.png)"), images={"map.png": picture(size=(8_000, 6_000))})


def test_seals_are_as_many_as_signatures():
    sealed = paper(issuers=["甲局", "乙局"], seal=["a.png"])
    with pytest.raises(ValueError, match="印章图片不足"):
        assets(sealed, {"a.png": picture()})


def test_a_generated_seal_says_that_it_is_a_sample():
    drawn = words(render(paper()))
    assert "示意" in drawn


def test_a_draft_is_marked_on_every_page():
    assert render(paper(), draft="送审稿") != render(paper())


def test_the_place_of_the_number_is_told_on_a_draft_and_left_empty_on_a_print():
    unnumbered = paper(document_number="")
    assert second_row(render(unnumbered, draft="送审稿")) == "（签发后编号）"
    assert second_row(render(unnumbered)) == "青岚市人民政府办公室"
    assert second_row(render(paper(), draft="送审稿")) == "青政办发〔2026〕3号"


def second_row(pdf):
    return read(pdf)[0].rows[1].text


def test_rare_characters_come_out_as_themselves():
    assert "张堃、王喆、𬭊晓玥" in words(render(paper(body="任命张堃、王喆、𬭊晓玥为工程师。")))


def test_every_page_has_its_picture():
    pdf = render(parse(raw()))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        count = len(document.pages)
    pictures = [Image.open(io.BytesIO(png)).size for png in pages_png(pdf, dpi=72)]
    assert pictures == [(596, 842)] * count


def test_the_engine_names_everything_the_bytes_depend_on():
    assert set(engine()) == {"weasyprint", "pango", *fonts.CHAINS, fonts.FALLBACK}


def test_no_two_roles_share_a_family_style_and_weight_from_different_files():
    files = {}
    for role in (*fonts.CHAINS, fonts.FALLBACK):
        face = fonts.face(role)
        files.setdefault(face.family, set()).add(face.file)
    assert {family: len(found) for family, found in files.items() if len(found) > 1} == {}


def test_every_role_is_played_by_its_own_kind_of_font():
    assert fonts.missing() == []
