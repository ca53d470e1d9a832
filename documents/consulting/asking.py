"""Who is asked for a department: its registry clerks and its heads, and whoever takes their place."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from documents.models import Consulted
from documents.sending.whom import readers_of
from officehub.inbox.errands import Errand, finish, give
from officehub.inbox.models import WorkItem
from officehub.notifications.tell import tell
from officehub.people.grants import Because, grant
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
    in its papers today has the errand; who does no longer is rid of it, unless nobody else is left. Returns how many
    errands changed hands."""
    kind = ContentType.objects.get_for_model(Consulted)
    having = WorkItem.objects.todo(person).filter(subject_type=kind).values("subject_id")
    touched_by = Q(pk__in=having) | Q(department=person.department_id, department__isnull=False)
    waiting = Consulted.objects.filter(touched_by, state=Consulted.State.WAITING)
    touched = 0
    for one in waiting.select_related("department", "consultation__document", "consultation__by__department"):
        people = readers(one.department, now)
        held = WorkItem.objects.of(one).filter(done_at=None).select_related("assignee")
        assignees = {item.assignee_id: item.assignee for item in held}
        missing = [reader for reader in people if reader.pk not in assignees]
        left = [assignee for assignee in assignees.values() if people and assignee not in people]
        gone = [one_gone for one_gone in left if one_gone == person or one_gone.department_id == one.department_id]
        if missing or gone:  # whoever else has it was handed it by somebody who left
            _change_hands(one, missing, gone, now)
            touched += 1
    return touched


def _change_hands(one: Consulted, missing: list[Person], gone: list[Person], now: datetime) -> None:
    with transaction.atomic():
        if missing:
            ask(one, now, missing)
            WorkItem.objects.of(one).filter(assignee__in=missing, outcome="已改派").update(done_at=None, outcome="")
        for person in gone:
            finish(one, one.key, "已改派", now, assignee=person)


def let_in(leaver: Person, to: Person) -> None:
    """What a leaver was asked for a department goes to their receiver with the inbox; they may see what it is about."""
    kind = ContentType.objects.get_for_model(Consulted)
    asked = WorkItem.objects.todo(leaver).filter(subject_type=kind).values("subject_id")
    for one in Consulted.objects.filter(pk__in=asked).select_related("consultation__document"):
        grant(one, [to], Because.RECIPIENT)
