"""R12: each department whose powers are touched has countersigned or was asked, and what it said was dealt with."""

from datetime import timedelta

import pytest

from documents import drafting
from documents.consulting import answers, concerns, rounds, settling
from documents.models import Consulted
from officehub.approvals.decide import DecisionRefused, disagree
from officehub.approvals.models import Step
from officehub.moves import TooLate, events_of

POINTS = dict.fromkeys(("reason", "content", "consultation", "form", "other"), True)


@pytest.fixture
def concerned(cast, now, draft):
    settling.state_concerns(draft, [cast.bureau], by=cast.drafter, now=now)
    return draft


@pytest.fixture
def settled(cast, now):
    def done(one: Consulted, decision: str, explanation: str = "", **talks) -> None:
        settling.settle(one, by=cast.drafter, now=now, decision=decision, explanation=explanation, **talks)

    return done


def sign(document, cast, now, agree, chosen=()):
    drafting.submit(document, by=cast.drafter, now=now, chosen=list(chosen), reasons={})
    agree(document, cast.head)
    if chosen:
        agree(document, cast.countersigner)
    agree(document, cast.vetter, **POINTS)
    agree(document, cast.leader_in_charge, disclosure_confirmed=True)


def test_without_countersignature_or_answer_it_is_not_signed(cast, now, concerned, agree):
    with pytest.raises(DecisionRefused, match="市财政局既没有会签，也没有征求意见"):
        sign(concerned, cast, now, agree)
    concerned.refresh_from_db()
    assert concerned.state == "in_approval"


def test_a_countersignature_suffices(cast, now, concerned, agree):
    sign(concerned, cast, now, agree, chosen=[cast.bureau.pk])
    assert concerned.state == "signed"


def test_no_objection_or_silence_suffices_and_no_answer_yet_does_not(now, concerned, sent, say):
    assert concerns.unmet(concerned) == ["市财政局还没有答复（条例 第十六条(四)、第二十条）。"]
    answers.lapse(now + timedelta(days=10))
    assert concerns.unmet(concerned) == []
    say("市财政局", "none", at=now + timedelta(days=11))
    assert concerns.unmet(concerned) == []


def test_an_opinion_must_be_settled_and_explained_unless_adopted(concerned, say, settled):
    one = say("市财政局", "suggest", "第一部分改为三日内。")
    assert ["市财政局的意见还没有处理" in line for line in concerns.unmet(concerned)] == [True]
    with pytest.raises(DecisionRefused, match="须作出说明"):
        settled(one, "rejected")
    settled(one, "adopted")
    assert concerns.unmet(concerned) == []
    settled(one, "rejected", "五日是省里的规定。")
    assert concerns.unmet(concerned) == []
    assert [event.facts["decision"] for event in events_of(concerned).filter(verb="consult_settled")] == [
        "adopted", "rejected",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "direction", "kept"),
    [("agreed", "downward", False), ("ruled", "downward", False), ("failed", "downward", True),
     ("failed", "parallel", False)],
)  # fmt: skip
def test_a_disagreement_is_talked_over_and_without_agreement_nothing_goes_down(
    concerned, say, settled, outcome, direction, kept
):
    one = say("市财政局", "object", "没有预算。")
    with pytest.raises(DecisionRefused, match="协商"):
        settled(one, "rejected", "确有必要。")
    settled(one, "rejected", "确有必要。", talks="两次协商。", outcome=outcome)
    concerned.direction = direction
    assert bool(concerns.unmet(concerned)) == kept


def test_a_disagreement_that_was_adopted_needs_no_talks(concerned, say, settled):
    settled(say("市财政局", "object", "没有预算。"), "adopted")
    assert concerns.unmet(concerned) == []


def test_who_was_asked_without_being_concerned_is_answered_all_the_same(draft, say, settled):
    one = say("市水利局", "suggest", "补充水源保护。")
    assert ["市水利局的意见还没有处理" in line for line in concerns.unmet(draft)] == [True]
    settled(one, "partly", "第三条已写。")
    assert concerns.unmet(draft) == []


