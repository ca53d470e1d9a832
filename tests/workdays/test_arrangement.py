"""A year's arrangement: taken whole, or refused with every wrong line named."""

from datetime import date

import pytest

from officehub.workdays.arithmetic import add, is_provisional_year
from officehub.workdays.arrangement import Line, ListRefused, confirm, read_list
from officehub.workdays.models import CalendarDay

LIST = """
2027-01-01,休,元旦,测试办发〔2026〕1号
2027-01-02,休,元旦,测试办发〔2026〕1号
2027-01-03,休,元旦,测试办发〔2026〕1号
2026-12-26,班,元旦,测试办发〔2026〕1号
"""


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


@pytest.mark.django_db
def test_confirming_a_year_fills_its_plain_days_and_moves_the_december_before():
    assert confirm(read_list(LIST, 2027), 2027) == 365 + 1
    assert not is_provisional_year(2027)
    assert CalendarDay.objects.get(date=date(2026, 12, 26)).is_workday
    assert add(date(2026, 12, 31), 1).date == date(2027, 1, 4)
    assert not add(date(2026, 12, 25), 10).provisional


@pytest.mark.django_db
def test_a_later_list_corrects_its_days_and_leaves_the_other_confirmed_ones():
    confirm(read_list(LIST, 2027), 2027)
    assert confirm(read_list("2027-01-03,班,元旦,更正", 2027), 2027) == 1
    rows = CalendarDay.objects.filter(date__range=(date(2027, 1, 1), date(2027, 1, 3))).order_by("date")
    assert list(rows.values_list("is_workday", "source")) == [
        (False, "测试办发〔2026〕1号"),
        (False, "测试办发〔2026〕1号"),
        (True, "更正"),
    ]
