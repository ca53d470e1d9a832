"""信息公开: what is to be public by when, what is not and why, the yearly review; for those who keep the ledger."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from documents.keeping import disclosure as keeping
from documents.keeping.forms import PublishForm, ReviewForm
from documents.keeping.grounds import WORDS
from documents.keeping.kept import DISCLOSURE_KEEPERS, kept_organs
from documents.models import DisclosureRecord, Document
from officehub.approvals.decide import DecisionRefused
from officehub.people.models import Role
from officehub.web.listing import newest_first, soonest_first
from officehub.web.workbook import as_excel, assumed, long_workbook

Status = DisclosureRecord.Status
TABS = {  # tab -> words, which records, the field they are ordered by
    "due": (gettext_lazy("待公开"), {"publish_by__isnull": False, "published_on": None}, "publish_by"),
    "public": (gettext_lazy("已主动公开"), {"published_on__isnull": False}, "formed_on"),
    "request": (gettext_lazy("依申请公开"), {"status": Status.ON_REQUEST}, "formed_on"),
    "exempt": (gettext_lazy("不予公开"), {"status": Status.EXEMPT}, "formed_on"),
    "review": (gettext_lazy("应审查"), {"review_on__isnull": False}, "review_on"),
}
SOON = timedelta(days=30)  # a review is announced so long before
SHEET = {
    "发文字号": 22, "标题": 60, "成文日期": 16, "公开属性": 12, "不予公开的情形": 40, "理由": 40, "公开时限": 16,
    "时限说明": 9,
    "公开日期": 16, "公开方式": 16, "公开位置": 50, "应审查日期": 16, "效力": 12,
}  # fmt: skip


def ledger(person):
    """The records of the organs whose ledger this person keeps; 404 for everybody else."""
    organs = kept_organs(person, *DISCLOSURE_KEEPERS)
    if not organs:
        raise Http404
    return DisclosureRecord.objects.filter(organ__in=organs)


def _tab(request, today) -> tuple[str, dict, str]:
    tab = request.GET.get("tab", "")
    tab = tab if tab in TABS else "due"
    wanted = dict(TABS[tab][1])
    if tab == "review":
        wanted["review_on__lte"] = today + SOON
    return tab, wanted, TABS[tab][2]


@require_safe
def disclosures(request):
    now = timezone.now()
    today = timezone.localdate(now)
    rows, (tab, wanted, field) = ledger(request.user), _tab(request, today)
    paged = soonest_first if tab in ("due", "review") else newest_first
    shown = rows.filter(**wanted).select_related("document", "published_by")
    page = paged(shown, field, request.GET.get("after", ""))
    tabs = [{"label": words, "url": f"?tab={name}", "current": name == tab} for name, (words, *_rest) in TABS.items()]
    context = {"page": page, "tab": tab, "tabs": tabs, "today": today, "query": f"tab={tab}&"}
    return render(request, "documents/disclosures.html", context)


@require_safe
def export_disclosures(request):
    """The tab as Excel, whole, however many there are."""
    today = timezone.localdate(timezone.now())
    rows, (tab, wanted, field) = ledger(request.user), _tab(request, today)
    found = rows.filter(**wanted).select_related("document").order_by(field, "id")
    file = long_workbook("信息公开台账", SHEET, map(_row, found.iterator(chunk_size=2000)))
    name = f"信息公开台账 {TABS[tab][0]} {today:%Y%m%d}导出.xlsx"
    return as_excel(name, file)


def _row(kept: DisclosureRecord) -> list:
    return [
        kept.document.document_number,
        kept.document.title,
        kept.formed_on,
        kept.status,
        WORDS.get(kept.ground, ""),
        kept.reason,
        kept.publish_by,
        assumed(kept.publish_by is not None and kept.provisional),
        kept.published_on,
        kept.get_channel_display() if kept.channel else "",
        kept.place,
        kept.review_on,
        kept.ended,
    ]


def kept_record(request, pk: int) -> DisclosureRecord:
    return get_object_or_404(
        ledger(request.user).select_related("document", "confirmed_by", "published_by"), document=pk
    )


@require_safe
def disclosure(request, pk):
    """One record: what was confirmed, what is to be done about it, and what was decided since."""
    return _shown(request, kept_record(request, pk))


def _shown(request, kept: DisclosureRecord, *, publish=None, review=None, trouble=()):
    officer, today = request.user.has_role(Role.DISCLOSURE_OFFICER), timezone.localdate(timezone.now())
    to_publish = officer and kept.status == Status.PROACTIVE and not kept.published_on and not kept.ended
    to_review = officer and kept.status != Status.PROACTIVE and not kept.ended
    context = {
        "kept": kept,
        "document": kept.document,
        "opens": Document.objects.filter(pk=kept.document_id).visible_to(request.user, timezone.now()).exists(),
        "publish_form": (publish or PublishForm(initial={"day": today})) if to_publish else None,
        "review_form": (review or ReviewForm(was=kept.status)) if to_review else None,
        "reviews": kept.reviews.select_related("by"),
        "today": today,
        "trouble": trouble,
    }
    refused = bool(trouble or (publish and publish.errors) or (review and review.errors))
    return render(request, "documents/disclosure.html", context, status=422 if refused else 200)


def officers_record(request, pk: int) -> DisclosureRecord:
    if not request.user.has_role(Role.DISCLOSURE_OFFICER):
        raise Http404
    return kept_record(request, pk)


@require_POST
def publish(request, pk):
    kept = officers_record(request, pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _shown(request, kept, publish=form)
    try:
        keeping.publish(kept, **form.cleaned_data, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        return _shown(request, kept, publish=form, trouble=error.sentences)
    messages.success(request, _("已登记公开。"))
    return redirect("documents:disclosure_record", pk)


@require_POST
def review(request, pk):
    kept = officers_record(request, pk)
    form = ReviewForm(request.POST, was=kept.status)
    if not form.is_valid():
        return _shown(request, kept, review=form)
    try:
        keeping.review(kept, **form.cleaned_data, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        return _shown(request, kept, review=form, trouble=error.sentences)
    messages.success(request, _("已登记审查结论。"))
    return redirect("documents:disclosure_record", pk)
