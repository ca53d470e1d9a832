"""Distribution: the clerk names the addressees in one deed; a job delivers to them, each exactly once."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from documents.models import Addressee, Distribution, Document, Receipt, Rendition
from documents.seal import original_of
from documents.signing import ask
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import Errand, finish_verb, give
from officehub.moves import move
from officehub.notifications.tell import enqueue, tell
from officehub.people.grants import Because, grant, resort
from officehub.people.models import Department, Person, Role
from officehub.workdays.arithmetic import Unit, due_at

LEASE = timedelta(seconds=120)
BATCH = 50  # addressees in one transaction


def readers_of(department: Department, now: datetime) -> list[Person]:
    """Who takes in papers for a department: its registry clerks, or else its heads."""
    active = Person.objects.filter(is_active=True, department=department)
    clerks = list(active.filter(role_holdings__role=Role.REGISTRY_CLERK).order_by("id"))
    return clerks or list(department.heads(timezone.localdate(now)))


def distribute(
    document: Document, *, departments: list[Department], people: list[Person], by, now: datetime
) -> Distribution:
    """Send a sealed paper out. Refused, naming them, when a department has nobody to take it in."""
    original = original_of(document)
    if original is None or original.state != Rendition.State.DONE:
        raise DecisionRefused(["盖章的正本还没有排好，请稍候再分发。"])
    if not departments and not people:
        raise DecisionRefused(["请选择分送的部门或人员。"])
    nobody = [department.name for department in departments if not readers_of(department, now)]
    if nobody:
        raise DecisionRefused([f"{'、'.join(nobody)}没有收发员，也没有负责人，请系统管理员补充后再分发。"])
    due, provisional = due_at(now, _limit(document), Unit.WORKING_DAYS)
    with transaction.atomic():
        facts = {"departments": [d.name for d in departments], "people": [p.name for p in people]}
        move(document, "distribute", by=by, now=now, facts=facts, sort_at=now)
        resort(document)
        finish_verb(document, "distribute", "已分发", now)
        _answer_question(document, by, now)
        sent = Distribution.objects.create(document=document, by=by, at=now, due_at=due, due_provisional=provisional)
        Addressee.objects.bulk_create(
            [Addressee(distribution=sent, department=department) for department in departments]
            + [Addressee(distribution=sent, person=person) for person in people]
        )
        transaction.on_commit(partial(poke, sent.pk))
    return sent


def _answer_question(document: Document, by, now: datetime) -> None:
    """The incoming paper that this one answers is answered by its going out."""
    from documents.incoming.reply import distributed  # papers in are given to departments by the module at hand

    distributed(document, by=by, now=now)


def _limit(document: Document) -> int:
    return settings.URGENCY_LIMIT_WORKING_DAYS.get(document.urgency, settings.READING_LIMIT_WORKING_DAYS)


def poke(pk: int) -> None:
    from documents.jobs import deliver  # the job calls back into this module

    enqueue(deliver, pk)


def waiting(now: datetime):
    """Distributions not yet delivered to the end that nobody works on."""
    return Distribution.objects.filter(Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE), done_at=None)


def deliver(pk: int, now: datetime) -> bool:
    """Deliver what is left of one distribution, batch by batch. False when somebody else is at it or it is done."""
    if not waiting(now).filter(pk=pk).update(claimed_at=now):
        return False
    sent = Distribution.objects.select_related("document__drafter", "document__department").get(pk=pk)
    while _deliver_batch(sent, now):
        pass
    with transaction.atomic():
        unfinished = Distribution.objects.filter(pk=pk, done_at=None)
        done = unfinished.exclude(addressees__delivered_at=None).update(done_at=now)
        if done:
            count = Receipt.objects.filter(document=sent.document, delivered_at__isnull=False).count()
            record(sent.document, "delivered", by=None, now=now, facts={"readers": count})
            ask(sent.document, "archive", Role.ARCHIVIST, now, source=sent.document.document_number)
    return bool(done)


def _deliver_batch(sent: Distribution, now: datetime) -> int:
    """One batch in one transaction: grants, receipts, errands, notices and the mark that it was done."""
    with transaction.atomic():
        Distribution.objects.select_for_update().get(pk=sent.pk)  # a second worker waits here and finds what is left
        rows = list(
            sent.addressees.filter(delivered_at=None).select_related("department__group_direct", "person__department")[
                :BATCH
            ]
        )
        readers: dict[int, Person] = {}
        for row in rows:
            grant(sent.document, [row.department.group_direct if row.department else row.person], Because.RECIPIENT)
            readers.update({p.pk: p for p in (readers_of(row.department, now) if row.department else [row.person])})
        _ask_to_read(sent, list(readers.values()), now)
        Addressee.objects.filter(pk__in=[row.pk for row in rows]).update(delivered_at=now)
    return len(rows)


def _ask_to_read(sent: Distribution, readers: list[Person], now: datetime) -> None:
    document = sent.document
    Receipt.objects.bulk_create(
        [Receipt(document=document, reader=p, department=p.department, delivered_at=now) for p in readers],
        ignore_conflicts=True,
    )
    Receipt.objects.filter(document=document, reader__in=readers, delivered_at=None).update(delivered_at=now)
    errand = Errand(
        "read", "read", str(document), document.document_number, document.urgency, sent.due_at, sent.due_provisional
    )
    give(errand, document, readers, now)
    tell(
        "documents.delivered", document, readers, now, key="read", title=str(document), number=document.document_number
    )
