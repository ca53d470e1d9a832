"""What makes a thing anew, pressed twice at once: one thing is made, and the other press is told so."""

from datetime import timedelta
from functools import partial

from documents import distribute
from documents.incoming import reply, work
from documents.models import Document, IncomingNote, NumberYear, Reservation, Series, Widening
from documents.numbers.reserve import TWICE, reserve
from documents.sending import widen
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


def test_numbers_are_set_aside_once(committed, now):
    series, until = Series.objects.get(code="海政办发"), now.date() + timedelta(days=9)
    aside = partial(reserve, series, count=2, holder="秘书科", reason="三个通知", until=until, by=committed.rechecker)
    assert len(refused(at_once(partial(aside, now=now), partial(aside, now=now)))) == 1
    assert (NumberYear.objects.get().last, Reservation.objects.count()) == (2, 1)
    assert aside(now=now + TWICE).first == 3


def test_a_paper_is_asked_to_go_further_once(committed, now):
    document = make_sealed(committed, now)
    order = distribute.distribute(document, departments=[committed.bureau], people=[], by=committed.clerk, now=now)
    distribute.deliver(order.pk, now)
    document.refresh_from_db()
    ask = partial(widen.ask, document, Whom([], [committed.stranger]), by=committed.reader, now=now, reason="须知悉")
    assert refused(at_once(ask, ask)) == ["您已请求分送给他们，正在等批准，不必再请求。"]
    assert Widening.objects.count() == 1
    other = Whom([], [committed.stranger, committed.head])
    assert widen.ask(document, other, by=committed.reader, now=now, reason="须知悉")


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
