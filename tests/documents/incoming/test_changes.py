"""A paper that does not go straight on: filed on a leader's word, taken back, given to others, voided or returned."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from documents.incoming import assign, circulate, propose, reassign, register, reply, screen, work
from documents.models import Assignment, Circulation, Extension, Hop, Incoming, IncomingReply, Proposal
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.models import Appointment, Post

LATER = date(2026, 11, 30)


def asked(verb: str = "") -> set[str]:
    rows = WorkItem.objects.filter(done_at=None)
    return set((rows.filter(verb=verb) if verb else rows).values_list("assignee__username", flat=True))


HALTED = (
    "voided",
    "sent_back",
    "for_action",
    "for_information",
    "put_away",
    "taken_back",
    "reassigned",
    "handler_changed",
)


def told(person) -> list[str]:
    """What somebody was told of papers they need not see to any more."""
    verbs = [f"incoming.{verb}" for verb in HALTED]
    return [verb.partition(".")[2] for verb in person.notices.filter(verb__in=verbs).values_list("verb", flat=True)]


# --- 存查 -----------------------------------------------------------------------------------------------------------


def test_what_a_leader_only_noted_is_filed_without_a_department(steps, cast, now, state):
    incoming = steps.instructed()
    with pytest.raises(DecisionRefused, match="无需答复的理由"):
        reply.put_away(incoming, by=cast.vetter, now=now, words=" ")
    reply.put_away(incoming, by=cast.vetter, now=now, words="市长批示“阅”，存查。", retention="D10")
    said = IncomingReply.objects.get()
    assert (state(incoming), said.manner, said.words) == ("filed", "none", "市长批示“阅”，存查。")
    assert (asked(), Assignment.objects.count(), Incoming.objects.get().retention) == ({"archivist"}, 0, "D10")
    with pytest.raises(TooLate):
        reply.put_away(incoming, by=cast.vetter, now=now, words="再存一次")


def test_a_part_that_waits_is_given_back_when_the_paper_is_filed(steps, cast, now):
    incoming = steps.assigned(assisting=[steps.cast.section])
    assign.refuse(Assignment.objects.get(is_lead=True), by=cast.reader, now=now, reason="属交通部门职责")
    assert asked("allocate") == {"head"}
    reply.put_away(incoming, by=cast.vetter, now=now, words="存查")
    assert (asked(), told(cast.head)) == ({"archivist"}, ["put_away"])


# --- void and return, late --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["screened", "circulating", "proposed", "sent_to_leaders", "instructed", "handling"])
def test_a_mistaken_entry_found_late_keeps_its_number_and_asks_nobody(steps, cast, now, state, stage):
    incoming = getattr(steps, stage)()
    with pytest.raises(NeedsReason):
        register.void(incoming, by=cast.clerk, now=now, reason="")
    register.void(incoming, by=cast.clerk, now=now, reason="重复登记")
    kept = Incoming.objects.get()
    assert (kept.state, kept.number, kept.reason) == ("voided", "收〔2026〕1号", "重复登记")
    assert (asked(), list(register.faults())) == (set(), [])
    assert not Circulation.objects.filter(closed_at=None).exists()
    assert not Hop.objects.filter(state__in=Hop.PENDING).exists()
    assert not Assignment.objects.filter(state__in=Assignment.LIVE).exists()
    assert not Proposal.objects.filter(state="asked").exists()
    assert events_of(kept).get(verb="void").facts == {"reason": "重复登记"}


def test_a_leader_who_had_it_is_told_and_what_was_signed_stays(steps, cast, now):
    incoming = steps.sent_to_leaders(leaders=("mayor", "leader_in_charge"))
    steps.sign(incoming, "mayor", "请阅处。")
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属我市职权")
    assert (Incoming.objects.get().state, asked()) == ("returned", set())
    assert told(cast.leader_in_charge) == ["sent_back"]
    assert told(cast.mayor) == []
    signed, recalled = Hop.objects.order_by("place")
    assert (signed.state, signed.words, recalled.state, recalled.reason) == (
        "done", "请阅处。", "recalled", "不属我市职权",
    )  # fmt: skip


def test_a_late_return_keeps_what_was_screened(steps, cast, now):
    incoming = steps.screened()
    before = Incoming.objects.get().screened
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属我市职权")
    assert (before["points"] != [], Incoming.objects.get().screened) == (True, before)


def test_an_answered_paper_is_neither_voided_nor_returned(steps, cast, now):
    incoming = steps.answered()
    with pytest.raises(TooLate):
        register.void(incoming, by=cast.clerk, now=now, reason="误登")
    with pytest.raises(TooLate):
        screen.return_(incoming, by=cast.vetter, now=now, reason="误收")


def test_a_leader_signing_a_voided_paper_is_told_how_it_stands(steps, cast, now):
    incoming = steps.sent_to_leaders()
    hop, seen = Hop.objects.get(), incoming.entry_hash()
    register.void(incoming, by=cast.clerk, now=now, reason="误登")
    with pytest.raises(TooLate) as late:
        circulate.sign(hop, by=cast.mayor, now=now, seen=seen, words="同意")
    assert late.value.now_stands == "已作废"


# --- 批办 ↔ 阅知 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["screened", "proposed", "sent_to_leaders", "instructed"])
def test_what_was_to_be_done_becomes_what_is_only_read_and_back(steps, cast, now, state, stage):
    incoming = getattr(steps, stage)()
    screen.read_instead(incoming, by=cast.vetter, now=now, reason="只须知悉")
    kept = Incoming.objects.get()
    assert (kept.state, kept.nature, asked()) == ("for_reading", "for_information", {"clerk"})
    screen.reclassify(kept, by=cast.clerk, now=now, reason="领导要求办理")
    assert (state(incoming), asked()) == ("for_action", {"vetter"})
    said = {"words": "拟请市财政局办理。", "leaders": [cast.mayor], "mode": "in_order"}
    propose.propose(Incoming.objects.get(), by=cast.vetter, now=now, **said)
    assert Proposal.objects.exclude(state__in=Proposal.OVER).count() == 1


def test_a_paper_in_a_departments_hands_is_not_converted(steps, cast, now):
    with pytest.raises(TooLate):
        screen.read_instead(steps.assigned(), by=cast.vetter, now=now, reason="只须知悉")


def test_a_paper_that_goes_round_may_turn_out_to_need_doing(steps, cast, now, state):
    incoming = steps.circulating(("mayor", "leader"))
    screen.reclassify(incoming, by=cast.vetter, now=now, reason="须办理")
    assert (state(incoming), asked()) == ("for_action", {"vetter"})
    assert told(cast.mayor) == ["for_action"]


# --- taken back, given to others -----------------------------------------------------------------------------------


def test_the_office_takes_an_assigned_paper_back(steps, cast, now, state):
    incoming = steps.handling(assisting=[steps.cast.section], due_on=LATER)
    work.ask_extension(incoming, by=cast.reader, now=now, until=date(2026, 12, 8), reason="量大")
    with pytest.raises(NeedsReason):
        reassign.take_back(incoming, by=cast.vetter, now=now, reason=" ")
    reassign.take_back(incoming, by=cast.vetter, now=now, reason="分办有误")
    assert (state(incoming), asked()) == ("instructed", {"vetter"})
    assert set(Assignment.objects.values_list("state", "reason")) == {("withdrawn", "分办有误")}
    assert Extension.objects.get().state == "lapsed"
    assert told(cast.reader) == told(cast.head) == ["taken_back"]
    assign.assign(Incoming.objects.get(), by=cast.vetter, now=now, lead=cast.bureau)
    assert asked() == {"reader"}


def test_another_lead_takes_it_anew_and_who_assists_goes_on(steps, cast, now, state):
    incoming = steps.handling(due_on=LATER)
    assign.add_assistants(incoming, [cast.section], by=cast.vetter, now=now)
    steps.take(incoming, cast.section, cast.head)
    kept = Assignment.objects.get(department=cast.section)
    Department = type(cast.bureau)
    other = Department.objects.create(organ=cast.bureau.organ, name="市交通局", code="jt")
    Appointment.objects.create(
        person=cast.countersigner, since=date(2020, 1, 1),
        post=Post.objects.create(department=other, title="局长", is_head=True),
    )  # fmt: skip
    said = {"reason": "职责调整", "lead": other, "assisting": [cast.section], "due_on": date(2026, 12, 3)}
    reassign.reassign(incoming, by=cast.vetter, now=now, **said)
    assert (state(incoming), asked("handle"), asked("assist")) == ("assigned", set(), {"head"})
    assert asked("allocate") == {"countersigner"}
    assert Assignment.objects.get(pk=kept.pk).state == "accepted"
    assert told(cast.reader) == ["reassigned"]
    limits = {timezone.localdate(item.due_at) for item in WorkItem.objects.filter(done_at=None)}
    assert limits == {date(2026, 12, 3)}
    facts = events_of(incoming).get(verb="reassign").facts
    assert (facts["lead"], facts["reason"], facts["due"][:10]) == ("市交通局", "职责调整", "2026-12-03")


def test_a_new_limit_alone_leaves_the_work_where_it_is(steps, cast, now, state):
    incoming = steps.handling(due_on=LATER)
    said = {"lead": cast.bureau, "assisting": [], "reason": "领导要求提前"}
    reassign.reassign(incoming, by=cast.vetter, now=now, due_on=date(2026, 11, 26), **said)
    assert (state(incoming), asked("handle")) == ("handling", {"reader"})
    assert timezone.localdate(WorkItem.objects.get(verb="handle").due_at) == date(2026, 11, 26)
    with pytest.raises(DecisionRefused, match="没有改动"):
        reassign.reassign(incoming, by=cast.vetter, now=now, due_on=date(2026, 11, 26), **said)


def test_the_lead_may_become_the_one_that_assists(steps, cast, now, state):
    incoming = steps.handling(assisting=[steps.cast.section])
    steps_said = {"lead": cast.section, "assisting": [cast.bureau], "reason": "主办应为科室"}
    reassign.reassign(incoming, by=cast.vetter, now=now, **steps_said)
    live = Assignment.objects.filter(state__in=Assignment.LIVE).order_by("-is_lead")
    assert [(part.department, part.is_lead, part.state) for part in live] == [
        (cast.section, True, "asked"), (cast.bureau, False, "asked"),
    ]  # fmt: skip
    assert (state(incoming), asked("allocate")) == ("assigned", {"reader", "head"})


@pytest.mark.parametrize(("lacking", "said"), [
    ({"lead": None}, "主办部门"), ({"due_on": date(2026, 11, 2)}, "已过"), ({"chaser": None}, "专人催办"),
])  # fmt: skip
def test_a_reassigned_paper_needs_what_an_assigned_one_needs(steps, cast, now, lacking, said):
    incoming = steps.handling(important=True, chaser=cast.clerk)
    given = {"lead": cast.section, "chaser": cast.clerk, "reason": "改派", **lacking}
    with pytest.raises(DecisionRefused, match=said):
        reassign.reassign(incoming, by=cast.vetter, now=now, **given)
    assert Incoming.objects.get().state == "handling"


def test_a_paper_answered_meanwhile_is_not_taken_from_anybody(steps, cast, now):
    incoming = steps.answered()
    for deed in (
        lambda: reassign.take_back(incoming, by=cast.vetter, now=now, reason="改派"),
        lambda: reassign.reassign(incoming, by=cast.vetter, now=now, lead=cast.section, reason="改派"),
        lambda: reassign.change_handler(
            Assignment.objects.get(), cast.countersigner, by=cast.countersigner, now=now, reason="出差"
        ),
    ):
        with pytest.raises(TooLate):
            deed()


# --- in the department --------------------------------------------------------------------------------------------


def test_the_head_gives_the_part_to_another_hand_and_back(steps, cast, now):
    incoming = steps.handling(due_on=LATER)
    part = Assignment.objects.get()
    changing = {"by": cast.countersigner, "now": now, "reason": "出差"}
    reassign.change_handler(part, cast.countersigner, **changing)
    assert (asked("handle"), Assignment.objects.get().handler) == ({"countersigner"}, cast.countersigner)
    assert told(cast.reader) == ["handler_changed"]
    with pytest.raises(DecisionRefused, match="承办人已是"):
        reassign.change_handler(part, cast.countersigner, **changing)
    later = now + timedelta(hours=2)
    reassign.change_handler(part, cast.reader, by=cast.countersigner, now=later, reason="已回")
    assert asked("handle") == {"reader"}
    assert cast.reader.notices.filter(verb="incoming.handle_asked").count() == 2
    assert events_of(incoming).filter(verb="change_handler").count() == 2


def test_only_the_departments_people_may_handle_its_part(steps, cast, now):
    steps.handling()
    with pytest.raises(DecisionRefused, match="不在市财政局"):
        reassign.change_handler(Assignment.objects.get(), cast.mayor, by=cast.countersigner, now=now, reason="出差")


def test_an_answer_sent_back_to_a_handler_who_left_goes_to_the_head(steps, cast, now, state):
    incoming = steps.answered()
    cast.reader.is_active = False
    cast.reader.save()
    people = set(cast.bureau.heads(timezone.localdate(now)).values_list("username", flat=True))
    work.do_again(incoming, by=cast.clerk, now=now, reason="答复不全")
    part = Assignment.objects.get()
    assert (state(incoming), part.state, part.handler) == ("assigned", "asked", None)
    assert (asked("allocate"), asked("handle"), asked("close")) == (people, set(), set())
    assert people
    assign.allocate(part, cast.countersigner, by=cast.countersigner, now=now)
    assert (state(incoming), asked("handle")) == ("handling", {"countersigner"})


def test_an_answer_is_not_sent_back_to_a_department_nobody_answers_for(steps, cast, now):
    incoming = steps.answered()
    type(cast.reader).objects.filter(department=cast.bureau).update(is_active=False)
    with pytest.raises(DecisionRefused, match="没有负责人"):
        work.do_again(incoming, by=cast.clerk, now=now, reason="答复不全")
    assert Incoming.objects.get().state == "answered"


# --- 拟办 -----------------------------------------------------------------------------------------------------------


def test_a_proposed_leader_who_left_is_named_and_another_asked_for(steps, cast, now, state):
    incoming = steps.proposed(leaders=("mayor", "leader_in_charge"))
    cast.leader_in_charge.is_active = False
    cast.leader_in_charge.save()
    with pytest.raises(DecisionRefused, match=f"{cast.leader_in_charge.name}已离岗"):
        propose.settle(incoming, by=cast.leader, now=now, agreed=True)
    assert (state(incoming), Proposal.objects.get().state) == ("proposed", "asked")
    propose.settle(incoming, by=cast.leader, now=now, agreed=True, leaders=[cast.mayor])
    assert (state(incoming), asked("instruct")) == ("instructing", {"mayor"})


def test_a_second_click_on_a_proposal_is_too_late_where_no_director_settles(steps, cast, now, settings):
    settings.INCOMING_PROPOSAL_NEEDS_DIRECTOR = False
    incoming = steps.screened()
    said = {"words": "拟请市长批示。", "leaders": [cast.mayor], "mode": "in_order"}
    propose.propose(incoming, by=cast.vetter, now=now, **said)
    with pytest.raises(TooLate):
        propose.propose(Incoming.objects.get(), by=cast.vetter, now=now, **said)
    assert Proposal.objects.count() == 1
