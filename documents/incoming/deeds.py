"""Every deed on an incoming paper: who may do it now, its form, and what it does. One door leads to all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from documents.incoming import assign, chasing, circulate, forms, propose, register, reply, screen, work
from documents.incoming.duty import CLERK, DIRECTOR, SECRETARY, has_errand, holders, may_register
from documents.models import Assignment, Circulation, Extension, Hop, Incoming
from officehub.inbox.models import WorkItem
from officehub.people.models import Person

Target = Any  # what the deed is about; None when this person may not do it now


@dataclass(frozen=True)
class Deed:
    """`may` gives the target (True where there is none apart from the paper); `verb` is the errand it answers, if one;
    `main` ones stand open on the page, the others are folded; `ways` are several buttons with their values."""

    name: str
    title: Any
    button: Any
    form: type[forms.DeedForm]
    may: Callable[[Incoming, Person], Target]
    act: Callable[..., Any]
    done: Any
    verb: str = ""
    main: bool = False
    ways: tuple[tuple[str, Any], ...] = ()
    phrases: str = ""  # the field that stock phrases go into


def asked(*verbs: str) -> Callable[[Incoming, Person], Target]:
    return lambda incoming, person: has_errand(incoming, person, *verbs) or None


def my_hop(incoming: Incoming, person: Person) -> Hop | None:
    """The station that has the paper with this person now."""
    rows = Hop.objects.filter(circulation__incoming=incoming, state=Hop.State.OPEN, asked=person)
    return rows.select_related("circulation", "person").order_by("id").first()


def instructing(incoming: Incoming, person: Person) -> Hop | None:
    hop = my_hop(incoming, person)
    return hop if hop and hop.circulation.purpose == Circulation.Purpose.INSTRUCT else None


def reading(incoming: Incoming, person: Person) -> Hop | None:
    hop = my_hop(incoming, person)
    return hop if hop and hop.circulation.purpose == Circulation.Purpose.READ else None


def sees_to(incoming: Incoming, person: Person) -> bool:
    """Whether somebody runs the course of this paper: the office's clerks, secretaries and director."""
    offices = (CLERK, SECRETARY, DIRECTOR)
    return any(person.pk == one.pk for office in offices for one in holders(incoming.organ, office))


def open_round(incoming: Incoming, person: Person) -> Circulation | None:
    """The round under way, for who runs it and for a leader who has the paper."""
    found = incoming.circulations.filter(closed_at=None).first()
    if found and (sees_to(incoming, person) or instructing(incoming, person)):
        return found
    return None


def round_to_mend(incoming: Incoming, person: Person) -> Circulation | None:
    return incoming.circulations.filter(closed_at=None).first() if sees_to(incoming, person) else None


def part_asked(incoming: Incoming, person: Person) -> Assignment | None:
    """The part of a department that waits for this person to take it."""
    items = WorkItem.objects.of(incoming).filter(assignee=person, verb="allocate", done_at=None)
    ids = [int(key.partition(":")[2]) for key in items.values_list("key", flat=True)]
    return incoming.assignments.filter(pk__in=ids).select_related("department", "by").order_by("-is_lead", "id").first()


def my_part(incoming: Incoming, person: Person) -> Assignment | None:
    rows = incoming.assignments.filter(handler=person, state=Assignment.State.ACCEPTED)
    return rows.select_related("department", "by").order_by("-is_lead", "id").first()


def lead_part(incoming: Incoming, person: Person) -> Assignment | None:
    part = my_part(incoming, person)
    return part if part and part.is_lead else None


def assisting_part(incoming: Incoming, person: Person) -> Assignment | None:
    part = my_part(incoming, person)
    return part if part and not part.is_lead else None


def refusable(incoming: Incoming, person: Person) -> Assignment | None:
    return part_asked(incoming, person) or my_part(incoming, person)


def under_way(incoming: Incoming, person: Person) -> Target:
    states = (Incoming.State.ASSIGNED, Incoming.State.HANDLING)
    return (incoming.state in states and sees_to(incoming, person)) or None


def extensible(incoming: Incoming, person: Person) -> Assignment | None:
    part = lead_part(incoming, person)
    return part if part and incoming.due_at and not incoming.extensions.filter(state="asked").exists() else None


def extension_asked(incoming: Incoming, person: Person) -> Extension | None:
    if not has_errand(incoming, person, "extend"):
        return None
    return incoming.extensions.filter(state=Extension.State.ASKED).select_related("by").first()


