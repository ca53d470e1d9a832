"""办理过程: what was done to a paper so far, where it is now, and what is still to come, as lines of one list."""

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from itertools import groupby

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from documents.consulting import gates, telling
from documents.models import Document, Rendition, Version
from documents.rules import every_rule
from documents.versions.looks import SHORT
from officehub.approvals.models import Advice, OpinionFile, Run, Stage, Step, Visit
from officehub.approvals.plan import stages_ahead, stages_of
from officehub.approvals.standing import Outcome, counted, forks, outcome, predecessors
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.web.hubs import verb_label

DEEDS = {
    "submit": pgettext_lazy("done", "提交审批，说明例外"),  # told only when a rule was set aside
    "recheck": pgettext_lazy("done", "复核"),
    "recheck_return": pgettext_lazy("done", "复核退回"),
    "number": pgettext_lazy("done", "编号"),
    "void_number": pgettext_lazy("done", "号码作废，退回"),
    "printed": pgettext_lazy("done", "排版"),
    "seal": pgettext_lazy("done", "用印"),
    "distribute": pgettext_lazy("done", "分发"),
    "delivered": pgettext_lazy("done", "送达"),
    "archive": pgettext_lazy("done", "归档"),
    "propose_scope": pgettext_lazy("done", "拟定分送范围"),
    "distribute_further": pgettext_lazy("done", "补发"),
    "number_copies": pgettext_lazy("done", "编份号"),
    "retry_copies": pgettext_lazy("done", "继续编制份号印件"),
    "send_unnumbered": pgettext_lazy("done", "不编份号发送"),
    "pass_on": pgettext_lazy("done", "转阅"),
    "ask_widening": pgettext_lazy("done", "请求扩大分送"),
    "agree_widening": pgettext_lazy("done", "批准扩大分送"),
    "refuse_widening": pgettext_lazy("done", "未批准扩大分送"),
    "chase_readers": pgettext_lazy("done", "催办签收"),
    "certify_service": pgettext_lazy("done", "出具送达回证"),
    "recall": pgettext_lazy("done", "清退"),
    "close_recall": pgettext_lazy("done", "清退办结"),
    "leave_out": pgettext_lazy("done", "不归档"),
    "disclosed": pgettext_lazy("done", "主动公开"),
    "disclosure_reviewed": pgettext_lazy("done", "公开审查"),
    "appraised": pgettext_lazy("done", "鉴定"),
    "handed_to_archives": pgettext_lazy("done", "移交档案馆"),
    "destroyed": pgettext_lazy("done", "销毁"),
    "take_back": pgettext_lazy("done", "拿回"),
    "amend": pgettext_lazy("done", "修改文稿"),
    "correct": pgettext_lazy("done", "复核改正"),
    "reapprove": pgettext_lazy("done", "复核改动，报签发人复审"),
    "annul": pgettext_lazy("done", "登记失效"),
    "annul_undone": pgettext_lazy("done", "更正失效登记"),
    "import_word": pgettext_lazy("done", "从 Word 导入"),
    "terminate": pgettext_lazy("done", "终止"),
    **telling.DEEDS,
    "approval.suspended": pgettext_lazy("done", "中止"),
    "approval.resumed": pgettext_lazy("done", "恢复"),
    "approval.chased": pgettext_lazy("done", "催办"),
    "approval.signers_added": pgettext_lazy("done", "加签"),
    "approval.signer_removed": pgettext_lazy("done", "减签"),
    "limit_recounted": pgettext_lazy("done", "日历变更，重算时限"),
}
AFTER_SIGN_OFF = [
    ("recheck", _("复核")),
    ("number", _("编号")),
    ("seal", _("用印")),
    ("distribute", _("分发")),
    ("archive", _("归档")),
]


@dataclass(frozen=True)
class Annex:
    """A file that came with an opinion, and where those who may see the course find it."""

    name: str
    url: str


