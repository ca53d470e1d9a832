"""The attachments of a draft put in order, and any attachment looked at without leaving the page.

Nothing of a foreign file reaches the browser but text that is escaped and pixels drawn here.
"""

import base64

from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import attaching
from documents.apart import Unreadable, ask
from documents.body import recognise
from documents.elements import Block
from documents.models import Attached
from documents.paper.process import Busy
from documents.start_forms import AttachedForm
from documents.views import fetch
from documents.views.drafting import own_draft
from documents.views.paper import note_download
from officehub.files.models import StoredFile

PAGES = 30  # of a PDF shown on one page
TEXT = 200_000  # characters of a .txt shown
TASKS = {"docx": "lines", "xlsx": "rows", "xls": "rows", "et": "rows"}
PICTURES = ("png", "jpg", "jpeg")


def one_of(document, attached_pk: int) -> Attached:
    return get_object_or_404(Attached.objects.select_related("stored", "document"), document=document, pk=attached_pk)


@require_POST
def move(request, pk, attached_pk):
    attached = one_of(own_draft(request, pk), attached_pk)
    attaching.shift(attached, by=request.user, now=timezone.now(), down=request.POST.get("to") == "down")
    return redirect(reverse("documents:edit", args=[pk]) + "#attachments")


@require_http_methods(["GET", "HEAD", "POST"])
def change(request, pk, attached_pk):
    """Rename it, write its text anew, or put another file in its place."""
    document = own_draft(request, pk)
    attached = one_of(document, attached_pk)
    first = {"title": attached.title, "body": attached.body}
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = AttachedForm(*given, initial=first, has_file=bool(attached.stored))
    if form.is_valid():
        what = {"title": form.cleaned_data["title"], "body": form.cleaned_data.get("body", "")}
        try:
            attaching.change(attached, by=request.user, now=timezone.now(), upload=form.cleaned_data["file"], **what)
            return redirect("documents:edit", pk)
        except ValidationError as error:
            form.add_error("file", error)
    context = {"document": document, "attached": attached, "form": form}
    return render(request, "documents/attachment_change.html", context, status=422 if form.is_bound else 200)


@require_safe
def look(request, pk, attached_pk):
    """What is in an attachment, on a page of ours; the look is recorded like a download."""
    document = fetch(request, pk)
    attached = one_of(document, attached_pk)
    note_download(request, document, {"attachment": attached.title, "preview": True})
    context = {"document": document, "attached": attached, **seen(attached)}
    return render(request, "documents/attachment.html", context)


def seen(attached: Attached) -> dict:
    """The parts the page shows, or why there is nothing to show."""
    stored = attached.stored
    if stored is None:
        return {"blocks": recognise(attached.body)}
    try:
        return of_file(stored)
    except (Unreadable, Busy) as error:
        return {"trouble": str(error)}


def of_file(stored: StoredFile) -> dict:
    ext = stored.name.rpartition(".")[2].lower()
    if ext == "pdf":
        count = asked(stored, "count")
        return {"pages": range(1, min(count, PAGES) + 1), "count": count}
    if ext in PICTURES:
        return {"pages": [1], "count": 1}
    if ext == "txt":
        return {"text": text_of(stored)[:TEXT], "more": stored.size > TEXT}
    if ext == "docx":
        found = asked(stored, "lines")
        blocks = [Block(**{**block, "rows": tuple(map(tuple, block["rows"]))}) for block in found["blocks"]]
        return {"blocks": blocks, "more": found["more"]}
    return asked(stored, TASKS[ext]) if ext in TASKS else {"only_download": True}


def text_of(stored: StoredFile) -> str:
    """UTF-8 or GB 18030, as the check on upload found."""
    with stored.file.open("rb") as file:
        raw = file.read(4 * TEXT)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            if error.start > len(raw) - 8:  # cut in the middle of a character
                return raw[: error.start].decode(encoding)
    return raw.decode("gb18030", "replace")


def asked(stored: StoredFile, task: str, **wishes):
    """What a task finds in a file, kept for a while: the bytes never change."""
    key = f"look:{stored.sha256}:{task}:{wishes.get('number', '')}"
    found = caches["sheets"].get(key)
    if found is None:
        with stored.file.open("rb") as file:
            found = ask(task, file.read(), **wishes)
        caches["sheets"].set(key, found)
    return found


@require_safe
def page(request, pk, attached_pk, number):
    """One page of an attached PDF, or an attached picture, as pixels drawn here."""
    attached = one_of(fetch(request, pk), attached_pk)
    ext = attached.stored.name.rpartition(".")[2].lower() if attached.stored else ""
    if ext not in ("pdf", *PICTURES) or not 1 <= number <= PAGES:
        raise Http404
    try:
        drawn = asked(attached.stored, "page", number=number) if ext == "pdf" else asked(attached.stored, "picture")
    except Busy as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    except Unreadable as error:
        raise Http404 from error
    content = base64.b64decode(drawn)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": "private, no-store"})
