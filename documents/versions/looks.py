"""What somebody last saw of a paper on its way, so that they are told when it was changed since."""

from dataclasses import dataclass

from documents.models import Document, Look, Version

SHORT = ("id", "number", "approval_hash", "content_hash", "at", "by")


@dataclass(frozen=True)
class Since:
    """The version somebody had seen, and the one there is now; `fresh`: they see it for the first time."""

    seen: int
    now: int
    fresh: bool


def note_look(document: Document, person, current: Version | None) -> Since | None:
    """Note that a person saw the version there is now. What they had seen before, when it said something else."""
    if current is None:
        return None
    mine = Look.objects.filter(document=document, person=person).select_related("version", "before")
    look = mine.defer("version__content", "before__content").first()
    if look is None:
        Look.objects.bulk_create([Look(document=document, person=person, version=current)], ignore_conflicts=True)
        return None
    fresh = look.version_id != current.pk
    before = look.version if fresh else look.before
    if fresh and current.by_id == person.pk:  # whoever made a change knows of it
        before = None
    if fresh:  # whoever opens it twice at one instant notes it once
        Look.objects.filter(pk=look.pk, version=look.version_id).update(before=before, version=current)
    if before is None or before.approval_hash == current.approval_hash:
        return None
    return Since(before.number, current.number, fresh)


def settled(document: Document, person) -> None:
    """They have dealt with it as it is: what they had seen before that is of no more interest."""
    Look.objects.filter(document=document, person=person).exclude(before=None).update(before=None)