@dataclass(frozen=True)
class Line:
    """One line of the course; `state` is done, now, returned or waiting. `signed` bears a signature (name and full
    date, 条例 第二十二条); `fallen` no longer counts; `lines` are what belongs under it; `count` tells how many did;
    `version` is the text it was said of, or made, and `version_url` where that is read.
    """

    state: str
    who: str
    verb: str
    place: str = ""
    at: datetime | None = None
    opinion: str = ""
    note: str = ""
    acting_for: str = ""
    signed: bool = False
    circled: bool = False
    fallen: bool = False
    files: tuple[Annex, ...] = ()
    lines: tuple["Line", ...] = ()
    count: str = ""
    version: int = 0
    version_url: str = ""


OUTCOMES = {
    Step.State.RETURNED: _("%(stage)s退回"),
    Step.State.DISAGREED: _("%(stage)s不同意"),
    Step.State.TRANSFERRED: _("%(stage)s转办"),
    Step.State.TAKEN_BACK: _("%(stage)s（已拿回）"),
    Step.State.WAITING: _("%(stage)s（待前序）"),
    Step.State.ASSISTED: _("%(stage)s（委派中）"),
    Step.State.INSIDE: _("%(stage)s（部门办理中）"),
}
PAUSED = _("%(stage)s（已中止）")
BACK = (Step.State.RETURNED, Step.State.DISAGREED)
ON_THE_WAY = (Run.State.RUNNING, Run.State.SUSPENDED)


