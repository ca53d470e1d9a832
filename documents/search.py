"""Finding papers by number or by words of the title, among the newest one may see."""

import re

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from documents.incoming.search import find as find_incoming
from documents.models import Document
from documents.rules.number import repaired
from officehub.people.grants import newest
from officehub.web.hubs import Hit

WITHIN = 2000  # the newest papers looked through; the full-text index comes with its own room

SERIAL = re.compile(r"第\d+[号期]$")  # all that an order or minutes bear in print; registered with their term or year


def find(person, words: str, limit: int) -> list[Hit]:
    hits = [
        Hit(
            title=str(paper),
            line=" · ".join(_line(paper)),
            url=reverse("documents:detail", args=[paper.pk]),
            at=paper.sort_at,
        )
        for paper in matching(person, words, limit)
    ]
    now = timezone.now()
    return sorted([*hits, *find_incoming(person, words, limit, now)], key=lambda hit: hit.at, reverse=True)[:limit]


def _line(paper: Document) -> list[str]:
    """Its number, how far it is, and whether it was annulled."""
    annulled = [gettext(paper.get_annulled_display())] if paper.annulled else []
    return [paper.document_number or gettext("未编号"), gettext(paper.get_state_display()), *annulled]


def matching(person, words: str, limit: int) -> list[Document]:
    """The papers themselves, the one of exactly that number first."""
    now = timezone.now()
    number = repaired(words)  # typed with any brackets, wide figures, spaces, or without 号
    numbers = {words, number, f"{number.removesuffix('号')}号"}
    exact = Document.objects.visible_to(person, now).filter(document_number__in=numbers).select_related("drafter")
    ids = newest(Document, person, WITHIN, now)
    wanted = Q(title__icontains=words) | Q(document_number__icontains=number)
    if printed := SERIAL.search(number):
        wanted |= Q(document_number__endswith=f"〕{printed[0]}")
    found = Document.objects.filter(wanted, pk__in=ids).select_related("drafter").order_by("-sort_at")[:limit]
    return list({paper.pk: paper for paper in [*exact, *found]}.values())[:limit]