def voidable(incoming: Incoming, person: Person) -> Target:
    return (incoming.state == Incoming.State.REGISTERED and may_register(person, incoming.organ)) or None


def convertible(incoming: Incoming, person: Person) -> Target:
    states = (Incoming.State.FOR_READING, Incoming.State.READ)
    return (incoming.state in states and has_errand(incoming, person, "route", "close")) or None


def again(incoming: Incoming, person: Person) -> Target:
    return (incoming.state == Incoming.State.ANSWERED and has_errand(incoming, person, "close")) or None


def chases(incoming: Incoming, person: Person) -> Target:
    if incoming.state in Incoming.ENDED:
        return None
    return incoming.chaser_id == person.pk or sees_to(incoming, person) or None


# --- what each does, with what its form said ------------------------------------------------------------------------


def _settle(incoming, target, given, way, by, now: datetime):
    return propose.settle(incoming, by=by, now=now, agreed=way != "back", words=given["words"])


def _sign(incoming, hop, given, way, by, now: datetime):
    words = "" if way == "circle" else given["words"]
    return circulate.sign(hop, by=by, now=now, seen=given["seen"], words=words)


def _propose(incoming, target, given, way, by, now: datetime):
    kept = {name: given[name] for name in ("words", "mode", "concrete", "lead", "due_on")}
    return propose.propose(
        incoming, by=by, now=now, leaders=given["people"], assisting=list(given["assisting"]), **kept
    )


def _assign(incoming, target, given, way, by, now: datetime):
    kept = {name: given[name] for name in ("lead", "due_on", "words")}
    chaser = given["people"][0] if given["people"] else None
    return assign.assign(incoming, by=by, now=now, assisting=list(given["assisting"]), chaser=chaser, **kept)


def _set_aside(incoming, target, given, way, by, now: datetime):
    recalled = given["how"] == "recall"
    return circulate.set_aside(given["hop"], by=by, now=now, reason=given["reason"], recalled=recalled)


def _note(sort: str):
    def act(incoming, part, given, way, by, now: datetime):
        return work.note(incoming, part, by=by, now=now, words=given["words"], sort=sort, files=given["files"])

    return act


def _extend(incoming, extension, given, way, by, now: datetime):
    return work.decide_extension(extension, by=by, now=now, agreed=way != "back", words=given["words"])


AGREE_OR_BACK = (("agree", _("同意")), ("back", _("不同意")))

