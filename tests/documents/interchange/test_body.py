import pytest

from documents.body import recognise, to_text


def marks(text):
    return [(block.type, block.level) for block in recognise(text)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("一、总体要求", ("heading", 1)),
        ("十二、附则", ("heading", 1)),
        ("（一）加强领导", ("heading", 2)),
        ("(一)加强领导", ("heading", 2)),
        ("（一）加强领导。", ("heading", 2)),
        ("1. 摸清底数", ("heading", 3)),
        ("1．摸清底数", ("heading", 3)),
        ("（1）逐户登记", ("heading", 4)),
        ("（一）加强领导。各地要压实责任。", ("paragraph", 2)),
        ("一、会议原则同意。会议要求，", ("paragraph", 1)),
        ("1. 各地要在12月底前报送方案，并抓好落实；", ("paragraph", 0)),
        ("2.5万件农资已到位", ("paragraph", 0)),
        ("1.5倍以上", ("paragraph", 0)),
        ("2026年工作安排", ("paragraph", 0)),
        ("一是加强领导", ("paragraph", 0)),
        ("（" + "一" + "）" + "很长的一句话" * 12 + "。", ("paragraph", 0)),
    ],
)
def test_a_line_is_what_its_number_and_length_say(line, expected):
    assert marks(line) == [expected]


def test_indents_and_empty_lines_are_not_part_of_the_text():
    assert [block.text for block in recognise("　　第一段。\r\n\r\n\t第二段。 ")] == ["第一段。", "第二段。"]


def test_lines_of_bars_make_a_table_with_its_header_and_caption():
    (table,) = recognise("|表题：冬修任务|\n|项目|数量|\n|---|---|\n|渠道|3\n|塘坝|")
    assert (table.caption, table.header) == ("冬修任务", True)
    assert table.rows == (("项目", "数量"), ("渠道", "3"), ("塘坝", ""))


def test_an_empty_line_parts_two_tables():
    assert [len(block.rows) for block in recognise("|甲|\n|乙|\n\n|丙|")] == [2, 1]


@pytest.mark.parametrize(
    "text",
    [
        "引言。\n一、总则\n（一）目的。为了冬修。\n1. 甲",
        "前\n|a\\|b|c\\\\|\n|---|---|\n|\\---||\n后",
        "|\\表题：不是表题|\n|乙|",
        "|表题：甲\\|乙|\n|丙|",
        "![渠道图](maps/canal.png)",
        "|甲|\n\n|乙|",
        "||\n|甲|",
    ],
)
def test_blocks_written_as_text_are_recognised_again(text):
    blocks = recognise(text)
    assert recognise(to_text(blocks)) == blocks
