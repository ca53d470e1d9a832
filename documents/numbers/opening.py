"""An office that begins here in the middle of a year: the numbers it has used before, explained as one range."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from documents.models import NumberYear, Series
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record


def open_at(series: Series, year: int, used: int, *, reason: str, by, now: datetime) -> None:
    """Record that the first `used` numbers of a year were given elsewhere; the next one here is `used` + 1.

    Of orders it is the term of office that counts, whatever the year. It may be put right until the first number is
    taken here; afterwards it is refused (DecisionRefused).
    """
    if not reason.strip():
        raise NeedsReason
    if used < 1:
        raise DecisionRefused(["“已用到”应为1以上的号；新年度从1号起，不必登记。"])
    year = series.period(year)
    with transaction.atomic():
        NumberYear.objects.bulk_create([NumberYear(series=series, year=year)], ignore_conflicts=True)
        untouched = NumberYear.objects.filter(series=series, year=year, last=F("opening"))
        said = {"opening_reason": reason.strip()[:100], "opened_by": by, "opened_at": now}
        if not untouched.update(last=used, opening=used, **said):
            why = gettext("%(run)s在本系统内已经编过号或预留过号，不能再登记启用前的号码。")
            raise DecisionRefused([why % {"run": series.run(year)}])
        record(series, "open_numbers", by=by, now=now, facts={"year": year, "used": used, "reason": reason.strip()})
