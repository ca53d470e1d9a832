"""What the surroundings of the tasks tell the house: their errands, their news, and where each is read."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from officehub.web.hubs import MenuEntry, Panel
from tasks.models import ServiceRequest, Task

VERBS = {"request_answer": _("答复"), "request_rate": _("评价")}
SENTENCES = {
    "tasks.service_asked": _("%(unit)s提出服务事项“%(title)s”，请答复"),
    "tasks.service_again": _("%(unit)s对“%(title)s”的答复不满意，请重新办理"),
    "tasks.service_taken_up": _("您提出的“%(title)s”已交办，办结后答复"),
    "tasks.service_answered": _("您提出的“%(title)s”已答复，请评价"),
    "tasks.service_task_ended": _("服务事项“%(title)s”的任务已办结，请答复%(unit)s"),
    "tasks.recurrence_trouble": _("定期任务“%(title)s”未能交办：%(reason)s"),
}
HOLDINGS = {"recurrence": _("定期任务"), "request": _("服务事项")}
DOORS = {
    "tasks.servicerequest": lambda request: reverse("tasks:request", args=[request.pk]),
    "tasks.recurrence": lambda recurrence: reverse("tasks:recurrence", args=[recurrence.pk]),
}


def feed_panel(person, now) -> dict | None:
    """On one's own settings: for everybody who does the office's work."""
    return None if person.is_staff else {}


def beside_task(person, now, task) -> dict:
    """On the page of a task: the request it was made of, if one may see that, and the way to keep it as a template."""
    request = None
    if task.kind == Task.Kind.REQUEST:
        made_of = Q(task=task) | Q(pk__in=task.request_answers.values("request"))
        request = ServiceRequest.objects.filter(made_of).visible_to(person, now).first()
    return {"task": task, "request_of": request, "may_keep": person.department_id is not None}


MENU = [
    MenuEntry(_("办事"), _("我交办的"), "tasks:delegated", "user-round-check", staff=False),
    MenuEntry(_("办事"), _("日程"), "tasks:calendar", "calendar-days", staff=False),
    MenuEntry(_("办事"), _("服务事项"), "tasks:requests", "hand-helping", staff=False),
    MenuEntry(_("办事"), _("批量交办"), "tasks:imports", "file-spreadsheet", staff=False),
    MenuEntry(_("办事"), _("定期任务与模板"), "tasks:recurrences", "repeat", staff=False),
    MenuEntry(_("办事"), _("工作量"), "tasks:workloads", "chart-column", staff=False),
]
PANELS = [
    Panel("profile", "tasks/feed_panel.html", feed_panel),
    Panel("beside.tasks.task", "tasks/around_card.html", beside_task),
]
