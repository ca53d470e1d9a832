"""What the demo office's register of gaps holds: numbers set aside, let go, past their day, and used before."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from documents.models import NumberYear, Series
from documents.numbers.opening import open_at
from documents.numbers.reserve import left, release, reserve


def gaps_in_the_numbers(office, now: datetime) -> None:
    keeper, series = office.people["suqing"], Series.objects.get(code="云政办发")
    earlier = now - timedelta(days=10)
    _set_aside(series, keeper, earlier, 1, "机要文印科", "全市保密工作检查通知", earlier + timedelta(days=7))
    made = _set_aside(
        series, keeper, now, 3, "应急综合科", "森林防火、寒潮应对、安全生产三个通知", now + timedelta(days=30)
    )
    release(left(made)[1:2], reason="寒潮应对并入值班通知，不再单独发文", by=keeper, now=now)
    upward, year = Series.objects.get(code="云政"), timezone.localdate(now).year
    if not NumberYear.objects.filter(series=upward, year=year, last__gt=0).exists():
        reason = "1至42号已在旧系统使用，登记簿存机要文印科"
        open_at(upward, year, 42, reason=reason, by=keeper, now=now)


def _set_aside(series: Series, keeper, at: datetime, count: int, holder: str, reason: str, until: datetime):
    """Within the year, as numbers are."""
    last_day = min(timezone.localdate(until), date(timezone.localdate(at).year, 12, 31))
    return reserve(series, count=count, holder=holder, reason=reason, until=last_day, by=keeper, now=at)
