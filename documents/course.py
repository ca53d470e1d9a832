"""办理过程: what was done to a paper so far, where it is now, and what is still to come, as lines of one list."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from documents.models import Document
from officehub.approvals.models import Advice, OpinionFile, Run, Step, Visit
from officehub.approvals.plan import stages_ahead
from officehub.audit.models import Event
from officehub.inbox.models import WorkItem
from officehub.moves import events_of

DEEDS = {
    "recheck": "复核",
    "recheck_return": "复核退回",
    "number": "编号",
    "void_number": "号码作废，退回",
    "printed": "排版",
    "seal": "用印",
    "distribute": "分发",
    "delivered": "送达",
    "archive": "归档",
    "take_back": "拿回",
    "terminate": "终止",
    "approval.suspended": "中止",
    "approval.resumed": "恢复",
    "approval.chased": "催办",
    "approval.signers_added": "加签",
    "approval.signer_removed": "减签",
}
AFTER_SIGN_OFF = [
    ("recheck", "复核"),
    ("number", "编号"),
    ("seal", "用印"),
    ("distribute", "分发"),
    ("archive", "归档"),
]


@dataclass(frozen=True)
class Line:
    """One line of the course; `state` is done, now, returned or waiting."""

    state: str
    who: str
    verb: str
    place: str = ""
    at: datetime | None = None
    opinion: str = ""
    note: str = ""
    acting_for: str = ""
    signed: bool = False
    files: tuple[OpinionFile, ...] = ()


def course_of(document: Document, run: Run | None, now: datetime) -> list[Line]:
    """Oldest first: the draft, every opinion of every round, the office's deeds, who has it now, what is to come."""
    drafted = Line("done", document.drafter.name, "拟稿", document.department.name, document.created_at)
    past = sorted(_opinions(run) + _deeds(document), key=lambda line: line.at)
    return [drafted, *past, *_now(document), *_to_come(document, run, now)]


OUTCOMES = {
    Step.State.RETURNED: "退回",
    Step.State.DISAGREED: "不同意",
    Step.State.TRANSFERRED: "转办",
    Step.State.TAKEN_BACK: "（已拿回）",
}


def _opinions(run: Run | None) -> list[Line]:
    """What everybody said, of every round, in departments' own runs too; with the advice that was given."""
    if run is None:
        return []
    of_it = Q(run=run) | Q(run__parent__run=run)
    decided = Step.objects.filter(of_it, decided_at__isnull=False).order_by("id")
    people = ("stage", "visit", "approver__department", "acting_for", "department", "run__department")
    said = [_opinion(step, run) for step in decided.select_related(*people).prefetch_related("files__stored")]
    answered = Advice.objects.filter(of_it, state=Advice.State.ANSWERED).order_by("id")
    return said + [_answer(advice) for advice in answered.select_related("adviser__department")]


def _opinion(step: Step, run: Run) -> Line:
    place = step.department or step.run.department or step.approver.department
    who = "" if step.manner == Step.Manner.SILENT else step.approver.name
    return Line(
        "returned" if step.state in (Step.State.RETURNED, Step.State.DISAGREED) else "done",
        who or (place.name if place else ""),
        step.stage.name + OUTCOMES.get(step.state, ""),
        place.name if place and who else "",
        step.decided_at,
        step.opinion,
        "，".join(_notes_on(step, run)),
        step.acting_for.name if step.acting_for else "",
        signed=step.manner in (Step.Manner.WRITTEN, Step.Manner.CIRCLED),
        files=tuple(step.files.all()),
    )


def _notes_on(step: Step, run: Run) -> list[str]:
    """What must be known of an opinion beside its words."""
    notes = [] if step.manner == Step.Manner.WRITTEN else [step.get_manner_display()]
    if step.origin == Step.Origin.ADDED:
        notes.append("加签")
    if run.round > 1:
        notes.append(f"第{step.round}轮")
    if step.state in Step.CONSENTS and (not step.stands or step.visit.state == Visit.State.FELL):
        notes.append("已重新办理，不计入本次审批")
    return notes


