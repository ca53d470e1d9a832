"""办理过程 of an incoming paper: what was done, by whom and when, where it is, and what is still to come."""

from django.urls import reverse
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.course import Annex, Line, recounted
from documents.incoming.where import DOING
from documents.models import Circulation, Hop, Incoming, IncomingReply, Retention
from officehub.inbox.models import WorkItem
from officehub.moves import events_of

DEEDS = {
    "register": pgettext_lazy("done", "登记"),
    "correct": pgettext_lazy("done", "更正登记"),
    "files_added": pgettext_lazy("done", "补充文件"),
    "void": pgettext_lazy("done", "作废登记"),
    "read_only": pgettext_lazy("done", "初审，阅知"),
    "act_on": pgettext_lazy("done", "初审，批办"),
    "return_": pgettext_lazy("done", "退文"),
    "reclassify": pgettext_lazy("done", "转为批办"),
    "read_instead": pgettext_lazy("done", "转为阅知"),
    "circulate": pgettext_lazy("done", "送传阅"),
    "propose": pgettext_lazy("done", "拟办"),
    "withdraw_proposal": pgettext_lazy("done", "退回拟办意见"),
    "submit_to_leaders": pgettext_lazy("done", "审定拟办意见，送批"),
    "pass_on": pgettext_lazy("done", "审定拟办意见"),
    "redirect": pgettext_lazy("done", "转请阅批"),
    "hops_added": pgettext_lazy("done", "加送"),
    "hop_skipped": pgettext_lazy("done", "跳过"),
    "hop_recalled": pgettext_lazy("done", "收回"),
    "hop_overdue": pgettext_lazy("done", "超时提醒"),
    "assign": pgettext_lazy("done", "分办"),
    "assistants_added": pgettext_lazy("done", "增加协办"),
    "accept": pgettext_lazy("done", "接办"),
    "accept_part": pgettext_lazy("done", "接办（协办）"),
    "take_back": pgettext_lazy("done", "收回"),
    "reassign": pgettext_lazy("done", "改派"),
    "rearrange": pgettext_lazy("done", "调整承办"),
    "change_handler": pgettext_lazy("done", "更换承办人"),
    "put_away": pgettext_lazy("done", "存查"),
    "refuse": pgettext_lazy("done", "退回改派"),
    "refuse_part": pgettext_lazy("done", "退回协办"),
    "note_progress": pgettext_lazy("done", "办理进展"),
    "note_part": pgettext_lazy("done", "协办意见"),
    "ask_extension": pgettext_lazy("done", "申请延期"),
    "decide_extension": pgettext_lazy("done", "批复延期"),
    "overdue": pgettext_lazy("done", "超期提醒"),
    "chase": pgettext_lazy("done", "催办"),
    "answer": pgettext_lazy("done", "答复"),
    "do_again": pgettext_lazy("done", "退回重办"),
    "do_again_anew": pgettext_lazy("done", "退回重办"),
    "file": pgettext_lazy("done", "办结归卷"),
    "archive": pgettext_lazy("done", "归档"),
    "leave_out": pgettext_lazy("done", "不归档"),
    "hand_over": pgettext_lazy("done", "离岗移交"),
    "limit_recounted": pgettext_lazy("done", "日历变更，重算时限"),
}
CIRCLED = {Hop.Manner.CONSENT: _("视为同意"), Hop.Manner.READ: _("已阅知")}  # what a circle alone stands for
BACKWARDS = ("return_", "void", "withdraw_proposal", "refuse", "refuse_part", "take_back", "do_again",
             "do_again_anew")  # fmt: skip
