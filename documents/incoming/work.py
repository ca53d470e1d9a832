"""承办: progress, the parts of assisting departments, and a later limit asked for with a reason."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from documents.incoming.assign import (
    answer_for,
    ask_department,
    ask_handler,
    handlers_of,
    lapse_extensions,
    parts_asked,
    withdraw,
)
from documents.incoming.duty import ask, hold
from documents.incoming.uploads import refuse_secret
from documents.models import Assignment, Extension, Incoming, IncomingFile, IncomingNote
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.files.keep import keeping
from officehub.inbox.errands import finish, finish_verb, redate
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.workdays.arithmetic import chosen

SORT = IncomingNote.Sort


def note(
    incoming: Incoming, assignment: Assignment, *, by, now: datetime, words: str, sort: str = SORT.PROGRESS, files=()
) -> IncomingNote:
    """Write down how far the work is. An assisting department's part (`PART`) ends its errand and tells the lead."""
    if not words.strip():
        raise DecisionRefused(["请写明办理情况。"])
    for file in files:
        refuse_secret(file)
    with keeping(files, by=by, now=now) as kept:
        held = hold(incoming)
        if held.state not in (Incoming.State.ASSIGNED, Incoming.State.HANDLING):
            raise TooLate(held, "answer")
        last = assignment.notes.order_by("-id").first()
        if last and (last.sort, last.words, last.by_id) == (sort, words.strip(), by.pk):
            raise DecisionRefused(["这一情况已经记下，没有再记。"])
        made = IncomingNote.objects.create(
            incoming=held, assignment=assignment, sort=sort, words=words.strip(), by=by, at=now
        )
        IncomingFile.objects.bulk_create(IncomingFile(incoming=held, note=made, stored=one) for one in kept)
        facts = {"department": assignment.department.name, "words": made.words, "files": [one.name for one in kept]}
        record(held, f"note_{sort}", by=by, now=now, facts=facts)
        if sort == SORT.PART:
            _end_part(assignment, held, now)
    return made


def _end_part(assignment: Assignment, incoming: Incoming, now: datetime) -> None:
    accepted = Assignment.objects.filter(pk=assignment.pk, state=Assignment.State.ACCEPTED)
    if not accepted.update(state=Assignment.State.DONE, ended_at=now):
        raise TooLate(incoming, "answer")
    finish(incoming, f"handle:{assignment.pk}", "已报协办意见", now)
    lead = incoming.assignments.filter(is_lead=True, state=Assignment.State.ACCEPTED).select_related("handler").first()
    if lead:
        facts = {"title": incoming.title, "department": assignment.department.name}
        tell("incoming.part_given", incoming, [lead.handler], now, key=f"part:{assignment.pk}", **facts)


# --- a later limit ------------------------------------------------------------------------------------------------


def ask_extension(incoming: Incoming, *, by, now: datetime, until: date, reason: str) -> Extension:
    """申请延期, decided by whoever assigned the paper."""
    if not reason.strip():
        raise NeedsReason
    if incoming.due_at is None or until <= timezone.localdate(incoming.due_at):
        raise DecisionRefused(["申请的日期须晚于现在的时限；没有时限的不必申请延期。"])
    with transaction.atomic():
        held = hold(incoming)
        if held.state != Incoming.State.HANDLING:
            raise TooLate(held, "answer")
        if held.extensions.filter(state=Extension.State.ASKED).exists():
            raise DecisionRefused(["已有一个延期申请待批，请等批复。"])
        made = Extension.objects.create(incoming=held, until=until, reason=reason.strip()[:500], by=by, at=now)
        record(held, "ask_extension", by=by, now=now, facts={"until": until.isoformat(), "reason": made.reason})
        lead = held.assignments.select_related("by").get(is_lead=True, state=Assignment.State.ACCEPTED)
        ask(held, "extend", [lead.by], now, key=f"extend:{made.pk}")
    return made


def decide_extension(extension: Extension, *, by, now: datetime, agreed: bool, words: str = "") -> None:
    """Grant a later limit, or refuse it with a reason; open errands follow the new limit."""
    if not agreed and not words.strip():
        raise NeedsReason
    incoming = extension.incoming
    with transaction.atomic():
        state = Extension.State.GRANTED if agreed else Extension.State.REFUSED
        hold(incoming)
        asked = Extension.objects.filter(pk=extension.pk, state=Extension.State.ASKED)
        if not asked.update(state=state, decided_by=by, decided_at=now, answer=words.strip()[:500]):
            raise TooLate(incoming, "answer")
        facts = {"until": extension.until.isoformat(), "agreed": agreed, "words": words.strip()}
        record(incoming, "decide_extension", by=by, now=now, facts=facts)
        if agreed:
            end = datetime.combine(extension.until, time(23, 59, 59), tzinfo=timezone.get_current_timezone())
            Incoming.objects.filter(pk=incoming.pk).update(**chosen(end).fields, alarmed_at=None)
            redate(parts_asked(incoming), end, False, now)
        finish(incoming, f"extend:{extension.pk}", "已批复", now)
        verb = "incoming.extended" if agreed else "incoming.not_extended"
        told = {"title": incoming.title, "day": f"{extension.until:%Y-%m-%d}", "words": words.strip()}
        tell(verb, incoming, [extension.by], now, key=f"extension:{extension.pk}", **told)


def end_all(incoming: Incoming, now: datetime) -> None:
    """The lead has answered: its assignment is done, and nothing more is asked of the others."""
    for one in incoming.assignments.filter(state__in=[Assignment.State.ASKED, Assignment.State.ACCEPTED]):
        if one.is_lead:
            Assignment.objects.filter(pk=one.pk).update(state=Assignment.State.DONE, ended_at=now)
            finish(incoming, f"handle:{one.pk}", "已答复", now)
        else:
            withdraw(one, now, "主办已办结")
    lapse_extensions(incoming, now)


def do_again(incoming: Incoming, *, by, now: datetime, reason: str) -> None:
    """退回重办: the answer does not do; the lead has the paper again. When its handler has left the department, the
    head is asked to name another. Raises DecisionRefused when nobody answers for the department.
    """
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        held = hold(incoming)
        if held.state != Incoming.State.ANSWERED:
            raise TooLate(held, "do_again")
        rows = held.assignments.select_related("handler", "department")
        lead = rows.get(is_lead=True, state=Assignment.State.DONE)
        stayed = handlers_of(lead.department).filter(pk=lead.handler_id).exists()
        people = [lead.handler] if stayed else answer_for(lead.department, now)
        facts = {"reason": reason.strip(), "to": [person.name for person in people]}
        move(held, "do_again" if stayed else "do_again_anew", by=by, now=now, facts=facts)
        held.replies.filter(stands=True).update(stands=False)
        finish_verb(held, "close", "已退回重办", now)
        if stayed:
            Assignment.objects.filter(pk=lead.pk).update(state=Assignment.State.ACCEPTED, ended_at=None)
            ask_handler(lead, lead.handler, now)
        else:
            asked = {"state": Assignment.State.ASKED, "handler": None, "accepted_at": None, "ended_at": None}
            Assignment.objects.filter(pk=lead.pk).update(**asked)
            ask_department(lead, now, people)
        told = {"title": held.title, "reason": reason.strip()}
        tell("incoming.do_again", held, people, now, key=f"again:{now.isoformat()}", **told)
