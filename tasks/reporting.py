"""反馈: how far the work is, which milestones are reached, and what the assisting units did."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.files.keep import keeping
from officehub.inbox.errands import close
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.people.models import Department, Person
from officehub.workdays.arithmetic import chosen
from tasks.asking import ASSIST, MILESTONE, ask, hold, news, part_done
from tasks.limits import end_of
from tasks.models import Evidence, Milestone, Participation, Report, Task
from tasks.seats import add_assistants, ask_part, live_parts
from tasks.who import answer_for, is_doer_of, show_above

STATE, SORT, PART = Task.State, Report.Sort, Participation.State


def report(
    task: Task, *, by: Person, now: datetime, percent: int, text: str, back_reason: str = "", files=()
) -> Report:
    """报进展: never above 100; who goes back says why. The same said twice is kept once."""
    if not text.strip():
        raise DecisionRefused(["请写明办理进展。"])
    if not 0 <= percent <= 100:
        raise DecisionRefused(["进度应在 0 到 100 之间。"])
    with keeping(files, by=by, now=now) as kept:
        held = hold(task)
        if held.state != STATE.IN_PROGRESS or held.lead_person_id != by.pk:
            raise TooLate(held, "report")
        if percent < held.percent and not back_reason.strip():
            said = gettext("进度由 %(was)s%% 回退到 %(now)s%%，请写明理由。")
            raise DecisionRefused([said % {"was": held.percent, "now": percent}])
        _refuse_same(held, by, percent, text)
        made = keep(held, SORT.PROGRESS, text, kept, by, now, percent=percent, back_reason=back_reason.strip()[:300])
        facts = {"percent": percent, "was": held.percent, "words": made.text, "back": made.back_reason}
        event = move(held, "report", by=by, now=now, facts={**facts, "files": [one.name for one in kept]},
                     percent=percent)  # fmt: skip
        news("reported", held, [held.assigner, held.responsible], now, seq=event.seq, by=by, who=by.name,
             percent=percent)  # fmt: skip
    return made


def _refuse_same(task: Task, by: Person, percent: int, text: str) -> None:
    last = task.reports.order_by("-id").first()
    if last and (last.sort, last.text, last.percent, last.by_id) == (SORT.PROGRESS, text.strip(), percent, by.pk):
        raise DecisionRefused(["这一进展已经报过，没有再报。"])


def keep(task: Task, sort: str, text: str, stored, by: Person, now: datetime, **more) -> Report:
    """A report is written once and never changed."""
    made = Report.objects.create(task=task, sort=sort, text=text.strip(), by=by, at=now, **more)
    Evidence.objects.bulk_create(Evidence(task=task, report=made, stored=one) for one in stored)
    return made


# --- milestones -----------------------------------------------------------------------------------------------------


def tick(milestone: Milestone, *, by: Person, now: datetime) -> Milestone:
    """节点完成, once, by whoever does the task."""
    with transaction.atomic():
        held = hold(milestone.task)
        if held.state != STATE.IN_PROGRESS or held.lead_person_id != by.pk:
            raise TooLate(held, "tick")
        open_one = Milestone.objects.filter(pk=milestone.pk, done_at=None)
        if not open_one.update(done_at=now, done_by=by):
            raise TooLate(held, "tick")
        rows = WorkItem.objects.of(held).filter(verb=MILESTONE, key__startswith=f"{MILESTONE}:{milestone.pk}:")
        close(rows, "已完成", now)
        event = record(held, "tick", by=by, now=now, facts={"name": milestone.name}, held=True)
        news("ticked", held, [held.assigner, held.responsible], now, seq=event.seq, by=by, name=milestone.name)
    milestone.refresh_from_db()
    return milestone


def add_milestone(task: Task, *, by: Person, now: datetime, name: str, day: date) -> Milestone:
    """A further milestone of a task in hand, no later than its limit."""
    if not name.strip():
        raise DecisionRefused(["请写明节点名称。"])
    with transaction.atomic():
        held = hold(task)
        if held.state not in Task.UNDER_WAY:
            raise TooLate(held, "add_milestone")
        end = end_of(day)
        if end <= now:
            raise DecisionRefused(["节点时限已过，请改填今天或以后的日期。"])
        if held.due_at and end > held.due_at:
            raise DecisionRefused(["节点时限不能晚于办理时限。"])
        made = Milestone.objects.create(task=held, name=name.strip()[:100], due_at=end)
        event = record(held, "add_milestone", by=by, now=now, facts={"name": made.name, "due": end.isoformat()})
        if held.state == STATE.IN_PROGRESS:
            ask(held, MILESTONE, [held.lead_person], now, seq=f"{made.pk}:{event.seq}", due=chosen(end))
    return made


# --- those that assist ----------------------------------------------------------------------------------------------


def add_parts(
    task: Task, *, by: Person, now: datetime, units: Iterable[Department] = (), people: Iterable[Person] = ()
) -> list[Participation]:
    """增加协办 while the task is being done."""
    units, people = list(units), list(people)
    if not units and not people:
        raise DecisionRefused(["请选择协办单位或人员。"])
    with transaction.atomic():
        held = hold(task)
        if held.state not in Task.UNDER_WAY:
            raise TooLate(held, "add_parts")
        _refuse_parts(held, units, people, now)
        made = add_assistants(held, units, people, by, now)
        record(held, "add_parts", by=by, now=now, facts={"assisting": [one.name for one in [*units, *people]]})
        for one in made:
            ask_part(held, one, now)
        show_above(held, now)
    return made


def _refuse_parts(task: Task, units: list[Department], people: list[Person], now: datetime) -> None:
    live = Participation.objects.filter(task=task, state__in=Participation.LIVE).exclude(role="responsible")
    has_units = set(live.values_list("unit", flat=True))
    has_people = set(live.values_list("person", flat=True))
    twice = [one.name for one in units if one.pk in has_units] + [one.name for one in people if one.pk in has_people]
    if twice:
        raise DecisionRefused([gettext("%(names)s已在承办。") % {"names": gettext("、").join(twice)}])
    nobody = [one.name for one in units if not answer_for(one, now)]
    if nobody:
        said = gettext("%(names)s没有收发员，也没有负责人，请系统管理员补充。")
        raise DecisionRefused([said % {"names": gettext("、").join(nobody)}])


def _held_part(participation: Participation, by: Person, wanted: str) -> tuple[Task, Participation]:
    """The task, held, and the part as it is now, when it is this person's to see to."""
    held = hold(participation.task)
    part = live_parts(held).filter(pk=participation.pk).first()
    if part is None or held.state not in (*Task.UNDER_WAY, STATE.SENT_BACK):
        raise TooLate(held, wanted)
    mine = WorkItem.objects.of(held).filter(verb=ASSIST, assignee=by, done_at=None)
    keys = [key.split(":")[1] for key in mine.values_list("key", flat=True)]
    if str(part.pk) not in keys:
        raise TooLate(held, wanted)
    return held, part


