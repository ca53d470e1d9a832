"""The paper itself: its pages as pictures, its PDF, its attached files."""

from django.core import signing
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from documents import sheets
from documents.models import Attached, Rendition
from documents.seal import original_of, proof_of
from documents.views import fetch
from officehub.audit.record import record
from officehub.files.keep import hand_out

SALT = "documents.sheet"


def addresses(drawn: sheets.Sheets, person) -> list[str]:
    """Where this person, and nobody else, finds the drawn pages."""
    token = signing.dumps([drawn.key, person.pk], salt=SALT)
    return [reverse("documents:sheet", args=[token, number]) for number in range(1, drawn.count + 1)]


@require_GET
def sheet(request, token, number):
    try:
        key, person = signing.loads(token, salt=SALT, max_age=86_400)
    except signing.BadSignature as error:
        raise Http404 from error
    png = sheets.sheet(key, number) if person == request.user.pk else None
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, max-age=3600, immutable"})


def printed(document) -> Rendition | None:
    """The PDF that counts now: the sealed original, or the proof before it."""
    done = [one for one in (original_of(document), proof_of(document)) if one and one.state == Rendition.State.DONE]
    return done[0] if done else None


@require_GET
def pdf(request, pk):
    document = fetch(request, pk)
    rendition = printed(document)
    if rendition is None:
        raise Http404
    record(document, "download", by=request.user, now=timezone.now(), facts={"sha256": rendition.sha256})
    return FileResponse(
        rendition.pdf.open("rb"),
        as_attachment="download" in request.GET,
        filename=f"{document.document_number} {document.title}.pdf",
        content_type="application/pdf",
    )


@require_GET
def attachment(request, pk, attached_pk):
    document = fetch(request, pk)
    attached = get_object_or_404(Attached.objects.exclude(stored=None), document=document, pk=attached_pk)
    record(document, "download", by=request.user, now=timezone.now(), facts={"attachment": attached.title})
    return hand_out(attached.stored)
