import json
from datetime import date
from pathlib import Path

import pytest

from documents.interchange import Refused, content_hash, dump, load, parse


def notice(**changes):
    return {
        "kind": "通知",
        "issuers": ["青岚市人民政府办公室"],
        "title": "关于开展冬修的通知",
        "body": "现通知如下。",
        **changes,
    }


def complaints(raw):
    with pytest.raises(Refused) as refused:
        parse(raw)
    return {error.field: error.message for error in refused.value.errors}


def test_every_default_of_the_format_is_filled_in():
    paper = parse(notice())
    assert (paper.layout, paper.direction, paper.masthead) == ("general", "downward", "青岚市人民政府办公室文件")
    assert (paper.signature_units, paper.seal) == (("青岚市人民政府办公室",), True)


@pytest.mark.parametrize(
    ("kind", "layout", "direction", "masthead"),
    [
        ("请示", "general", "upward", "甲局文件"),
        ("函", "letter", "parallel", "甲局"),
        ("命令", "order", "downward", "甲局令"),
        ("纪要", "minutes", "downward", "甲局纪要"),
        ("公告", "general", "public", "甲局文件"),
    ],
)
def test_format_direction_and_masthead_follow_the_kind(kind, layout, direction, masthead):
    paper = parse(notice(kind=kind, issuers=["甲局"]))
    assert (paper.layout, paper.direction, paper.masthead) == (layout, direction, masthead)


@pytest.mark.parametrize("kind", ["请示", "报告"])
@pytest.mark.parametrize("direction", ["downward", "parallel", "public"])
def test_what_is_upward_by_law_goes_no_other_way(kind, direction):
    assert complaints(notice(kind=kind, direction=direction)) == {
        "direction": "行文方向：请示、报告是上行文（条例 第八条），请改选上行文或按文种。"
    }
    assert parse(notice(kind=kind, direction="upward")).direction == "upward"


@pytest.mark.parametrize(("kind", "direction"), [("批复", "parallel"), ("函", "upward"), ("意见", "upward")])
def test_where_custom_alone_says_the_way_the_drafter_may_say_another(kind, direction):
    assert parse(notice(kind=kind, direction=direction)).direction == direction


@pytest.mark.parametrize("kind", ["决议", "公报", "纪要"])
def test_what_a_meeting_adopts_is_neither_signed_nor_sealed(kind):
    paper = parse(notice(kind=kind))
    assert (paper.signature_units, paper.seal) == ((), False)


def test_a_stamp_takes_the_place_of_signature_and_seal():
    paper = parse(notice(kind="议案", signature_stamp={"office": "市长", "name": "高远"}))
    assert (paper.signature_units, paper.seal) == ((), False)


def test_marks_that_printing_adds_are_taken_off():
    paper = parse(notice(primary_recipients="各县区：", cc_recipients="市委办。", remarks="（联系人：高远）"))
    assert (paper.primary_recipients, paper.cc_recipients, paper.remarks) == ("各县区", "市委办", "联系人：高远")


def test_a_list_of_recipients_is_joined():
    assert parse(notice(primary_recipients=["甲县", "乙县"])).primary_recipients == "甲县，乙县"


def test_what_is_dumped_is_read_back_the_same():
    paper = parse(
        notice(
            body="一、总则\n（一）目的。为了冬修。\n|项目|数量|\n|---|---|\n|渠道|3|\n![图一](map.png)",
            attachments=[{"title": "名单", "body": "1. 甲"}, {"title": "图", "file": "map.pdf"}],
            date_of_document="2026-11-23",
            seal=["seal.png"],
            print_run=30,
        )
    )
    assert parse(json.loads(json.dumps(dump(paper)))) == paper


def test_the_hash_is_of_what_the_signer_sees():
    paper = parse(notice())
    later = parse(notice(document_number="青政办发〔2026〕3号", date_of_document="2026-11-23", print_run=9, seal=False))
    changed = parse(notice(body="现通知如下！"))
    assert content_hash(later) == content_hash(paper) != content_hash(changed)


