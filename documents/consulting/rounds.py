"""A round of 征求意见 from its sending to its end: open, extend, chase, close, withdraw. Every function is one
transaction."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext

from documents.consulting import asking
from documents.interchange import Refused
from documents.models import Consultation, ConsultationFile, Consulted, Document
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.approvals.models import Permit, Step
from officehub.audit.record import record
from officehub.inbox.errands import finish, redate
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.models import Department
from officehub.workdays.arithmetic import Unit
from officehub.workdays.arithmetic import limit as limit_from

State = Consulted.State
UNSIGNED = (*Document.EDITABLE, Document.State.IN_APPROVAL)  # while what others think of it can still change it
MOST_ASKED = 60  # departments and units in one round


def may_open(document: Document, person, step: Step | None) -> bool:
    """Whether somebody may ask others about a paper: its drafter while writing, or the vetter at a stage that permits
    it. `step` is what this person has to do with it."""
    if document.state in Document.EDITABLE:
        return document.drafter_id == person.pk
    return step is not None and step.state == Step.State.OPEN and _may_consult(step)


def _may_consult(step: Step) -> bool:
    return step.stage.verb == "vet" and step.stage.permits_to(Permit.CONSULT)


def may_see_to(document: Document, person, opened_by: int | None = None) -> bool:
    """Whether somebody sees to the answers of a round: the drafter, or who opened it, until the paper is signed."""
    return document.state in UNSIGNED and person.pk in (document.drafter_id, opened_by)


def limit(document: Document) -> int:
    """Working days within which departments answer; fewer when the paper is urgent."""
    usual = settings.CONSULTATION_LIMIT_WORKING_DAYS
    return min(usual, settings.URGENCY_LIMIT_WORKING_DAYS.get(document.urgency, usual))


# --- opening -----------------------------------------------------------------------------------------------------


def open_round(
    document: Document,
    *,
    by,
    now: datetime,
    departments: Iterable[Department],
    units: Iterable[str] = (),
    question: str = "",
    step: Step | None = None,
) -> Consultation:
    """Send the text as it is now to departments, and to units outside the system by their names.

    Raises DecisionRefused, naming who cannot be asked; then nothing was sent.
    """
    departments, units = list(departments), list(dict.fromkeys(units))
    with transaction.atomic():
        held = Document.objects.select_for_update(no_key=True, of=("self",)).select_related("drafter__department")
        fresh = held.get(pk=document.pk)
        if step:
            step.refresh_from_db(fields=["state"])  # it may have been decided since the page was shown
        if not may_open(fresh, by, step):
            raise TooLate(fresh, "consult")
        content, content_hash = _frozen(fresh)
        _refuse_unaskable(fresh, departments, units, now)
        due = limit_from(now, limit(fresh), Unit.WORKING_DAYS)
        number = (fresh.consultations.aggregate(last=Max("number"))["last"] or 0) + 1
        sent = Consultation.objects.create(
            document=fresh, number=number, question=question, content=content, content_hash=content_hash,
            by=by, at=now, **due.fields,
        )  # fmt: skip
        for attached in fresh.attached.exclude(stored=None):
            ConsultationFile.objects.create(consultation=sent, title=attached.title, stored=attached.stored)
        for department in departments:
            asking.ask(Consulted.objects.create(consultation=sent, department=department, sort_at=now), now)
        for unit in units:
            Consulted.objects.create(consultation=sent, unit=unit, sort_at=now)
        names = [*(one.name for one in departments), *units]
        facts = {"round": number, "people": names, "question": question, "content_hash": content_hash}
        record(fresh, "consult", by=by, now=now, facts=facts)
    return sent


def _frozen(document: Document) -> tuple[dict, str]:
    try:
        return document.raw(), document.content_hash()
    except Refused as refused:
        raise DecisionRefused(["文稿还不完整，补齐后再征求意见。", *(one.message for one in refused.errors)]) from None


def _refuse_unaskable(document: Document, departments: list[Department], units: list[str], now: datetime) -> None:
    if not departments and not units:
        raise DecisionRefused(["请选择征求意见的部门，或者写明系统外单位。"])
    if len(departments) + len(units) > MOST_ASKED:
        raise DecisionRefused(
            [gettext("一轮最多征求 %(most)s 个部门和单位的意见，请分轮进行。") % {"most": MOST_ASKED}]
        )
    sentences = []
    if nobody := [one.name for one in departments if not asking.readers(one, now)]:
        sentences.append(
            gettext("%(names)s没有收发员，也没有负责人，请系统管理员补充后再征求意见。") % {"names": "、".join(nobody)}
        )
    waiting = Consulted.objects.filter(consultation__document=document, state=State.WAITING)
    asked = set(waiting.values_list("department", flat=True)) & {one.pk for one in departments}
    if twice := [one.name for one in departments if one.pk in asked]:
        sentences.append(gettext("%(names)s上一轮还没有答复，不必再发；可以催复或延期。") % {"names": "、".join(twice)})
    if sentences:
        raise DecisionRefused(sentences)


# --- while it is open --------------------------------------------------------------------------------------------


def extend(sent: Consultation, *, by, now: datetime, days: int, reason: str) -> None:
    """More time for whoever has not answered: `days` working days from today, later than the limit there was."""
    if not reason.strip():
        raise NeedsReason
    longer = limit_from(now, days, Unit.WORKING_DAYS)
    due = longer.at
    with transaction.atomic():
        _held(sent, by)
        if due <= sent.due_at:
            raise DecisionRefused(["延长后的时限须晚于原时限，请增加天数。"])
        changed = Consultation.objects.filter(pk=sent.pk, state=Consultation.State.OPEN, due_at=sent.due_at)
        if not changed.update(**longer.fields):
            raise TooLate(sent, "extend")
        waiting = list(sent.asked.filter(state=State.WAITING))
        for one in waiting:
            redate(WorkItem.objects.of(one), due, longer.provisional, now)
        facts = {"round": sent.number, "days": days, "reason": reason, "due_at": due.isoformat()}
        record(sent.document, "consult_extended", by=by, now=now, facts=facts)
        for one in waiting:
            key = f"{one.key}:extended:{timezone.localdate(due).isoformat()}"
            people = [item.assignee for item in WorkItem.objects.of(one).filter(done_at=None)]
            tell("documents.consult_extended", one, people, now, key=key, title=str(sent.document), who=by.name)


def chase(sent: Consultation, *, by, now: datetime) -> list[Consulted]:
    """催复: only who has not answered is told once more, and nobody within the pause. Returns who was told."""
    with transaction.atomic():
        _held(sent, by)
        silent = list(sent.asked.filter(state=State.WAITING, department__isnull=False).select_related("department"))
        if not silent:
            raise DecisionRefused(["没有待答复的部门；系统外单位请电话或发函催复。"])
        since = now - timedelta(hours=settings.CHASE_PAUSE_HOURS)
        told = [one for one in silent if not _told_since(one, since)]
        if not told:
            raise DecisionRefused(
                [gettext("%(hours)s 小时内已催复过，请稍后再催。") % {"hours": settings.CHASE_PAUSE_HOURS}]
            )
        for one in told:
            people = [item.assignee for item in WorkItem.objects.of(one).filter(done_at=None).select_related()]
            key = f"{one.key}:chase:{now.timestamp():.0f}"
            params = {"title": str(sent.document), "who": by.name}
            tell("documents.consult_chased", one, people, now, key=key, sort=Notice.Sort.CHASE, **params)
        facts = {"round": sent.number, "people": [str(one) for one in told]}
        record(sent.document, "consult_chased", by=by, now=now, facts=facts)
    return told


def _told_since(one: Consulted, since: datetime) -> bool:
    kept = Notice.objects.filter(verb="documents.consult_chased", subject_id=one.pk, at__gt=since)
    return kept.filter(key__startswith=f"{one.key}:").exists()


def _held(sent: Consultation, by) -> None:
    """Hold the paper's row: who sees to a round follow each other, and nobody does once the paper is signed."""
    document = Document.objects.select_for_update(no_key=True).get(pk=sent.document_id)
    sent.refresh_from_db()
    if not may_see_to(document, by, sent.by_id) or sent.state != Consultation.State.OPEN:
        raise TooLate(sent, "close")