class Course:
    """The course of one paper, read once: a fixed number of queries however long it was."""

    def __init__(self, document: Document, run: Run | None, now: datetime):
        self.document, self.run, self.now = document, run, now

    def lines(self) -> list[Line]:
        """Oldest first: the draft, every opinion of every round, the office's deeds, who has it, what is to come."""
        document = self.document
        drafted = Line(
            "done", document.drafter.name, pgettext("done", "拟稿"), document.department.name, document.created_at
        )
        own = self.opinions()
        past = sorted([line for line in own if line.at] + self._deeds(), key=lambda line: line.at)
        now = [line for line in own if not line.at] + _errands(document)
        return [drafted, *past, *now, *(Line("waiting", name, "") for name in self._to_come)]

    # --- the texts it was said of -------------------------------------------------------------------------------

    @cached_property
    def versions(self) -> list[Version]:
        """Every version without its content, oldest first."""
        return list(self.document.versions.only(*SHORT).order_by("number"))

    def _text_seen(self, text: str, at: datetime | None) -> dict:
        """Where the version lies that an opinion was given on: a text that came back twice was the later one."""
        same = [one for one in self.versions if one.approval_hash == text]
        seen = [one for one in same if at and one.at <= at] or same[:1]
        if not seen:
            return {}
        number = seen[-1].number
        return {"version": number, "version_url": reverse("documents:version", args=[self.document.pk, number])}

    def _deeds(self) -> list[Line]:
        """What the office did with the paper; a deed that changed the text leads to what it changed."""
        made = {one.at: one.number for one in self.versions if one.number > 1}
        lines = []
        events = events_of(self.document).filter(verb__in=DEEDS).order_by("seq")
        for event in events.select_related("actor__department"):
            if event.verb == "submit" and not event.facts.get("overrides"):
                continue
            number = made.get(event.at, 0) if event.verb in ("amend", "correct", "reapprove") else 0
            query = f"?from={number - 1}&to={number}"
            address = reverse("documents:compare", args=[self.document.pk]) + query if number else ""
            line = line_of(event, str(DEEDS[event.verb]), note_of(event))
            lines.append(replace(line, version=number, version_url=address))
        return lines

    def opinions(self) -> list[Line]:
        """What was said in every visit, and who has yet to speak; those lines have no time."""
        return [line for visit in self._own for line in self._of_visit(visit)]

    # --- what was said ------------------------------------------------------------------------------------------

    @cached_property
    def _visits(self) -> list[Visit]:
        """Every visit of the run and of the departments' runs inside it, each with its steps."""
        if self.run is None:
            return []
        of_it = Q(run=self.run) | Q(run__parent__run=self.run)
        visits = list(Visit.objects.filter(of_it).select_related("stage", "run__department").order_by("id"))
        found = {visit.pk: visit for visit in visits}
        for visit in visits:
            visit.all_steps = []
        advice = Advice.objects.select_related("adviser__department").order_by("id")
        steps = Step.objects.filter(of_it).select_related("approver__department", "acting_for", "department", "bypass")
        for step in steps.prefetch_related("files__stored", Prefetch("advice", advice)).order_by("id"):
            step.visit = found[step.visit_id]
            step.visit.all_steps.append(step)
        return visits

    @property
    def _own(self) -> list[Visit]:
        return [visit for visit in self._visits if self.run and visit.run_id == self.run.pk]

    def _of_visit(self, visit: Visit) -> list[Line]:
        """One line for each who decided, and who has it; countersigners of one visit under one line that counts them.
        A line without a time is still being dealt with."""
        said = [step for step in visit.all_steps if step.decided_at]
        pending = _in_turn([step for step in visit.all_steps if step.state in Step.PENDING])
        lines = [self._said(step) for step in said] + self._unanswered(visit, said)
        if visit.stage.mode != Stage.Mode.ANY and len(said) + len(pending) > 1:
            return [self._together(visit, [*lines, *map(self._pending, pending)])]
        return [*lines, *self._whoever(visit, pending)]

    def _together(self, visit: Visit, lines: list[Line]) -> Line:
        parts = counted(visit.all_steps)
        answered = [step for step in parts if step.state in Step.CONSENTS]
        state = "returned" if any(line.state == "returned" for line in lines) else "done"
        fell, is_open = visit.state == Visit.State.FELL, visit.state == Visit.State.OPEN
        return Line(
            "now" if is_open else state,
            visit.stage.name,
            "",
            at=None if is_open else visit.closed_at,
            fallen=fell,
            lines=tuple(sorted(lines, key=lambda line: (line.at is None, line.at or visit.opened_at))),
            count="" if fell else f"{len(answered)}/{len(parts)}",
        )

    def _whoever(self, visit: Visit, pending: list[Step]) -> list[Line]:
        """Who has it now; of several any one of whom suffices, one line for all."""
        lines = [self._pending(step) for step in pending]
        if len(lines) < 2 or any(line.lines or line.acting_for or line.state != "now" for line in lines):
            return lines
        verb = gettext("%(stage)s（一人办理即可）") % {"stage": visit.stage.name}
        return [Line("now", gettext("、").join(line.who for line in lines), verb)]

    def _said(self, step: Step) -> Line:
        place = step.department or step.visit.run.department or step.approver.department
        department = step.manner in (Step.Manner.SILENT, Step.Manner.INSIDE)
        who = place.name if department and place else step.approver.name
        return Line(
            "returned" if step.state in BACK else "done",
            who,
            _verb(step, OUTCOMES.get(step.state)),
            place.name if place and not department else "",
            step.decided_at,
            step.opinion,
            gettext("，").join(self._notes(step)),
            step.acting_for.name if step.acting_for else "",
            signed=step.manner in (Step.Manner.WRITTEN, Step.Manner.CIRCLED),
            circled=step.manner == Step.Manner.CIRCLED,
            fallen=_fallen(step),
            files=tuple(self._annex(one) for one in step.files.all()),
            lines=self._under(step),
            **self._text_seen(step.content_hash, step.decided_at),
        )

    def _annex(self, kept: OpinionFile) -> Annex:
        return Annex(kept.stored.name, reverse("documents:opinion_file", args=[self.document.pk, kept.pk]))

    def _notes(self, step: Step) -> list[str]:
        """What must be known of an opinion beside its words."""
        plain = (Step.Manner.WRITTEN, Step.Manner.CIRCLED)
        notes = [] if step.manner in plain else [pgettext("done", step.get_manner_display())]
        notes += gates.told(step)
        if self.run and self.run.round > 1:
            notes.append(gettext("第%(round)s轮") % {"round": step.round})
        if _fallen(step):
            notes.append(gettext("已重新办理，不计入本次审批"))
        if hasattr(step, "bypass"):
            bypass = step.bypass
            said = {"rule": bypass.rule, "what": gettext(bypass.what), "reason": bypass.reason}
            notes.append(gettext("%(what)s（%(rule)s），理由：%(reason)s") % said)
        return notes

    def _pending(self, step: Step) -> Line:
        """Somebody's part that is still to come; while the run is suspended nobody has it."""
        stopped = self.run is not None and self.run.state == Run.State.SUSPENDED
        inside = step.state == Step.State.INSIDE and step.department
        department = step.department or step.approver.department
        return Line(
            "waiting" if stopped or step.state == Step.State.WAITING else "now",
            step.department.name if inside else step.approver.name,
            _verb(step, PAUSED if stopped else OUTCOMES.get(step.state)),
            department.name if department and not inside else "",
            acting_for=step.acting_for.name if step.acting_for else "",
            lines=self._under(step),
        )

    def _under(self, step: Step) -> tuple[Line, ...]:
        """What belongs under a step: its department's own run, and the opinions asked for."""
        inside = [visit for visit in self._visits if visit.run.parent_id == step.pk]
        own = [line for visit in inside for line in self._of_visit(visit)]
        asked = [one for one in step.advice.all() if one.state != Advice.State.CANCELLED]
        advice = [replace(_advice(one), **self._text_seen(one.content_hash, one.answered_at)) for one in asked]
        return tuple(own + advice)

    def _unanswered(self, visit: Visit, said: list[Step]) -> list[Line]:
        """Opinions given to somebody who then need not decide any more: they are not lost."""
        gone = [step for step in visit.all_steps if step not in said and step.state not in Step.PENDING]
        return [line for step in gone for line in self._under(step) if line.at]

    # --- what is to come ----------------------------------------------------------------------------------------

    @cached_property
    def _ahead(self) -> list[Stage]:
        if self.run is None or self.run.state not in ON_THE_WAY:
            return []
        return stages_ahead(self.run, self.document, self.now)

    @property
    def _to_come(self) -> list[str]:
        ended = (Document.State.ARCHIVED, Document.State.TERMINATED, *Document.EDITABLE)
        if self.run is None or self.document.state in ended:
            return []
        return [stage.name for stage in self._ahead] + _steps_left(self.document)

    def what_next(self, step: Step) -> str:
        """What happens when this person agrees, in one sentence. `step.together` is everybody in its visit."""
        parts = _waited_for(step)
        if self.run and step.run_id == self.run.pk:
            parts += self._way(step) + _steps_left(self.document)
        else:
            inside = [stage.name for stage in stages_ahead(step.run, self.document, self.now)]
            department = step.run.department.name if step.run.department else gettext("部门")
            parts += [*inside, gettext("报出%(department)s意见") % {"department": department}]
        return gettext("同意后 → %(way)s") % {"way": " → ".join(parts)} if parts else ""

    def _way(self, step: Step) -> list[str]:
        """The stages ahead; branches of a fork side by side, and what must be done elsewhere before they join."""
        stages = stages_of(self.run.version_id) if self.run else []
        fork, before = forks(stages), predecessors(stages)
        elsewhere = {
            visit.stage_id: visit.stage.name
            for visit in self._own
            if visit.state == Visit.State.OPEN and visit.pk != step.visit_id
        }
        parts: list[str] = []
        for _number, group in groupby(self._ahead, key=lambda stage: fork.get(stage.pk, -stage.pk)):
            together = list(group)
            joined = set.intersection(*(before[stage.pk] for stage in together)) & elsewhere.keys()
            parts += [gettext("（待“%(stage)s”办完）") % {"stage": elsewhere.pop(pk)} for pk in sorted(joined)]
            parts.append(_side_by_side(together))
        return parts


