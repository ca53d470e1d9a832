"""打印: the paper, or its course, on a page that holds nothing else."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.course import Course
from documents.views import fetch, inside
from documents.views.course import drawn_paper
from documents.views.paper import printed
from officehub.approvals.decide import run_of


@require_safe
def paper(request, pk):
    """Its pages at the fineness of print, one sheet each; a printed one has its PDF beside."""
    document = fetch(request, pk)
    context = {"document": document, "rendition": printed(document), **drawn_paper(document, request.user)}
    return render(request, "documents/print_paper.html", context)


@require_safe
def course(request, pk):
    """办理过程, for those whose business it is."""
    document, now = fetch(request, pk), timezone.now()
    if not inside(request, document):
        raise Http404
    lines = Course(document, run_of(document), now).lines()
    return render(request, "documents/print_course.html", {"document": document, "course": lines, "now": now})
