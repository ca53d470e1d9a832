"""What was sent: who has read it, chasing the silent, certificates of service, and the numbered copies."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import receive, sheets
from documents.annulling.stamp import words_of
from documents.models import Addressee, Copy, CopyRun, Distribution, Document, Recall, ServiceCertificate, Widening
from documents.paper.process import Busy
from documents.sending import certify, chase, copies, failed_copies, scope
from documents.sending.asked import lines_of
from documents.sending.forms import UnnumberedForm
from documents.sending.further import passable
from documents.views import fetch, inside
from documents.views.issuing import dutiful, holds
from documents.views.paper import note_download
from officehub.approvals.decide import DecisionRefused
from officehub.inbox.models import WorkItem
from officehub.notifications.receipts import chases
from officehub.people.models import Role
from officehub.web.listing import soonest_first

SHOWN = {  # the tabs of the overview: which addressees each shows
    "silent": (gettext_lazy("未签收"), {"acknowledged_at": None, "recalled_at": None}),
    "unopened": (gettext_lazy("未打开"), {"opened_at": None, "recalled_at": None}),
    "acknowledged": (gettext_lazy("已签收"), {"acknowledged_at__isnull": False, "recalled_at": None}),
    "recalled": (gettext_lazy("清退"), {"recalled_at__isnull": False}),
    "all": (gettext_lazy("全部"), {}),
}
NAMED = 12  # of the scope, on the page of the paper


def keeps(person, document: Document) -> bool:
    """The registry of the paper's organ, which sends it out and keeps account of it."""
    return holds(person, document, Role.REGISTRY_CLERK)


def beside(request, document: Document) -> dict:
    """What stands beside a paper about its sending: its scope, what the keeper and what a recipient may do."""
    mine = document.drafter_id == request.user.pk
    shown = {"scope": scope.said(document, NAMED), "may_propose": mine and document.state in Document.EDITABLE}
    if document.state not in receive.READABLE:
        return {"sending": shown}
    keeper = keeps(request.user, document)
    errand = WorkItem.objects.of(document).filter(assignee=request.user, key="read").first()
    shown |= {
        "sent": True,
        "keeper": keeper,
        "read_by": errand and errand.due_at,
        "read_by_provisional": errand and errand.due_provisional,
        "reads_for": [
            str(line)
            for line in lines_of(document, request.user)
            .filter(acknowledged_at=None, department__isnull=False)
            .select_related("department")
        ],
        "my_copy": copies.copy_of(document, request.user),
        "passable": passable(document, request.user, timezone.localdate()).first(),
        "runs": _runs(document) if keeper else [],
        "recalls": list(document.recalls.filter(state=Recall.State.OPEN).order_by("pk")) if keeper else [],
        "widenings": list(document.widenings.filter(state=Widening.State.OPEN).order_by("pk")) if keeper else [],
    }
    return {"sending": shown}


@require_safe
def readers(request, pk):
    """Addressee by addressee: delivered, opened, acknowledged; the silent first."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    shown = request.GET.get("shown", "silent") if request.GET.get("shown") in SHOWN else "silent"
    of_it = Addressee.objects.filter(distribution__document=document)
    rows = (
        of_it.filter(**SHOWN[shown][1])
        .select_related(
            "department", "person__department", "stand_in", "acknowledged_by", "distribution", "copy", "recalled"
        )
        .prefetch_related("readers")
    )
    page = soonest_first(rows, "delivered_at", request.GET.get("after", ""))
    tabs = [{"label": label, "url": f"?shown={name}", "current": name == shown} for name, (label, _w) in SHOWN.items()]
    context = {
        "document": document,
        "page": page,
        "tabs": tabs,
        "query": f"shown={shown}&",
        "tally": receive.tally(document),
        "keeper": (keeper := keeps(request.user, document)),
        "chases": chases(document) if keeper else [],
        "distributions": document.distributions.select_related("by", "copy_run").order_by("pk"),
        "certificates": ServiceCertificate.objects.filter(distribution__document=document).order_by("pk"),
    }
    return render(request, "documents/readers.html", context)


@require_POST
def chase_readers(request, pk):
    document = fetch(request, pk)
    if not (keeps(request.user, document) or holds(request.user, document, Role.OFFICE_DIRECTOR)):
        raise Http404
    try:
        count = chase.chase(document, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, error.sentences[0])
    else:
        said = ngettext("已催办未签收的 %(count)s 个对象。", "已催办未签收的 %(count)s 个对象。", count)
        messages.success(request, said % {"count": count})
    return redirect("documents:readers", pk)


# --- certificates of service ------------------------------------------------------------------------------------


@require_POST
def issue_certificate(request, pk, sent_pk):
    document = dutiful(request, pk, Role.REGISTRY_CLERK)
    sent = get_object_or_404(Distribution.objects.select_related("document", "by"), pk=sent_pk, document=document)
    try:
        proof = certify.issue(sent, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, error.sentences[0])
        return redirect("documents:readers", pk)
    return redirect("documents:service_certificate", proof.pk)


@require_safe
def certificate(request, proof_pk):
    """The certificate, for those whose business the course of the paper is; it says whether it is still true."""
    found = ServiceCertificate.objects.select_related("distribution__document__organ__office", "by__department")
    proof = get_object_or_404(found, pk=proof_pk)
    document = fetch(request, proof.distribution.document_id)
    if not inside(request, document):
        raise Http404
    lines = [certify.Line(*values) for values in proof.lines]
    rows = [{"line": line, "moments": [line.moment(name) for name in certify.MOMENTS[:3]]} for line in lines]
    context = {
        "proof": proof,
        "document": document,
        "rows": rows,
        "sent_at": certify.moment(proof.paper["sent_at"]),
        "nature": Distribution.Nature(proof.paper["nature"]).label,
        "wrong": certify.contradicted(proof),
        "acknowledged": sum(bool(line.acknowledged_at) for line in lines),
        "numbered": any(line.copy_number for line in lines),
        "received": any(line.received_by for line in lines),
    }
    return render(request, "documents/service_certificate.html", context)


# --- numbered copies --------------------------------------------------------------------------------------------


def _run(request, pk: int, run_pk: int) -> tuple[Document, CopyRun]:
    document = dutiful(request, pk, Role.REGISTRY_CLERK)
    runs = CopyRun.objects.select_related("distribution__document")
    return document, get_object_or_404(runs, pk=run_pk, distribution__document=document)


@require_safe
def copies_of(request, pk):
    """The keeper's account of the numbered copies: number, addressee, hash and who holds it."""
    document = dutiful(request, pk, Role.REGISTRY_CLERK)
    rows = document.copies.select_related("addressee__recalled", "held_by", "run")
    page = soonest_first(rows, "made_at", request.GET.get("after", ""))
    return render(request, "documents/copies.html", {"document": document, "page": page, "runs": _runs(document)})