def _named(step: Step) -> str:
    """What is done in a step: its stage, and that it was added to it."""
    name = step.visit.stage.name
    return gettext("%(stage)s·加签") % {"stage": name} if step.origin == Step.Origin.ADDED else name


def _verb(step: Step, outcome_of_it) -> str:
    """What is done in a step, with how it came out where that is not simply consent."""
    return str(outcome_of_it) % {"stage": _named(step)} if outcome_of_it else _named(step)


def _in_turn(pending: list[Step]) -> list[Step]:
    """Those who have it first, then whoever waits for them."""
    turn: list[Step] = []
    left = list(pending)
    while left:
        ahead = {step.pk for step in left}
        ready = [step for step in left if step.blocked_by_id not in ahead] or left
        turn += ready
        left = [step for step in left if step not in ready]
    return turn


def _fallen(step: Step) -> bool:
    """Whether a consent on record does not count any more."""
    return step.state in Step.CONSENTS and (not step.stands or step.visit.state == Visit.State.FELL)


def _advice(advice: Advice) -> Line:
    department, given = advice.adviser.department, advice.state == Advice.State.ANSWERED
    return Line(
        "done" if given else "now",
        advice.adviser.name,
        _sort(advice, given),
        department.name if department else "",
        advice.answered_at,
        advice.answer,
        signed=given,
    )


