"""Recording that a paper is void: who decided it, from when, in which paper; all who received it are told."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from documents.annulling import deed
from documents.incoming.register import register
from documents.keeping import disclosure
from documents.models import Annulment, DisclosureRecord, Document, IncomingReply, NumberYear, Series
from documents.numbers.opening import open_at
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import Organ, Role
from tests.cast import person
from tests.documents.incoming.conftest import entry
from tests.documents.lists.test_queries import running, sent


def test_a_repeal_is_void_from_its_day(cast, issued, annul, now):
    made = annul()
    assert (issued.annulled, issued.annulled_from) == ("repealed", date(2027, 1, 1))
    [event] = events_of(issued).filter(verb="annul")
    assert event.facts["said"] == (
        "海青市人民政府办公室以《关于废止部分文件的通知》（海政办发〔2027〕1号）决定废止，本件自2027年1月1日起失效"
    )
    told = Notice.objects.filter(key=f"annul:{made.pk}").values_list("recipient__username", flat=True)
    assert set(told) == {"reader", "drafter", "leader_in_charge"}
    assert list(broken()) == []


def test_a_revocation_reaches_back_to_the_beginning(issued, annul, now):
    made = annul(sort="revoked", effective_from=date(2030, 1, 1))
    assert (issued.annulled, made.effective_from) == ("revoked", now.date())


def test_a_superior_or_an_organ_of_power_may_decide(cast, issued, annul):
    congress = Organ.objects.create(name="海青市人大常委会", short_name="市人大", level="city", kind="congress")
    offered = set(deed.deciders(issued))
    assert offered == {cast.office, cast.government, cast.province, congress}
    annul(decided_by=congress)
    assert issued.annulled == "repealed"


OTHER = {"name": "别处机关", "short_name": "别处", "level": "city", "kind": "department"}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"decided_by": OTHER}, "决定机关只能是"),
        ({"effective_from": date(2026, 11, 22)}, "不早于成文日期"),
        ({"effective_from": None}, "请写明废止的日期"),
        ({"basis_title": ""}, "请写明决定文件"),
        ({"basis_number": ""}, "请写明决定文件"),
        ({"basis_number": "海政办发〔2026〕77号"}, "没有印发过海政办发〔2026〕77号"),
        ({"basis_number": "海政办发[2026]3"}, "没有印发过"),
    ],
)
def test_what_a_decision_lacks_is_said(issued, annul, given, says):
    NumberYear.objects.get_or_create(series=Series.objects.get(code="海政办发"), year=2026)
    if "decided_by" in given:
        given = {"decided_by": Organ.objects.create(**given["decided_by"])}
    with pytest.raises(DecisionRefused, match=says):
        annul(**given)
    assert Annulment.objects.count() == 0


def test_the_deciding_paper_may_be_one_of_ours_if_it_was_issued(cast, issued, annul, now):
    for basis, says in ((issued, "不能是本件自己"), (running(cast, now), "还没有印发")):
        with pytest.raises(DecisionRefused, match=says):
            annul(basis=basis)
    other = sent(cast, now)
    made = annul(basis=other, basis_number="", basis_title="")
    assert made.basis_said == f"《{other.title}》（{other.document_number}）"


def test_it_takes_a_reason(annul):
    with pytest.raises(NeedsReason):
        annul(reason=" ")


def test_it_is_annulled_once(cast, issued, annul):
    annul()
    with pytest.raises(TooLate):
        annul(sort="revoked")
    with pytest.raises(TooLate):
        annul(part="第三条")
    with pytest.raises(IntegrityError), transaction.atomic():
        Annulment.objects.create(
            document=issued, sort="revoked", effective_from=date(2027, 1, 1), decided_by=cast.office,
            basis_number="一", basis_title="二", reason="三", by=cast.clerk, at=issued.signed_at,
        )  # fmt: skip


def test_only_what_was_issued_is_annulled(cast, annul, now):
    with pytest.raises(TooLate):
        annul(unsent(cast, now))


def unsent(cast, now) -> Document:
    document = sent(cast, now)
    Document.objects.filter(pk=document.pk).update(state="sealed")
    return document


def test_parts_and_then_the_whole(issued, annul):
    annul(part="第三条")
    assert (issued.annulled, issued.annulled_from) == ("partly", None)
    with pytest.raises(TooLate):
        annul(part="第三条")
    annul(part="附件2")
    annul()
    assert issued.annulled == "repealed"


def test_a_mistake_is_corrected_and_stays_on_record(cast, issued, annul, now):
    made, later = annul(), now + timedelta(days=1)
    with pytest.raises(NeedsReason):
        deed.undo(made, by=cast.clerk, now=later, reason="")
    deed.undo(made, by=cast.clerk, now=later, reason="登错了文件")
    issued.refresh_from_db()
    made.refresh_from_db()
    assert (issued.annulled, issued.annulled_from, made.undone_reason) == ("", None, "登错了文件")
    with pytest.raises(TooLate):
        deed.undo(made, by=cast.clerk, now=later, reason="再一次")
    told = Notice.objects.filter(key=f"annul_undone:{made.pk}").values_list("recipient__username", flat=True)
    assert set(told) == {"reader", "drafter", "leader_in_charge"}
    annul()  # and may then be annulled anew
    assert issued.annulments.count() == 2


def test_who_runs_the_office_or_keeps_its_register_records_it(cast, issued):
    assert [
        who
        for who in ("clerk", "drafter", "leader", "reader", "stranger")
        if deed.may_record(issued, getattr(cast, who))
    ] == ["clerk"]


@pytest.fixture
def officer(cast):
    return person("officer", cast.clerk.department, "公开员", False, [Role.DISCLOSURE_OFFICER])


def to_publish(issued):
    return (
        DisclosureRecord.objects.values_list("publish_by", "ended").get(document=issued),
        WorkItem.objects.filter(verb="disclose", done_at=None).exists(),
    )


@pytest.mark.parametrize(("sort", "ended"), [("repealed", "已废止"), ("revoked", "已撤销")])
def test_what_is_void_need_not_be_published_until_that_was_a_mistake(officer, issued, annul, cast, now, sort, ended):
    day = issued.disclosure.publish_by
    assert to_publish(issued) == ((day, ""), True)
    made = annul(sort=sort)
    assert to_publish(issued) == ((None, ended), False)
    deed.undo(made, by=cast.clerk, now=now + timedelta(hours=2), reason="登错了文件")
    assert to_publish(issued) == ((day, ""), True)


def test_a_part_that_is_void_changes_nothing_of_it(officer, issued, annul):
    before = to_publish(issued)
    annul(part="第三条")
    assert to_publish(issued) == before


def test_who_published_it_hears_of_a_part_too(officer, issued, annul, now):
    disclosure.publish(issued.disclosure, day=now.date(), channel="site", place="http://x.example", by=officer, now=now)
    annul(part="第三条")
    notice = Notice.objects.get(verb="documents.disclosed_changed")
    assert (notice.recipient, notice.params["what"]) == (officer, "部分废止")


def test_a_part_restored_does_not_restore_what_is_void_as_a_whole(officer, issued, annul, cast, now):
    part = annul(part="第三条")
    annul()
    deed.undo(part, by=cast.clerk, now=now + timedelta(hours=2), reason="登错了条款")
    assert to_publish(issued) == ((None, "已废止"), False)


def test_a_number_from_before_this_system_may_decide(cast, issued, annul, now):
    series = Series.objects.get(code="海政办发")
    open_at(series, 2025, 90, reason="启用前已用到90号", by=cast.rechecker, now=now)
    annul(basis_number="海政办发〔2025〕77号")
    assert issued.annulled == "repealed"


def test_who_asked_is_answered_no_longer_when_the_answer_is_revoked(cast, issued, annul, now):
    incoming = register(organ=cast.office, fields=entry(now), by=cast.clerk, now=now)
    IncomingReply.objects.create(incoming=incoming, manner="paper", document=issued, words="答", by=cast.reader, at=now)
    made = annul(sort="revoked")
    told = Notice.objects.filter(verb="incoming.reply_annulled", key=f"annul:{made.pk}")
    assert set(told.values_list("recipient__username", flat=True)) == {"clerk", "reader"}
