"""What the drafter makes of every opinion: adopted, in part, or not, and why; and what came of talks (协商)."""

from datetime import datetime

from django.db import transaction

from documents.consulting.rounds import may_see_to
from documents.models import Concern, Consulted, Document, Outcome
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import TooLate
from officehub.people.models import Department

Decision = Consulted.Decision


def settle(
    consulted: Consulted,
    *,
    by,
    now: datetime,
    decision: str,
    explanation: str = "",
    talks: str = "",
    outcome: str = "",
) -> None:
    """Settle one opinion, or settle it anew; the paper's history keeps what was said before.

    Raises DecisionRefused while something is missing, TooLate once the paper is signed.
    """
    sentences = _lacking(consulted, decision, explanation, talks, outcome)
    if sentences:
        raise DecisionRefused(sentences)
    with transaction.atomic():
        sent = consulted.consultation
        document = Document.objects.select_for_update(no_key=True).get(pk=sent.document_id)
        if not may_see_to(document, by, sent.by_id):
            raise TooLate(document, "settle")
        kept = {"decision": decision, "explanation": explanation, "talks": talks, "outcome": outcome}
        answered = Consulted.objects.filter(pk=consulted.pk, answer__in=Consulted.OPINIONS)
        if not answered.update(**kept, settled_at=now, settled_by=by):
            raise TooLate(consulted, "settle")
        facts = {"round": sent.number, "unit": str(consulted), **kept}
        record(document, "consult_settled", by=by, now=now, facts=facts)
    consulted.refresh_from_db()


def _lacking(consulted: Consulted, decision: str, explanation: str, talks: str, outcome: str) -> list[str]:
    sentences = []
    if not consulted.is_opinion:
        sentences.append("没有需要处理的意见。")
    if decision != Decision.ADOPTED and not explanation.strip():
        sentences.append("未全部采纳的，须作出说明。")
    disputed = consulted.answer == Consulted.Answer.OBJECT and decision != Decision.ADOPTED
    if disputed and not (talks.strip() and outcome):
        sentences.append("对方不同意而未全部采纳的，须充分协商，写明协商经过和结果（条例 第二十条）。")
    if outcome and not talks.strip():
        sentences.append("写了协商结果的，须写明协商经过。")
    return list(dict.fromkeys(sentences))


def state_concerns(document: Document, departments: list[Department], *, by, now: datetime) -> None:
    """涉及其他部门职权 (R12): exactly these departments, as the drafter says while writing."""
    with transaction.atomic():
        held = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        if held.state not in Document.EDITABLE or held.drafter_id != by.pk:
            raise TooLate(held, "save")
        wanted = {one.pk: one for one in departments}
        before = {one.department_id: one for one in held.concerns.select_related("department")}
        if set(before) == set(wanted):
            return
        held.concerns.exclude(department__in=wanted).delete()
        Concern.objects.bulk_create(
            [Concern(document=held, department=one, by=by, at=now) for pk, one in wanted.items() if pk not in before]
        )
        facts = {"people": [one.name for one in departments]}
        record(held, "concerns", by=by, now=now, facts=facts)


def note_talks(concern: Concern, *, by, now: datetime, talks: str, outcome: str) -> None:
    """协商 with a department that disagreed when it countersigned: how it went and how it ended."""
    if not talks.strip() or outcome not in Outcome.values:
        raise DecisionRefused(["请写明协商经过和结果（条例 第二十条）。"])
    with transaction.atomic():
        document = Document.objects.select_for_update(no_key=True).get(pk=concern.document_id)
        if not may_see_to(document, by):
            raise TooLate(document, "settle")
        Concern.objects.filter(pk=concern.pk).update(talks=talks, outcome=outcome)
        facts = {"unit": str(concern), "talks": talks, "outcome": outcome}
        record(document, "concern_talks", by=by, now=now, facts=facts)
