"""The scope of distribution: proposed, registered, kept within, and widened only by the issuer (R59)."""

import pytest

from documents import receive
from documents.models import Addressee, Distribution, Document, InScope, Widening
from documents.sending import further, scope, widen
from documents.sending.whom import Whom, standing
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.models import RoleHolding
from tests.cast import person
from tests.documents.course.test_course import draft


def sees(document, who, now) -> bool:
    return Document.objects.filter(pk=document.pk).visible_to(who, now).exists()


def deliver_all(now) -> None:
    from documents import distribute

    for pk in list(distribute.waiting(now).values_list("pk", flat=True)):
        assert distribute.deliver(pk, now)


def test_the_first_distribution_registers_the_scope(cast, now, sealed, send):
    send(sealed, cast.stranger)
    rows = InScope.objects.values_list("department__name", "person__username", "origin")
    assert sorted(rows, key=str) == [("市财政局", None, "first"), (None, "stranger", "first")]


def test_a_drafter_proposes_and_changes_the_proposal(cast, now):
    document = draft(cast, now)
    scope.propose(document, Whom([cast.bureau], [cast.vetter]), by=cast.drafter, now=now)
    scope.propose(document, Whom([cast.bureau], []), by=cast.drafter, now=now)
    assert scope.scope_of(document).names == ["市财政局"]
    assert [event.facts["departments"] for event in events_of(document).filter(verb="propose_scope")] == [
        ["市财政局"], ["市财政局"]
    ]  # fmt: skip


def test_the_clerk_goes_beyond_the_proposal_only_with_a_reason(cast, now, sealed, send):
    InScope.objects.create(document=sealed, department=cast.bureau, origin="proposed", by=cast.drafter, at=now)
    with pytest.raises(DecisionRefused, match="不在拟定的分送范围内"):
        send(sealed, cast.stranger)
    sent = send(sealed, cast.stranger, beyond="该同志参与起草")
    assert sent.addressees.count() == 2
    assert events_of(sealed).get(verb="distribute").facts["beyond"] == "该同志参与起草"


def test_a_proposal_is_changed_only_while_the_draft_is(cast, now, sealed):
    with pytest.raises(TooLate):
        scope.propose(sealed, Whom([cast.bureau], []), by=cast.drafter, now=now)


def test_what_was_proposed_and_not_sent_is_sent_later_and_nothing_beyond(cast, now, sealed, send):
    InScope.objects.create(document=sealed, department=cast.bureau, origin="proposed", by=cast.drafter, at=now)
    InScope.objects.create(document=sealed, person=cast.stranger, origin="proposed", by=cast.drafter, at=now)
    send(sealed)
    more = further.further(sealed, Whom([], [cast.stranger]), by=cast.clerk, now=now)
    deliver_all(now)
    assert more.nature == "further"
    assert sees(sealed, cast.stranger, now)
    with pytest.raises(DecisionRefused, match="须经发文机关批准"):
        further.further(sealed, Whom([], [cast.vetter]), by=cast.clerk, now=now)
    with pytest.raises(DecisionRefused, match="已经分送过"):
        further.further(sealed, Whom([], [cast.stranger]), by=cast.clerk, now=now)
    assert WorkItem.objects.of(sealed).filter(verb="archive").count() == 1  # asked once, however often it is sent


def ask(document, cast, now, reason="涉及该科职责") -> Widening:
    return widen.ask(document, Whom([cast.other_section], [cast.vetter]), by=cast.reader, now=now, reason=reason)


