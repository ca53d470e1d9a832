"""批准延期: what is asked for, against what, and the two answers; one column that a phone shows whole."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officehub.approvals import phrases
from officehub.approvals.decide import DecisionRefused, NeedsReason, TextChanged
from officehub.inbox.errands import see_all
from officehub.moves import TooLate
from officehub.web.office_time import WorkingDays, due_label
from tasks import extending
from tasks.forms import DecideExtensionForm
from tasks.models import Extension, Report
from tasks.views import fetch


@require_http_methods(["GET", "HEAD", "POST"])
def extension(request, pk):
    """One request for a later limit, for whoever may see its task; who is asked decides here."""
    found = get_object_or_404(Extension.objects.select_related(*Extension.APPROVAL_RELATED, "decided_by"), pk=pk)
    fetch(request, found.task_id)
    see_all(found, request.user, timezone.now())
    step = extending.step_of(found, request.user)
    if request.method != "POST":
        return _shown(request, found, step, DecideExtensionForm(initial={"seen": found.approval_hash()}))
    if step is None:
        raise TooLate(found, "grant")
    form = DecideExtensionForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, step, form, status=422)
    agreed = request.POST.get("way") == "agree"
    said = {"seen": form.cleaned_data["seen"], "words": form.cleaned_data["words"]}
    try:
        extending.decide(found, step, by=request.user, now=timezone.now(), agreed=agreed, **said)
    except NeedsReason:
        return _shown(request, found, step, form, [_("不同意延期，须写明理由。")], status=422)
    except TextChanged:
        return _shown(request, found, step, form, [_("延期申请已有改动，请看过再批。")], status=422)
    except (DecisionRefused, ValidationError) as error:
        trouble = error.sentences if isinstance(error, DecisionRefused) else error.messages
        return _shown(request, found, step, form, trouble, status=422)
    messages.success(request, _("已同意延期。") if agreed else _("已答复不同意延期。"))
    return redirect("tasks:extension", pk)


def _shown(request, found: Extension, step, form, trouble=(), status=200):
    now, task = timezone.now(), found.task
    last = task.reports.filter(sort=Report.Sort.PROGRESS).select_related("by").order_by("-id").first()
    context = {
        "extension": found,
        "task": task,
        "step": step,
        "form": form,
        "trouble": trouble,
        "last": last,
        "before": list(task.extensions.exclude(pk=found.pk).order_by("id")),
        "due": due_label(task.due_at, now, WorkingDays([task.due_at], now)),
        "phrases": phrases.phrases_of(request.user) if step else [],
    }
    return render(request, "tasks/extension.html", context, status=status)
