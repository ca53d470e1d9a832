"""What the pages of tasks share: fetching visibly."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from tasks.models import Task

SHOWN = (
    *("organ", "assigner__department", "verifier__department", "lead_unit", "lead_person__department"),
    *("responsible__department", "parent", "document", "incoming", "closed_by", "created_by"),
)


def fetch(request, pk: int) -> Task:
    """A task this person may see; a stranger's answer is 404, as if it did not exist."""
    rows = Task.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(rows.select_related(*SHOWN), pk=pk)
