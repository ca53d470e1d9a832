"""Sending what waits in the out-tray: claimed row by row, at least once outside, exactly once here.

Each outlet (the mail server, each robot) is sent through by itself, so none waits for another. One that fails several
times in a row rests, each time longer, and what waits for it waits without being tried.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import Enum
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F, Q
from django.utils import translation

from officehub.notifications import robots, words
from officehub.notifications.about import done_with, open_errands
from officehub.notifications.channels import Channel
from officehub.notifications.models import Message, Notice, Outlet, Robot
from officehub.notifications.sealed import Unreadable
from officehub.workdays.quiet import is_quiet

GIVE_UP_AFTER = 6
BATCH = 200
BATCH_SECONDS = 20  # a claim lasts a minute at least, so the last of a batch is sent well within its own
HELD = timedelta(minutes=2)  # a sender that died gives a robot back


class Outcome(Enum):
    SENT = "sent"
    NEEDLESS = "needless"
    FAULT = "fault"  # the message's own
    TROUBLE = "trouble"  # the outlet's


def outlets() -> Iterable[Outlet]:
    """Every way out, the mail first."""
    Outlet.objects.get_or_create(channel=Channel.EMAIL, robot=None)
    return Outlet.objects.select_related("robot").order_by(F("robot").asc(nulls_first=True))


def waiting(outlet: Outlet, now: datetime):
    """What may leave by an outlet now: nothing while it rests, and in quiet hours only what is urgent."""
    rows = Message.objects.filter(
        state=Message.State.WAITING, next_try_at__lte=now, channel=outlet.channel, robot=outlet.robot_id
    )
    if outlet.rests_until and outlet.rests_until > now:
        return rows.none()
    if settings.QUIET_OUTSIDE and is_quiet(now):
        rows = rows.filter(urgent=True)
    return rows.order_by("next_try_at", "id")


def send_waiting(now: datetime) -> int:
    """Send up to one batch through every outlet, one after another. Returns how many left."""
    return sum(send_through(outlet.pk, now) for outlet in outlets())


def send_through(pk: int, now: datetime) -> int:
    """Send up to one batch through an outlet. Returns how many left; stops where the outlet itself fails."""
    outlet = Outlet.objects.select_related("robot").get(pk=pk)
    if outlet.robot and not outlet.robot.is_active:
        waiting(outlet, now).order_by().update(state=Message.State.FAILED, error="机器人已停用")
        return 0
    if outlet.robot and not _hold(outlet, now):
        return 0
    try:
        return _send_batch(outlet, now)
    finally:
        if outlet.robot:
            Outlet.objects.filter(pk=pk).update(held_until=None)


def _hold(outlet: Outlet, now: datetime) -> bool:
    """One sender at a time for a robot: it takes so many messages a minute, and one that hangs holds up one worker."""
    free = Q(held_until=None) | Q(held_until__lte=now)
    return bool(Outlet.objects.filter(free, pk=outlet.pk).update(held_until=now + HELD))


def _send_batch(outlet: Outlet, now: datetime) -> int:
    sent, ends = 0, monotonic() + BATCH_SECONDS
    rows = waiting(outlet, now).select_related("notice__recipient", "person", "robot")
    for message in rows[: _room(outlet, now)]:
        if monotonic() > ends:
            break
        if not _claim(message, now):
            continue
        outcome = _send(message, outlet, now)
        sent += outcome is Outcome.SENT
        if outcome is Outcome.TROUBLE:
            break
    return sent


def _room(outlet: Outlet, now: datetime) -> int:
    """How many may leave now: a robot says no more in a minute than its makers let it."""
    if not outlet.robot:
        return BATCH
    lately = Message.objects.filter(
        state=Message.State.SENT, channel=outlet.channel, robot=outlet.robot, sent_at__gt=now - timedelta(minutes=1)
    )
    return max(0, settings.ROBOT_MESSAGES_A_MINUTE - lately.count())


def _claim(message: Message, now: datetime) -> bool:
    """Push the next try back (1, 2, 4 … minutes): only one sender gets the row, and a dead one loses it again."""
    later = now + timedelta(minutes=2**message.attempts)
    return bool(
        Message.objects.filter(pk=message.pk, state=Message.State.WAITING, next_try_at__lte=now).update(
            next_try_at=later, attempts=F("attempts") + 1
        )
    )


def _send(message: Message, outlet: Outlet, now: datetime) -> Outcome:
    """One message; whatever is wrong with it is noted at its row and in the log, and holds up none of the others."""
    row = Message.objects.filter(pk=message.pk)
    try:
        if not _leave(message, now):
            row.update(state=Message.State.NEEDLESS, error="")
            return Outcome.NEEDLESS
    except Exception as error:
        if not isinstance(error, SMTPException | OSError | robots.Unreachable | robots.Refused | Unreadable):
            logging.getLogger("officehub").exception("message %s cannot be sent", message.pk)  # a fault of ours
        return _failed(message, outlet, error, now)
    row.update(state=Message.State.SENT, sent_at=now, error="")
    if outlet.failures:
        Outlet.objects.filter(pk=outlet.pk).update(failures=0, rests_until=None)
        outlet.failures = 0
    return Outcome.SENT


def _failed(message: Message, outlet: Outlet, error: Exception, now: datetime) -> Outcome:
    """Note it at the row and, where the outlet is to blame, there. A try at an outlet that now rests is not counted."""
    row, said = Message.objects.filter(pk=message.pk), (str(error) or type(error).__name__)[:250]
    blamed = _is_the_outlets(error)
    rests_until = _blame(outlet, said, now) if blamed else None
    if rests_until and not isinstance(error, robots.Refused):
        row.update(error=said, attempts=message.attempts, next_try_at=rests_until)
    else:
        given_up = message.attempts + 1 >= GIVE_UP_AFTER
        row.update(error=said, state=Message.State.FAILED if given_up else Message.State.WAITING)
    return Outcome.TROUBLE if blamed else Outcome.FAULT


def _is_the_outlets(error: Exception) -> bool:
    """A mail server that refuses one reader or one mail is well; whatever else it or a robot says is about itself."""
    if isinstance(error, SMTPRecipientsRefused | SMTPDataError):
        return False
    return isinstance(error, SMTPException | OSError | robots.Unreachable | robots.Refused | Unreadable)


def _blame(outlet: Outlet, said: str, now: datetime) -> datetime | None:
    """One failure more. Returns until when the outlet rests: 1, 2, 4 … minutes once it has failed often enough."""
    of_it = Outlet.objects.filter(pk=outlet.pk)
    of_it.update(failures=F("failures") + 1, error=said, failed_at=now)
    outlet.refresh_from_db(fields=["failures"])
    beyond = outlet.failures - settings.OUTLET_RESTS_AFTER
    if beyond < 0:
        return None
    rests_until = now + timedelta(minutes=min(2 ** min(beyond, 20), settings.OUTLET_RESTS_MINUTES))
    of_it.update(rests_until=rests_until)
    return rests_until


# --- what leaves --------------------------------------------------------------------------------------------------


def _leave(message: Message, now: datetime) -> bool:
    """Send it. False when there is nothing to say any more: it was read or done meanwhile, or the reader has left."""
    if not message.reader.is_active:
        return False
    notices = _still_news(message)
    if not notices:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        if message.robot:
            _say(message, message.robot, notices, now)
        else:
            _mail(message, notices).send()
    return True


def _still_news(message: Message) -> list[Notice]:
    """The notices a message carries that were not read meanwhile; of a digest, nor done."""
    if message.notice:
        return [] if message.notice.read_at else [message.notice]
    carried = Notice.objects.filter(messages__within=message, read_at=None).select_related("recipient")
    notices = list(carried.order_by("at", "id"))
    over = done_with(notices, message.reader.pk)
    return [notice for notice in notices if notice.pk not in over]


def _mail(message: Message, notices: list[Notice]) -> EmailMessage:
    is_digest = message.notice is None
    letter = words.digest_letter(message.reader.name, notices) if is_digest else words.letter(notices[0])
    mail = EmailMessage(letter.subject, letter.body, to=[message.address])
    name = f"digest-{message.pk}" if is_digest else f"notice-{message.notice_id}"
    mail.extra_headers["Message-ID"] = f"<{name}@officehub>"
    return mail


def _say(message: Message, robot: Robot, notices: list[Notice], now: datetime) -> None:
    """Raises Unreachable, Refused or Unreadable."""
    errands = open_errands(notices, message.reader.pk)
    is_digest = message.notice is None
    text = (
        words.digest_spoken(message.reader.name, notices, errands)
        if is_digest
        else words.spoken(notices[0], errands.get(notices[0].pk))
    )
    robots.say(robot.channel, robot.base, robot.token, robot.secret, robots.Said(text, message.address, now))
