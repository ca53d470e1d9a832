"""The rules that deeds hold: each refused three times over, and let through when it is right."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from documents import drafting, signing
from documents import seal as sealing
from documents.models import Document, NumberEntry, Rendition, Series
from documents.number import number, void
from documents.numbers.joint import unsigned
from officehub.approvals import decide
from officehub.approvals.models import Bypass, Step
from officehub.moves import TooLate
from officehub.people.models import Organ, Role, RoleHolding
from tests.cast import NOTICE, department, person
from tests.documents.course.test_course import POINTS, agree, draft, signed

BUREAU = {"short_name": "市财政局", "level": "city", "kind": "department"}


@pytest.fixture
def series(cast) -> Series:
    return Series.objects.get(code="海政办发")


@pytest.fixture
def joint(cast, now):
    """A paper of the office and the finance bureau, which works in this system as a department of the government."""
    Organ.objects.create(name="海青市财政局", superior=cast.government, **BUREAU)

    def made(*, chosen, issuers=("海青市人民政府办公室", "海青市财政局")) -> Document:
        fields = {**NOTICE, "issuers": list(issuers), "signature_units": list(issuers)}
        document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
        drafting.submit(document, by=cast.drafter, now=now, chosen=[one.pk for one in chosen], reasons={})
        return document

    return made


def sign(document, cast, at) -> None:
    agree(document, cast.vetter, at, **POINTS)
    agree(document, cast.leader_in_charge, at, disclosure_confirmed=True)


# --- R24, R25: joint papers --------


def test_r24_a_joint_paper_waits_for_every_organ(cast, now, series, joint):
    document = joint(chosen=[])
    agree(document, cast.head, now)
    sign(document, cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    with pytest.raises(decide.DecisionRefused, match="还缺海青市财政局；请退回拟稿人"):
        number(document, series=series, by=cast.rechecker, now=now)
    assert not NumberEntry.objects.exists()


def test_r24_the_head_of_the_other_organ_has_agreed(cast, now, series, joint):
    document = joint(chosen=[cast.bureau])
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    sign(document, cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number(document, series=series, by=cast.rechecker, now=now)
    assert document.document_number == "海政办发〔2026〕1号"


def test_r24_a_clerk_of_the_other_organ_does_not_speak_for_it(cast, now, joint):
    document = joint(chosen=[cast.bureau])
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    sign(document, cast, now)
    Step.objects.filter(approver=cast.countersigner).update(approver=cast.reader)
    (finding,) = unsigned(document, now.date())
    assert (finding.rule, finding.severity, finding.field) == ("R24", "block", "issuers")


def test_r24_a_consent_that_fell_does_not_count(cast, now, joint):
    document = joint(chosen=[cast.bureau])
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    sign(document, cast, now)
    assert unsigned(document, now.date()) == []
    Step.objects.filter(approver=cast.countersigner).update(stands=False)
    assert [finding.rule for finding in unsigned(document, now.date())] == ["R24"]


def test_r24_silence_is_no_signature(cast, now, joint):
    document = joint(chosen=[cast.bureau])
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    sign(document, cast, now)
    Step.objects.filter(approver=cast.countersigner).update(manner="silent")
    assert [finding.rule for finding in unsigned(document, now.date())] == ["R24"]


def test_r24_the_head_of_one_bureau_does_not_speak_for_another(cast, now, joint):
    Organ.objects.create(name="海青市水利局", superior=cast.government, **{**BUREAU, "short_name": "市水利局"})
    person("water", department(cast.government, "市水利局", code="SLJ"), "局长", True, [])
    document = joint(chosen=[cast.bureau], issuers=("海青市人民政府办公室", "海青市水利局"))
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now)
    sign(document, cast, now)
    assert [(finding.rule, finding.severity) for finding in unsigned(document, now.date())] == [("R24", "block")]


def test_r24_of_an_organ_outside_this_system_the_signature_on_paper_is_recorded(cast, now, series, joint):
    Organ.objects.create(name="海青市水利局", superior=cast.government, **{**BUREAU, "short_name": "市水利局"})
    document = joint(chosen=[], issuers=("海青市人民政府办公室", "海青市水利局"))
    agree(document, cast.head, now)
    sign(document, cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    stale = Document.objects.get(pk=document.pk)
    with pytest.raises(decide.DecisionRefused, match="海青市水利局不在本系统办文，须有其负责人的纸质会签"):
        number(stale, series=series, by=cast.rechecker, now=now)
    said = {"R24": "水利局局长11月22日会签，会签单存机要科"}
    number(document, series=series, by=cast.rechecker, now=now, reasons=said)
    assert (document.document_number, document.overrides) == ("海政办发〔2026〕1号", said)


def test_r25_the_date_is_that_of_the_last_signature(cast, now, joint):
    document = joint(chosen=[cast.bureau])
    agree(document, cast.head, now)
    agree(document, cast.countersigner, now + timedelta(days=1))
    sign(document, cast, now + timedelta(days=3))
    dates = [step.decided_at.date() for step in Step.objects.filter(run__subject_id=document.pk)]
    assert document.paper().date_of_document == max(dates) == (now + timedelta(days=3)).date()


@pytest.mark.parametrize(
    ("kind", "note", "day"),
    [
        ("决定", "（2026年11月9日海青市人民政府第8次常务会议通过）", "2026-11-09"),
        ("决议", "2026年11月9日海青市第六届人民代表大会第一次会议通过", "2026-11-09"),
        ("决定", "2026年2月30日海青市人民政府第8次常务会议通过", "2026-11-23"),
        ("通知", "（2026年11月9日海青市人民政府第8次常务会议通过）", "2026-11-23"),
        ("决定", "市政府决定表彰下列集体。", "2026-11-23"),
    ],
)
def test_r25_what_a_meeting_adopted_bears_the_day_of_the_meeting(cast, now, kind, note, day):
    document = draft(cast, now, kind=kind, body=f"{note}\n第二段。")
    document.signed_at, document.signed_by = now, cast.leader
    assert document.paper().date_of_document.isoformat() == day


# --- R22, R21: no number before its time, none twice --------


@pytest.mark.parametrize("state", ["drafting", "in_approval", "returned", "signed", "numbered", "sealed"])
def test_r22_a_paper_not_rechecked_gets_no_number(cast, now, series, state):
    document = signed(cast, now)
    known = {"document_number": "海政办发〔2026〕99号"} if state in ("numbered", "sealed") else {}
    Document.objects.filter(pk=document.pk).update(state=state, **known)
    with pytest.raises(TooLate):
        number(Document.objects.get(pk=document.pk), series=series, by=cast.rechecker, now=now)
    assert not NumberEntry.objects.exists()


def test_r22_the_database_itself_wants_a_numbered_paper_to_have_its_number(cast, now):
    document = signed(cast, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(state="numbered")


def numbered(cast, now, series) -> Document:
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number(document, series=series, by=cast.rechecker, now=now)
    return document


def test_r21_a_number_is_one_papers_for_ever(cast, now, series):
    first, second = numbered(cast, now, series), numbered(cast, now, series)
    assert (str(first.number_entry), str(second.number_entry)) == ("海政办发〔2026〕1号", "海政办发〔2026〕2号")
    void(first, by=cast.rechecker, now=now, reason="印错")
    assert str(numbered(cast, now, series).number_entry) == "海政办发〔2026〕3号"
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberEntry.objects.create(series=series, year=2026, seq=2, reason="甲", at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberEntry.objects.create(series=series, year=2026, seq=9, at=now)  # empty, and nobody says why


# --- R31, R32, R38 --------


@pytest.mark.parametrize(
    "change",
    [{"body": "另行通知。"}, {"title": "海青市人民政府办公室关于停止供暖的通知"}, {"primary_recipients": "各县"}],
)
def test_r31_what_differs_from_what_was_signed_goes_back(cast, now, change):
    document = signed(cast, now)
    Document.objects.filter(pk=document.pk).update(content={**document.content, **change})
    document.refresh_from_db()
    with pytest.raises(decide.DecisionRefused, match="文稿与签发时不一致"):
        signing.recheck(document, by=cast.rechecker, now=now)
    document.refresh_from_db()
    assert document.state == "signed"


@pytest.mark.parametrize("reason", ["", " ", "\n"])
def test_r32_nothing_goes_back_without_a_reason(cast, now, series, reason):
    document = signed(cast, now)
    with pytest.raises(decide.NeedsReason):
        signing.recheck_return(document, by=cast.rechecker, now=now, reason=reason)
    signing.recheck(document, by=cast.rechecker, now=now)
    number(document, series=series, by=cast.rechecker, now=now)
    with pytest.raises(decide.NeedsReason):
        void(document, by=cast.rechecker, now=now, reason=reason)


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ({"state": "queued"}, "清样还没有排好"),
        ({"state": "failed"}, "清样还没有排好"),
        ({"state": "done", "measured": {"ok": False, "checks": [{"id": "red_rule.gap", "ok": False}]}}, "red_rule.gap"),
    ],
)
def test_r38_no_seal_on_what_is_not_ready(cast, now, series, proof, said):
    document = numbered(cast, now, series)
    kept = {"pdf": "papers/proof.pdf", "sha256": "0" * 64, "done_at": now} if proof["state"] == "done" else {}
    Rendition.objects.filter(document=document).update(**proof, **kept)
    with pytest.raises(decide.DecisionRefused, match=said):
        sealing.apply_seal(document, by=cast.seal_keeper, now=now)
    assert document.state == "numbered"


# --- R04, R48: who signs, and confirms what --------


@pytest.mark.parametrize("facts", [{"important": True}, {"direction": "upward"}, {"important": True, "kind": "决定"}])
def test_r04_what_needs_the_principal_leader_is_signed_by_nobody_else(cast, now, facts):
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(document, cast.head, now)
    agree(document, cast.vetter, now, **POINTS)
    Document.objects.filter(pk=document.pk).update(**facts)  # after the route had chosen its signer
    document.refresh_from_db()
    with pytest.raises(decide.DecisionRefused, match="须由主要负责人签发"):
        agree(document, cast.leader_in_charge, now, disclosure_confirmed=True)


@pytest.mark.parametrize("extra", [{}, {"disclosure_confirmed": False}, {"disclosure_confirmed": ""}])
def test_r48_the_signer_confirms_the_disclosure(cast, now, extra):
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(document, cast.head, now)
    agree(document, cast.vetter, now, **POINTS)
    with pytest.raises(decide.DecisionRefused, match="请确认公开属性"):
        agree(document, cast.leader_in_charge, now, **extra)


# --- R28, R29, R30: what a signature holds, the five points, three pairs of hands --------


def at_vetting(cast, now) -> Document:
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(document, cast.head, now)
    return document


@pytest.mark.parametrize("lacking", [{"decided_at": None}, {"content_hash": ""}, {"state": "returned", "opinion": ""}])
def test_r28_a_signature_without_its_day_its_text_or_its_reason_is_not_kept(cast, now, lacking):
    document = at_vetting(cast, now)
    step = Step.objects.get(run__subject_id=document.pk, approver=cast.head)
    assert (step.opinion, step.approver, step.decided_at) == ("同意", cast.head, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Step.objects.filter(pk=step.pk).update(**lacking)


def test_r28_a_name_alone_is_consent_and_kept_as_such(cast, now):
    document = draft(cast, now)
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    step = Step.objects.get(run__subject_id=document.pk, approver=cast.head)
    decide.circle(step, by=cast.head, now=now, seen=document.approval_hash())
    step.refresh_from_db()
    assert (step.consented, step.manner, step.opinion, step.decided_at) == (True, "circled", "", now)


@pytest.mark.parametrize(
    "confirmed",
    [
        {},
        dict.fromkeys(list(POINTS)[:4], True),
        {**POINTS, list(POINTS)[2]: ""},
        {**POINTS, list(POINTS)[4]: False},
    ],
)
def test_r29_vetting_takes_all_five_points(cast, now, confirmed):
    document = at_vetting(cast, now)
    with pytest.raises(decide.DecisionRefused, match="核稿五项须逐项确认"):
        agree(document, cast.vetter, now, **confirmed)
    step = Step.objects.get(run__subject_id=document.pk, approver=cast.vetter)
    assert (step.state, step.decided_at) == ("open", None)
    agree(document, cast.vetter, now, **POINTS)
    assert Step.objects.get(pk=step.pk).extra["five_points"] == list(POINTS)


def hands(document, cast, drafted, vetted, signed) -> None:
    """Who drafted the paper and who is asked to vet and to sign it, whatever the route said."""
    Document.objects.filter(pk=document.pk).update(drafter=cast.people[drafted])
    RoleHolding.objects.get_or_create(person=cast.people[vetted], role=Role.VETTER)
    for verb, name in (("vet", vetted), ("sign_off", signed)):
        Step.objects.filter(run__subject_id=document.pk, stage__verb=verb).update(approver=cast.people[name])
    document.refresh_from_db()


@pytest.mark.parametrize(
    ("drafted", "vetted", "signed", "said"),
    [
        ("vetter", "vetter", "leader_in_charge", "拟稿人与核稿人为同一人"),
        ("leader_in_charge", "vetter", "leader_in_charge", "拟稿人与签发人为同一人"),
        ("drafter", "leader_in_charge", "leader_in_charge", "核稿人与签发人为同一人"),
    ],
)
def test_r30_two_of_three_duties_in_one_hand_take_a_reason(cast, now, settings, drafted, vetted, signed, said):
    settings.FOUR_EYES = "override"
    document = at_vetting(cast, now)
    hands(document, cast, drafted, vetted, signed)
    who, extra = cast.people[vetted], POINTS
    if said.endswith("签发人为同一人"):
        agree(document, who, now, **extra)
        hands(document, cast, drafted, vetted, signed)
        who, extra = cast.people[signed], {"disclosure_confirmed": True}
    with pytest.raises(decide.DecisionRefused, match=f"{said}；确需如此的，请写明理由"):
        agree(document, who, now, **extra)
    agree(document, who, now, **extra, bypass_reason="仅一人在岗")
    assert list(Bypass.objects.values_list("rule", "what", "reason")) == [("R30", said, "仅一人在岗")]


def test_r30_three_people_are_asked_for_no_reason(cast, now, settings):
    settings.FOUR_EYES = "block"
    document = at_vetting(cast, now)
    sign(document, cast, now)
    assert (document.state, Bypass.objects.count()) == ("signed", 0)
