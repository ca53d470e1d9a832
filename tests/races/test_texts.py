"""Two deeds on one text at one instant: one is done, the other learns that somebody was first; nothing is doubled."""

from datetime import date

import pytest

from documents import drafting, signing
from documents.annulling import deed
from documents.annulling.deed import Decision
from documents.models import Annulment, Document, Look, Version
from documents.versions import correct as correcting
from documents.versions.faults import faults
from documents.versions.keep import keep_by_hand, latest
from documents.versions.looks import note_look
from officehub.approvals.decide import run_of
from officehub.approvals.invariants import violations
from officehub.audit.record import broken
from officehub.moves import TooLate
from officehub.notifications.models import Notice
from tests.cast import NOTICE
from tests.documents.course.test_course import draft, signed
from tests.documents.lists.test_queries import sent
from tests.races.conftest import at_once

SLIPS = [{"body": NOTICE["body"].replace("有关事项通知", f"有关{word}通知")} for word in ("事宜", "情况")]
SUBSTANCE = {"body": NOTICE["body"].replace("12月5日", "12月15日")}


@pytest.fixture(autouse=True)
def _not_drawn(monkeypatch):
    monkeypatch.setattr(drafting, "layout_faults", lambda document, today: [])


def one_was_late(results) -> None:
    assert sum(isinstance(result, TooLate) for result in results) == 1, results
    assert sum(isinstance(result, Exception) for result in results) == 1, results


def whole() -> None:
    assert (list(faults()), list(broken())) == ([], [])


def correction(document, cast, now, changes, do=correcting.correct):
    given = {"changes": changes, "revision": document.revision, "reason": "改正别字"}
    return lambda: do(Document.objects.get(pk=document.pk), by=cast.rechecker, now=now, **given)


def test_two_recheckers_correct_at_once(committed, now):
    document = signed(committed, now)
    one_was_late(at_once(*(correction(document, committed, now, changes) for changes in SLIPS)))
    document.refresh_from_db()
    assert (document.versions.count(), document.issued_hash) == (2, document.content_hash())
    whole()


def test_one_corrects_while_another_reports_it_to_the_signer(committed, now):
    document = signed(committed, now)
    back = correction(document, committed, now, SUBSTANCE, correcting.reapprove)
    one_was_late(at_once(correction(document, committed, now, SLIPS[0]), back))
    document.refresh_from_db()
    assert document.versions.count() == 2
    assert violations(run_of(document), now) == []
    whole()


def test_one_corrects_while_another_rechecks(committed, now):
    """Either order is lawful: what was rechecked is what the record says."""
    document = signed(committed, now)
    recheck = lambda: signing.recheck(Document.objects.get(pk=document.pk), by=committed.rechecker, now=now)  # noqa: E731
    results = at_once(correction(document, committed, now, SLIPS[0]), recheck)
    assert [result for result in results if isinstance(result, Exception)] == []
    document.refresh_from_db()
    assert (document.state, document.issued_hash) == ("rechecked", document.content_hash())
    whole()


def test_a_version_kept_twice_is_one(committed, now):
    document = draft(committed, now)
    kept = lambda: keep_by_hand(document, by=committed.drafter, now=now, revision=document.revision)  # noqa: E731
    results = at_once(kept, kept)
    assert sorted(made for _version, made in results) == [False, True]
    assert Version.objects.count() == 1


def test_opened_twice_at_once_it_is_noted_once(committed, now):
    document = signed(committed, now)
    see = lambda: note_look(document, committed.rechecker, latest(document))  # noqa: E731
    assert at_once(see, see) == [None, None]
    assert Look.objects.filter(person=committed.rechecker).count() == 1


def test_annulled_twice_and_corrected_twice(committed, now):
    document = sent(committed, now)
    decision = Decision(
        "repealed",
        committed.office,
        "不再执行",
        None,
        "海政办发〔2027〕1号",
        "关于废止部分文件的通知",
        date(2027, 1, 1),
    )
    annul = lambda: deed.annul(Document.objects.get(pk=document.pk), decision, by=committed.clerk, now=now)  # noqa: E731
    one_was_late(at_once(annul, annul))
    made = Annulment.objects.get()
    assert Notice.objects.filter(verb="documents.annul", recipient=committed.reader).count() == 1
    undo = lambda: deed.undo(Annulment.objects.get(pk=made.pk), by=committed.clerk, now=now, reason="登错了")  # noqa: E731
    one_was_late(at_once(undo, undo))
    assert Notice.objects.filter(verb="documents.annul_undone", recipient=committed.reader).count() == 1
    whole()
