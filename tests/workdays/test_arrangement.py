"""A year's arrangement: taken whole, or refused with every wrong line named."""

import json
from datetime import date

import pytest

from officehub.workdays.arrangement import Line, ListRefused, read, read_list


def test_a_list_is_read_with_chinese_or_latin_commas_and_a_bom():
    lines = read_list("\ufeff2027-01-01，休，元旦，国办\n\n2027-01-09,班,,国办\n", 2027)
    assert lines == [
        Line(date(2027, 1, 1), False, "元旦", "国办"),
        Line(date(2027, 1, 9), True, "", "国办"),
    ]


def test_every_wrong_line_is_named_at_once():
    text = "2027-13-01,休,元旦,国办\n2027-01-01,歇,元旦,国办\n2027-01-02,休\n2028-01-01,休,元旦,国办\n2027-01-05,休,,"
    with pytest.raises(ListRefused) as refused:
        read_list(text, 2027)
    assert [fault.partition("：")[0] for fault in refused.value.faults] == [f"第 {n} 行" for n in (1, 2, 3, 4, 5)]


def test_a_day_named_twice_is_refused():
    with pytest.raises(ListRefused, match="第 2 行：2027-01-01 在第 1 行已有"):
        read_list("2027-01-01,休,元旦,国办\n2027-01-01,班,元旦,国办", 2027)


@pytest.mark.parametrize("text", ["", "\n \n", "2027-01-01,休,元旦,国办\n" * 401])
def test_neither_nothing_nor_too_much_is_a_list(text):
    with pytest.raises(ListRefused, match="名单应有"):
        read_list(text, 2027)


# --- the notice as data -----------------------------------------------------------------------------------------------


def notice(**changes) -> str:
    days = [
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "元旦", "date": "2026-12-27", "isOffDay": False},
    ]
    return json.dumps({"year": 2027, "papers": ["https://www.gov.cn/a"], "days": days, **changes})


def test_a_notice_is_read_with_its_paper_as_the_source_and_may_change_the_december_before():
    assert read("\ufeff" + notice(), 2027) == [
        Line(date(2027, 1, 1), False, "元旦", "https://www.gov.cn/a"),
        Line(date(2026, 12, 27), True, "元旦", "https://www.gov.cn/a"),
    ]


def test_every_wrong_day_of_a_notice_is_named_at_once():
    days = [
        {"name": "元旦", "date": "2027-02-30", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": 1},
        {"name": None, "date": "2027-01-01", "isOffDay": True},
        "2027-01-01",
        {"name": "元旦", "date": "2026-11-30", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": True},
        {"name": "元旦", "date": "2027-01-02", "isOffDay": False},
    ]
    with pytest.raises(ListRefused) as refused:
        read(notice(days=days), 2027)
    assert [fault.partition("：")[0] for fault in refused.value.faults] == [f"第 {n} 天" for n in (1, 2, 3, 4, 5, 7)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "不是完整的 JSON"),
        ("[" * 100_000, "不是完整的 JSON"),
        ("[]", "应是一个对象"),
        (notice(year=2026), "year 是 2026，不是所选的 2027"),
        (notice(papers=[]), "papers 应列出通知的网址"),
        (notice(papers=["x" * 201]), "网址至多 200 字"),
        (notice(days=[]), "days 应有 1 至 400 天，现有 0 天"),  # a year whose notice has not come yet
        (notice(days="元旦"), "days 应有 1 至 400 天"),
    ],
)
def test_a_notice_that_is_none_is_refused_whole(text, says):
    with pytest.raises(ListRefused, match=says):
        read(text, 2027)
