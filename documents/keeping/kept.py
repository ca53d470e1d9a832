"""Whose records a person keeps: those of the own organ, and of the organs one's own is the office of."""

from documents.models import DisclosureRecord
from officehub.people.models import Organ, Role, served_organs

DISCLOSURE_KEEPERS = frozenset({Role.DISCLOSURE_OFFICER, Role.OFFICE_DIRECTOR})
ARCHIVE_KEEPERS = frozenset({Role.ARCHIVIST, Role.OFFICE_DIRECTOR})
BADGE = 100


def kept_organs(person, *roles: str) -> list[Organ]:
    """The organs whose records a holder of one of these roles keeps; none for everybody else."""
    return list(served_organs(person).order_by("pk")) if person.has_role(*roles) else []


def kept_fonds(person, *roles: str) -> list[str]:
    return sorted({organ.fonds_number for organ in kept_organs(person, *roles)} - {""})


def disclosure_badge(person) -> int:
    """Papers that wait to be made public, for who has to do it; counted no further than a badge shows."""
    if not person.has_role(Role.DISCLOSURE_OFFICER):
        return 0
    organs = kept_organs(person, *DISCLOSURE_KEEPERS)
    waiting = DisclosureRecord.objects.filter(organ__in=organs, publish_by__isnull=False, published_on=None)
    return len(waiting.values_list("pk")[:BADGE]) if organs else 0
