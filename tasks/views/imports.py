"""批量交办: the form to fill in, the preview with what is wrong cell by cell, how far it is, and what came of it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officehub.approvals.decide import DecisionRefused
from officehub.files.keep import hand_out
from officehub.web.listing import ids, newest_first
from officehub.web.views import for_the_office
from officehub.web.workbook import as_excel
from tasks.imports import make
from tasks.imports.columns import COLUMNS
from tasks.imports.form import form as blank
from tasks.imports.forms import ConfirmForm, UploadForm
from tasks.imports.names import directory
from tasks.imports.take import same_before, take
from tasks.models import ImportRow, Task, TaskImport


@dataclass(frozen=True)
class Cell:
    head: str
    text: str
    fault: str


def fetch(request, pk: int) -> TaskImport:
    """One's own: nobody else sees what somebody uploaded."""
    return get_object_or_404(TaskImport.objects.select_related("stored"), pk=pk, by=request.user)


@for_the_office
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request):
    """Upload a workbook; and one's own before it."""
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        try:
            made = take(form.cleaned_data["workbook"], by=request.user, now=timezone.now())
        except ValidationError as error:
            form.add_error("workbook", error)
        else:
            return redirect("tasks:import", made.pk)
    mine = TaskImport.objects.filter(by=request.user).select_related("stored")
    context = {
        "form": form,
        "page": newest_first(mine, "at", request.GET.get("after", "")),
        "most": settings.TASK_IMPORT_MOST_ROWS,
    }
    return render(request, "tasks/imports.html", context, status=422 if form.errors else 200)


@for_the_office
@require_safe
def import_form(request):
    """The workbook to fill in, with the units and people of today."""
    return as_excel("任务批量交办模板.xlsx", blank(directory(timezone.localdate(timezone.now()))))


@for_the_office
@require_safe
def workbook(request, pk):
    """The preview before it is confirmed; then how far it is, and what each row became."""
    found = fetch(request, pk)
    return _shown(request, found, ConfirmForm(asks=_boxes(found)))


def _boxes(found: TaskImport) -> set[str]:
    """What must be ticked: that rows in error are left out, that the same file is taken a second time."""
    wanted = {"only_good": found.bad > 0, "again": same_before(found) is not None}
    return {name for name, asked in wanted.items() if asked}


def _shown(request, found: TaskImport, form: ConfirmForm, trouble=()):
    only_bad = request.GET.get("rows", "bad" if found.bad or found.refused else "all") == "bad"
    rows = found.rows.exclude(faults={}) if only_bad else found.rows.all()
    after = next(iter(ids([request.GET.get("after", "")])), 0)
    listed = list(rows.filter(number__gt=after).order_by("number")[: settings.PAGE_SIZE + 1])
    made = Task.objects.filter(pk__in=[row.task_id for row in listed if row.task_id])
    tasks = made.visible_to(request.user, timezone.now()).in_bulk()
    for row in listed:
        row.shown = cells_of(row)
        row.given = tasks.get(row.task_id)
    context = {
        "workbook": found, "form": form, "trouble": trouble, "only_bad": only_bad, "rows": listed[: settings.PAGE_SIZE],
        "next": listed[settings.PAGE_SIZE - 1].number if len(listed) > settings.PAGE_SIZE else None,
        "is_first": not after,
    }  # fmt: skip
    return render(request, "tasks/import.html", context, status=422 if trouble or form.errors else 200)


def cells_of(row: ImportRow) -> list[Cell]:
    """The cells that say something or are in error, in the order of the columns."""
    shown = [Cell(column.head, row.cells.get(column.key, ""), row.faults.get(column.key, "")) for column in COLUMNS[1:]]
    return [cell for cell in shown if cell.text or cell.fault]


@for_the_office
@require_POST
def confirm_import(request, pk):
    found = fetch(request, pk)
    form = ConfirmForm(request.POST, asks=_boxes(found))
    form.is_valid()
    try:
        make.confirm(found, by=request.user, now=timezone.now(), **form.cleaned_data)
    except DecisionRefused as error:
        return _shown(request, found, form, trouble=error.sentences)
    messages.success(request, _("已开始交办，可以离开本页，进度在这里查看。"))
    return redirect("tasks:import", pk)


@for_the_office
@require_POST
def drop_import(request, pk):
    make.drop(fetch(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("已放弃，没有交办任何任务。"))
    return redirect("tasks:imports")


@for_the_office
@require_POST
def retry_import(request, pk):
    make.retry(fetch(request, pk), by=request.user, now=timezone.now())
    return redirect("tasks:import", pk)


@for_the_office
@require_safe
def import_progress(request, pk):
    return render(request, "tasks/import_progress.html", {"workbook": fetch(request, pk)})


@for_the_office
@require_safe
def import_file(request, pk):
    """The workbook as it was uploaded, to be put right and uploaded again."""
    return hand_out(fetch(request, pk).stored)
