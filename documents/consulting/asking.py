"""Who is asked for a department: its registry clerks and its heads, and whoever takes their place."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from documents.models import Consulted
from documents.sending import turn
from documents.sending.whom import readers_of
from officehub.inbox.errands import Errand, finish, give, reopen
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import tell
from officehub.people.grants import Because, grant, withdraw
from officehub.people.models import Department, Person
from officehub.people.models.persons import addressable


def readers(department: Department, now: datetime) -> list[Person]:
    """Who is asked in a department: its registry clerks and its heads."""
    heads = department.heads(timezone.localdate(now))
    people = {one.pk: one for one in [*readers_of(department, now), *heads]}
    known = set(addressable().filter(pk__in=people).values_list("pk", flat=True))
    return [one for pk, one in people.items() if pk in known]


def ask(consulted: Consulted, now: datetime, people: list[Person] | None = None) -> None:
    """The errand of one department, its notice, and the right to see what is asked, and nothing else."""
    sent, document = consulted.consultation, consulted.consultation.document
    people = readers(consulted.department, now) if people is None else people
    place = sent.by.department.name if sent.by.department else ""
    source = f"{place}{sent.by.name}征求意见（第{sent.number}轮）"
    errand = Errand(
        "consult", consulted.key, str(document), source, document.urgency, sent.due_at, sent.due_provisional
    )
    grant(consulted, people, Because.RECIPIENT)
    give(errand, consulted, people, now)
    told = {"title": str(document), "who": sent.by.name, "unit": str(consulted)}
    tell("documents.consult_asked", consulted, people, now, key=consulted.key, **told)


def look_again(person: Person, now: datetime) -> int:
    """Somebody's roles, posts or place changed: of what their department was asked, and of what they were, who takes
    in its papers today has the errand; who does no longer is rid of it, unless nobody else is left, and sees it no
    more. Returns how many errands changed hands."""
    having = WorkItem.objects.todo(person).filter(subject_type=_kind()).values("subject_id")
    touched_by = Q(pk__in=having) | Q(department=person.department_id, department__isnull=False)
    waiting = Consulted.objects.filter(touched_by, state=Consulted.State.WAITING).order_by("consultation__document")
    touched = sum(_seat(pk, person, now) for pk in list(waiting.values_list("pk", flat=True)))
    by_department = defaultdict(list)
    for one in _seen_by(person, now).exclude(pk__in=having).select_related("department"):
        by_department[one.department].append(one)
    for department, asked in by_department.items():
        if person not in readers(department, now):
            _hide(asked, person)
    return touched


def _kind() -> ContentType:
    return ContentType.objects.get_for_model(Consulted)


def _seat(pk: int, person: Person, now: datetime) -> bool:
    """One errand; the paper is held, so that an answer given at this moment is seen, or waits."""
    with transaction.atomic():
        turn.take(Consulted.objects.values_list("consultation__document", flat=True).get(pk=pk))
        waiting = Consulted.objects.filter(pk=pk, state=Consulted.State.WAITING)
        one = waiting.select_related("department", "consultation__document", "consultation__by__department").first()
        if one is None:
            return False
        people = readers(one.department, now)
        held = WorkItem.objects.of(one).filter(done_at=None).select_related("assignee")
        assignees = {item.assignee_id: item.assignee for item in held}
        missing = [reader for reader in people if reader.pk not in assignees]
        left = [assignee for assignee in assignees.values() if people and assignee not in people]
        gone = [one_gone for one_gone in left if one_gone == person or one_gone.department_id == one.department_id]
        if missing:
            ask(one, now, missing)
            reopen(WorkItem.objects.of(one).filter(assignee__in=missing, outcome="已改派"), now)
        for one_gone in gone:
            finish(one, one.key, "已改派", now, assignee=one_gone)
            _hide([one], one_gone)
    return bool(missing or gone)  # whoever else has it was handed it by somebody who left


def hand_over(leaver: Person, to: Person, now: datetime) -> None:
    """What a leaver was asked for a department goes to their receiver with the inbox; the receiver may see what it is
    about, and the leaver no more."""
    asked = WorkItem.objects.todo(leaver).filter(subject_type=_kind()).values("subject_id")
    for one in Consulted.objects.filter(pk__in=asked).select_related("consultation__document"):
        grant(one, [to], Because.RECIPIENT)
    _hide(_seen_by(leaver, now), leaver)


def _seen_by(person: Person, now: datetime):
    """What somebody sees because a department was asked, save what they answered themselves (经手人可见)."""
    seen = Consulted.objects.visible_to(person, now).filter(department__isnull=False)
    return seen.exclude(answered_by=person).exclude(responsible=person).select_related("consultation__document")


def _hide(asked: Iterable[Consulted], person: Person) -> None:
    for one in asked:
        withdraw(one, [person], Because.RECIPIENT)
