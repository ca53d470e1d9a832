"""Beginning a notice that transmits another paper: 印发、转发、批转."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.consulting import transmit as transmitting
from documents.consulting.transmit_form import TransmitForm, stored_of
from documents.drafting import issuing_organs
from documents.models import Document, Incoming
from documents.rules.number import repaired
from documents.search import WITHIN
from officehub.approvals.decide import DecisionRefused
from officehub.files.keep import keeping
from officehub.files.models import StoredFile
from officehub.people.grants import newest
from officehub.web.listing import ids

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
def transmit(request):
    if request.user.department is None:
        messages.error(request, _("您还没有所属部门，不能拟稿；请系统管理员在“人员”中补充。"))
        return redirect("documents:list")
    now, trouble = timezone.now(), []
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    chosen, received = _from(request, now)
    initial = _beginning(request, chosen, received)
    form = TransmitForm(*given, initial=initial, person=request.user, now=now)
    if form.is_valid():
        try:
            document = _begin(form, request.user, now)
        except DecisionRefused as error:
            trouble = error.sentences
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("已按规则拟出标题和首句，请核对后继续。"))
            return redirect("documents:edit", document.pk)
    received = form.received or received
    context = {"form": form, "trouble": trouble, "chosen": form.paper or chosen, "received": received}
    context["attaches"] = stored_of(received) if received else None
    return render(request, "documents/transmit.html", context, status=422 if form.is_bound else 200)


def _from(request, now) -> tuple[Document | None, Incoming | None]:
    """The paper one comes from, of ours or received; one that this person may not see is none."""
    ours = Document.objects.visible_to(request.user, now).exclude(document_number=None)
    theirs = Incoming.objects.visible_to(request.user, now)
    asked = [request.GET.get(name, "") for name in ("source", "incoming")]
    found = [rows.filter(pk__in=ids([text])).first() for rows, text in zip((ours, theirs), asked, strict=True) if text]
    return (
        next((one for one in found if isinstance(one, Document)), None),
        next((one for one in found if isinstance(one, Incoming)), None),
    )


def _beginning(request, chosen: Document | None, received: Incoming | None) -> dict:
    """What is filled in before anybody types: the particulars of a paper one comes from, and how it is passed on."""
    organ = request.user.department.organ
    first = {"organ": organ.pk, "pattern": request.GET.get("pattern", "")}
    if chosen:
        return {**first, "pattern": transmitting.pattern_for(organ, "、".join(chosen.content.get("issuers", [])))}
    if received is None:
        return first
    organ = issuing_organs().filter(pk=received.organ_id).first() or organ  # whoever it was sent to passes it on
    return {
        "organ": organ.pk,
        "pattern": transmitting.pattern_for(organ, received.sender_name),
        "incoming": received.pk,
        "title": received.title[:120],
        "issuer": received.sender_name,
        "number": received.document_number,
        "issued_on": received.dated,
    }


def _begin(form: TransmitForm, person, now) -> Document:
    """The draft and the file that belongs to it, or neither."""
    given = form.cleaned_data
    same = {"by": person, "now": now, "organ": given["organ"], "pattern": given["pattern"]}
    if form.paper:
        return transmitting.begin(source=transmitting.source_of(form.paper), **same)
    uploads = [given["file"]] if given["file"] else [] if given["body"] else _as_received(form)
    with keeping(uploads, by=person, now=now) as files:
        return transmitting.begin(source=_typed(given, files[0] if files else None), **same)


def _as_received(form: TransmitForm) -> list[ContentFile]:
    """The file of the paper received, to be kept once more: a draft that is deleted takes its files with it."""
    stored = form.received_file()
    if stored is None:
        return []
    with stored.file.open("rb") as file:
        return [ContentFile(file.read(), stored.name)]


def _typed(given: dict, stored: StoredFile | None) -> transmitting.Source:
    """A paper from its particulars as typed, with its text or file."""
    return transmitting.Source(
        given["title"], given["issuer"] or given["organ"].name, given["number"], given["issued_on"],
        given["disclosure"], given["body"], stored=stored,
    )  # fmt: skip


@require_safe
def sources(request):
    """Numbered papers one may see whose number or title has these words, newest first."""
    words, now = request.GET.get("words", "").strip()[:60], timezone.now()
    chosen = Document.objects.visible_to(request.user, now).exclude(document_number=None)
    kept = chosen.filter(pk__in=ids([request.GET.get("source", "")])).first()
    found = []
    if words:
        matching = Q(title__icontains=words) | Q(document_number__icontains=repaired(words))
        seen = Document.objects.filter(matching, pk__in=newest(Document, request.user, WITHIN, now))
        found = list(seen.exclude(document_number=None).exclude(pk=kept and kept.pk).order_by("-sort_at")[:SHOWN])
    return render(request, "documents/sources.html", {"chosen": kept, "found": found, "words": words})
