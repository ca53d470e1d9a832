"""Beginning a notice that transmits another paper: 印发、转发、批转."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from documents.consulting import transmit as transmitting
from documents.consulting.transmit_form import TransmitForm
from documents.models import Document
from documents.rules.number import repaired
from documents.search import WITHIN
from officehub.approvals.decide import DecisionRefused
from officehub.files.keep import keeping
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
    initial = {"organ": request.user.department.organ_id}
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
    context = {"form": form, "trouble": trouble, "chosen": form.paper}
    return render(request, "documents/transmit.html", context, status=422 if form.is_bound else 200)


def _begin(form: TransmitForm, person, now) -> Document:
    """The draft and the file that belongs to it, or neither."""
    given = form.cleaned_data
    same = {"by": person, "now": now, "organ": given["organ"], "pattern": given["pattern"]}
    if form.paper:
        return transmitting.begin(source=transmitting.source_of(form.paper), **same)
    with keeping([given["file"]] if given["file"] else [], by=person, now=now) as files:
        source = transmitting.Source(
            given["title"], given["issuer"] or given["organ"].name, given["number"], given["issued_on"],
            given["disclosure"], given["body"], stored=files[0] if files else None,
        )  # fmt: skip
        return transmitting.begin(source=source, **same)


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
