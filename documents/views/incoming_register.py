"""Registering: by hand or from an upload, with the document beside the form; files and pages of papers in."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents.incoming import uploads
from documents.incoming.duty import may_register, organs_registering
from documents.incoming.entry_forms import CorrectForm, RegisterForm, UploadForm
from documents.incoming.register import Duplicate, alike, register
from documents.incoming.register import correct as put_right
from documents.incoming.register import twins as same_papers
from documents.incoming.sheets import files_of, sheets_of
from documents.models import Incoming, IncomingFile
from documents.views.incoming import fetch
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.files.keep import hand_out
from officehub.web.listing import ids

WAITING_SHOWN = 20
RECOGNISED = ("title", "document_number", "sender_name", "dated", "kind", "urgency", "recipients", "cc", "contact")


def registrar(request) -> list:
    """The organs this person may enter papers for; for who may for none there is no such page."""
    organs = organs_registering(request.user)
    if not organs:
        raise Http404
    return organs


def chosen_uploads(request) -> list[IncomingFile]:
    """The uploads that are being registered now, as the address or the form names them: the paper itself first."""
    named = ids([*request.POST.getlist("upload"), *request.POST.getlist("also")] or [request.GET.get("upload", "")])
    found = uploads.waiting(request.user).in_bulk(named)
    return [found[pk] for pk in dict.fromkeys(named) if pk in found]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """One form after another: after saving, the next upload or an empty form stands ready."""
    organs, now = registrar(request), timezone.now()
    files = chosen_uploads(request)
    initial = _initial(request, files[0] if files else None, now)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RegisterForm(*typed, person=request.user, now=now, initial=initial)
    found: list[Incoming] = []
    if request.method == "POST":
        files += _take(request, form, now)
        _refuse_gone(request, form, files)
    if form.is_bound and form.is_valid():
        try:
            made = register(
                organ=form.cleaned_data["organ"], by=request.user, now=now, fields=form.entry(),
                files=files, twin_reason=form.cleaned_data["twin_reason"],
            )  # fmt: skip
        except Duplicate as duplicate:
            found = duplicate.found
            form.add_error("twin_reason", duplicate.sentences[0])
        except DecisionRefused as error:
            form.add_error(None, error.sentences)
        else:
            return _next(request, made)
    upload = files[0] if files else None
    context = {
        "form": form, "upload": upload, "also": {file.pk for file in files[1:]},
        "waiting": list(uploads.waiting(request.user)[:WAITING_SHOWN]),
        "upload_form": UploadForm(), "sheets": sheets_of([upload]) if upload else None,
        "twins": found, "opens": _opens(request, found), "last": _last(request), "organs": organs,
    }  # fmt: skip
    return render(request, "documents/incoming/new.html", context, status=422 if form.is_bound else 200)


def _take(request, form: RegisterForm, now) -> list[IncomingFile]:
    """Keep the files that came with the form: they wait, whatever else is wrong. What is refused is said on it."""
    taken = []
    form.is_valid()
    for one in form.cleaned_data.get("files") or []:
        try:
            taken.append(uploads.take(one, by=request.user, now=now))
        except ValidationError as error:
            form.add_error("files", error)
    return taken


def _refuse_gone(request, form: RegisterForm, files: list[IncomingFile]) -> None:
    """A file that was registered or thrown away in another window is not left out in silence."""
    named = ids([*request.POST.getlist("upload"), *request.POST.getlist("also")])
    if set(named) - {file.pk for file in files}:
        form.add_error(None, _("上传的文件已被登记或删除，请重新上传。"))


def _initial(request, upload: IncomingFile | None, now) -> dict:
    said = {"received_at": timezone.localtime(now).strftime("%Y-%m-%dT%H:%M"), "receiver": request.user.name}
    if organ := request.GET.get("organ", ""):
        said["organ"] = organ
    if upload is None:
        return said
    known = {name: upload.recognised.get(name) for name in RECOGNISED if upload.recognised.get(name)}
    return {**said, **known, "pages": upload.pages or None}


def _next(request, made: Incoming):
    messages.success(request, _("已登记%(number)s，可接着登记下一件。") % {"number": made.number})
    waiting = uploads.waiting(request.user).order_by("id").first()
    more = f"&upload={waiting.pk}" if waiting else ""
    return redirect(f"{reverse('documents:incoming_new')}?organ={made.organ_id}&last={made.pk}{more}")


def _last(request) -> Incoming | None:
    named = ids([request.GET.get("last", "")])
    return Incoming.objects.visible_to(request.user, timezone.now()).filter(pk__in=named).first() if named else None


def _opens(request, found: list[Incoming]) -> set[int]:
    """Which of these papers this person may open."""
    rows = Incoming.objects.visible_to(request.user, timezone.now()).filter(pk__in=[one.pk for one in found])
    return set(rows.values_list("pk", flat=True))


@require_safe
def twins(request):
    """While one types: the same paper, or one of the same matter, in the register already."""
    organs = {organ.pk: organ for organ in registrar(request)}
    named = [organs[pk] for pk in ids([request.GET.get("organ", "")]) if pk in organs]
    organ = next(iter([*named, *organs.values()]))
    said = {name: request.GET.get(name, "")[:200].strip() for name in ("sender_name", "document_number", "title")}
    same = same_papers(organ, said["sender_name"], said["document_number"])
    likely = [one for one in alike(organ, said["title"]) if one not in same] if said["title"] else []
    context = {"twins": same, "alike": likely, "opens": _opens(request, [*same, *likely])}
    return render(request, "documents/incoming/twins.html", context)


@require_POST
def upload(request):
    """Several scans or files at once; each waits to be registered, with what was recognised."""
    registrar(request)
    form, now, taken = UploadForm(request.POST, request.FILES), timezone.now(), []
    if not form.is_valid() or not form.cleaned_data["uploads"]:
        messages.error(request, _("请选择要上传的文件，一次最多 10 份。"))
        return redirect("documents:incoming_new")
    for one in form.cleaned_data["uploads"]:
        try:
            taken.append(uploads.take(one, by=request.user, now=now))
        except ValidationError as error:
            for sentence in error.messages:
                messages.error(request, sentence)
    if taken:
        messages.success(request, _("已上传 %(count)s 份，请核对后登记。") % {"count": len(taken)})
    first = f"?upload={taken[0].pk}" if taken else ""
    return redirect(reverse("documents:incoming_new") + first)


@require_POST
def discard(request, pk):
    registrar(request)
    found = get_object_or_404(uploads.waiting(request.user), pk=pk)
    if uploads.discard(found):
        messages.success(request, _("已删除未登记的文件。"))
    return redirect("documents:incoming_new")


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, pk):
    """更正登记: what was written wrong is put right with a reason; the record keeps both."""
    incoming, now = fetch(request, pk), timezone.now()
    if not may_register(request.user, incoming.organ):
        raise Http404
    initial = {**{name: getattr(incoming, name) for name in Incoming.REGISTERED_FACTS}}
    initial["received_at"] = timezone.localtime(incoming.received_at).strftime("%Y-%m-%dT%H:%M")
    form = CorrectForm(request.POST or None, initial=initial, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            changes = put_right(
                incoming, by=request.user, now=now, fields=form.entry(), reason=form.cleaned_data["reason"]
            )
        except DecisionRefused as error:
            form.add_error(None, error.sentences)
        else:
            messages.success(request, _("登记已更正。") if changes else _("没有改动。"))
            return redirect("documents:incoming_detail", pk)
    context = {"incoming": incoming, "form": form, "sheets": sheets_of(files_of(incoming))}
    return render(request, "documents/incoming/correct.html", context, status=422 if form.is_bound else 200)


# --- files --------------------------------------------------------------------------------------------------------


def fetch_file(request, pk: int) -> IncomingFile:
    """A file of a paper one may see, or one's own upload that waits to be registered."""
    found = get_object_or_404(IncomingFile.objects.select_related("stored", "incoming"), pk=pk)
    if found.incoming_id:
        fetch(request, found.incoming_id)
    elif found.stored.uploaded_by_id != request.user.pk:
        raise Http404
    return found


@require_safe
def file(request, pk):
    found = fetch_file(request, pk)
    shown = "show" in request.GET and found.stored.content_type.startswith("image/")
    if found.incoming and not shown:
        with transaction.atomic():
            facts = {"file": found.stored.name}
            record(found.incoming, "download", by=request.user, now=timezone.now(), facts=facts)
    return hand_out(found.stored, inline=shown)


@require_safe
def page(request, pk, number):
    """One page of a scan as a picture, drawn in a process of its own."""
    found = fetch_file(request, pk)
    try:
        png = uploads.page_picture(found, number)
    except (uploads.Unreadable, uploads.Busy):
        sorry = _("这一页画不出来，请下载原文件查看。")
        return HttpResponse(sorry, status=503, content_type="text/plain; charset=utf-8")
    if png is None:
        raise Http404
    return HttpResponse(png, content_type="image/png", headers={"Cache-Control": "private, no-store"})