def test_all_faults_are_told_at_once_each_with_its_field():
    found = complaints(
        {"knid": "通知", "kind": [], "issuers": "甲局", "title": 5, "body": {"a": 1}, "print_run": True, "seal": 3}
    )
    assert set(found) == {"knid", "kind", "issuers", "title", "body", "print_run", "seal"}
    assert found["knid"] == "没有这个字段，是否应为 kind？"


@pytest.mark.parametrize(
    "number",
    ["青政发[2026]3号", "青政发〔２０２６〕3号", "青政发【2026】3号", "青政发（2026）3号", "青政发﹝2026﹞3号"],
)
def test_wrong_brackets_and_full_width_figures_in_the_number_are_refused_with_a_hint(number):
    assert "六角括号〔〕" in complaints(notice(document_number=number))["document_number"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "标" * 10_000_000),
        ("title", "关于\x00的通知"),
        ("title", "关于\u202e的通知"),
        ("title", "第一行\n第二行"),
        ("body", "字" * 100_001),
        ("body", "前\x07后"),
        ("body", "\ud800"),
        ("copy_number", "12345"),
        ("date_of_document", "2026-02-30"),
        ("date_of_document", "2026-2-3"),
        ("date_of_document", "0001-01-01"),
        ("printing_date", 20261123),
        ("urgency", "特提"),
        ("print_run", 0),
        ("issuers", []),
        ("issuers", ["甲局", "甲局"]),
        ("disclosure", None),
        ("signature_stamp", ["市长"]),
        ("security_classification", "机密"),
    ],
)
def test_impossible_values_are_refused_by_their_field(field, value):
    assert list(complaints(notice(**{field: value}))) == [field]


@pytest.mark.parametrize(
    ("block", "field"),
    [
        ({"type": "video"}, "body[0].type"),
        ({"type": "paragraph"}, "body[0].text"),
        ({"type": "paragraph", "text": "甲", "level": 1}, "body[0].level"),
        ({"type": "heading", "text": "一、甲", "level": 5}, "body[0].level"),
        ({"type": "table", "rows": []}, "body[0].rows"),
        ({"type": "table", "rows": [["甲"], ["乙", "丙"]]}, "body[0]"),
        ({"type": "table", "rows": [["甲"]] * 301}, "body[0].rows"),
        ({"type": "table", "rows": [["甲"] * 21]}, "body[0].rows"),
        ({"type": "image", "file": "../secret.png"}, "body[0].file"),
        ("一段", "body[0]"),
    ],
)
def test_a_faulty_block_is_named_by_its_place(block, field):
    assert list(complaints(notice(body=[block]))) == [field]


def test_a_table_of_too_many_cells_is_refused():
    assert "格" in complaints(notice(body=[{"type": "table", "rows": [["甲"] * 20] * 201}]))["body"]


def test_many_long_attachments_are_refused_together():
    annexes = [{"title": "附", "body": "字" * 19_000 + "\n" + "字" * 19_000}] * 6
    assert list(complaints(notice(attachments=annexes))) == ["attachments"]


def test_an_accredited_deployment_may_hold_a_classified_paper():
    assert parse(notice(security_classification="秘密"), accredited=True).security_classification == "秘密"


@pytest.mark.parametrize(
    "text",
    [
        '{"kind": "通知", "kind": "通报"}',
        '{"kind": ' + "[" * 200_000,
        '{"print_run": NaN}',
        '{"print_run": ' + "9" * 10_000 + "}",
        "[]",
        "{",
        "null",
        b"\xff\xfe",
        " " * (4 * 1024 * 1024 + 1),
    ],
)
def test_json_that_is_not_a_paper_is_refused(text):
    with pytest.raises(Refused):
        load(text)


def test_a_file_is_read_with_or_without_its_byte_order_mark(tmp_path: Path):
    file = tmp_path / "paper.json"
    file.write_text("\ufeff" + json.dumps(notice(date_of_document="2026-11-23")), "utf-8")
    assert load(file).date_of_document == date(2026, 11, 23)
