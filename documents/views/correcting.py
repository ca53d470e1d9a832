"""复核改正: the rechecker sets slips right in a form; beside it stand the comparison with the signed text, and whether
that is substantive."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.drafting import NotReady
from documents.forms import CorrectionForm
from documents.interchange import Refused
from documents.models import Document
from documents.versions import correct as correcting
from documents.versions.lock import TextTampered, hold_to_signed
from documents.views.deciding import why
from documents.views.drafting import slips
from documents.views.issuing import dutiful
from documents.views.versions import show_tampered, stretches, summary
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.approvals.plan import NobodyFound
from officehub.moves import TooLate
from officehub.people.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    document = dutiful(request, pk, Role.RECHECKER)
    if document.state not in correcting.CORRECTABLE:
        raise TooLate(document, "correct")
    try:
        hold_to_signed(document)
    except TextTampered as error:
        return show_tampered(request, document, error)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=_initial(document))
    decision = request.POST.get("decision", "")
    if decision == "weigh":
        return render(request, "documents/correct_weighed.html", _weighed(document, form))
    trouble: list[str] = []
    if form.is_valid() and decision in DEEDS:
        try:
            done = DEEDS[decision](request, document, form)
        except (DecisionRefused, NeedsReason, NobodyFound, NotReady) as error:
            trouble = _why(error)
        else:
            messages.success(request, done)
            return redirect("documents:detail", pk)
    context = {"document": document, "form": form, "trouble": trouble, **_weighed(document, form)}
    return render(request, "documents/correct.html", context, status=422 if form.is_bound else 200)


def _initial(document: Document) -> dict:
    return {**document.content, "title": document.title, "revision": document.revision}


def _given(request, form: CorrectionForm) -> dict:
    given = {"changes": form.fields_of_paper(), "revision": form.cleaned_data["revision"]}
    return {**given, "reason": form.cleaned_data["reason"], "by": request.user, "now": timezone.now()}


def _correct(request, document: Document, form: CorrectionForm) -> str:
    version = correcting.correct(document, **_given(request, form))
    address = reverse("documents:version", args=[document.pk, version.number])
    link = format_html('<a href="{}">{}</a>', address, _("第%(number)s版") % {"number": version.number})
    return format_html(_("已改正，存为{}，并已告知拟稿人和签发人。"), link)


def _reapprove(request, document: Document, form: CorrectionForm) -> str:
    again = correcting.reapprove(document, **_given(request, form))
    names = "、".join(dict.fromkeys(stage.name for stage in again))
    return _("已报原签批人复审，将重新办理：%(stages)s。") % {"stages": names}


DEEDS = {"correct": _correct, "reapprove": _reapprove}


def _why(error: Exception) -> list[str]:
    if isinstance(error, NotReady):
        return [finding.message for finding in error.findings]
    return [_("请写明改正的理由。")] if isinstance(error, NeedsReason) else why(error)


def _weighed(document: Document, form: CorrectionForm) -> dict:
    """What was typed, or was set right before, beside the signed text; what is not complete cannot be compared yet."""
    if wrong := [finding.message for finding in (slips(form) if form.is_bound else ())]:
        return {"incomplete": wrong}
    try:
        weighed = correcting.weigh(document, form.fields_of_paper() if form.is_bound else {})
    except Refused as refused:
        return {"incomplete": [error.message for error in refused.errors]}
    found = weighed.comparison
    return {
        "comparison": found,
        "stretches": [one for one in stretches(found.blocks) if not one.folded],
        "said": summary(found),
        "reasons": weighed.reasons,
    }
