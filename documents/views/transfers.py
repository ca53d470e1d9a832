"""移交 and 销毁: packages ordered, watched, fetched and handed over; items appraised; registers of destruction."""

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.keeping import appraisal, package
from documents.keeping.forms import AnswerForm, AppraiseForm, HandOverForm, PackageForm
from documents.models import Appraisal, ArchivalItem, DestructionRegister, Package
from documents.views.archives import archivist, keeper
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.moves import TooLate

Decision = Appraisal.Decision


def listed(tab: str) -> str:
    return f"{reverse('documents:archives')}?tab={tab}"


def say(request, error: DecisionRefused) -> None:
    for sentence in error.sentences:
        messages.error(request, sentence)


def complain(request, form) -> None:
    """What a form of a list refused: it is said above the list."""
    for name, errors in form.errors.items():
        for sentence in errors:
            messages.error(request, f"{form.fields[name].label}：{sentence}" if name in form.fields else sentence)


@require_POST
def order_package(request):
    fonds = archivist(request)
    form = PackageForm(request.POST, fonds=fonds)
    if not form.is_valid():
        complain(request, form)
        return redirect(listed("packages"))
    given, now = form.cleaned_data, timezone.now()
    years = given["year_from"], given["year_to"]
    try:
        ordered = package.order(
            fonds=given["fonds"], years=years, retention=given["retention"], by=request.user, now=now
        )
    except DecisionRefused as error:
        say(request, error)
        return redirect(listed("packages"))
    return redirect("documents:package", ordered.pk)


def kept_package(request, pk: int, fonds: list[str] | None = None) -> Package:
    rows = Package.objects.filter(fonds_number__in=keeper(request) if fonds is None else fonds)
    return get_object_or_404(rows.select_related("by", "handed_by"), pk=pk)


@require_safe
def package_page(request, pk):
    ordered = kept_package(request, pk)
    return render(request, "documents/package.html", {"package": ordered, "form": HandOverForm()})


@require_safe
def package_progress(request, pk):
    """How far the packing is: asked every other second until it is done."""
    ordered = kept_package(request, pk)
    answer = render(request, "documents/package_progress.html", {"package": ordered})
    if ordered.state == Package.State.DONE and "HX-Request" in request.headers:
        answer["HX-Refresh"] = "true"
    return answer


@require_safe
def package_file(request, pk):
    ordered = kept_package(request, pk, archivist(request))
    if ordered.state != Package.State.DONE:
        raise Http404
    with transaction.atomic():
        facts = {"name": ordered.name, "sha256": ordered.sha256}
        record(ordered, "download", by=request.user, now=timezone.now(), facts=facts)
    return FileResponse(
        ordered.file.open("rb"), as_attachment=True, filename=f"{ordered.name}.zip", content_type="application/zip"
    )


@require_POST
def package_again(request, pk):
    ordered = kept_package(request, pk, archivist(request))
    if not package.retry(ordered):
        raise TooLate(ordered, "pack")
    return redirect("documents:package", pk)


@require_POST
def hand_over_package(request, pk):
    ordered = kept_package(request, pk, archivist(request))
    form = HandOverForm(request.POST)
    if not form.is_valid():
        return render(request, "documents/package.html", {"package": ordered, "form": form}, status=422)
    try:
        moved = package.hand_over(ordered, **form.cleaned_data, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        say(request, error)
    else:
        messages.success(request, _("已登记移交 %(count)s 件。") % {"count": moved})
    return redirect("documents:package", pk)


@require_POST
def appraise(request):
    """One decision for the items ticked; each of its own for 续存 and 移交, one register for 销毁."""
    fonds, now = archivist(request), timezone.now()
    items = appraisal.expired(fonds, timezone.localdate(now)).select_related("document", "incoming")
    form = AppraiseForm(request.POST, items=items)
    back = redirect(listed("expired"))
    if not form.is_valid():
        complain(request, form)
        return back
    given, chosen = form.cleaned_data, list(form.cleaned_data["items"])
    try:
        if given["decision"] == Decision.DESTROY:
            register = appraisal.propose(chosen, reason=given["reason"], by=request.user, now=now)
            messages.success(request, _("已列入销毁清册，待他人审批。"))
            return redirect("documents:register_of_destruction", register.pk)
        _each(chosen, given, request.user, now)
    except DecisionRefused as error:
        say(request, error)
    else:
        messages.success(request, _("已登记鉴定结论 %(count)s 件。") % {"count": len(chosen)})
    return back


@transaction.atomic
def _each(items: list[ArchivalItem], given: dict, by, now) -> None:
    for item in items:
        if given["decision"] == Decision.EXTEND:
            appraisal.extend(item, retention=given["retention"], reason=given["reason"], by=by, now=now)
        else:
            appraisal.mark_for_transfer(item, reason=given["reason"], by=by, now=now)


def kept_register(request, pk: int) -> DestructionRegister:
    rows = DestructionRegister.objects.filter(fonds_number__in=keeper(request))
    return get_object_or_404(rows.select_related("by", "approved_by", "done_by"), pk=pk)


@require_safe
def register_of_destruction(request, pk):
    """销毁清册: every item with its code, title and digest; printed it is what is signed."""
    register, person = kept_register(request, pk), request.user
    State = DestructionRegister.State
    context = {
        "register": register,
        "lines": register.lines.select_related("item__document", "item__incoming").order_by("item__reference_code"),
        "may_answer": register.state == State.PROPOSED and person.pk != register.by_id,
        "may_destroy": register.state == State.APPROVED and person.pk != register.approved_by_id,
        "form": AnswerForm(),
    }
    return render(request, "documents/destruction.html", context)


@require_POST
def answer_destruction(request, pk):
    register, form = kept_register(request, pk), AnswerForm(request.POST)
    if not form.is_valid():
        complain(request, form)
        return redirect("documents:register_of_destruction", pk)
    agreed = request.POST.get("decision") == "approve"
    try:
        appraisal.answer(register, agreed=agreed, words=form.cleaned_data["words"], by=request.user, now=timezone.now())
    except DecisionRefused as error:
        say(request, error)
    else:
        messages.success(request, _("已批准。") if agreed else _("已退回，未批准。"))
    return redirect("documents:register_of_destruction", pk)


@require_POST
def carry_out_destruction(request, pk):
    register = kept_register(request, pk)
    try:
        count = appraisal.destroy(register, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        say(request, error)
    else:
        messages.success(request, _("已销毁 %(count)s 件，清册长期保存。") % {"count": count})
    return redirect("documents:register_of_destruction", pk)