def test_the_issuer_lets_it_go_further(cast, now, sealed, send):
    RoleHolding.objects.create(
        person=person("head_clerk", cast.other_section, "收文员", True, []), role="registry_clerk"
    )
    send(sealed)
    director = person("director", cast.section.parent, "主任甲", False, ["office_director"])
    asked = ask(sealed, cast, now)
    assert list(WorkItem.objects.of(asked).values_list("assignee__username", "verb")) == [("director", "widen")]
    widen.agree(asked, by=director, now=now)
    deliver_all(now)
    assert set(standing(sealed).names) == {"市财政局", "信息科", cast.vetter.name}
    assert sees(sealed, cast.stranger, now)  # of the section
    assert Distribution.objects.get(nature="widened").reason == "涉及该科职责"
    assert InScope.objects.filter(origin="widened").count() == 2
    with pytest.raises(TooLate):
        widen.refuse(asked, by=director, now=now, answer="不必")
    assert not WorkItem.objects.of(asked).filter(done_at=None).exists()
    assert list(broken()) == []


def test_the_issuer_refuses_with_a_reason_and_nobody_gets_it(cast, now, sealed, send):
    send(sealed)
    asked = ask(sealed, cast, now)
    assert widen.may_decide(asked, cast.clerk)  # no office director: the registry
    with pytest.raises(NeedsReason):
        widen.refuse(asked, by=cast.clerk, now=now, answer=" ")
    widen.refuse(asked, by=cast.clerk, now=now, answer="与该科无关")
    assert not sees(sealed, cast.stranger, now)
    assert cast.reader.notices.get(verb="documents.widening_refused").params["reason"] == "与该科无关"


def test_asking_needs_a_reason_and_somebody_new(cast, now, sealed, send):
    send(sealed)
    with pytest.raises(NeedsReason):
        ask(sealed, cast, now, reason=" ")
    with pytest.raises(DecisionRefused, match="还没有收到"):
        widen.ask(sealed, Whom([cast.bureau], []), by=cast.reader, now=now, reason="再发一次")


def test_an_open_request_follows_the_office(cast, now, sealed, send):
    send(sealed)
    asked = ask(sealed, cast, now)
    director = person("director", cast.section.parent, "主任甲", False, ["office_director"])
    widen.refresh(now)
    assert list(WorkItem.objects.of(asked).filter(done_at=None).values_list("assignee__username", flat=True)) == [
        "director"
    ]
    hand_over(director, cast.stranger, by=cast.sys_admin, now=now)  # nobody is director now: the registry decides
    assert [widen.may_decide(asked, who) for who in (director, cast.stranger, cast.clerk)] == [False, False, True]


def test_a_department_lets_its_own_people_read_and_no_others(cast, now, sealed, send):
    send(sealed)
    line = Addressee.objects.get(department=cast.bureau)
    assert list(further.passable(sealed, cast.reader, now.date())) == [line]
    assert list(further.passable(sealed, cast.countersigner, now.date())) == []  # not its clerk
    with pytest.raises(DecisionRefused, match="不是市财政局的人员"):
        further.pass_on(line, [cast.stranger], by=cast.reader, now=now)
    further.pass_on(line, [cast.countersigner], by=cast.reader, now=now, note="请阅")
    deliver_all(now)
    assert WorkItem.objects.todo(cast.countersigner).get(key="read").subject_id == sealed.pk
    with pytest.raises(DecisionRefused, match="已经收到本件"):
        further.pass_on(line, [cast.countersigner], by=cast.reader, now=now)
    assert events_of(sealed).get(verb="pass_on").facts == {
        "department": "市财政局", "people": [cast.countersigner.name], "reason": "请阅"
    }  # fmt: skip
    assert receive.tally(sealed)["delivered"] == 1  # inner circulation is the department's affair


@pytest.mark.parametrize(("most", "queries"), [(2, 2), (4, 2), (5, 1)])
def test_a_scope_is_said_as_its_whom_says_it(cast, now, django_assert_num_queries, most, queries):
    document = draft(cast, now)
    whom = Whom([cast.bureau, cast.other_section], [cast.reader, cast.head, cast.vetter])
    scope.register(document, whom, scope.Origin.PROPOSED, cast.clerk, now)
    with django_assert_num_queries(queries):
        said = scope.said(document, most)
    assert said == scope.scope_of(document).said(most)
