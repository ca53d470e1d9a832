"""Distribution: the clerk names the addressees in one deed; a job delivers to them, each exactly once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext

from documents.models import Addressee, CopyRun, Distribution, Document, Receipt, Rendition
from documents.seal import original_of
from documents.sending import asked, number_copies, scope, turn
from documents.sending.whom import Whom, readers_by_department, standing, without_readers
from documents.signing import ask
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.inbox.errands import Errand, finish_verb, give, reopen
from officehub.inbox.models import WorkItem
from officehub.moves import move
from officehub.notifications.tell import enqueue, tell
from officehub.people.grants import Because, grant, resort
from officehub.people.models import Department, Person, Role
from officehub.workdays.arithmetic import Unit, limit, limit_kept

LEASE = timedelta(seconds=120)
BATCH = 50  # addressees in one transaction
NATURE = Distribution.Nature


def distribute(
    document: Document,
    *,
    departments: list[Department],
    people: list[Person],
    by,
    now: datetime,
    first_number: int | None = None,
    beyond: str = "",
) -> Distribution:
    """Send a sealed paper out; whom it goes to is its scope from now on (条例 第三十一条).

    `first_number` asks for numbered copies from that 份号 on; `beyond` is the reason for going beyond the scope that
    was proposed. Refused, naming them, when a department has nobody to take it in.
    """
    to = Whom(departments, people)
    original = sendable(document, to, now)
    scope.refuse_beyond(document, to, beyond)
    with transaction.atomic():
        facts = {"departments": [d.name for d in departments], "people": [p.name for p in people]}
        if beyond:
            facts["beyond"] = beyond
        move(document, "distribute", by=by, now=now, facts=facts, sort_at=now)
        resort(document)
        finish_verb(document, "distribute", "已分发", now)
        _answer_question(document, by, now)
        scope.register(document, to, scope.Origin.FIRST, by, now)
        return send(document, to, original, nature=NATURE.FIRST, by=by, now=now, first_number=first_number)


def sendable(document: Document, to: Whom, now: datetime) -> Rendition:
    """The sealed original, when it can go to all of them. Raises DecisionRefused."""
    original = original_of(document)
    if original is None or original.state != Rendition.State.DONE:
        raise DecisionRefused(["盖章的正本还没有排好，请稍候再分发。"])
    if not to:
        raise DecisionRefused(["请选择分送的部门或人员。"])
    if nobody := without_readers(to.departments, now):
        raise DecisionRefused(
            [gettext("%(names)s没有收发员，也没有负责人，请系统管理员补充后再分发。") % {"names": "、".join(nobody)}]
        )
    return original


def send(
    document: Document, to: Whom, original: Rendition, *, nature: str, by, now: datetime,
    reason: str = "", source: Addressee | None = None, first_number: int | None = None,
) -> Distribution:  # fmt: skip
    """Order the delivery to all of them, inside the deed's transaction; who has the paper already is refused, and a
    text that is not the signed one goes to nobody (R31)."""
    turn.take(document.pk)  # one sender at a time
    hold_to_signed(document)
    if nature != NATURE.PASSED_ON and (twice := to - (to - standing(document))):
        raise DecisionRefused([gettext("%(names)s已经分送过，请去掉后再办。") % {"names": twice.said()}])
    due = limit(now, _limit(document), Unit.WORKING_DAYS)
    sent = Distribution.objects.create(
        document=document, nature=nature, source=source, by=by, at=now, reason=reason[:200],
        **due.fields,
    )  # fmt: skip
    rows = [Addressee(distribution=sent, department=department) for department in to.departments]
    rows += [Addressee(distribution=sent, person=person) for person in to.people]
    Addressee.objects.bulk_create(rows, batch_size=500)
    if first_number is not None:
        number_copies.order(sent, original, first_number, now)  # delivered when the copies are there
    else:
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
    """Distributions not yet delivered to the end that nobody works on, whose numbered copies are made or given up."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=now - LEASE)
    printed = Q(copy_run=None) | Q(copy_run__state__in=(CopyRun.State.DONE, CopyRun.State.ENDED))
    return Distribution.objects.filter(free, printed, done_at=None)


def deliver(pk: int, now: datetime) -> bool:
    """Deliver what is left of one distribution, batch by batch. False when somebody else is at it or it is done."""
    ready = waiting(now).filter(pk=pk).values("pk")
    if not Distribution.objects.filter(pk__in=ready, done_at=None).update(claimed_at=now):
        return False
    sent = Distribution.objects.select_related("document__drafter", "document__department", "document__organ").get(
        pk=pk
    )
    while _deliver_batch(sent, now):
        pass
    with transaction.atomic():
        turn.take(sent.document_id)
        return finish(sent, now)


