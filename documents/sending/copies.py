"""A numbered copy in one piece: for whom it is made out, and for the keeper; and all of them for the printer."""

import hashlib
import io
import zipfile
from collections.abc import Iterator

from django.db.models import Q

from documents.models import Copy, CopyRun, Document
from documents.printing import NotStored
from documents.sending.number_copies import read_template
from documents.sheets import marked
from officehub.people.models import Person

CHUNK = 100  # rows read at a time
PATIENT_SECONDS = 60.0  # for one's turn to mark a copy: a zip half sent cannot be begun again
ENDED = Q(run__state=CopyRun.State.ENDED)
THERE = Q(addition__isnull=False) & ~Q(addition=b"") & ~ENDED  # made, not destroyed with their paper nor given up


def copy_of(document: Document, person: Person) -> Copy | None:
    """The copy made out to a person, or else to their department, as long as it was not called back."""
    theirs = Q(addressee__person=person) | Q(addressee__stand_in=person) | Q(held_by=person)
    theirs |= Q(addressee__passed_on__addressees__person=person)  # whom a department let read its copy
    if person.department_id:
        theirs |= Q(addressee__department=person.department_id)
    found = document.copies.filter(THERE, theirs, addressee__recalled_at=None).distinct()
    found = list(found.select_related("run", "addressee", "document").order_by("number"))
    return min(found, key=lambda copy: copy.addressee.person_id is None, default=None)


def assembled(copy: Copy) -> bytes:
    """The whole PDF. Raises NotStored when it is not the one that was made."""
    whole = read_template(copy.run).pdf + bytes(copy.addition)
    if hashlib.sha256(whole).hexdigest() != copy.sha256:
        raise NotStored("这份印件与登记的校验值不符，请系统管理员检查存储。")
    return whole


def file_name(copy: Copy) -> str:
    """Named by number and addressee; what no file system takes is left out."""
    name = "".join(char for char in copy.name.partition("：")[2] if char not in '\\/:*?"<>|' and char.isprintable())
    return f"{copy.number:06d} {name}.pdf"


class _Sink(io.RawIOBase):
    """What a zip is written into: holds what was written since it was last taken."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self.parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        taken, self.parts = b"".join(self.parts), []
        return taken


def zipped(run: CopyRun, stamp: tuple[str, str] | None = None) -> Iterator[bytes]:
    """A zip of all copies of a run, piece by piece: one copy at a time is in memory. Those of a void paper say so."""
    base, sink = read_template(run).pdf, _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for copy in run.copies.filter(THERE).order_by("number").iterator(chunk_size=CHUNK):
            entry = zipfile.ZipInfo(file_name(copy), date_time=copy.made_at.timetuple()[:6])
            archive.writestr(entry, marked(base + bytes(copy.addition), stamp, wait=PATIENT_SECONDS))
            yield sink.take()
    yield sink.take()
