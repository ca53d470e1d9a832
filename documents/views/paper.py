"""The paper itself: its pages as pictures, its PDF, its attached files."""

import io

from django.core import signing
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents import pictures, sheets
from documents.annulling.stamp import words_of
from documents.interchange import Paper
from documents.models import Attached, Rendition
from documents.paper.process import Busy, RenderFailed
from documents.seal import original_of, proof_of
from documents.sending import copies
from documents.views import fetch, inside
from officehub.audit.record import record
from officehub.files.keep import hand_out

SALT = "documents.sheet"
PREVIEWED = 3  # pages shown of what is being typed


def addresses(drawn: sheets.Sheets, person, document, most: int | None = None) -> list[str]:
    """Where this person, and nobody else, finds the drawn pages as long as they may see the paper."""
    token = signing.dumps([drawn.key, person.pk, document.pk], salt=SALT)
    count = drawn.count if most is None else min(most, drawn.count)
    return [reverse("documents:sheet", args=[token, number]) for number in range(1, count + 1)]


def preview(request, document, paper: Paper) -> dict:
    """The first pages of what is being typed, or all of them when asked for; else why they are not shown."""
    asked = "draw" in request.POST
    if not asked and sheets.too_long_to_draw_live(paper):
        return {"withheld": _("文稿较长，点“看版式”再排。")}
    images = pictures.held(document, paper)
    try:
        drawn = sheets.draw(paper, sheets.DRAFT, images) if asked else sheets.draw_live(paper, images)
    except RenderFailed as error:
        return {"failed": str(error)} if asked and not isinstance(error, Busy) else {"withheld": str(error)}
    most = None if asked else PREVIEWED
    shown = addresses(drawn, request.user, document, most)
    more = _("预览前 %(shown)s 页，共 %(count)s 页。") % {"shown": PREVIEWED, "count": drawn.count}
    return {"sheets": shown, "withheld": more if len(shown) < drawn.count else ""}


@require_safe
def sheet(request, token, number):
    try:
        key, person, pk = signing.loads(token, salt=SALT, max_age=86_400)
    except (signing.BadSignature, ValueError) as error:
        raise Http404 from error
    if person != request.user.pk:
        raise Http404
    fetch(request, pk)  # who may no longer see the paper sees none of its pages
    try:
        png = sheets.sheet(key, number, sheets.PRINT_DPI if "fine" in request.GET else sheets.SCREEN_DPI)
    except Busy as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, no-store"})


def printed(document) -> Rendition | None:
    """The PDF that counts now: the sealed original, or the proof before it."""
    done = [one for one in (original_of(document), proof_of(document)) if one and one.state == Rendition.State.DONE]
    return done[0] if done else None


@require_safe
def pdf(request, pk):
    document = fetch(request, pk)
    if not inside(request, document) and (mine := copies.copy_of(document, request.user)):
        return redirect("documents:copy_pdf", document.pk, mine.pk)
    rendition = printed(document)
    if rendition is None:
        raise Http404
    stamp = words_of(document, timezone.localdate())
    try:
        pdf = io.BytesIO(sheets.pdf_of(rendition, stamp)) if stamp else rendition.pdf.open("rb")
    except Busy as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    note_download(request, document, {"sha256": rendition.sha256, **({"stamp": stamp[0]} if stamp else {})})
    return FileResponse(
        pdf,
        as_attachment="download" in request.GET,
        filename=f"{document.document_number} {document.title}.pdf",
        content_type="application/pdf",
    )


@require_safe
def attachment(request, pk, attached_pk):
    document = fetch(request, pk)
    attached = get_object_or_404(Attached.objects.exclude(stored=None), document=document, pk=attached_pk)
    note_download(request, document, {"attachment": attached.title})
    return hand_out(attached.stored)


def note_download(request, document, facts: dict) -> None:
    with transaction.atomic():
        record(document, "download", by=request.user, now=timezone.now(), facts=facts)
