"""From whom a paper is called back: its addressees page by page, while those ticked on other pages stay ticked."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from documents.models import Addressee, Document
from documents.sending.recalling import recallable
from officehub.web.listing import Page, ids, soonest_first


@dataclass(frozen=True)
class Choice:
    """`page` shows addressees not ticked yet, of those `find` names; `ticked` are the others; `total` counts all."""

    page: Page
    ticked: Sequence[Addressee]
    total: int
    find: str
    from_all: bool


def turns(posted: QueryDict) -> bool:
    """Whether only another page was asked for: nothing is called back."""
    return "turn" in posted


def choice(document: Document, posted: QueryDict) -> Choice:
    of_it = recallable(document).select_related("department", "person__department", "distribution")
    chosen, find = ids(posted.getlist("lines")), posted.get("find", "").strip()[:40]
    left = of_it.exclude(pk__in=chosen)
    if find:
        left = left.filter(Q(department__name__icontains=find) | Q(person__name__icontains=find))
    return Choice(
        page=soonest_first(left, "delivered_at", posted.get("turn", "")),
        ticked=list(of_it.filter(pk__in=chosen).order_by("pk")) if chosen else [],
        total=recallable(document).count(),
        find=find,
        from_all=posted.get("from", "all") == "all",
    )
