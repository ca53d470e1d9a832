"""A worker is killed at every line of printing, one after another: afterwards the circular exists, once."""

import hashlib
import signal
from pathlib import Path

from documents import printing, seal
from documents.models import Rendition
from officehub.audit.record import broken
from officehub.moves import events_of

POINTS = ["claimed", "measured", "file half written", "file saved", "finished, not committed"]


def test_printers_killed_at_every_line_leave_the_circular_once(run_job, numbered, settings, lapses):
    proof = seal.proof_of(numbered)
    for point, at in zip(POINTS, lapses, strict=False):
        assert run_job("print", proof.pk, point, at) == -signal.SIGKILL
        proof.refresh_from_db()
        assert (point, proof.state, proof.claimed_at, proof.pdf.name) == (point, "running", at, "")
        assert list(printing.waiting(at)) == []  # nobody takes it from a worker that may be alive
    last = next(lapses)
    assert list(printing.waiting(last).values_list("pk", flat=True)) == [proof.pk]
    assert [printing.print_rendition(proof.pk, last), printing.print_rendition(proof.pk, next(lapses))] == [True, False]
    printed_once(numbered, settings.MEDIA_ROOT)


def printed_once(document, media: Path) -> None:
    """One order, done; one file, the one that was hashed; one event of it; and a clean record."""
    rendition = Rendition.objects.get(document=document)
    [file] = [path for path in media.rglob("*") if path.is_file()]
    assert (rendition.state, rendition.percent) == ("done", 100)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == rendition.sha256
    assert rendition.pdf.name == str(file.relative_to(media))
    assert events_of(document).filter(verb="printed").count() == 1
    assert list(broken()) == []
