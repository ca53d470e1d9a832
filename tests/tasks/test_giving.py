"""交办、签收、分派、退回、改派: a task is always with somebody, and everybody knows with whom."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.files.models import StoredFile
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.workdays.arithmetic import Unit
from tasks import accept, assign, cancelling, number, reporting
from tasks.limits import Limit
from tasks.models import Milestone, Participation, Task
from tests.tasks.conftest import DAY, HOUR, asked, assisting, text_file


def told(verb: str) -> set[str]:
    return set(Notice.objects.filter(verb=f"tasks.{verb}").values_list("recipient__username", flat=True))


# --- giving ---------------------------------------------------------------------------------------------------------


def test_nobody_is_asked_for_a_draft(steps, state):
    task = steps.written()
    assert (state(task), task.number, asked()) == ("draft", "", set())


def test_a_unit_s_head_is_asked_to_allocate(steps, state):
    task = steps.assigned()
    assert (state(task), asked()) == ("assigned", {"countersigner"})
    item = WorkItem.objects.get(done_at=None)
    assert (item.verb, item.title, item.source) == ("task_allocate", task.title, "交办〔2026〕1号 市长mayor交办")
    assert timezone.localtime(item.due_at).date() == date(2026, 11, 24)
    assert told("task_allocate") == {"countersigner"}


def test_a_person_is_asked_to_take_it(steps, state):
    task = steps.to_person()
    assert (state(task), task.lead_unit, asked("task_accept")) == ("assigned", steps.cast.section, {"drafter"})


def test_numbers_run_through_the_year_without_gaps(steps, now):
    assert [steps.assigned().number for _ in range(3)] == [f"交办〔2026〕{seq}号" for seq in (1, 2, 3)]
    with pytest.raises(DecisionRefused):
        steps.assigned(limit=Limit())
    steps.now = now + timedelta(days=60)
    assert steps.assigned(limit=Limit(5, Unit.WORKING_DAYS)).number == "交办〔2027〕1号"
    assert list(number.faults()) == []


def test_the_number_s_form_is_the_office_s(steps, settings):
    settings.TASK_NUMBER = "督〔{year}〕{seq}"
    assert steps.assigned().number == "督〔2026〕1"


@pytest.mark.parametrize(
    ("limit", "day"),
    [
        (Limit(3, Unit.WORKING_DAYS), date(2026, 11, 26)),
        (Limit(5, Unit.NATURAL_DAYS), date(2026, 11, 30)),  # the fifth day is a Saturday
        (Limit(day=date(2026, 11, 28)), date(2026, 11, 28)),  # a day that was named is that day
    ],
)
def test_a_limit_is_counted_from_when_the_task_is_given(steps, limit, day):
    task = steps.assigned(limit=limit)
    assert timezone.localtime(task.due_at).date() == day
    assert task.first_due_at == task.due_at


def test_a_limit_may_be_in_hours(steps, now):
    assert steps.assigned(limit=Limit(4, Unit.HOURS)).due_at == now + 4 * HOUR


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title": " "}, "请写明任务名称。"),
        ({"limit": Limit()}, "请明确办理时限。"),
        ({"limit": Limit(day=date(2026, 11, 20))}, "办理时限已过，请改填今天或以后的日期。"),
        ({"lead_unit": None}, "请明确牵头单位或承办人。"),
    ],
)
def test_what_is_lacking_is_named_and_the_draft_is_kept(steps, state, more, said):
    task = steps.written(**more)
    with pytest.raises(DecisionRefused) as refused:
        assign.assign(task, by=steps.cast.mayor, now=steps.now)
    assert refused.value.sentences == [said]
    assert (state(task), asked()) == ("draft", set())


def test_a_unit_that_nobody_answers_for_is_named(steps, cast):
    with pytest.raises(DecisionRefused, match="信息科没有负责人"):
        steps.assigned(lead_unit=cast.other_section)
    with pytest.raises(DecisionRefused, match="信息科没有负责人"):
        steps.assigned(assisting_units=[cast.other_section])


def test_who_verifies_is_not_who_does_it(steps, cast):
    with pytest.raises(DecisionRefused, match="核验人不能是承办人本人"):
        steps.assigned(lead_unit=None, lead_person=cast.mayor)
    with pytest.raises(DecisionRefused, match="核验人不能是承办人本人"):
        accept.allocate(steps.assigned(verifier=cast.reader), cast.reader, by=cast.countersigner, now=steps.now)


def test_a_lead_does_not_assist(steps, cast):
    with pytest.raises(DecisionRefused, match="不能再作协办"):
        steps.assigned(assisting_units=[cast.bureau])
    with pytest.raises(DecisionRefused, match="不能再作协办"):
        steps.to_person(assisting_people=[cast.drafter])


def test_a_person_of_another_unit_or_gone_is_not_the_doer(steps, cast):
    with pytest.raises(DecisionRefused, match="不在市财政局"):
        steps.assigned(lead_person=cast.drafter)
    cast.drafter.is_active = False
    cast.drafter.save()
    with pytest.raises(DecisionRefused, match="不在岗"):
        steps.to_person()


def test_a_milestone_is_not_later_than_the_task(steps):
    with pytest.raises(DecisionRefused, match="晚于办理时限"):
        steps.assigned(milestones=[("完成摸底", date(2026, 12, 11))])


def test_the_second_who_gives_comes_too_late(steps):
    task = steps.written()
    other = Task.objects.get(pk=task.pk)
    assign.assign(task, by=steps.cast.mayor, now=steps.now)
    with pytest.raises(TooLate):
        assign.assign(other, by=steps.cast.mayor, now=steps.now)


def test_one_sentence_gives_an_instruction(steps, cast):
    said = {"title": "请财政局三日内报送资金缺口", "limit": Limit(3, Unit.WORKING_DAYS), "lead_unit": cast.bureau}
    task = assign.instruct(by=cast.mayor, now=steps.now, urgency="加急", **said)
    assert (task.kind, task.state, task.number, asked()) == (
        "instruction", "assigned", "交办〔2026〕1号", {"countersigner"},
    )  # fmt: skip
    assert Notice.objects.get(recipient=cast.countersigner).urgent


def test_files_given_with_a_task_are_kept_and_a_bad_one_keeps_nothing(steps):
    task = steps.assigned(files=[text_file()])
    assert [one.stored.name for one in task.files.all()] == ["说明.txt"]
    with pytest.raises(ValidationError):
        steps.written(files=[text_file("好.txt"), SimpleUploadedFile("坏.exe", b"MZ")])
    assert (Task.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_a_draft_is_written_anew(steps, cast, now):
    task = steps.written(milestones=[("甲", date(2026, 12, 1))], assisting_units=[cast.section])
    said = {"title": "改后的任务", "limit": Limit(2, Unit.WORKING_DAYS), "lead_unit": cast.bureau}
    assign.write(task, by=cast.mayor, now=now, milestones=[("乙", date(2026, 11, 24))], **said)
    task = assign.assign(task, by=cast.mayor, now=now)
    assert (task.title, [str(one) for one in task.milestones.all()]) == ("改后的任务", ["乙"])
    assert (assisting(task), timezone.localdate(task.due_at)) == ({"综合科": "withdrawn"}, date(2026, 11, 25))
    with pytest.raises(TooLate):
        assign.write(task, by=cast.mayor, now=now, **said)


def test_a_task_without_a_limit_or_a_number_cannot_be_given_even_by_the_database(steps):
    task = steps.assigned()
    for change in ({"due_at": None}, {"seq": None}, {"lead_unit": None}, {"percent": 101}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Task.objects.filter(pk=task.pk).update(**change)


# --- taking ---------------------------------------------------------------------------------------------------------


def test_the_head_names_who_does_it_and_they_take_it(steps, state):
    task = steps.allocated()
    assert (state(task), asked()) == ("allocated", {"reader"})
    accept.accept(task, by=steps.cast.reader, now=steps.now)
    assert (state(task), asked("task_do"), asked("task_accept")) == ("in_progress", {"reader"}, set())
    assert WorkItem.objects.get(verb="task_do").due_at == task.due_at
    lead = Participation.objects.get(task=task, role="lead")
    assert (lead.state, lead.person, lead.accepted_at) == ("accepted", steps.cast.reader, steps.now)


def test_a_head_who_does_it_themselves_has_taken_it(steps, state):
    task = steps.assigned()
    accept.allocate(task, steps.cast.countersigner, by=steps.cast.countersigner, now=steps.now)
    assert (state(task), asked("task_do")) == ("in_progress", {"countersigner"})


def test_only_who_is_asked_allocates_and_only_within_the_unit(steps, cast):
    task = steps.assigned()
    with pytest.raises(TooLate):
        accept.allocate(task, cast.reader, by=cast.reader, now=steps.now)
    with pytest.raises(DecisionRefused, match="不在市财政局"):
        accept.allocate(task, cast.drafter, by=cast.countersigner, now=steps.now)


def test_who_is_not_named_cannot_take_it(steps, cast):
    task = steps.allocated()
    with pytest.raises(TooLate):
        accept.accept(task, by=cast.countersigner, now=steps.now)


def test_a_unit_sends_it_back_with_a_reason_to_the_assigner(steps, cast, state):
    task = steps.assigned()
    with pytest.raises(NeedsReason):
        accept.send_back(task, by=cast.countersigner, now=steps.now, reason=" ")
    accept.send_back(task, by=cast.countersigner, now=steps.now, reason="不属我局职责。")
    assert (state(task), asked("task_reassign"), asked("task_allocate")) == ("sent_back", {"mayor"}, set())
    assert told("sent_back") == {"mayor"}
    assert Participation.objects.get(task=task).reason == "不属我局职责。"
    task.refresh_from_db()
    first = task.first_due_at
    said = {"title": task.title, "limit": Limit(day=date(2026, 12, 15)), "lead_unit": cast.section}
    assign.write(task, by=cast.mayor, now=steps.now + DAY, **said)
    task = assign.assign(task, by=cast.mayor, now=steps.now + DAY)
    assert (task.number, asked()) == ("交办〔2026〕1号", {"head"})
    assert (task.first_due_at, timezone.localdate(task.due_at)) == (first, date(2026, 12, 15))


def test_who_assists_has_the_new_limit_of_a_task_given_anew(steps, cast, now):
    task = steps.assigned(assisting_people=[cast.vetter])
    accept.send_back(task, by=cast.countersigner, now=now, reason="不属我局职责。")
    said = {"title": task.title, "limit": Limit(day=date(2026, 12, 25)), "lead_unit": cast.section}
    assign.write(task, by=cast.mayor, now=now, assisting_people=[cast.vetter], **said)
    task = assign.assign(task, by=cast.mayor, now=now)
    assert WorkItem.objects.get(verb="task_assist", done_at=None).due_at == task.due_at


def test_a_limit_in_days_runs_on_while_a_task_is_sent_back(steps, cast, now):
    task = steps.assigned(limit=Limit(5, Unit.WORKING_DAYS))
    due = task.due_at
    accept.send_back(task, by=cast.countersigner, now=now, reason="不属我局职责。")
    said = {"title": task.title, "limit": Limit(5, Unit.WORKING_DAYS), "lead_unit": cast.section}
    assign.write(task, by=cast.mayor, now=now + DAY, **said)
    assert assign.assign(task, by=cast.mayor, now=now + DAY).due_at == due


def test_who_was_named_gives_it_back_to_the_head(steps, cast, state):
    task = steps.allocated()
    accept.send_back(task, by=cast.reader, now=steps.now, reason="正在出差。")
    assert (state(task), asked()) == ("assigned", {"countersigner"})
    accept.allocate(task, cast.countersigner, by=cast.countersigner, now=steps.now)
    assert asked("task_do") == {"countersigner"}


def test_what_was_taken_is_not_sent_back(steps, cast):
    task = steps.under_way()
    with pytest.raises(TooLate):
        accept.send_back(task, by=cast.reader, now=steps.now, reason="不办了。")


def test_the_doer_is_changed_within_the_unit(steps, cast, state):
    task = steps.under_way()
    steps.report(task, 30)
    said = {"by": cast.countersigner, "now": steps.now}
    with pytest.raises(DecisionRefused, match="承办人已是"):
        accept.change_lead(task, cast.reader, reason="请假", **said)
    accept.change_lead(task, cast.countersigner, reason="请假", **said)
    assert (state(task), asked(), told("lead_changed")) == ("allocated", {"countersigner"}, {"reader"})
    task = accept.accept(task, by=cast.countersigner, now=steps.now)
    assert (task.percent, asked()) == (30, {"countersigner"})


def test_it_goes_to_another_unit_with_the_same_limit(steps, cast, state):
    task = steps.under_way()
    due = task.due_at
    said = {"by": cast.mayor, "now": steps.now, "reason": "职责调整"}
    with pytest.raises(DecisionRefused, match="不必改派"):
        assign.reassign(task, lead_unit=cast.bureau, lead_person=cast.reader, **said)
    with pytest.raises(DecisionRefused, match="请明确牵头单位或承办人"):
        assign.reassign(task, **said)
    task = assign.reassign(task, lead_unit=cast.section, **said)
    assert (state(task), asked(), task.due_at, told("reassigned")) == ("assigned", {"head"}, due, {"reader"})
    leads = Participation.objects.filter(task=task, role="lead").order_by("id")
    assert [(str(one.unit), one.state) for one in leads] == [("市财政局", "withdrawn"), ("综合科", "asked")]


def test_the_assigner_names_another_day_and_the_first_stays(steps, cast, now):
    task = steps.under_way()
    first = task.first_due_at
    with pytest.raises(DecisionRefused, match="办理时限已过"):
        assign.redate(task, by=cast.mayor, now=now, day=date(2026, 11, 20), reason="提前")
    task = assign.redate(task, by=cast.mayor, now=now, day=date(2026, 12, 1), reason="省里要求提前")
    assert (timezone.localdate(task.due_at), task.first_due_at) == (date(2026, 12, 1), first)
    assert WorkItem.objects.get(verb="task_do").due_at == task.due_at


# --- those that assist ----------------------------------------------------------------------------------------------


def test_assisting_units_and_people_are_asked_and_heard(steps, cast):
    task = steps.under_way(assisting_units=[cast.section], assisting_people=[cast.vetter])
    assert (asked("task_assist"), assisting(task)) == (
        {"head", "vetter"}, {"综合科": "asked", "核稿员vetter": "asked"},
    )  # fmt: skip
    part = Participation.objects.get(task=task, unit=cast.section)
    reporting.name_for_part(part, cast.drafter, by=cast.head, now=steps.now)
    assert asked("task_assist") == {"drafter", "vetter"}
    with pytest.raises(TooLate):
        reporting.report_part(part, by=cast.head, now=steps.now, text="已协助。")
    reporting.report_part(part, by=cast.drafter, now=steps.now, text="已协助核对。", files=[text_file()])
    assert (asked("task_assist"), told("part_reported")) == ({"vetter"}, {"reader"})
    assert assisting(task)["综合科"] == "done"
    mine = Participation.objects.get(task=task, person=cast.vetter)
    reporting.send_part_back(mine, by=cast.vetter, now=steps.now, reason="与我无关。")
    assert (asked("task_assist"), assisting(task)["核稿员vetter"]) == (set(), "sent_back")


def test_others_are_asked_to_assist_while_it_is_being_done(steps, cast):
    task = steps.under_way()
    with pytest.raises(DecisionRefused, match="请选择协办单位或人员"):
        reporting.add_parts(task, by=cast.reader, now=steps.now)
    reporting.add_parts(task, by=cast.reader, now=steps.now, units=[cast.section])
    assert asked("task_assist") == {"head"}
    with pytest.raises(DecisionRefused, match="综合科已在承办"):
        reporting.add_parts(task, by=cast.reader, now=steps.now, units=[cast.section])


# --- ending and taking up again -------------------------------------------------------------------------------------


def test_cancelled_with_its_parts_and_everybody_is_told(steps, cast, state):
    task = steps.under_way(assisting_units=[cast.section])
    part = steps.part(task)
    with pytest.raises(NeedsReason):
        steps.cancel(task, reason="")
    ended = steps.cancel(task)
    assert ({one.pk for one in ended}, asked()) == ({task.pk, part.pk}, set())
    assert (state(task), state(part)) == ("cancelled", "cancelled")
    assert told("cancelled") == {"reader", "head", "drafter"}
    with pytest.raises(TooLate):
        steps.cancel(task)


def test_a_cancelled_task_is_the_assigner_s_to_give_again(steps, cast, state):
    task = steps.under_way()
    steps.cancel(task)
    cancelling.restore(task, by=cast.mayor, now=steps.now)
    assert (state(task), asked("task_reassign")) == ("sent_back", {"mayor"})


def test_a_part_is_not_taken_up_again_without_the_whole(steps, cast):
    task = steps.under_way()
    part = steps.part(task)
    steps.cancel(task)
    with pytest.raises(DecisionRefused, match="上级任务不在办理中"):
        cancelling.restore(part, by=cast.reader, now=steps.now)


def test_a_draft_is_put_away_and_taken_up(steps, cast, state):
    task = steps.written()
    cancelling.discard(task, by=cast.mayor, now=steps.now)
    assert state(task) == "cancelled"
    cancelling.restore(task, by=cast.mayor, now=steps.now)
    assert state(task) == "draft"


def test_every_deed_leaves_its_event(steps):
    task = steps.closed()
    verbs = list(events_of(task).order_by("seq").values_list("verb", flat=True))
    assert verbs == ["write", "assign", "allocate", "accept", "submit", "close"]


def test_milestones_are_errands_of_their_own(steps, cast, now):
    task = steps.under_way(milestones=[("完成摸底", date(2026, 11, 27)), ("形成初稿", date(2026, 12, 4))])
    items = WorkItem.objects.filter(verb="task_milestone", done_at=None).order_by("due_at")
    assert [timezone.localdate(item.due_at) for item in items] == [date(2026, 11, 27), date(2026, 12, 4)]
    first = task.milestones.first()
    reporting.tick(first, by=cast.reader, now=now)
    assert items.all().count() == 1
    with pytest.raises(TooLate):
        reporting.tick(Milestone.objects.get(pk=first.pk), by=cast.reader, now=now)
    reporting.add_milestone(task, by=cast.reader, now=now, name="征求意见", day=date(2026, 12, 1))
    assert items.all().count() == 2
    for day, said in ((date(2026, 12, 11), "不能晚于办理时限"), (date(2026, 11, 20), "节点时限已过")):
        with pytest.raises(DecisionRefused, match=said):
            reporting.add_milestone(task, by=cast.reader, now=now, name="再议", day=day)


def test_every_errand_has_a_limit(steps, cast):
    steps.submitted(assisting_units=[], milestones=[("甲", date(2026, 12, 1))])
    steps.under_way(assisting_units=[cast.section])
    steps.to_person()
    assert not WorkItem.objects.filter(due_at=None).exists()
    assert isinstance(WorkItem.objects.first().due_at, datetime)
