"""清退 (条例 第三十四条、第三十六条): the issuer calls a paper back; each holder confirms; what is out is listed."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from documents.distribute import finish as finish_distribution
from documents.models import Addressee, Copy, Distribution, Document, Recall, Return
from documents.receive import READABLE
from documents.sending import asked, failed_copies, turn
from documents.sending.chase import pause
from documents.sending.whom import readers_by_department
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.inbox import errands
from officehub.inbox.errands import Errand, finish, give_each
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of, move
from officehub.notifications.models import Notice
from officehub.notifications.tell import tell
from officehub.people.grants import Because, withdraw
from officehub.people.models import Person

AT_ONCE, ON_RETURN = Recall.Access.AT_ONCE, Recall.Access.ON_RETURN
NAMED = 30  # names an event holds


def recallable(document: Document):
    """What can be called back: every addressee that still has the paper or is about to get it."""
    lines = Addressee.objects.filter(distribution__document=document, recalled_at=None)
    return lines.exclude(distribution__nature=Distribution.Nature.PASSED_ON)


def recall(
    document: Document, chosen: Iterable[int] | None, *, by: Person, now: datetime, reason: str, due_at: datetime,
    access: str = AT_ONCE,
) -> Recall:  # fmt: skip
    """Call the paper back from these addressees (by id), or from all (None); `due_at` is when they must have confirmed.

    What is still being delivered is delivered or called back, never both: the deliverer holds the same rows. A
    distribution of which nothing is left to deliver is done.
    """
    if document.state not in READABLE:
        raise TooLate(document, "recall")
    if not reason.strip():
        raise NeedsReason
    with transaction.atomic():
        turn.take(document.pk)
        list(document.distributions.select_for_update().order_by("pk").values_list("pk"))
        found = recallable(document) if chosen is None else recallable(document).filter(pk__in=list(chosen))
        lines = list(found.select_related("department__group_direct", "person", "stand_in").order_by("pk"))
        if not lines:
            raise DecisionRefused(["请选择要清退的对象；已经清退过的不必再选。"])
        called = Recall.objects.create(
            document=document, by=by, at=now, reason=reason.strip()[:200], due_at=due_at, access=access
        )
        passed = Addressee.objects.filter(distribution__source__in=lines, recalled_at=None)
        inner = list(passed.select_related("person", "stand_in"))
        Addressee.objects.filter(pk__in=[line.pk for line in [*lines, *inner]]).update(
            recalled_at=now, next_chase_at=None
        )
        Return.objects.bulk_create([_return(called, line) for line in lines], batch_size=500)
        _ask_back(called, [line for line in lines if line.delivered_at], now)
        _stop_reading(document, now)
        if access == AT_ONCE:
            stop_access(document, [*lines, *inner])
        _finish_empty(document, now)
        names = [str(line) for line in lines]
        facts = {"reason": called.reason, "access": access, "count": len(lines), "names": names[:NAMED]}
        record(document, "recall", by=by, now=now, facts=facts, held=True)
    return called


def _finish_empty(document: Document, now: datetime) -> None:
    """A distribution whose addressees were all called back waits for nothing: not for delivery, not for its copies."""
    for sent in document.distributions.filter(done_at=None).select_related("document__organ").order_by("pk"):
        if not sent.addressees.filter(recalled_at=None, delivered_at=None).exists():
            failed_copies.end(sent, "尚未送达的已全部清退。", now)
            finish_distribution(sent, now)


def _return(called: Recall, line: Addressee) -> Return:
    if line.delivered_at:
        return Return(recall=called, addressee=line)
    never = {"how": Return.How.NOT_RECEIVED, "confirmed_at": called.at, "confirmed_by": called.by}
    return Return(recall=called, addressee=line, **never)


def key_of(line: Addressee) -> str:
    return f"return:{line.pk}"


def _ask_back(called: Recall, lines: list[Addressee], now: datetime) -> None:
    """One errand per holder; for a department it is asked of those who take its papers in."""
    takers = readers_by_department([line.department for line in lines if line.department], now)
    title, source = str(called.document), called.document.document_number or ""
    given, told = [], {}
    for line in lines:
        people = takers[line.department_id] if line.department else [line.stand_in or line.person]
        errand = Errand("give_back", key_of(line), title, source, called.document.urgency, called.due_at)
        given += [(errand, person, None) for person in people]
        told |= {person.pk: person for person in people}
    give_each(given, called, now)
    said = {"title": title, "number": source, "reason": called.reason}
    tell("documents.recalled", called, list(told.values()), now, key="recall", fresh=True, **said)


def _stop_reading(document: Document, now: datetime) -> None:
    """Nobody is asked to read for an addressee from whom it was called back, unless they read for another as well."""
    items = WorkItem.objects.of(document).filter(key="read", done_at=None)
    errands.close(items.exclude(asked.still_asked(document)), "已清退", now)


def stop_access(document: Document, lines: Iterable[Addressee]) -> None:
    """Take the sight of the paper from these addressees, but not from whom it stands with in another way: named,
    standing in or asked for somebody else, or sent it once more after it was called back."""
    lines = list(lines)
    live = Addressee.objects.filter(distribution__document=document, recalled_at=None)
    kept = set(asked.readers_of(live).values_list("person", flat=True)) | {
        pk for pair in live.values_list("person", "stand_in") for pk in pair
    }
    readers = Person.objects.filter(pk__in=asked.readers_of(lines))
    people = {person.pk: person for line in lines for person in (line.person, line.stand_in, *readers) if person}
    departments = {line.department for line in lines if line.department}
    again = set(live.filter(department__in=departments).values_list("department", flat=True))
    groups = [department.group_direct for department in departments if department.pk not in again]
    withdraw(document, [*groups, *(person for pk, person in people.items() if pk not in kept)], Because.RECIPIENT)


def mine(called: Recall, person: Person):
    """What this person is asked to give back in a recall."""
    errands = WorkItem.objects.of(called).filter(assignee=person, key__startswith="return:")
    lines = [int(key.partition(":")[2]) for key in errands.values_list("key", flat=True)]
    return called.returns.filter(addressee__in=lines).select_related("addressee__department", "addressee__person")


def confirm(given_back: Return, *, by: Person, now: datetime, how: str, note: str = "") -> None:
    """已清退: the holder, or the registry for the holder, says what became of it."""
    called, line = given_back.recall, given_back.addressee
    with transaction.atomic():
        turn.take(called.document_id)
        left = Return.objects.filter(pk=given_back.pk, confirmed_at=None)
        if not left.update(how=how, note=note[:200], confirmed_by=by, confirmed_at=now):
            raise TooLate(called, "confirm_return")
        finish(called, key_of(line), Return.How(how).label, now)
        Copy.objects.filter(addressee=line).update(held_by=None)
        if called.access == ON_RETURN:
            stop_access(called.document, _with_inner([line]))
        facts = {"who": str(line), "how": Return.How(how).label, "note": note}
        record(called.document, "given_back", by=by, now=now, facts=facts, held=True)


def _with_inner(lines: list[Addressee]) -> list[Addressee]:
    """These, and those to whom their departments passed the paper on."""
    found = Addressee.objects.filter(Q(pk__in=[line.pk for line in lines]) | Q(distribution__source__in=lines))
    return list(found.select_related("department__group_direct", "person", "stand_in"))


def chase_returns(called: Recall, *, by: Person, now: datetime) -> int:
    """Tell those who have not confirmed once more, but not twice within the pause. Returns how many people."""
    with transaction.atomic():
        Recall.objects.select_for_update(no_key=True).get(pk=called.pk)
        lately = events_of(called).filter(verb="chase_returns", at__gt=now - pause())
        if lately.exists():
            raise DecisionRefused(
                [gettext("%(hours)s 小时内已催办过，请稍后再催。") % {"hours": settings.CHASE_PAUSE_HOURS}]
            )
        items = WorkItem.objects.of(called).filter(done_at=None)
        people = list(Person.objects.filter(pk__in=items.values("assignee")).order_by("pk"))
        if not people:
            raise DecisionRefused(["都已清退，没有可催办的。"])
        key = f"chase:{now.timestamp():.0f}"
        told = {"title": str(called.document), "who": by.name}
        tell("documents.return_chased", called, people, now, key=key, sort=Notice.Sort.CHASE, **told)
        record(called, "chase_returns", by=by, now=now, facts={"count": len(people)}, held=True)
    return len(people)


def close(called: Recall, *, by: Person, now: datetime, remark: str = "") -> None:
    """办结: nobody is asked any more. While something is out, the remark says why it is closed all the same."""
    out = called.returns.filter(confirmed_at=None).select_related("addressee")
    with transaction.atomic():
        turn.take(called.document_id)
        left = list(out)
        if left and not remark.strip():
            raise DecisionRefused([gettext("还有 %(count)s 份没有清退；如须办结，请写明情况。") % {"count": len(left)}])
        move(called, "close_recall", by=by, now=now, closed_by=by, closed_at=now, remark=remark.strip()[:200])
        errands.close(WorkItem.objects.of(called), "清退已办结", now)
        if called.access == ON_RETURN:
            stop_access(called.document, _with_inner([one.addressee for one in left]))
        facts = {"out": [str(one.addressee) for one in left][:NAMED], "count": len(left), "reason": remark.strip()}
        record(called.document, "close_recall", by=by, now=now, facts=facts, held=True)


def recalls_from(document_id: int, person: Person):
    """The recalls of a paper that concern a person: it was called back from them, or from their department."""
    concerned = Q(returns__addressee__person=person) | Q(returns__addressee__stand_in=person)
    if person.department_id:  # who has none is asked nothing by way of one
        concerned |= Q(returns__addressee__department=person.department_id)
    concerned |= Q(returns__addressee__passed_on__addressees__person=person)
    return Recall.objects.filter(concerned, document=document_id).distinct().order_by("-at", "-pk")
