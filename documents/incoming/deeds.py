"""Every deed on an incoming paper: who may do it now, its form, and what it does. One door leads to all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from documents.incoming import (
    assign,
    chasing,
    circulate,
    forms,
    propose,
    reassign,
    register,
    reply,
    screen,
    uploads,
    work,
)
from documents.incoming.archive_forms import ArchiveForm, LeaveOutForm
from documents.incoming.duty import CLERK, DIRECTOR, SECRETARY, may_register, role_of
from documents.keeping import intake
from documents.models import Assignment, Circulation, Extension, Hop, Incoming
from officehub.inbox.models import WorkItem
from officehub.people.models import Person, Role, role_holders

Target = Any  # what the deed is about; None when this person may not do it now


@dataclass(frozen=True)
class Deed:
    """`may` gives the target (True where there is none apart from the paper); `verb` is the errand it answers, if one;
    `main` ones stand open on the page, the others are folded; `ways` are several buttons with their values."""

    name: str
    title: Any
    button: Any
    form: type[forms.DeedForm]
    may: Callable[["Mine"], Target]
    act: Callable[..., Any]
    done: Any
    verb: str = ""
    main: bool = False
    ways: tuple[tuple[str, Any], ...] = ()
    phrases: str = ""  # the field that stock phrases go into


class Mine:
    """How one person stands to one paper now; what a dozen deeds ask of it is read once."""

    def __init__(self, incoming: Incoming, person: Person, now: datetime):
        self.incoming, self.person, self.now = incoming, person, now

    @cached_property
    def errands(self) -> list[tuple[str, str]]:
        """Verb and key of everything this paper asks of the person."""
        rows = WorkItem.objects.of(self.incoming).filter(assignee=self.person, done_at=None)
        return list(rows.values_list("verb", "key"))

    def is_asked(self, *verbs: str) -> bool:
        return any(verb in verbs for verb, _key in self.errands)

    @cached_property
    def hop(self) -> Hop | None:
        """The station that has the paper with this person."""
        if not self.is_asked("instruct", "circulate"):
            return None
        rows = Hop.objects.filter(circulation__incoming=self.incoming, state=Hop.State.OPEN, asked=self.person)
        return rows.select_related("circulation", "person").order_by("id").first()

    @cached_property
    def sees_to(self) -> bool:
        """Whether the person runs the course of the paper: the office's clerks, secretaries and director."""
        office = self.incoming.organ.office_id or self.incoming.organ_id
        runs = self.person.has_role(*(role_of(one) for one in (CLERK, SECRETARY, DIRECTOR)))
        return bool(runs and self.person.department and self.person.department.organ_id == office)

    @cached_property
    def registers(self) -> bool:
        """Whether the person keeps the register of the organ."""
        return may_register(self.person, self.incoming.organ)

    @cached_property
    def archives(self) -> bool:
        """Whether the person is archivist of the organ."""
        holders = role_holders(self.incoming.organ, Role.ARCHIVIST)
        return self.person.has_role(Role.ARCHIVIST) and holders.filter(pk=self.person.pk).exists()

    @cached_property
    def round(self) -> Circulation | None:
        return self.incoming.circulations.filter(closed_at=None).first()

    @cached_property
    def part_asked(self) -> Assignment | None:
        """The part of a department that waits for this person to take it."""
        ids = [int(key.partition(":")[2]) for verb, key in self.errands if verb == "allocate"]
        rows = self.incoming.assignments.filter(pk__in=ids).select_related("department", "by")
        return rows.order_by("-is_lead", "id").first() if ids else None

    @cached_property
    def part(self) -> Assignment | None:
        """The part this person handles."""
        if not self.is_asked("handle", "assist"):
            return None
        rows = self.incoming.assignments.filter(handler=self.person, state=Assignment.State.ACCEPTED)
        return rows.select_related("department", "by").order_by("-is_lead", "id").first()


def asked(*verbs: str) -> Callable[[Mine], Target]:
    return lambda mine: mine.is_asked(*verbs) or None


def instructing(mine: Mine) -> Hop | None:
    return mine.hop if mine.hop and mine.hop.circulation.purpose == Circulation.Purpose.INSTRUCT else None


def reading(mine: Mine) -> Hop | None:
    return mine.hop if mine.hop and mine.hop.circulation.purpose == Circulation.Purpose.READ else None


def open_round(mine: Mine) -> Circulation | None:
    """The round under way, for who runs it and for a leader who has the paper."""
    return mine.round if mine.sees_to or instructing(mine) else None


def round_to_mend(mine: Mine) -> Circulation | None:
    return mine.round if mine.sees_to else None


def part_asked(mine: Mine) -> Assignment | None:
    return mine.part_asked


def my_part(mine: Mine) -> Assignment | None:
    return mine.part


def lead_part(mine: Mine) -> Assignment | None:
    return mine.part if mine.part and mine.part.is_lead else None


