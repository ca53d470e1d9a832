"""R24 (条例 第二十二条): a joint paper is numbered when a responsible person of every issuing organ has agreed."""

from datetime import date

from django.db.models import Q

from documents.models import Document
from documents.rules.elsewhere import held_elsewhere
from documents.rules.registry import Finding
from officehub.approvals.decide import run_of
from officehub.approvals.models import Step, Visit
from officehub.people.models import Organ
from officehub.people.models.persons import LEADING


def unsigned(document: Document, today: date) -> list[Finding]:
    """One finding when organs beside the lead have not countersigned; the lead's own consent is the sign-off."""
    others = [name for name in document.content.get("issuers", []) if name != document.organ.name]
    if not others:
        return []
    agreed = _spoken_for(document, today)
    missing = [name for name in others if not _aliases(name) & agreed]
    if not missing:
        return []
    message = f"联合行文须各机关负责人会签，发文机关中还缺{'、'.join(missing)}；请退回拟稿人，选这些机关会签后再编号。"
    return [held_elsewhere("R24").finding("issuers", message)]


def _aliases(name: str) -> set[str]:
    """The organ's full and short names; a subordinate unit works in this system under either."""
    named = Organ.objects.filter(Q(name=name) | Q(short_name=name)).values_list("name", "short_name").first()
    return {name, *(named or ())}


def _spoken_for(document: Document, today: date) -> set[str]:
    """The names of organs and units for which a responsible person agreed, in consents that stand."""
    run = run_of(document)
    steps = Step.objects.filter(run=run, state=Step.State.AGREED, stands=True, visit__state=Visit.State.PASSED)
    steps = steps.exclude(origin=Step.Origin.ADDED)
    found: set[str] = set()
    for step in steps.select_related("approver__department__organ", "acting_for__department__organ", "department"):
        found |= _names(step, today)
    return found


def _names(step: Step, today: date) -> set[str]:
    """A unit is spoken for by its head (or by its own route), an organ by its leaders."""
    person = step.acting_for or step.approver
    unit, names = step.department or person.department, set()
    if unit and (step.manner == Step.Manner.INSIDE or unit.heads(today).filter(pk=person.pk).exists()):
        names.add(unit.name)
    if person.department and person.has_role(*LEADING):
        names |= {person.department.organ.name, person.department.organ.short_name}
    return names
