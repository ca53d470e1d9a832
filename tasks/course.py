"""办理过程 of a task: what was done, by whom and when, with what was said; who has it now."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.translation import gettext, pgettext_lazy

from documents.course import Annex, Line
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from tasks.models import Task
from tasks.told import VERBS

DEEDS = {
    "write": pgettext_lazy("done", "起草任务"),
    "rewrite": pgettext_lazy("done", "修改任务"),
    "assign": pgettext_lazy("done", "交办"),
    "reassign": pgettext_lazy("done", "改派"),
    "allocate": pgettext_lazy("done", "分派承办人"),
    "accept": pgettext_lazy("done", "签收"),
    "send_back": pgettext_lazy("done", "退回"),
    "hand_back": pgettext_lazy("done", "退回本单位"),
    "change_lead": pgettext_lazy("done", "更换承办人"),
    "redate": pgettext_lazy("done", "调整时限"),
    "limit_recounted": pgettext_lazy("done", "日历变更，重算时限"),
    "report": pgettext_lazy("done", "报告进展"),
    "tick": pgettext_lazy("done", "完成节点"),
    "add_milestone": pgettext_lazy("done", "增加节点"),
    "add_parts": pgettext_lazy("done", "增加协办"),
    "name_for_part": pgettext_lazy("done", "分派协办"),
    "send_part_back": pgettext_lazy("done", "退回协办"),
    "report_part": pgettext_lazy("done", "报协办情况"),
    "ask_extension": pgettext_lazy("done", "申请延期"),
    "extension_withdrawn": pgettext_lazy("done", "撤回延期申请"),
    "extended": pgettext_lazy("done", "同意延期"),
    "not_extended": pgettext_lazy("done", "不同意延期"),
    "submit": pgettext_lazy("done", "提交核验"),
    "withdraw": pgettext_lazy("done", "撤回提交"),
    "return_": pgettext_lazy("done", "退回重办"),
    "close": pgettext_lazy("done", "核验办结"),
    "reopen": pgettext_lazy("done", "重新办理"),
    "reopen_anew": pgettext_lazy("done", "重新办理"),
    "cancel": pgettext_lazy("done", "撤销"),
    "restore": pgettext_lazy("done", "恢复"),
    "restore_draft": pgettext_lazy("done", "恢复草稿"),
    "chase": pgettext_lazy("done", "催办"),
    "hand_over": pgettext_lazy("done", "离岗移交"),
}
BACKWARDS = ("send_back", "hand_back", "send_part_back", "not_extended", "return_", "cancel", "reopen", "reopen_anew")
WITH_FILES = ("report", "report_part", "submit")
SAID = ("words", "reason", "back")
SIGNED = ("close", "extended", "not_extended", "return_")


def lines(task: Task, files: dict) -> list[Line]:
    """Oldest first; two queries however long it was. `files` are those of its reports, by the moment of each."""
    events = events_of(task).filter(verb__in=DEEDS).select_related("actor__department").order_by("seq")
    return [*(_line(event, files) for event in events), *_having(task)]


def files_by_moment(rows) -> dict[datetime, tuple[Annex, ...]]:
    """The files that came with each report, by when it was made."""
    found: dict[datetime, tuple[Annex, ...]] = {}
    for row in rows:
        if row.report_id:
            annex = Annex(row.stored.name, reverse("tasks:file", args=[row.pk]))
            found[row.report.at] = (*found.get(row.report.at, ()), annex)
    return found


def _line(event, files: dict) -> Line:
    facts, actor = event.facts, event.actor
    words = "\n".join(facts[name] for name in SAID if facts.get(name))
    return Line(
        "returned" if event.verb in BACKWARDS else "done",
        actor.name if actor else gettext("系统"),
        str(DEEDS[event.verb]),
        actor.department.name if actor and actor.department else "",
        event.at,
        words,
        _note(event.verb, facts),
        signed=event.verb in SIGNED and bool(words),
        files=files.get(event.at, ()) if event.verb in WITH_FILES else (),
    )


def _note(verb: str, facts: dict) -> str:
    note = NOTES.get(verb)
    return note(facts) if note else ""


def _day(text: str) -> str:
    return dated(date.fromisoformat(text[:10]), gettext("Y年n月j日"))


def _given(facts: dict) -> str:
    said = [gettext("承办：%(name)s") % {"name": facts["lead"]}, gettext("限 %(day)s") % {"day": _local(facts["due"])}]
    if facts["assisting"]:
        said.append(gettext("协办：%(names)s") % {"names": gettext("、").join(facts["assisting"])})
    return gettext("，").join(said)


def _local(text: str) -> str:
    """The office's own day of a moment as it was recorded."""
    return dated(timezone.localdate(datetime.fromisoformat(text)), gettext("Y年n月j日"))


def _moved(facts: dict) -> str:
    gaps = {"was": _local(facts["was"]), "now": _local(facts["due"])}
    return gettext("由 %(was)s 改为 %(now)s") % gaps


def _progress(facts: dict) -> str:
    return f"{facts['was']}% → {facts['percent']}%" if facts["was"] != facts["percent"] else f"{facts['percent']}%"


def _people(facts: dict) -> str:
    return gettext("、").join(facts["people"])


def _unheard(facts: dict) -> str:
    names = facts.get("unheard")
    return gettext("未等%(names)s的协办情况") % {"names": gettext("、").join(names)} if names else ""


NOTES = {
    "assign": _given,
    "reassign": _given,
    "allocate": lambda facts: gettext("承办：%(name)s") % {"name": facts["person"]},
    "change_lead": lambda facts: gettext("%(was)s改为%(person)s") % facts,
    "redate": _moved,
    "limit_recounted": _moved,
    "report": _progress,
    "tick": lambda facts: facts["name"],
    "add_milestone": lambda facts: facts["name"],
    "add_parts": lambda facts: gettext("、").join(facts["assisting"]),
    "name_for_part": lambda facts: gettext("%(unit)s：%(person)s") % facts,
    "report_part": lambda facts: facts["unit"],
    "send_part_back": lambda facts: facts["unit"],
    "ask_extension": lambda facts: gettext("申请延至 %(day)s") % {"day": _day(facts["until"])},
    "not_extended": lambda facts: gettext("申请延至 %(day)s") % {"day": _day(facts["until"])},
    "extended": _moved,
    "submit": _unheard,
    "chase": _people,
    "hand_over": lambda facts: gettext("%(leaver)s的事项移交给%(receiver)s") % facts,
}


def _having(task: Task) -> list[Line]:
    """Who has an open errand, each errand once."""
    items = WorkItem.objects.of(task).filter(done_at=None, verb__in=VERBS).exclude(verb="task_milestone")
    by_key: dict[str, list[WorkItem]] = {}
    for item in items.select_related("assignee__department").order_by("id"):
        by_key.setdefault(item.key, []).append(item)
    return [
        Line(
            "now",
            gettext("、").join(item.assignee.name for item in rows),
            str(VERBS[rows[0].verb]),
            rows[0].assignee.department.name if len(rows) == 1 and rows[0].assignee.department else "",
        )
        for rows in by_key.values()
    ]
