"""R12: whose powers a paper touches, what each of them said, and what of it keeps the paper from being signed.

条例 第二十条: 充分协商并达成一致; 第十六条(四): while departments disagree, no paper goes down.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from documents.models import Concern, Consultation, Consulted, Document
from documents.models.consultation import SETTLING
from officehub.approvals.decide import run_of
from officehub.approvals.models import Step, Visit
from officehub.people.models import Department

State, Answer = Consulted.State, Consulted.Answer
CLAUSES = "条例 第十六条(四)、第二十条"


@dataclass(frozen=True)
class Standing:
    """How one concerned department stands: what it said and where; `why` is what still keeps the paper back."""

    concern: Concern
    said: str
    why: str = ""
    disputed: bool = False  # it disagreed when it countersigned: talks are noted beside the concern

    @property
    def is_met(self) -> bool:
        return not self.why


def standings(document: Document) -> list[Standing]:
    """Every concerned department with what it said: a countersignature of this run first, else its last answer."""
    concerns = list(document.concerns.select_related("department"))
    if not concerns:
        return []
    signed, answered = countersigned(document), last_answers(document)
    return [
        _standing(document, one, signed.get(one.department_id), answered.get(one.department_id)) for one in concerns
    ]


def countersigned(document: Document) -> dict[int, Step]:
    """What departments said in the countersigning of this run that stands, by department."""
    run = run_of(document)
    if run is None:
        return {}
    steps = Step.objects.filter(
        run=run, stage__verb="countersign", department__isnull=False, stands=True, state__in=Step.CONSENTS
    ).exclude(visit__state=Visit.State.FELL)
    return {step.department_id: step for step in steps.select_related("department").order_by("id")}


def last_answers(document: Document) -> dict[int, Consulted]:
    """What each department answered last, in any round that was not withdrawn."""
    rows = Consulted.objects.filter(consultation__document=document, department__isnull=False)
    rows = rows.exclude(consultation__state=Consultation.State.WITHDRAWN).select_related("consultation", "department")
    return {row.department_id: row for row in rows.order_by("consultation__number", "id")}


def _standing(document: Document, concern: Concern, step: Step | None, row: Consulted | None) -> Standing:
    if step is not None and step.state == Step.State.AGREED:
        return Standing(concern, gettext("会签：同意"))
    if step is not None:
        why = _disputed(document, concern.department, concern.outcome)
        return Standing(concern, gettext("会签：不同意"), why, disputed=True)
    if row is None:
        return Standing(concern, gettext("未征求意见"), _said(concern, _("既没有会签，也没有征求意见")))
    said = gettext("第%(round)s轮征求意见：%(said)s") % {"round": row.consultation.number, "said": _in_full(row)}
    return Standing(concern, said, _kept_back(document, row))


def words_of(row: Consulted) -> str:
    """What one department said, in words."""
    if row.answer:
        answer = gettext(row.get_answer_display())
        return gettext("%(answer)s（逾期）") % {"answer": answer} if row.late else answer
    return gettext(row.get_state_display())


def _in_full(row: Consulted) -> str:
    """What one department said, and what became of it."""
    became = [gettext(word) for word in (row.get_decision_display(), row.get_outcome_display()) if word]
    return gettext("，").join([words_of(row), *became])


def _kept_back(document: Document, row: Consulted) -> str:
    if row.state == State.SILENT:
        return ""
    if row.state != State.ANSWERED:
        return _said(row, _("还没有答复"))
    if not row.is_settled:
        return _said(row, _("的意见还没有处理"))
    if row.answer == Answer.OBJECT and row.decision != Consulted.Decision.ADOPTED:
        return _disputed(document, row, row.outcome)
    return ""


def _disputed(document: Document, department, outcome: str) -> str:
    """A disagreement must have been talked over; without agreement or a ruling from above nothing goes down."""
    if not outcome:
        return _said(department, _("不同意，须充分协商并记下经过和结果"))
    if outcome not in SETTLING and document.direction == "downward":
        return _said(department, _("不同意，未能协商一致，不得向下行文"))
    return ""


def _said(department, what) -> str:
    line = gettext("%(department)s%(what)s（%(clauses)s）。")
    return line % {"department": department, "what": what, "clauses": CLAUSES}


def unmet(document: Document) -> list[str]:
    """R12: what keeps a paper from being signed, each a sentence naming the department."""
    sentences = [one.why for one in standings(document) if one.why]
    return list(dict.fromkeys([*sentences, *_unsettled(document)]))


def _unsettled(document: Document) -> list[str]:
    """Whoever was asked and said something is answered, concerned by its powers or not."""
    rows = Consulted.objects.filter(consultation__document=document, state=State.ANSWERED)
    rows = rows.exclude(consultation__state=Consultation.State.WITHDRAWN).select_related("department", "consultation")
    answered = list(rows.order_by("consultation__number", "id"))
    last = {(row.department_id, row.unit): row for row in answered}  # what was said since is what counts
    left = [row for row in answered if not row.is_settled or last[row.department_id, row.unit] is row]
    found = [_kept_back(document, row) for row in left]
    return [sentence for sentence in found if sentence]


def foreseen(document: Document, departments: Iterable[int]) -> list[str]:
    """What would keep the paper from being signed though the chosen departments (by id) countersign it."""
    chosen = set(Department.objects.filter(pk__in=list(departments)).values_list("pk", flat=True))
    later = [one.why for one in standings(document) if one.why and one.concern.department_id not in chosen]
    return list(dict.fromkeys([*later, *_unsettled(document)]))
