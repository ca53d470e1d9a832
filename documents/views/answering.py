"""While one writes a 批复 or 复函: which paper received it answers."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.incoming.question import answers_something, offered, question_of
from documents.views.drafting import own_draft


@require_safe
def questions(request, pk):
    """What the number typed is tied to, and the papers one may see that may be meant."""
    document, now = own_draft(request, pk), timezone.now()
    words = request.GET.get("in_reply_to", "").strip()[:60]
    document.kind, document.title = request.GET.get("kind", document.kind), request.GET.get("title", document.title)
    document.content = {**document.content, "in_reply_to": words}
    asked = answers_something(document.kind, document.title)
    tied = question_of(document, now) if asked else None
    found = offered(request.user, document.organ, document.kind, words, now) if asked and not tied else []
    context = {"asked": asked, "tied": tied, "offered": found, "words": words}
    return render(request, "documents/incoming/questions.html", context)
