"""Sending what waits in the out-tray: claimed row by row, at least once outside, exactly once here."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F
from django.utils import translation

from officehub.notifications.models import Message
from officehub.notifications.words import subject_line, text

GIVE_UP_AFTER = 6
BATCH = 200


def waiting(now: datetime):
    return Message.objects.filter(state=Message.State.WAITING, next_try_at__lte=now).order_by("next_try_at", "id")


def send_waiting(now: datetime) -> int:
    """Send up to one batch. Returns how many left."""
    sent = 0
    for message in waiting(now).select_related("notice__recipient")[:BATCH]:
        if _claim(message, now):
            sent += _send(message, now)
    return sent


def _claim(message: Message, now: datetime) -> bool:
    """Push the next try back (1, 2, 4 … minutes): only one sender gets the row, and a dead one loses it again."""
    later = now + timedelta(minutes=2**message.attempts)
    return bool(
        Message.objects.filter(pk=message.pk, state=Message.State.WAITING, next_try_at__lte=now).update(
            next_try_at=later, attempts=F("attempts") + 1
        )
    )


def _send(message: Message, now: datetime) -> bool:
    """One mail; whatever is wrong with it is noted at its row and in the log, and holds up none of the others."""
    row = Message.objects.filter(pk=message.pk)
    try:
        _mail(message).send()
    except Exception as error:
        if not isinstance(error, SMTPException | OSError):  # not the mail server: a fault of ours
            logging.getLogger("officehub").exception("message %s cannot be sent", message.pk)
        state = Message.State.FAILED if message.attempts + 1 >= GIVE_UP_AFTER else Message.State.WAITING
        row.update(error=(str(error) or type(error).__name__)[:250], state=state)
        return False
    row.update(state=Message.State.SENT, sent_at=now, error="")
    return True


def _mail(message: Message) -> EmailMessage:
    with translation.override(settings.LANGUAGE_CODE):
        mail = EmailMessage(subject_line(message.notice), text(message.notice), to=[message.address])
    mail.extra_headers["Message-ID"] = f"<notice-{message.notice_id}@officehub>"
    return mail
