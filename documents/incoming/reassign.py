"""收回、改派、更换承办人: a paper given out is taken back, goes to others, or to another hand in a department."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from documents.incoming.assign import (
    ask_handler,
    hand_out,
    handlers_of,
    having,
    keys_of,
    lapse_extensions,
    limit_of,
    name_chaser,
    parts_asked,
    refuse_unfit,
)
from documents.incoming.duty import ask_office, hold
from documents.incoming.halt import halt
from documents.models import Assignment, Incoming
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.models import Event
from officehub.audit.record import record
from officehub.inbox.errands import finish, redate
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Appointment, Department, Person
from officehub.workdays.arithmetic import Limit

CHANGED_HANDS = "已更换承办人"


def take_back(incoming: Incoming, *, by, now: datetime, reason: str) -> None:
    """收回: every department gives its part back, and the office assigns the paper anew, or files it."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(incoming)
        event = move(held, "take_back", by=by, now=now, facts={"reason": reason.strip()})
        halt(held, by=by, now=now, outcome="已收回", verb="taken_back", reason=reason.strip())
        ask_office(held, now, event.seq)


def reassign(
    incoming: Incoming, *, by, now: datetime, reason: str, lead: Department | None,
    assisting: list[Department] = (), due_on: date | None = None, chaser: Person | None = None,
) -> None:  # fmt: skip
    """改派: other departments, another limit or another chaser. Who keeps their part goes on with it, under the limit
    stated now; a new lead takes the paper anew. Raises DecisionRefused for what is lacking, or when all is as it was.
    """
    if not reason.strip():
        raise NeedsReason
    given = limit_of(incoming, due_on, now)
    due = given.at
    refuse_unfit(incoming, lead, list(assisting), due, chaser, now)
    with transaction.atomic():
        held = hold(incoming)
        if held.state not in Incoming.UNDER_WAY:
            raise TooLate(held, "reassign")
        gone, new_lead = _parts_to_go(held, lead, list(assisting))
        if not gone and not _is_new(held, lead, list(assisting), due, chaser):
            raise DecisionRefused(["主办、协办、时限和催办人都没有改动，不必改派。"])
        losing = having(held, [key for part in gone for key in keys_of(part)])
        changes = {**given.fields, "chaser": chaser, "alarmed_at": None}
        before = held.chaser_id
        facts = _facts(reason, lead, assisting, given, chaser)
        event = _change(held, new_lead, changes, by, now, facts)
        hand_out(held, lead, list(assisting), by, now, reason.strip())
        _follow_limit(held, now)
        if chaser and chaser.pk != before:
            name_chaser(held, chaser, event.seq, now)
        told = {"title": held.title, "number": held.number, "reason": reason.strip()}
        tell("incoming.reassigned", held, losing, now, key=f"reassigned:{event.seq}", **told)


def _parts_to_go(incoming: Incoming, lead, assisting) -> tuple[list[Assignment], bool]:
    """The parts that are given back, and whether the lead changes."""
    wanted = {(lead.pk, True), *((one.pk, False) for one in assisting)}
    live = list(incoming.assignments.filter(state__in=Assignment.LIVE))
    gone = [part for part in live if (part.department_id, part.is_lead) not in wanted]
    return gone, not any(part.is_lead and part.department_id == lead.pk for part in live)


def _is_new(incoming: Incoming, lead, assisting, due, chaser) -> bool:
    live = set(incoming.assignments.filter(state__in=Assignment.LIVE).values_list("department", flat=True))
    return (
        live != {lead.pk, *(one.pk for one in assisting)}
        or due != incoming.due_at
        or (chaser.pk if chaser else None) != incoming.chaser_id
    )


def _facts(reason: str, lead, assisting, given: Limit, chaser) -> dict:
    return {
        "reason": reason.strip(), "lead": lead.name, "assisting": [one.name for one in assisting],
        "due": given.at.isoformat() if given.at else "", "provisional": given.provisional,
        "chaser": chaser.name if chaser else "",
    }  # fmt: skip


def _change(incoming: Incoming, new_lead: bool, changes: dict, by, now: datetime, facts: dict) -> Event:
    """A new lead has not taken the paper yet; under the old one the work goes on."""
    if new_lead:
        lapse_extensions(incoming, now)
        return move(incoming, "reassign", by=by, now=now, facts=facts, **changes)
    Incoming.objects.filter(pk=incoming.pk).update(**changes)
    for name, value in changes.items():
        setattr(incoming, name, value)
    return record(incoming, "rearrange", by=by, now=now, facts=facts)


def _follow_limit(incoming: Incoming, now: datetime) -> None:
    redate(parts_asked(incoming), incoming.due_at, incoming.due_provisional, now)


def change_handler(assignment: Assignment, handler: Person, *, by, now: datetime, reason: str) -> None:
    """更换承办人: the head of a department gives its part to another of its people."""
    if not reason.strip():
        raise NeedsReason
    if not handlers_of(assignment.department).filter(pk=handler.pk).exists():
        said = {"name": handler.name, "department": assignment.department.name}
        raise DecisionRefused([gettext("%(name)s不在%(department)s，不能作承办人。") % said])
    with transaction.atomic():
        incoming = hold(assignment.incoming)
        part = incoming.assignments.select_related("handler", "department").get(pk=assignment.pk)
        if part.state != Assignment.State.ACCEPTED:
            raise TooLate(incoming, "change_handler")
        if part.handler_id == handler.pk:
            raise DecisionRefused([gettext("承办人已是%(name)s，请另选一人。") % {"name": handler.name}])
        was = part.handler
        facts = {
            "department": part.department.name, "was": was.name, "handler": handler.name, "reason": reason.strip()
        }  # fmt: skip
        Assignment.objects.filter(pk=part.pk).update(handler=handler)
        record(incoming, "change_handler", by=by, now=now, facts=facts)
        finish(incoming, f"handle:{part.pk}", CHANGED_HANDS, now)
        ask_handler(part, handler, now)
        told = {"title": incoming.title, "number": incoming.number, "reason": reason.strip()}
        tell("incoming.handler_changed", incoming, [was], now, key=f"handler:{part.pk}:{now.isoformat()}", **told)


def headed_part(incoming: Incoming, person: Person, now: datetime) -> Assignment | None:
    """The part under way in a department that this person heads."""
    rows = headed_parts(incoming, person, now).filter(state=Assignment.State.ACCEPTED)
    return rows.select_related("department", "handler").order_by("-is_lead", "id").first()


def headed_parts(incoming: Incoming, person: Person, now: datetime):
    """Every part, whatever became of it, of departments that this person heads."""
    today = timezone.localdate(now)
    heads = Appointment.objects.filter(Q(until=None) | Q(until__gte=today), person=person, since__lte=today)
    return incoming.assignments.filter(department__in=heads.filter(post__is_head=True).values("post__department"))
