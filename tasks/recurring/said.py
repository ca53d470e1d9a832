"""A rule in the words of an office."""

from django.utils.translation import gettext as _

from tasks.models import Recurrence

EVERY, BY = Recurrence.Every, Recurrence.By


def weekdays() -> list[str]:
    return [_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日")]


def said(rule: Recurrence) -> str:
    """`每月第5个工作日`, `每月最后一个工作日`, `每周星期一（遇休息日顺延到下一个工作日）`, `每年3月15日（…）`."""
    if rule.day_by == BY.WORKDAY:
        return _place(rule) + _nth(rule.day)
    roll = _("（遇休息日%(roll)s）") % {"roll": _(Recurrence.Roll(rule.roll).label)}
    return _place(rule) + _day(rule) + roll


def _place(rule: Recurrence) -> str:
    if rule.every == EVERY.YEAR and rule.month:
        return _("每年%(month)s月") % {"month": rule.month}
    return _(EVERY(rule.every).label)


def _day(rule: Recurrence) -> str:
    if rule.every == EVERY.WEEK:
        return weekdays()[rule.weekday or 0]
    if rule.day == -1:
        return _("最后一天")
    return (_("%(day)s日") if rule.day > 0 else _("倒数第%(day)s天")) % {"day": abs(rule.day)}


def _nth(day: int) -> str:
    if day == -1:
        return _("最后一个工作日")
    return (_("第%(day)s个工作日") if day > 0 else _("倒数第%(day)s个工作日")) % {"day": abs(day)}
