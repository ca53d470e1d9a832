"""The words of the picture of a run: marks and states, and everything in whole sentences for who does not see it."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.dateformat import format as dated
from django.utils.text import Truncator
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from officehub.approvals.conditions import words
from officehub.approvals.models import Advice, Stage, Step
from officehub.audit.models import Event
from officehub.people.models import Department

if TYPE_CHECKING:
    from officehub.approvals.picture.parts import Box, Row, Signer

MOST_WORDS = 60  # characters of a reason beside an arrow; the course has it whole
STATES = {  # of which most must be known comes first
    "now": _("正在办理"),
    "paused": _("已中止"),
    "stopped": _("已终止"),
    "returned": pgettext_lazy("done", "退回"),
    "ahead": _("未到"),
    "done": _("已办"),
    "skipped": _("跳过"),
}
MARKS = {"now": "●", "paused": "‖", "stopped": "■", "returned": "↩", "ahead": "○", "done": "✓", "skipped": "–"}
DRAFT, END = _("拟稿"), _("办结")
AGREED, TERMINATED = _("审批通过"), pgettext_lazy("end", "终止")
REVISING, WITHDRAWN_NOW = _("正在修改"), _("已撤回，正在修改")
AGAIN = _("前次意见已失效，须重新办理")


# --- dates -------------------------------------------------------------------------------------------------------


def day(at: datetime) -> str:
    """11月23日, on the office's calendar."""
    return dated(timezone.localtime(at), gettext("n月j日"))


def submitted(at: datetime, time: int) -> str:
    if time == 1:
        return gettext("%(day)s提交") % {"day": day(at)}
    return gettext("%(day)s第%(time)s次提交") % {"day": day(at), "time": time}


# --- a stage -----------------------------------------------------------------------------------------------------


def manner(stage: Stage) -> str:
    """或签, 会签, 票签 or 顺序会签."""
    return gettext(stage.get_mode_display().partition("：")[0])


def votes(agreed: int, of: int, quota: int) -> str:
    return gettext("同意%(agreed)s/%(of)s票，须达%(quota)s%%") % {"agreed": agreed, "of": of, "quota": quota}


def only_when(stage: Stage, model) -> str:
    return gettext("只用于：%(condition)s") % {"condition": words(stage.condition, model)}


def nobody(stage: Stage) -> str:
    return gettext("未选会签部门") if stage.who in Stage.BY_CHOSEN else gettext("无人担任，按流程跳过")


def limit(stage: Stage) -> str:
    count = stage.limit_value
    amounts = {
        "working_days": ngettext("时限%(count)s个工作日", "时限%(count)s个工作日", count),
        "natural_days": ngettext("时限%(count)s日", "时限%(count)s日", count),
        "hours": ngettext("时限%(count)s小时", "时限%(count)s小时", count),
        "office_hours": ngettext("时限%(count)s个工作小时", "时限%(count)s个工作小时", count),
    }
    return amounts[stage.limit_unit] % {"count": count}


def whom(stage: Stage, home: Department, departments: list[str], chosen: list[str]) -> str:
    """Whom a stage to come will ask, by what the route says: who it will be is known when it opens."""
    who, role = Stage.Who, gettext(stage.get_role_display()) if stage.role else ""
    match stage.who:
        case who.PERSON:
            return stage.person.name if stage.person else ""
        case who.POST:
            return str(stage.post)
        case who.ROLE:
            return role
        case who.ANSWERS_TO:
            return gettext("事项的交办人")
        case who.SENDER:
            return gettext("、").join(chosen) or gettext("由拟稿人选定")
        case who.DRAFTING_ROLE | who.NAMED_ROLE | who.CHOSEN_ROLE:
            return _of_places(stage, home, departments, role)
        case who.DRAFTING_HEAD | who.NAMED_HEAD | who.CHOSEN_HEADS:
            return _of_places(stage, home, departments, gettext("负责人"))
    return _of_places(stage, home, departments, gettext("分管领导"))


def _of_places(stage: Stage, home: Department, departments: list[str], what: str) -> str:
    if stage.who in Stage.BY_CHOSEN:
        places = gettext("、").join(departments) or gettext("会签部门")
    else:
        places = str(stage.department if stage.who in Stage.BY_NAMED else home)
    return gettext("%(place)s%(what)s") % {"place": places, "what": what}


# --- a person ----------------------------------------------------------------------------------------------------


def state(step: Step, *, paused: bool = False) -> str:
    """What somebody did, or how it stands with them."""
    manners, states = Step.Manner, Step.State
    if paused:
        return str(STATES["paused"])
    if step.state == states.OPEN:
        return str(STATES["now"])
    if step.state == states.AGREED and step.manner not in (manners.WRITTEN, manners.INSIDE):
        return pgettext("done", step.get_manner_display())
    return pgettext("done", step.get_state_display())


