"""Lists of papers in: what I may see, and the register (收文登记簿) with its filters and its Excel."""

from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from documents.incoming.duty import kept_organs, organs_registering
from documents.incoming.entry_forms import FilterForm
from documents.incoming.where import where_all
from documents.models import Incoming
from documents.models.incoming import INCOMING_KINDS
from officehub.people.grants import on_visible
from officehub.web.listing import newest_first, visible
from officehub.web.workbook import as_excel, assumed, long_workbook

COLUMNS = [_("收文号"), _("标题"), _("来文机关"), _("现在何处"), _("时限"), _("状态")]
SHEET = {  # the columns of the exported register and their widths in characters
    "收文号": 14, "签收时间": 17, "来文机关": 26, "来文字号": 22, "标题": 60, "文种": 8, "紧急程度": 9, "份数": 6,
    "页数": 6, "成文日期": 13, "办件类别": 9, "状态": 9, "办理时限": 13, "时限说明": 9, "办结时间": 13, "备注": 30,
}  # fmt: skip


@require_safe
def papers(request):
    """What I may see, newest first."""
    now = timezone.now()
    kind = request.GET.get("kind", "") if request.GET.get("kind") in INCOMING_KINDS else ""
    shown = Incoming.objects.select_related("organ")
    page = visible(Incoming, request.user, now, shown.in_bulk, cursor=request.GET.get("after", ""), kind=kind)
    context = {
        "page": with_places(page, now),
        "kinds": INCOMING_KINDS,
        "kind": kind,
        "query": f"kind={kind}&" if kind else "",
        "may_register": bool(organs_registering(request.user)),
        "keeps": kept_organs(request.user).exists(),
        "now": now,
    }
    return render(request, "documents/incoming/list.html", context)


def with_places(page, now):
    """Each paper of a page knows where it is, and whether it is late."""
    places = where_all(page.rows, now)
    for paper in page.rows:
        paper.where = places[paper.pk]
        paper.late = bool(paper.due_at and paper.due_at < now and paper.state in Incoming.UNDER_WAY)
    return page


def filtered(request, now):
    """The lines of the register this person may read, as far as the filters let them through; and the filters."""
    organs = list(kept_organs(request.user))
    rows = Incoming.objects.all()
    if organs:  # the sum keeps the planner on the index by time: by organ it would sort every paper there is
        rows = rows.alias(kept=F("organ_id") + 0).filter(kept__in=[organ.pk for organ in organs])
    else:
        rows = on_visible(rows, "pk", request.user, now)
    form = FilterForm(request.GET or None)
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    if given.get("sender"):
        rows = rows.filter(Q(sender_name__icontains=given["sender"]) | Q(document_number__icontains=given["sender"]))
    if given.get("since"):
        rows = rows.filter(registered_at__gte=_begin(given["since"]))
    if given.get("until"):
        rows = rows.filter(registered_at__lt=_begin(given["until"] + timedelta(days=1)))
    if given.get("state"):
        rows = rows.filter(state=given["state"])
    if given.get("overdue"):
        rows = rows.filter(state__in=Incoming.UNDER_WAY, due_at__lt=now)
    return rows, form, organs


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@require_safe
def register(request):
    now = timezone.now()
    rows, form, organs = filtered(request, now)
    page = newest_first(rows.select_related("organ"), "registered_at", request.GET.get("after", ""))
    listed = [paper.pk for paper in page.rows]
    opens = Incoming.objects.filter(pk__in=listed).visible_to(request.user, now).values_list("pk", flat=True)
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        "page": with_places(page, now),
        "form": form,
        "columns": COLUMNS,
        "query": asked.urlencode() + "&" if asked else "",
        "asked": asked.urlencode(),
        "opens": set(opens if organs else listed),
        "keeps": bool(organs),
        "may_register": bool(organs_registering(request.user)),
    }
    return render(request, "documents/incoming/register.html", context)


@require_safe
def export(request):
    """The register as Excel, whole: text is written as text, so no content becomes a formula."""
    now = timezone.now()
    rows, _form, _organs = filtered(request, now)
    name = f"收文登记簿 {timezone.localdate(now):%Y%m%d}导出.xlsx"
    newest = rows.order_by("-registered_at", "-id").iterator(chunk_size=2000)
    return as_excel(name, long_workbook("收文登记簿", SHEET, map(_row, newest)))


def _row(paper: Incoming) -> list:
    def day(moment):
        return timezone.localdate(moment) if moment else None

    return [
        paper.number, f"{timezone.localtime(paper.received_at):%Y-%m-%d %H:%M}", paper.sender_name,
        paper.document_number, paper.title, paper.kind, paper.urgency, paper.copies, paper.pages, paper.dated,
        paper.get_nature_display(), paper.get_state_display(), day(paper.due_at),
        assumed(paper.due_provisional), day(paper.filed_at),
        paper.reason or paper.remarks,
    ]  # fmt: skip
