"""Every deed on a task: who may do it now, its form, and what it does. One door leads to all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from officehub.inbox.models import WorkItem
from officehub.people.models import Person, Role, role_holders
from tasks import accept, assign, cancelling, chasing, extending, forms, reporting, verify
from tasks.asking import ACCEPT, ALLOCATE, ASSIST, VERIFY
from tasks.models import Extension, Participation, Task
from tasks.seats import live_parts
from tasks.who import heads_unit

STATE = Task.State
Target = Any  # what the deed is about; None when this person may not do it now


class Mine:
    """How one person stands to one task now; what a dozen deeds ask of it is read once."""

    def __init__(self, task: Task, person: Person, now: datetime):
        self.task, self.person, self.now = task, person, now

    @cached_property
    def errands(self) -> list[tuple[str, str]]:
        """Verb and key of everything this task asks of the person."""
        rows = WorkItem.objects.of(self.task).filter(assignee=self.person, done_at=None)
        return list(rows.values_list("verb", "key"))

    def is_asked(self, *verbs: str) -> bool:
        return any(verb in verbs for verb, _key in self.errands)

    @property
    def leads(self) -> bool:
        return self.task.lead_person_id == self.person.pk

    @property
    def gave(self) -> bool:
        return self.task.assigner_id == self.person.pk

    @cached_property
    def heads(self) -> bool:
        """Whether the person answers for the lead unit."""
        return heads_unit(self.person, self.task.lead_unit, self.now)

    @cached_property
    def supervises(self) -> bool:
        if not self.person.has_role(Role.SUPERVISOR):
            return False
        return any(one.pk == self.person.pk for one in role_holders(self.task.organ, Role.SUPERVISOR))

    @cached_property
    def part(self) -> Participation | None:
        """The assisting part that waits for this person."""
        ids = [int(key.split(":")[1]) for verb, key in self.errands if verb == ASSIST]
        return live_parts(self.task).filter(pk__in=ids).first() if ids else None

    @cached_property
    def extension(self) -> Extension | None:
        """The later limit that was asked for and is not decided."""
        return self.task.extensions.filter(state=Extension.State.ASKED).select_related("by").first()


@dataclass(frozen=True)
class Deed:
    """`may` gives the target (True where there is none apart from the task); `verb` is the errand it answers, if one;
    `main` ones stand open on the page, the others are folded; `ways` are several buttons with their values."""

    name: str
    title: Any
    button: Any
    form: type[forms.DeedForm]
    may: Callable[[Mine], Target]
    act: Callable[..., Any]
    done: Any
    verb: str = ""
    main: bool = False
    ways: tuple[tuple[str, Any], ...] = ()
    phrases: str = ""  # the field that stock phrases go into
    sure: Any = ""  # what is asked once more before it is done

    def said(self, way: str) -> str:
        """What is told when it is done, by the button pressed where there are several."""
        return str(self.done.get(way, self.done["pass"]) if isinstance(self.done, dict) else self.done)


def doing(mine: Mine) -> Target:
    return (mine.task.state == STATE.IN_PROGRESS and mine.leads) or None


def giver(*states: str) -> Callable[[Mine], Target]:
    """For the assigner, while the task is in one of these states."""
    return lambda mine: (mine.task.state in states and mine.gave) or None


def redating(mine: Mine) -> Target:
    """Whoever gave a task and does it as well asks for an extension, which another decides."""
    return None if mine.leads else giver(*Task.UNDER_WAY, STATE.SUBMITTED)(mine)


def accepting(mine: Mine) -> Target:
    return (mine.is_asked(ACCEPT) and mine.leads) or None


def allocating(mine: Mine) -> Target:
    waits = mine.task.state == STATE.ASSIGNED and mine.task.lead_person_id is None
    return (waits and mine.is_asked(ALLOCATE)) or None


def refusing(mine: Mine) -> Target:
    return accepting(mine) or allocating(mine)


def verifying(mine: Mine) -> Target:
    return (mine.task.state == STATE.SUBMITTED and mine.is_asked(VERIFY) and not mine.leads) or None


def ticking(mine: Mine) -> Target:
    return (doing(mine) and mine.task.milestones.filter(done_at=None).exists()) or None


def arranging(mine: Mine) -> Target:
    """For whoever does the task, gave it, or answers for the unit that has it."""
    return (mine.task.state in Task.UNDER_WAY and (mine.leads or mine.gave or mine.heads)) or None


def changing(mine: Mine) -> Target:
    named = mine.task.state in (STATE.ALLOCATED, STATE.IN_PROGRESS) and mine.task.lead_unit_id
    return (named and mine.heads) or None


def my_part(mine: Mine) -> Target:
    return mine.part


def unit_part(mine: Mine) -> Target:
    """A unit's part nobody was named for."""
    part = mine.part
    return part if part and part.unit_id and part.person_id is None else None


