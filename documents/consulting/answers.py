"""What a department says, once and for the whole of it; what came by letter from outside; and silence."""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from documents.consulting.asking import readers
from documents.consulting.rounds import may_see_to
from documents.models import Consultation, ConsultationFile, Consulted, Document
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.files.models import StoredFile
from officehub.inbox.errands import finish
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, move
from officehub.notifications.tell import tell
from officehub.people.models import Person

State, Answer = Consulted.State, Consulted.Answer
OPEN_TO_ANSWERS = (State.WAITING, State.SILENT)  # what comes late is taken all the same
BATCH = 500


def may_answer(consulted: Consulted, person, now: datetime) -> bool:
    """Whether somebody speaks for the department: who takes in its papers today, or who was handed the errand."""
    if consulted.department is None:
        return False
    handed = WorkItem.objects.of(consulted).filter(assignee=person, done_at=None)
    return person in readers(consulted.department, now) or handed.exists()


def heads_of(consulted: Consulted, today: date) -> list[Person]:
    return list(consulted.department.heads(today)) if consulted.department else []


def answer(
    consulted: Consulted,
    *,
    by,
    now: datetime,
    said: str,
    text: str = "",
    responsible: Person | None = None,
    files: Iterable[StoredFile] = (),
) -> None:
    """The department's answer, given by `by` with the consent of its head (`responsible`; who heads it needs nobody's).

    Raises TooLate for the second of two, and when the round has ended; DecisionRefused when the head is missing.
    """
    heads = heads_of(consulted, timezone.localdate(now))
    responsible = by if by in heads else responsible
    if responsible not in heads:
        raise DecisionRefused(["答复须经本部门负责人同意，请选择负责人；没有负责人的，请系统管理员在“岗位”中补充。"])
    if not may_answer(consulted, by, now):
        raise TooLate(consulted, "consult_answer")
    _take(consulted, said, text, files, by, now, responsible=responsible)


def record_letter(
    consulted: Consulted,
    *,
    by,
    now: datetime,
    said: str,
    number: str,
    dated: date,
    text: str = "",
    files: Iterable[StoredFile] = (),
) -> None:
    """What a unit outside the system wrote: the drafter enters it with the letter's number, date and scan."""
    if consulted.department_id:
        raise DecisionRefused(["系统内部门自行答复，不能代为登记。"])
    files = list(files)
    if not files:
        raise DecisionRefused(["请附复函的扫描件。"])
    document = consulted.consultation.document
    if not may_see_to(document, by, consulted.consultation.by_id):
        raise TooLate(consulted, "consult_answer")
    _take(consulted, said, text, files, by, now, arrived=dated, letter_number=number, letter_date=dated)


def _take(consulted, said, text, files, by, now, arrived: date | None = None, **more) -> None:
    if said in Consulted.OPINIONS and not text.strip():
        raise NeedsReason
    sent = consulted.consultation
    with transaction.atomic():
        held = Document.objects.select_for_update(no_key=True).get(pk=sent.document_id)
        sent.refresh_from_db(fields=["state", "due_at", "due_provisional"])
        if sent.state != Consultation.State.OPEN:
            raise TooLate(consulted, "consult_answer")
        late = not sent.due_provisional and (arrived or timezone.localdate(now)) > timezone.localdate(sent.due_at)
        changes = {"answer": said, "text": text, "answered_at": now, "answered_by": by, "late": late, **more}
        move(consulted, "consult_answer", by=by, now=now, facts={"answer": said, "text": text}, **changes)
        for stored in files:
            ConsultationFile.objects.create(consultation=sent, consulted=consulted, title=stored.name, stored=stored)
        finish(consulted, consulted.key, "逾期答复" if late else "已答复", now)
        facts = {"round": sent.number, "unit": str(consulted), "answer": said, "late": late}
        record(held, "consult_answered", by=by, now=now, facts=facts)
        told = {"title": str(held), "unit": str(consulted)}
        people = {person.pk: person for person in (held.drafter, sent.by)}.values()
        tell("documents.consult_answered", held, people, now, key=f"{consulted.key}:answered", **told)


# --- silence -----------------------------------------------------------------------------------------------------


def overdue(now: datetime):
    """Who kept silent beyond the limit; one that is only assumed (按推算) is not held against anybody."""
    found = Consulted.objects.filter(state=State.WAITING, consultation__state=Consultation.State.OPEN)
    found = found.filter(consultation__due_at__lt=now, consultation__due_provisional=False)
    return found.select_related("consultation__document", "department").order_by("id")


def lapse(now: datetime) -> int:
    """逾期未复，视为无不同意见: stated on record of each who kept silent, exactly once. Returns how many."""
    if not settings.CONSULTATION_SILENCE_CONSENTS:
        return 0
    lapsed = 0
    for one in overdue(now)[:BATCH]:
        try:
            lapsed += _lapse(one, now)
        except TooLate:  # it was answered while we were at it
            logging.getLogger("officehub").info("%s was answered before its silence was recorded", one.key)
    return lapsed


def _lapse(one: Consulted, now: datetime) -> bool:
    with transaction.atomic():
        document = Document.objects.select_for_update(no_key=True).get(pk=one.consultation.document_id)
        sent = Consultation.objects.get(pk=one.consultation_id)
        if sent.due_at >= now or sent.due_provisional:  # it was extended meanwhile
            return False
        move(one, "consult_lapse", by=None, now=now, facts={"due_at": sent.due_at.isoformat()})
        finish(one, one.key, State.SILENT.label, now)
        facts = {"round": sent.number, "unit": str(one)}
        record(document, "consult_silent", by=None, now=now, facts=facts)
        told = {"title": str(document), "unit": str(one)}
        tell("documents.consult_silent", document, [document.drafter], now, key=f"{one.key}:silent", **told)
    return True
