"""How a time limit is said in an office: overdue by working days, today by the hour, later by the date.

It only words and groups; the arithmetic of limits is `workdays`.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from officehub.workdays.arithmetic import worked_days

DAY_END = time(23, 59)
LONGEST_COUNTED = 366  # days; what is later or earlier than a year is only dated


@dataclass(frozen=True)
class DueLabel:
    """`tone` is one of overdue, today, soon, later, none; `detail` is the second, quieter line."""

    text: str
    detail: str
    tone: str
    at: datetime | None


@dataclass(frozen=True)
class DueGroup:
    tone: str
    title: str
    items: list


def group_titles() -> dict[str, str]:
    return {"overdue": _("已逾期"), "today": _("今天"), "week": _("本周"), "later": _("以后"), "none": _("无期限")}


def bucket(due_at: datetime | None, now: datetime) -> str:
    """Which group of the workbench a limit falls in; a week ends with Sunday."""
    if due_at is None:
        return "none"
    if due_at < now:
        return "overdue"
    day, today = timezone.localtime(due_at).date(), timezone.localtime(now).date()
    if day == today:
        return "today"
    return "week" if day <= today + timedelta(days=6 - today.weekday()) else "later"


class WorkingDays:
    """The worked days around today that a page needs, fetched in one query."""

    def __init__(self, limits: Iterable[datetime | None], now: datetime):
        self.today = timezone.localtime(now).date()
        days = [timezone.localtime(at).date() for at in limits if at]
        near = [day for day in days if abs((day - self.today).days) <= LONGEST_COUNTED]
        self._worked = worked_days(min([*near, self.today]), max([*near, self.today])) if near else []

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        return bisect_right(self._worked, end) - bisect_right(self._worked, start)


def _dated(day: date, today: date) -> str:
    return formatted(day, _("n月j日") if day.year == today.year else _("Y年n月j日"))


def due_label(due_at: datetime | None, now: datetime, days: WorkingDays) -> DueLabel:
    """The words for one limit."""
    if due_at is None:
        return DueLabel("", "", "none", None)
    tone, local = bucket(due_at, now), timezone.localtime(due_at)
    dated = _dated(local.date(), days.today)
    if abs((local.date() - days.today).days) > LONGEST_COUNTED:
        return DueLabel(dated, _("已逾期") if tone == "overdue" else "", tone, due_at)
    if tone == "overdue":
        return DueLabel(_overdue(local, days), dated, tone, due_at)
    if tone == "today":
        return DueLabel(_today(local), _left(due_at - now), tone, due_at)
    count = days.between(days.today, local.date())
    left = ngettext("还有 %(count)s 个工作日", "还有 %(count)s 个工作日", count) % {"count": count}
    return DueLabel(dated, left, tone, due_at)


def _overdue(local: datetime, days: WorkingDays) -> str:
    count = days.between(local.date(), days.today)
    if not count:
        return _("刚刚逾期") if local.date() == days.today else _("已逾期")
    return ngettext("已逾期 %(count)s 个工作日", "已逾期 %(count)s 个工作日", count) % {"count": count}


def _today(local: datetime) -> str:
    if local.time() >= DAY_END:
        return _("今天")
    return _("今天 %(hour)s") % {"hour": f"{local:%H:%M}"}


def _left(span: timedelta) -> str:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours >= 8:
        return ""
    gaps = {"hours": hours, "minutes": minutes}
    return _("还有 %(hours)s 小时 %(minutes)s 分") % gaps if hours else _("还有 %(minutes)s 分") % gaps


def grouped(items: Iterable, now: datetime) -> list[DueGroup]:
    """Work items in order of their limits, in groups; each item gets a `due` to show."""
    items = list(items)
    days = WorkingDays((item.due_at for item in items), now)
    for item in items:
        item.due = due_label(item.due_at, now, days)
    titles = group_titles()
    return [
        DueGroup(tone, titles[tone], list(rows)) for tone, rows in groupby(items, lambda item: bucket(item.due_at, now))
    ]
