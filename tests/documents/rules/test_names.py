"""What organs' names tell, and how lists of them are read."""

import pytest

from documents.rules.number import repaired
from documents.rules.organs import named, same_organ
from documents.rules.ranks import CITY, COUNTRY, COUNTY, PROVINCE, TOWNSHIP, rank
from documents.rules.structure import from_chinese, to_chinese


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("国务院", COUNTRY),
        ("江南省人民政府", PROVINCE),
        ("广西壮族自治区人民政府", PROVINCE),
        ("北京市人民政府", PROVINCE),
        ("云岭市财政局", CITY),
        ("江南省云岭市人民政府", CITY),
        ("云岭市青山区教育局", COUNTY),
        ("各县（市、区）人民政府", COUNTY),
        ("各乡镇人民政府", TOWNSHIP),
        ("松涛街道办事处", TOWNSHIP),
        ("市场监督管理局", None),
        ("住房和城乡建设局", None),
        ("城市管理局", None),
        ("公安局", None),
    ],
)
def test_the_lowest_place_in_a_name_tells_its_rank(name, expected):
    assert rank(name) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "各县（市、区）人民政府，市政府各部门、各直属机构：",
            ["各县（市、区）人民政府", "市政府各部门", "各直属机构"],
        ),
        ("省发展和改革委员会", ["省发展和改革委员会"]),
        ("国家发展改革委和财政部", ["国家发展改革委", "财政部"]),
        ("文化和旅游局", ["文化和旅游局"]),
        ("云岭市住房和城乡建设局", ["云岭市住房和城乡建设局"]),
        ("", []),
        ("，；", []),
    ],
)
def test_a_recipients_line_is_split_into_organs(line, expected):
    assert named(line) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("市发展改革委", "云岭市发展和改革委员会", True),
        ("云岭市人民政府", "云岭市人民政府办公室", False),
        ("市财政局", "云岭市财政局", True),
        ("市财政局", "云岭市教育局", False),
    ],
)
def test_a_short_name_is_recognised(one, other, expected, offices):
    assert same_organ(offices["none"], one, other) is expected


NUMERALS = {1: "一", 10: "十", 12: "十二", 20: "二十", 35: "三十五", 100: "一百", 103: "一百零三", 110: "一百一十"}


@pytest.mark.parametrize(("number", "text"), NUMERALS.items())
def test_chinese_numerals_go_both_ways(number, text):
    assert (to_chinese(number), from_chinese(text)) == (text, number)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("云政办发[2026]3号", "云政办发〔2026〕3号"),
        ("云政办发（２０２６）第００３号", "云政办发〔2026〕3号"),
        ("云政办发 【2026】 10 号", "云政办发〔2026〕10号"),
        ("云政办发〔2026〕100号", "云政办发〔2026〕100号"),
    ],
)
def test_a_mistyped_number_is_repaired(typed, expected):
    assert repaired(typed) == expected
