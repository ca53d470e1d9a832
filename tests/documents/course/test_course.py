"""The whole errand of one paper, deed by deed, below the screens."""

import pytest

from documents import distribute, drafting, number, receive, seal, signing
from documents.archive import archive
from documents.models import Document, Receipt, Rendition, Series
from documents.printing import print_rendition
from officehub.approvals import decide
from officehub.approvals.asked import Choice
from officehub.approvals.models import Step
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice
from tests.cast import NOTICE

POINTS = dict.fromkeys(signing.FIVE_POINTS, True)


def draft(cast, now, **changes) -> Document:
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, **changes})


def agree(document, person, now, **extra):
    step = Step.objects.get(run__subject_id=document.pk, approver=person, state="open")
    decide.agree(step, by=person, now=now, seen=document.approval_hash(), extra=extra)
    document.refresh_from_db()


def signed(cast, now, **changes) -> Document:
    document = draft(cast, now, **changes)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(document, cast.head, now)
    agree(document, cast.vetter, now, **POINTS)
    agree(document, cast.leader_in_charge, now, disclosure_confirmed=True)
    return document


def test_a_paper_goes_from_draft_to_archive(cast, now):
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[cast.bureau.pk], reasons={})
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    agree(document, cast.vetter, now, **POINTS)
    agree(document, cast.leader_in_charge, now, disclosure_confirmed=True)
    assert document.state == "signed"
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    assert document.document_number == "海政办发〔2026〕1号"
    print_rendition(seal.proof_of(document).pk, now)
    proof = seal.proof_of(document)
    assert (proof.state, proof.measured["ok"]) == ("done", True), [c for c in proof.measured["checks"] if not c["ok"]]
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    print_rendition(seal.original_of(document).pk, now)
    sent = distribute.distribute(document, departments=[cast.bureau], people=[cast.stranger], by=cast.clerk, now=now)
    distribute.deliver(sent.pk, now)
    readers = set(Receipt.objects.filter(document=document).values_list("reader__username", flat=True))
    assert readers == {"reader", "stranger"}
    for reader in (cast.reader, cast.stranger):
        assert receive.acknowledge(document, reader, now)
    item = archive(document, retention="D10", by=cast.archivist, now=now)
    assert item.reference_code == "0102-WS·2026-D10-ZHK-0001"
    assert list(broken()) == []
    assert not WorkItem.objects.filter(done_at=None).exists()
    assert Notice.objects.filter(verb="documents.delivered").count() == 2
    assert Rendition.objects.filter(document=document, state="done").count() == 2


def test_nothing_prints_twice(cast, now):
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    proof = seal.proof_of(document)
    assert [print_rendition(proof.pk, now), print_rendition(proof.pk, now)] == [True, False]


def test_important_papers_need_the_principal_leader(cast, now):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE, important=True)
    planned = drafting.simulate(document, Choice(), now)
    assert [stage.people for stage in planned][-1] == [cast.leader]


def test_vetting_without_all_five_points_is_refused(cast, now):
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(document, cast.head, now)
    with pytest.raises(decide.DecisionRefused, match="核稿五项"):
        agree(document, cast.vetter, now, reason=True)
    document.refresh_from_db()
    assert document.state == "in_approval"
