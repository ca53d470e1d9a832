"""Lists: my papers, the register of numbers given, who has read, and the rules a paper is held to."""

from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from documents import receive
from documents.interchange import KINDS
from documents.models import Document, NumberEntry, NumberYear
from documents.rules import catalogue
from documents.views import fetch
from officehub.people.grants import on_visible
from officehub.web.listing import newest_first, visible

COLUMNS = ["发文字号", "标题", "文种", "拟稿部门", "签发人", "成文日期", "状态"]
EXPORT_AT_MOST = 20_000


@require_GET
def papers(request):
    """What I may see, newest first; or only what I drafted."""
    now, cursor = timezone.now(), request.GET.get("after", "")
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    mine = request.GET.get("tab") == "mine"
    shown = Document.objects.select_related("department", "drafter")
    if mine:
        drafts = shown.filter(drafter=request.user, **({"kind": kind} if kind else {}))
        page = newest_first(drafts, "sort_at", cursor)
    else:
        page = visible(Document, request.user, now, shown.in_bulk, cursor=cursor, kind=kind)
    context = {
        "page": page,
        "kinds": KINDS,
        "kind": kind,
        "mine": mine,
        "query": f"tab={'mine' if mine else 'all'}&" + (f"kind={kind}&" if kind else ""),
        "now": now,
    }
    return render(request, "documents/list.html", context)


def entries(person, year: str, now):
    """The numbers given to papers this person may see; of one year, when `year` is one."""
    rows = NumberEntry.objects.all()
    if year.isdecimal() and len(year) == 4:
        rows = rows.filter(year=int(year))
    rows = on_visible(rows, "document", person, now)
    rows = rows.select_related("document__department", "document__signed_by")
    return rows.prefetch_related("series")  # joined, the planner of SQLite would begin with it and sort every number


@require_GET
def register(request):
    year = request.GET.get("year", "")
    page = newest_first(entries(request.user, year, timezone.now()), "at", request.GET.get("after", ""))
    years = list(NumberYear.objects.order_by("-year").values_list("year", flat=True).distinct()[:10])
    context = {"page": page, "years": years, "year": year, "columns": COLUMNS, "query": f"year={year}&" if year else ""}
    return render(request, "documents/register.html", context)


@require_GET
def export_register(request):
    """The register as Excel; every cell is text, so no content becomes a formula."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet("发文登记簿"), book.add_format({"bold": True})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 60)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
    rows = entries(request.user, request.GET.get("year", ""), timezone.now()).order_by("-at", "-id")
    for row, entry in enumerate(rows[:EXPORT_AT_MOST], 1):
        for column, value in enumerate(_row(entry)):
            sheet.write_string(row, column, value)
    book.close()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    name = (
        f"attachment; filename=register.xlsx; filename*=UTF-8''{'%E5%8F%91%E6%96%87%E7%99%BB%E8%AE%B0%E7%B0%BF'}.xlsx"
    )
    return HttpResponse(out.getvalue(), content_type=kind, headers={"Content-Disposition": name})


def _row(entry: NumberEntry) -> list[str]:
    paper = entry.document
    signed = timezone.localdate(paper.signed_at).isoformat()
    return [
        str(entry),
        paper.title,
        paper.kind,
        paper.department.name,
        paper.signed_by.name,
        signed,
        paper.get_state_display(),
    ]


@require_GET
def readers(request, pk):
    """Who was sent the paper, who opened it, who acknowledged it."""
    document = fetch(request, pk)
    rows = document.receipts.filter(delivered_at__isnull=False).select_related("reader", "department")
    page = newest_first(rows, "delivered_at", request.GET.get("after", ""))
    context = {"document": document, "page": page, "tally": receive.tally(document)}
    return render(request, "documents/readers.html", context)


@require_GET
def rules(request):
    return render(request, "documents/rules.html", {"rules": catalogue()})