def finish(sent: Distribution, now: datetime) -> bool:
    """Nothing is left to deliver: the distribution is done, and after the first one the paper can be filed. Inside the
    transaction that holds the paper; True when it is done by this."""
    document = sent.document
    left = Addressee.objects.filter(distribution=OuterRef("pk"), delivered_at=None, recalled_at=None)
    done = Distribution.objects.filter(~Exists(left), pk=sent.pk, done_at=None).update(done_at=now)
    if done:
        count = Receipt.objects.filter(document=document, delivered_at__gte=sent.at).count()
        record(document, "delivered", by=None, now=now, facts={"readers": count}, held=True)
        waits = Document.objects.filter(pk=document.pk, state=Document.State.DISTRIBUTED)  # it may be filed already
        if sent.nature == NATURE.FIRST and waits.exists():
            ask(document, "archive", Role.ARCHIVIST, now, source=document.document_number)
    return bool(done)


def _deliver_batch(sent: Distribution, now: datetime) -> int:
    """One batch in one transaction: grants, receipts, errands, notices and the mark that it was done."""
    with transaction.atomic():
        turn.take(sent.document_id)
        Distribution.objects.select_for_update().get(pk=sent.pk)  # a second worker waits here and finds what is left
        left = sent.addressees.filter(delivered_at=None, recalled_at=None).order_by("id")
        rows = list(left.select_related("department__group_direct", "person", "stand_in")[:BATCH])
        if not rows:
            return 0
        readers = _readers(rows, now)
        grant(sent.document, _principals(rows, readers), Because.RECIPIENT)
        delivered = Addressee.objects.filter(pk__in=readers)
        delivered.update(delivered_at=now, next_chase_at=sent.due_at)
        asked.note(readers)
        read = _have_read(sent, {row.pk: readers[row.pk][0] for row in rows if row.person})
        asked.settle(Addressee.objects.filter(pk__in=read), Coalesce("stand_in", "person"), now)
        _ask_to_read(sent, {person for pk in readers.keys() - read for person in readers[pk]}, now)
    return len(rows)


def _readers(rows: list[Addressee], now: datetime) -> dict[int, list[Person]]:
    """Who is asked to read for each addressee: who takes papers in for the department, or the person, or who stands in
    for somebody who left."""
    takers = readers_by_department([row.department for row in rows if row.department], now)
    return {row.pk: takers[row.department_id] if row.department else [row.stand_in or row.person] for row in rows}


def _principals(rows: list[Addressee], readers: dict[int, list[Person]]) -> list[Person | Group]:
    """Who sees the paper from now on: departments and people named, and who takes it in for a department of which they
    are no member, as a head who belongs to another one."""
    named = [row.department.group_direct if row.department else readers[row.pk][0] for row in rows]
    return named + [person for row in rows if row.department for person in readers[row.pk]
                    if person.department_id != row.department_id]  # fmt: skip


def _have_read(sent: Distribution, people: dict[int, Person]) -> set[int]:
    """The lines of people who acknowledged the paper before, by another way that still stands: they are not asked
    again. A department is asked whoever of it has read the paper."""
    before = asked.have_read(sent.document_id, people.values())
    return {line for line, person in people.items() if person.pk in before}


def _ask_to_read(sent: Distribution, people: Iterable[Person], now: datetime) -> None:
    """Receipt, errand and notice of each; who had read for somebody else before is asked anew."""
    document, readers = sent.document, sorted(people, key=lambda person: person.pk)
    Receipt.objects.bulk_create(
        [Receipt(document=document, reader=p, department_id=p.department_id, delivered_at=now) for p in readers],
        ignore_conflicts=True,
        batch_size=500,
    )
    theirs = Receipt.objects.filter(document=document, reader__in=readers)
    theirs.filter(delivered_at=None).update(delivered_at=now)
    theirs.filter(acknowledged_at__isnull=False).update(delivered_at=now, opened_at=None, acknowledged_at=None)
    done = WorkItem.objects.of(document).filter(key="read", assignee__in=readers, done_at__isnull=False)
    reopen(done, now, anew=True, **limit_kept(sent).shown)
    errand = Errand(
        "read", "read", str(document), document.document_number, document.urgency, sent.due_at, sent.due_provisional
    )
    give(errand, document, readers, now)
    key = "read" if sent.nature == NATURE.FIRST else f"read:{sent.pk}"
    tell("documents.delivered", document, readers, now, key=key, title=str(document), number=document.document_number)
