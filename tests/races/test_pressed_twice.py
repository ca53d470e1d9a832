"""What makes a thing anew, pressed twice at once: one thing is made, and the other press is told so."""

from datetime import timedelta
from functools import partial

from documents import distribute, receive
from documents.incoming import reply, work
from documents.keeping import package
from documents.models import (
    Distribution,
    Document,
    IncomingNote,
    NumberYear,
    Package,
    Reservation,
    Series,
    ServiceCertificate,
    Widening,
)
from documents.numbers.reserve import TWICE, reserve
from documents.sending import certify, widen
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from officehub.people.models import Role, RoleHolding
from tests.documents.incoming.conftest import Steps
from tests.documents.sending.conftest import make_sealed
from tests.races.conftest import at_once


def refused(results) -> list[str]:
    """What who came second is told; nothing else may go wrong."""
    wrong = [result for result in results if isinstance(result, Exception)]
    assert [result for result in wrong if not isinstance(result, DecisionRefused)] == []
    return [sentence for result in wrong for sentence in result.sentences]


def distributed(cast, now) -> Distribution:
    document = make_sealed(cast, now)
    order = distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    distribute.deliver(order.pk, now)
    return Distribution.objects.get(pk=order.pk)


def test_numbers_are_set_aside_once(committed, now):
    series, until = Series.objects.get(code="海政办发"), now.date() + timedelta(days=9)
    aside = partial(reserve, series, count=2, holder="秘书科", reason="三个通知", until=until, by=committed.rechecker)
    assert len(refused(at_once(partial(aside, now=now), partial(aside, now=now)))) == 1
    assert (NumberYear.objects.get().last, Reservation.objects.count()) == (2, 1)
    assert aside(now=now + TWICE).first == 3


def test_a_paper_is_asked_to_go_further_once(committed, now):
    document = distributed(committed, now).document
    ask = partial(widen.ask, document, Whom([], [committed.stranger]), by=committed.reader, now=now, reason="须知悉")
    assert refused(at_once(ask, ask)) == ["您已请求分送给他们，正在等批准，不必再请求。"]
    assert Widening.objects.count() == 1
    other = Whom([], [committed.stranger, committed.head])
    assert widen.ask(document, other, by=committed.reader, now=now, reason="须知悉")


def test_service_is_certified_once_until_something_changes(committed, now):
    order = distributed(committed, now)
    issue = partial(certify.issue, order, by=committed.clerk, now=now)
    one, other = at_once(issue, issue)
    assert (one.pk, ServiceCertificate.objects.count()) == (other.pk, 1)
    receive.acknowledge(order.document, committed.reader, now)
    assert issue().serial == 2


def test_a_package_is_ordered_once(committed, now, monkeypatch):
    monkeypatch.setattr(package, "_list", lambda package, items: 1)
    monkeypatch.setattr(package, "poke", lambda pk: None)
    order = partial(package.order, fonds="0102", years=(2025, 2026), retention="", by=committed.archivist)
    assert len(refused(at_once(partial(order, now=now), partial(order, now=now)))) == 1
    assert Package.objects.count() == 1
    assert order(now=now + package.TWICE)


def test_progress_is_noted_once_and_a_reply_drafted_once(committed, now):
    RoleHolding.objects.create(person=committed.leader, role=Role.OFFICE_DIRECTOR)
    incoming = Steps(committed, now).handling()
    lead = incoming.assignments.get(is_lead=True)
    note = partial(work.note, incoming, lead, by=lead.handler, now=now, words="已派人核实。")
    assert refused(at_once(note, note)) == ["这一情况已经记下，没有再记。"]
    assert IncomingNote.objects.count() == 1
    draft = partial(reply.draft_reply, incoming, by=lead.handler, now=now)
    one, other = at_once(draft, draft)
    assert (one.pk, Document.objects.filter(answers=incoming).count()) == (other.pk, 1)
