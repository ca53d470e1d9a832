"""服务事项: asking, the list and its figures, one of them with what this person may do about it."""

from datetime import datetime, timedelta

from django.contrib import messages
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officehub.approvals.decide import DecisionRefused
from officehub.inbox.errands import see_all
from officehub.moves import TooLate, events_of
from officehub.people.grants import on_visible
from officehub.people.models import Organ, served_organs
from officehub.web.listing import newest_first
from officehub.web.office_time import WorkingDays, due_label
from officehub.web.views import for_the_office
from officehub.workdays.calendar import midnight
from tasks.models import ServiceRequest, Task
from tasks.serving import deeds
from tasks.serving.figures import figures
from tasks.serving.forms import AnswerForm, AskForm, FilterForm, RateForm, TakeUpForm

STATE = ServiceRequest.State


def fetch(request, pk: int) -> ServiceRequest:
    """A request this person may see."""
    rows = ServiceRequest.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(rows.select_related("organ__office", "unit", "asker", "task"), pk=pk)


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def ask_service(request):
    now, sent = timezone.now(), request.POST if request.method == "POST" else None
    form = AskForm(sent, person=request.user, today=timezone.localdate(now))
    trouble: list[str] = []
    if form.is_bound and form.is_valid():
        try:
            made = deeds.ask(**form.cleaned_data, by=request.user, now=now)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已提出，答复时限内会有人答复。"))
            return redirect("tasks:request", made.pk)
    context = {"form": form, "trouble": trouble}
    return render(request, "tasks/request_new.html", context, status=422 if form.is_bound else 200)


# --- the ledger -----------------------------------------------------------------------------------------------------


def kept_organs(person) -> list[Organ]:
    """The organs whose ledger of requests a person keeps: those they receive requests for."""
    return [organ for organ in served_organs(person) if deeds.is_receiver(person, organ)]


def filtered(person, asked, now: datetime):
    """The requests somebody may read, as far as the filters let them through; the filters; whether all are theirs to
    keep."""
    organs = kept_organs(person)
    rows = ServiceRequest.objects.all()
    if organs:  # the sum keeps the planner on the index by time
        rows = rows.alias(kept=F("organ_id") + 0).filter(kept__in=[organ.pk for organ in organs])
    else:
        rows = on_visible(rows, "pk", person, now)
    form = FilterForm(asked or None)
    form.is_valid()
    given = getattr(form, "cleaned_data", {})
    if words := given.get("words"):
        rows = rows.filter(Q(title__icontains=words) | Q(unit__name__icontains=words))
    if given.get("state"):
        rows = rows.filter(state=given["state"])
    if given.get("since"):
        rows = rows.filter(asked_at__gte=midnight(given["since"]))
    if given.get("until"):
        rows = rows.filter(asked_at__lt=midnight(given["until"] + timedelta(days=1)))
    if given.get("overdue"):
        rows = rows.filter(state__in=ServiceRequest.OPEN, due_at__lt=now)
    return rows, form, bool(organs)


@for_the_office
@require_safe
def requests(request):
    now = timezone.now()
    rows, form, keeps = filtered(request.user, request.GET, now)
    page = newest_first(rows.select_related("unit", "asker"), "asked_at", request.GET.get("after", ""))
    days = WorkingDays((one.due_at for one in page.rows), now)
    for one in page.rows:
        one.due = due_label(one.due_at, now, days) if one.state in ServiceRequest.OPEN else None
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        "page": page, "form": form, "keeps": keeps, "asked": asked.urlencode(), "figures": figures(rows),
        "query": asked.urlencode() + "&" if asked else "",
    }  # fmt: skip
    return render(request, "tasks/requests.html", context)


# --- one of them ------------------------------------------------------------------------------------------------------


@for_the_office
@require_safe
def request_detail(request, pk):
    found, now = fetch(request, pk), timezone.now()
    see_all(found, request.user, now)
    return _shown(request, found, now)


