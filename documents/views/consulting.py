"""征求意见 at the drafter's side: ask, see to a round, and settle every opinion."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from documents.consulting import answers, concerns, rounds, settling
from documents.consulting.forms import (
    AskForm,
    CloseForm,
    ExtendForm,
    LetterForm,
    SettleForm,
    WithdrawForm,
)
from documents.consulting.summary import as_workbook, summary
from documents.models import Consultation, ConsultationFile, Consulted, Document
from documents.views import fetch, inside
from documents.views.deciding import why
from documents.views.mine import held
from documents.views.paper import note_download
from officehub.approvals.decide import DecisionRefused, NeedsReason, run_of
from officehub.files.keep import hand_out, keeping
from officehub.moves import TooLate
from officehub.web.workbook import as_excel

DEEDS = {  # how a round is seen to: its form, its words, what is said afterwards
    "extend": (ExtendForm, gettext_lazy("延期"), gettext_lazy("已延期。")),
    "close": (CloseForm, gettext_lazy("结束征求"), gettext_lazy("已结束征求意见。")),
    "withdraw": (WithdrawForm, gettext_lazy("撤回"), gettext_lazy("已撤回。")),
}


def insiders_paper(request, pk) -> Document:
    """A paper whose course is this person's business."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    return document


def may_open(document: Document, person) -> bool:
    return rounds.may_open(document, person, held(document, run_of(document), person))


def seen_to(request, paper_pk, **which) -> Consulted:
    """One row of a paper that this person sees to."""
    document = insiders_paper(request, paper_pk)
    rows = Consulted.objects.filter(consultation__document=document)
    row = get_object_or_404(rows.select_related("consultation__document", "consultation__by", "department"), **which)
    if request.user.pk not in (document.drafter_id, row.consultation.by_id):
        raise Http404
    if document.state not in rounds.UNSIGNED:
        raise TooLate(document, "settle")
    return row


@require_safe
def consultations(request, pk):
    """征求意见情况: every round, what each department said and what became of it."""
    document = insiders_paper(request, pk)
    return render(request, "documents/consultations.html", _page(request, document))


def _page(request, document: Document) -> dict:
    found = summary(document)
    person, open_state = request.user, Consultation.State.OPEN
    for sent in found.rounds if found else ():
        sent.mine = rounds.may_see_to(document, person, sent.by_id)
        sent.may_end = sent.mine and sent.state == open_state
    return {
        "document": document,
        "summary": found,
        "standings": concerns.standings(document),
        "may_open": may_open(document, person),
        "may_note": rounds.may_see_to(document, person),
        "may_state": document.state in Document.EDITABLE and document.drafter_id == person.pk,
        "deeds": [(name, words) for name, (_form, words, _done) in DEEDS.items()],
    }


@require_safe
def export_consultations(request, pk):
    document = insiders_paper(request, pk)
    found = summary(document)
    if found is None:
        raise Http404
    note_download(request, document, {"consultations": len(found.rows)})
    name = f"征求意见情况汇总表 {document.title}.xlsx"
    return as_excel(name, as_workbook(found))


@require_http_methods(["GET", "HEAD", "POST"])
def open_consultation(request, pk):
    document = insiders_paper(request, pk)
    step = held(document, run_of(document), request.user)
    if not rounds.may_open(document, request.user, step):
        if document.drafter_id != request.user.pk:
            raise Http404
        raise TooLate(document, "consult")
    form, trouble = AskForm(request.POST if request.method == "POST" else None, document=document), []
    if form.is_valid():
        given = form.cleaned_data
        try:
            rounds.open_round(document, by=request.user, now=timezone.now(), step=step, **given)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已发出征求意见。"))
            return redirect("documents:consultations", pk)
    context = {"document": document, "form": form, "trouble": trouble, "limit": rounds.limit(document)}
    return render(request, "documents/consultation_new.html", context, status=422 if form.is_bound else 200)


# --- a round -----------------------------------------------------------------------------------------------------


def my_round(request, pk, round_pk) -> Consultation:
    document = insiders_paper(request, pk)
    sent = get_object_or_404(document.consultations.select_related("document", "by"), pk=round_pk)
    if request.user.pk not in (document.drafter_id, sent.by_id):
        raise Http404
    if not rounds.may_see_to(document, request.user, sent.by_id) or sent.state != Consultation.State.OPEN:
        raise TooLate(sent, "close")
    return sent


@require_http_methods(["POST"])
def chase_consultation(request, pk, round_pk):
    sent = my_round(request, pk, round_pk)
    try:
        told = rounds.chase(sent, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, "".join(error.sentences))
    else:
        messages.success(request, _("已催复：%(people)s。") % {"people": "、".join(map(str, told))})
    return redirect("documents:consultations", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def change_consultation(request, pk, round_pk, deed):
    """Extend, close or withdraw a round."""
    sent = my_round(request, pk, round_pk)
    if deed not in DEEDS:
        raise Http404
    form_of, words, done = DEEDS[deed]
    form, trouble = form_of(request.POST if request.method == "POST" else None), []
    if form.is_valid():
        try:
            getattr(rounds, deed)(sent, by=request.user, now=timezone.now(), **form.cleaned_data)
        except (DecisionRefused, NeedsReason) as error:
            trouble = why(error)
        else:
            messages.success(request, str(done))
            return redirect("documents:consultations", pk)
    context = {"document": sent.document, "sent": sent, "form": form, "label": words, "trouble": trouble}
    return render(request, "documents/consultation_deed.html", context, status=422 if form.is_bound else 200)


# --- an opinion ----------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request, pk, consulted_pk):
    row = seen_to(request, pk, pk=consulted_pk, answer__in=Consulted.OPINIONS)
    form, trouble = SettleForm(request.POST if request.method == "POST" else None, consulted=row), []
    if form.is_valid():
        try:
            settling.settle(row, by=request.user, now=timezone.now(), **form.cleaned_data)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已记下。"))
            return redirect("documents:consultations", pk)
    context = {"document": row.consultation.document, "row": row, "form": form, "trouble": trouble}
    return render(request, "documents/consultation_settle.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def record_letter(request, pk, consulted_pk):
    """The letter of a unit outside the system."""
    now = timezone.now()
    row = seen_to(request, pk, pk=consulted_pk, department=None)
    if row.state not in answers.OPEN_TO_ANSWERS:
        raise TooLate(row, "consult_answer")
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form, trouble = LetterForm(*given, consulted=row, person=request.user, today=timezone.localdate(now)), []
    if form.is_valid():
        try:
            _record(row, form.cleaned_data, request.user, now)
        except (DecisionRefused, NeedsReason) as error:
            trouble = why(error)
        except ValidationError as error:
            form.add_error("files", error)
        else:
            messages.success(request, _("已登记。"))
            return redirect("documents:consultations", pk)
    context = {"document": row.consultation.document, "row": row, "form": form, "trouble": trouble}
    return render(request, "documents/consultation_letter.html", context, status=422 if form.is_bound else 200)


def _record(row: Consulted, given: dict, person, now) -> None:
    with keeping(given["files"], by=person, now=now) as files:
        said = {"said": given["answer"], "text": given["text"], "number": given["number"], "dated": given["dated"]}
        answers.record_letter(row, by=person, now=now, files=files, **said)


@require_safe
def consultation_file(request, pk, file_pk):
    document = insiders_paper(request, pk)
    kept = get_object_or_404(ConsultationFile.objects.select_related("stored"), pk=file_pk,
                             consultation__document=document)  # fmt: skip
    note_download(request, document, {"consultation_file": kept.stored.name})
    return hand_out(kept.stored)