def assisting_part(mine: Mine) -> Assignment | None:
    return mine.part if mine.part and not mine.part.is_lead else None


def refusable(mine: Mine) -> Assignment | None:
    return mine.part_asked or mine.part


def extensible(mine: Mine) -> Assignment | None:
    part = lead_part(mine)
    asked_already = part and mine.incoming.extensions.filter(state=Extension.State.ASKED).exists()
    return part if part and mine.incoming.due_at and not asked_already else None


def extension_asked(mine: Mine) -> Extension | None:
    if not mine.is_asked("extend"):
        return None
    return mine.incoming.extensions.filter(state=Extension.State.ASKED).select_related("by").first()


def files_wanted(mine: Mine) -> Target:
    return (mine.incoming.state not in Incoming.ENDED and mine.registers) or None


def voidable(mine: Mine) -> Target:
    return (mine.incoming.state in Incoming.UNANSWERED and mine.registers) or None


def returnable(mine: Mine) -> Target:
    """At 初审 by whoever screens; later by the office."""
    if mine.incoming.state == Incoming.State.REGISTERED:
        return mine.is_asked("screen") or None
    return office_in(*Incoming.UNANSWERED)(mine)


def office_in(*states: str) -> Callable[[Mine], Target]:
    """For the office, while the paper is in one of these states."""
    return lambda mine: (mine.incoming.state in states and mine.sees_to) or None


def headed_part(mine: Mine) -> Assignment | None:
    handled = mine.incoming.state in Incoming.UNDER_WAY
    return reassign.headed_part(mine.incoming, mine.person, mine.now) if handled else None


def again(mine: Mine) -> Target:
    return (mine.incoming.state == Incoming.State.ANSWERED and mine.is_asked("close")) or None


def archivable(mine: Mine) -> Target:
    """Closed papers, those left out of the archive among them, for the archivists of their organ."""
    states = (Incoming.State.FILED, Incoming.State.LEFT_OUT)
    return (mine.incoming.state in states and mine.archives) or None


def dispensable(mine: Mine) -> Target:
    return (mine.incoming.state == Incoming.State.FILED and mine.archives) or None


def chases(mine: Mine) -> Target:
    if mine.incoming.state in Incoming.ENDED:
        return None
    return mine.incoming.chaser_id == mine.person.pk or mine.sees_to or None


# --- what each does, with what its form said ------------------------------------------------------------------------


def _settle(incoming, target, given, way, by, now: datetime):
    said = {"words": given["words"], "leaders": given.get("people", [])}
    return propose.settle(incoming, by=by, now=now, agreed=way != "back", **said)


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
    return assign.assign(incoming, by=by, now=now, **kept, **_others(given))


def _others(given) -> dict:
    """The assisting departments and the chaser, as the form of 分办 has them."""
    return {"assisting": list(given["assisting"]), "chaser": given["people"][0] if given["people"] else None}


