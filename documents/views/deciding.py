"""What people do with their own step, and with opinions they were asked for. Each deed is a POST and a redirect; a
refused one shows the page again (422) with the reason and everything typed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from documents.decision_forms import AnswerForm
from documents.deeds import DEEDS, Deed, Given
from documents.models import Document
from documents.versions.looks import settled
from documents.views import fetch
from documents.views.course import again
from documents.views.mine import WITH_STEP, Refused, of_run, with_others
from officehub.approvals import hand_on, take_back
from officehub.approvals.decide import DecisionRefused, NeedsReason, TextChanged, run_of
from officehub.approvals.models import Advice, Step
from officehub.approvals.plan import NobodyFound
from officehub.files.keep import keeping
from officehub.moves import TooLate
from officehub.secrecy import says_it_itself

ANSWERS = ("agree", "circle", "return", "disagree")  # after which it may be had back until somebody has opened it


def own_step(request, document: Document, step_pk: int) -> Step:
    """A step of this paper that is, or was, this person's; for everybody else there is none."""
    steps = Step.objects.filter(of_run(run_of(document))).select_related(*WITH_STEP)
    return with_others(get_object_or_404(steps, pk=step_pk, approver=request.user), document)


@require_POST
@says_it_itself
def decide(request, pk, step_pk):
    document = fetch(request, pk)
    step, name = own_step(request, document, step_pk), request.POST.get("decision", "agree")
    if name not in DEEDS:
        raise Http404
    deed = DEEDS[name]
    form = deed.form(request.POST, request.FILES, step=step, name="agree" if name == "circle" else name)
    if not form.is_valid():
        return _refused(request, document, step, name, form, [])
    try:
        _do(deed, document, step, form, request.user)
    except (TextChanged, DecisionRefused, NeedsReason, NobodyFound) as error:
        return _refused(request, document, step, name, form, why(error))
    except ValidationError as error:  # a file that is not what it should be
        form.add_error("files", error)
        return _refused(request, document, step, name, form, [])
    if not deed.stays:
        settled(document, request.user)
    _say(request, document, name, deed)
    return redirect("documents:detail", document.pk) if deed.stays else redirect("workbench")


def _do(deed: Deed, document: Document, step: Step, form, person) -> None:
    """The files and the deed, or neither."""
    now = timezone.now()
    with keeping(form.cleaned_data.get("files", []), by=person, now=now) as files:
        deed.do(Given(document, step, form, files, person, now))


def why(error: Exception) -> list[str]:
    """A refusal of the engine in sentences."""
    match error:
        case DecisionRefused():
            return error.sentences
        case NobodyFound():
            return error.lacking
        case NeedsReason():
            return [_("须写明理由（条例 第二十一条）。")]
    return [_("文稿在您打开之后有改动，请重新阅读后再办理。")]


def _refused(request, document: Document, step: Step, name: str, form, sentences: list[str]):
    """The page again; when the step, or what the deed was about, is gone meanwhile, who was first."""
    document.refresh_from_db()
    if not Step.objects.filter(pk=step.pk, state__in=Step.PENDING).exists():
        raise TooLate(document, "decide")
    if form.is_late():
        raise TooLate(document, name)
    form.show_anew(document.approval_hash())
    if request.FILES:
        sentences = [*sentences, _("所附文件没有保存，请重新选择。")]
    return again(request, document, Refused(name, form, tuple(sentences)))


def _say(request, document: Document, name: str, deed: Deed) -> None:
    """What was done, and the way back while there is one."""
    if name in ANSWERS and take_back.may_take_back(document, request.user):
        address = reverse("documents:detail", args=[document.pk])
        way = _("下一环节打开之前可以拿回")
        messages.success(request, format_html('{} <a href="{}#take-back">{}</a>', deed.done, address, way))
    else:
        messages.success(request, str(deed.done))


@require_POST
def have_back(request, pk, step_pk):
    """拿回: one's own last decision, while nobody has opened what followed from it."""
    document = fetch(request, pk)
    step = own_step(request, document, step_pk)
    take_back.take_back(step, by=request.user, now=timezone.now())
    messages.success(request, _("已拿回，请重新办理。"))
    return redirect("documents:detail", pk)


# --- opinions asked for beside the course --------------------------------------------------------------------------


def advice_of(document: Document, **whose) -> Advice:
    found = Advice.objects.filter(of_run(run_of(document))).select_related("run__parent__run", "step")
    return get_object_or_404(found, **whose)


@require_POST
@says_it_itself
def answer(request, pk, advice_pk):
    document = fetch(request, pk)
    advice = advice_of(document, pk=advice_pk, adviser=request.user)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _not_answered(request, document, advice, form, [])
    given = form.cleaned_data
    try:
        hand_on.answer(advice, by=request.user, now=timezone.now(), seen=given["seen"], text=given["text"])
    except DecisionRefused as error:
        return _not_answered(request, document, advice, form, error.sentences)
    messages.success(request, _("已答复。"))
    return redirect("workbench")


def _not_answered(request, document: Document, advice: Advice, form: AnswerForm, sentences: list[str]):
    document.refresh_from_db()
    if not Advice.objects.filter(pk=advice.pk, state=Advice.State.OPEN).exists():
        raise TooLate(document, "advise")
    form.data = form.data.copy()
    form.data["seen"] = document.approval_hash()
    return again(request, document, Refused("answer", form, tuple(sentences)))


@require_POST
def recall(request, pk, advice_pk):
    """收回: what was asked of somebody need not be answered; what an assistant had is one's own again."""
    document = fetch(request, pk)
    advice = advice_of(document, pk=advice_pk, step__approver=request.user)
    hand_on.recall(advice, by=request.user, now=timezone.now())
    messages.success(request, _("已收回。"))
    return redirect("documents:detail", pk)
