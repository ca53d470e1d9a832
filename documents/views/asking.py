"""转阅, 请求扩大分送 and 清退: what whoever received a paper may do with it, and what the issuer answers and asks."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from documents.models import Document, Recall, Widening
from documents.receive import READABLE
from documents.sending import further as sending_on
from documents.sending import recalling, widen
from documents.sending.forms import (
    AnswerWideningForm,
    AskWideningForm,
    CloseRecallForm,
    ConfirmReturnForm,
    PassOnForm,
    RecallForm,
)
from documents.sending.recall_choice import choice, turns
from documents.views import fetch
from documents.views.distributing import choosing, warn
from documents.views.issuing import dutiful
from documents.views.sent import keeps
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.errands import see_all
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate
from officehub.people.models import Role
from officehub.web.listing import ids, soonest_first
from officehub.workdays.arithmetic import Unit, due_at


@require_http_methods(["GET", "HEAD", "POST"])
def pass_on(request, pk, line_pk):
    document = fetch(request, pk)
    mine = sending_on.passable(document, request.user, timezone.localdate())
    line = get_object_or_404(mine.select_related("department", "distribution__document"), pk=line_pk)
    form = PassOnForm(request.POST if request.method == "POST" else None)
    trouble: list[str] = []
    if form.is_valid():
        given = form.cleaned_data
        try:
            sending_on.pass_on(line, given["people"], by=request.user, now=timezone.now(), note=given["note"])
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            names = "、".join(person.name for person in given["people"])
            messages.success(request, _("已转阅：%(names)s。") % {"names": names})
            return redirect("documents:detail", pk)
    context = {"document": document, "line": line, "form": form, "trouble": trouble}
    return render(request, "documents/pass_on.html", context, status=422 if form.is_bound else 200)


# --- 请求扩大分送 -----------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def ask_widening(request, pk):
    document = fetch(request, pk)
    if document.state not in READABLE:
        raise TooLate(document, "ask_widening")
    form = AskWideningForm(request.POST if request.method == "POST" else None, person=request.user)
    trouble: list[str] = []
    if form.is_valid():
        try:
            widen.ask(document, form.whom(), by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            warn(request, form)
            messages.success(request, _("已送%(organ)s批准。") % {"organ": document.organ.name})
            return redirect("documents:detail", pk)
    context = {"document": document, "trouble": trouble, **choosing(form, request.user)}
    return render(request, "documents/ask_widening.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def widening(request, widening_pk):
    """The request: for who asked, for who may decide, and for the keeper."""
    found = Widening.objects.select_related(
        "document__organ__office", "document__drafter", "document__department", "asked_by__department", "decided_by"
    )
    asked = get_object_or_404(found, pk=widening_pk)
    decides = widen.may_decide(asked, request.user)
    had = WorkItem.objects.of(asked).filter(assignee=request.user)
    if not (decides or asked.asked_by_id == request.user.pk or keeps(request.user, asked.document) or had.exists()):
        raise Http404
    see_all(asked, request.user, timezone.now())
    form = AnswerWideningForm(request.POST if request.method == "POST" else None)
    trouble: list[str] = []
    if request.method == "POST":
        if not decides:
            raise Http404
        if form.is_valid():
            try:
                _answer(request, asked, form.cleaned_data["answer"])
            except NeedsReason:
                trouble = [_("不批准须写明理由。")]
            except DecisionRefused as error:
                trouble = error.sentences
            else:
                return redirect("documents:widening", asked.pk)
    visible = Document.objects.filter(pk=asked.document_id).visible_to(request.user, timezone.now()).exists()
    context = {
        "asked": asked, "whom": widen.asked_whom(asked), "form": form, "trouble": trouble, "opens": visible,
        "decides": decides and asked.state == Widening.State.OPEN,
    }  # fmt: skip
    return render(request, "documents/widening.html", context, status=422 if request.method == "POST" else 200)


def _answer(request, asked: Widening, answer: str) -> None:
    if request.POST.get("decision") == "agree":
        widen.agree(asked, by=request.user, now=timezone.now(), answer=answer)
        messages.success(request, _("已批准，正在送达。"))
    else:
        widen.refuse(asked, by=request.user, now=timezone.now(), answer=answer)
        messages.success(request, _("已答复不予批准。"))


# --- 清退 -------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def recall_paper(request, pk):
    """Call a paper back, from all or from those ticked; what was ticked and typed stays when something is refused, or
    when another page of addressees is asked for."""
    document, now = dutiful(request, pk, Role.REGISTRY_CLERK), timezone.now()
    if document.state not in READABLE:
        raise TooLate(document, "recall_paper")
    proposed, provisional = due_at(now, settings.RECALL_LIMIT_WORKING_DAYS, Unit.WORKING_DAYS)
    day = timezone.localdate(proposed)
    turning = turns(request.POST)
    start = {"due_on": day.isoformat(), **(request.POST.dict() if turning else {})}
    posted = request.POST if request.method == "POST" and not turning else None
    form = RecallForm(posted, today=timezone.localdate(now), provisional=provisional, initial=start)
    trouble: list[str] = []
    if form.is_valid():
        chosen = None if request.POST.get("from") == "all" else ids(request.POST.getlist("lines"))
        given = form.cleaned_data
        try:
            called = recalling.recall(
                document, chosen, by=request.user, now=now, reason=given["reason"], due_at=form.due_at(),
                access=given["access"],
            )  # fmt: skip
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已发出清退通知。"))
            return redirect("documents:recalled", called.pk)
    context = {"document": document, "form": form, "trouble": trouble, "choice": choice(document, request.POST)}
    return render(request, "documents/recall.html", context, status=422 if form.is_bound else 200)


def _called(request, recall_pk: int) -> tuple[Recall, bool]:
    """The recall and whether this person keeps the paper; 404 for whom it does not concern."""
    found = Recall.objects.select_related("document__organ__office", "by__department", "closed_by")
    called = get_object_or_404(found, pk=recall_pk)
    keeper = keeps(request.user, called.document)
    had = WorkItem.objects.of(called).filter(assignee=request.user).exists()
    concerned = recalling.recalls_from(called.document_id, request.user).filter(pk=called.pk)
    if not (keeper or had or concerned.exists()):
        raise Http404
    return called, keeper


@require_http_methods(["GET", "HEAD"])
def recalled(request, recall_pk):
    """The recall's page: what the holder is asked for, and the keeper's list of what has not come back."""
    called, keeper = _called(request, recall_pk)
    now = timezone.now()
    see_all(called, request.user, now)
    return render(request, "documents/recalled.html", _page(request, called, keeper))


def _page(request, called: Recall, keeper: bool, trouble=(), close_form=None) -> dict:
    shown = "all" if request.GET.get("shown") == "all" else "out"
    rows = called.returns.select_related("addressee__department", "addressee__person__department", "confirmed_by")
    if shown == "out":
        rows = rows.filter(confirmed_at=None)
    tabs = [
        {"label": label, "url": f"?shown={name}", "current": name == shown}
        for name, label in (("out", _("未清退")), ("all", _("全部")))
    ]
    document = called.document
    return {
        "called": called,
        "keeper": keeper,
        "trouble": trouble,
        "mine": list(recalling.mine(called, request.user).filter(confirmed_at=None)) if called.state == "open" else [],
        "confirm_form": ConfirmReturnForm(),
        "close_form": close_form or CloseRecallForm(),
        "page": soonest_first(rows, "confirmed_at", request.GET.get("after", "")) if keeper else None,
        "tabs": tabs,
        "query": f"shown={shown}&",
        "out": called.returns.filter(confirmed_at=None).count(),
        "total": called.returns.count(),
        "opens": Document.objects.filter(pk=document.pk).visible_to(request.user, timezone.now()).exists(),
    }


@require_POST
def confirm_return(request, recall_pk, return_pk):
    """已清退: by who was asked for it, or by the registry when the copy was handed in there."""
    called, keeper = _called(request, recall_pk)
    rows = called.returns if keeper else recalling.mine(called, request.user)
    given_back = get_object_or_404(
        rows.select_related("addressee__department", "addressee__person", "recall"), pk=return_pk
    )
    form = ConfirmReturnForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择已退回或已销毁。"))
        return redirect("documents:recalled", recall_pk)
    recalling.confirm(given_back, by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("已确认清退：%(name)s。") % {"name": given_back})
    return redirect("documents:recalled", recall_pk)


@require_POST
def chase_returns(request, recall_pk):
    called, keeper = _called(request, recall_pk)
    if not keeper:
        raise Http404
    try:
        count = recalling.chase_returns(called, by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, error.sentences[0])
    else:
        messages.success(request, _("已催办 %(count)s 人。") % {"count": count})
    return redirect("documents:recalled", recall_pk)


@require_POST
def close_recall(request, recall_pk):
    called, keeper = _called(request, recall_pk)
    if not keeper:
        raise Http404
    form = CloseRecallForm(request.POST)
    trouble: list[str] = []
    if form.is_valid():
        try:
            recalling.close(called, by=request.user, now=timezone.now(), remark=form.cleaned_data["remark"])
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("清退已办结。"))
            return redirect("documents:recalled", recall_pk)
    context = _page(request, called, keeper, trouble, form)
    return render(request, "documents/recalled.html", context, status=422)


def stub_for(request, document_pk: int) -> Recall | None:
    """The recall that took a paper from this person's sight, so that they learn why it is gone."""
    return recalling.recalls_from(document_pk, request.user).first()
