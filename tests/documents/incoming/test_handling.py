"""分办、承办、答复: one lead, a limit and a chaser where the law wants them, and no end without an answer."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.incoming import assign, chasing, reply, work
from documents.models import Assignment, Extension, Incoming, IncomingNote, IncomingReply
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.files.models import StoredFile
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import Organ
from tests.documents.test_docx import package, paragraph

TOMORROW = date(2026, 11, 24)


def asked(verb: str) -> set[str]:
    return set(WorkItem.objects.filter(verb=verb, done_at=None).values_list("assignee__username", flat=True))


def give(steps, incoming, **more):
    given = {"lead": steps.cast.bureau, **more}
    return assign.assign(incoming, by=steps.cast.vetter, now=steps.now, **given)


# --- R43-R45 --------------------------------------------------------------------------------------------------------


def test_r44_there_is_exactly_one_lead(steps, cast):
    incoming = steps.instructed()
    with pytest.raises(DecisionRefused, match="主办部门"):
        give(steps, incoming, lead=None, assisting=[cast.bureau])
    with pytest.raises(DecisionRefused, match="不能再作协办"):
        give(steps, incoming, assisting=[cast.bureau])
    give(steps, incoming)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            incoming=incoming, department=cast.section, is_lead=True, by=cast.vetter, at=steps.now
        )


def test_r43_an_urgent_paper_gets_its_usual_limit_and_none_without(steps, cast, settings):
    incoming = steps.instructed(urgency="加急")
    give(steps, incoming, chaser=cast.clerk)
    assert timezone.localdate(Incoming.objects.get().due_at) == date(2026, 11, 26)
    settings.URGENCY_LIMIT_WORKING_DAYS = {}
    second = steps.instructed(urgency="加急", document_number="北政〔2026〕8号")
    with pytest.raises(DecisionRefused, match="时限"):
        give(steps, second, chaser=cast.clerk)


def test_r45_urgent_or_important_papers_have_a_chaser(steps, cast):
    incoming = steps.instructed(important=True)
    with pytest.raises(DecisionRefused, match="专人催办"):
        give(steps, incoming)
    give(steps, incoming, chaser=cast.clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incoming.objects.update(chaser=None)


def test_a_limit_that_has_passed_is_refused(steps):
    incoming = steps.instructed()
    with pytest.raises(DecisionRefused, match="已过"):
        give(steps, incoming, due_on=date(2026, 11, 20))


def test_a_department_that_nobody_answers_for_is_named(steps, cast):
    incoming = steps.instructed()
    with pytest.raises(DecisionRefused, match="信息科"):
        give(steps, incoming, lead=cast.other_section)


def test_the_second_assigner_comes_too_late(steps, cast):
    incoming = steps.instructed()
    stale = Incoming.objects.get()
    give(steps, incoming)
    with pytest.raises(TooLate):
        give(steps, stale, lead=cast.section)
    assert Assignment.objects.get().department == cast.bureau


# --- in the departments ---------------------------------------------------------------------------------------------


def test_the_department_takes_it_and_says_who_handles_it(steps, cast, state):
    incoming = steps.assigned(due_on=TOMORROW)
    assert asked("allocate") == {"reader"}
    steps.take(incoming, cast.bureau, cast.countersigner)
    assert (state(incoming), asked("allocate"), asked("handle")) == ("handling", set(), {"countersigner"})
    assert timezone.localdate(WorkItem.objects.get(verb="handle").due_at) == TOMORROW


def test_two_who_take_it_at_once_are_one(steps, cast, now):
    incoming = steps.assigned()
    part = Assignment.objects.get()
    assign.allocate(part, cast.reader, by=cast.reader, now=now)
    with pytest.raises(TooLate):
        assign.allocate(part, cast.countersigner, by=cast.countersigner, now=now)
    assert incoming.assignments.get().handler == cast.reader


def test_what_is_not_ours_goes_back_to_be_assigned_anew(steps, cast, now, state):
    incoming = steps.assigned(assisting=[steps.cast.section])
    lead = Assignment.objects.get(is_lead=True)
    with pytest.raises(NeedsReason):
        assign.refuse(lead, by=cast.reader, now=now, reason="")
    assign.refuse(lead, by=cast.reader, now=now, reason="属交通部门职责")
    assert (state(incoming), asked("assign")) == ("instructed", {"vetter"})
    incoming.refresh_from_db()
    give(steps, incoming, lead=cast.section)
    live = Assignment.objects.filter(state__in=Assignment.LIVE)
    assert [(one.department, one.is_lead) for one in live] == [(cast.section, True)]
    assert asked("allocate") == {"head"}


def test_an_assistant_that_refuses_leaves_the_lead_at_work(steps, cast, now, state):
    incoming = steps.assigned(assisting=[steps.cast.section])
    part = Assignment.objects.get(is_lead=False)
    assign.refuse(part, by=cast.head, now=now, reason="无此职能")
    assert state(incoming) == "assigned"
    assert cast.vetter.notices.get(verb="incoming.refused").params["reason"] == "无此职能"


def test_assistants_give_their_part_to_the_lead(steps, cast, now):
    incoming = steps.handling(assisting=[steps.cast.section])
    part = steps.take(incoming, cast.section, cast.drafter)
    work.note(incoming, part, by=cast.drafter, now=now, words="无不同意见。", sort="part")
    part.refresh_from_db()
    assert (part.state, asked("assist")) == ("done", set())
    assert cast.reader.notices.filter(verb="incoming.part_given").count() == 1
    with pytest.raises(TooLate):
        work.note(incoming, part, by=cast.drafter, now=now, words="再报一次", sort="part")


def test_more_assistants_join_but_none_twice(steps, cast, now):
    incoming = steps.handling()
    assign.add_assistants(incoming, [cast.section], by=cast.vetter, now=now)
    with pytest.raises(DecisionRefused, match="已在承办"):
        assign.add_assistants(incoming, [cast.section], by=cast.vetter, now=now)
    assert asked("allocate") == {"head"}


# --- a later limit --------------------------------------------------------------------------------------------------


def test_who_assigned_it_grants_a_later_limit(steps, cast, now):
    incoming = steps.handling(due_on=TOMORROW)
    later = TOMORROW + timedelta(days=7)
    with pytest.raises(DecisionRefused, match="晚于"):
        work.ask_extension(incoming, by=cast.reader, now=now, until=TOMORROW, reason="材料未齐")
    made = work.ask_extension(incoming, by=cast.reader, now=now, until=later, reason="材料未齐")
    assert asked("extend") == {"vetter"}
    with pytest.raises(DecisionRefused, match="待批"):
        work.ask_extension(incoming, by=cast.reader, now=now, until=later, reason="再催")
    work.decide_extension(made, by=cast.vetter, now=now, agreed=True)
    assert timezone.localdate(Incoming.objects.get().due_at) == later
    assert timezone.localdate(WorkItem.objects.get(verb="handle", done_at=None).due_at) == later
    with pytest.raises(TooLate):
        work.decide_extension(made, by=cast.vetter, now=now, agreed=False, words="晚了")


def test_a_refused_extension_says_why_and_changes_nothing(steps, cast, now):
    incoming = steps.handling(due_on=TOMORROW)
    made = work.ask_extension(incoming, by=cast.reader, now=now, until=date(2026, 12, 9), reason="材料未齐")
    with pytest.raises(NeedsReason):
        work.decide_extension(made, by=cast.vetter, now=now, agreed=False)
    work.decide_extension(made, by=cast.vetter, now=now, agreed=False, words="须按期")
    assert (Extension.objects.get().state, timezone.localdate(Incoming.objects.get().due_at)) == ("refused", TOMORROW)


# --- 答复 and the end (R46) -----------------------------------------------------------------------------------------


def test_r46_a_paper_to_act_on_is_not_closed_without_an_answer(steps, cast, now):
    incoming = steps.answered()
    IncomingReply.objects.update(stands=False)
    with pytest.raises(DecisionRefused, match="没有答复记录"):
        reply.close(incoming, by=cast.clerk, now=now)
    assert Incoming.objects.get().state == "answered"


def test_no_answer_needed_needs_its_reason(steps, cast, now):
    incoming = steps.handling()
    said = {"result": "已转发学习。", "manner": "none"}
    with pytest.raises(DecisionRefused, match="无需答复的，写明理由"):
        reply.answer(incoming, by=cast.reader, now=now, words="", **said)
    reply.answer(incoming, by=cast.reader, now=now, words="来文系工作部署", **said)
    incoming.refresh_from_db()
    reply.close(incoming, by=cast.clerk, now=now)
    incoming.refresh_from_db()
    assert (incoming.state, incoming.filed_at, IncomingReply.objects.get().manner) == ("filed", now, "none")
    assert list(WorkItem.objects.filter(done_at=None).values_list("verb", flat=True)) == ["archive"]


def test_the_answer_ends_what_was_asked_of_the_others(steps, cast, now):
    incoming = steps.handling(assisting=[steps.cast.section])
    said = {"result": "办毕", "manner": "phone", "words": "已告知"}
    with pytest.raises(DecisionRefused, match="协办的综合科还没有报意见"):
        reply.answer(incoming, by=cast.reader, now=now, **said)
    assert (asked("allocate"), asked("handle")) == ({"head"}, {"reader"})
    reply.answer(incoming, by=cast.reader, now=now, **said, unheard=True)
    assert (asked("allocate"), asked("handle"), asked("close")) == (set(), set(), {"clerk"})
    told = Notice.objects.filter(verb="incoming.answered_unheard")
    assert list(told.values_list("recipient__username", flat=True)) == ["head"]
    assert events_of(incoming).get(verb="answer").facts["unheard"] == ["综合科"]


def test_an_answer_that_does_not_do_is_done_again(steps, cast, now, state):
    incoming = steps.answered()
    work.do_again(incoming, by=cast.clerk, now=now, reason="没有说明资金来源")
    assert (state(incoming), asked("handle"), asked("close")) == ("handling", {"reader"}, set())
    incoming.refresh_from_db()
    reply.answer(incoming, by=cast.reader, now=now, result="已补充", manner="phone", words="已重新告知")
    assert list(IncomingReply.objects.order_by("id").values_list("stands", flat=True)) == [False, True]


# --- 催办 -----------------------------------------------------------------------------------------------------------


def test_who_has_it_is_chased_and_not_again_at_once(steps, cast, now):
    incoming = steps.handling()
    assert chasing.chase(incoming, by=cast.vetter, now=now, words="请抓紧") == [cast.reader]
    with pytest.raises(DecisionRefused, match="已催办过"):
        chasing.chase(incoming, by=cast.vetter, now=now)
    assert cast.reader.notices.get(verb="incoming.chased").params["words"] == "请抓紧"


def test_the_chaser_is_told_once_that_the_limit_has_passed(steps, cast, now):
    incoming = steps.handling(important=True, due_on=TOMORROW, chaser=steps.cast.clerk)
    later = now + timedelta(days=3)
    assert [chasing.alarm(incoming.pk, now), chasing.alarm(incoming.pk, later), chasing.alarm(incoming.pk, later)] == [
        False, True, False,
    ]  # fmt: skip
    assert cast.clerk.notices.filter(verb="incoming.overdue").count() == 1
    assert events_of(incoming).filter(verb="overdue").count() == 1


def test_the_chaser_is_told_that_they_are_named(steps, cast):
    steps.assigned(important=True, due_on=TOMORROW, chaser=cast.clerk)
    assert cast.clerk.notices.filter(verb="incoming.chaser_named").count() == 1


def test_a_secret_file_is_not_kept_with_a_note(steps, cast, now):
    incoming = steps.handling()
    part = Assignment.objects.get()
    secret = SimpleUploadedFile("说明.docx", package(paragraph("机密★5年")))
    with pytest.raises(ValidationError, match="国家秘密标志"):
        work.note(incoming, part, by=cast.reader, now=now, words="见附件", files=[secret])
    assert (IncomingNote.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_a_paper_given_back_needs_no_later_limit(steps, cast, now):
    incoming = steps.handling(due_on=TOMORROW)
    work.ask_extension(incoming, by=cast.reader, now=now, until=date(2026, 12, 9), reason="材料未齐")
    assign.refuse(Assignment.objects.get(), by=cast.reader, now=now, reason="属交通部门职责")
    assert (Extension.objects.get().state, asked("extend")) == ("lapsed", set())


@pytest.mark.parametrize(
    ("title", "sender", "subject", "whom"),
    [
        ("北岭县人民政府关于请求支持修路的请示", "北岭县人民政府", "支持修路", "你县"),
        ("市水利局关于申请专项资金的请示", "市水利局", "专项资金", "你单位"),
        ("关于做好防汛工作的函", "东岭省人民政府", "做好防汛工作", "你省"),
    ],
)
def test_the_reply_speaks_to_who_asked_of_what_was_asked(steps, title, sender, subject, whom):
    incoming = steps.registered(title=title, kind=title[-2:].strip("的"))
    incoming.sender = Organ(name=sender)
    assert (reply.subject_of(incoming), reply.addressed(incoming)) == (subject, whom)
