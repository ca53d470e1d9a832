"""With whom an organ may issue jointly: the organs of its own level (条例 第十七条)."""

from datetime import date

from django.db.models import Case, Q, When

from documents.models import Document
from officehub.people.models import Organ

OFFERED = 60  # to press; others are typed


def equals(document: Document, today: date) -> list[str]:
    """The names of the active organs on the level of the issuing one, but its own superior and subordinates, as rule
    R56 has it; those below the same superior first."""
    lead = document.organ
    rows = Organ.objects.filter(level=lead.level).exclude(pk__in=[lead.pk, lead.superior_id or 0])
    rows = rows.filter(~Q(superior=lead.pk) | Q(superior=None))
    rows = rows.filter(Q(active_from=None) | Q(active_from__lte=today))
    rows = rows.filter(Q(active_until=None) | Q(active_until__gte=today))
    near = Case(When(superior=lead.superior_id, then=0), default=1)
    return list(rows.order_by(near, "name").values_list("name", flat=True)[:OFFERED])
