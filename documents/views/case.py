"""办文全程 and 发文稿纸 of one paper, for those whose business its course is."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from documents.keeping import sheet
from documents.keeping.case import LONG, PARTS, Case
from documents.models import ArchivalItem, DisclosureRecord, Document
from documents.paper.process import RenderFailed
from documents.sheets import READING_SECONDS, reading
from documents.views import fetch, inside
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
    part = request.GET.get("part", "") if request.GET.get("part") in PARTS else ""
    shown = life.shown(part)
    context = {
        "document": document,
        "entries": shown,
        "long": LONG,
        "folds": len(shown) > LONG,
        "part": part,
        "counts": life.counts(),
        "total": len(life.entries),
        "tally": life.tally if document.signed_at else None,
        "record": DisclosureRecord.objects.filter(document=document).first(),
        "item": ArchivalItem.objects.filter(document=document).first(),
    }
    return render(request, "documents/case.html", context)


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