def extensible(mine: Mine) -> Target:
    """Whoever is too late finds the door and is told so there."""
    return (doing(mine) and mine.extension is None) or None


def extension_asked(mine: Mine) -> Target:
    return mine.extension if mine.extension and mine.extension.by_id == mine.person.pk else None


def withdrawing(mine: Mine) -> Target:
    return (mine.task.state == STATE.SUBMITTED and mine.leads) or None


def reopening(mine: Mine) -> Target:
    verifies = mine.task.verifier_id == mine.person.pk
    return (mine.task.state == STATE.CLOSED and (mine.gave or verifies)) or None


def chases(mine: Mine) -> Target:
    if not mine.task.is_open:
        return None
    verifies = mine.task.verifier_id == mine.person.pk
    return mine.gave or verifies or mine.heads or mine.supervises or None


# --- what each does, with what its form said ------------------------------------------------------------------------


def _verify(task, target, given, way, by, now: datetime):
    if way == "back":
        return verify.return_(task, by=by, now=now, reason=given["words"])
    return verify.close(task, by=by, now=now, words=given["words"])


def _cancel(task, target, given, way, by, now: datetime):
    if task.state == STATE.DRAFT:
        return cancelling.discard(task, by=by, now=now)
    return cancelling.cancel(task, by=by, now=now, **given)


def _add_parts(task, target, given, way, by, now: datetime):
    units, people = list(given["assisting_units"]), given["assisting_people"]
    return reporting.add_parts(task, by=by, now=now, units=units, people=people)


def _reassign(task, target, given, way, by, now: datetime):
    kept = {name: given[name] for name in ("lead_unit", "lead_person", "reason")}
    return assign.reassign(task, by=by, now=now, **kept)


PASS_OR_BACK = (("pass", _("核验通过，办结")), ("back", _("退回重办")))

