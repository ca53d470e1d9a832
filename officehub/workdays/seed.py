"""The State Council's yearly arrangements, as the calendar package knows them."""

import datetime

from chinese_calendar import get_holiday_detail, is_workday
from chinese_calendar.constants import holidays

SOURCE = "国务院办公厅放假安排（chinesecalendar）"


def known_years() -> list[int]:
    return sorted({day.year for day in holidays})


def days_of(year: int):
    """(date, is_workday, name) of every day in a year the package knows; it raises for any other year."""
    day = datetime.date(year, 1, 1)
    while day.year == year:
        _, name = get_holiday_detail(day)
        yield day, is_workday(day), NAMES.get(name, name or "")
        day += datetime.timedelta(days=1)


NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利70周年纪念日",
}