def test_the_answer_of_a_withdrawn_round_counts_for_nothing(cast, now, concerned, sent, say):
    say("市财政局", "none")
    rounds.withdraw(sent, by=cast.drafter, now=now, reason="另行起草")
    assert ["既没有会签" in line for line in concerns.unmet(concerned)] == [True]


def test_the_last_round_counts(cast, now, concerned, sent, say, settled):
    settled(say("市财政局", "object", "没有预算。"), "rejected", "有必要。", talks="谈过。", outcome="failed")
    assert concerns.unmet(concerned)
    second = rounds.open_round(concerned, by=cast.drafter, now=now, departments=[cast.bureau])
    answers.answer(second.asked.get(), by=cast.countersigner, now=now, said="none")
    assert concerns.unmet(concerned) == []


def test_a_disagreement_at_countersigning_is_explained_by_talks(cast, now, concerned, agree):
    from officehub.approvals.models import Route

    Route.objects.update(is_active=False)
    countersigned_route(cast, now)
    drafting.submit(concerned, by=cast.drafter, now=now, chosen=[cast.bureau.pk], reasons={})
    step = Step.objects.get(approver=cast.countersigner, state="open")
    disagree(step, by=cast.countersigner, now=now, seen=concerned.approval_hash(), opinion="没有预算。")
    agree(concerned, cast.vetter, **POINTS)
    with pytest.raises(DecisionRefused, match="市财政局不同意，须充分协商"):
        agree(concerned, cast.leader_in_charge, disclosure_confirmed=True)
    settling.note_talks(concerned.concerns.get(), by=cast.drafter, now=now, talks="已改写。", outcome="agreed")
    agree(concerned, cast.leader_in_charge, disclosure_confirmed=True)
    assert concerned.state == "signed"


def countersigned_route(cast, now) -> None:
    from django.contrib.contenttypes.models import ContentType

    from documents.models import Document
    from officehub.approvals.models import Route, RouteVersion
    from officehub.approvals.models import Stage as S

    made = Route.objects.create(name="可不同意", subject_type=ContentType.objects.get_for_model(Document), priority=1)
    version = RouteVersion.objects.create(route=made, number=1)
    rows = [
        {"name": "会签", "verb": "countersign", "who": "chosen_heads", "mode": "all", "dissent": "record"},
        {"name": "核稿", "verb": "vet", "who": "person", "person": cast.vetter, "merges": False},
        {"name": "签发", "verb": "sign_off", "who": "person", "person": cast.leader_in_charge, "merges": False},
    ]
    for order, fields in enumerate(rows, 1):
        S.objects.create(version=version, order=order, **fields)
    RouteVersion.objects.filter(pk=version.pk).update(published_at=now)


def test_what_is_foreseen_leaves_out_who_will_countersign(cast, concerned):
    assert concerns.foreseen(concerned, [cast.bureau.pk]) == []
    assert ["市财政局既没有会签" in line for line in concerns.foreseen(concerned, [])] == [True]


def test_concerns_are_stated_while_writing_and_by_the_drafter_only(cast, now, concerned):
    with pytest.raises(TooLate):
        settling.state_concerns(concerned, [], by=cast.head, now=now)
    settling.state_concerns(concerned, [], by=cast.drafter, now=now)
    assert concerned.concerns.count() == 0
    drafting.submit(concerned, by=cast.drafter, now=now, chosen=[], reasons={})
    with pytest.raises(TooLate):
        settling.state_concerns(concerned, [cast.bureau], by=cast.drafter, now=now)


def test_nothing_is_settled_once_it_is_signed(cast, now, draft, sent, say, settled, agree):
    one = say("市财政局", "suggest", "改为三日内。")
    settled(one, "adopted")
    sign(draft, cast, now, agree)
    with pytest.raises(TooLate):
        settled(one, "rejected", "不改了。")
