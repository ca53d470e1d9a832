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
DEEDS = {  # of requests, workbooks, templates, what recurs, and extensions
    "ask_service": _("提出服务事项"),
    "take_up": _("转为任务"),
    "answer": _("答复"),
    "rate": _("评价"),
    "redo": _("不满意，重新办理"),
    "close_unrated": _("逾期未评价，办结"),
    "confirm_import": _("确认批量交办"),
    "drop_import": _("放弃批量交办"),
    "retry_import": _("继续批量交办"),
    "import_done": _("批量交办完毕"),
    "keep_template": _("存为模板"),
    "change_template": _("修改模板"),
    "drop_template": _("删除模板"),
    "start_recurrence": _("设为定期任务"),
    "change_recurrence": _("修改定期任务"),
    "pause": _("暂停"),
    "resume": _("继续"),
    "end": _("结束"),
    "skip_period": _("跳过一期"),
    "unskip_period": _("不跳过了"),
    "ask": _("申请延期"),
    "grant": _("同意延期"),
    "refuse": _("不同意延期"),
    "lapse": _("不再需要"),
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