DEEDS = {
    deed.name: deed
    for deed in (
        Deed("instruct", _("批示"), _("签批"), forms.SignForm, instructing, _sign, _("已批示。"), verb="instruct",
             main=True, ways=(("sign", _("签批")), ("circle", _("圈阅"))), phrases="words"),
        Deed("read", _("传阅"), _("已阅，送下一站"), forms.SignForm, reading, _sign, _("已阅。"), verb="circulate",
             main=True, ways=(("sign", _("签阅")), ("circle", _("圈阅"))), phrases="words"),
        Deed("redirect", _("转请另一领导阅批"), _("转请"), forms.RedirectForm, instructing,
             lambda incoming, hop, given, way, by, now: circulate.redirect(
                 hop, given["people"][0], by=by, now=now, words=given["words"]), _("已转请。")),
        Deed("screen", _("初审"), _("通过初审"), forms.ScreenForm, asked("screen"),
             lambda incoming, target, given, way, by, now: screen.screen(incoming, by=by, now=now, **given),
             _("已初审。"), verb="screen", main=True),
        Deed("return", _("退文"), _("退文"), forms.ReturnForm, asked("screen"),
             lambda incoming, target, given, way, by, now: screen.return_(incoming, by=by, now=now, **given),
             _("已退文，可打印退文单。")),
        Deed("void", _("作废登记（登记有误）"), _("作废"), forms.ReasonForm, voidable,
             lambda incoming, target, given, way, by, now: register.void(incoming, by=by, now=now, **given),
             _("登记已作废，原号保留。")),
        Deed("route", _("组织传阅"), _("送传阅"), forms.RouteForm, asked("route"),
             lambda incoming, target, given, way, by, now: circulate.start_reading(incoming, by=by, now=now, **given),
             _("已送传阅。"), verb="route", main=True),
        Deed("reclassify", _("转为批办"), _("转为批办"), forms.ReasonForm, convertible,
             lambda incoming, target, given, way, by, now: screen.reclassify(incoming, by=by, now=now, **given),
             _("已转为批办，请拟办。")),
        Deed("propose", _("拟办意见"), _("提出拟办意见"), forms.ProposeForm, asked("propose"), _propose,
             _("已提出拟办意见。"), verb="propose", main=True),
        Deed("settle", _("审定拟办意见"), _("同意"), forms.SettleForm, asked("settle"), _settle, _("已审定。"),
             verb="settle", main=True, ways=(("agree", _("同意")), ("back", _("退回重拟"))), phrases="words"),
        Deed("add_hops", _("加送他人阅"), _("加送"), forms.AddHopsForm, open_round,
             lambda incoming, rounds, given, way, by, now: circulate.add(
                 rounds, given["people"], by=by, now=now, reason=given["reason"], at_once=given["at_once"]),
             _("已加送。")),
        Deed("set_aside", _("跳过或收回一站"), _("确定"), forms.SetAsideForm, round_to_mend, _set_aside, _("已办。")),
        Deed("assign", _("分办"), _("分办"), forms.AssignForm, asked("assign"), _assign, _("已分办。"), verb="assign",
             main=True),
        Deed("allocate", _("接办"), _("接办"), forms.AllocateForm, part_asked,
             lambda incoming, part, given, way, by, now: assign.allocate(part, given["handler"], by=by, now=now),
             _("已接办。"), verb="allocate", main=True),
        Deed("answer", _("办理结果和答复"), _("提交"), forms.AnswerForm, lead_part,
             lambda incoming, part, given, way, by, now: reply.answer(incoming, by=by, now=now, **given),
             _("已记录办理结果和答复。"), verb="handle", main=True),
        Deed("part", _("协办意见"), _("报主办部门"), forms.NoteForm, assisting_part, _note("part"),
             _("已报主办部门。"), verb="assist", main=True),
        Deed("progress", _("记办理进展"), _("记下"), forms.NoteForm, my_part, _note("progress"), _("已记下。")),
        Deed("refuse", _("不属本部门职责，退回改派"), _("退回改派"), forms.ReasonForm, refusable,
             lambda incoming, part, given, way, by, now: assign.refuse(part, by=by, now=now, **given),
             _("已退回改派。")),
        Deed("ask_extension", _("申请延期"), _("申请"), forms.ExtensionForm, extensible,
             lambda incoming, part, given, way, by, now: work.ask_extension(incoming, by=by, now=now, **given),
             _("已申请延期。")),
        Deed("extend", _("批复延期"), _("同意"), forms.SettleForm, extension_asked, _extend, _("已批复。"),
             verb="extend", main=True, ways=AGREE_OR_BACK),
        Deed("add_assistants", _("增加协办部门"), _("增加"), forms.AssistantsForm, under_way,
             lambda incoming, target, given, way, by, now: assign.add_assistants(
                 incoming, list(given["assisting"]), by=by, now=now), _("已增加协办部门。")),
        Deed("close", _("办结归卷"), _("办结"), forms.CloseForm, asked("close"),
             lambda incoming, target, given, way, by, now: reply.close(incoming, by=by, now=now, **given),
             _("已办结。"), verb="close", main=True),
        Deed("do_again", _("退回重办"), _("退回重办"), forms.ReasonForm, again,
             lambda incoming, target, given, way, by, now: work.do_again(incoming, by=by, now=now, **given),
             _("已退回重办。")),
        Deed("chase", _("催办"), _("催办"), forms.ChaseForm, chases,
             lambda incoming, target, given, way, by, now: chasing.chase(incoming, by=by, now=now, **given),
             _("已催办。")),
    )
}  # fmt: skip


def open_to(incoming: Incoming, person: Person) -> dict[str, tuple[Deed, Target]]:
    """What this person may do to the paper now, main deeds first."""
    found = {name: (deed, deed.may(incoming, person)) for name, deed in DEEDS.items()}
    return {name: pair for name, pair in found.items() if pair[1] is not None}


def did_before(incoming: Incoming, person: Person, deed: Deed) -> bool:
    """Whether this was asked of the person and is not any more: somebody was first."""
    verbs = {"return": "screen", "redirect": "instruct"}
    verb = deed.verb or verbs.get(deed.name, "")
    return bool(verb) and WorkItem.objects.of(incoming).filter(assignee=person, verb=verb).exists()
