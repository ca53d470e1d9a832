"""The parts of a task as one may see them, with how far each is."""

from dataclasses import dataclass, field
from datetime import datetime

from tasks.models import Task
from tasks.splitting import line_below


@dataclass
class Node:
    """A part, and what it was split into in turn."""

    task: Task
    nodes: list["Node"] = field(default_factory=list)


@dataclass(frozen=True)
class Tree:
    """`nodes` are the parts one may see, `hidden` how many there are besides; `whole` is the task this is a part of."""

    whole: Task | None
    nodes: list[Node]
    hidden: int
    done: int
    total: int


def tree_of(task: Task, person, now: datetime) -> Tree:
    """A fixed number of queries for each level."""
    below = line_below(task)
    seen = Task.objects.filter(pk__in=below).visible_to(person, now) if below else Task.objects.none()
    found = {one.pk: Node(one) for one in seen.select_related("lead_unit", "lead_person").order_by("pk")}
    roots: list[Node] = []
    for node in found.values():
        above = found.get(node.task.parent_id)
        (above.nodes if above else roots).append(node)
    own = Task.objects.filter(parent=task).exclude(state=Task.State.CANCELLED)
    states = list(own.values_list("state", flat=True))
    whole = None
    if task.parent_id and Task.objects.filter(pk=task.parent_id).visible_to(person, now).exists():
        whole = task.parent
    return Tree(whole, roots, len(below) - len(found), states.count(Task.State.CLOSED), len(states))
