"""办文全程 of one paper, out or in, and 发文稿纸, for those whose business its course is."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from documents.keeping import sheet
from documents.keeping.case import Case, told_on_page
from documents.keeping.case_in import IncomingCase
from documents.keeping.intake import reply_of
from documents.models import ArchivalItem, DisclosureRecord, Document, LeftOut
from documents.paper.process import RenderFailed
from documents.sheets import READING_SECONDS, reading
from documents.views import fetch, inside
from documents.views.incoming import fetch as fetch_incoming
from documents.views.paper import note_download
from officehub.approvals.decide import run_of


def inside_paper(request, pk: int) -> Document:
    """A paper whose course is this person's business; whoever was only sent it gets 404."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    return document


@require_safe
def case(request, pk):
    """The whole life of the paper; a part of it when one is asked for. Printed it is whole, on the screen it folds."""
    document = inside_paper(request, pk)
    life = Case(document, run_of(document), timezone.now())
    context = {
        "document": document,
        **told_on_page(life, request.GET.get("part", ""), request.GET.get("from", "")),
        "tally": life.tally if document.signed_at else None,
        "record": DisclosureRecord.objects.filter(document=document).first(),
        "item": ArchivalItem.objects.filter(document=document).first(),
    }
    return render(request, "documents/case.html", context)


@require_safe
def incoming_case(request, pk):
    """The same of a paper in, for whoever may see it: they see its course on its own page too."""
    incoming = fetch_incoming(request, pk)
    life = IncomingCase(incoming, timezone.now())
    context = {
        "incoming": incoming,
        **told_on_page(life, request.GET.get("part", ""), request.GET.get("from", "")),
        "reply": reply_of(incoming),
        "item": ArchivalItem.objects.filter(incoming=incoming).first(),
        "left_out": LeftOut.objects.filter(incoming=incoming).first(),
    }
    return render(request, "documents/incoming/case.html", context)


@require_safe
def dispatch_sheet(request, pk):
    """发文稿纸 as it stands now, to be printed."""
    document = inside_paper(request, pk)
    item = ArchivalItem.objects.filter(document=document).first()
    try:
        pdf = sheet.dispatch_sheet(document, timezone.now(), item, at=reading, seconds=READING_SECONDS)
    except RenderFailed as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    note_download(request, document, {"sheet": "发文稿纸"})
    name = f"发文稿纸 {document.document_number or document.title}.pdf"
    headers = {"Content-Disposition": content_disposition_header(False, name)}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
