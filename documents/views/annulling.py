"""撤销 and 废止: the list of what is void, recording an annulment, correcting one."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.annulling import deed
from documents.annulling.forms import AnnulForm, UndoForm
from documents.models import Annulment, Document
from documents.views import fetch
from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from officehub.people.grants import on_visible
from officehub.web.listing import newest_first

UNDONE = "undone"


@require_safe
def annulled(request):
    """The papers one may see that are void as a whole or in part, the latest first; corrected annulments apart."""
    sort = request.GET.get("sort", "") if request.GET.get("sort") in (*Annulment.Sort.values, UNDONE) else ""
    rows = on_visible(Annulment.objects.all(), "document", request.user, timezone.now())
    rows = rows.filter(undone_at__isnull=sort != UNDONE)
    if sort in Annulment.Sort.values:
        rows = rows.filter(sort=sort)
    rows = rows.select_related("document", "decided_by", "basis", "undone_by")
    page = newest_first(rows, "at", request.GET.get("after", ""))
    tabs = [("", _("全部")), *((value, _(label)) for value, label in Annulment.Sort.choices), (UNDONE, _("已更正"))]
    context = {"page": page, "sort": sort, "tabs": tabs, "query": f"sort={sort}&" if sort else ""}
    return render(request, "documents/annulled.html", context)


def recordable(request, pk: int) -> Document:
    """A paper whose annulment this person may record; for everybody else there is no such page."""
    document = fetch(request, pk)
    if not deed.may_record(document, request.user):
        raise Http404
    return document


@require_http_methods(["GET", "HEAD", "POST"])
def annul(request, pk):
    document, now = recordable(request, pk), timezone.now()
    if document.annulments.filter(undone_at=None, part="").exists():
        raise TooLate(document, "annul")
    form = AnnulForm(
        request.POST if request.method == "POST" else None, document=document, person=request.user, now=now
    )
    trouble: list[str] = []
    if form.is_valid():
        try:
            deed.annul(document, form.decision(), by=request.user, now=now)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已登记，并已告知收到此件的人。"))
            return redirect("documents:detail", pk)
    context = {"document": document, "form": form, "trouble": trouble}
    return render(request, "documents/annul.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def undo(request, pk, annulment_pk):
    document = recordable(request, pk)
    annulment = get_object_or_404(
        Annulment.objects.select_related("decided_by", "basis"), document=document, pk=annulment_pk
    )
    if annulment.undone_at:
        raise TooLate(document, "annul_undone")
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        deed.undo(annulment, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("已更正，并已告知收到此件的人。"))
        return redirect("documents:detail", pk)
    context = {"document": document, "annulment": annulment, "said": deed.said(annulment), "form": form}
    return render(request, "documents/annul_undo.html", context, status=422 if form.is_bound else 200)