WITH_FILES = ("note_progress", "note_part", "files_added")
SETTLED = ("submit_to_leaders", "pass_on")
SAID = ("words", "reason", "result", "answer")  # what somebody wrote, in the facts of an event
AHEAD = {  # what is still to come, by the state a paper is in
    Incoming.State.REGISTERED: (),
    Incoming.State.FOR_READING: (_("传阅"), _("办结归卷")),
    Incoming.State.CIRCULATING: (_("办结归卷"),),
    Incoming.State.FOR_ACTION: (_("批示"), _("分办"), _("承办"), _("答复"), _("办结归卷")),
    Incoming.State.PROPOSED: (_("批示"), _("分办"), _("承办"), _("答复"), _("办结归卷")),
    Incoming.State.INSTRUCTING: (_("分办"), _("承办"), _("答复"), _("办结归卷")),
    Incoming.State.INSTRUCTED: (_("承办"), _("答复"), _("办结归卷")),
    Incoming.State.ASSIGNED: (_("答复"), _("办结归卷")),
    Incoming.State.HANDLING: (_("答复"), _("办结归卷")),
}


def lines(incoming: Incoming, hops: list[Hop]) -> list[Line]:
    """Oldest first; a fixed number of queries however long it was. `hops` are the stations of the paper."""
    events = events_of(incoming).filter(verb__in=DEEDS).select_related("actor__department").order_by("seq")
    files = files_by_deed(incoming)
    past = [deed_line(event, files) for event in events]
    past += [hop_line(hop) for hop in hops if hop.state == Hop.State.DONE]
    past.sort(key=lambda line: line.at)
    having = [hop_line(hop) for hop in hops if hop.state in Hop.PENDING]
    ahead = [Line("waiting", str(name), "") for name in AHEAD.get(Incoming.State(incoming.state), ())]
    return [*past, *having, *_errands(incoming), *ahead]


def deed_line(event, files: dict, verb: str = "") -> Line:
    """What was done, in the words of the course or in those given (`verb`)."""
    facts, actor = event.facts, event.actor
    said = ("answer",) if event.verb in SETTLED else SAID
    words = [facts[name] for name in said if facts.get(name)]
    annexes = files.get((facts.get("words", ""), event.at), ()) if event.verb in WITH_FILES else ()
    return Line(
        "returned" if event.verb in BACKWARDS else "done",
        actor.name if actor else gettext("系统"),
        verb or str(DEEDS[event.verb]),
        actor.department.name if actor and actor.department else "",
        event.at,
        "\n".join(words),
        _note(event),
        signed=event.verb in ("propose", *SETTLED) and bool(words),
        files=annexes,
    )


def _note(event) -> str:
    """What must be known of a deed beside its words."""
    note = NOTES.get(event.verb)
    return note(event.facts) if note else ""


def _people(facts: dict) -> str:
    return gettext("、").join(facts["people"])


def _person(facts: dict) -> str:
    return facts["person"]


def _registered(facts: dict) -> str:
    return gettext("，").join(filter(None, [facts["number"], facts.get("twin_reason", "")]))


def _corrected(facts: dict) -> str:
    return gettext("；").join(_change(name, *pair) for name, pair in facts["changes"].items())


def _to_leaders(facts: dict) -> str:
    return gettext("送%(leaders)s阅批") % {"leaders": gettext("、").join(facts["leaders"])}


def _accepted(facts: dict) -> str:
    return gettext("承办人 %(name)s") % {"name": facts["handler"]}


def _extended(facts: dict) -> str:
    agreed = gettext("同意延至 %(day)s") if facts["agreed"] else gettext("不同意延至 %(day)s")
    return agreed % {"day": facts["until"]}


def _answered(facts: dict) -> str:
    said = [facts.get("document_number", "") or gettext(dict(IncomingReply.Manner.choices)[facts["manner"]])]
    if names := facts.get("unheard"):
        said.append(gettext("未等%(names)s的协办意见") % {"names": gettext("、").join(names)})
    return gettext("，").join(said)


def _change(name: str, was, now) -> str:
    field = gettext(str(Incoming._meta.get_field(name).verbose_name))
    gaps = {"what": field, "was": was if was not in ("", None) else gettext("空"), "now": now or gettext("空")}
    return gettext("%(what)s由“%(was)s”更正为“%(now)s”") % gaps


