"""Choosing people by name, wherever a form asks for somebody: one search, one set of boxes, and who is ticked stays.

The component is `components/people_picker.html`; a view that answers its search calls `answer`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Replace
from django.shortcuts import render
from django.utils.translation import gettext as _

from officehub.people.models import Person
from officehub.people.models.persons import addressable
from officehub.web.listing import ids

MATCHES = 20
LONGEST = 40
INITIALS = re.compile(r"[a-z]{2,4}")


@dataclass(frozen=True)
class Picker:
    """One place on a page where people are chosen: `key` begins the ids of its boxes, `name` is its field's."""

    key: str
    name: str = "people"
    one: bool = False
    in_order: bool = False


def chosen(texts: Iterable[str], people: QuerySet[Person] | None = None) -> list[Person]:
    """The people of these ids, in the order given, each once, of `people`: as a rule whom papers may be given to."""
    numbers = list(dict.fromkeys(ids(map(str, texts))))
    of_them = addressable() if people is None else people
    found = of_them.select_related("department").in_bulk(numbers) if numbers else {}
    return [found[number] for number in numbers if number in found]


def found_by(words: str, people: QuerySet[Person]) -> QuerySet[Person]:
    """By name, log-in, department, or the name's pinyin: whole, its beginning, or the initials (wm for 王敏)."""
    compact = words.replace(" ", "").lower()
    matching = Q(name__icontains=words) | Q(username__istartswith=words) | Q(department__name__icontains=words)
    if compact.isascii():
        matching |= Q(sounds__startswith=compact)
    if INITIALS.fullmatch(compact):
        matching |= Q(name_key__regex="^" + "[a-z]* ".join(compact) + "[a-z]*$")
    return people.annotate(sounds=Replace("name_key", Value(" "), Value(""))).filter(matching)


def answer(request, picker: Picker, people: QuerySet[Person]):
    """The boxes to tick: those ticked already, in their order, then whom the words find, or else whom were offered."""
    words = request.GET.get("person", "").strip()[:LONGEST]
    ticked = chosen(request.GET.getlist(picker.name), people)
    left = found_by(words, people).exclude(pk__in=[one.pk for one in ticked]).select_related("department")
    offered = [one for one in chosen(request.GET.getlist("offered"), people) if one not in ticked]
    others = (list(left[:MATCHES]) if words else []) or offered
    said = _("找到 %(found)s 人，已选 %(chosen)s 人。") % {"found": len(others), "chosen": len(ticked)}
    context = {"picker": picker, "people": ticked, "others": others, "said": said}
    return render(request, "components/people.html", context)