def notes(step: Step, advice: list[Advice]) -> tuple[str, ...]:
    """加签, 转办, 委派: what must be known of a person's part beside its state."""
    found = [pgettext("done", step.get_origin_display())] if step.origin != Step.Origin.ROUTE else []
    if step.votes > 1:
        found.append(gettext("%(count)s票") % {"count": step.votes})
    before = step.from_step
    if before and not before.stands and before.state in Step.CONSENTS:
        found.append(gettext("文稿已改，重新办理"))
    if step.state == Step.State.TRANSFERRED and step.extra.get("to"):
        found.append(gettext("转给%(name)s") % {"name": step.extra["to"]})
    return (*found, *_asked_for(advice))


def _asked_for(advice: list[Advice]) -> Iterable[str]:
    assisting = [one.adviser.name for one in advice if one.sort == Advice.Sort.ASSIST]
    consulted = [one.adviser.name for one in advice if one.sort != Advice.Sort.ASSIST]
    if assisting:
        yield gettext("委派%(names)s提出意见") % {"names": gettext("、").join(assisting)}
    if consulted:
        yield gettext("征求%(names)s意见") % {"names": gettext("、").join(consulted)}


# --- returns and stops -------------------------------------------------------------------------------------------


def returned(step: Step, to: str) -> str:
    """11月24日方舟退回拟稿人，理由：……"""
    gaps = {
        "day": day(step.decided_at or step.opened_at),
        "who": step.approver.name,
        "to": to,
        "why": cut(step.opinion),
    }
    if to:
        return gettext("%(day)s%(who)s退回“%(to)s”环节，理由：%(why)s") % gaps
    if step.state == Step.State.DISAGREED:
        return gettext("%(day)s%(who)s不同意，退回拟稿人，理由：%(why)s") % gaps
    return gettext("%(day)s%(who)s退回拟稿人，理由：%(why)s") % gaps


def decided_at(step: Step) -> datetime:
    """When a step was answered; the database holds that an answer has its time."""
    return step.decided_at or step.opened_at


def returned_late(event: Event) -> str:
    gaps = {"day": day(event.at), "who": event.actor.name if event.actor else gettext("系统")}
    return gettext("%(day)s%(who)s在审批通过后退回拟稿人，理由：%(why)s") % {
        **gaps,
        "why": cut(event.facts.get("reason", "")),
    }


def stopped(event: Event, run_state: str) -> str:
    gaps = {"day": day(event.at), "who": event.actor.name if event.actor else gettext("系统")}
    gaps["why"] = cut(event.facts.get("reason", ""))
    if run_state == "suspended":
        return gettext("%(day)s%(who)s中止审批，时限暂停，理由：%(why)s") % gaps
    return gettext("%(day)s%(who)s终止审批，理由：%(why)s") % gaps


def cut(words_of_it: str) -> str:
    return Truncator(" ".join(words_of_it.split())).chars(MOST_WORDS)


# --- sentences ---------------------------------------------------------------------------------------------------


def fork(count: int) -> str:
    return gettext("以下%(count)s路同时分头办理，全部办完后汇合。") % {"count": count}


def box(one: "Box") -> str:
    """第2步 会签：已办2/3；市财政局方舟 11月23日同意；市水利局水清 正在办理，限11月30日。"""
    parts = [*_state_of(one), *(signer(each) for each in one.signers), *one.notes]
    gaps = {"number": one.number, "name": one.name, "rest": gettext("；").join(parts)}
    if one.number:
        return gettext("第%(number)s步 %(name)s：%(rest)s。") % gaps
    return gettext("%(name)s：%(rest)s。") % gaps


def _state_of(one: "Box") -> Iterable[str]:
    """How a box stands as a whole, unless its people say it themselves."""
    if one.at and not one.signers:
        yield day(one.at)
    elif not one.signers or one.state == "stopped":
        yield one.words
    if one.tally:
        by_votes = one.stage is not None and one.stage.mode == Stage.Mode.RATIO
        yield one.tally if by_votes else gettext("已办%(tally)s") % {"tally": one.tally}


def signer(one: "Signer") -> str:
    acting = gettext("（受%(name)s委托）") % {"name": one.acting_for} if one.acting_for else ""
    done = gettext("%(day)s%(what)s") % {"day": day(one.at), "what": one.words} if one.at else one.words
    facts = [done, *_limit_of(one), *one.notes]
    said = f"{one.place}{one.name}{acting} " + gettext("，").join(fact for fact in facts if fact)
    if not one.inside:
        return said
    inside = gettext("；").join(_plain(row) for row in one.inside)
    return gettext("%(who)s（部门内部流程：%(inside)s）") % {"who": said, "inside": inside}


def _limit_of(one: "Signer") -> Iterable[str]:
    if one.due:
        yield gettext("限%(day)s") % {"day": day(one.due)} + (gettext("（按推算）") if one.provisional else "")
    if one.overdue:
        yield gettext("已超期")


def _plain(row: "Row") -> str:
    return gettext("；").join(each.sentence.rstrip("。.") for each in row.boxes)
