"""征求意见 at the side of who is asked: the text as it was sent, and the answer of one's department; nothing else."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.consulting import answers
from documents.consulting.forms import AnswerForm
from documents.interchange import parse
from documents.keeping.emptying import is_destroyed
from documents.models import Consultation, Consulted
from documents.views.deciding import why
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import record
from officehub.files.keep import hand_out, keeping
from officehub.inbox.errands import see_all
from officehub.moves import TooLate


def asked(request, pk) -> Consulted:
    """What this person's department was asked; for everybody else there is no such page."""
    rows = Consulted.objects.visible_to(request.user, timezone.now())
    people = ("consultation__document", "consultation__by__department", "department", "answered_by", "responsible")
    return get_object_or_404(rows.select_related(*people), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def consulted(request, pk):
    row, now = asked(request, pk), timezone.now()
    see_all(row, request.user, now)
    is_open = row.state in answers.OPEN_TO_ANSWERS and row.consultation.state == Consultation.State.OPEN
    may = is_open and answers.may_answer(row, request.user, now)
    if request.method == "POST" and not may:
        raise TooLate(row, "consult_answer")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AnswerForm(*given, consulted=row, person=request.user, today=timezone.localdate(now)) if may else None
    trouble = _answer(request, row, form, now) if form and form.is_valid() else []
    if form and form.is_bound and not trouble and not form.errors:
        messages.success(request, _("已答复。"))
        return redirect("workbench")
    context = {**_shown(row, now), "form": form, "trouble": trouble}
    return render(request, "documents/consulted.html", context, status=422 if form and form.is_bound else 200)


def _answer(request, row: Consulted, form: AnswerForm, now) -> list[str]:
    """Give the answer, or say in sentences what keeps it back."""
    said = form.cleaned_data
    try:
        with keeping(said["files"], by=request.user, now=now) as files:
            answers.answer(
                row, by=request.user, now=now, said=said["answer"], text=said["text"],
                responsible=said.get("responsible"), files=files,
            )  # fmt: skip
    except (DecisionRefused, NeedsReason) as error:
        return why(error)
    except ValidationError as error:
        form.add_error("files", error)
    return []


def _shown(row: Consulted, now) -> dict:
    sent = row.consultation
    others = sent.asked.exclude(pk=row.pk).select_related("department", "answered_by", "responsible")
    return {
        "row": row,
        "sent": sent,
        "document": sent.document,
        "paper": None if is_destroyed(sent.document) else parse(sent.content, settings.CLASSIFIED_ENABLED),
        "files": sent.files.filter(consulted=None).select_related("stored"),
        "own_files": row.files.select_related("stored"),
        "others": others if settings.CONSULTATION_SHARE_ANSWERS else (),
        "is_late": now > sent.due_at and not sent.due_provisional,
    }


@require_safe
def consulted_file(request, pk, file_pk):
    """A file sent with the round, or one of the department's own answer."""
    row = asked(request, pk)
    theirs = Q(consulted=None) | Q(consulted=row)
    kept = get_object_or_404(row.consultation.files.filter(theirs).select_related("stored"), pk=file_pk)
    with transaction.atomic():
        record(row, "download", by=request.user, now=timezone.now(), facts={"file": kept.stored.name})
    return hand_out(kept.stored)
