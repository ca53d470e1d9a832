"""分办 (条例 第二十四条(四)): one lead department, those that assist, the limit, and who chases it (R43-R45)."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from documents.incoming.duty import ask, ask_office, hold, let_see
from documents.models import Assignment, Extension, Incoming
from documents.sending.whom import readers_of
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.inbox.errands import finish, finish_keys, finish_verb
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Department, Person
from officehub.workdays.arithmetic import Limit, Unit, chosen, limit, limit_kept


def limit_of(incoming: Incoming, due_on: date | None, now: datetime) -> Limit:
    """The end of the day named; of an urgent paper else the office's usual limit (按推算 when the calendar is)."""
    if due_on and incoming.due_unit and timezone.localdate(incoming.due_at) == due_on:
        return limit_kept(incoming)  # the day the office's limit ended on anyway: it stays counted
    if due_on:
        end = datetime.combine(due_on, time(23, 59, 59), tzinfo=timezone.get_current_timezone())
        return chosen(end)
    days = settings.URGENCY_LIMIT_WORKING_DAYS.get(incoming.urgency)
    return limit(now, days, Unit.WORKING_DAYS) if days else chosen(None)


def assign(
    incoming: Incoming, *, by, now: datetime, lead: Department | None, assisting: list[Department] = (),
    due_on: date | None = None, chaser: Person | None = None, words: str = "",
) -> list[Assignment]:  # fmt: skip
    """Give a paper to its departments. Raises DecisionRefused, naming each thing that is lacking."""
    given = limit_of(incoming, due_on, now)
    due = given.at
    refuse_unfit(incoming, lead, list(assisting), due, chaser, now)
    with transaction.atomic():
        facts = {
            "lead": lead.name, "assisting": [one.name for one in assisting], "words": words.strip(),
            "due": due.isoformat() if due else "", "provisional": given.provisional,
            "chaser": chaser.name if chaser else "",
        }  # fmt: skip
        changes = {**given.fields, "chaser": chaser, "alarmed_at": None}
        event = move(incoming, "assign", by=by, now=now, facts=facts, **changes)
        finish_verb(incoming, "assign", "已分办", now)
        if chaser:
            name_chaser(incoming, chaser, event.seq, now)
        return hand_out(incoming, lead, list(assisting), by, now)


def name_chaser(incoming: Incoming, chaser: Person, seq: int, now: datetime) -> None:
    let_see(incoming, [chaser])
    named = {"title": incoming.title, "number": incoming.number}
    tell("incoming.chaser_named", incoming, [chaser], now, key=f"chaser:{seq}", **named)


def refuse_unfit(incoming, lead, assisting, due, chaser, now: datetime) -> None:
    trouble = []
    if lead is None:
        trouble.append("请明确一个主办部门（条例 第二十四条(四)）。")
    if lead in assisting:
        trouble.append(gettext("%(lead)s已是主办部门，不能再作协办。") % {"lead": lead})
    if incoming.urgency and due is None:
        trouble.append("紧急公文须明确办理时限（条例 第二十四条(四)）。")
    if due is not None and due < now:
        trouble.append("办理时限已过，请改填今天或以后的日期。")
    if incoming.is_pressing and chaser is None:
        trouble.append("紧急或者重要公文须指定专人催办（条例 第二十四条(六)）。")
    for department in [*([lead] if lead else []), *assisting]:
        if not readers_of(department, now):
            trouble.append(f"{department}没有收发员，也没有负责人，请系统管理员补充后再分办。")
    if trouble:
        raise DecisionRefused(trouble)


def hand_out(
    incoming: Incoming, lead: Department, assisting: list[Department], by, now: datetime, reason: str = ""
) -> list[Assignment]:
    """Those who have their part already keep it; the others give it back, and whoever is new is asked."""
    wanted = {(lead.pk, True), *((one.pk, False) for one in assisting)}
    live = {(one.department_id, one.is_lead): one for one in incoming.assignments.filter(state__in=Assignment.LIVE)}
    for which, one in live.items():
        if which not in wanted:
            withdraw(one, now, "已改派", reason)
    named = [(lead, True), *((one, False) for one in assisting)]
    made = []
    for department, is_lead in named:
        if (department.pk, is_lead) not in live:
            one = Assignment.objects.create(incoming=incoming, department=department, is_lead=is_lead, by=by, at=now)
            made.append(one)
            ask_department(one, now)
    return made


def answer_for(department: Department, now: datetime) -> list[Person]:
    """Who says who handles what in a department: its heads, or else whoever takes its papers in. Raises DecisionRefused
    when it has neither."""
    people = list(department.heads(timezone.localdate(now))) or readers_of(department, now)
    if not people:
        said = gettext("%(department)s没有负责人，也没有收发员，请系统管理员补充后再退回重办。")
        raise DecisionRefused([said % {"department": department}])
    return people


def ask_department(assignment: Assignment, now: datetime, people: list[Person] | None = None) -> None:
    """Ask whoever takes papers in for a department, or the people named, to say who handles its part."""
    incoming = assignment.incoming
    people = people or readers_of(assignment.department, now)
    let_see(incoming, [*people, *assignment.department.heads(timezone.localdate(now))])
    limits = limit_kept(incoming).shown if incoming.due_at else None
    ask(incoming, "allocate", people, now, key=f"allocate:{assignment.pk}", limits=limits)


