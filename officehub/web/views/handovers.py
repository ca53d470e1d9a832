"""离岗移交证明: the page that says somebody left nothing behind, to be printed and signed."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from officehub.inbox.models import Handover
from officehub.people.models import Role
from officehub.web import hubs


@require_safe
def certificate(request, pk):
    """For the system administrator, who left and who received; it counts by kind and names no paper."""
    proof = get_object_or_404(Handover.objects.select_related("person__department", "to__department", "by"), pk=pk)
    if not (request.user.pk in (proof.person_id, proof.to_id) or request.user.has_role(Role.SYS_ADMIN)):
        raise Http404
    counts = sorted((hubs.counted_label(name), count) for name, count in proof.counts.items())
    return render(request, "web/handover.html", {"proof": proof, "counts": counts})
