"""What somebody who leaves had of tasks goes to their receiver (R60); errands move with the inbox."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.translation import gettext

from officehub.audit.record import record
from officehub.inbox.errands import finish_verb
from officehub.inbox.hand_over import HandoverRefused
from officehub.inbox.models import WorkItem
from officehub.people.models import Person
from tasks.asking import VERIFY, ask, hold, hold_pks
from tasks.models import Extension, Participation, Task
from tasks.who import let_see, other_verifier

COLUMNS = ("lead_person", "responsible", "verifier", "assigner")


def hand_over(sender: Person, *, to: Person, by: Person, now: datetime, **kwargs) -> dict[str, int]:
    """Hears `handing_over`. What the leaver does, answers for, gave or verifies is the receiver's; nobody comes to
    verify what they do themselves. Returns how many tasks moved. Raises HandoverRefused, naming the task."""
    pks = sorted(_tasks_of(sender))
    hold_pks(pks)
    for pk in pks:
        _pass(hold(Task(pk=pk)), sender, to, by, now)
    return {"task": len(pks)}


def _tasks_of(person: Person) -> set[int]:
    mine = Q()
    for name in COLUMNS:
        mine |= Q(**{name: person})
    asked = WorkItem.objects.todo(person).filter(subject_type=ContentType.objects.get_for_model(Task))
    parts = Participation.objects.filter(person=person, role="assist", state__in=["asked", "accepted"])
    return {
        *Task.objects.filter(mine).exclude(state__in=Task.ENDED).values_list("pk", flat=True),
        *asked.values_list("subject_id", flat=True),
        *parts.values_list("task", flat=True),
    }


def _pass(task: Task, sender: Person, to: Person, by: Person, now: datetime) -> None:
    changes = {name: to for name in COLUMNS if getattr(task, f"{name}_id") == sender.pk}
    if not task.is_open and task.state != Task.State.DRAFT:
        changes = {}
    for name, person in changes.items():
        setattr(task, name, person)
    if task.is_open and task.lead_person_id and task.verifier_id == task.lead_person_id:
        changes["verifier"] = task.verifier = _another(task, sender, now)
    if changes:
        Task.objects.filter(pk=task.pk).update(**changes)
    _pass_parts(task, sender, to, now)
    Extension.objects.filter(task=task, by=sender, state=Extension.State.ASKED).update(by=to)
    let_see(task, [to, *changes.values()])
    facts = {"leaver": sender.name, "receiver": to.name}
    event = record(task, "hand_over", by=by, now=now, facts=facts)
    if task.state == Task.State.SUBMITTED and changes.get("verifier", to).pk != to.pk:
        finish_verb(task, VERIFY, "已移交", now)
        ask(task, VERIFY, [task.verifier], now, seq=event.seq)


def _another(task: Task, sender: Person, now: datetime) -> Person:
    """Who verifies when the receiver comes to do what they would verify."""
    found = other_verifier(task, task.lead_person, now, leaver=sender)
    if found is None:
        said = gettext("任务“%(title)s”移交后核验人就是承办人本人，请先改派这项任务或另选接收人。")
        raise HandoverRefused([said % {"title": task.title}])
    return found


def _pass_parts(task: Task, sender: Person, to: Person, now: datetime) -> None:
    """The leaver's parts are the receiver's; one who assists already has both in one."""
    live = Participation.objects.filter(task=task, person=sender, state__in=Participation.LIVE)
    twice = Participation.objects.filter(task=task, person=to, role="assist", unit=None, state__in=Participation.LIVE)
    if twice.exists():
        own = live.filter(role="assist", unit=None)
        own.update(state=Participation.State.WITHDRAWN, ended_at=now)
    live.update(person=to)
