"""One task: what, why, who and by when; what is mine to do with it; what was done so far."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from officehub.approvals import phrases
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.files.keep import hand_out
from officehub.inbox.errands import see_all
from officehub.moves import TooLate
from officehub.people.models.persons import addressable
from officehub.web import picking
from officehub.web.office_time import WorkingDays, due_label
from tasks.course import files_by_moment, lines
from tasks.deeds import DEEDS, Deed, Mine, did_before, open_to
from tasks.limits import soon
from tasks.models import Evidence, Participation, Report, Task
from tasks.picking import PICKERS
from tasks.tree import tree_of
from tasks.views import fetch

SHOWN_PARTS = ("asked", "accepted", "done", "sent_back")


@require_safe
def detail(request, pk):
    task = fetch(request, pk)
    see_all(task, request.user, timezone.now())
    return render(request, "tasks/detail.html", page(request, task))


def page(request, task: Task, refused=None, trouble=()) -> dict:
    """Everything the page shows to this person; `refused` is the bound form of the deed that was not done just now."""
    now, person = timezone.now(), request.user
    mine = Mine(task, person, now)
    cards = [_card(deed, target, task, person, refused, now) for deed, target in open_to(mine).values()]
    files = list(task.files.select_related("stored", "report").order_by("id"))
    return {
        "task": task,
        "now": now,
        "signal": task.signal(now, soon(now)),
        "past_original": task.was_extended and task.is_past_original(now),
        "due": due_label(task.due_at, now, WorkingDays([task.due_at], now)),
        "main": [card for card in cards if card["deed"].main],
        "more": [card for card in cards if not card["deed"].main],
        "trouble": trouble,
        "handed_in": _handed_in(task, cards, files),
        "given_files": [one for one in files if one.report_id is None],
        "assisting": _assisting(task),
        "milestones": list(task.milestones.select_related("done_by")),
        "extensions": list(task.extensions.select_related("by", "decided_by").order_by("id")),
        "tree": tree_of(task, person, now),
        "course": lines(task, files_by_moment(files)),
        "papers": _papers(task, person, now),
        "phrases": phrases.phrases_of(person),
        "may_split": task.state == Task.State.IN_PROGRESS and (mine.leads or mine.heads),
        "may_write": task.state in (Task.State.DRAFT, Task.State.SENT_BACK) and mine.gave,
    }


def _card(deed: Deed, target, task: Task, person, refused, now) -> dict:
    """A deed with its form; the one refused just now with what was typed."""
    again = refused is not None and refused[0] == deed.name
    more = {"task": task, "person": person, "target": target, "name": deed.name, "today": timezone.localdate(now)}
    form = refused[1] if again else deed.form(**more)
    url = reverse("tasks:do", args=[task.pk, deed.name])
    late = deed.name == "ask_extension" and not again and task.due_at < now
    box = f"{deed.name}-{deed.phrases}" if deed.phrases else ""
    return {"deed": deed, "form": form, "target": target, "url": url, "open": again, "box": box, "late": late}


def _assisting(task: Task) -> list[Participation]:
    rows = Participation.objects.filter(task=task, role="assist", state__in=SHOWN_PARTS)
    return list(rows.select_related("unit", "person").order_by("id"))


def _handed_in(task: Task, cards: list[dict], files: list[Evidence]) -> dict | None:
    """What the verifier decides on: the result as it was handed in last, with its files."""
    if not any(card["deed"].name == "verify" for card in cards):
        return None
    report = task.reports.filter(sort=Report.Sort.RESULT).select_related("by").order_by("-id").first()
    return report and {"report": report, "files": [one for one in files if one.report_id == report.pk]}


def _papers(task: Task, person, now) -> list[tuple[str, str]]:
    """The paper a task comes from: its name, and where it is read by whoever may."""
    paper = task.document or task.incoming
    if paper is None:
        return []
    door = "documents:detail" if task.document_id else "documents:incoming_detail"
    may = type(paper).objects.filter(pk=paper.pk).visible_to(person, now).exists()
    return [(str(paper), reverse(door, args=[paper.pk]) if may else "")]


@require_POST
def do(request, pk, deed):
    """One deed. Who is not asked for it finds no such door; who was asked and comes too late is told who was first."""
    task, found = fetch(request, pk), DEEDS.get(deed)
    if found is None:
        raise Http404
    now = timezone.now()
    mine = Mine(task, request.user, now)
    target = found.may(mine)
    if target is None:
        if did_before(mine, found):
            raise TooLate(task, deed)
        raise Http404
    form = found.form(
        request.POST, request.FILES, task=task, person=request.user, target=target, name=found.name,
        today=timezone.localdate(now),
    )  # fmt: skip
    if not form.is_valid():
        return _again(request, task, found, form, ())
    try:
        found.act(task, target, form.cleaned_data, request.POST.get("way", ""), request.user, now)
    except DecisionRefused as error:
        return _again(request, task, found, form, error.sentences)
    except NeedsReason:
        return _again(request, task, found, form, [_("须写明理由。")])
    except ValidationError as error:
        return _again(request, task, found, form, error.messages)
    messages.success(request, found.said(request.POST.get("way", "")))
    return redirect("tasks:detail", pk)


def _again(request, task: Task, deed: Deed, form, trouble):
    context = page(request, fetch(request, task.pk), (deed.name, form), trouble)
    return render(request, "tasks/detail.html", context, status=422)


@require_safe
def printed(request, pk):
    """任务交办单, to be printed."""
    task = fetch(request, pk)
    now = timezone.now()
    context = {
        "task": task,
        "assisting": _assisting(task),
        "milestones": list(task.milestones.all()),
        "extensions": list(task.extensions.filter(state="granted").order_by("id")),
        "reports": list(task.reports.select_related("by").order_by("id")),
        "papers": _papers(task, request.user, now),
        "printed_at": now,
    }
    return render(request, "tasks/print.html", context)


@require_safe
def file(request, pk):
    """A file of a task one may see."""
    found = get_object_or_404(Evidence.objects.select_related("stored"), pk=pk)
    fetch(request, found.task_id)
    return hand_out(found.stored, inline="inline" in request.GET)


@require_safe
def people(request):
    """The people that the search of a picker finds."""
    picker = PICKERS.get(request.GET.get("picker", ""))
    if picker is None:
        raise Http404
    return picking.answer(request, picker, addressable())
