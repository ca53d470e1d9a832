"""Seeing to papers under way: chase, suspend, resume, terminate; and the report of duties that were not kept apart."""

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from documents.decision_forms import HaltForm
from documents.models import Document
from documents.views import fetch
from documents.views.course import again
from documents.views.mine import Refused
from officehub.approvals import halt
from officehub.approvals.decide import DecisionRefused
from officehub.approvals.models import Bypass
from officehub.people.models import Role
from officehub.web.listing import newest_first

REASONED = {"suspend": halt.suspend, "terminate": halt.terminate}
FOR_OFFICE, FOR_OWN = (Role.OFFICE_DIRECTOR, Role.SUPERVISOR), (Role.PRINCIPAL_LEADER,)  # whose report it is


def reported(person):
    """The papers whose report this person reads, None when there are none: a leader's own organ's; of those who serve
    the office, also its government's."""
    if person.department is None or not person.has_role(*FOR_OFFICE, *FOR_OWN):
        return None
    organ = person.department.organ_id
    served = Q(organ=organ) | Q(organ__office=organ) if person.has_role(*FOR_OFFICE) else Q(organ=organ)
    return Document.objects.filter(served)


@require_POST
def oversee(request, pk, deed):
    """One deed on a run: `chase`, `suspend`, `resume` or `terminate`."""
    document = fetch(request, pk)
    allowed = halt.chases if deed == "chase" else halt.oversees
    if deed not in ("chase", "resume", *REASONED) or not allowed(document, request.user):
        raise Http404
    form = HaltForm(request.POST, name=f"halt-{deed}")
    if deed in REASONED and not form.is_valid():
        return again(request, document, Refused(f"halt-{deed}", form))
    try:
        done = _do(document, deed, form, request.user)
    except DecisionRefused as error:
        return again(request, document, Refused(f"halt-{deed}", form, tuple(error.sentences)))
    messages.success(request, done)
    return redirect("documents:detail", pk)


def _do(document: Document, deed: str, form: HaltForm, person) -> str:
    """Make the deed and say what was done."""
    now = timezone.now()
    if deed == "chase":
        told = halt.chase(document, by=person, now=now)
        return _("已催办：%(people)s。") % {"people": "、".join(one.name for one in told)}
    if deed == "resume":
        halt.resume(document, by=person, now=now)
        return _("已恢复办理，时限重新计算。")
    REASONED[deed](document, by=person, now=now, reason=form.cleaned_data["reason"])
    return _("已中止。") if deed == "suspend" else _("已终止。")


@require_safe
def bypasses(request):
    """Where 拟稿、核稿、签发 were not kept apart in the papers of one's organ, with the reasons (R30)."""
    now, papers = timezone.now(), reported(request.user)
    if papers is None:
        raise Http404
    rows = Bypass.objects.filter(
        step__run__subject_type=ContentType.objects.get_for_model(Document),
        step__run__subject_id__in=papers.values("pk"),
    ).select_related("by__department", "step__run", "step__stage")
    page = newest_first(rows, "at", request.GET.get("after", ""))
    listed = Document.objects.in_bulk({row.step.run.subject_id for row in page.rows})
    opens = set(Document.objects.filter(pk__in=listed).visible_to(request.user, now).values_list("pk", flat=True))
    for row in page.rows:
        row.paper = listed[row.step.run.subject_id]
    return render(request, "documents/bypasses.html", {"page": page, "opens": opens})
