"""A worker is killed at every line of a distribution, one after another: afterwards every reader has all, once."""

import signal
from collections import Counter

from documents import distribute
from documents.models import Addressee, Receipt
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.notifications.models import Message, Notice

POINTS = {  # where it is killed -> how many addressees of seven had been served by then
    "claimed": 0,
    "granted": 0,
    "told, not committed": 0,
    "first batch committed": 2,
    "all batches committed": 7,
    "recorded, not committed": 7,
    "archivist asked, not committed": 7,
}


def test_deliverers_killed_at_every_line_leave_everything_once(run_job, sent, lapses):
    for (point, served), at in zip(POINTS.items(), lapses, strict=False):
        assert run_job("deliver", sent.pk, point, at) == -signal.SIGKILL
        assert (point, Addressee.objects.filter(distribution=sent, delivered_at__isnull=False).count()) == (
            point,
            served,
        )
        assert list(distribute.waiting(at)) == []  # nobody takes it from a worker that may be alive
    last = next(lapses)
    assert list(distribute.waiting(last).values_list("pk", flat=True)) == [sent.pk]
    assert [distribute.deliver(sent.pk, last), distribute.deliver(sent.pk, next(lapses))] == [True, False]
    delivered_once(sent, {"reader", *(f"reader{n}" for n in range(6))})


def delivered_once(sent, readers: set[str]) -> None:
    """Every reader has one errand, one notice, one letter and one receipt; the end of it is recorded once."""
    about = {"subject_id": sent.document_id}
    items = WorkItem.objects.filter(**about, verb="read", done_at=None)
    notices = Notice.objects.filter(**about, verb="documents.delivered")
    letters = Message.objects.filter(notice__in=notices)
    receipts = Receipt.objects.filter(document=sent.document, delivered_at__isnull=False)
    assert Counter(items.values_list("assignee__username", flat=True)) == Counter(readers)
    assert Counter(notices.values_list("recipient__username", flat=True)) == Counter(readers)
    assert Counter(letters.values_list("notice__recipient__username", flat=True)) == Counter(readers)
    assert Counter(receipts.values_list("reader__username", flat=True)) == Counter(readers)
    ended = events_of(sent.document).filter(verb="delivered")
    assert [event.facts for event in ended] == [{"readers": len(readers)}]
    assert WorkItem.objects.filter(**about, verb="archive").count() == 1
    assert list(broken()) == []
