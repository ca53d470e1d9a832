"""档案: filing many papers at once, the catalogue, one item and its files; for the archivists of the organ's fonds."""

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents import archive as archiving
from documents.keeping import appraisal, catalogue, freeze, intake, retention, waiting
from documents.keeping.forms import AppraiseForm, LeaveOutForm, PackageForm
from documents.keeping.kept import ARCHIVE_KEEPERS, kept_fonds, kept_organs
from documents.models import ArchivalItem, ArchivedFile, DestructionRegister, Incoming, LeftOut, Package, Retention
from documents.views import fetch, inside
from documents.views.incoming import fetch as fetch_incoming
from documents.views.issuing import attempt, dutiful
from documents.views.paper import note_download
from officehub.approvals.decide import DecisionRefused
from officehub.moves import TooLate
from officehub.people.models import Role
from officehub.web.listing import ids, newest_first, soonest_first
from officehub.web.workbook import as_excel

TABS = {
    "waiting": gettext_lazy("待归档"),
    "kept": gettext_lazy("归档文件目录"),
    "expired": gettext_lazy("期满鉴定"),
    "transfer": gettext_lazy("应移交"),
    "left": gettext_lazy("不归档"),
    "packages": gettext_lazy("移交数据包"),
    "registers": gettext_lazy("销毁清册"),
}


def keeper(request) -> list[str]:
    """The fonds this person keeps; 404 for who keeps none."""
    if not kept_organs(request.user, *ARCHIVE_KEEPERS):
        raise Http404
    return kept_fonds(request.user, *ARCHIVE_KEEPERS)


def archivist(request) -> list[str]:
    if not request.user.has_role(Role.ARCHIVIST):
        raise Http404
    return keeper(request)


@require_safe
def archives(request):
    fonds, tab = keeper(request), request.GET.get("tab", "")
    tab = tab if tab in TABS else "waiting"
    tabs = [{"label": words, "url": f"?tab={name}", "current": name == tab} for name, words in TABS.items()]
    shown = SHOWN[tab](request, fonds, request.GET.get("after", ""))
    context = {"tab": tab, "tabs": tabs, "query": f"tab={tab}&", "archivist": request.user.has_role(Role.ARCHIVIST)}
    return render(request, f"documents/archives_{tab}.html", {**context, **shown})


def _waiting(request, fonds, after) -> dict:
    organs = kept_organs(request.user, *ARCHIVE_KEEPERS)
    return {"page": waiting.page_of(organs, after), "leave_out_form": LeaveOutForm()}


def _filters(request) -> dict:
    """What the catalogue is narrowed by, as far as it means something."""
    year, period = request.GET.get("year", ""), request.GET.get("retention", "")
    return {
        "year": int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        "retention": period if period in Retention.values else "",
        "office": request.GET.get("office", "").strip().upper()[:3],
    }


def _kept(request, fonds, after) -> dict:
    narrowed = _filters(request)
    items = catalogue.chosen(fonds, **narrowed).select_related("document", "incoming", "by")
    said = "".join(f"{name}={value}&" for name, value in narrowed.items() if value)
    return {
        "page": newest_first(items, "at", after),
        "retentions": Retention.choices,
        "narrowed": narrowed,
        "query": f"tab=kept&{said}",
        "export_query": said,
    }


def _expired(request, fonds, after) -> dict:
    today = timezone.localdate(timezone.now())
    items = appraisal.expired(fonds, today).select_related("document", "incoming")
    return {"page": soonest_first(items, "expires_on", after), "form": AppraiseForm()}


def _transfer(request, fonds, after) -> dict:
    year = timezone.localdate(timezone.now()).year
    items = appraisal.to_transfer(fonds, year, settings.ARCHIVE_TRANSFER_YEARS)
    items = items.select_related("document", "incoming")
    return {"page": newest_first(items, "at", after), "years": settings.ARCHIVE_TRANSFER_YEARS}


def _left(request, fonds, after) -> dict:
    organs = kept_organs(request.user, *ARCHIVE_KEEPERS)
    rows = LeftOut.objects.filter(Q(document__organ__in=organs) | Q(incoming__organ__in=organs))
    rows = rows.select_related("document", "incoming", "by")
    return {"page": newest_first(rows, "at", after)}


def _packages(request, fonds, after) -> dict:
    rows = Package.objects.filter(fonds_number__in=fonds).select_related("by")
    year = timezone.localdate(timezone.now()).year - 1
    form = PackageForm(fonds=fonds, initial={"year_from": year, "year_to": year})
    return {"page": newest_first(rows, "at", after), "form": form}


def _registers(request, fonds, after) -> dict:
    rows = DestructionRegister.objects.filter(fonds_number__in=fonds).select_related("by", "approved_by", "done_by")
    return {"page": newest_first(rows, "at", after)}


SHOWN = {
    "waiting": _waiting, "kept": _kept, "expired": _expired, "transfer": _transfer, "left": _left,
    "packages": _packages, "registers": _registers,
}  # fmt: skip


