"""What stands beside a paper for one person: the step they have, what they may do with it, and what they may see to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from documents.consulting import gates
from documents.decision_forms import AgreeForm, AnswerForm, HaltForm
from documents.deeds import DEEDS, menu_of
from documents.models import Document
from documents.signing import same_hands
from officehub.approvals import halt, phrases
from officehub.approvals.models import Advice, Permit, Run, Stage, Step, Visit
from officehub.approvals.standing import counted
from officehub.approvals.take_back import may_take_back
from officehub.moves import events_of
from officehub.notifications.receipts import chases
from officehub.people.models import Role

AGREE_LABELS = {
    "vet": _("核稿通过"),
    "sign_off": _("同意并签发"),
    "legality": _("提出审核意见"),
    "fair_competition": _("提出审查意见"),
}
DISSENT = {
    Stage.Dissent.RETURN: _("本环节的不同意见使此件退回拟稿人。"),
    Stage.Dissent.RECORD: _("不同意见记录在案，此件继续办理。"),
}
SEEING_TO = (*halt.OVERSEEING, Role.SUPERVISOR)
WITH_STEP = ("stage", "visit", "approver", "acting_for", "run__parent__run", "run__version")
ALIVE = (Run.State.RUNNING, Run.State.SUSPENDED)


@dataclass(frozen=True)
class Refused:
    """A deed that was not done: its name, its form with what was typed, and why, in sentences."""

    name: str
    form: Any = None
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True)
class Dialog:
    """A deed in a dialog of its own; `id` is the dialog's, `open` when it was refused just now."""

    name: str
    id: str
    label: Any
    form: Any
    line: Any
    open: bool
    trouble: tuple[str, ...] = ()


def of_run(run: Run | None) -> Q:
    """What belongs to a run or to the departments' runs inside it; nothing when there is no run."""
    return Q(run=run) | Q(run__parent__run=run) if run else Q(pk__in=[])


# --- my step ----------------------------------------------------------------------------------------------------


def held(document: Document, run: Run | None, person) -> Step | None:
    """The step this person has to do with now: an open one first, else one that waits or is in an assistant's hands."""
    if run is None or run.state != Run.State.RUNNING:
        return None
    theirs = Step.objects.filter(of_run(run), approver=person, run__state=Run.State.RUNNING)
    having = (Step.State.OPEN, Step.State.ASSISTED, Step.State.WAITING)
    found = list(theirs.filter(state__in=having).select_related(*WITH_STEP).order_by("id"))
    step = min(found, key=lambda one: (having.index(one.state), one.pk), default=None)
    return with_others(step, document) if step else None


def with_others(step: Step, document: Document) -> Step:
    """The step with its subject, everybody in its visit, and whom its person may take off (减签)."""
    step.run.subject = document
    step.together = list(step.visit.steps.select_related("approver", "department").order_by("id"))
    others = [one for one in counted(step.together) if one.state in Step.PENDING and one.pk != step.pk]
    step.removable = [one for one in others if _mine_to_remove(step, one)]
    return step


def _mine_to_remove(step: Step, other: Step) -> bool:
    own = other.origin == Step.Origin.ADDED and other.from_step_id == step.pk
    return own or step.stage.permits_to(Permit.REMOVE)


def waits_for(step: Step) -> list[Step]:
    """Whoever decides before a waiting step, the first of them first."""
    by_id, before, at = {one.pk: one for one in step.together}, [], step.blocked_by_id
    while at in by_id and by_id[at].state in Step.PENDING:
        before.insert(0, by_id[at])
        at = by_id[at].blocked_by_id
    return before


def decision(document: Document, step: Step | None, person, refused: Refused | None, typed: str, now: datetime) -> dict:
    """Everything the card of one's own step needs. `typed` is the opinion written before another deed was refused."""
    if step is None:
        return {}
    advice = list(step.advice.filter(state=Advice.State.OPEN).select_related("adviser").order_by("id"))
    if step.state != Step.State.OPEN:
        names = ["remove"] if step.removable else []
        return {
            "step": step, "waits_for": waits_for(step), "asked_by_me": advice,
            "dialogs": dialogs(step, names, "", refused),
        }  # fmt: skip
    seen, menu = document.approval_hash(), menu_of(step)
    form = refused.form if refused and refused.name in ("agree", "circle") else None
    form = form or AgreeForm(step=step, name="agree", seen=seen)
    form.initial.setdefault("opinion", typed)
    back = ["return"] if step.stage.permits_to(Permit.RETURN) else []
    return {
        "step": step,
        "form": form,
        "agree_label": _("同意") if step.origin == Step.Origin.ADDED else AGREE_LABELS.get(step.stage.verb, _("同意")),
        "phrases": phrases.phrases_of(person),
        "may_circle": step.stage.permits_to(Permit.CIRCLE),
        "may_amend": step.stage.permits_to(Permit.EDIT),
        "may_return": bool(back),
        **_apart(document, step, person),
        **_hasty(step, now),
        "asked_by_me": advice,
        "dialogs": dialogs(step, [*back, *menu], seen, refused),
        "menu": [(f"deed-{name}", DEEDS[name].label) for name in menu],
    }


