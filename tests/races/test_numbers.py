"""Numbers taken by many at once, some of whom fail: none lost, none twice, and the record whole."""

from functools import partial
from random import Random

from django.core import mail
from django.db import transaction

from documents import drafting
from documents.models import Document, NumberEntry, Series
from documents.number import faults, number
from officehub.audit.models import Event, Seal
from officehub.audit.record import broken, record, seal_events
from officehub.notifications import words
from officehub.notifications.models import Message
from officehub.notifications.send import send_waiting
from officehub.notifications.tell import tell
from tests.cast import NOTICE
from tests.races.conftest import at_once

WRITERS, PAPERS = 8, 5


class Undone(Exception):
    """Something failed after the number had been taken."""


def rechecked(cast, now) -> Document:
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    changes = {"signed_by": cast.leader, "signed_at": now, "signed_hash": document.content_hash()}
    Document.objects.filter(pk=document.pk).update(state="rechecked", **changes)
    return Document.objects.get(pk=document.pk)


def test_eight_who_number_at_once_leave_no_gap_and_no_double(committed, now):
    series = Series.objects.get(code="海政办发")
    piles = [[rechecked(committed, now) for _ in range(PAPERS)] for _ in range(WRITERS)]

    def work(pile, random):
        undone = 0
        for document in pile:
            while random.random() < 0.4:
                undone += not_in_the_end(document, series, committed, now)
            number(document, series=series, by=committed.rechecker, now=now)
        return undone

    randoms = [Random(place) for place in range(WRITERS)]  # noqa: S311  the same failures every time
    undone = at_once(*[partial(work, pile, random) for pile, random in zip(piles, randoms, strict=True)])
    assert [type(one) for one in undone] == [int] * WRITERS, undone
    assert sum(undone) > 10
    assert list(NumberEntry.objects.order_by("seq").values_list("seq", flat=True)) == [*range(1, WRITERS * PAPERS + 1)]
    assert Document.objects.values("document_number").distinct().count() == WRITERS * PAPERS
    assert (list(faults()), list(broken())) == ([], [])


def not_in_the_end(document, series, cast, now) -> int:
    """A number is taken and everything rolled back: returns 1."""
    stale = Document.objects.get(pk=document.pk)
    try:
        with transaction.atomic():
            number(stale, series=series, by=cast.rechecker, now=now)
            raise Undone
    except Undone:
        return 1


def test_one_paper_numbered_twice_at_once_gets_one_number(committed, now):
    series = Series.objects.get(code="海政办发")
    for _ in range(20):
        document = rechecked(committed, now)
        copies = [Document.objects.get(pk=document.pk) for _ in range(2)]
        results = at_once(*[partial(number, copy, series=series, by=committed.rechecker, now=now) for copy in copies])
        assert sorted(type(result).__name__ for result in results) == ["NumberEntry", "TooLate"]
    assert list(faults()) == []


def test_four_writers_never_find_the_database_locked(committed, now):
    subjects = [committed.drafter, committed.head, committed.clerk, committed.reader]

    def write(subject):
        for step in range(25):
            with transaction.atomic():
                record(subject, "tried", by=subject, now=now, facts={"step": step})
                record(committed.office, "tried", by=subject, now=now)
        return 25

    assert at_once(*[partial(write, subject) for subject in subjects]) == [25] * 4
    assert Event.objects.filter(verb="tried").count() == 200
    assert list(broken()) == []


def test_two_sealers_at_once_seal_each_event_once(committed, now):
    for _ in range(10):
        for subject in (committed.drafter, committed.head):
            record_alone(subject, now)
        results = at_once(
            partial(seal_events, now), partial(seal_events, now), partial(record_alone, committed.clerk, now)
        )
        assert not [result for result in results if isinstance(result, Exception)]
    while seal_events(now):
        continue
    assert sum(Seal.objects.values_list("count", flat=True)) == Event.objects.count()
    assert list(broken()) == []


def record_alone(subject, now):
    with transaction.atomic():
        return record(subject, "tried", by=None, now=now)


def test_two_senders_at_once_send_each_mail_once(committed, now, monkeypatch):
    monkeypatch.setitem(words._sentences, "tried", "《%(title)s》请您过目。")
    people = list(committed.people.values())
    for turn in range(5):
        with transaction.atomic():
            tell("tried", committed.office, people, now, key=str(turn), title="通知")
        sent = at_once(*[partial(send_waiting, now)] * 3)
        assert sum(sent) == len(people)
    assert len(mail.outbox) == 5 * len(people)
    assert set(Message.objects.values_list("state", "attempts")) == {("sent", 1)}