def _sort(advice: Advice, given: bool) -> str:
    if advice.sort == Advice.Sort.ASSIST:
        return gettext("协办意见")
    return gettext("征求意见答复") if given else pgettext("done", "征求意见")


def _waited_for(step: Step) -> list[str]:
    """Who else must answer in the same visit before it passes."""
    mine = copy(step)
    mine.state = Step.State.AGREED
    together = [mine if one.pk == step.pk else one for one in step.together]
    if outcome(step.stage, together) is not Outcome.OPEN:
        return []
    left = [one.approver.name for one in together if one.stands and one.state in Step.PENDING]
    gaps = {"people": gettext("、").join(left[:3]), "count": len(left)}
    return [(gettext("等%(people)s等%(count)s人办理") if len(left) > 3 else gettext("等%(people)s办理")) % gaps]


def _side_by_side(stages: list[Stage]) -> str:
    """Stages of one fork: each branch in its order, the branches at once."""
    branches: dict[str, list[str]] = {}
    for stage in stages:
        branches.setdefault(stage.branch, []).append(stage.name)
    ways = [" → ".join(names) for names in branches.values()]
    return ways[0] if len(ways) == 1 else gettext("%(ways)s（分头办理）") % {"ways": gettext("、").join(ways)}


BACKWARDS = ("recheck_return", "reapprove", "void_number", "terminate", "take_back", "withdraw")


def line_of(event: Event, verb: str, note: str) -> Line:
    """One deed as a line: who, what in words, when and why, and the rules that were set aside in it."""
    return Line(
        "returned" if event.verb in BACKWARDS else "done",
        event.actor.name if event.actor else gettext("系统"),
        verb,
        event.actor.department.name if event.actor and event.actor.department else "",
        event.at,
        event.facts.get("reason") or "",
        note,
        lines=_set_aside(event),
    )


def _set_aside(event: Event) -> tuple[Line, ...]:
    """The rules that were set aside in a deed, each with what it asks and the reason given."""
    reasons = event.facts.get("overrides", {}).items()
    return tuple(Line("done", rule, _rule_texts().get(rule, ""), opinion=reason) for rule, reason in reasons)


@cache
def _rule_texts() -> dict[str, str]:
    return {line.id: line.texts[0] for line in every_rule()}


def recounted(facts: dict) -> str:
    """From when to when a limit moved because the calendar changed."""
    return gettext("%(was)s改为%(due)s") % {"was": facts["was"][:10], "due": facts["due"][:10]}