def keys_of(assignment: Assignment) -> list[str]:
    """Of the errands that a department's part gives."""
    return [f"allocate:{assignment.pk}", f"handle:{assignment.pk}"]


def parts_asked(incoming: Incoming):
    """The errands that follow the limit of the paper as a whole: whose part it is to say, and to do."""
    return WorkItem.objects.of(incoming).filter(verb__in=["allocate", "handle", "assist"], done_at=None)


def having(incoming: Incoming, keys: list[str]) -> list[Person]:
    """Who has one of these errands, each once."""
    rows = WorkItem.objects.of(incoming).filter(key__in=keys, done_at=None).select_related("assignee")
    return list({item.assignee_id: item.assignee for item in rows.order_by("id")}.values())


def withdraw(assignment: Assignment, now: datetime, outcome: str, reason: str = "") -> None:
    Assignment.objects.filter(pk=assignment.pk, state__in=Assignment.LIVE).update(
        state=Assignment.State.WITHDRAWN, ended_at=now, reason=reason[:500]
    )
    finish_keys(assignment.incoming, keys_of(assignment), outcome, now)


def add_assistants(incoming: Incoming, departments: list[Department], *, by, now: datetime) -> None:
    """增加协办 while the paper is being handled."""
    if not departments:
        raise DecisionRefused(["请选择协办部门。"])
    nobody = [one.name for one in departments if not readers_of(one, now)]
    if nobody:
        raise DecisionRefused(
            [gettext("%(names)s没有收发员，也没有负责人，请系统管理员补充。") % {"names": "、".join(nobody)}]
        )
    with transaction.atomic():
        held = hold(incoming)
        if held.state not in (Incoming.State.ASSIGNED, Incoming.State.HANDLING):
            raise TooLate(held, "assign")
        has = set(held.assignments.filter(state__in=Assignment.LIVE).values_list("department", flat=True))
        if twice := [one.name for one in departments if one.pk in has]:
            raise DecisionRefused([gettext("%(names)s已在承办。") % {"names": "、".join(twice)}])
        record(held, "assistants_added", by=by, now=now, facts={"assisting": [one.name for one in departments]})
        for department in departments:
            one = Assignment.objects.create(incoming=held, department=department, is_lead=False, by=by, at=now)
            ask_department(one, now)


# --- in the department ----------------------------------------------------------------------------------------------


def handlers_of(department: Department):
    """Who may handle a paper in a department: its people and those of its divisions."""
    return Person.objects.filter(is_active=True, department__path__startswith=department.path).order_by("name_key")


def allocate(assignment: Assignment, handler: Person, *, by, now: datetime) -> None:
    """接办: the department takes the paper and says who handles it."""
    incoming = assignment.incoming
    with transaction.atomic():
        hold(incoming)
        found = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.ASKED)
        if not found.update(state=Assignment.State.ACCEPTED, handler=handler, accepted_at=now):
            raise TooLate(incoming, "accept")
        facts = {"department": assignment.department.name, "handler": handler.name}
        if assignment.is_lead:
            move(incoming, "accept", by=by, now=now, facts=facts)
        else:
            record(incoming, "accept_part", by=by, now=now, facts=facts)
        finish(incoming, f"allocate:{assignment.pk}", "已接办", now)
        ask_handler(assignment, handler, now)


def ask_handler(assignment: Assignment, handler: Person, now: datetime) -> None:
    incoming = assignment.incoming
    verb = "handle" if assignment.is_lead else "assist"
    limits = limit_kept(incoming).shown
    ask(incoming, verb, [handler], now, key=f"handle:{assignment.pk}", limits=limits)


def lapse_extensions(incoming: Incoming, now: datetime) -> None:
    """Nobody need decide any more on a later limit that was asked for."""
    incoming.extensions.filter(state=Extension.State.ASKED).update(state=Extension.State.LAPSED, decided_at=now)
    finish_verb(incoming, "extend", "不再需要", now)


def refuse(assignment: Assignment, *, by, now: datetime, reason: str) -> None:
    """不属本部门职责: back to the office with the reason; the lead's paper is to be assigned anew."""
    if not reason.strip():
        raise NeedsReason
    incoming = assignment.incoming
    with transaction.atomic():
        hold(incoming)
        found = Assignment.objects.filter(pk=assignment.pk, state__in=[Assignment.State.ASKED, "accepted"])
        if not found.update(state=Assignment.State.REFUSED, reason=reason.strip()[:500], ended_at=now):
            raise TooLate(incoming, "refuse")
        facts = {"department": assignment.department.name, "reason": reason.strip()}
        finish_keys(incoming, keys_of(assignment), "已退回改派", now)
        if assignment.is_lead:
            event = move(incoming, "refuse", by=by, now=now, facts=facts)
            lapse_extensions(incoming, now)
            ask_office(incoming, now, event.seq)
        else:
            record(incoming, "refuse_part", by=by, now=now, facts=facts)
        told = {"title": incoming.title, **facts}
        tell("incoming.refused", incoming, [assignment.by], now, key=f"refused:{assignment.pk}", **told)