def _answer(advice: Advice) -> Line:
    department = advice.adviser.department
    return Line(
        "done",
        advice.adviser.name,
        "协办意见" if advice.sort == Advice.Sort.ASSIST else "征求意见答复",
        department.name if department else "",
        advice.answered_at,
        advice.answer,
        signed=True,
    )


def _deeds(document: Document) -> list[Line]:
    events = events_of(document).filter(verb__in=DEEDS).select_related("actor__department").order_by("seq")
    return [_deed(event) for event in events]


BACKWARDS = ("recheck_return", "void_number", "terminate", "take_back")


def _deed(event: Event) -> Line:
    return Line(
        "returned" if event.verb in BACKWARDS else "done",
        event.actor.name if event.actor else "系统",
        DEEDS[event.verb],
        event.actor.department.name if event.actor and event.actor.department else "",
        event.at,
        event.facts.get("reason", ""),
        _note(event),
    )


def _note(event: Event) -> str:
    match event.verb:
        case "number":
            return event.facts["document_number"]
        case "printed":
            right = "版式实测合格" if event.facts["measured_ok"] else "版式实测不合格"
            return f"{'正本' if event.facts['purpose'] == 'original' else '清样'}，{right}"
        case "delivered":
            return f"{event.facts['readers']} 人"
        case "approval.chased" | "approval.signers_added":
            return "、".join(event.facts["people"])
        case "approval.signer_removed":
            return event.facts["person"]
    return ""


def _now(document: Document) -> list[Line]:
    """Who has an open errand with this paper, reading aside."""
    items = WorkItem.objects.of(document).filter(done_at=None).exclude(verb="read")
    by_verb: dict[str, list[WorkItem]] = {}
    for item in items.select_related("assignee__department", "acting_for").order_by("id"):
        by_verb.setdefault(item.verb, []).append(item)
    return [
        Line(
            "now",
            "、".join(item.assignee.name for item in items),
            VERBS.get(verb, verb),
            items[0].assignee.department.name if len(items) == 1 and items[0].assignee.department else "",
            acting_for="、".join(item.acting_for.name for item in items if item.acting_for),
        )
        for verb, items in by_verb.items()
    ]


VERBS = {
    "review": "审核",
    "countersign": "会签",
    "vet": "核稿",
    "sign_off": "签发",
    "revise": "修改",
    "advise": "答复意见",
    **dict(AFTER_SIGN_OFF),
}


def _to_come(document: Document, run: Run | None, now: datetime) -> list[Line]:
    if run is None or document.state in (Document.State.ARCHIVED, Document.State.TERMINATED, *Document.EDITABLE):
        return []
    return [Line("waiting", name, "") for name in _stages_left(document, run, now) + _steps_left(document)]


def _stages_left(document: Document, run: Run, now: datetime) -> list[str]:
    if run.state not in (Run.State.RUNNING, Run.State.SUSPENDED):
        return []
    return [stage.name for stage in stages_ahead(run, document, now)]


def _steps_left(document: Document) -> list[str]:
    """The office's own steps after sign-off that are still ahead (条例 第二十五条)."""
    done = [Document.State.RECHECKED, Document.State.NUMBERED, Document.State.SEALED, Document.State.DISTRIBUTED]
    passed = done.index(document.state) + 1 if document.state in done else 0
    waiting_now = document.state == Document.State.SIGNED or passed
    return [label for _, label in AFTER_SIGN_OFF[passed + bool(waiting_now) :]]


def what_next(document: Document, run: Run | None, step: Step | None, now: datetime) -> str:
    """What happens when this person agrees, in one sentence."""
    if step is None:
        return ""
    ahead = [line.who for line in _to_come(document, run, now)]
    return "同意后 → " + " → ".join(ahead) if ahead else ""
