"""报进展、分解、延期、核验、重办、催办: each deed and each refusal."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.approvals.models import Route, Run
from officehub.inbox.hand_over import HandoverRefused, hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.grants import explain
from officehub.people.models import Appointment, Post, Role, RoleHolding
from officehub.workdays.change import set_days
from officehub.workdays.models import MovedLimit
from tasks import accept, assign, chasing, duties, extending, reporting, verify
from tasks.course import lines
from tasks.deeds import Mine, open_to
from tasks.limits import Limit, soon
from tasks.models import Extension, Signal, Task
from tests.calendar_changes import settle
from tests.cast import person
from tests.tasks.conftest import DAY, HOUR, asked, text_file

# --- progress -------------------------------------------------------------------------------------------------------


def test_progress_goes_on_and_back_only_with_a_reason(steps):
    task = steps.under_way()
    steps.report(task, 60)
    with pytest.raises(DecisionRefused, match="由 60% 回退到 40%"):
        steps.report(task, 40, "重新核对。")
    steps.report(task, 40, "重新核对。", back_reason="口径有误")
    assert list(task.reports.values_list("percent", "back_reason")) == [(60, ""), (40, "口径有误")]
    task.refresh_from_db()
    assert task.percent == 40


@pytest.mark.parametrize(
    ("percent", "text", "said"), [(101, "好", "0 到 100"), (-1, "好", "0 到 100"), (5, " ", "进展")]
)
def test_what_is_no_progress_is_refused(steps, percent, text, said):
    with pytest.raises(DecisionRefused, match=said):
        steps.report(steps.under_way(), percent, text)


def test_only_who_does_it_reports(steps, cast):
    with pytest.raises(TooLate):
        steps.report(steps.under_way(), by=cast.countersigner)
    with pytest.raises(TooLate):
        steps.report(steps.allocated())


def test_the_same_report_is_kept_once(steps):
    task = steps.under_way()
    steps.report(task)
    with pytest.raises(DecisionRefused, match="已经报过"):
        steps.report(task)


# --- parts ----------------------------------------------------------------------------------------------------------


def test_the_whole_waits_for_its_parts(steps, cast, now):
    whole = steps.under_way()
    part = steps.part(whole)
    with pytest.raises(DecisionRefused, match="子任务尚未全部办结（交办〔2026〕2号）"):
        verify.submit(whole, by=cast.reader, now=now, text="已完成。")
    steps.cancel(part)
    steps.part_closed(whole)
    verify.submit(whole, by=cast.reader, now=now, text="已完成。")
    verify.close(whole, by=cast.mayor, now=now)


def test_parts_are_so_many_levels_deep(steps, settings, cast):
    settings.TASK_MAX_DEPTH = 1
    part = steps.part(steps.under_way())
    part = accept.accept(part, by=cast.drafter, now=steps.now)
    with pytest.raises(DecisionRefused, match="最多分解 1 级"):
        steps.written(parent=part, by=cast.drafter)


def test_a_task_nobody_does_is_not_split(steps, cast):
    with pytest.raises(TooLate):
        steps.part(steps.assigned())


def test_a_closed_part_is_not_taken_up_under_a_whole_that_is_handed_in(steps, cast, now):
    whole = steps.under_way()
    part = steps.part_closed(whole)
    verify.submit(whole, by=cast.reader, now=now, text="已完成。")
    with pytest.raises(DecisionRefused, match="上级任务不在办理中"):
        verify.reopen(part, by=cast.reader, now=now, reason="有误")


# --- extensions -----------------------------------------------------------------------------------------------------


def test_an_extension_moves_the_limit_and_keeps_the_first(steps, cast):
    task = steps.under_way()
    first = task.first_due_at
    extension = steps.extension(task)
    assert (asked("task_extend"), extension.was_due_at, extension.was_signal) == ({"mayor"}, first, "on_track")
    steps.decide(extension, words="同意，抓紧。")
    task.refresh_from_db()
    extension.refresh_from_db()
    assert (timezone.localdate(task.due_at), task.first_due_at, task.extended) == (date(2026, 12, 20), first, 1)
    assert (extension.state, extension.answer, extension.decided_by) == ("granted", "同意，抓紧。", cast.mayor)
    assert WorkItem.objects.get(verb="task_do", done_at=None).due_at == task.due_at
    late = first + HOUR
    assert (task.is_overdue(late), task.is_past_original(late)) == (False, True)


def test_it_is_refused_with_a_reason_and_the_limit_stays(steps, cast):
    task = steps.under_way()
    extension = steps.extension(task)
    with pytest.raises(NeedsReason):
        steps.decide(extension, agreed=False)
    steps.decide(extension, agreed=False, words="时间足够。")
    task.refresh_from_db()
    extension.refresh_from_db()
    assert (extension.state, extension.answer, task.due_at, task.extended) == (
        "refused",
        "时间足够。",
        task.first_due_at,
        0,
    )
    assert asked("task_extend") == set()
    steps.extension(task, reason="再次申请。")  # a refusal is not the end of asking


def test_it_is_asked_before_the_limit_passes_or_not_at_all(steps):
    task = steps.under_way()
    after = task.due_at + timedelta(seconds=1)
    with pytest.raises(DecisionRefused, match="时限已过，不能再申请延期"):
        steps.extension(task, date(2027, 1, 5), now=after)
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.create(
            task=task, until=date(2027, 1, 5), reason="补", was_due_at=task.due_at, was_signal=Signal.OVERDUE,
            by=steps.cast.reader, at=after,
        )  # fmt: skip


def test_it_is_for_a_later_day_one_at_a_time_by_the_doer(steps, cast):
    task = steps.under_way()
    with pytest.raises(DecisionRefused, match="须晚于"):
        steps.extension(task, date(2026, 12, 10))
    with pytest.raises(NeedsReason):
        steps.extension(task, reason=" ")
    with pytest.raises(TooLate):
        steps.extension(task, by=cast.countersigner)
    steps.extension(task)
    with pytest.raises(DecisionRefused, match="已有一个延期申请待批"):
        steps.extension(task)


def test_a_part_does_not_end_after_the_whole(steps, cast):
    whole = steps.under_way()
    part = steps.part(whole)
    accept.accept(part, by=cast.drafter, now=steps.now)
    with pytest.raises(DecisionRefused, match="不能晚于上级任务的时限"):
        steps.extension(part, by=cast.drafter)


def test_nobody_agrees_to_their_own_extension(steps, cast):
    task = steps.assigned(by=cast.countersigner, verifier=cast.mayor, lead_person=cast.countersigner)
    task = accept.accept(task, by=cast.countersigner, now=steps.now)
    steps.extension(task, by=cast.countersigner)
    assert asked("task_extend") == {"mayor"}


def test_nobody_comes_to_agree_to_what_they_ask_for_by_a_hand_over(steps, cast, now):
    extension = steps.extension(steps.under_way(verifier=cast.leader))
    hand_over(cast.reader, cast.mayor, by=cast.sys_admin, now=now)
    extension.refresh_from_db()
    with pytest.raises(DecisionRefused, match="不再担任这一环节的职务"):
        steps.decide(extension)
    extending.withdraw_extension(extension, by=cast.mayor, now=now)
    assert Extension.objects.get().state == "withdrawn"


def test_an_extension_does_not_move_a_limit_back_nor_to_a_day_that_is_over(steps, cast, now):
    task = steps.under_way()
    extension = steps.extension(task)
    with pytest.raises(DecisionRefused, match="申请延至的日期已过"):
        steps.decide(extension, now=now + 40 * DAY)
    assign.redate(task, by=cast.mayor, now=now, day=date(2026, 12, 30), reason="省里推迟")
    extension.refresh_from_db()
    with pytest.raises(DecisionRefused, match="不必延期"):
        steps.decide(extension)
    task.refresh_from_db()
    assert (timezone.localdate(task.due_at), Extension.objects.get().state) == (date(2026, 12, 30), "asked")


def test_who_gave_a_task_and_does_it_does_not_move_its_limit(steps, cast, now):
    task = steps.assigned(by=cast.countersigner, verifier=cast.mayor, lead_person=cast.countersigner)
    task = accept.accept(task, by=cast.countersigner, now=now)
    with pytest.raises(DecisionRefused, match="承办人本人不能调整"):
        assign.redate(task, by=cast.countersigner, now=now, day=date(2026, 12, 30), reason="来不及")
    assert "redate" not in open_to(Mine(task, cast.countersigner, now))


def test_without_a_route_the_request_is_refused_whole(steps):
    Route.objects.filter(name="任务延期").update(is_active=False)
    with pytest.raises(DecisionRefused, match="没有适用的审批流程"):
        steps.extension()
    assert not Extension.objects.exists()


def test_handing_in_ends_the_request(steps, cast, now):
    task = steps.under_way()
    extension = steps.extension(task)
    verify.submit(task, by=cast.reader, now=now, text="已完成。")
    extension.refresh_from_db()
    assert (extension.state, Run.objects.get().state, asked("task_extend")) == ("lapsed", "terminated", set())


def test_who_asked_withdraws(steps, cast, now):
    extension = steps.extension()
    with pytest.raises(TooLate):
        extending.withdraw_extension(extension, by=cast.mayor, now=now)
    extending.withdraw_extension(extension, by=cast.reader, now=now)
    assert (Extension.objects.get().state, asked("task_extend")) == ("withdrawn", set())


# --- verifying ------------------------------------------------------------------------------------------------------


def test_it_is_verified_by_another_than_the_doer(steps, cast, now):
    task = steps.submitted()
    with pytest.raises(DecisionRefused, match="承办人以外的人"):
        verify.close(task, by=cast.reader, now=now)
    with pytest.raises(TooLate):
        verify.close(task, by=cast.countersigner, now=now)
    task = verify.close(task, by=cast.mayor, now=now)
    assert (task.closed_by, asked()) == (cast.mayor, set())
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(closed_by=cast.reader)


def test_what_was_asked_as_proof_must_come(steps, cast, now):
    task = steps.under_way(evidence_file=True)
    with pytest.raises(DecisionRefused, match="须附佐证材料"):
        verify.submit(task, by=cast.reader, now=now, text="已完成。")
    verify.submit(task, by=cast.reader, now=now, text="已完成。", files=[text_file()])


def test_those_who_assist_are_heard_or_let_go(steps, cast, now):
    task = steps.under_way(assisting_units=[cast.section])
    with pytest.raises(DecisionRefused, match="综合科尚未报协办情况"):
        verify.submit(task, by=cast.reader, now=now, text="已完成。")
    verify.submit(task, by=cast.reader, now=now, text="已完成。", without_parts=True)
    assert asked("task_assist") == set()


def test_returned_and_counted(steps, cast, now):
    task = steps.under_way()
    steps.report(task, 70)
    verify.submit(task, by=cast.reader, now=now, text="已完成。")
    with pytest.raises(NeedsReason):
        verify.return_(task, by=cast.mayor, now=now, reason="")
    task = verify.return_(task, by=cast.mayor, now=now, reason="缺数据。")
    assert (task.state, task.returned, task.percent, asked()) == ("in_progress", 1, 70, {"reader"})


def test_what_was_handed_in_is_taken_back(steps, cast, now):
    task = verify.withdraw(steps.submitted(), by=cast.reader, now=now)
    assert (task.state, asked("task_verify"), asked("task_do")) == ("in_progress", set(), {"reader"})


def test_reopened_and_counted_with_a_new_limit(steps, cast, now):
    task = steps.closed()
    later = task.due_at + DAY
    with pytest.raises(DecisionRefused, match="重新办理的时限"):
        verify.reopen(task, by=cast.mayor, now=later, reason="群众又反映。")
    task = verify.reopen(task, by=cast.mayor, now=later, reason="群众又反映。", day=date(2026, 12, 30))
    assert (task.state, task.reopened, task.closed_at, asked("task_do")) == ("in_progress", 1, None, {"reader"})
    assert timezone.localdate(task.first_due_at) == date(2026, 12, 10)


def test_when_the_doer_has_left_the_head_names_another(steps, cast, now):
    task = steps.closed()
    hand_over(cast.reader, cast.countersigner, by=cast.sys_admin, now=now, deactivate=True)
    task = verify.reopen(task, by=cast.mayor, now=now, reason="有误。")
    assert (task.state, task.lead_person, asked("task_allocate")) == ("assigned", None, {"countersigner"})


def test_a_task_taken_up_again_is_the_verifier_s_once_the_assigner_has_left(steps, cast, now):
    task = steps.under_way(verifier=cast.leader)
    verify.submit(task, by=cast.reader, now=now, text="方案已报送。")
    task = verify.close(task, by=cast.leader, now=now)
    hand_over(cast.mayor, cast.head, by=cast.sys_admin, now=now, deactivate=True)
    task = verify.reopen(task, by=cast.leader, now=now, reason="有误。")
    task.refresh_from_db()
    assert task.assigner == cast.leader


# --- chasing, lights, calendar --------------------------------------------------------------------------------------


def test_whoever_has_it_is_chased_but_not_twice_within_the_pause(steps, cast, now):
    task = steps.under_way()
    assert chasing.chase(task, by=cast.mayor, now=now, words="请抓紧") == [cast.reader]
    with pytest.raises(DecisionRefused, match="4小时内已催办过"):
        chasing.chase(task, by=cast.mayor, now=now + HOUR)
    assert chasing.chase(task, by=cast.mayor, now=now + 5 * HOUR) == [cast.reader]
    with pytest.raises(DecisionRefused, match="不在他人手上"):
        chasing.chase(steps.submitted(), by=cast.mayor, now=now)
    with pytest.raises(TooLate):
        chasing.chase(steps.closed(), by=cast.mayor, now=now)


def test_how_a_task_stands_is_derived(steps, now):
    task = steps.under_way()
    for moment, signal in ((now, "on_track"), (now + 15 * DAY, "due_soon"), (task.due_at + HOUR, "overdue")):
        assert task.signal(moment, soon(moment)) == signal
    assert steps.closed().signal(now + 90 * DAY, now) == "closed_on_time"
    assert steps.written().signal(now, now) == "none"


def test_a_provisional_limit_is_counted_again_when_the_calendar_is_known(steps, now):
    task = steps.under_way(limit=Limit(30, "working_days"))
    assert (timezone.localdate(task.due_at), task.due_provisional) == (date(2027, 1, 4), True)
    set_days(
        {
            date(2027, 1, 1) + n * DAY: {"is_workday": n > 4, "name": "元旦" if n < 5 else "",
                                         "source": "国务院办公厅通知", "confirmed": True, "is_local": False}
            for n in range(10)
        },
        by=None, now=now + timedelta(minutes=1),
    )  # fmt: skip
    settle(now + timedelta(hours=1))
    first, task = task.first_due_at, Task.objects.get(pk=task.pk)
    assert (timezone.localdate(task.due_at), task.due_provisional) == (date(2027, 1, 7), False)
    assert task.first_due_at == first
    assert WorkItem.objects.get(verb="task_do").due_at == task.due_at
    moved = MovedLimit.objects.get()
    assert (moved.subject, moved.reference) == (task, task.number)
    assert set(moved.people.all()) == {task.assigner, task.lead_person}
    assert "由 2027年1月4日 改为 2027年1月7日" in [line.note for line in lines(task, {})]


# --- leaving, and other heads ---------------------------------------------------------------------------------------


def test_a_leaver_s_tasks_are_the_receiver_s(steps, cast, now):
    task = steps.under_way()
    steps.extension(task)
    proof = hand_over(cast.reader, cast.countersigner, by=cast.sys_admin, now=now)
    task.refresh_from_db()
    assert (task.lead_person, proof.counts["task"], asked("task_do")) == (cast.countersigner, 1, {"countersigner"})
    assert Extension.objects.get().by == cast.countersigner


def test_nobody_comes_to_verify_what_they_do(steps, cast, now):
    task = steps.to_person(by=cast.head)
    cast.section.leader_in_charge = None
    cast.section.save()
    with pytest.raises(HandoverRefused, match="先改派这项任务"):
        hand_over(cast.head, cast.drafter, by=cast.sys_admin, now=now)
    task.refresh_from_db()
    assert task.verifier == cast.head


def test_who_is_above_verifies_what_the_receiver_does(steps, cast, now):
    task = steps.doing()
    hand_over(cast.head, cast.drafter, by=cast.sys_admin, now=now)
    task.refresh_from_db()
    assert (task.assigner, task.verifier) == (cast.drafter, cast.leader_in_charge)


def test_the_new_head_is_asked_and_sees_and_the_old_one_no_longer(steps, cast, now):
    task = steps.assigned()
    heir = person("heir", cast.bureau, "副局长", False, [])
    Appointment.objects.filter(person=cast.countersigner).update(until=date(2026, 11, 1))
    post = Post.objects.get(department=cast.bureau, is_head=True)
    Appointment(person=heir, post=post, since=date(2026, 11, 2)).save()
    assert asked("task_allocate") == {"heir"}
    assert explain(task, heir, now) != []
    because = {reason.because for reason in explain(task, cast.countersigner, now)}
    assert because == {"参与办理"}  # it went through their hands; they are no superior any more


def test_a_new_supervisor_sees_the_tasks_of_the_organ(steps, cast, now):
    task = steps.under_way()
    assert explain(task, cast.rechecker, now) == []
    held = RoleHolding.objects.create(person=cast.rechecker, role=Role.SUPERVISOR)
    assert [reason.because for reason in explain(task, cast.rechecker, now)] == ["岗位职责"]
    held.delete()
    assert explain(task, cast.rechecker, now) == []


def test_a_report_that_fails_keeps_no_file(steps, cast, now):
    task = steps.under_way()
    with pytest.raises(TooLate):
        reporting.report(task, by=cast.mayor, now=now, percent=5, text="代报。", files=[text_file()])
    assert task.files.count() == 0


def test_whoever_comes_above_many_tasks_sees_them_all_though_the_job_was_lost(steps, cast, now, monkeypatch):
    tasks = [steps.under_way(title=title) for title in "甲乙丙"]
    monkeypatch.setattr("tasks.duties.AT_ONCE", 1)
    monkeypatch.setattr("tasks.duties.poke", lambda person: None)
    RoleHolding.objects.create(person=cast.rechecker, role=Role.SUPERVISOR)

    def seen() -> set:
        return set(Task.objects.visible_to(cast.rechecker, now))

    assert seen() == {tasks[-1]}
    later = timezone.now() + HOUR
    assert list(duties.left_behind(later)) == [cast.rechecker.pk]
    assert [duties.go_on(cast.rechecker.pk, later) for _ in range(3)] == [True, False, False]
    assert (seen(), list(duties.left_behind(later + HOUR))) == (set(tasks), [])
