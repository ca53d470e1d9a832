"""R50, R51: a normative paper is signed after its legality review, one that affects business after the fair-competition
review, each of the very text; and whoever submits it learns beforehand when its route has no such stage."""

from datetime import timedelta

import pytest

from documents import drafting
from documents.consulting import gates, rounds
from documents.consulting.gates import FAIR_COMPETITION, LEGALITY
from documents.models import Document
from documents.outlook import outlook
from officehub.approvals import decide
from officehub.approvals.asked import Choice
from officehub.approvals.decide import DecisionRefused
from officehub.approvals.models import Permit, Step
from officehub.approvals.plan import NobodyFound
from officehub.approvals.take_back import take_back
from tests.cast import NOTICE

LAWFUL = {**dict.fromkeys(LEGALITY.points, True), "conclusion": "lawful"}
FAIR = {**dict.fromkeys(FAIR_COMPETITION.points, True), "conclusion": "conform"}
IN_TIME = timedelta(days=7)  # five working days later


@pytest.fixture
def reviewed_route(cast, route):
    """Legality beside fair competition, then sign-off; and an editor in between."""

    def make(**legality):
        return route(
            {"person": cast.head, "name": "合法性审核", "verb": "legality", "branch": "甲", "merges": False, **legality,
             "condition": [{"fact": "normative", "is": True}]},
            {"person": cast.countersigner, "name": "公平竞争审查", "verb": "fair_competition", "branch": "乙",
             "merges": False, "condition": [{"fact": "affects_business", "is": True}]},
            {"person": cast.reader, "name": "修改", "permits": [Permit.EDIT, Permit.RETURN]},
            {"person": cast.leader, "name": "签发", "verb": "sign_off", "merges": False},
        )  # fmt: skip

    return make


@pytest.fixture
def paper(cast, now):
    def made(**flags) -> Document:
        document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE, **flags)
        drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
        return document

    return made


def step_of(document, who) -> Step:
    steps = Step.objects.select_related("run__parent", "visit", "stage")
    return steps.get(run__subject_id=document.pk, approver=who, state="open")


def says(document, who, at, opinion="同意", **extra) -> Step:
    step = step_of(document, who)
    decide.agree(step, by=who, now=at, seen=document.approval_hash(), opinion=opinion, extra=extra)
    document.refresh_from_db()
    return step


def test_a_review_states_every_point_and_its_conclusion(cast, now, reviewed_route, paper):
    reviewed_route()
    document, at = paper(normative=True), now + IN_TIME
    with pytest.raises(DecisionRefused, match="请选择合法性审核的结论"):
        says(document, cast.head, at, **{**LAWFUL, "conclusion": ""})
    with pytest.raises(DecisionRefused, match="尚缺：符合规范性文件制定程序"):
        says(document, cast.head, at, **{**LAWFUL, "procedure": False})
    with pytest.raises(DecisionRefused, match="写明意见退回"):
        says(document, cast.head, at, **{**LAWFUL, "conclusion": "unlawful"})
    step = says(document, cast.head, at, **LAWFUL)
    step.refresh_from_db()
    assert step.extra["gate"] == {"verb": "legality", "conclusion": "lawful", "points": list(LEGALITY.points)}


@pytest.mark.parametrize(("days", "hasty"), [(0, True), (4, True), (7, False)])  # Monday, Friday, Monday after
def test_a_review_sooner_than_the_least_time_takes_a_reason(cast, now, reviewed_route, paper, days, hasty):
    reviewed_route()
    document, at = paper(normative=True), now + timedelta(days=days)
    if hasty:
        with pytest.raises(DecisionRefused, match="一般不少于5个工作日"):
            says(document, cast.head, at, **LAWFUL)
    step = says(document, cast.head, at, **LAWFUL, haste="应对寒潮")
    step.refresh_from_db()
    assert step.extra["gate"].get("haste") == ("应对寒潮" if hasty else None)


def test_an_exemption_names_its_clause(cast, now, reviewed_route, paper):
    reviewed_route()
    document = paper(affects_business=True)
    exempt = {**FAIR, "conclusion": "exempt"}
    with pytest.raises(DecisionRefused, match="第十二条的哪一项"):
        says(document, cast.countersigner, now, **exempt)
    step = says(document, cast.countersigner, now, **exempt, clause="3")
    step.refresh_from_db()
    assert (step.extra["gate"]["conclusion"], step.extra["gate"]["clause"]) == ("exempt", "3")
    assert gates.told(step)[0] == "结论：适用例外规定（第十二条）"


