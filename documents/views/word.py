"""Word files beside a draft: one that is to replace its text, the account of what came over, and the paper as .docx."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from documents import pictures
from documents.annulling.stamp import words_of
from documents.apart import Unreadable
from documents.docx.write import write
from documents.interchange import Refused
from documents.models import Document, Picture, WordImport
from documents.paper.process import Busy
from documents.start_forms import WordAgainForm
from documents.versions.lock import hold_to_signed
from documents.views import fetch
from documents.views.drafting import own_draft
from documents.word import read as word_read
from documents.word import take as taking
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import record
from officehub.files.keep import hand_out

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHOWN = {  # the fields of a draft that a .docx may change, as they are called on the page
    "kind": gettext_lazy("文种"), "urgency": gettext_lazy("紧急程度"), "title": gettext_lazy("标题"),
    "primary_recipients": gettext_lazy("主送机关"), "body": gettext_lazy("正文"), "remarks": gettext_lazy("附注"),
    "cc_recipients": gettext_lazy("抄送机关"), "printing_office": gettext_lazy("印发机关"),
    "print_run": gettext_lazy("印数"), "disclosure": gettext_lazy("公开属性"),
    "disclosure_reason": gettext_lazy("不予公开的理由"), "in_reply_to": gettext_lazy("所答复来文的字号"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def word(request, pk):
    """Bring a .docx for a draft that has a text already; nothing changes until its drafter has looked."""
    document = own_draft(request, pk)
    form = WordAgainForm(request.POST, request.FILES) if request.method == "POST" else WordAgainForm()
    if form.is_valid():
        try:
            found = word_read.read(form.cleaned_data["word"], document.organ)
            taking.propose(document, found, by=request.user, now=timezone.now())
            return redirect("documents:word", pk)
        except (Unreadable, Busy, ValidationError) as error:
            form.add_error("word", error.messages if isinstance(error, ValidationError) else str(error))
    waiting = document.word_imports.filter(taken_at=None).first()
    context = {
        "document": document,
        "form": form,
        "waiting": waiting,
        "changes": changes(document, waiting) if waiting else [],
        "imports": document.word_imports.exclude(taken_at=None).select_related("by"),
    }
    return render(request, "documents/word.html", context, status=422 if form.is_bound else 200)


def changes(document: Document, waiting: WordImport) -> list[tuple]:
    """Label, what stands now, what will stand; only where the two differ."""
    now = {**document.content, "title": document.title, "kind": document.kind}
    will = taking.taken_fields(document, waiting)
    return [(label, now.get(name, ""), will.get(name, "")) for name, label in SHOWN.items()
            if str(now.get(name) or "").strip() != str(will.get(name) or "").strip()]  # fmt: skip


@require_POST
def take(request, pk, import_pk):
    """Yes, let it replace the text; or no, forget it."""
    document = own_draft(request, pk)
    waiting = get_object_or_404(WordImport, document=document, pk=import_pk, taken_at=None)
    if "drop" in request.POST:
        taking.drop(document, waiting)
        messages.success(request, _("没有取入，文稿未变。"))
        return redirect("documents:edit", pk)
    revision = request.POST.get("revision", "")
    begun_from = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1
    taking.take(document, waiting, by=request.user, now=timezone.now(), revision=begun_from)
    messages.success(request, _("已取入，请核对后再提交。"))
    return redirect("documents:edit", pk)


@require_safe
def export(request, pk):
    """The paper as .docx, for whoever may see it; each taking is recorded. 草稿 stands on it until it is signed, and
    on that of a void paper that it is void."""
    document = fetch(request, pk)
    try:
        if document.state in Document.SIGNED_STATES:
            hold_to_signed(document)
        paper = document.paper()
        content = write(paper, mark=_mark(document), images=pictures.held(document, paper))
    except Refused as refused:
        messages.error(request, _("文稿还不完整：") + "；".join(error.message for error in refused.errors[:5]))
        return redirect("documents:detail", pk)
    except DecisionRefused as refused:
        messages.error(request, refused.sentences[0])
        return redirect("documents:detail", pk)
    except ValueError as error:
        messages.error(request, str(error))
        return redirect("documents:detail", pk)
    with transaction.atomic():
        record(document, "download", by=request.user, now=timezone.now(), facts={"docx": document.content_hash()})
    name = f"{document.document_number or ''} {document}.docx".strip()
    response = HttpResponse(content, content_type=MEDIA)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _mark(document: Document) -> str:
    """What stands at the head of every page, beside what the paper itself says."""
    if not document.signed_at:
        return "草稿"
    return "，".join(words_of(document, timezone.localdate()) or ())


@require_safe
def picture(request, pk, name):
    """A picture in the text, for whoever may see the paper."""
    document = fetch(request, pk)
    found = get_object_or_404(Picture.objects.select_related("stored"), document=document, name=name)
    return hand_out(found.stored, inline=True)
