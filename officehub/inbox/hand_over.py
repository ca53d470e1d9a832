"""离岗移交 (R60, 条例 第三十六条): whoever leaves hands everything over in one deed, and the certificate says so.

The rooms move what they own when they hear `handing_over`; what is left of the inbox is moved here.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, transaction
from django.db.models import Max, Q
from django.utils import timezone

from officehub.audit.record import record
from officehub.inbox.delegating import end_delegation
from officehub.inbox.errands import close, give_same, reopen
from officehub.inbox.models import Handover, WorkItem
from officehub.moves import TooLate
from officehub.people.models import Appointment, Delegation, Person
from officehub.people.models.persons import addressable, administers
from officehub.people.signals import handing_over, roles_changed
from officehub.workdays.arithmetic import limit_kept

OUTCOME = "已移交"
GIVEN_AWAY = (OUTCOME, "已改派")  # how an errand ends that its person did not do: it may come back to them
OF_APPROVALS = ("step:", "advice:")  # keys of errands that belong to a step, which moves with it
PATIENCE = "200ms"  # for a row somebody else holds
BUSY = ("55P03", "40P01")  # PostgreSQL: lock not available, deadlock


class HandoverRefused(Exception):
    """Nothing was handed over; `sentences` say why and what to do."""

    def __init__(self, sentences: list[str]):
        self.sentences = sentences
        super().__init__("；".join(sentences))


class HandedOver(TooLate):
    """Somebody did it before, and there is nothing left to hand over."""

    def __init__(self, before: Handover):
        self.thing, self.wanted = before, "hand_over"
        self.who, self.when, self.now_stands = before.by, before.at, f"已移交给{before.to}"
        Exception.__init__(self, f"{before.person}的工作{self.now_stands}。")


def hand_over(
    person: Person, to: Person, *, by: Person, now: datetime, reason: str = "", deactivate: bool = False
) -> Handover:
    """Everything asked of `person` goes to `to`; their offices end with yesterday, and on request their account.

    Raises HandoverRefused, and HandedOver (a TooLate) for the second of two; then nothing has changed.
    """
    with _unless_busy(), transaction.atomic():
        person, to = _hold(person, to)
        counts = _moved_by_rooms(person, to, by, now) + _passed_on(person, to, now)
        ended = _end_offices(person, by, now)
        if not counts and not any(ended.values()):
            _refuse_again(person)
        if left := WorkItem.objects.todo(person).count():
            raise HandoverRefused([f"还有 {left} 项没有移交出去，请先办结或由承办环节改派，再办理移交。"])
        if deactivate:
            person.is_active = False
            person.save()
        return _certify(person, to, by, now, reason, counts, ended)


@contextmanager
def _unless_busy() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") not in BUSY:
            raise
        raise HandoverRefused(["正有人在办理此人的事项，没有移交，请稍候再试。"]) from error


def _hold(person: Person, to: Person) -> tuple[Person, Person]:
    """Both rows, fresh. Nobody can give the leaver an errand until this is over, and we wait long for nobody else."""
    both = Person.objects.filter(pk__in=[person.pk, to.pk]).order_by("pk")
    held = both.select_for_update(no_key=True).in_bulk()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
    list(Person.objects.select_for_update().filter(pk=person.pk).values_list("pk"))  # whoever points here waits
    if administers(person.pk):
        raise HandoverRefused(["管理员（三员）不办理公文，没有事项可移交；其角色由安全管理员调整。"])
    if person.pk == to.pk or not addressable().filter(pk=to.pk).exists():
        raise HandoverRefused(["接收人须是在岗的其他人员，不能是管理员（三员）。"])
    return held[person.pk], held[to.pk]


def _moved_by_rooms(person: Person, to: Person, by: Person, now: datetime) -> Counter:
    moved: Counter[str] = Counter()
    for _room, counts in handing_over.send(person, to=to, by=by, now=now):
        moved.update(counts or {})
    return +moved


def _passed_on(person: Person, to: Person, now: datetime) -> Counter:
    """Close what is still open of the inbox, and ask it of the receiver, unless it was asked of them already."""
    of_steps = Q(key__startswith=OF_APPROVALS[0]) | Q(key__startswith=OF_APPROVALS[1])
    items = list(WorkItem.objects.todo(person).exclude(of_steps).order_by("pk"))
    known = WorkItem.objects.filter(assignee=to, key__in={item.key for item in items})
    theirs = {_errand(item): item.pk for item in known}
    for item in items:
        if same := theirs.get(_errand(item)):
            reopen(WorkItem.objects.filter(pk=same, outcome__in=GIVEN_AWAY), now, **limit_kept(item).fields)
    give_same([item for item in items if _errand(item) not in theirs], to, now)
    close(WorkItem.objects.filter(pk__in=[item.pk for item in items]), OUTCOME, now)
    return Counter(item.verb for item in items)


def _errand(item: WorkItem) -> tuple:
    return item.subject_type_id, item.subject_id, item.key


def _end_offices(person: Person, by: Person, now: datetime) -> dict[str, list[str]]:
    """Roles, posts and delegations end; a post's last day is yesterday, or today's errands would come back."""
    today = timezone.localdate(now)
    return {
        "roles": [_take_role(holding, by, now) for holding in person.role_holdings.order_by("pk")],
        "posts": _end_appointments(person, today),
        "delegations": [str(given) for given in _delegations(person, today) if end_delegation(given, by=by, now=now)],
    }


def _take_role(holding, by: Person, now: datetime) -> str:
    holding.delete()
    record(holding.person, "role_taken", by=by, now=now, facts={"role": holding.role})
    return holding.role


def _end_appointments(person: Person, today) -> list[str]:
    held = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gte=today), person=person)
    posts = [str(appointment.post) for appointment in held.select_related("post__department").order_by("pk")]
    held.filter(since__gte=today).delete()
    held.update(until=today - timedelta(days=1))
    if posts:
        roles_changed.send(person, roles=set())
    return posts


def _delegations(person: Person, today):
    mine = Q(principal=person) | Q(delegate=person)
    return Delegation.objects.filter(mine, until__gte=today).select_related("principal", "delegate").order_by("pk")


def _refuse_again(person: Person) -> None:
    before = person.handovers.select_related("person", "to", "by").order_by("-pk").first()
    if before:
        raise HandedOver(before)


def _certify(person, to, by, now: datetime, reason: str, counts: Counter, ended: dict) -> Handover:
    """The certificate with the next number of its year, and the event that keeps its hash."""
    year = timezone.localdate(now).year
    kind = ContentType.objects.get_for_model(Handover)
    ContentType.objects.select_for_update(no_key=True).get(pk=kind.pk)  # numbers are given one by one
    serial = (Handover.objects.filter(year=year).aggregate(last=Max("serial"))["last"] or 0) + 1
    proof = Handover(person=person, to=to, by=by, at=now, reason=reason[:100], counts=dict(counts), left=0)
    proof.deactivated, proof.year, proof.serial = not person.is_active, year, serial
    proof.certificate_hash = proof.digest()
    proof.save(force_insert=True)
    facts = {"leaver": person.name, "receiver": to.name, "counts": proof.counts, "reason": proof.reason, **ended}
    facts |= {"certificate_hash": proof.certificate_hash, "deactivated": proof.deactivated}
    record(proof, "hand_over", by=by, now=now, facts=facts)
    return proof
