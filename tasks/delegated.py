"""我交办的: where each thing I gave stands, who has it now and how to reach them, and chasing several at once."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType

from officehub.approvals.decide import DecisionRefused
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Person
from tasks.chasing import chase
from tasks.models import Task


def given_by(person: Person):
    """The open tasks somebody gave to others, and those that came back to them."""
    rows = Task.objects.open().filter(assigner=person)
    return rows.select_related("lead_unit", "lead_person__department")


def in_hands(tasks: Iterable[Task], apart_from: Person) -> dict[int, list[Person]]:
    """By a task's id, who has something to do with it now: one query for a page of them."""
    kind = ContentType.objects.get_for_model(Task)
    rows = WorkItem.objects.filter(subject_type=kind, subject_id__in=[one.pk for one in tasks], done_at=None)
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for item in rows.exclude(assignee=apart_from).select_related("assignee__department").order_by("id"):
        found[item.subject_id][item.assignee_id] = item.assignee
    return {pk: list(people.values()) for pk, people in found.items()}


@dataclass(frozen=True)
class Chased:
    """How many people were reminded, and why of some tasks nobody was."""

    told: int
    trouble: list[str]


def chase_all(tasks: Iterable[Task], *, by: Person, now: datetime, words: str = "") -> Chased:
    """Each in its own transaction: one that cannot be chased keeps none of the others from it."""
    told, trouble = 0, []
    for task in tasks:
        try:
            told += len(chase(task, by=by, now=now, words=words))
        except DecisionRefused as error:
            trouble += [f"{task.number} {sentence}" for sentence in error.sentences]
        except TooLate as late:
            trouble.append(str(late))
    return Chased(told, trouble)