def name_for_part(participation: Participation, person: Person, *, by: Person, now: datetime) -> Participation:
    """The head of an assisting unit says who does its part."""
    with transaction.atomic():
        held, part = _held_part(participation, by, "name_for_part")
        if part.unit is None or not is_doer_of(person, part.unit):
            said = {"name": person.name, "department": str(part.unit or part.person)}
            raise DecisionRefused([gettext("%(name)s不在%(department)s，不能作承办人。") % said])
        if part.person_id == person.pk:
            raise DecisionRefused([gettext("承办人已是%(name)s，请另选一人。") % {"name": person.name}])
        Participation.objects.filter(pk=part.pk).update(person=person, state=PART.ACCEPTED, accepted_at=now)
        facts = {"unit": part.unit.name, "person": person.name}
        event = record(held, "name_for_part", by=by, now=now, facts=facts, held=True)
        part_done(held, part, "已分派", now)
        ask(held, ASSIST, [person], now, seq=f"{part.pk}:{event.seq}")
    part.refresh_from_db()
    return part


def send_part_back(participation: Participation, *, by: Person, now: datetime, reason: str) -> None:
    """不属本单位职责: the part is given back to whoever asked for it."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held, part = _held_part(participation, by, "send_part_back")
        changes = {"state": PART.SENT_BACK, "ended_at": now, "reason": reason.strip()[:500]}
        Participation.objects.filter(pk=part.pk).update(**changes)
        part_done(held, part, "已退回", now)
        unit = str(part.unit or part.person)
        event = record(held, "send_part_back", by=by, now=now, facts={"unit": unit, "reason": reason.strip()})
        said = {"unit": unit, "reason": reason.strip()}
        news("part_sent_back", held, [part.by, held.lead_person], now, seq=event.seq, by=by, **said)
        show_above(held, now)


def report_part(participation: Participation, *, by: Person, now: datetime, text: str, files=()) -> Report:
    """报协办情况: the part is done, and the lead hears of it."""
    if not text.strip():
        raise DecisionRefused(["请写明协办情况。"])
    with keeping(files, by=by, now=now) as kept:
        held, part = _held_part(participation, by, "report_part")
        changes = {"state": PART.DONE, "ended_at": now, "person": part.person or by}
        Participation.objects.filter(pk=part.pk).update(**changes)
        made = keep(held, SORT.PART, text, kept, by, now, participation=part)
        part_done(held, part, "已报协办情况", now)
        unit = str(part.unit or part.person)
        facts = {"unit": unit, "words": made.text, "files": [one.name for one in kept]}
        event = record(held, "report_part", by=by, now=now, facts=facts, held=True)
        news("part_reported", held, [held.lead_person or held.assigner], now, seq=event.seq, by=by, unit=unit)
    return made
