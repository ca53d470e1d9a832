"""Whom a chase reached, and who read it when: a notice is read when it is opened in the application or by the link
that every message outside carries. The group robots have no receipts of their own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch

from officehub.notifications.models import Message, Notice

MOST = 200  # rows shown of the newest chases of one subject


def receipts(subject, key: str = ""):
    """The notices by which people were chased about a subject, newest first; with a key only those of one chase. Each
    has its `recipient`, `at` and `read_at`, and its `messages` to the outside."""
    of_it = Notice.objects.filter(
        subject_type=ContentType.objects.get_for_model(subject), subject_id=subject.pk, sort=Notice.Sort.CHASE
    )
    if key:
        of_it = of_it.filter(key=key)
    outside = Prefetch("messages", Message.objects.select_related("within").order_by("channel"))
    return of_it.select_related("recipient").prefetch_related(outside).order_by("-at", "-id")


@dataclass
class Chase:
    """One press of 催办: who, when, what was added, and the receipts of those it was meant for."""

    who: str
    at: datetime
    words: str
    told: list[Notice] = field(default_factory=list)

    @property
    def read(self) -> int:
        return sum(notice.read_at is not None for notice in self.told)


def chases(subject) -> list[Chase]:
    """The newest chases of a subject, newest first."""
    return group(receipts(subject)[:MOST])


def group(notices: Iterable[Notice]) -> list[Chase]:
    found: dict[str, Chase] = {}
    for notice in notices:
        params = notice.params
        chase = found.setdefault(notice.key, Chase(params.get("who", ""), notice.at, params.get("words", "")))
        chase.told.append(notice)
    return list(found.values())


def reached_by(notice: Notice) -> list[str]:
    """The labels of the channels by which it has left the house."""
    return [message.get_channel_display() for message in notice.messages.all() if _has_left(message)]


def _has_left(message: Message) -> bool:
    carrier = message.within if message.state == Message.State.WITHIN else message
    return carrier is not None and carrier.state == Message.State.SENT
