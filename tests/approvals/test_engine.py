"""The engine: one decision, one effect; never lost, doubled, or applied to another text than the one seen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from officehub.approvals import decide, halt
from officehub.approvals.asked import Choice
from officehub.approvals.models import Run, Step
from officehub.approvals.plan import NobodyFound, plan, route_for
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.notifications.models import Notice
from officehub.people.models import Delegation, Person, RoleHolding
from tests.approvals.conftest import open_step


def states(document):
    steps = Step.objects.filter(run__subject_id=document.pk).order_by("id")
    return list(steps.values_list("approver__username", "state"))


def test_stages_follow_each_other_and_the_last_agreement_settles(cast, route, submitted, agree, asked):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    assert asked(document) == ["head"]
    agree(document, cast.head)
    assert asked(document) == ["leader"]
    agree(document, cast.leader)
    assert (document.state, document.signed_by, decide.run_of(document).state) == ("signed", cast.leader, "agreed")
    assert not WorkItem.objects.filter(done_at=None, verb="review").exists()


def test_any_one_of_several_suffices_and_the_others_are_let_off(cast, route, submitted, agree, asked):
    cast.people["second"] = Person.objects.create(username="second", name="乙", department=cast.section)
    RoleHolding.objects.create(person=cast.second, role="vetter")
    route({"who": "role", "role": "vetter", "mode": "any"}, {"person": cast.leader})
    document = submitted()
    assert sorted(asked(document)) == ["second", "vetter"]
    agree(document, cast.second)
    assert sorted(states(document)) == [("leader", "open"), ("second", "agreed"), ("vetter", "cancelled")]
    assert WorkItem.objects.get(assignee=cast.vetter).outcome == "他人已办"


def test_all_means_all(cast, route, submitted, agree, asked):
    route({"who": "chosen_heads", "mode": "all"}, {"person": cast.mayor})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    agree(document, cast.head)
    assert asked(document) == ["countersigner"]
    agree(document, cast.countersigner)
    assert asked(document) == ["mayor"]


def test_a_return_needs_a_reason_and_ends_the_round_for_everybody(cast, route, submitted, now):
    route({"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[cast.bureau.pk, cast.section.pk])
    step = open_step(document, cast.head)
    with pytest.raises(decide.NeedsReason):
        decide.return_(step, by=cast.head, now=now, seen=document.approval_hash(), reason=" \n")
    decide.return_(step, by=cast.head, now=now, seen=document.approval_hash(), reason="依据不充分")
    document.refresh_from_db()
    assert document.state == "returned"
    assert sorted(states(document)) == [("countersigner", "cancelled"), ("head", "returned")]
    todo = WorkItem.objects.get(done_at=None)
    assert (todo.assignee, todo.verb, "依据不充分" in todo.source) == (cast.drafter, "revise", True)


def test_a_second_round_asks_again_and_keeps_the_opinions_of_the_first(cast, route, submitted, agree, asked, now):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    agree(document, cast.head)
    step = open_step(document, cast.leader)
    decide.return_(step, by=cast.leader, now=now, seen=document.approval_hash(), reason="请补充数据")
    document.refresh_from_db()
    submitted(document)
    assert (asked(document), decide.run_of(document).round) == (["head"], 2)
    kept = Step.objects.filter(run__subject_id=document.pk, round=1).order_by("id")
    assert list(kept.values_list("opinion", flat=True)) == ["同意", "请补充数据"]


def test_a_running_case_keeps_the_version_it_began_with(cast, route, submitted, agree, asked, now):
    first = route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    route({"person": cast.mayor})
    agree(document, cast.head)
    assert asked(document) == ["leader"]
    step = open_step(document, cast.leader)
    decide.return_(step, by=cast.leader, now=now, seen=document.approval_hash(), reason="退")
    document.refresh_from_db()
    submitted(document)
    assert (asked(document), decide.run_of(document).version) == (["head"], first)
    assert asked(submitted()) == ["mayor"]


def test_nobody_decides_on_a_text_that_has_changed(cast, route, submitted, now):
    route({"person": cast.head})
    document = submitted()
    seen = document.approval_hash()
    document.content = {**document.content, "body": "另一段话。"}
    document.save()
    step = open_step(document, cast.head)
    for deed in (
        lambda: decide.agree(step, by=cast.head, now=now, seen=seen),
        lambda: decide.return_(step, by=cast.head, now=now, seen=seen, reason="退"),
    ):
        with pytest.raises(decide.TextChanged):
            deed()
    assert states(document) == [("head", "open")]
    assert not Event.objects.filter(verb__in=["approval.agreed", "approval.returned"]).exists()


def test_an_opinion_is_kept_with_the_text_it_was_given_on(cast, route, submitted, agree):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    step = agree(document, cast.head)
    step.refresh_from_db()
    assert (step.content_hash, step.opinion) == (document.content_hash(), "同意")


def test_only_the_one_who_is_asked_may_decide(cast, route, submitted, now):
    route({"person": cast.head})
    document = submitted()
    with pytest.raises(TooLate):
        decide.agree(open_step(document, cast.head), by=cast.stranger, now=now, seen=document.approval_hash())
    assert states(document) == [("head", "open")]


def test_the_second_of_two_tabs_is_told_who_was_first(cast, route, submitted, agree, now):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    step = open_step(document, cast.head)
    agree(document, cast.head)
    with pytest.raises(TooLate) as late:
        decide.return_(step, by=cast.head, now=now, seen=document.approval_hash(), reason="退")
    assert (late.value.who, late.value.when, late.value.now_stands) == (cast.head, now, "审批中")
    assert states(document) == [("head", "agreed"), ("leader", "open")]


def test_the_drafter_may_take_back_until_somebody_has_decided(cast, route, submitted, agree, asked, now):
    route({"person": cast.head}, {"person": cast.leader})
    document = submitted()
    halt.withdraw(document, by=cast.drafter, now=now)
    move(document, "withdraw", by=cast.drafter, now=now)
    assert (asked(document), WorkItem.objects.get(assignee=cast.head).outcome) == ([], "已撤回")
    submitted(document)
    agree(document, cast.head)
    with pytest.raises(TooLate):
        halt.withdraw(document, by=cast.drafter, now=now)
    assert asked(document) == ["leader"]


def test_what_was_never_submitted_cannot_be_taken_back(cast, now):
    from documents import drafting
    from tests.cast import NOTICE

    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    with pytest.raises(TooLate):
        halt.withdraw(document, by=cast.drafter, now=now)


def test_the_same_person_in_the_next_stage_signs_once(cast, route, submitted, agree, asked):
    route({"person": cast.head}, {"person": cast.head}, {"person": cast.leader})
    document = submitted()
    agree(document, cast.head)
    assert asked(document) == ["leader"]
    merged = Step.objects.get(stage__order=2)
    assert (merged.state, merged.merged, merged.opinion) == ("agreed", True, "同意")
    assert WorkItem.objects.filter(assignee=cast.head).count() == 1


def test_a_stage_that_must_stay_apart_asks_the_same_person_again(cast, route, submitted, agree, asked):
    route({"person": cast.head}, {"person": cast.head, "merges": False})
    document = submitted()
    agree(document, cast.head)
    assert asked(document) == ["head"]


def test_with_all_only_those_who_signed_just_before_are_let_off(cast, route, submitted, agree, asked):
    route({"person": cast.head}, {"who": "chosen_heads", "mode": "all"})
    document = submitted(chosen=[cast.section.pk, cast.bureau.pk])
    agree(document, cast.head)
    assert "countersigner" in asked(document)
    agree(document, cast.countersigner)
    if asked(document):
        agree(document, cast.head)
    assert document.state == "signed"


def away(principal, delegate, now, **changes):
    today = timezone.localdate(now)
    return Delegation.objects.create(
        principal=principal, delegate=delegate, since=today, until=today + timedelta(days=3), reason="出差", **changes
    )


def test_while_somebody_is_away_their_delegate_is_asked_in_their_name(cast, route, submitted, agree, now):
    route({"person": cast.head}, {"person": cast.leader})
    away(cast.head, cast.stranger, now)
    document = submitted()
    item = WorkItem.objects.get()
    assert (item.assignee, item.acting_for) == (cast.stranger, cast.head)
    agree(document, cast.stranger)
    event = Event.objects.get(verb="approval.agreed")
    assert (event.actor, event.acting_for) == (cast.stranger, cast.head)


def test_one_delegate_of_two_has_two_errands_and_decides_each(cast, route, submitted, agree, asked, now):
    route({"who": "chosen_heads", "mode": "all"}, {"person": cast.mayor})
    away(cast.head, cast.stranger, now)
    away(cast.countersigner, cast.stranger, now)
    document = submitted(chosen=[cast.section.pk, cast.bureau.pk])
    assert asked(document) == ["stranger", "stranger"]
    assert WorkItem.objects.todo(cast.stranger).count() == 2
    for step in Step.objects.filter(approver=cast.stranger).order_by("id"):
        decide.agree(step, by=cast.stranger, now=now, seen=document.approval_hash())
    assert asked(document) == ["mayor"]
    assert WorkItem.objects.todo(cast.stranger).count() == 0


def test_a_delegate_who_is_asked_as_well_has_both_errands(cast, route, submitted, asked, now):
    route({"who": "chosen_heads", "mode": "all"})
    away(cast.head, cast.countersigner, now)
    document = submitted(chosen=[cast.section.pk, cast.bureau.pk])
    assert asked(document) == ["countersigner", "countersigner"]
    kept = Step.objects.filter(run__subject_id=document.pk).values_list("acting_for__username", flat=True)
    assert set(kept) == {"head", None}


def test_a_delegation_that_is_over_changes_nothing(cast, route, submitted, asked, now):
    route({"person": cast.head})
    away(cast.head, cast.stranger, now - timedelta(days=30))
    assert asked(submitted()) == ["head"]


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        ({"who": "role", "role": "supervisor"}, "“第2关”：角色“督查员”无人"),
        ({"who": "chosen_heads", "mode": "all"}, "“第2关”：请选择会签部门"),
    ],
)
def test_a_stage_without_anybody_is_found_before_anything_is_written(cast, route, submitted, stage, says):
    route({"person": cast.head}, stage)
    with pytest.raises(NobodyFound) as found:
        submitted()
    assert [said.startswith(says) for said in found.value.lacking] == [True]
    assert (Run.objects.count(), Step.objects.count(), WorkItem.objects.count(), Notice.objects.count()) == (0, 0, 0, 0)


def test_a_chosen_department_without_a_head_is_named(cast, route, submitted):
    route({"who": "chosen_heads", "mode": "all", "may_skip_if_nobody": True})
    with pytest.raises(NobodyFound, match="信息科没有在任负责人"):
        submitted(chosen=[cast.bureau.pk, cast.other_section.pk])


def test_a_person_who_has_left_is_nobody(cast, route, submitted):
    cast.head.is_active = False
    cast.head.save()
    route({"person": cast.head})
    with pytest.raises(NobodyFound):
        submitted()


def test_a_stage_that_may_be_empty_is_left_out_only_when_it_is(cast, route, submitted, asked, agree):
    route(
        {"who": "role", "role": "supervisor", "may_skip_if_nobody": True},
        {"who": "role", "role": "vetter", "may_skip_if_nobody": True},
        {"who": "chosen_heads", "may_skip_if_nobody": True},
        {"person": cast.leader},
    )
    document = submitted()
    assert asked(document) == ["vetter"]
    agree(document, cast.vetter)
    assert asked(document) == ["leader"]


def test_stages_whose_condition_fails_are_passed_over(cast, route, submitted, asked):
    route(
        {"person": cast.head, "condition": [{"fact": "kind", "in": ["请示"]}]},
        {"person": cast.vetter, "condition": [{"fact": "kind", "in": ["通知"]}]},
    )
    assert asked(submitted()) == ["vetter"]


def test_the_first_route_whose_condition_holds_is_taken(cast, route, submitted, asked):
    route({"person": cast.mayor}, condition=[{"fact": "kind", "is": "请示"}])
    assert asked(submitted()) == ["head"]


def test_a_plan_says_who_and_by_when_and_writes_nothing(cast, route, now, django_assert_max_num_queries):
    from documents import drafting
    from tests.cast import NOTICE

    route({"person": cast.head, "limit_value": 1}, {"person": cast.leader, "limit_value": 2})
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    planned = plan(document, route_for(document), Choice(), now)
    assert [(stage.people, timezone.localdate(stage.due_at).isoformat()) for stage in planned] == [
        ([cast.head], "2026-11-24"),
        ([cast.leader], "2026-11-26"),
    ]
    assert not Step.objects.exists()
