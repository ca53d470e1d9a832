"""One paper and its course: as printed on the left, what is mine to do on the right, what went before below it."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from documents import receive, sheets
from documents.course import course_of, what_next
from documents.forms import DecisionForm
from documents.interchange import Refused
from documents.models import Document, Receipt
from documents.paper.process import RenderFailed
from documents.review import findings
from documents.signing import FIVE_POINTS
from documents.views import fetch, inside
from documents.views.issuing import todo_here
from documents.views.paper import addresses, printed
from officehub.approvals import decide as engine
from officehub.approvals import phrases
from officehub.approvals.models import Run, Step
from officehub.approvals.plan import NobodyFound
from officehub.moves import TooLate

AGREE_LABELS = {"vet": "核稿通过", "sign_off": "同意并签发", "countersign": "同意"}


@require_safe
def detail(request, pk):
    document = fetch(request, pk)
    receive.note_opening(document, request.user, timezone.now())
    return render(request, "documents/detail.html", page(request, document))


def page(request, document: Document, form: DecisionForm | None = None, trouble: list[str] | None = None) -> dict:
    """Everything the page of a paper shows to this person."""
    now, run = timezone.now(), engine.run_of(document)
    step, insider = my_step(request, run), inside(request, document)
    return {
        "document": document,
        **_paper(document, request.user),
        "step": step,
        "form": form or DecisionForm(),
        "trouble": trouble or [],
        "agree_label": AGREE_LABELS.get(step.stage.verb, "同意") if step else "",
        "seen": document.content_hash() if step else "",
        "phrases": phrases.phrases_of(request.user) if step else [],
        "five_points": FIVE_POINTS.items() if step and step.stage.verb == "vet" else [],
        "next": what_next(document, run, step, now),
        "course": course_of(document, run, now) if insider else [],
        "attached": document.attached.select_related("stored"),
        "findings": findings(document, "sign", now) if step else [],
        "receipt": Receipt.objects.filter(document=document, reader=request.user).first(),
        "tally": receive.tally(document) if insider and document.state in receive.READABLE else None,
        **todo_here(request, document, run),
    }


def my_step(request, run) -> Step | None:
    """The open step of this person in the run, if any."""
    if run is None:
        return None
    mine = Step.objects.filter(Q(run=run) | Q(run__parent__run=run), approver=request.user, state=Step.State.OPEN)
    mine = mine.filter(run__state=Run.State.RUNNING) if run.state == Run.State.RUNNING else mine.none()
    return mine.select_related("stage", "acting_for", "run__parent").order_by("id").first()


def _paper(document: Document, person) -> dict:
    """The paper as text and its drawn pages, or why they cannot be drawn."""
    try:
        paper, rendition = document.paper(), printed(document)
        if rendition:
            drawn = addresses(sheets.draw_rendition(rendition), person, document)
            return {"sheets": drawn, "rendition": rendition, "paper": paper}
        note = "" if document.signed_at else "审批稿" if document.state == "in_approval" else "草稿"
        return {"sheets": addresses(sheets.draw(paper, note), person, document), "paper": paper}
    except Refused as refused:
        return {"not_drawn": [error.message for error in refused.errors]}
    except RenderFailed as error:
        return {"not_drawn": [str(error)]}


@require_POST
def decide(request, pk, step_pk):
    document = fetch(request, pk)
    run = engine.run_of(document)
    steps = Step.objects.filter(Q(run=run) | Q(run__parent__run=run)).select_related("stage", "run__parent")
    step = get_object_or_404(steps, pk=step_pk, approver=request.user)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _again(request, document, form, [])
    try:
        _decide(request, step, form.cleaned_data)
    except engine.TextChanged:
        return _again(request, document, form, ["文稿在您打开之后有改动，请重新阅读后再办理。"])
    except engine.DecisionRefused as error:
        return _again(request, document, form, error.sentences)
    except NobodyFound as error:
        return _again(request, document, form, error.lacking)
    messages.success(request, "已办理。")
    return redirect("workbench")


def _decide(request, step: Step, given: dict) -> None:
    now = timezone.now()
    if given["decision"] == "return":
        engine.return_(step, by=request.user, now=now, seen=given["seen"], reason=given["reason"])
    else:
        extra = {name: True for name in (*FIVE_POINTS, "disclosure_confirmed") if request.POST.get(name)}
        opinion = given["opinion"].strip() or "同意"
        engine.agree(step, by=request.user, now=now, seen=given["seen"], opinion=opinion, extra=extra)
        if given["keep"]:
            phrases.keep(request.user, opinion)


def _again(request, document, form, trouble):
    """The page once more with what was typed; when the step is gone meanwhile, how it stands now."""
    document.refresh_from_db()
    if my_step(request, engine.run_of(document)) is None:
        raise TooLate(document, "decide")
    return render(request, "documents/detail.html", page(request, document, form, trouble), status=422)