def note_of(event: Event) -> str:
    match event.verb:
        case "number":
            return event.facts["document_number"]
        case "printed":
            what = gettext(Rendition.Purpose(event.facts["purpose"]).label)
            right = gettext("%(what)s，版式实测合格"), gettext("%(what)s，版式实测不合格")
            return right[not event.facts["measured_ok"]] % {"what": what}
        case "delivered":
            readers = event.facts["readers"]
            return ngettext("%(count)s 人", "%(count)s 人", readers) % {"count": readers}
        case "approval.chased" | "approval.signers_added":
            return gettext("、").join(event.facts["people"])
        case "amend":
            return gettext("；").join(filter(None, [_new_facts(event), _asked_again(event)]))
        case "import_word":
            return event.facts["name"]
        case "approval.signer_removed":
            return event.facts["person"]
        case "reapprove":
            return gettext("；").join(event.facts["substance"])
        case (
            "annul"
            | "disclosed"
            | "disclosure_reviewed"
            | "leave_out"
            | "appraised"
            | "handed_to_archives"
            | "destroyed"
        ):
            return event.facts["said"]
    return telling.note(event) or _note_of_sending(event.verb, event.facts)


def _note_of_sending(verb: str, facts: dict) -> str:
    match verb:
        case "distribute_further" | "pass_on" | "propose_scope" | "ask_widening" | "agree_widening" | "refuse_widening":
            return _to_whom(facts)
        case "number_copies" | "send_unnumbered":
            return gettext("%(first)s至%(last)s") % facts
        case "chase_readers" | "recall":
            return ngettext("%(count)s 个", "%(count)s 个", facts["count"]) % facts
        case "certify_service":
            return facts["number"]
        case "limit_recounted":
            return recounted(facts)
    return ""


def _to_whom(facts: dict) -> str:
    """The first few of the addressees an event names, and how many there are."""
    names = [*facts.get("departments", ()), *facts["people"]]
    shown = gettext("、").join(names[:6])
    return shown if len(names) <= 6 else gettext("%(shown)s等 %(count)s 个") % {"shown": shown, "count": len(names)}


def _asked_again(event: Event) -> str:
    again = gettext("、").join(event.facts["reopened"])
    return gettext("%(stages)s重新办理") % {"stages": again} if again else ""


def _new_facts(event: Event) -> str:
    """Which of the office's facts were changed, and from what to what: they settle who must agree."""
    yes_no = {True: gettext("是"), False: gettext("否"), None: gettext("未填")}
    told = []
    for name, (was, is_now) in event.facts["facts"].items():
        field = Document._meta.get_field(name).verbose_name
        change = {"what": gettext(field), "was": yes_no.get(was, was), "now": yes_no.get(is_now, is_now)}
        told.append(gettext("%(what)s由“%(was)s”改为“%(now)s”") % change)
    return gettext("，").join(told)


def _errands(document: Document) -> list[Line]:
    """Who has an open errand with this paper outside its approval, reading aside."""
    items = WorkItem.objects.of(document).filter(done_at=None).exclude(verb="read")
    items = items.exclude(Q(key__startswith="step:") | Q(key__startswith="advice:"))
    by_verb: dict[str, list[WorkItem]] = {}
    for item in items.select_related("assignee__department").order_by("id"):
        by_verb.setdefault(item.verb, []).append(item)
    return [
        Line(
            "now",
            gettext("、").join(item.assignee.name for item in items),
            verb_label(verb),
            items[0].assignee.department.name if len(items) == 1 and items[0].assignee.department else "",
        )
        for verb, items in by_verb.items()
    ]


def _steps_left(document: Document) -> list[str]:
    """The office's own steps after sign-off that are still ahead (条例 第二十五条)."""
    done = [Document.State.RECHECKED, Document.State.NUMBERED, Document.State.SEALED, Document.State.DISTRIBUTED]
    passed = done.index(document.state) + 1 if document.state in done else 0
    waiting_now = document.state == Document.State.SIGNED or passed
    return [str(label) for _verb_of_it, label in AFTER_SIGN_OFF[passed + bool(waiting_now) :]]
