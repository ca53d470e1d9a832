"""The errands of a task: each is given, re-dated and taken off through `inbox.errands`, and always has a limit."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from officehub.inbox.errands import Errand, close, finish, finish_verb, give, having, redate
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.notifications.tell import tell
from officehub.people.models import Person
from officehub.workdays.arithmetic import Limit, Unit, limit
from tasks.models import Task
from tasks.who import let_see

ALLOCATE, ACCEPT, DO, ASSIST = "task_allocate", "task_accept", "task_do", "task_assist"
VERIFY, REASSIGN, MILESTONE = "task_verify", "task_reassign", "task_milestone"
VERBS = (ALLOCATE, ACCEPT, DO, ASSIST, VERIFY, REASSIGN, MILESTONE)
LEADS = (ALLOCATE, ACCEPT, DO, MILESTONE)  # whoever has the task in hand
FOLLOWING = (DO, ASSIST)  # due when the task is
RELATED = ("organ__office", "assigner__department", "verifier", "lead_unit", "lead_person", "responsible", "parent")


def hold(task: Task) -> Task:
    """The task's row, fresh and locked: whoever changes what hangs on it takes this lock first."""
    rows = Task.objects.select_for_update(of=("self",), no_key=True).select_related(*RELATED)
    return rows.get(pk=task.pk)


def hold_line(task: Task) -> Task:
    """The task of which this one is a part, then this one: always in that order."""
    if task.parent_id:
        hold_pks([task.parent_id])
    return hold(task)


def hold_pks(pks: Iterable[int]) -> None:
    """Several tasks, a whole before its parts: parts are younger."""
    rows = Task.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=list(pks)).order_by("pk")
    list(rows.values_list("pk", flat=True))


def ask(
    task: Task, verb: str, people: Iterable[Person], now: datetime, *, seq: int | str, due: Limit | None = None
) -> None:
    """Give an errand to some people, let them see the task, and tell them. `seq` is of the event that it comes from;
    `due` is its limit, else the usual one of such a step, and never later than the task's own."""
    people = list(people)
    fields = (due or _usual(task, verb, now)).fields
    key = f"{verb}:{seq}"
    source = f"{task.number} {task.assigner.name}交办"
    let_see(task, people)
    give(Errand(verb, key, task.title, source, task.urgency, **fields), task, people, now)
    urgent = bool(task.urgency)
    tell(f"tasks.{verb}", task, people, now, key=key, urgent=urgent, title=task.title, number=task.number)


def _usual(task: Task, verb: str, now: datetime) -> Limit:
    """The task's own limit, which its errands follow, or one of the office's for such a step."""
    own = Limit(task.due_at, task.due_provisional)
    if verb in FOLLOWING and task.due_at:
        return own
    days = settings.TASK_VERIFY_LIMIT_WORKING_DAYS if verb == VERIFY else settings.TASK_ACCEPT_LIMIT_WORKING_DAYS
    usual = limit(now, days, Unit.WORKING_DAYS)
    if verb in (ALLOCATE, ACCEPT) and task.due_at and task.due_at < usual.at:
        return own
    return usual


def is_asked(task: Task, verb: str, person: Person) -> bool:
    return WorkItem.objects.of(task).filter(verb=verb, assignee=person, done_at=None).exists()


def must_be_asked(task: Task, verb: str, person: Person, wanted: str) -> None:
    """`TooLate` when it is not this person's to do (any more)."""
    if not is_asked(task, verb, person):
        raise TooLate(task, wanted)


def done(task: Task, verbs: Iterable[str], outcome: str, now: datetime) -> None:
    for verb in verbs:
        finish_verb(task, verb, outcome, now)


def part_key(participation) -> str:
    return f"{ASSIST}:{participation.pk}"


def part_done(task: Task, participation, outcome: str, now: datetime) -> None:
    """Every errand of an assisting part: the unit's, and that of whoever was named for it."""
    rows = WorkItem.objects.of(task).filter(verb=ASSIST, key__startswith=f"{part_key(participation)}:", done_at=None)
    close(rows, outcome, now)
    finish(task, part_key(participation), outcome, now)


def all_done(task: Task, outcome: str, now: datetime) -> list[Person]:
    """Nothing more is asked. Returns who had something to do."""
    people = having(task)
    close(WorkItem.objects.of(task).filter(done_at=None), outcome, now)
    return people


def follow_limit(task: Task, now: datetime) -> None:
    """The errands that are due when the task is, by its limit as it is now."""
    rows = WorkItem.objects.of(task).filter(verb__in=FOLLOWING)
    redate(rows, task.due_at, task.due_provisional, now)


def news(verb: str, task: Task, people: Iterable[Person | None], now: datetime, *, seq: int | str, by=None, **said):
    """Tell people of what happened, but not whoever did it."""
    told = [person for person in people if person is not None and (by is None or person.pk != by.pk)]
    facts = {"title": task.title, "number": task.number, **said}
    tell(f"tasks.{verb}", task, told, now, key=f"{verb}:{seq}", **facts)
