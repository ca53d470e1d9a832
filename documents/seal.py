"""用印: the seal goes on a numbered paper whose proof has been measured, and the original is printed with it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from documents.keeping import disclosure
from documents.models import Document, Rendition
from documents.paper.ending import sealing
from documents.printing import request
from documents.signing import ask
from documents.versions.lock import hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import finish_verb
from officehub.moves import move
from officehub.people.models import Role


def proof_of(document: Document) -> Rendition | None:
    return document.renditions.filter(purpose=Rendition.Purpose.PROOF).first()


def original_of(document: Document) -> Rendition | None:
    return document.renditions.filter(purpose=Rendition.Purpose.ORIGINAL).first()


def apply_seal(document: Document, *, by, now: datetime) -> None:
    """R38: only after sign-off and numbering, on a proof that measures right; the event names who and how many."""
    proof = proof_of(document)
    if proof is None or proof.state != Rendition.State.DONE:
        raise DecisionRefused(["清样还没有排好，请稍候再用印。"])
    if not proof.measured["ok"]:
        wrong = [check["id"] for check in proof.measured["checks"] if not check["ok"]]
        raise DecisionRefused([gettext("清样版式实测不合格（%(checks)s），不能用印。") % {"checks": "、".join(wrong)}])
    with transaction.atomic():
        organs = "、".join(sealing(document.paper()))
        facts = {"seal_of": organs, "copies": document.content.get("print_run", 1), "proof": proof.sha256}
        move(document, "seal", by=by, now=now, facts=facts)
        hold_to_signed(document)
        finish_verb(document, "seal", "已用印", now)
        request(document, Rendition.Purpose.ORIGINAL, now)
        disclosure.open_record(document, now)
        ask(document, "distribute", Role.REGISTRY_CLERK, now, source=document.document_number)
