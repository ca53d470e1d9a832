"""Ledgers as Excel: what the list shows, with the same tabs and filters. A long one is written by a job."""

from django.conf import settings
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from officehub.web.views import for_the_office
from officehub.web.workbook import as_excel, long_workbook
from tasks import exporting
from tasks.ledgers import LEDGERS
from tasks.models import LedgerExport


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def export(request, ledger):
    """A short ledger at once; of a long one the way to have it written."""
    now, kept = timezone.now(), LEDGERS[ledger]
    if request.method == "POST":
        return redirect("tasks:export", exporting.order(ledger, request.GET.urlencode(), by=request.user, now=now).pk)
    rows = kept.rows(request.user, request.GET, now)
    if exporting.is_long(rows):
        context = {"label": kept.label, "most": settings.EXPORT_AT_ONCE_ROWS}
        return render(request, "tasks/export_long.html", context)
    return as_excel(name_of(kept.title, now), long_workbook(kept.title, kept.sheet, kept.lines(rows, now)))


def name_of(title: str, now) -> str:
    return f"{title} {timezone.localdate(now):%Y%m%d}导出.xlsx"


def fetch(request, pk: int) -> LedgerExport:
    return get_object_or_404(LedgerExport, pk=pk, by=request.user)


@for_the_office
@require_safe
def export_page(request, pk):
    found = fetch(request, pk)
    template = "tasks/export_progress.html" if request.htmx else "tasks/export.html"
    return render(request, template, {"export": found, "label": LEDGERS[found.ledger].label})


@for_the_office
@require_safe
def export_file(request, pk):
    found = get_object_or_404(LedgerExport, pk=pk, by=request.user, state=LedgerExport.State.DONE)
    answer: FileResponse = as_excel(name_of(LEDGERS[found.ledger].title, found.at), found.file.open("rb"))
    return answer
