"""One search box for the whole house; every room looks through what the person may see."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from officehub.web import hubs

LONGEST = 80
EACH = 20


@require_safe
def search(request):
    words = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST]
    found = hubs.search(request.user, words, EACH) if words else []
    return render(request, "web/search.html", {"words": words, "found": found, "each": EACH})
