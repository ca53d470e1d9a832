"""Telling people: notice and messages are written in the deed's transaction, the queue is poked after commit."""

import logging
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from kombu.exceptions import OperationalError

from officehub.notifications.jobs import send_messages
from officehub.notifications.models import Message, Notice
from officehub.notifications.routing import messages_for


def tell(
    verb: str,
    subject,
    people: Iterable,
    now: datetime,
    *,
    key: str,
    fresh: bool = False,
    sort: str = Notice.Sort.NEWS,
    urgent: bool = False,
    **params,
) -> None:
    """One notice per person and key; a repeated deed tells nobody twice. `params` fill the sentence of the verb.

    `sort` and `urgent` decide by which channels people hear of it, and whether at once or in the day's digest.
    `fresh` says that the key was made just now, in a transaction that nobody repeats: no one can have been told.
    """
    subject_type = ContentType.objects.get_for_model(subject)
    people = {person.pk: person for person in people}
    rows = Notice.objects.filter(subject_type=subject_type, subject_id=subject.pk, key=key, recipient__in=people)
    told = set() if fresh else set(rows.values_list("recipient_id", flat=True))
    notices = [
        Notice(
            recipient=person,
            sort=sort,
            urgent=urgent,
            verb=verb,
            params=params,
            subject_type=subject_type,
            subject_id=subject.pk,
            key=key,
            at=now,
        )
        for pk, person in people.items()
        if pk not in told
    ]
    hand_out(notices, now)


def hand_out(notices: Iterable[Notice], now: datetime) -> None:
    """Write these notices, told to nobody yet, and what carries them outside."""
    notices = Notice.objects.bulk_create(notices, batch_size=500)
    Message.objects.bulk_create(messages_for(notices, now) if notices else [], batch_size=500)
    transaction.on_commit(partial(enqueue, send_messages))


def enqueue(job, *args) -> None:
    """Poke the queue. When it cannot be reached the row stays, and the sweep that runs every minute finds it."""
    try:
        job.delay(*args)
    except OperationalError as error:
        logging.getLogger("officehub").error("queue unreachable, %s waits for the sweep: %s", job.name, error)
