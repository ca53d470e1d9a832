"""Lists: my papers, the register of numbers given, who has read, and the rules a paper is held to."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from documents.interchange import KINDS
from documents.models import Document, NumberEntry, NumberYear, Series
from documents.rules import every_rule
from officehub.approvals.models import Run
from officehub.people.grants import on_visible
from officehub.people.models import Role
from officehub.web.listing import newest_first, visible
from officehub.web.workbook import as_excel, long_workbook

COLUMNS = [_("发文字号"), _("标题"), _("文种"), _("拟稿部门"), _("签发人"), _("成文日期"), _("状态")]
SHEET = {  # the columns of the exported register and their widths in characters
    "发文字号": 22, "标题": 60, "文种": 8, "主送": 36, "拟稿部门": 16, "签发人": 10, "成文日期": 13, "份数": 8,
    "状态": 9, "档号": 30,
}  # fmt: skip
KEEPERS = (Role.REGISTRY_CLERK, Role.RECHECKER, Role.ARCHIVIST, Role.OFFICE_DIRECTOR)


@require_safe
def papers(request):
    """What I may see, newest first; or only what I drafted."""
    now, cursor = timezone.now(), request.GET.get("after", "")
    kind = request.GET.get("kind", "") if request.GET.get("kind") in KINDS else ""
    mine = request.GET.get("tab") == "mine"
    state = request.GET.get("state", "") if mine and request.GET.get("state") in Document.State.values else ""
    shown = Document.objects.select_related("department", "drafter")
    if mine:
        wanted = {name: value for name, value in (("kind", kind), ("state", state)) if value}
        page = newest_first(shown.filter(drafter=request.user, **wanted), "sort_at", cursor)
    else:
        page = visible(Document, request.user, now, shown.in_bulk, cursor=cursor, kind=kind)
    mark_suspended(page.rows)
    context = {
        "page": page,
        "kinds": KINDS,
        "kind": kind,
        "mine": mine,
        "states": Document.State.choices,
        "state": state,
        "query": f"tab={'mine' if mine else 'all'}&"
        + (f"kind={kind}&" if kind else "")
        + (f"state={state}&" if state else ""),
        "may_draft": not request.user.is_staff,
        "now": now,
    }
    return render(request, "documents/list.html", context)


def mark_suspended(papers) -> None:
    """Tell of each paper on a page whether its approval is suspended (中止); the paper itself stays in approval."""
    kind = ContentType.objects.get_for_model(Document)
    runs = Run.objects.filter(subject_type=kind, subject_id__in=[paper.pk for paper in papers], parent=None)
    stopped = set(runs.filter(state=Run.State.SUSPENDED).values_list("subject_id", flat=True))
    for paper in papers:
        paper.suspended = paper.pk in stopped


def kept_series(person) -> list[int]:
    """The series whose register this person keeps: those of the own organ, and of the organ one is the office of."""
    if person.department is None or not person.has_role(*KEEPERS):
        return []
    organ = person.department.organ_id
    return list(Series.objects.filter(Q(organ=organ) | Q(organ__office=organ)).values_list("pk", flat=True))


def entries(person, year: str, now, kept: list[int] | None = None):
    """The numbers given, of one year when `year` is one: every number of the series one keeps the register of, empty
    ones too; for everybody else those of papers one may see.
    """
    rows = NumberEntry.objects.all()
    if year.isdecimal() and len(year) == 4:
        rows = rows.filter(_of_year(int(year)))
    if kept:  # the sum keeps SQLite on the index by time: by series it would sort every number there is
        rows = rows.alias(kept=F("series_id") + 0).filter(kept__in=kept)
    else:
        rows = on_visible(rows, "document", person, now)
    rows = rows.select_related("document__department", "document__signed_by", "reservation")
    return rows.prefetch_related("series")  # joined, the planner of SQLite would begin with it and sort every number


def _of_year(year: int) -> Q:
    """Numbers of a year; orders, which run on by the term of office, by the day they were given."""
    running = list(Series.objects.filter(form=Series.Form.ORDER).values_list("pk", flat=True))
    if not running:
        return Q(year=year)
    return Q(~Q(series__in=running), year=year) | Q(series__in=running, at__year=year)


@require_safe
def register(request):
    now, year, kept = timezone.now(), request.GET.get("year", ""), kept_series(request.user)
    page = newest_first(entries(request.user, year, now, kept), "at", request.GET.get("after", ""))
    years = list(
        NumberYear.objects.exclude(series__form=Series.Form.ORDER)
        .order_by("-year")
        .values_list("year", flat=True)
        .distinct()[:10]
    )
    listed = [entry.document_id for entry in page.rows]
    opens = Document.objects.filter(pk__in=listed).visible_to(request.user, now).values_list("pk", flat=True)
    context = {
        "page": page,
        "years": years,
        "year": year,
        "columns": COLUMNS,
        "query": f"year={year}&" if year else "",
        "keeps": bool(kept),
        "opens": set(opens if kept else listed),
    }
    return render(request, "documents/register.html", context)


@require_safe
def export_register(request):
    """The register as Excel, whole: text is written as text, so no content becomes a formula; dates and counts as such.
    Read in pieces and written row by row, so that no number of them fills the memory."""
    year, now = request.GET.get("year", ""), timezone.now()
    rows = entries(request.user, year, now, kept_series(request.user)).select_related(
        "document__department", "document__signed_by", "document__archival_item", "reservation"
    )
    name = f"发文登记簿 {f'{year}年' if year else '全部'} {timezone.localdate(now):%Y%m%d}导出.xlsx"
    newest = rows.order_by("-at", "-id").iterator(chunk_size=2000)
    return as_excel(name, long_workbook("发文登记簿", SHEET, map(_row, newest)))


def _row(entry: NumberEntry) -> list:
    paper = entry.document
    if paper is None:
        return [str(entry), empty_in_words(entry)]
    return [
        str(entry),
        paper.title,
        paper.kind,
        paper.content.get("primary_recipients", ""),
        paper.department.name,
        paper.signed_by.name,
        paper.date_of_document(),
        paper.content.get("print_run"),
        "，".join(filter(None, [paper.get_state_display(), paper.get_annulled_display()])),
        paper.archival_item.reference_code if hasattr(paper, "archival_item") else "",
    ]


def empty_in_words(entry: NumberEntry) -> str:
    """Why no paper bears a number."""
    if entry.reason or not entry.reservation:
        return f"（空号：{entry.reason}）"
    held = entry.reservation
    return f"（预留：{held.reason}，留给{held.holder}，至{held.until:%Y-%m-%d}）"


@require_safe
def rules(request):
    return render(request, "documents/rules.html", {"rules": every_rule()})
