"""Reservations past their day: whoever keeps the numbers is told once, to give the numbers out or let them go."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from documents.models import NumberEntry, Reservation
from officehub.notifications.tell import tell
from officehub.people.models import Role, role_holders


def tell_expired(now: datetime) -> int:
    """Tell of every reservation whose last day has passed and whose numbers are not all used. Returns how many; one
    that nobody can be told of waits for the night after somebody holds the office again."""
    past = Reservation.objects.filter(until__lt=timezone.localdate(now), told_at=None).select_related("series__organ")
    waiting = past.filter(pk__in=NumberEntry.objects.reserved().values("reservation"))
    return sum(_tell(reservation, now) for reservation in waiting.order_by("pk"))


def _tell(reservation: Reservation, now: datetime) -> bool:
    keepers = list(role_holders(reservation.series.organ, Role.RECHECKER))
    if not keepers:
        return False
    with transaction.atomic():
        if not Reservation.objects.filter(pk=reservation.pk, told_at=None).update(told_at=now):
            return False
        said = {"numbers": str(reservation), "holder": reservation.holder, "title": str(reservation)}
        tell("documents.reservation_expired", reservation, keepers, now, key="expired", **said)
    return True
