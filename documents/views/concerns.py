"""Whose powers a paper touches (R12): the drafter states it, and notes the talks with who disagreed."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.consulting import settling
from documents.consulting.forms import ConcernsForm, TalksForm
from documents.models import Document
from documents.views import fetch
from documents.views.consulting import insiders_paper
from officehub.moves import TooLate


@require_http_methods(["GET", "HEAD", "POST"])
def state_concerns(request, pk):
    """涉及其他部门职权: which departments."""
    document = fetch(request, pk)
    if document.drafter_id != request.user.pk:
        raise Http404
    if document.state not in Document.EDITABLE:
        raise TooLate(document, "save")
    form = ConcernsForm(request.POST if request.method == "POST" else None, document=document)
    if form.is_valid():
        chosen = list(form.cleaned_data["departments"])
        settling.state_concerns(document, chosen, by=request.user, now=timezone.now())
        messages.success(request, _("已记下。"))
        return redirect("documents:consultations", pk)
    context = {"document": document, "form": form}
    return render(request, "documents/consultation_concerns.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def note_talks(request, pk, concern_pk):
    """协商 with a department that disagreed when it countersigned."""
    document = insiders_paper(request, pk)
    if document.drafter_id != request.user.pk:
        raise Http404
    concern = get_object_or_404(document.concerns.select_related("department"), pk=concern_pk)
    initial = {"talks": concern.talks, "outcome": concern.outcome}
    form = TalksForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        settling.note_talks(concern, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("已记下。"))
        return redirect("documents:consultations", pk)
    context = {"document": document, "concern": concern, "form": form}
    return render(request, "documents/consultation_talks.html", context, status=422 if form.is_bound else 200)
