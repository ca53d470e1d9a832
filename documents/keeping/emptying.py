"""What a destroyed paper held, out or in: its text wherever the house kept one, and its files. Number, title and
course stay.

The deed is in `appraisal.py`; every function here works inside its transaction, after the item was marked as destroyed,
which is what the database's own guard looks at (`documents/versions/guard.py`).
"""

from collections.abc import Iterable, Iterator

from django.contrib.contenttypes.models import ContentType
from django.db.models import F

from documents.models import (
    ArchivalItem,
    ConsultationFile,
    Copy,
    CopyRun,
    Document,
    Incoming,
    Look,
    Package,
    PackedItem,
    Unsaved,
    Version,
    WordImport,
)
from officehub.approvals.models import OpinionFile, Run
from officehub.files.models import StoredFile

STAYS = ("kind", "issuers", "title", "disclosure")
NOTHING = b""  # of a numbered copy: that it was made, with its hash, stays on record


def is_destroyed(document: Document) -> bool:
    item: ArchivalItem | None = getattr(document, "archival_item", None)
    return item is not None and item.state == ArchivalItem.State.DESTROYED


def left_of(document: Document, register: str) -> dict:
    """What the content of a paper is once it was destroyed by that register."""
    stays = {key: document.content[key] for key in STAYS if key in document.content}
    return {**stays, "kind": document.kind, "body": f"本件已依法销毁，见{register}销毁清册。"}


def is_empty(document: Document, register: str) -> bool:
    """Whether nothing of its text is in the database any more."""
    held = document.attached.exclude(stored=None, body="").exists() or document.versions.exists()
    return document.content == left_of(document, register) and not held


def empty(item: ArchivalItem, register: str) -> list[str]:
    """Take a paper's texts out of the database, naming the register in their place. The names of the files to go."""
    names = [file.file.name for file in item.files.all()] + list(_packages(item))
    return names + (_emptied_in(item.incoming) if item.incoming else _emptied_out(item.document, register))


def _emptied_in(incoming: Incoming) -> list[str]:
    """Of a paper in the scans go, with what was read from them, and what was attached to the work on it; the line of
    the register and what was instructed and done stay."""
    found = set(incoming.files.values_list("stored", flat=True))
    incoming.files.all().delete()
    return _stored(found)


def _emptied_out(document: Document, register: str) -> list[str]:
    left = left_of(document, register)
    names = [*_renditions(document), *_copies(document)]
    names += _stored(_loosened(document))
    document.consultations.update(content=left)
    Look.objects.filter(document=document).delete()
    Version.objects.filter(document=document).delete()
    Unsaved.objects.filter(document=document).delete()
    WordImport.objects.filter(document=document).delete()
    Document.objects.filter(pk=document.pk).update(content=left)
    return names


def _renditions(document: Document) -> list[str]:
    names = [one.pdf.name for one in document.renditions.exclude(pdf="")]
    document.renditions.all().delete()
    return names


def _copies(document: Document) -> list[str]:
    """Who had which number stays; what was printed for them goes."""
    runs = CopyRun.objects.filter(distribution__document=document)
    Copy.objects.filter(document=document, addition__isnull=False).update(addition=NOTHING)
    settled = CopyRun.State.DONE, CopyRun.State.ENDED
    runs.exclude(state__in=settled).update(state=CopyRun.State.FAILED, error="本件已依法销毁。")
    return [run.template.name for run in runs.exclude(template="")]


def _packages(item: ArchivalItem) -> Iterator[str]:
    """A package that nobody took over holds the item too: it is void, and ordered again it is made without it."""
    for package in Package.objects.filter(packed__item=item, handed_on=None):
        PackedItem.objects.filter(package=package, item=item).delete()
        Package.objects.filter(pk=package.pk).update(
            state=Package.State.FAILED, error="包内有文件已依法销毁，原包作废，请重新打包。", total=F("total") - 1,
            done=0, packed_to=0, claimed_at=None, file="", head="", sha256="", size=0, done_at=None,
        )  # fmt: skip
        yield from (f"packages/{package.name}.{ending}" for ending in ("zip", "part"))


def _loosened(document: Document) -> set[int]:
    """The stored files the paper had, which it now holds on to no more."""
    kind = ContentType.objects.get_for_model(Document)
    runs = Run.objects.filter(subject_type=kind, subject_id=document.pk)
    held = [
        document.pictures.all(),
        ConsultationFile.objects.filter(consultation__document=document),
        OpinionFile.objects.filter(step__run__in=runs) | OpinionFile.objects.filter(step__run__parent__run__in=runs),
    ]
    found = {pk for rows in held for pk in rows.values_list("stored", flat=True)}
    found |= set(document.attached.exclude(stored=None).values_list("stored", flat=True))
    for rows in held:
        rows.delete()
    document.attached.update(stored=None, body="")
    return found


def _stored(found: Iterable[int]) -> list[str]:
    """Of these files those that nobody else holds; another paper may (a copy made as new), and then the file stays."""
    free = [stored for stored in StoredFile.objects.filter(pk__in=found) if not _held(stored)]
    StoredFile.objects.filter(pk__in=[stored.pk for stored in free]).delete()
    return [stored.file.name for stored in free]


def _held(stored: StoredFile) -> bool:
    links = [
        link for link in StoredFile._meta.get_fields(include_hidden=True) if link.auto_created and link.one_to_many
    ]
    return any(link.related_model._default_manager.filter(**{link.field.name: stored}).exists() for link in links)
