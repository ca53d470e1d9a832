"""Finding incoming papers by number, register number or words of the title, among the newest one may see."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from documents.models import Incoming
from documents.rules.number import repaired
from officehub.people.grants import newest
from officehub.web.hubs import Hit

WITHIN = 2000  # the newest papers looked through, as with outgoing ones


def find(person, words: str, limit: int, now: datetime) -> list[Hit]:
    number = repaired(words)
    exact = Incoming.objects.visible_to(person, now).filter(document_number__in={words, number, f"{number}号"})
    ids = newest(Incoming, person, WITHIN, now)
    matching = Q(title__icontains=words) | Q(document_number__icontains=number) | Q(sender_name__icontains=words)
    found = Incoming.objects.filter(matching, pk__in=ids).order_by("-sort_at")[:limit]
    papers = {paper.pk: paper for paper in [*exact[:limit], *found]}.values()
    return [
        Hit(
            title=paper.title,
            line=f"{paper.number} · {paper.sender_name} · {gettext(paper.get_state_display())}",
            url=reverse("documents:incoming_detail", args=[paper.pk]),
            at=paper.sort_at,
        )
        for paper in list(papers)[:limit]
    ]
