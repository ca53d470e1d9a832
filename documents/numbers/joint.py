"""R24 (条例 第二十二条): a joint paper is numbered when a responsible person of every issuing organ has agreed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Q

from documents.models import Document
from documents.rules.elsewhere import held_elsewhere
from documents.rules.registry import Finding
from officehub.approvals.decide import run_of
from officehub.approvals.models import Step, Visit
from officehub.people.models import Department, Organ, Person
from officehub.people.models.persons import LEADING


def unsigned(document: Document, today: date) -> list[Finding]:
    """What is missing of organs beside the lead, whose own consent is the sign-off. Who works in this system agrees in
    it; of who does not, the countersignature on paper is recorded as the reason."""
    others = [name for name in document.content.get("issuers", []) if name != document.organ.name]
    if not others:
        return []
    agreed = _spoken_for(document, today)
    missing = {name: aliases for name in others if not (aliases := _aliases(name)) & agreed}
    here = [name for name, aliases in missing.items() if _works_here(aliases)]
    return [*_lacking(here), *_on_paper([name for name in missing if name not in here])]


def foreseen(document: Document, issuers: Sequence[str]) -> list[Finding]:
    """What a joint paper will want before it is numbered, said while it is written: which organs agree here, and of
    which a signature on paper is to be brought."""
    others = [name for name in issuers if name != document.organ.name]
    here = [name for name in others if _works_here(_aliases(name))]
    outside = [name for name in others if name not in here]
    said = [f"{'、'.join(here)}在本系统会签，提交时请选为会签部门"] if here else []
    said += [f"{'、'.join(outside)}不在本系统办文，请取得其负责人的纸质会签，编号时登记"] if outside else []
    message = f"联合行文须由各发文机关负责人会签：{'；'.join(said)}。"
    return [replace(held_elsewhere("R24").finding("issuers", message), severity="info")] if said else []


def units_of(document: Document) -> list[int]:
    """The departments (by id) through which the other organs of a joint paper agree in this system."""
    others = [name for name in document.content.get("issuers", []) if name != document.organ.name]
    names = {alias for name in others for alias in _aliases(name)}
    if not names:
        return []
    rows = Department.objects.filter(name__in=names, is_active=True, parent=None, posts__is_head=True)
    return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def _lacking(names: list[str]) -> list[Finding]:
    if not names:
        return []
    said = "、".join(names)
    message = f"联合行文须各机关负责人会签，发文机关中还缺{said}；请退回拟稿人，选这些机关会签后再编号。"
    return [held_elsewhere("R24").finding("issuers", message)]


def _on_paper(names: list[str]) -> list[Finding]:
    if not names:
        return []
    said = "、".join(names)
    message = f"发文机关中{said}不在本系统办文，须有其负责人的纸质会签：请写明会签人、日期和会签单存放处。"
    return [replace(held_elsewhere("R24").finding("issuers", message), severity="override")]


def _works_here(aliases: set[str]) -> bool:
    units = Department.objects.filter(is_active=True, name__in=aliases, people__is_active=True)
    organs = Q(department__organ__name__in=aliases) | Q(department__organ__short_name__in=aliases)
    return units.exists() or Person.objects.filter(organs, is_active=True, role_holdings__role__in=LEADING).exists()


def _aliases(name: str) -> set[str]:
    """The organ's full and short names; a subordinate unit works in this system under either."""
    named = Organ.objects.filter(Q(name=name) | Q(short_name=name)).values_list("name", "short_name").first()
    return {name, *(named or ())}


def _spoken_for(document: Document, today: date) -> set[str]:
    """The names of organs and units for which a responsible person agreed, in consents that stand."""
    run = run_of(document)
    steps = Step.objects.filter(run=run, state=Step.State.AGREED, stands=True, visit__state=Visit.State.PASSED)
    steps = steps.exclude(origin=Step.Origin.ADDED).exclude(manner=Step.Manner.SILENT)  # silence signs nothing
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
