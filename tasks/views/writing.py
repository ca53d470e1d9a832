"""Writing a task down and giving it: in full, or in one sentence on a phone."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from documents.models import Document, Incoming
from officehub.approvals.decide import DecisionRefused
from officehub.people.models.persons import administers
from officehub.web.listing import ids
from tasks import assign
from tasks.forms import InstructForm, TaskForm
from tasks.models import Task
from tasks.views import fetch
from tasks.who import heads_unit

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])
PAPERS = {"document": Document, "incoming": Incoming}


def must_belong(person) -> None:
    """Tasks are given by those who work in a department; the three administrators have no part in business."""
    if person.department is None or administers(person.pk):
        raise Http404


def _sent(request) -> tuple:
    """What a form is bound to: what was posted, even when that was nothing."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


@GET_OR_POST
def new(request):
    """A task in full: alone, from a paper (`document`, `incoming`), or as a part of another (`parent`)."""
    must_belong(request.user)
    paper, parent = _paper(request), _parent(request)
    now = timezone.now()
    more = {"today": timezone.localdate(now), "paper": paper}
    form = TaskForm(*_sent(request), initial=_beginning(paper), **more)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form, paper=paper, parent=parent, status=422 if form.is_bound else 200)
    given = form.task() | ({paper[0]: paper[1]} if paper else {}) | {"parent": parent}
    try:
        made = _write(request, None, given, now)
    except (DecisionRefused, ValidationError) as error:
        return _shown(request, form, paper=paper, parent=parent, trouble=_said(error), status=422)
    return redirect("tasks:detail", made.pk)


@GET_OR_POST
def edit(request, pk):
    """A draft, or a task that was sent back, written anew by whoever gives it."""
    task = fetch(request, pk)
    if task.assigner_id != request.user.pk or task.state not in assign.WRITABLE:
        raise Http404
    now = timezone.now()
    form = TaskForm(*_sent(request), today=timezone.localdate(now), task=task)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, form, task=task, parent=task.parent, status=422 if form.is_bound else 200)
    given = form.task() | {"document": task.document, "incoming": task.incoming}
    try:
        _write(request, task, given, now)
    except (DecisionRefused, ValidationError) as error:
        return _shown(request, form, task=task, parent=task.parent, trouble=_said(error), status=422)
    return redirect("tasks:detail", pk)


def _write(request, task: Task | None, given: dict, now) -> Task:
    """Keep it as a draft, or keep and give it in one transaction, as the button pressed says."""
    drafting = request.POST.get("way") == "draft"
    with transaction.atomic():
        made = assign.write(task, by=request.user, now=now, **given)
        if not drafting:
            made = assign.assign(made, by=request.user, now=now)
    messages.success(request, _("草稿已保存。") if drafting else _("已交办。"))
    return made


def _said(error) -> list[str]:
    return error.sentences if isinstance(error, DecisionRefused) else error.messages


def _paper(request) -> tuple[str, object] | None:
    """The paper a task comes from, as far as this person may see it."""
    for name, model in PAPERS.items():
        for pk in ids([request.GET.get(name, "")]):
            return name, get_object_or_404(model.objects.visible_to(request.user, timezone.now()), pk=pk)
    return None


def _parent(request) -> Task | None:
    """The task to be split, for whoever does it or answers for its unit."""
    for pk in ids([request.GET.get("parent", "")]):
        found, now = fetch(request, pk), timezone.now()
        leads = found.lead_person_id == request.user.pk
        if found.state != Task.State.IN_PROGRESS or not (leads or heads_unit(request.user, found.lead_unit, now)):
            raise Http404
        return found
    return None


def _beginning(paper) -> dict:
    """What a task made from a paper begins with."""
    if paper is None:
        return {}
    name, thing = paper
    number = (thing.document_number or "") if name == "document" else thing.document_number or thing.number
    return {"title": thing.title[:200], "source": name, "source_text": number}


def _shown(request, form, *, task=None, paper=None, parent=None, trouble=(), status=200):
    context = {"form": form, "task": task, "paper": paper, "parent": parent, "trouble": trouble}
    return render(request, "tasks/write.html", context, status=status)


@GET_OR_POST
def instruct(request):
    """批示、交办件: what, to whom, by when; one press gives it."""
    must_belong(request.user)
    now = timezone.now()
    form = InstructForm(*_sent(request), today=timezone.localdate(now))
    if request.method != "POST" or not form.is_valid():
        return render(request, "tasks/instruct.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        made = assign.instruct(by=request.user, now=now, **form.task())
    except DecisionRefused as error:
        context = {"form": form, "trouble": error.sentences}
        return render(request, "tasks/instruct.html", context, status=422)
    messages.success(request, _("已交办：%(number)s") % {"number": made.number})
    return redirect("tasks:detail", made.pk)
