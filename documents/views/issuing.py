"""After sign-off: recheck, number, print, seal, distribute, read, archive; each by those who hold the office for it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents import archive as archiving
from documents import number as numbering
from documents import printing, receive, signing
from documents import seal as sealing
from documents.duties import DUTY
from documents.forms import printable
from documents.keeping import retention
from documents.keeping.forms import ArchiveForm, LeaveOutForm
from documents.keeping.shelve import lacking
from documents.models import Document, LeftOut, Rendition
from documents.numbers.forms import NumberForm
from documents.numbers.registering import foreseen, takes_reason
from documents.picking import PICKERS
from documents.review import findings
from documents.versions.lock import TextTampered
from documents.views import fetch
from documents.views.versions import show_tampered
from officehub.approvals.decide import DecisionRefused, NeedsReason, untouched
from officehub.approvals.models import Run
from officehub.moves import TooLate
from officehub.people.models import Role, role_holders
from officehub.people.models.persons import addressable
from officehub.secrecy import unclassified
from officehub.web.picking import answer


def todo_here(request, document: Document, run: Run | None, refused=None) -> dict:
    """What this person may do to the paper now, and the form for it; `refused` is what was not done just now."""
    person = request.user
    verb, role = DUTY.get(document.state, ("", ""))
    mine = verb if verb and holds(person, document, role) else ""
    files = document.state == Document.State.ARCHIVED and holds(person, document, Role.ARCHIVIST)
    undecided = run is not None and run.state == Run.State.RUNNING and untouched(run)
    return {
        "duty": mine,
        "may_void": document.state == "numbered" and holds(person, document, Role.RECHECKER),
        "may_edit": document.drafter_id == person.pk and document.state in Document.EDITABLE,
        "may_withdraw": document.drafter_id == person.pk and document.state == "in_approval" and undecided,
        **(number_card(document, timezone.now(), refused) if mine == "number" else {}),
        **({"foreseen": findings(document, "sign", timezone.now())} if mine == "recheck" else {}),
        **_filing(document, mine),
        "printing": document.renditions.order_by("-id").first(),
        "files": files,
        "archive_copy": printing.archive_copy_of(document) if files else None,
    }


def _filing(document: Document, mine: str) -> dict:
    """What the archivist needs to file the paper, or to leave it out: the period the table proposes among it."""
    if mine != "archive":
        return {}
    form = ArchiveForm(initial={"retention": retention.proposed(document)})
    left = LeftOut.objects.filter(document=document).first()
    return {
        "archive_form": form,
        "leave_out_form": LeaveOutForm(),
        "left_out": left,
        "lacking": lacking(document.organ, document.department),
    }


def number_card(document: Document, now, refused=None) -> dict:
    """What the numbering asks: which number, and the reasons for what the rules of registering hold against it."""
    series = numbering.series_for(document)
    found = foreseen(document, series[0], now) if series else []
    form = refused.form if refused and refused.name == "number" else None
    return {
        "number_form": form or NumberForm(document=document, series=series, findings=found),
        "foreseen": [finding for finding in found if not takes_reason(finding)],
        "no_series": not series,
    }


def holds(person, document: Document, role: str) -> bool:
    return role_holders(document.organ, role).filter(pk=person.pk).exists()


def dutiful(request, pk: int, role: str) -> Document:
    """The paper, for one who holds the role; for everybody else there is no such page."""
    document = fetch(request, pk)
    if not holds(request.user, document, role):
        raise Http404
    return document


def attempt(request, document: Document, deed, done: str):
    """Make the deed and say so, or say why it was refused; nothing is half done."""
    try:
        deed()
    except TextTampered as error:
        return show_tampered(request, document, error)
    except DecisionRefused as error:
        for sentence in error.sentences:
            messages.error(request, sentence)
    except NeedsReason:
        messages.error(request, _("退回须写明理由。"))
    else:
        messages.success(request, done)
    return redirect("documents:detail", document.pk)


def reason_of(request, most: int) -> str:
    """The reason typed, as far as it is kept. Raises DecisionRefused when it holds what cannot be printed."""
    reason = request.POST.get("reason", "")[:most]
    try:
        printable(reason)
        unclassified(reason)
    except ValidationError as error:
        raise DecisionRefused(error.messages) from None
    return reason


@require_POST
def recheck(request, pk):
    document = dutiful(request, pk, Role.RECHECKER)
    now = timezone.now()
    if request.POST.get("decision") == "return":
        return attempt(
            request,
            document,
            lambda: signing.recheck_return(document, by=request.user, now=now, reason=reason_of(request, 500)),
            _("已退回拟稿人。"),
        )
    deed = lambda: signing.recheck(document, by=request.user, now=now)  # noqa: E731
    return attempt(request, document, deed, _("复核完毕，请编号。"))


@require_POST
def void_number(request, pk):
    """The number stays in the register, empty and explained; the paper goes back to its drafter."""
    document = dutiful(request, pk, Role.RECHECKER)
    return attempt(
        request,
        document,
        lambda: numbering.void(document, by=request.user, now=timezone.now(), reason=reason_of(request, 90)),
        _("原号已作废并登记，公文已退回拟稿人。"),
    )


@require_safe
def progress(request, pk):
    """How far the printing is: asked every second until it is done."""
    document = fetch(request, pk)
    printing_now = document.renditions.order_by("-id").first()
    response = render(request, "documents/progress.html", {"document": document, "printing": printing_now})
    if printing_now and printing_now.state == Rendition.State.DONE and "HX-Request" in request.headers:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def print_again(request, pk):
    document = fetch(request, pk)
    if not any(holds(request.user, document, role) for _verb, role in DUTY.values()):
        raise Http404
    failed = document.renditions.filter(state=Rendition.State.FAILED).first()
    if failed and not printing.retry(failed, timezone.now()):
        raise TooLate(document, "print")
    return redirect("documents:detail", pk)


@require_POST
def seal(request, pk):
    document = dutiful(request, pk, Role.SEAL_KEEPER)
    deed = lambda: sealing.apply_seal(document, by=request.user, now=timezone.now())  # noqa: E731
    return attempt(request, document, deed, _("已用印，正在排印正本。"))


@require_safe
def people(request):
    """Boxes to tick for one picker of this room."""
    picker = PICKERS.get(request.GET.get("picker", ""), PICKERS["person"])
    return answer(request, picker, addressable())


@require_POST
def acknowledge(request, pk):
    document = fetch(request, pk)
    if document.state not in receive.READABLE:
        raise TooLate(document, "acknowledge")
    if receive.acknowledge(document, request.user, timezone.now()):
        messages.success(request, _("已签收。"))
    return redirect("documents:detail", pk)


@require_POST
def archive(request, pk):
    document = dutiful(request, pk, Role.ARCHIVIST)
    form = ArchiveForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择保管期限。"))
        return redirect("documents:detail", pk)
    return attempt(
        request,
        document,
        lambda: archiving.archive(document, **form.cleaned_data, by=request.user, now=timezone.now()),
        _("已归档。"),
    )
