"""The doors of the room: fetch what this person may see, act, redirect."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from documents.models import Document


def fetch(request, pk: int) -> Document:
    """A paper this person may see; a stranger's answer is 404, as if it did not exist."""
    papers = Document.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(papers.select_related("organ__office", "department", "drafter__department"), pk=pk)