def test_both_reviews_and_the_paper_is_signed(cast, now, reviewed_route, paper):
    reviewed_route()
    document, at = paper(normative=True, affects_business=True), now + IN_TIME
    says(document, cast.head, at, **LAWFUL)
    says(document, cast.countersigner, at, **FAIR)
    says(document, cast.reader, at)
    says(document, cast.leader, at, disclosure_confirmed=True)
    assert document.state == "signed"


def test_a_text_changed_after_its_review_is_not_signed(cast, now, reviewed_route, paper, edit):
    reviewed_route(if_changed="keep")
    document, at = paper(normative=True), now + IN_TIME
    says(document, cast.head, at, **LAWFUL)
    edit(document, cast.reader, "改了。")
    says(document, cast.reader, at)
    with pytest.raises(DecisionRefused, match="规范性文件须经合法性审核：现文稿还没有通过"):
        says(document, cast.leader, at, disclosure_confirmed=True)


def test_where_the_stage_wants_it_a_changed_text_is_reviewed_again(cast, now, reviewed_route, paper, edit):
    reviewed_route()
    document, at = paper(normative=True), now + IN_TIME
    says(document, cast.head, at, **LAWFUL)
    edit(document, cast.reader, "改了。")
    says(document, cast.reader, at)  # who has it finishes first; then it goes back to the reviewer
    says(document, cast.head, at, **LAWFUL, haste="只改了一句")
    says(document, cast.leader, at, disclosure_confirmed=True)
    assert document.state == "signed"


def test_asking_for_opinions_replaces_no_review(cast, now, route, draft):
    route(
        {"person": cast.vetter, "name": "核稿", "verb": "vet"},
        {"person": cast.leader, "name": "签发", "verb": "sign_off", "merges": False},
    )
    Document.objects.filter(pk=draft.pk).update(normative=True)
    draft.refresh_from_db()
    rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau])
    assert [line[:5] for line in gates.unmet(draft)] == ["规范性文件"]


@pytest.mark.parametrize("flag", ["normative", "affects_business"])
def test_a_route_without_the_review_is_said_before_submitting(cast, now, draft, flag):
    Document.objects.filter(pk=draft.pk).update(**{flag: True})
    draft.refresh_from_db()
    with pytest.raises(NobodyFound, match="“发文”没有"):
        outlook(draft, Choice(), now)
    with pytest.raises(NobodyFound, match="“发文”没有"):
        drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    draft.refresh_from_db()
    assert draft.state == "drafting"


def test_a_review_after_sign_off_is_none(cast, now, route, draft):
    version = route(
        {"person": cast.leader, "name": "签发", "verb": "sign_off"},
        {"person": cast.head, "name": "合法性审核", "verb": "legality"},
    )
    draft.normative = True
    assert len(gates.missing(draft, version)) == 1


def test_a_review_taken_back_does_not_count(cast, now, reviewed_route, paper):
    reviewed_route()
    document, at = paper(normative=True), now + IN_TIME
    step = says(document, cast.head, at, **LAWFUL)
    assert gates.unmet(document) == []
    step.refresh_from_db()
    take_back(step, by=cast.head, now=at)
    assert len(gates.unmet(document)) == 1


def test_a_review_carried_over_a_return_still_counts(cast, now, reviewed_route, paper):
    reviewed_route()
    document, at = paper(normative=True), now + IN_TIME
    says(document, cast.head, at, **LAWFUL)
    step = step_of(document, cast.reader)
    decide.return_(step, by=cast.reader, now=at, seen=document.approval_hash(), reason="补充附件", straight=True)
    document.refresh_from_db()
    drafting.submit(document, by=cast.drafter, now=at, chosen=[], reasons={})
    document.refresh_from_db()
    assert gates.unmet(document) == []


def test_a_review_that_might_be_passed_unseen_is_said_beforehand(cast, now, reviewed_route, draft):
    version = reviewed_route(merges=True)
    draft.normative = True
    assert ["不应免签" in line for line in gates.missing(draft, version)] == [True]
