"""One digest a day for what need not be known at once: on working days at DIGEST_HOUR, for each person and channel."""

from datetime import datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from officehub.notifications.models import Message
from officehub.notifications.routing import preferences, reach, robots_for
from officehub.people.models import Person
from officehub.workdays.arithmetic import roll
from officehub.workdays.quiet import after_quiet

State = Message.State


def write(now: datetime) -> int:
    """Put what gathered before today's hour into a digest for each person and channel. Returns how many were made.

    It may run at any time and in many places: a person, a channel and a day have one digest.
    """
    opens = _opens(now)
    if now < opens or roll(opens.date()).date != opens.date():
        return 0
    due = Message.objects.filter(state=State.GATHERED, next_try_at__lt=opens)
    wanted = list(due.order_by().values_list("notice__recipient", "channel").distinct())
    return sum(_write_one(person, channel, opens, now) for person, channel in sorted(wanted))


def _opens(now: datetime) -> datetime:
    """Today's hour of the digest, by the office's clock."""
    local = timezone.localtime(now)
    return datetime.combine(local.date(), time(settings.DIGEST_HOUR), tzinfo=local.tzinfo)


def _write_one(pk: int, channel: str, opens: datetime, now: datetime) -> bool:
    person = Person.objects.get(pk=pk)
    gathered = Message.objects.filter(
        state=State.GATHERED, channel=channel, notice__recipient=person, next_try_at__lt=opens
    )
    reached = reach(person, channel, preferences([pk]).get(pk), robots_for([person], [channel]))
    if reached is None:  # the address or the robot is gone; the application still has the notices
        gathered.update(state=State.NEEDLESS, error="没有可用的地址")
        return False
    address, robot = reached
    with transaction.atomic():
        digest, made = Message.objects.get_or_create(
            person=person,
            channel=channel,
            day=opens.date(),
            defaults={"robot": robot, "address": address, "next_try_at": after_quiet(now)},
        )
        if made and not gathered.update(state=State.WITHIN, within=digest):
            digest.delete()  # what gathered went meanwhile
            return False
    return made