DEEDS = {
    deed.name: deed
    for deed in (
        Deed("accept", _("签收任务"), _("签收"), forms.NothingAsked, accepting,
             lambda task, target, given, way, by, now: accept.accept(task, by=by, now=now),
             _("已签收，请按时办理。"), verb=ACCEPT, main=True),
        Deed("allocate", _("分派承办人"), _("分派"), forms.AllocateForm, allocating,
             lambda task, target, given, way, by, now: accept.allocate(task, given["person"], by=by, now=now),
             _("已分派。"), verb=ALLOCATE, main=True),
        Deed("verify", _("核验"), _("核验通过，办结"), forms.VerifyForm, verifying, _verify,
             {"pass": _("已核验办结。"), "back": _("已退回重办。")},
             verb=VERIFY, main=True, ways=PASS_OR_BACK, phrases="words"),
        Deed("report", _("报告进展"), _("报告"), forms.ReportForm, doing,
             lambda task, target, given, way, by, now: reporting.report(task, by=by, now=now, **given),
             _("进展已报告。"), main=True),
        Deed("submit", _("提交核验"), _("提交"), forms.SubmitForm, doing,
             lambda task, target, given, way, by, now: verify.submit(task, by=by, now=now, **given),
             _("已提交核验。")),
        Deed("part", _("报协办情况"), _("报牵头单位"), forms.PartForm, my_part,
             lambda task, part, given, way, by, now: reporting.report_part(part, by=by, now=now, **given),
             _("已报牵头单位。"), verb=ASSIST, main=True),
        Deed("name_for_part", _("分派协办人员"), _("分派"), forms.PartAllocateForm, unit_part,
             lambda task, part, given, way, by, now: reporting.name_for_part(part, given["person"], by=by, now=now),
             _("已分派。")),
        Deed("send_part_back", _("不属本单位职责，退回协办"), _("退回"), forms.ReasonForm, my_part,
             lambda task, part, given, way, by, now: reporting.send_part_back(part, by=by, now=now, **given),
             _("已退回协办。")),
        Deed("send_back", _("退回"), _("退回"), forms.ReasonForm, refusing,
             lambda task, target, given, way, by, now: accept.send_back(task, by=by, now=now, **given),
             _("已退回。")),
        Deed("tick", _("完成节点"), _("已完成"), forms.TickForm, ticking,
             lambda task, target, given, way, by, now: reporting.tick(given["milestone"], by=by, now=now),
             _("节点已完成。")),
        Deed("add_milestone", _("增加节点"), _("增加"), forms.MilestoneForm, arranging,
             lambda task, target, given, way, by, now: reporting.add_milestone(task, by=by, now=now, **given),
             _("已增加节点。")),
        Deed("ask_extension", _("申请延期"), _("申请"), forms.ExtensionForm, extensible,
             lambda task, target, given, way, by, now: extending.ask_extension(task, by=by, now=now, **given),
             _("已申请延期，请等批复；批复之前仍按原时限。")),
        Deed("withdraw_extension", _("撤回延期申请"), _("撤回"), forms.NothingAsked, extension_asked,
             lambda task, extension, given, way, by, now: extending.withdraw_extension(extension, by=by, now=now),
             _("已撤回延期申请。")),
        Deed("withdraw", _("撤回提交"), _("撤回"), forms.NothingAsked, withdrawing,
             lambda task, target, given, way, by, now: verify.withdraw(task, by=by, now=now),
             _("已撤回提交，可以继续办理。")),
        Deed("add_parts", _("增加协办"), _("增加"), forms.PartsForm, arranging, _add_parts, _("已增加协办。")),
        Deed("change_lead", _("更换承办人"), _("更换"), forms.ChangeLeadForm, changing,
             lambda task, target, given, way, by, now: accept.change_lead(
                 task, given["person"], by=by, now=now, reason=given["reason"]), _("已更换承办人。")),
        Deed("reassign", _("改派"), _("改派"), forms.ReassignForm, giver(*Task.UNDER_WAY), _reassign, _("已改派。")),
        Deed("redate", _("调整时限"), _("调整"), forms.RedateForm, redating,
             lambda task, target, given, way, by, now: assign.redate(task, by=by, now=now, **given),
             _("已调整时限，原定时限保留在案。")),
        Deed("chase", _("催办"), _("催办"), forms.ChaseForm, chases,
             lambda task, target, given, way, by, now: chasing.chase(task, by=by, now=now, **given), _("已催办。")),
        Deed("reopen", _("重新办理"), _("重新办理"), forms.ReopenForm, reopening,
             lambda task, target, given, way, by, now: verify.reopen(task, by=by, now=now, **given),
             _("已要求重新办理。")),
        Deed("cancel", _("撤销任务（连同未办结的子任务）"), _("撤销"), forms.ReasonForm,
             giver(STATE.DRAFT, *Task.OPEN), _cancel, _("已撤销。")),
        Deed("restore", _("恢复"), _("恢复"), forms.NothingAsked, giver(STATE.CANCELLED),
             lambda task, target, given, way, by, now: cancelling.restore(task, by=by, now=now),
             _("已恢复，请重新交办。")),
    )
}  # fmt: skip


def open_to(mine: Mine) -> dict[str, tuple[Deed, Target]]:
    """What this person may do to the task now, main deeds first."""
    found = {name: (deed, deed.may(mine)) for name, deed in DEEDS.items()}
    return {name: pair for name, pair in found.items() if pair[1] is not None}


OF_GIVER = ("reassign", "redate", "cancel", "restore", "reopen", "chase")
OF_DOER = ("report", "submit", "tick", "ask_extension", "withdraw_extension", "withdraw", "add_milestone", "add_parts")
ASKED_FOR = {"send_back": (ACCEPT, ALLOCATE), "name_for_part": (ASSIST,), "send_part_back": (ASSIST,)}


def did_before(mine: Mine, deed: Deed) -> bool:
    """Whether this was the person's to do and is not any more: somebody was first, or the limit has passed."""
    if deed.name in OF_GIVER and (mine.gave or mine.task.verifier_id == mine.person.pk):
        return True
    if deed.name in OF_DOER and (mine.leads or _led(mine)):
        return True
    verbs = ASKED_FOR.get(deed.name, (deed.verb,) if deed.verb else ())
    return WorkItem.objects.of(mine.task).filter(assignee=mine.person, verb__in=verbs).exists()


def _led(mine: Mine) -> bool:
    return Participation.objects.filter(task=mine.task, role="lead", person=mine.person).exists()
