"""Giving a paper its number, and the register of gaps (空号登记): numbers set aside, void, or used before."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import number as numbering
from documents.models import Document, NumberEntry, NumberYear, Series
from documents.numbers import opening as opens
from documents.numbers import reserve as reserving
from documents.numbers.export import gaps_as_excel
from documents.numbers.forms import NumberForm, OpeningForm, ReleaseForm, ReserveForm
from documents.numbers.registering import foreseen
from documents.views.course import again
from documents.views.issuing import dutiful
from documents.views.ledgers import kept_series
from documents.views.mine import Refused
from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from officehub.people.models import Role
from officehub.web.listing import ids, newest_first
from officehub.web.workbook import as_excel

SORTS = {"reserved": gettext_lazy("预留"), "overdue": gettext_lazy("预留已过期"), "void": gettext_lazy("空号")}


@require_POST
def number(request, pk):
    document, now = dutiful(request, pk, Role.RECHECKER), timezone.now()
    if document.state != Document.State.RECHECKED:
        raise TooLate(document, "number")
    series = numbering.series_for(document)
    found = foreseen(document, series[0], now) if series else []
    form = NumberForm(request.POST, document=document, series=series, findings=found)
    if not form.is_valid():
        return again(request, document, Refused("number", form, (_("还没有编号，请看标出的地方。"),)))
    held = form.cleaned_data["reserved"]
    chosen = {"series": held.series if held else form.cleaned_data["series"], "reserved": held}
    try:
        numbering.number(document, **chosen, reasons=form.reasons(), by=request.user, now=now)
    except DecisionRefused as error:
        return again(request, document, Refused("number", form, tuple(error.sentences)))
    messages.success(request, _("已编号，正在排版。"))
    return redirect("documents:detail", pk)


# --- the register of gaps ---------------------------------------------------------------------------------------------


def kept(request) -> list[int]:
    """The series whose gaps this person sees; for who keeps none there is no such page."""
    found = kept_series(request.user)
    if not found:
        raise Http404
    return found


def managed(request) -> list[int]:
    """The series whose numbers this person may set aside and let go: the numberer's own."""
    if not request.user.has_role(Role.RECHECKER):
        raise Http404
    return kept(request)


@require_safe
def gaps(request):
    now, series = timezone.now(), kept(request)
    asked = _asked(request, series)
    page = newest_first(_rows(series, asked, now), "at", request.GET.get("after", ""))
    context = {
        "page": page,
        "series": Series.objects.filter(pk__in=series).order_by("code"),
        "years": NumberYear.objects.filter(series__in=series, year__gt=0)
        .order_by("-year")
        .values_list("year", flat=True)
        .distinct(),
        "sorts": SORTS,
        "asked": asked,
        "query": "".join(f"{name}={value}&" for name, value in asked.items() if value),
        "openings": _openings(series, asked),
        "manages": request.user.has_role(Role.RECHECKER),
        "today": timezone.localdate(now),
    }
    return render(request, "documents/gaps.html", context)


def _asked(request, series: list[int]) -> dict[str, str]:
    """What the filters ask for; anything odd asks for nothing."""
    given = request.GET
    chosen, year = ids([given.get("series", "")]), given.get("year", "")
    return {
        "series": str(chosen[0]) if chosen and chosen[0] in series else "",
        "year": year if year.isascii() and year.isdigit() and len(year) == 4 else "",
        "sort": given.get("sort", "") if given.get("sort") in SORTS else "",
    }


def _rows(series: list[int], asked: dict[str, str], now):
    rows = NumberEntry.objects.filter(document=None, series__in=[int(asked["series"])] if asked["series"] else series)
    if asked["year"]:
        rows = rows.filter(year=int(asked["year"]))
    if asked["sort"] == "void":
        rows = rows.void()
    elif asked["sort"]:
        rows = rows.reserved()
    if asked["sort"] == "overdue":
        rows = rows.filter(reservation__until__lt=timezone.localdate(now))
    return rows.select_related("series", "reservation__by", "emptied_by")


def _openings(series: list[int], asked: dict[str, str]):
    """The ranges used before this system was; they have no rows of their own."""
    if asked["sort"]:
        return []
    found = NumberYear.objects.filter(series__in=[int(asked["series"])] if asked["series"] else series, opening__gt=0)
    if asked["year"]:
        found = found.filter(year=int(asked["year"]))
    return list(found.select_related("series", "opened_by").order_by("-year", "series__code")[:20])


@require_safe
def export_gaps(request):
    now, series = timezone.now(), kept(request)
    asked = _asked(request, series)
    name = f"空号登记 {timezone.localdate(now):%Y%m%d}导出.xlsx"
    rows = _rows(series, asked, now).order_by("-at", "-id")
    return as_excel(name, gaps_as_excel(rows, _openings(series, asked), timezone.localdate(now)))


# --- setting aside, letting go, beginning mid-year --------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def reserve(request):
    now = timezone.now()
    given = request.POST if request.method == "POST" else None
    form = ReserveForm(given, kept=managed(request), year=timezone.localdate(now).year)
    deed = lambda given: reserving.reserve(**given, by=request.user, now=now)  # noqa: E731
    title, line = _("预留文号"), _("从下一个号起连续预留，写明事由、留给谁和期限；编号时选用，未用的释放为空号。")
    return _form_page(request, form, deed, lambda made: _("已预留%(numbers)s。") % {"numbers": made}, title, line)


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request):
    now = timezone.now()
    given = request.POST if request.method == "POST" else None
    form = OpeningForm(given, kept=managed(request), initial={"year": timezone.localdate(now).year})

    def deed(given: dict):
        opens.open_at(**given, by=request.user, now=now)

    title, line = _("登记启用前的号码"), _("年中启用本系统的，登记此前已在别处用到的号；本系统由下一个号接着编。")
    return _form_page(request, form, deed, lambda made: _("已登记。"), title, line)


@require_http_methods(["GET", "HEAD", "POST"])
def release(request, pk):
    rows = NumberEntry.objects.filter(series__in=managed(request), reservation__isnull=False)
    entry = get_object_or_404(rows.select_related("series", "reservation"), pk=pk)
    if entry.document_id or entry.reason:
        messages.error(request, _("%(number)s已被使用或已释放。") % {"number": entry})
        return redirect("documents:gaps")
    form = ReleaseForm(request.POST if request.method == "POST" else None)

    def deed(given: dict):
        chosen = reserving.left(entry.reservation) if given["scope"] == "all" else [entry]
        reserving.release(chosen or [entry], reason=given["reason"], by=request.user, now=timezone.now())

    title = _("释放%(number)s") % {"number": entry}
    line = _("释放后成为空号，留在登记簿中并注明原因，不再使用。预留事由：%(reason)s；留给%(holder)s。") % {
        "reason": entry.reservation.reason, "holder": entry.reservation.holder
    }  # fmt: skip
    return _form_page(request, form, deed, lambda made: _("已释放。"), title, line)


def _form_page(request, form, deed, done, title: str, line: str):
    """One form on a page of its own: make the deed and say so, or show why it was refused with what was typed."""
    trouble: list[str] = []
    if form.is_valid():
        try:
            made = deed(form.cleaned_data)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, done(made))
            return redirect("documents:gaps")
    context = {"form": form, "trouble": trouble, "title": title, "line": line}
    return render(request, "documents/number_form.html", context, status=422 if form.is_bound else 200)
