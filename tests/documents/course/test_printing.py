"""An order that cannot be carried out says why, is tried again, and in the end is given up with its reason."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from documents import number, printing, seal, signing
from documents.models import Rendition, Series
from tests.documents.course.test_course import signed


@pytest.fixture
def proof(cast, now) -> Rendition:
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    return seal.proof_of(document)


@pytest.fixture
def full_disk(monkeypatch):
    """Every file comes to its end half-way, until `undo`."""

    def half(storage, name, content):
        path = Path(storage.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.read()[:100])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", half)
    return monkeypatch


def files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def stands(proof) -> tuple[str, int, str]:
    proof.refresh_from_db()
    return proof.state, proof.attempts, proof.doing


def test_a_full_disk_leaves_no_part_and_the_order_is_given_up_the_third_time(proof, now, full_disk, settings):
    found = []
    for turn in range(3):
        assert list(printing.waiting(now).values_list("pk", flat=True)) == [proof.pk]
        assert printing.print_rendition(proof.pk, now + timedelta(minutes=turn)) is False
        found.append(stands(proof))
        assert proof.error.startswith("存储空间不足")
        assert files(settings.MEDIA_ROOT) == []
    assert found == [("queued", 1, ""), ("queued", 2, ""), ("failed", 3, "")]
    assert list(printing.waiting(now + timedelta(days=1))) == []


def test_with_room_again_the_next_turn_prints(proof, now, full_disk, settings):
    printing.print_rendition(proof.pk, now)
    full_disk.undo()
    settings.MEDIA_ROOT.mkdir(exist_ok=True)
    assert printing.print_rendition(proof.pk, now + timedelta(minutes=1)) is True
    assert stands(proof) == ("done", 2, "")
    assert proof.error == ""


@pytest.mark.parametrize("part", ["parse", "measure", "engine"])
def test_an_unexpected_fault_is_logged_and_said_and_tried_again(proof, now, monkeypatch, caplog, part):
    def broken(*args):
        raise KeyError("unexpected")

    monkeypatch.setattr(printing, part, broken)
    assert printing.print_rendition(proof.pk, now) is False
    assert stands(proof) == ("queued", 1, "")
    assert proof.error.startswith("排版时出现意外错误")
    assert [record.exc_info[0] for record in caplog.records if record.name == "documents.printing"] == [KeyError]


def test_a_worker_that_comes_back_late_leaves_the_whole_file_alone(proof, now, monkeypatch):
    printing.print_rendition(proof.pk, now)
    proof.refresh_from_db()
    content = Path(proof.pdf.path).read_bytes()

    def full(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    printing.store(proof.pdf.storage, proof.pdf.name, content)
    assert Path(proof.pdf.path).read_bytes() == content