def _assigned(facts: dict) -> str:
    said = [gettext("主办 %(name)s") % {"name": facts["lead"]}]
    if facts["assisting"]:
        said.append(gettext("协办 %(names)s") % {"names": gettext("、").join(facts["assisting"])})
    if facts["due"]:
        assumed = gettext("（按推算）") if facts.get("provisional") else ""
        said.append(gettext("限 %(day)s") % {"day": facts["due"][:10]} + assumed)
    if facts["chaser"]:
        said.append(gettext("催办人 %(name)s") % {"name": facts["chaser"]})
    return gettext("，").join(said)


NOTES = {
    "register": _registered,
    "correct": _corrected,
    "files_added": lambda facts: gettext("正文：%(main)s") % facts if facts["main"] else "",
    "circulate": _people,
    "chase": _people,
    "hops_added": _people,
    "submit_to_leaders": _to_leaders,
    "assign": _assigned,
    "reassign": _assigned,
    "rearrange": _assigned,
    "change_handler": lambda facts: gettext("%(was)s改为%(handler)s") % facts,
    "do_again_anew": lambda facts: (
        gettext("承办人已离岗，请%(names)s另定承办人") % {"names": gettext("、").join(facts["to"])}
    ),
    "assistants_added": lambda facts: gettext("、").join(facts["assisting"]),
    "accept": _accepted,
    "accept_part": _accepted,
    "redirect": lambda facts: gettext("转请%(name)s") % {"name": facts["to"]},
    "hop_skipped": _person,
    "hop_recalled": _person,
    "hop_overdue": _person,
    "ask_extension": lambda facts: gettext("申请延至 %(day)s") % {"day": facts["until"]},
    "decide_extension": _extended,
    "answer": _answered,
    "archive": lambda facts: gettext("保管期限%(period)s") % {"period": gettext(Retention(facts["retention"]).label)},
    "leave_out": lambda facts: facts["said"],
    "limit_recounted": recounted,
    "hand_over": lambda facts: gettext("%(leaver)s的事项移交给%(receiver)s") % facts,
}


def hop_line(hop: Hop) -> Line:
    """A station: signed with name and date when it is done; which of the two a circle stands for is said beside it."""
    state = {Hop.State.DONE: "done", Hop.State.OPEN: "now"}.get(Hop.State(hop.state), "waiting")
    stood_in = hop.asked if hop.asked_id and hop.asked_id != hop.person_id else None
    circled = hop.state == Hop.State.DONE and hop.manner != Hop.Manner.WRITTEN
    who = hop.by if hop.state == Hop.State.DONE else hop.asked or hop.person
    return Line(
        state,
        (who or hop.person).name,
        _purpose(hop),
        hop.person.department.name if hop.person.department and not stood_in else "",
        hop.out_at if state == "done" else None,
        hop.words,
        str(CIRCLED[Hop.Manner(hop.manner)]) if circled else "",
        acting_for=hop.person.name if stood_in and (who or hop.person).pk != hop.person_id else "",
        signed=state == "done",
        circled=circled,
    )


def _purpose(hop: Hop) -> str:
    return pgettext("done", "传阅") if hop.circulation.purpose == Circulation.Purpose.READ else pgettext("done", "批示")


def files_by_deed(incoming: Incoming) -> dict:
    """The files that came with a note, by its words and time; and those added to the paper itself, by the time."""
    found: dict = {}
    for file in incoming.files.select_related("stored", "note").order_by("id"):
        key = (file.note.words, file.note.at) if file.note else ("", file.stored.uploaded_at)
        found[key] = (*found.get(key, ()), Annex(file.stored.name, reverse("documents:incoming_file", args=[file.pk])))
    return found


def _errands(incoming: Incoming) -> list[Line]:
    """Who has an open errand beside the stations."""
    items = WorkItem.objects.of(incoming).filter(done_at=None, verb__in=DOING).select_related("assignee__department")
    by_key: dict[str, list[WorkItem]] = {}
    for item in items.order_by("id"):
        by_key.setdefault(item.key, []).append(item)
    return [
        Line(
            "now",
            gettext("、").join(item.assignee.name for item in rows),
            str(DOING[rows[0].verb]),
            rows[0].assignee.department.name if len(rows) == 1 and rows[0].assignee.department else "",
        )
        for rows in by_key.values()
    ]