@require_POST
def file_many(request):
    """Each ticked paper is filed by the retention table, or left out when that was pressed; whole, or refused with its
    reason, and the others go on."""
    archivist(request)
    ticked, now, organs = request.POST.getlist("papers"), timezone.now(), kept_organs(request.user, *ARCHIVE_KEEPERS)
    out = [name.removeprefix("out-") for name in ticked]
    papers = waiting.papers_out(organs).filter(pk__in=ids(out)).select_related("organ", "department")
    received = waiting.papers_in(organs).filter(
        pk__in=ids(name.removeprefix("in-") for name in ticked if name.startswith("in-"))
    )
    form = LeaveOutForm(request.POST) if request.POST.get("deed") == "leave_out" else None
    if form and not form.is_valid():
        messages.error(request, _("请选择不归档的范围，并写明说明。"))
        return redirect("documents:archives")
    chosen = [*papers.order_by("pk"), *received.select_related("organ", "registered_by__department").order_by("pk")]
    done, refused = _each_of(chosen, form, request.user, now)
    if done:
        said = _("已登记为不归档 %(count)s 件。") if form else _("已归档 %(count)s 件。")
        messages.success(request, said % {"count": done})
    for sentence in refused:
        messages.error(request, sentence)
    if not done and not refused:
        messages.error(request, _("请先勾选要归档的公文。"))
    return redirect("documents:archives")


def _each_of(papers: list, form: LeaveOutForm | None, by, now) -> tuple[int, list[str]]:
    """How many were filed (left out, with what `form` says), and what was refused of the others."""
    table, done, refused = retention.rules(), 0, []
    for paper in papers:
        rooms = intake if isinstance(paper, Incoming) else archiving
        try:
            if form:
                rooms.leave_out(paper, **form.cleaned_data, by=by, now=now)
            else:
                rooms.archive(paper, retention=retention.proposed(paper, table), by=by, now=now)
        except DecisionRefused as error:
            refused.append(f"{paper.document_number or ''} {paper}：{'；'.join(error.sentences)}".strip())
        except TooLate as late:
            said = {"paper": f"{paper.document_number} {paper}", "state": gettext(late.now_stands)}
            refused.append(_("%(paper)s：他人已先办理，现为“%(state)s”。") % said)
        else:
            done += 1
    return done, refused


@require_safe
def export_catalogue(request):
    """归档文件目录 as Excel, in the order of the codes, whatever its length."""
    items = catalogue.chosen(keeper(request), **_filters(request))
    name = f"归档文件目录 {timezone.localdate(timezone.now()):%Y%m%d}导出.xlsx"
    return as_excel(name, catalogue.as_workbook(items))


@require_POST
def leave_out(request, pk):
    document = dutiful(request, pk, Role.ARCHIVIST)
    form = LeaveOutForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请选择不归档的范围，并写明说明。"))
        return redirect("documents:detail", pk)
    deed = lambda: archiving.leave_out(document, **form.cleaned_data, by=request.user, now=timezone.now())  # noqa: E731
    return attempt(request, document, deed, _("已登记为不归档。"))


def item_of(request, pk: int) -> ArchivalItem:
    """The item of a paper, for those whose business its course is and for who keeps the fonds and may see the paper."""
    document = fetch(request, pk)
    items = ArchivalItem.objects.filter(document=document).select_related("document", "by")
    item = get_object_or_404(items)
    if not inside(request, document) and item.fonds_number not in kept_fonds(request.user, *ARCHIVE_KEEPERS):
        raise Http404
    return item


def item_received(request, pk: int) -> ArchivalItem:
    """The item of a paper in, for whoever may see it: all of them had a part in its course."""
    items = ArchivalItem.objects.filter(incoming=fetch_incoming(request, pk))
    return get_object_or_404(items.select_related("incoming", "by"))


@require_safe
def archived(request, pk):
    return _shown(request, item_of(request, pk))


@require_safe
def archived_incoming(request, pk):
    return _shown(request, item_received(request, pk))


def _shown(request, item: ArchivalItem):
    context = {
        "item": item,
        "files": item.files.all(),
        "appraisals": item.appraisals.select_related("by", "register").order_by("id"),
        "packages": Package.objects.filter(packed__item=item).filter(~Q(handed_on=None)),
        "gave_up": item.frozen_at is None and item.attempts >= freeze.GIVE_UP_AFTER,
        "archivist": request.user.has_role(Role.ARCHIVIST),
    }
    return render(request, "documents/archived.html", context)


@require_safe
def archived_file(request, pk, file_pk):
    return _handed_out(request, item_of(request, pk), file_pk)


@require_safe
def archived_incoming_file(request, pk, file_pk):
    return _handed_out(request, item_received(request, pk), file_pk)


def _handed_out(request, item: ArchivalItem, file_pk: int):
    if item.state == ArchivalItem.State.DESTROYED:
        raise Http404
    kept = get_object_or_404(ArchivedFile, item=item, pk=file_pk)
    note_download(request, item.paper, {"archived_file": kept.title, "sha256": kept.sha256})
    ending = kept.file.name.rpartition(".")[2]
    name = f"{item.reference_code} {kept.title.removesuffix(f'.{ending}')}.{ending}"
    return FileResponse(kept.file.open("rb"), as_attachment=True, filename=name, content_type=kept.content_type)


@require_POST
def freeze_again(request, pk):
    return _frozen_again(request, item_of(request, pk), "documents:archived")


@require_POST
def freeze_incoming_again(request, pk):
    return _frozen_again(request, item_received(request, pk), "documents:incoming_archived")


def _frozen_again(request, item: ArchivalItem, back: str):
    archivist(request)
    if not freeze.retry(item):
        raise TooLate(item, "freeze")
    return redirect(back, item.paper.pk)
