"""Whether a paper is in force on a day. Pure.

条例 第三十三条: 撤销 reaches back to the beginning, 废止 forward from its day.
"""

from datetime import date

from django.utils import timezone

from documents.models import Document

ANNULLED = Document.Annulled


def begins(document: Document) -> date | None:
    """成文日期, from which a paper is in force; None while nobody has signed it."""
    return timezone.localdate(document.signed_at) if document.signed_at else None


def in_force(document: Document, day: date) -> bool:
    """Whether the paper, apart from parts of it that were annulled, is in force on a day."""
    first = begins(document)
    if first is None or day < first or document.annulled == ANNULLED.REVOKED:
        return False
    return document.annulled != ANNULLED.REPEALED or day < document.annulled_from


def void(document: Document, day: date) -> bool:
    """Whether it was annulled as a whole, with effect on a day: what is not in force yet is not void."""
    repealed = document.annulled == ANNULLED.REPEALED and day >= document.annulled_from
    return document.annulled == ANNULLED.REVOKED or repealed
