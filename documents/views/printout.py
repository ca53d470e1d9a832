"""打印: the paper on a page that holds nothing else. Its course is printed from 办文全程 (`case`)."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from documents.views import fetch
from documents.views.course import drawn_paper
from documents.views.paper import printed


@require_safe
def paper(request, pk):
    """Its pages at the fineness of print, one sheet each; a printed one has its PDF beside."""
    document = fetch(request, pk)
    context = {"document": document, "rendition": printed(document), **drawn_paper(document, request.user)}
    return render(request, "documents/print_paper.html", context)
