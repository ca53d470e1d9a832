"""Templates of tasks, and tasks that recur: the rules, their next dates, and what came of each time."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from officehub.web.listing import newest_first
from officehub.web.views import for_the_office
from tasks.given import give
from tasks.models import Occurrence, Recurrence, Task, TaskTemplate
from tasks.recurring import make, templates
from tasks.recurring.blanks import filled, open_blanks, with_words
from tasks.recurring.dates import periods
from tasks.recurring.forms import RecurrenceForm, TemplateForm, UseForm
from tasks.recurring.said import said

DEEDS = {"pause": make.pause, "resume": make.resume, "end": make.end}


def usable(request, pk: int) -> TaskTemplate:
    return get_object_or_404(templates.usable(request.user), pk=pk)


def own_template(request, pk: int) -> TaskTemplate:
    """Whoever made a template changes it; those it is shared with use it."""
    found = usable(request, pk)
    if found.owner_id != request.user.pk:
        raise Http404
    return found


def fetch(request, pk: int) -> Recurrence:
    """Whoever let it recur looks after it."""
    rows = Recurrence.objects.select_related("template", "by__department__organ")
    return get_object_or_404(rows, pk=pk, by=request.user)


@for_the_office
@require_safe
def recurrences(request):
    """My recurring tasks and the templates I may use."""
    mine = Recurrence.objects.filter(by=request.user).select_related("template").order_by("state", "next_on", "-id")
    rules = list(mine[:200])
    for rule in rules:
        rule.words = said(rule)
    listed = list(templates.usable(request.user).order_by("name", "id")[:200])
    return render(request, "tasks/recurrences.html", {"rules": rules, "templates": listed})


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request):
    form = TemplateForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        kept = {"name": form.cleaned_data["name"], "shared": form.cleaned_data["shared"]}
        templates.keep(by=request.user, now=timezone.now(), fields=form.plain(), **kept)
        messages.success(request, _("已存为模板。"))
        return redirect("tasks:recurrences")
    return render(request, "tasks/template.html", {"form": form}, status=422 if form.is_bound else 200)


@for_the_office
@require_POST
def keep_template(request, pk):
    """A task one may see becomes a template of one's own, to be given its blanks at once."""
    now = timezone.now()
    task = get_object_or_404(Task.objects.visible_to(request.user, now), pk=pk)
    fields = templates.fields_of(task)
    kept = templates.keep(by=request.user, now=now, name=task.title[:100], fields=fields, shared=False)
    messages.success(request, _("已存为模板，可以在这里留空、改名。"))
    return redirect("tasks:change_template", kept.pk)


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def change_template(request, pk):
    found, trouble = own_template(request, pk), []
    form = TemplateForm(request.POST if request.method == "POST" else None, template=found)
    if form.is_bound and form.is_valid():
        kept = {"name": form.cleaned_data["name"], "shared": form.cleaned_data["shared"]}
        try:
            templates.change(found, by=request.user, now=timezone.now(), fields=form.plain(), **kept)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("模板已修改，以后各期按新的内容交办。"))
            return redirect("tasks:recurrences")
    used = found.recurrences.exclude(state=Recurrence.State.ENDED).count()
    context = {"form": form, "template": found, "used": used, "trouble": trouble}
    return render(request, "tasks/template.html", context, status=422 if form.is_bound else 200)


@for_the_office
@require_POST
def drop_template(request, pk):
    try:
        templates.drop(own_template(request, pk), by=request.user, now=timezone.now())
    except DecisionRefused as error:
        messages.error(request, "".join(error.sentences))
    else:
        messages.success(request, _("模板已删除。"))
    return redirect("tasks:recurrences")


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def use_template(request, pk):
    """Fill its blanks and give the task out now."""
    found, now = usable(request, pk), timezone.now()
    today, blanks, trouble = timezone.localdate(now), open_blanks(found.fields), []
    sent = request.POST if request.method == "POST" else None
    form = UseForm(sent, blanks=blanks, today=today, limited=bool(found.fields.get("limit_value")))
    if form.is_bound and form.is_valid():
        day = form.cleaned_data["due_on"]
        fields = with_words(filled(found.fields, next(periods("month", today)), day or today), form.words())
        try:
            made = give({**fields, "due_on": day.isoformat() if day else None}, by=request.user, now=now)
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已交办%(number)s。") % {"number": made.number})
            return redirect("tasks:detail", made.pk)
    context = {"form": form, "template": found, "trouble": trouble}
    return render(request, "tasks/template_use.html", context, status=422 if form.is_bound else 200)


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def new_recurrence(request, pk):
    found, now, trouble = usable(request, pk), timezone.now(), []
    form = RecurrenceForm(request.POST if request.method == "POST" else None, today=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        try:
            made = make.start(found, by=request.user, now=now, **form.rule())
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已设为定期任务。"))
            return redirect("tasks:recurrence", made.pk)
    context = {"form": form, "template": found, "trouble": trouble}
    return render(request, "tasks/recurrence_edit.html", context, status=422 if form.is_bound else 200)


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def change_recurrence(request, pk):
    rule, now, trouble = fetch(request, pk), timezone.now(), []
    if rule.state == Recurrence.State.ENDED:
        raise TooLate(rule, "change_recurrence")
    form = RecurrenceForm(request.POST if request.method == "POST" else None, rule=rule)
    if form.is_bound and form.is_valid():
        try:
            make.change(rule, by=request.user, now=now, **form.rule())
        except DecisionRefused as error:
            trouble = error.sentences
        else:
            messages.success(request, _("已修改，以后各期按新的设定交办。"))
            return redirect("tasks:recurrence", pk)
    context = {"form": form, "template": rule.template, "rule": rule, "trouble": trouble}
    return render(request, "tasks/recurrence_edit.html", context, status=422 if form.is_bound else 200)


@for_the_office
@require_safe
def recurrence(request, pk):
    """The rule in words, its next five times, and what came of those before."""
    return _shown(request, fetch(request, pk))


def _shown(request, rule: Recurrence, trouble=()):
    now = timezone.now()
    active = rule.state != Recurrence.State.ENDED
    page = newest_first(rule.occurrences.select_related("task"), "due_on", request.GET.get("after", ""))
    linked = [one.task_id for one in page.rows if one.task_id]
    context = {
        "rule": rule, "rule_words": said(rule),
        "next": make.next_times(rule, timezone.localdate(now)) if active else [],
        "page": page, "trouble": trouble, "today": timezone.localdate(now), "skipped": Occurrence.State.SKIPPED,
        "opens": set(Task.objects.filter(pk__in=linked).visible_to(request.user, now).values_list("pk", flat=True)),
    }  # fmt: skip
    return render(request, "tasks/recurrence.html", context, status=422 if trouble else 200)


@for_the_office
@require_POST
def run_recurrence(request, pk, deed):
    """Pause, resume, end."""
    rule = fetch(request, pk)
    DEEDS[deed](rule, by=request.user, now=timezone.now())
    return redirect("tasks:recurrence", pk)


@for_the_office
@require_POST
def skip_period(request, pk):
    """Leave one of the next times out, or take that back."""
    rule, way = fetch(request, pk), make.unskip if "back" in request.POST else make.skip
    try:
        way(rule, request.POST.get("period", "")[:8], by=request.user, now=timezone.now())
    except DecisionRefused as error:
        return _shown(request, rule, trouble=error.sentences)
    return redirect("tasks:recurrence", pk)
