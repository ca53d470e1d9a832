import pytest

from documents.interchange import parse
from documents.paper import fonts, layout
from documents.paper.measure import NotMeasurable, measure
from documents.paper.render import assets, draw, render
from tests.documents.paper.samples import paragraphs, raw

SPOILT = {
    "page.size": "@page { size: 216mm 279mm !important }",
    "area.top": "@page { margin-top: 39mm !important }",
    "area.left": "@page { margin-left: 31mm !important }",
    "area.width": ".l { letter-spacing: 0.2pt !important }",
    "area.height": "@page { margin-bottom: 15mm !important }",
    "lines.per_page": "html { line-height: 9.8mm !important } .l { height: 9.8mm !important }",
    "masthead.top": ".mark { margin-top: 5mm }",
    "number.position": ".line.c { margin-top: 6mm }",
    "red_rule.gap": ".rule { margin-top: 3mm }",
    "red_rule.width": ".rule { width: 140mm !important }",
    "title.font_size": ".t { font-size: 18pt !important }",
    "body.font_size": ".l { font-size: 14pt }",
    "title.font": ".t, .t * { font-family: 'GW Hei' !important }",
    "body.font": ".l { font-family: 'GW Song' !important }",
    "heading.fonts": ".h { font-family: 'GW FangSong' !important }",
    "signature.position": ".sign .line { margin-left: -12mm }",
    "seal.covers_date": ".seal { margin-top: 30mm }",
    "imprint.bottom": "@page { @footnote { padding-bottom: 8mm !important } }",
    "imprint.rule_weights": ".row { border-top-width: 0.6mm !important }",
    "page_number.position": "@page { @bottom-right { padding-top: 6mm !important } }",
    "page_number.side": "@page :right { @bottom-right { padding-right: 15mm !important } }",
}


# Of papers of other forms: id → the style that spoils it, and what the paper is.
UPWARD = {"kind": "请示", "signers": ["高远"], "issuers": ["青岚市水利局"]}
JOINT = {"issuers": ["青岚市水利局", "青岚市财政局", "青岚市应急管理局"]}
ANNEX = {"attachments": [{"title": "任务清单", "body": "见表。"}]}
ACROSS = {"attachments": [{"title": "投资表", "body": "|" + "|".join("第一项重点建设指标" for _ in range(12)) + "|"}]}
SPOILT_FORMS = {
    "signers.position": (".head .k { margin-right: 9mm; letter-spacing: 4mm }", UPWARD),
    "title.position": (".t { padding-left: 9mm }", {}),
    "first_page.text": (".head { margin-bottom: 110mm }", {"primary_recipients": "各县（市、区）人民政府"}),
    "seal.apart": (".seal { transform: scale(1.3) }", JOINT),
    "signature.company": (".keep { break-before: page } .keep > .l { display: none }", {}),
    "annex.opening": (".annex + .l { padding-left: 11mm }", ANNEX),
    "across.area": ("table { margin-left: 12mm }", ACROSS),
    "imprint.text": (".imprint { font-size: 16pt !important }", {}),
}
LAST_RESORTS = ("Noto-Serif-CJK-SC", "FandolSong", "PingFang-SC")


@pytest.mark.parametrize("role", fonts.PRINTED_AS)
def test_every_face_that_may_play_a_role_is_known_by_its_name_on_the_page(role):
    assert [family for family in fonts.CHAINS[role] if not fonts.is_face(role, family)] == []
    assert [name for name in LAST_RESORTS if fonts.is_face(role, name)] == []


@pytest.mark.parametrize("name", SPOILT)
def test_a_spoilt_measure_is_found(broken, name):
    assert not broken(SPOILT[name])[name].ok


@pytest.mark.parametrize("name", SPOILT_FORMS)
def test_a_spoilt_part_of_a_paper_of_that_form_is_found(broken, name):
    style, changes = SPOILT_FORMS[name]
    assert broken("", **changes)[name].ok
    assert broken(style, **changes)[name].applicable
    assert not broken(style, **changes)[name].ok


def test_a_character_printed_as_a_hole_is_found():
    missing = layout.html(parse(raw(body="任命张\U00031350为工程师。")), "草稿")
    found = {check.id: check for check in measure(draw(missing, assets(parse(raw()), {}))).checks}
    assert (found["fonts.characters"].ok, "〓" in found["fonts.characters"].measured) == (False, True)


def test_every_check_has_been_seen_to_fail():
    elsewhere = {"chars.per_line", "imprint.even_page", "fonts.embedded", "fonts.characters"}
    assert {check.id for check in measure(bare_pdf()).checks} == {*SPOILT, *SPOILT_FORMS, *elsewhere}


def test_lines_of_another_count_of_characters_are_found(broken, monkeypatch):
    from documents.paper import compose, markup

    wide = compose.Measure(first=compose.PARAGRAPH.first, tracking=0.3)
    monkeypatch.setattr(markup.lines_html, "__defaults__", (wide, "l"))
    found = broken("")["chars.per_line"]
    assert (found.ok, found.measured[:4]) == (False, "27 字")


def test_an_imprint_on_the_front_of_a_sheet_is_found():
    long = parse(raw(body=paragraphs(20)))
    found = {check.id: check for check in measure(draw(layout.html(long), assets(long, {}))).checks}
    check = found["imprint.even_page"]
    assert (check.ok, check.measured) == (False, "第3页，共3页")


def test_a_number_on_the_blank_page_before_the_imprint_is_found(broken):
    css = '@page back { @bottom-left { content: "— " counter(page) " —" !important } }'
    assert not broken(css, body=paragraphs(13))["page_number.position"].ok


def bare_pdf() -> bytes:
    """A one-page PDF that names Helvetica and does not hold it."""
    stream = b"BT /F1 16 Tf 80 700 Td (text) Tj ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595.28 841.89] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(out),
    )


def test_a_plain_pdf_lacks_what_a_paper_must_have():
    found = {check.id: check for check in measure(bare_pdf()).checks}
    lacking = [name for name, check in found.items() if not check.ok]
    assert lacking == ["masthead.top", "red_rule.width", "title.font_size", "page_number.position", "fonts.embedded"]
    assert found["fonts.embedded"].measured == "未嵌入：Helvetica"


@pytest.mark.parametrize("content", [b"", b"plain text", b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\x00" * 500])
def test_what_is_no_pdf_is_said_to_be_none(content):
    with pytest.raises(NotMeasurable):
        measure(content)


SHORT = ("公告", "通告", "决议", "公报", "纪要", "命令")  # of few words, so that no line goes on flush left


@pytest.mark.parametrize("kind", SHORT)
def test_a_paper_of_one_short_paragraph_measures_right(kind):
    office = "青岚市人民政府"
    few = {
        "issuers": [office],
        "title": f"{office}关于冬春水利建设的{kind}",
        "primary_recipients": "",
        "body": "特此公布。",
    }
    made = parse(raw(kind=kind, **few))
    assert faults(made) == []


def test_a_table_that_ends_the_text_is_not_taken_for_it():
    rows = "\n".join("|" + "|".join(["指标数值"] * 10) + "|" for _ in range(12))
    assert faults(parse(raw(body="现将指标计划下达给你们，请结合实际认真组织实施，确保完成。\n" + rows))) == []


def faults(paper) -> list[str]:
    return [check.id for check in measure(render(paper), paper.layout).checks if not check.ok]
