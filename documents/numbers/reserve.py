"""预留文号: set the next numbers aside with a reason, and let those go that were not needed; none is ever reused."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from documents.models import NumberEntry, Reservation, Series
from documents.numbers.counter import take
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record

MOST = 50  # numbers at once: more than that is a second series
TWICE = timedelta(minutes=5)  # the same asked again so soon is the same press


def reserve(
    series: Series, *, count: int, holder: str, reason: str, until: date, by, now: datetime, first: int | None = None
) -> Reservation:
    """Set the next `count` numbers of this year aside for `holder` until a day.

    `first` is the number that was promised to be the next: when others were quicker, or a later one is asked for, it is
    refused (DecisionRefused), because reserved numbers follow the used ones without a gap.
    """
    today = timezone.localdate(now)
    _refuse(series, count, holder, reason, until, today)
    year = series.period(today.year)
    with transaction.atomic():
        begins = take(series, year, count)
        if first is not None and first != begins:
            raise DecisionRefused(
                [
                    gettext("只能接着已用的号预留：下一个是%(next)s号，不能从%(first)s号起。")
                    % {"next": begins, "first": first}
                ]
            )
        made = Reservation.objects.create(
            series=series, year=year, first=begins, last=begins + count - 1,
            holder=holder.strip(), reason=reason.strip(), until=until, by=by, at=now,
        )  # fmt: skip
        _refuse_twice(made)
        numbers = range(made.first, made.last + 1)
        NumberEntry.objects.bulk_create(
            NumberEntry(series=series, year=year, seq=seq, reservation=made, at=now) for seq in numbers
        )
        facts = {"numbers": str(made), "holder": made.holder, "reason": made.reason, "until": until.isoformat()}
        record(series, "reserve_numbers", by=by, now=now, facts=facts)
    return made


def _refuse(series: Series, count: int, holder: str, reason: str, until: date, today: date) -> None:
    wrong = []
    if not series.is_active:
        wrong.append(gettext("“%(series)s”已停用，不能预留；请选在用的机关代字。") % {"series": series})
    if not 1 <= count <= MOST:
        wrong.append(gettext("一次预留1至%(most)s个号，现为%(count)s个。") % {"most": MOST, "count": count})
    if not (holder.strip() and reason.strip()):
        wrong.append("预留须写明事由和留给谁。")
    if not today <= until <= date(today.year, 12, 31):
        wrong.append(
            gettext("“留到”应在今天至%(year)s年12月31日之间：预留的号只用于本年度的公文。") % {"year": today.year}
        )
    if wrong:
        raise DecisionRefused(wrong)


def _refuse_twice(made: Reservation) -> None:
    """The counter is held: who presses twice at once comes here one after the other, and takes numbers once."""
    names = ("series", "year", "holder", "reason", "until", "by")
    same = Reservation.objects.filter(**{name: getattr(made, name) for name in names}, at__gt=made.at - TWICE)
    for before in same.exclude(pk=made.pk).order_by("id"):
        if before.last - before.first == made.last - made.first:
            raise DecisionRefused(
                [
                    gettext("刚才已预留%(numbers)s，没有再预留；确需另外预留的，请写明不同的事由或用途。")
                    % {"numbers": before}
                ]
            )


def release(entries: Sequence[NumberEntry], *, reason: str, by, now: datetime) -> None:
    """Let reserved numbers go: they stay in the register, empty and explained, and are never used (all, or none).

    Raises DecisionRefused when one of them has been used or let go meanwhile.
    """
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = NumberEntry.objects.filter(pk__in=[entry.pk for entry in entries]).reserved()
        empty = {"reason": f"释放：{reason.strip()}"[:100], "emptied_by": by, "emptied_at": now}
        if held.update(**empty) != len(entries):
            raise DecisionRefused(["其中有的号已被使用或已释放，请看过登记后再释放。"])
        numbers = "、".join(map(str, entries))
        facts = {"numbers": numbers, "reason": reason.strip()}
        record(entries[0].series, "release_numbers", by=by, now=now, facts=facts)


def left(reservation: Reservation) -> list[NumberEntry]:
    """The numbers of a reservation that still wait for a paper."""
    return list(NumberEntry.objects.filter(reservation=reservation).reserved().select_related("series").order_by("seq"))