def _shown(request, found: ServiceRequest, now: datetime, *, forms=None, trouble=(), opened=""):
    answers = list(found.answers.select_related("by", "task").order_by("round"))
    linked = [one.task_id for one in [found, *answers] if one.task_id]
    opens = Task.objects.filter(pk__in=linked).visible_to(request.user, now).values_list("pk", flat=True)
    due = due_label(found.due_at, now, WorkingDays([found.due_at], now)) if found.state in found.OPEN else None
    context = {
        "found": found, "answers": answers, "opens": set(opens), "due": due, "trouble": trouble, "opened": opened,
        "events": events_of(found).select_related("actor").order_by("seq"), **_offered(request.user, found),
        **(forms or {}),
    }  # fmt: skip
    return render(request, "tasks/request.html", context, status=422 if trouble or opened else 200)


def _offered(person, found: ServiceRequest) -> dict:
    """What this person may do about it now: the forms, by the names of the deeds."""
    offered: dict = {}
    if deeds.is_receiver(person, found.organ):
        if found.state in found.OPEN and not (found.task and found.task.is_open):
            offered["answer"] = AnswerForm(initial={"seen_round": found.round})
        if found.state in (STATE.ASKED, STATE.REDO):
            offered["take_up"] = TakeUpForm(request=found, person=person)
    if found.asker_id == person.pk:
        offered |= {"rate": RateForm()} if found.state == STATE.ANSWERED else {}
        offered["may_withdraw"] = found.state == STATE.ASKED
    return offered


def receivers_request(request, pk: int) -> ServiceRequest:
    found = fetch(request, pk)
    if not deeds.is_receiver(request.user, found.organ):
        raise Http404
    return found


def askers_request(request, pk: int) -> ServiceRequest:
    found = fetch(request, pk)
    if found.asker_id != request.user.pk:
        raise Http404
    return found


@for_the_office
@require_POST
def answer_request(request, pk):
    found, now = receivers_request(request, pk), timezone.now()
    _refuse_late(found, found.OPEN, "answer")
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, now, forms={"answer": form}, opened="answer")
    try:
        deeds.answer(found, **form.cleaned_data, by=request.user, now=now)
    except DecisionRefused as error:
        return _shown(request, found, now, forms={"answer": form}, trouble=error.sentences)
    messages.success(request, _("已答复，请提出人评价。"))
    return redirect("tasks:request", pk)


@for_the_office
@require_POST
def take_up_request(request, pk):
    found, now = receivers_request(request, pk), timezone.now()
    _refuse_late(found, (STATE.ASKED, STATE.REDO), "take_up")
    form = TakeUpForm(request.POST, request=found, person=request.user)
    if not form.is_valid():
        return _shown(request, found, now, forms={"take_up": form}, opened="take_up")
    try:
        made = deeds.take_up(found, form.plain(), by=request.user, now=now)
    except DecisionRefused as error:
        return _shown(request, found, now, forms={"take_up": form}, trouble=error.sentences, opened="take_up")
    messages.success(request, _("已交办为任务%(number)s。") % {"number": made.number})
    return redirect("tasks:request", pk)


@for_the_office
@require_POST
def rate_request(request, pk):
    found, now = askers_request(request, pk), timezone.now()
    _refuse_late(found, (STATE.ANSWERED,), "rate")
    form = RateForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, now, forms={"rate": form}, opened="rate")
    done = deeds.rate(found, **form.cleaned_data, by=request.user, now=now)
    messages.success(request, _("已提交评价。") if done.state == STATE.CLOSED else _("已提交评价，将重新办理。"))
    return redirect("tasks:request", pk)


@for_the_office
@require_POST
def withdraw_request(request, pk):
    deeds.withdraw(askers_request(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("已撤回。"))
    return redirect("tasks:request", pk)


def _refuse_late(found: ServiceRequest, states, wanted: str) -> None:
    """Whoever comes after another learns who was first."""
    if found.state not in states:
        raise TooLate(found, wanted)
