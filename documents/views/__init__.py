"""The doors of the room: fetch what this person may see, act, redirect."""

from django.shortcuts import get_object_or_404
from django.utils import timezone

from documents.models import Document
from officehub.people.grants import Because, lets_in_because


def inside(request, document: Document) -> bool:
    """Whether the course of a paper is this person's business; whoever was only sent the paper sees the paper."""
    reasons = lets_in_because(document, request.user, timezone.now())
    return bool(reasons & {Because.PARTICIPANT, Because.SUPERIOR, Because.ROLE})


def fetch(request, pk: int) -> Document:
    """A paper this person may see; a stranger's answer is 404, as if it did not exist."""
    papers = Document.objects.visible_to(request.user, timezone.now())
    return get_object_or_404(papers.select_related("organ__office", "department", "drafter__department"), pk=pk)
