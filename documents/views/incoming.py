"""One incoming paper: its pages with the receipt stamp, what is mine to do beside them, its course below."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.apart import Unreadable
from documents.incoming import paperwork
from documents.incoming import reply as replying
from documents.incoming.course import lines
from documents.incoming.deeds import DEEDS, Deed, Mine, did_before, lead_part, open_to
from documents.incoming.duty import kept_organs, may_register
from documents.incoming.propose import current
from documents.incoming.sheets import files_of, sheets_of
from documents.incoming.stations import rounds_of, stations_of
from documents.incoming.where import where
from documents.models import Hop, Incoming
from documents.paper.process import RenderFailed
from officehub.approvals import phrases
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.inbox.errands import see_all
from officehub.moves import TooLate
from officehub.notifications.receipts import chases
from officehub.web.listing import ids
from officehub.web.office_time import WorkingDays, due_label

REPLIES_SHOWN = 5


def fetch(request, pk: int) -> Incoming:
    """A paper this person may see; a stranger's answer is 404, as if it did not exist."""
    rows = Incoming.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(rows.select_related("organ__office", "sender", "chaser", "registered_by"), pk=pk)


@require_safe
def detail(request, pk):
    incoming = fetch(request, pk)
    see_all(incoming, request.user, timezone.now())
    return render(request, "documents/incoming/detail.html", page(request, incoming))


def page(request, incoming: Incoming, refused=None, trouble=()) -> dict:
    """Everything the page shows to this person; `refused` is the bound form of the deed that was not done just now."""
    now, person = timezone.now(), request.user
    may = open_to(incoming, person, now)
    cards = [_card(deed, target, incoming, person, refused) for deed, target in may.values()]
    files, hops = files_of(incoming), stations_of(incoming)
    portion = request.GET.get("pages", "")
    return {
        "incoming": incoming,
        "sheets": sheets_of(files, next(iter(ids([portion])), 1)),
        "rounds": rounds_of(hops),
        "files": files,
        "main": [card for card in cards if card["deed"].main],
        "more": [card for card in cards if not card["deed"].main],
        "trouble": trouble,
        "where": where(incoming, now),
        "due": due_label(incoming.due_at, now, WorkingDays([incoming.due_at], now)),
        "course": lines(incoming, hops),
        "proposal": current(incoming),
        "said": _said(hops),
        "phrases": phrases.phrases_of(person),
        "may_correct": may_register(person, incoming.organ) and incoming.state not in Incoming.ENDED,
        "may_reply": "answer" in may,
        "replies": list(incoming.answering.visible_to(person, now).order_by("-id")[:REPLIES_SHOWN]),
        "chases": chases(incoming) if "chase" in may else [],
        "is_scanned": bool(files and files[0].pages),
    }


def _card(deed: Deed, target, incoming: Incoming, person, refused) -> dict:
    """A deed with its form; the one refused just now with what was typed."""
    mine = refused is not None and refused[0] == deed.name
    form = refused[1] if mine else deed.form(incoming=incoming, person=person, target=target, name=deed.name)
    url = reverse("documents:incoming_do", args=[incoming.pk, deed.name])
    box = f"{deed.name}-{deed.phrases}" if deed.phrases else ""
    return {"deed": deed, "form": form, "target": target, "url": url, "open": mine, "box": box}


def _said(hops: list[Hop]) -> list[Hop]:
    """What leaders instructed so far, for whoever has the paper now."""
    signed = [hop for hop in hops if hop.state == Hop.State.DONE and hop.circulation.purpose == "instruct"]
    return sorted(signed, key=lambda hop: (hop.out_at, hop.pk))


@require_POST
def do(request, pk, deed):
    """One deed. Who is not asked for it finds no such door; who was asked and comes too late is told who was first."""
    incoming, found = fetch(request, pk), DEEDS.get(deed)
    if found is None:
        raise Http404
    mine = Mine(incoming, request.user, timezone.now())
    target = found.may(mine)
    if target is None:
        if did_before(mine, found):
            raise TooLate(incoming, deed)
        raise Http404
    form = found.form(
        request.POST, request.FILES, incoming=incoming, person=request.user, target=target, name=found.name
    )
    way = request.POST.get("way", "")
    if not form.is_valid():
        return _again(request, incoming, found, form, ())
    try:
        found.act(incoming, target, form.cleaned_data, way, request.user, timezone.now())
    except DecisionRefused as error:
        return _again(request, incoming, found, form, error.sentences)
    except NeedsReason:
        return _again(request, incoming, found, form, [_("须写明理由。")])
    except ValidationError as error:
        return _again(request, incoming, found, form, error.messages)
    messages.success(request, found.done)
    return redirect("documents:incoming_detail", pk)


def _again(request, incoming: Incoming, deed: Deed, form, trouble):
    incoming.refresh_from_db()
    context = page(request, incoming, (deed.name, form), trouble)
    return render(request, "documents/incoming/detail.html", context, status=422)


@require_POST
def reply(request, pk):
    """起草复文: an outgoing draft that answers this paper."""
    incoming = fetch(request, pk)
    if lead_part(Mine(incoming, request.user, timezone.now())) is None:
        raise Http404
    made = replying.draft_reply(incoming, by=request.user, now=timezone.now())
    messages.success(request, _("已起草复文，请补充正文后提交审批。复文分发后，来文自动记为已答复。"))
    return redirect("documents:edit", made.pk)


# --- on paper -----------------------------------------------------------------------------------------------------


FORMS = {"sheet": "公文处理单", "stamp": "收文章", "reading": "传阅单", "returned": "退文单"}


@require_safe
def printed(request, pk, form):
    """公文处理单, the stamped first page, 传阅单 or 退文单, as a PDF in the page."""
    incoming = fetch(request, pk)
    if form not in FORMS or (form == "returned" and incoming.state != Incoming.State.RETURNED):
        raise Http404
    draw = {
        "sheet": lambda: paperwork.sheet(incoming, timezone.now()),
        "stamp": lambda: paperwork.stamped(incoming),
        "reading": lambda: paperwork.reading_slip(incoming),
        "returned": lambda: paperwork.returned(incoming),
    }
    return _pdf(draw[form], f"{incoming.number} {FORMS[form]}.pdf")


@require_safe
def blank(request):
    """A blank 公文处理单 of the organ one keeps the register of."""
    organ = kept_organs(request.user).filter(is_own=True).order_by("id").first()
    if organ is None:
        raise Http404
    return _pdf(lambda: paperwork.blank(organ), "公文处理单（空白）.pdf")


def _pdf(draw, name: str):
    try:
        content = draw()
    except (RenderFailed, Unreadable) as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    if content is None:
        raise Http404
    headers = {"Content-Disposition": content_disposition_header(False, name)}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
