"""传阅情况: every station of a paper's rounds with its times in and out (R47, 条例 第二十四条(五))."""

from collections.abc import Iterable
from itertools import groupby

from documents.models import Circulation, Hop, Incoming


def stations_of(incoming: Incoming) -> list[Hop]:
    """Round by round, in their order; one query."""
    rows = Hop.objects.filter(circulation__incoming=incoming)
    rows = rows.select_related("circulation__by", "person__department", "asked", "by")
    return list(rows.order_by("circulation", "place", "id"))


def rounds_of(hops: Iterable[Hop]) -> list[tuple[Circulation, list[Hop]]]:
    """Each round with its stations."""
    return [(found[0].circulation, found) for _pk, rows in groupby(hops, lambda hop: hop.circulation_id)
            if (found := list(rows))]  # fmt: skip
