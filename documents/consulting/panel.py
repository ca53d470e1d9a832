"""What stands beside a paper of 征求意见, of the papers it answers and of the one it transmits."""

from datetime import datetime

from documents.consulting import concerns, replies, rounds
from documents.consulting.summary import summary
from documents.models import Document, Incoming, Transmission
from officehub.approvals.models import Step


def beside(document: Document, person, step: Step | None, *, insider: bool, now: datetime) -> dict:
    """For everybody what it answers and transmits, as far as they may see it; the rest for whose business its course
    is."""
    shown = {
        "tie": replies.tied(document, person, now),
        "question": _question(document, person, now),
        "transmits": _transmits(document, person, now),
    }
    if not insider:
        return shown
    found = summary(document)
    return {
        **shown,
        "consultations": found,
        "standings": concerns.standings(document),
        "may_consult": rounds.may_open(document, person, step),
    }


def _question(document: Document, person, now: datetime) -> Incoming | None:
    """The paper received that this one answers, for who may see it."""
    if not document.answers_id:
        return None
    return Incoming.objects.filter(pk=document.answers_id).visible_to(person, now).first()


def _transmits(document: Document, person, now: datetime) -> Transmission | None:
    kept = Transmission.objects.filter(document=document).select_related("source").first()
    if kept and kept.source_id:
        kept.opens = Document.objects.filter(pk=kept.source_id).visible_to(person, now).exists()
    return kept