def _hasty(step: Step, now: datetime) -> dict:
    """Whether a review would be concluded sooner than it usually may be, and after how many working days."""
    taken = gates.days_taken(step, now) if gates.is_hasty(step, now) else None
    return {"hasty": taken, "least_days": settings.LEGALITY_MIN_WORKING_DAYS}


def _apart(document: Document, step: Step, person) -> dict:
    """R30: which duties would fall to one person here, and whether a reason suffices (override) or not (block)."""
    what = same_hands(document, step, person) if settings.FOUR_EYES != "off" else ""
    said = gettext(what) if what else ""
    return {"blocked": said} if settings.FOUR_EYES == "block" else {"apart": said}


def dialogs(step: Step, names: list[str], seen: str, refused: Refused | None) -> list[Dialog]:
    """The dialogs of these deeds; the one refused just now with what was typed in it."""
    found = []
    for name in names:
        deed, again = DEEDS[name], refused if refused and refused.name == name else None
        form = again.form if again and again.form else deed.form(step=step, name=name, seen=seen)
        line = DISSENT[step.stage.dissent] if name == "disagree" else deed.line
        place = "back" if name == "return" else f"deed-{name}"
        found.append(Dialog(name, place, deed.label, form, line, bool(again), again.trouble if again else ()))
    return found


# --- what others ask, and what may be taken back ------------------------------------------------------------------


def asked_of_me(document: Document, run: Run | None, person, refused: Refused | None) -> dict:
    """The opinion this person was asked for beside the course, with the form to give it."""
    if run is None or run.state != Run.State.RUNNING:
        return {}
    asked = Advice.objects.filter(of_run(run), adviser=person, state=Advice.State.OPEN)
    advice = asked.select_related("step__approver__department", "step__stage").order_by("id").first()
    if advice is None:
        return {}
    again = refused.form if refused and refused.name == "answer" else None
    form = again or AnswerForm(initial={"seen": document.approval_hash()})
    return {"advice": advice, "answer_form": form}


def to_take_back(document: Document, run: Run | None, person) -> dict:
    return {"take_back": may_take_back(document, person)} if run else {}


# --- seeing to the run ----------------------------------------------------------------------------------------------


def oversight(document: Document, run: Run | None, person, refused: Refused | None) -> dict:
    """For its drafter and who runs the office: who has the paper since when, and what may be done about it."""
    if run is None or run.state not in ALIVE or not _sees_to(document, person):
        return {}
    oversees = halt.oversees(document, person)
    if not oversees and not halt.chases(document, person):
        return {}
    names = (["suspend"] if run.state == Run.State.RUNNING else []) + ["terminate"] if oversees else []
    chased = events_of(document).filter(verb="approval.chased").select_related("actor").order_by("-seq").first()
    return {
        "oversight": run,
        "has_it": has_it(run),
        "chased": chased,
        "chases": chases(document) if chased else [],
        "may_resume": oversees and run.state == Run.State.SUSPENDED,
        "halts": [_halt(name, refused) for name in names],
    }


def _sees_to(document: Document, person) -> bool:
    """Cheaply, whether it is worth asking who oversees the paper."""
    return document.drafter_id == person.pk or person.has_role(*SEEING_TO)


HALTS = {
    "suspend": (_("中止"), _("中止期间谁都不能办理，也不计时限，可以随时恢复。")),
    "terminate": (_("终止"), _("终止后此件不再办理，不能恢复。确定要终止吗？")),
}


def _halt(name: str, refused: Refused | None) -> Dialog:
    again = refused if refused and refused.name == f"halt-{name}" else None
    label, line = HALTS[name]
    form = again.form if again and again.form else HaltForm(name=f"halt-{name}")
    return Dialog(name, f"halt-{name}", label, form, line, bool(again), again.trouble if again else ())


@dataclass(frozen=True)
class Having:
    """Somebody who has the paper: what for, since when, by when."""

    who: str
    what: str
    since: datetime
    due_at: datetime
    provisional: bool


def has_it(run: Run) -> list[Having]:
    """Whoever has an open step or was asked for advice, longest first."""
    steps = Step.objects.filter(of_run(run), state=Step.State.OPEN, visit__state=Visit.State.OPEN)
    having = [
        Having(step.approver.name, step.stage.name, step.opened_at, step.due_at, step.due_provisional)
        for step in steps.select_related("approver", "stage")
    ]
    asked = Advice.objects.filter(of_run(run), state=Advice.State.OPEN).select_related("adviser")
    having += [
        Having(
            one.adviser.name, pgettext("done", one.get_sort_display()), one.asked_at, one.due_at, one.due_provisional
        )
        for one in asked
    ]
    return sorted(having, key=lambda one: one.since)
