"""Four processes decide on different papers at once: no error, no lock left waiting, and the record whole."""

from documents import drafting
from documents.models import Document
from officehub.approvals.models import Step
from officehub.audit.models import Event
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from tests.documents.course.test_course import draft
from tests.kills.writers import decide_at_once

WRITERS, PAPERS = 4, 8


def submitted(cast, now) -> int:
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    return document.pk


def test_four_processes_decide_on_different_papers_at_once(committed, surroundings, now):
    piles = [[submitted(committed, now) for _ in range(PAPERS)] for _ in range(WRITERS)]
    answers = decide_at_once("head", now, piles, surroundings)
    assert [(answer["decided"], answer["errors"]) for answer in answers] == [(PAPERS, [])] * WRITERS
    papers = sorted(pk for pile in piles for pk in pile)
    agreed = Event.objects.filter(verb="approval.agreed").order_by("subject_id")
    assert list(agreed.values_list("subject_id", flat=True)) == papers
    waiting = Step.objects.filter(state="open", approver=committed.vetter)
    assert sorted(waiting.values_list("run__subject_id", flat=True)) == papers
    assert WorkItem.objects.todo(committed.vetter).count() == Document.objects.count()
    assert list(broken()) == []
