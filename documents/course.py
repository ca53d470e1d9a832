"""办理过程: what was done to a paper so far, where it is now, and what is still to come, as lines of one list."""

from dataclasses import dataclass
from datetime import datetime

from documents.models import Document
from officehub.approvals.models import Run, Step
from officehub.approvals.plan import stages_that_apply
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


def course_of(document: Document, run: Run | None, now: datetime) -> list[Line]:
    """Oldest first: the draft, every opinion of every round, the office's deeds, who has it now, what is to come."""
    drafted = Line("done", document.drafter.name, "拟稿", document.department.name, document.created_at)
    past = sorted(_opinions(run) + _deeds(document), key=lambda line: line.at)
    return [drafted, *past, *_now(document), *_to_come(document, run, now)]


def _opinions(run: Run | None) -> list[Line]:
    if run is None:
        return []
    decided = run.steps.filter(decided_at__isnull=False).select_related("stage", "approver__department", "acting_for")
    return [
        Line(
            "returned" if step.state == Step.State.RETURNED else "done",
            step.approver.name,
            step.stage.name + ("退回" if step.state == Step.State.RETURNED else ""),
            step.approver.department.name if step.approver.department else "",
            step.decided_at,
            step.opinion,
            "与上一环节同一人，免签" if step.merged else f"第{step.round}轮" if run.round > 1 else "",
            step.acting_for.name if step.acting_for else "",
        )
        for step in decided
    ]


def _deeds(document: Document) -> list[Line]:
    events = events_of(document).filter(verb__in=DEEDS).select_related("actor__department").order_by("seq")
    return [_deed(event) for event in events]


def _deed(event: Event) -> Line:
    return Line(
        "returned" if event.verb in ("recheck_return", "void_number") else "done",
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
    **dict(AFTER_SIGN_OFF),
}


def _to_come(document: Document, run: Run | None, now: datetime) -> list[Line]:
    if run is None or document.state in (Document.State.ARCHIVED, *Document.EDITABLE):
        return []
    return [Line("waiting", name, "") for name in _stages_left(document, run, now) + _steps_left(document)]


def _stages_left(document: Document, run: Run, now: datetime) -> list[str]:
    if run.state != Run.State.RUNNING:
        return []
    reached = run.steps.filter(round=run.round).order_by("-stage__order").values_list("stage__order", flat=True).first()
    stages = stages_that_apply(run.version, document, run.chosen["departments"], now)
    return [stage.name for stage in stages if stage.order > (reached or 0)]


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