def _runs(document: Document) -> list[CopyRun]:
    return list(CopyRun.objects.filter(distribution__document=document).order_by("pk"))


@require_safe
def copies_progress(request, pk, run_pk):
    """How far the making is: asked every second until it is done."""
    document, run = _run(request, pk, run_pk)
    response = render(request, "documents/copies_progress.html", {"document": document, "run": run})
    if run.state == CopyRun.State.DONE and "HX-Request" in request.headers:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def copies_again(request, pk, run_pk):
    document, run = _run(request, pk, run_pk)
    try:
        failed_copies.retry(run, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, error.sentences[0])
    else:
        messages.success(request, _("已继续编制。"))
    return redirect("documents:copies", document.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def copies_unnumbered(request, pk, run_pk):
    """不编份号发送, when the copies could not be made."""
    document, run = _run(request, pk, run_pk)
    if request.method != "POST" and run.state != CopyRun.State.FAILED:
        return redirect("documents:copies", document.pk)
    form = UnnumberedForm(request.POST if request.method == "POST" else None)
    trouble: list[str] = []
    if form.is_valid():
        try:
            failed_copies.send_unnumbered(run, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已改为不编份号发送，正在送达。"))
            return redirect("documents:readers", document.pk)
    context = {"document": document, "run": run, "form": form, "trouble": trouble}
    return render(request, "documents/copies_unnumbered.html", context, status=422 if form.is_bound else 200)


@require_safe
def copies_zip(request, pk, run_pk):
    """All copies of one run for the printer, streamed: never more than one of them is in memory."""
    document, run = _run(request, pk, run_pk)
    if run.state != CopyRun.State.DONE or not run.copies.filter(copies.THERE).exists():
        raise Http404
    stamp = words_of(document, timezone.localdate())
    facts = {"copies": run.total, "template": run.template_sha256}
    note_download(request, document, {**facts, **({"stamp": stamp[0]} if stamp else {})})
    response = StreamingHttpResponse(copies.zipped(run, stamp), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"{document.document_number} 份号印件.zip")
    return response


@require_safe
def copy_pdf(request, pk, copy_pk):
    """One copy: for whom it is made out, and for the keeper; for everybody else it does not exist."""
    document = fetch(request, pk)
    wanted = get_object_or_404(Copy.objects.select_related("run"), copies.THERE, pk=copy_pk, document=document)
    mine = copies.copy_of(document, request.user)
    if not keeps(request.user, document) and (mine is None or mine.pk != wanted.pk):
        raise Http404
    return hand_out_copy(request, document, wanted)


def hand_out_copy(request, document: Document, copy: Copy) -> HttpResponse:
    """As it was made; of a void paper a copy of it that says so."""
    stamp = words_of(document, timezone.localdate())
    try:
        whole = sheets.marked(copies.assembled(copy), stamp)
    except Busy as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    facts = {"copy": str(copy), "sha256": copy.sha256}
    note_download(request, document, {**facts, **({"stamp": stamp[0]} if stamp else {})})
    return FileResponse(
        iter([whole]),
        as_attachment="download" in request.GET,
        filename=f"{document.document_number} {copies.file_name(copy)}",
        content_type="application/pdf",
    )