def _reassign(incoming, target, given, way, by, now: datetime):
    kept = {name: given[name] for name in ("lead", "due_on", "reason")}
    return reassign.reassign(incoming, by=by, now=now, **kept, **_others(given))


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
        Deed("route", _("组织传阅"), _("送传阅"), forms.RouteForm, asked("route"),
             lambda incoming, target, given, way, by, now: circulate.start_reading(incoming, by=by, now=now, **given),
             _("已送传阅。"), verb="route", main=True),
        Deed("reclassify", _("转为批办"), _("转为批办"), forms.ReasonForm,
             office_in(Incoming.State.FOR_READING, Incoming.State.CIRCULATING, Incoming.State.READ),
             lambda incoming, target, given, way, by, now: screen.reclassify(incoming, by=by, now=now, **given),
             _("已转为批办，请拟办。")),
        Deed("read_instead", _("转为阅知"), _("转为阅知"), forms.ReasonForm, office_in(*Incoming.WITH_OFFICE),
             lambda incoming, target, given, way, by, now: screen.read_instead(incoming, by=by, now=now, **given),
             _("已转为阅知，请组织传阅。")),
        Deed("propose", _("拟办意见"), _("提出拟办意见"), forms.ProposeForm, asked("propose"), _propose,
             _("已提出拟办意见。"), verb="propose", main=True),
        Deed("settle", _("审定拟办意见"), _("同意"), forms.SettleProposalForm, asked("settle"), _settle, _("已审定。"),
             verb="settle", main=True, ways=(("agree", _("同意")), ("back", _("退回重拟"))), phrases="words"),
        Deed("add_hops", _("加送他人阅"), _("加送"), forms.AddHopsForm, open_round,
             lambda incoming, rounds, given, way, by, now: circulate.add(
                 rounds, given["people"], by=by, now=now, reason=given["reason"], at_once=given["at_once"]),
             _("已加送。")),
        Deed("set_aside", _("跳过或收回一站"), _("确定"), forms.SetAsideForm, round_to_mend, _set_aside, _("已办。")),
        Deed("assign", _("分办"), _("分办"), forms.AssignForm, asked("assign"), _assign, _("已分办。"), verb="assign",
             main=True),
        Deed("put_away", _("存查（领导批示阅、存，不再分办）"), _("存查"), forms.PutAwayForm, asked("assign"),
             lambda incoming, target, given, way, by, now: reply.put_away(incoming, by=by, now=now, **given),
             _("已存查。")),
        Deed("reassign", _("改派（调整主办、协办、时限）"), _("改派"), forms.ReassignForm,
             office_in(*Incoming.UNDER_WAY), _reassign, _("已改派。")),
        Deed("take_back", _("收回重新分办"), _("收回"), forms.ReasonForm, office_in(*Incoming.UNDER_WAY),
             lambda incoming, target, given, way, by, now: reassign.take_back(incoming, by=by, now=now, **given),
             _("已收回，请重新分办。")),
        Deed("change_handler", _("更换承办人"), _("更换"), forms.ChangeHandlerForm, headed_part,
             lambda incoming, part, given, way, by, now: reassign.change_handler(part, by=by, now=now, **given),
             _("已更换承办人。")),
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
        Deed("add_assistants", _("增加协办部门"), _("增加"), forms.AssistantsForm,
             office_in(*Incoming.UNDER_WAY),
             lambda incoming, target, given, way, by, now: assign.add_assistants(
                 incoming, list(given["assisting"]), by=by, now=now), _("已增加协办部门。")),
        Deed("close", _("办结归卷"), _("办结"), forms.CloseForm, asked("close"),
             lambda incoming, target, given, way, by, now: reply.close(incoming, by=by, now=now, **given),
             _("已办结。"), verb="close", main=True),
        Deed("archive", _("归档"), _("归档"), ArchiveForm, archivable,
             lambda incoming, target, given, way, by, now: intake.archive(incoming, by=by, now=now, **given),
             _("已归档。"), verb="archive", main=True),
        Deed("leave_out", _("不归档"), _("登记为不归档"), LeaveOutForm, dispensable,
             lambda incoming, target, given, way, by, now: intake.leave_out(incoming, by=by, now=now, **given),
             _("已登记为不归档。")),
        Deed("do_again", _("退回重办"), _("退回重办"), forms.ReasonForm, again,
             lambda incoming, target, given, way, by, now: work.do_again(incoming, by=by, now=now, **given),
             _("已退回重办。")),
        Deed("add_files", _("补充正文、附件"), _("补充"), forms.AddFilesForm, files_wanted,
             lambda incoming, target, given, way, by, now: uploads.add(
                 incoming, given["files"], by=by, now=now, first_is_main=given["main"]), _("已补充文件。")),
        Deed("chase", _("催办"), _("催办"), forms.ChaseForm, chases,
             lambda incoming, target, given, way, by, now: chasing.chase(incoming, by=by, now=now, **given),
             _("已催办。")),
        Deed("return", _("退文"), _("退文"), forms.ReturnForm, returnable,
             lambda incoming, target, given, way, by, now: screen.return_(incoming, by=by, now=now, **given),
             _("已退文，可打印退文单。")),
        Deed("void", _("作废登记（登记有误）"), _("作废"), forms.ReasonForm, voidable,
             lambda incoming, target, given, way, by, now: register.void(incoming, by=by, now=now, **given),
             _("登记已作废，原号保留。")),
    )
}  # fmt: skip


def open_to(incoming: Incoming, person: Person, now: datetime) -> dict[str, tuple[Deed, Target]]:
    """What this person may do to the paper now, main deeds first."""
    mine = Mine(incoming, person, now)
    found = {name: (deed, deed.may(mine)) for name, deed in DEEDS.items()}
    return {name: pair for name, pair in found.items() if pair[1] is not None}


ASKED_FOR = {"return": "screen", "redirect": "instruct", "put_away": "assign", "leave_out": "archive"}
OF_REGISTRY = ("void", "add_files")
OF_OFFICE = (
    *("return", "reclassify", "read_instead", "reassign", "take_back"),
    *("add_assistants", "add_hops", "set_aside"),
)


def did_before(mine: Mine, deed: Deed) -> bool:
    """Whether this was the person's to do and is not any more: somebody was first."""
    if (deed.name in OF_OFFICE and mine.sees_to) or (deed.name in OF_REGISTRY and mine.registers):
        return True
    if deed.name == "change_handler":
        return reassign.headed_parts(mine.incoming, mine.person, mine.now).exists()
    verb = deed.verb or ASKED_FOR.get(deed.name, "")
    return bool(verb) and WorkItem.objects.of(mine.incoming).filter(assignee=mine.person, verb=verb).exists()
