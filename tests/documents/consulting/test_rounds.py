"""A round of 征求意见: who is asked, on which text, by when; more time, a chase, an end before the time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from documents import drafting
from documents.consulting import answers, asking, rounds
from documents.models import Consultation, Consulted, Document
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import RoleHolding
from officehub.workdays.models import CalendarDay
from tests.cast import NOTICE, department, person


def todo(who) -> list[str]:
    return list(WorkItem.objects.todo(who).values_list("verb", flat=True))


def test_clerk_and_head_of_each_department_are_asked_once_by_the_same_day(cast, sent):
    items = WorkItem.objects.filter(verb="consult").order_by("assignee__username")
    assert [item.assignee.username for item in items] == ["countersigner", "reader", "water_head"]
    assert {str(timezone.localdate(item.due_at)) for item in items} == {"2026-12-02"}  # 7 working days after Monday 23
    assert Notice.objects.filter(verb="documents.consult_asked").count() == 3
    assert [str(one) for one in sent.asked.all()] == ["市财政局", "市水利局", "海青供热公司"]
    [event] = events_of(sent.document).filter(verb="consult")
    assert event.facts["content_hash"] == sent.document.content_hash() == sent.content_hash
    assert list(broken()) == []


@pytest.mark.parametrize(("urgency", "day"), [("特急", "2026-11-24"), ("加急", "2026-11-26"), ("", "2026-12-02")])
def test_an_urgent_paper_is_answered_sooner(cast, now, bureaus, urgency, day):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "urgency": urgency})
    sent = rounds.open_round(document, by=cast.drafter, now=now, departments=bureaus)
    assert str(timezone.localdate(sent.due_at)) == day


def test_the_text_sent_stays_what_it_was(cast, now, draft, sent):
    fields = {**NOTICE, "body": "此后改了。"}
    drafting.save(draft, by=cast.drafter, now=now, fields=fields, revision=0, important=False)
    sent.refresh_from_db()
    assert sent.content["body"] == NOTICE["body"]
    assert sent.content_hash != Document.objects.get(pk=draft.pk).content_hash()


def test_rounds_are_numbered_and_nobody_is_asked_twice_at_once(cast, now, draft, bureaus, sent, say):
    with pytest.raises(DecisionRefused, match="市财政局、市水利局上一轮还没有答复"):
        rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus)
    say("市财政局", "none")
    second = rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau])
    assert (sent.number, second.number) == (1, 2)
    assert Consultation.objects.count() == 2


def test_a_department_nobody_speaks_for_is_named_and_nothing_is_sent(cast, now, draft):
    empty = department(cast.government, "市林业局", code="LYJ")
    with pytest.raises(DecisionRefused, match="市林业局没有收发员"):
        rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau, empty])
    assert (Consultation.objects.count(), todo(cast.reader)) == (0, [])


def test_an_unfinished_draft_is_not_sent_out(cast, now, bureaus):
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields={**NOTICE, "title": ""})
    with pytest.raises(DecisionRefused, match="标题"):
        rounds.open_round(document, by=cast.drafter, now=now, departments=bureaus)


def test_only_the_drafter_asks_while_it_is_written_and_only_the_vetter_on_its_way(cast, now, draft, bureaus, agree):
    with pytest.raises(TooLate):
        rounds.open_round(draft, by=cast.head, now=now, departments=bureaus)
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(draft, cast.head)
    step = draft_step(draft, cast.vetter)
    with pytest.raises(TooLate):
        rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus)
    sent = rounds.open_round(draft, by=cast.vetter, now=now, departments=bureaus, step=step)
    assert sent.by == cast.vetter


def draft_step(document, who):
    from officehub.approvals.models import Step

    return Step.objects.select_related("stage").get(run__subject_id=document.pk, approver=who, state="open")


# --- while it is open --------------------------------------------------------------------------------------------


def test_more_time_is_for_who_has_not_answered_and_takes_a_reason(cast, now, sent, say):
    say("市财政局", "none")
    with pytest.raises(NeedsReason):
        rounds.extend(sent, by=cast.drafter, now=now, days=10, reason=" ")
    with pytest.raises(DecisionRefused, match="晚于原时限"):
        rounds.extend(sent, by=cast.drafter, now=now, days=2, reason="太短")
    rounds.extend(sent, by=cast.drafter, now=now, days=10, reason="内容较多")
    sent.refresh_from_db()
    assert str(timezone.localdate(sent.due_at)) == "2026-12-07"
    item = WorkItem.objects.get(assignee=cast.water_head)
    assert item.due_at == sent.due_at
    assert [one.recipient for one in Notice.objects.filter(verb="documents.consult_extended")] == [cast.water_head]


def test_only_the_silent_are_chased_and_not_at_once_again(cast, now, sent, say):
    say("市财政局", "none")
    told = rounds.chase(sent, by=cast.drafter, now=now)
    assert [str(one) for one in told] == ["市水利局"]
    with pytest.raises(DecisionRefused, match="4 小时内"):
        rounds.chase(sent, by=cast.drafter, now=now + timedelta(hours=3))
    assert rounds.chase(sent, by=cast.drafter, now=now + timedelta(hours=5))
    chased = Notice.objects.filter(verb="documents.consult_chased")
    assert [one.recipient for one in chased] == [cast.water_head, cast.water_head]
    say("市水利局", "none")
    with pytest.raises(DecisionRefused, match="没有待答复的部门"):
        rounds.chase(sent, by=cast.drafter, now=now + timedelta(hours=10))


def test_ended_early_takes_a_reason_and_silence_is_no_consent(cast, now, sent, say, row):
    say("市财政局", "none")
    with pytest.raises(DecisionRefused, match="写明理由"):
        rounds.close(sent, by=cast.drafter, now=now)
    rounds.close(sent, by=cast.drafter, now=now, reason="情况紧急")
    assert (row("市财政局").state, row("市水利局").state) == ("answered", "ended")
    assert todo(cast.water_head) == []
    assert answers.lapse(now + timedelta(days=30)) == 0
    with pytest.raises(TooLate):
        say("市水利局", "none")


def test_withdrawn_with_a_reason_nobody_need_answer_and_they_are_told(cast, now, sent, say, row):
    say("市财政局", "none")
    with pytest.raises(NeedsReason):
        rounds.withdraw(sent, by=cast.drafter, now=now, reason="")
    rounds.withdraw(sent, by=cast.drafter, now=now, reason="文稿另行起草")
    assert [(str(one), one.state) for one in sent.asked.all()] == [
        ("市财政局", "answered"), ("市水利局", "recalled"), ("海青供热公司", "recalled"),
    ]  # fmt: skip
    assert [one.recipient for one in Notice.objects.filter(verb="documents.consult_withdrawn")] == [cast.water_head]
    assert (todo(cast.water_head), list(broken())) == ([], [])
    with pytest.raises(TooLate):
        rounds.withdraw(sent, by=cast.drafter, now=now, reason="再撤")


def test_whoever_takes_over_the_papers_of_a_department_is_asked_and_who_went_is_rid_of_it(cast, now, sent):
    RoleHolding.objects.get(person=cast.reader).delete()
    new = person("new_clerk", cast.bureau, "文书甲", False, ["registry_clerk"])
    assert asking.look_again(new, now) == 0  # the change of roles has seen to it
    assert (todo(cast.reader), todo(new), todo(cast.countersigner)) == ([], ["consult"], ["consult"])
    assert Consulted.objects.visible_to(new, now).count() == 1


def test_who_moves_to_another_department_leaves_the_question_behind(cast, now, sent):
    cast.reader.department = cast.section
    cast.reader.save()
    assert (todo(cast.reader), todo(cast.countersigner)) == ([], ["consult"])


def test_a_leaver_hands_the_question_to_the_receiver_who_may_answer_it(cast, now, sent, row, client):
    hand_over(cast.water_head, cast.stranger, by=cast.sys_admin, now=now)
    assert todo(cast.stranger) == ["consult"]
    client.force_login(cast.stranger)
    assert client.get(reverse("documents:consulted", args=[row("市水利局").pk])).status_code == 200


def sees(who, now) -> list[str]:
    return sorted(str(one) for one in Consulted.objects.visible_to(who, now))


def test_who_no_longer_takes_in_papers_sees_no_more_what_was_asked(cast, now, draft, bureaus, sent, say):
    """Neither what waits nor what others answered; what they answered themselves they may go on seeing."""
    say("市财政局", "none")  # the head answered
    second = rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau])
    third = second.asked.get()
    answers.answer(third, by=cast.reader, now=now, said="none", responsible=cast.countersigner)
    rounds.open_round(draft, by=cast.drafter, now=now, departments=[cast.bureau])
    assert len(sees(cast.reader, now)) == 3
    RoleHolding.objects.get(person=cast.reader).delete()
    assert Consulted.objects.visible_to(cast.reader, now).get() == third
    assert len(sees(cast.countersigner, now)) == 3  # still its head


def test_a_leaver_sees_the_question_no_more(cast, now, sent):
    assert sees(cast.water_head, now) == ["市水利局"]
    hand_over(cast.water_head, cast.stranger, by=cast.sys_admin, now=now)
    assert (sees(cast.water_head, now), sees(cast.stranger, now)) == ([], ["市水利局"])


def test_sign_off_ends_what_is_still_open(cast, now, draft, sent, say, agree):
    say("市财政局", "none")
    say("市水利局", "none")
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    agree(draft, cast.head)
    points = dict.fromkeys(("reason", "content", "consultation", "form", "other"), True)
    agree(draft, cast.vetter, **points)
    agree(draft, cast.leader_in_charge, disclosure_confirmed=True)
    sent.refresh_from_db()
    assert (draft.state, sent.state) == ("signed", "closed")
    assert (sent.asked.get(unit="海青供热公司").state, list(broken())) == ("ended", [])


def test_a_limit_beyond_the_known_calendar_says_so(cast, now, draft, bureaus):
    CalendarDay.objects.filter(date__gt=now.date()).delete()
    assert rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus).due_provisional