# --- ending ------------------------------------------------------------------------------------------------------


def close(sent: Consultation, *, by, now: datetime, reason: str = "") -> None:
    """Take no more answers. Before the limit is over, while somebody has not answered, it takes a reason."""
    with transaction.atomic():
        _held(sent, by)
        waiting = sent.asked.filter(state=State.WAITING)
        if waiting.exists() and not reason.strip():
            raise DecisionRefused(["还有部门没有答复，提前结束的，请写明理由；其未答复不视为无意见。"])
        facts = {"round": sent.number, "reason": reason, "people": [str(one) for one in waiting]}
        _end(sent, "close", "consult_end", "已结束征求意见", by, now, reason)
        record(sent.document, "consult_closed", by=by, now=now, facts=facts)


def withdraw(sent: Consultation, *, by, now: datetime, reason: str) -> None:
    """撤回: nobody need answer any more, and the answers given count for nothing; they stay on record."""
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        _held(sent, by)
        asked = [one for one in sent.asked.filter(state__in=(State.WAITING, State.SILENT)) if one.department_id]
        people = {one.pk: [item.assignee for item in WorkItem.objects.of(one).filter(done_at=None)] for one in asked}
        _end(sent, "withdraw", "consult_recall", "已撤回", by, now, reason)
        record(sent.document, "consult_withdrawn", by=by, now=now, facts={"round": sent.number, "reason": reason})
        for one in asked:
            told = {"title": str(sent.document), "who": by.name, "reason": reason}
            tell("documents.consult_withdrawn", one, people[one.pk], now, key=f"{one.key}:withdrawn", **told)


def _end(sent: Consultation, deed: str, of_each: str, outcome: str, by, now: datetime, reason: str) -> None:
    move(sent, deed, by=by, now=now, facts={"reason": reason}, ended_at=now, reason=reason)
    for one in sent.asked.filter(state__in=Consulted.MOVES[of_each].sources):
        move(one, of_each, by=by, now=now)
        finish(one, one.key, outcome, now)


def end_all(document: Document, *, by, now: datetime) -> None:
    """The paper was signed or goes no further: nobody is to answer any more. In the deed's own transaction."""
    for sent in document.consultations.filter(state=Consultation.State.OPEN):
        _end(sent, "close", "consult_end", "已结束征求意见", by, now, "")
