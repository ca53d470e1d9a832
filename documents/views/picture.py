"""流程图: a paper's approval as the office would draw it, for whoever its course is the business of."""

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from documents.views import fetch, inside
from officehub.approvals import decide
from officehub.approvals.picture.draw import picture

BACK_LATE = ("recheck_return", "void_number")  # after sign-off, back to the drafter


@require_safe
@vary_on_headers("HX-Request")
def course_picture(request, pk):
    """The picture on a page of its own, to look at and to print; alone for the panel that asks for it."""
    document = fetch(request, pk)
    if not inside(request, document):
        raise Http404
    run, now = decide.run_of(document), timezone.now()
    context = {"document": document, "picture": picture(run, document, now, BACK_LATE) if run else None, "now": now}
    whole = "documents/picture_alone.html" if request.htmx else "documents/picture.html"
    return render(request, whole, context)
