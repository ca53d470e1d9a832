"""批复 and 复函 tied to the request they answer, when the request is a paper of our own: found by the number cited."""

from datetime import datetime

from documents.models import Document, ReplyTie
from documents.rules.number import repaired


def request_of(document: Document) -> Document | None:
    """The paper of ours whose number a draft cites as what it answers."""
    number = document.content.get("in_reply_to", "")
    if not number:
        return None
    return Document.objects.filter(document_number=repaired(number)).exclude(pk=document.pk).first()


def tie(document: Document) -> None:
    """Tie a paper that is sent into approval to what it answers, or untie it; in the deed's own transaction."""
    found = request_of(document)
    if found is None:
        ReplyTie.objects.filter(document=document).delete()
    else:
        ReplyTie.objects.update_or_create(document=document, defaults={"request": found})


def tied(document: Document, person, now: datetime) -> dict:
    """What a paper answers and what answers it, as far as this person may see them."""
    answered = request_of(document)
    replies = Document.objects.filter(request_tie__request=document)
    wanted = Document.objects.filter(
        pk__in=[*replies.values_list("pk", flat=True), *([answered.pk] if answered else [])]
    )
    seen = {one.pk: one for one in wanted.visible_to(person, now)}
    return {
        "answers": seen.get(answered.pk) if answered else None,
        "answered_by": [one for pk, one in seen.items() if not (answered and pk == answered.pk)],
    }
