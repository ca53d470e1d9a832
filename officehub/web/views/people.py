"""Finding people as one types: for every form that asks for somebody."""

import re

from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.shortcuts import render
from django.views.decorators.http import require_safe

from officehub.people.models import Person
from officehub.people.models.persons import addressable
from officehub.web.listing import ids
from officehub.web.views import for_the_office

MATCHES = 20
LONGEST = 40
INITIALS = re.compile(r"[a-z]{2,4}")


def choosable(asker: Person):
    """Whom somebody may name in a form: everybody who works here but themself and the administrators."""
    return addressable().exclude(pk=asker.pk).select_related("department")


def matching(words: str) -> Q:
    """By name, log-in, department, or the name's pinyin: whole, its beginning, or the initials (wm for 王敏)."""
    compact = words.replace(" ", "").lower()
    found = Q(name__icontains=words) | Q(username__istartswith=words) | Q(department__name__icontains=words)
    if compact.isascii():
        found |= Q(sounds__startswith=compact)
    if INITIALS.fullmatch(compact):
        found |= Q(name_key__regex="^" + "[a-z]* ".join(compact) + "[a-z]*$")
    return found


@require_safe
@for_the_office
def find_people(request):
    """Those chosen already, then whom the words find. `name` is the field's name; `many` makes boxes to tick."""
    name = request.GET.get("name", "")
    words = request.GET.get("person", "").strip()[:LONGEST]
    people = choosable(request.user)
    chosen = list(people.filter(pk__in=ids(request.GET.getlist(name))))
    sounding = people.annotate(sounds=Replace("name_key", Value(" "), Value("")))
    others = sounding.filter(matching(words)).exclude(pk__in=[one.pk for one in chosen]) if words else []
    context = {"name": name, "many": "many" in request.GET, "chosen": chosen, "others": others[:MATCHES]}
    return render(request, "web/people.html", {**context, "words": words})
