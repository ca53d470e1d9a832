"""补发 and 转阅: sending a paper on within its scope, and handing it on within the department that received it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from documents.distribute import NATURE, send, sendable
from documents.models import Addressee, Distribution, Document
from documents.receive import READABLE
from documents.sending import scope, turn
from documents.sending.asked import lines_of
from documents.sending.whom import Whom, current_heads
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import TooLate
from officehub.people.models import Appointment, Person


def further(
    document: Document, to: Whom, *, by, now: datetime, reason: str = "", first_number: int | None = None
) -> Distribution:
    """补发: the registry sends it to others within the scope; beyond it only the issuer may let it go (R59)."""
    _refuse_unsent(document, "distribute")
    original = sendable(document, to, now)
    if outside := scope.beyond(document, to):
        raise DecisionRefused(
            [
                gettext("%(names)s不在分送范围内，须经发文机关批准（条例 第三十一条），请办理“请求扩大分送”。")
                % {"names": outside.said()}
            ]
        )
    with transaction.atomic():
        sent = send(
            document, to, original, nature=NATURE.FURTHER, by=by, now=now, reason=reason, first_number=first_number
        )
        facts = {"departments": [d.name for d in to.departments], "people": [p.name for p in to.people]}
        record(document, "distribute_further", by=by, now=now, facts={**facts, "reason": reason})
    return sent


def _refuse_unsent(document: Document, wanted: str) -> None:
    if document.state not in READABLE:
        raise TooLate(document, wanted)


def colleagues(line: Addressee):
    """Whom a department that received a paper may let read it: its own people and those of its divisions."""
    return Person.objects.filter(is_active=True, department__path__startswith=line.department.path)


def passable(document: Document, person: Person, today: date):
    """The departments' lines a person may hand the paper on from: they were asked for the department, and are still of
    it, head it, or stand in for who was."""
    headed = Appointment.objects.filter(current_heads(today), person=person).values("post__department")
    theirs = Q(department=person.department_id) | Q(stand_in=person) | Q(department__in=headed)
    return lines_of(document, person).filter(theirs, department__isnull=False)


def pass_on(line: Addressee, people: list[Person], *, by, now: datetime, note: str = "") -> Distribution:
    """转阅: the department's clerk lets colleagues read it; that stays within the scope, and is recorded."""
    document = line.distribution.document
    _refuse_unsent(document, "pass_on")
    if strangers := [person.name for person in people if not _within(person, line)]:
        raise DecisionRefused(
            [
                gettext("%(names)s不是%(department)s的人员；给其他部门看，请办理“请求扩大分送”。")
                % {"names": "、".join(strangers), "department": line.department.name}
            ]
        )
    to = Whom(people=people)
    original = sendable(document, to, now)
    with transaction.atomic():
        turn.take(document.pk)
        if not Addressee.objects.filter(pk=line.pk, recalled_at=None).exists():
            raise TooLate(document, "pass_on")
        _refuse_twice(document, people)
        sent = send(document, to, original, nature=NATURE.PASSED_ON, by=by, now=now, reason=note, source=line)
        facts = {"department": line.department.name, "people": [person.name for person in people], "reason": note}
        record(document, "pass_on", by=by, now=now, facts=facts)
    return sent


def _within(person: Person, line: Addressee) -> bool:
    return person.department is not None and person.department.path.startswith(line.department.path)


def _refuse_twice(document: Document, people: list[Person]) -> None:
    having = Addressee.objects.filter(Q(person__in=people), distribution__document=document, recalled_at=None)
    if twice := list(having.values_list("person__name", flat=True)):
        raise DecisionRefused(
            [gettext("%(names)s已经收到本件，请去掉后再转阅。") % {"names": "、".join(dict.fromkeys(twice))}]
        )
