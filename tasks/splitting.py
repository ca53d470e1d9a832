"""分解: a task is done in parts, each a task of its own; the whole is handed in when none of them is open."""

from datetime import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext

from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from tasks.asking import hold
from tasks.models import Task

STATE = Task.State
NAMED = 5  # parts still open, named in a refusal


def refuse_under(parent: Task) -> Task:
    """The whole, held, when a part may be made under it now. Raises TooLate, and DecisionRefused where it is too deep.

    Whoever hands the whole in or closes it holds the same row: either the part is seen there, or it comes too late.
    """
    held = hold(parent)
    if held.state != STATE.IN_PROGRESS:
        raise TooLate(held, "split")
    if held.depth >= settings.TASK_MAX_DEPTH:
        said = gettext("任务最多分解 %(most)s 级，请在上一级中分解。")
        raise DecisionRefused([said % {"most": settings.TASK_MAX_DEPTH}])
    return held


def open_parts(task: Task):
    """The parts that are neither closed nor cancelled. Drafts count: somebody meant to give them."""
    return Task.objects.filter(parent=task).exclude(state__in=Task.ENDED).order_by("id")


def refuse_open_parts(task: Task) -> None:
    """The whole waits for its parts. The caller holds the whole."""
    left = list(open_parts(task)[: NAMED + 1])
    if left:
        names = gettext("、").join(one.number or one.title for one in left[:NAMED])
        raise DecisionRefused([gettext("子任务尚未全部办结（%(names)s），请先办结或撤销。") % {"names": names}])


def line_below(task: Task) -> list[int]:
    """The ids of every task below one, level by level; parts are at most `TASK_MAX_DEPTH` deep."""
    found: list[int] = []
    level = [task.pk]
    while level:
        level = list(Task.objects.filter(parent__in=level).order_by("pk").values_list("pk", flat=True))
        found += level
    return found


def out_of_line(task: Task, end: datetime) -> list[str]:
    """What a limit would contradict: a part cannot end after its whole, nor a whole before its parts and milestones."""
    trouble, whole = [], task.parent
    if whole is not None and whole.due_at and end > whole.due_at:
        said = gettext("不能晚于上级任务的时限（%(day)s）。")
        trouble.append(said % {"day": f"{timezone.localdate(whole.due_at):%Y-%m-%d}"})
    for part in task.parts.filter(state__in=Task.OPEN, due_at__gt=end).order_by("pk"):
        said = gettext("子任务“%(title)s”的时限是 %(day)s，不能晚于本任务，请先调整。")
        trouble.append(said % {"title": part.title, "day": f"{timezone.localdate(part.due_at):%Y-%m-%d}"})
    for one in task.milestones.filter(done_at=None, due_at__gt=end):
        trouble.append(gettext("阶段节点“%(name)s”晚于办理时限，请改正。") % {"name": one.name})
    return trouble


def refuse_out_of_line(task: Task, end: datetime) -> None:
    if trouble := out_of_line(task, end):
        raise DecisionRefused(trouble)


def refuse_ended_whole(task: Task) -> None:
    """A part is not taken up again under a whole that is no longer being done. The caller holds the whole."""
    whole = task.parent
    if whole is not None and whole.state != STATE.IN_PROGRESS:
        raise DecisionRefused(["上级任务不在办理中，请先退回重办或重新办理上级任务。"])
