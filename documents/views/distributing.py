"""Sending out: the first distribution, further ones, the scope proposed with the draft, and the lists at hand."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import distribute as sending
from documents.models import Document
from documents.receive import READABLE
from documents.sending import further as sending_on
from documents.sending import lists, number_copies, scope
from documents.sending.forms import DistributeForm, FurtherForm, ListForm, WhomForm
from documents.sending.whom import Whom, active, standing
from documents.versions.lock import TextTampered
from documents.views import fetch
from documents.views.issuing import dutiful
from documents.views.versions import show_tampered
from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from officehub.people.models import Department, Role
from officehub.web.views import for_the_office


def by_organ() -> dict[str, list[Department]]:
    """Active departments under the organ they belong to; a division of a department stands indented."""
    grouped: dict[str, list[Department]] = {}
    for department in Department.objects.filter(is_active=True).select_related("organ").order_by("organ_id", "path"):
        department.depth = department.path.count("/") - 1
        grouped.setdefault(department.organ.name, []).append(department)
    return grouped


def choosing(form: WhomForm, person) -> dict:
    """What the boxes to choose from need: departments, lists with who is in them, and what stands ticked."""
    shown = []
    if "lists" in form.fields:
        for kept in form.fields["lists"].queryset:
            everybody, gone = active(lists.members(kept))
            shown.append({"list": kept, "names": everybody.names, "gone": gone})
    ticked = form.ticked("lists") if shown else set()
    return {"form": form, "departments": by_organ(), "ticked": form.ticked("departments"), "lists": shown,
            "ticked_lists": ticked}  # fmt: skip


def warn(request, form: WhomForm, document: Document | None = None) -> None:
    """Say who of the lists was left out, and when more copies were numbered than printed."""
    if form.left_out:
        messages.warning(request, _("已离岗或已撤销，没有分送：%(names)s。") % {"names": "、".join(form.left_out)})
    run = document.content.get("print_run") if document else None
    if run and document.copies.count() > run:
        messages.warning(request, _("已编份号的份数超过印数 %(count)s 份，请核对。") % {"count": run})


@require_http_methods(["GET", "HEAD", "POST"])
def distribute(request, pk):
    document = dutiful(request, pk, Role.REGISTRY_CLERK)
    if document.state != Document.State.SEALED:
        raise TooLate(document, "distribute")
    agreed = scope.scope_of(document)
    form = DistributeForm(
        request.POST if request.method == "POST" else None, person=request.user, whom=active(agreed)[0]
    )
    trouble: list[str] = []
    if form.is_valid():
        to, given = form.whom(), form.cleaned_data
        numbered = form.numbers_from(number_copies.next_number(document))
        try:
            sending.distribute(
                document, departments=to.departments, people=to.people, by=request.user, now=timezone.now(),
                first_number=numbered, beyond=given["beyond"],
            )  # fmt: skip
        except TextTampered as error:
            return show_tampered(request, document, error)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            warn(request, form, document)
            messages.success(request, _("已分发，正在编制份号印件。") if numbered else _("已分发，正在送达。"))
            return redirect("documents:detail", pk)
    context = {"document": document, "trouble": trouble, "agreed": agreed, **choosing(form, request.user)}
    return render(request, "documents/distribute.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def further(request, pk):
    """补发 within the scope; those who have it already are left out and named."""
    document = dutiful(request, pk, Role.REGISTRY_CLERK)
    if document.state not in READABLE:
        raise TooLate(document, "distribute_further")
    left = active(scope.scope_of(document) - standing(document))[0]
    numbered_before = document.copies.exists()
    form = FurtherForm(
        request.POST if request.method == "POST" else None, person=request.user, initial={"numbered": numbered_before}
    )
    trouble: list[str] = []
    if form.is_valid():
        chosen = form.whom()
        to = chosen - standing(document)
        try:
            sending_on.further(
                document, to, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"],
                first_number=form.numbers_from(number_copies.next_number(document)),
            )  # fmt: skip
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            warn(request, form, document)
            if twice := chosen - to:
                messages.info(request, _("已有本件，不再补发：%(names)s。") % {"names": twice.said()})
            messages.success(request, _("已补发，正在送达。"))
            return redirect("documents:readers", pk)
    context = {"document": document, "trouble": trouble, "left": left, **choosing(form, request.user)}
    return render(request, "documents/further.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request, pk):
    """拟定分送范围: the drafter's, as long as the draft may be changed."""
    document = fetch(request, pk)
    if document.drafter_id != request.user.pk:
        raise Http404
    if document.state not in Document.EDITABLE:
        raise TooLate(document, "propose_scope")
    posted = request.POST if request.method == "POST" else None
    form = WhomForm(posted, person=request.user, whom=active(scope.scope_of(document))[0])
    if form.is_valid():
        whom = form.whom()
        scope.propose(document, whom, by=request.user, now=timezone.now())
        warn(request, form)
        messages.success(
            request, _("已拟定分送范围：%(names)s。") % {"names": whom.said()} if whom else _("未拟定分送范围。")
        )
        return redirect("documents:detail", pk)
    context = {"document": document, **choosing(form, request.user)}
    return render(request, "documents/propose_scope.html", context, status=422 if form.is_bound else 200)


# --- lists at hand ----------------------------------------------------------------------------------------------


@require_safe
def sending_lists(request):
    rows = []
    mine = set(lists.kept_by(request.user).values_list("pk", flat=True))
    for kept in lists.offered_to(request.user).prefetch_related("departments", "people"):
        everybody, gone = active(Whom(list(kept.departments.all()), list(kept.people.all())))
        rows.append({"list": kept, "whom": everybody, "gone": gone, "mine": kept.pk in mine})
    return render(request, "documents/sending_lists.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_office
def sending_list(request, list_pk=None):
    """A list of one's own or of the office, new or to be changed."""
    kept = get_object_or_404(lists.kept_by(request.user), pk=list_pk) if list_pk else None
    whom, gone = active(lists.members(kept)) if kept else (Whom(), [])
    start = {"name": kept.name, "organ": kept.organ_id} if kept else {}
    form = ListForm(request.POST if request.method == "POST" else None, person=request.user, whom=whom, initial=start)
    trouble: list[str] = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            lists.save(
                kept,
                name=given["name"],
                whom=form.whom(),
                organ=given.get("organ"),
                by=request.user,
                now=timezone.now(),
            )
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已保存“%(name)s”。") % {"name": given["name"]})
            return redirect("documents:sending_lists")
    context = {"list": kept, "gone": gone, "trouble": trouble, **choosing(form, request.user)}
    return render(request, "documents/sending_list.html", context, status=422 if form.is_bound else 200)


@require_POST
def drop_list(request, list_pk):
    kept = get_object_or_404(lists.kept_by(request.user), pk=list_pk)
    kept.delete()
    messages.success(request, _("已删除“%(name)s”。") % {"name": kept.name})
    return redirect("documents:sending_lists")
