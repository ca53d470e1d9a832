"""The words of this room: its errands, its notices, and its card on the workbench."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from officehub.inbox.badges import asked_of
from tasks.models import Task

VERBS = {
    "task_allocate": _("分派"),
    "task_accept": _("签收任务"),
    "task_do": _("办理任务"),
    "task_assist": _("协办任务"),
    "task_verify": _("核验"),
    "task_reassign": _("重新交办"),
    "task_milestone": _("阶段节点"),
    "task_extend": _("批准延期"),
}
SENTENCES = {
    "tasks.task_allocate": _("%(number)s“%(title)s”交本单位办理，请分派承办人"),
    "tasks.task_accept": _("%(number)s“%(title)s”交您办理，请签收"),
    "tasks.task_do": _("请办理%(number)s“%(title)s”"),
    "tasks.task_assist": _("请协办%(number)s“%(title)s”"),
    "tasks.task_verify": _("%(number)s“%(title)s”已提交，请核验"),
    "tasks.task_reassign": _("%(number)s“%(title)s”须重新交办或撤销"),
    "tasks.task_milestone": _("请按时完成%(number)s“%(title)s”的阶段节点"),
    "tasks.responsible": _("您是%(number)s“%(title)s”的责任人"),
    "tasks.sent_back": _("%(who)s退回了%(number)s“%(title)s”：%(reason)s"),
    "tasks.handed_back": _("%(who)s退回了%(number)s“%(title)s”，请另行分派：%(reason)s"),
    "tasks.lead_changed": _("%(number)s“%(title)s”已更换承办人，您不必再办：%(reason)s"),
    "tasks.reassigned": _("%(number)s“%(title)s”已改派，您不必再办：%(reason)s"),
    "tasks.redated": _("%(number)s“%(title)s”的时限调整为%(day)s：%(reason)s"),
    "tasks.reported": _("%(who)s报告了%(number)s“%(title)s”的进展：%(percent)s%%"),
    "tasks.ticked": _("%(number)s“%(title)s”的节点“%(name)s”已完成"),
    "tasks.part_reported": _("%(unit)s已报%(number)s“%(title)s”的协办情况"),
    "tasks.part_sent_back": _("%(unit)s退回了%(number)s“%(title)s”的协办：%(reason)s"),
    "tasks.extended": _("%(number)s“%(title)s”同意延期至%(day)s"),
    "tasks.not_extended": _("%(number)s“%(title)s”不同意延期：%(words)s"),
    "tasks.submitted": _("%(who)s已提交%(number)s“%(title)s”的办理结果"),
    "tasks.returned": _("%(who)s退回重办%(number)s“%(title)s”：%(reason)s"),
    "tasks.closed": _("%(number)s“%(title)s”已由%(who)s核验办结"),
    "tasks.parts_done": _("%(number)s“%(title)s”的子任务已全部办结，可以提交核验"),
    "tasks.reopened": _("%(who)s要求重新办理%(number)s“%(title)s”：%(reason)s"),
    "tasks.cancelled": _("%(who)s撤销了%(number)s“%(title)s”，您不必再办：%(reason)s"),
    "tasks.chased": _("%(who)s催办%(number)s“%(title)s”：%(words)s"),
}


def asked(person) -> int:
    """The badge: how many of a person's open errands are of tasks."""
    return sum(verb in VERBS for verb in asked_of(person))


def my_tasks(person, now: datetime) -> dict | None:
    """How the tasks I do and those I gave stand; nothing for who has neither."""
    mine, given = Q(lead_person=person), Q(assigner=person)
    late = Q(due_at__lt=now)
    found = (
        Task.objects.open()
        .filter(mine | given)
        .aggregate(
            mine=Count("id", filter=mine),
            mine_late=Count("id", filter=mine & late),
            given=Count("id", filter=given),
            given_late=Count("id", filter=given & late),
            verifying=Count("id", filter=Q(verifier=person, state=Task.State.SUBMITTED)),
        )
    )
    return found if found["mine"] or found["given"] else None
