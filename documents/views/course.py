"""One paper and its course: as printed on the left, what is mine to do on the right, what went before below it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents import pictures, receive, sheets
from documents.annulling.deed import may_record
from documents.annulling.stamp import words_of
from documents.consulting.panel import beside as tied
from documents.course import Course
from documents.interchange import Refused as NotAPaper
from documents.keeping.kept import DISCLOSURE_KEEPERS
from documents.models import DisclosureRecord, Document, Receipt
from documents.paper.process import RenderFailed
from documents.review import findings
from documents.versions.looks import note_look
from documents.views import fetch, inside
from documents.views.asking import stub_for
from documents.views.issuing import todo_here
from documents.views.mine import Refused, asked_of_me, decision, held, of_run, oversight, to_take_back
from documents.views.paper import addresses, note_download, printed
from documents.views.sent import beside as sending_beside
from officehub.approvals.decide import run_of
from officehub.approvals.models import OpinionFile, Run, Step
from officehub.files.keep import hand_out
from officehub.inbox.errands import see_all


@require_safe
def detail(request, pk):
    try:
        document, now = fetch(request, pk), timezone.now()
    except Http404:
        if called := stub_for(request, pk):  # the paper was called back from them, and the stub says so
            return redirect("documents:recalled", called.pk)
        raise
    receive.note_opening(document, request.user, now)
    see_all(document, request.user, now)
    return render(request, "documents/detail.html", page(request, document))


def page(request, document: Document, refused: Refused | None = None) -> dict:
    """Everything the page of a paper shows to this person; `refused` is the deed that was not done just now."""
    now, run, person = timezone.now(), run_of(document), request.user
    step, insider = held(document, run, person), inside(request, document)
    mine = step if step and step.state == Step.State.OPEN else None
    course = Course(document, run, now)
    beside = {
        **decision(document, step, person, refused, request.POST.get("typed", "")[:2000], now),
        **oversight(document, run, person, refused),
    }
    return {
        "document": document,
        **drawn_paper(document, person),
        "trouble": refused.trouble if refused and not _in_a_dialog(beside) else (),
        "suspended": run is not None and run.state == Run.State.SUSPENDED,
        **beside,
        **asked_of_me(document, run, person, refused),
        **to_take_back(document, run, person),
        "next": course.what_next(mine) if mine else "",
        "course": course.lines() if insider else [],
        **_texts(course, document, person, mine, insider),
        "attached": document.attached.select_related("stored"),
        "findings": findings(document, "sign", now) if mine else [],
        "annulments": document.annulments.filter(undone_at=None).select_related("decided_by", "basis")
        if document.annulled
        else [],
        "may_annul": may_record(document, person),
        "receipt": Receipt.objects.filter(document=document, reader=person).first(),
        "disclosed": DisclosureRecord.objects.filter(document=document).first() if insider else None,
        "keeps_disclosure": insider and person.has_role(*DISCLOSURE_KEEPERS),
        "tally": receive.tally(document) if insider and document.state in receive.READABLE else None,
        **todo_here(request, document, run, refused),
        **tied(document, person, step, insider=insider, now=now),
        **sending_beside(request, document),
    }


def _in_a_dialog(beside: dict) -> bool:
    """Whether what was refused is said in a dialog that stands open, so that it need not be said twice."""
    return any(dialog.open for dialog in [*beside.get("dialogs", ()), *beside.get("halts", ())])


def again(request, document: Document, refused: Refused):
    """The page once more, with why a deed was refused and what was typed for it."""
    document.refresh_from_db()
    return render(request, "documents/detail.html", page(request, document, refused), status=422)


def _texts(course: Course, document: Document, person, mine: Step | None, insider: bool) -> dict:
    """How many versions there are, and whether the paper was changed since this person last looked at it."""
    if not insider:
        return {}
    current = course.versions[-1] if course.versions else None
    since = note_look(document, person, current)
    shown = since if since and (since.fresh or mine) else None
    return {"versions": len(course.versions), "changed_since": shown}


def drawn_paper(document: Document, person) -> dict:
    """The paper as text and its drawn pages, or why they cannot be drawn."""
    try:
        paper, rendition = document.paper(), printed(document)
        if rendition:
            stamp = words_of(document, timezone.localdate())
            drawn = addresses(sheets.draw_rendition(rendition, stamp), person, document)
            return {"sheets": drawn, "rendition": rendition, "paper": paper}
        note = "" if document.signed_at else "审批稿" if document.state == "in_approval" else "草稿"
        drawn = sheets.draw(paper, note, pictures.held(document, paper))
        return {"sheets": addresses(drawn, person, document), "paper": paper}
    except NotAPaper as refused:
        return {"not_drawn": [error.message for error in refused.errors]}
    except RenderFailed as error:
        return {"not_drawn": [str(error)]}


@require_safe
def opinion_file(request, pk, file_pk):
    """A file that came with an opinion, for those whose business the course is."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    run = run_of(document)
    of_it = Step.objects.filter(of_run(run)).values("pk")
    kept = get_object_or_404(OpinionFile.objects.select_related("stored"), pk=file_pk, step__in=of_it)
    note_download(request, document, {"opinion_file": kept.stored.name})
    return hand_out(kept.stored)
