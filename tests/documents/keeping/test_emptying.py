"""A destroyed paper is gone from everywhere the house kept its text, under the database's own guard; and only then."""

import hashlib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db.models import JSONField, TextField
from django.urls import reverse

from documents import distribute
from documents.consulting.asking import ask
from documents.doctor import signed_texts
from documents.keeping import appraisal
from documents.keeping import package as packing
from documents.models import (
    ArchivalItem,
    Attached,
    Consultation,
    ConsultationFile,
    Consulted,
    Copy,
    Document,
    Look,
    Package,
    Picture,
    Unsaved,
    Version,
    WordImport,
)
from documents.sending import number_copies
from documents.versions.faults import faults
from documents.versions.lock import TextTampered, hold_to_signed
from officehub.approvals.decide import DecisionRefused
from officehub.files.keep import keep
from officehub.files.models import StoredFile
from officehub.people.models import Role
from tests.cast import person
from tests.documents.course.test_course import signed
from tests.documents.guarding import refused
from tests.documents.keeping.test_appraisal import LATER
from tests.documents.keeping.test_package import pack

SAID = "备足燃料"  # of the text


@pytest.fixture
def director(cast):
    return person("director", cast.clerk.department, "办公室副主任", False, [Role.OFFICE_DIRECTOR])


@pytest.fixture
def numbered(monkeypatch, filed):
    """The filed paper went out in numbered copies."""
    usual = distribute.distribute

    def with_numbers(document, **told):
        sent = usual(document, first_number=1, **told)
        assert number_copies.make(sent.copy_run.pk, told["now"])
        return sent

    monkeypatch.setattr(distribute, "distribute", with_numbers)
    return filed()


@pytest.fixture
def everywhere(numbered, cast, now) -> ArchivalItem:
    """A filed paper that left its text wherever the house keeps one. Returns its item; see `files_of`."""
    document = numbered.document

    def file(name: str) -> StoredFile:
        return keep(ContentFile(f"{name}{SAID}".encode(), f"{name}.txt"), by=cast.drafter, now=now)

    sent = Consultation.objects.create(
        document=document, number=1, content=document.content, content_hash="0" * 64, by=cast.drafter, at=now,
        due_at=now, state="closed", ended_at=now,
    )  # fmt: skip
    row = Consulted.objects.create(consultation=sent, department=cast.bureau, sort_at=now)
    ConsultationFile.objects.create(consultation=sent, title="征求意见稿附件", stored=file("一"))
    ConsultationFile.objects.create(consultation=sent, consulted=row, title="答复", stored=file("二"))
    Picture.objects.create(document=document, name="图.png", stored=file("三"))
    Attached.objects.create(document=document, order=1, title="清单", body=SAID)
    Unsaved.objects.create(document=document, fields={"body": SAID}, revision=0, at=now)
    WordImport.objects.create(
        document=document, by=cast.drafter, at=now, name="稿.docx", sha256="0" * 64, fields={"body": SAID}
    )
    version = document.versions.first()
    Look.objects.create(document=document, person=cast.head, version=version)
    return numbered


def destroy(item: ArchivalItem, cast, director) -> None:
    register = appraisal.propose([item], reason="已无保存价值", by=cast.archivist, now=LATER)
    appraisal.answer(register, agreed=True, words="", by=director, now=LATER)
    appraisal.destroy(register, by=cast.archivist, now=LATER)
    appraisal.wipe(register.pk, LATER)


def holding() -> set[str]:
    """The models of the papers room in whose rows the text is to be found."""
    found = set()
    for model in apps.get_app_config("documents").get_models():
        fields = [field.attname for field in model._meta.concrete_fields if isinstance(field, (TextField, JSONField))]
        rows = [str(row) for row in model._default_manager.values_list(*fields)] if fields else []
        if any(SAID in row for row in rows):
            found.add(model.__name__)
    return found


def test_nothing_of_it_is_left(everywhere, cast, director, guarded, client):
    item, document = everywhere, everywhere.document
    assert holding() == {"Document", "Attached", "Version", "Consultation", "Rendition", "Unsaved", "WordImport"}
    files = [one.run.template.path for one in document.copies.select_related("run")]
    files += [path.file.path for path in StoredFile.objects.all()]
    files += [file.file.path for file in item.files.all()] + [one.pdf.path for one in document.renditions.all()]
    assert len(files) >= 8
    destroy(item, cast, director)
    assert holding() == set()
    assert [path for path in files if Path(path).exists()] == []
    assert (Version.objects.count(), Look.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert (Picture.objects.count(), ConsultationFile.objects.count()) == (0, 0)
    copy = Copy.objects.get()
    assert (str(copy), copy.name, bytes(copy.addition), len(copy.sha256)) == ("000001", "受文单位：市财政局", b"", 64)
    client.force_login(cast.clerk)
    for name, args in (("copy_pdf", [copy.pk]), ("copies_zip", [copy.run_id])):
        assert client.get(reverse(f"documents:{name}", args=[document.pk, *args])).status_code == 404
    page = client.get(reverse("documents:copies", args=[document.pk])).content.decode()
    assert ("000001" in page, "已销毁" in page, "下载全部" in page) == (True, True, False)
    client.force_login(cast.drafter)
    for name in ("detail", "versions", "consultations", "case", "print_paper"):
        page = client.get(reverse(f"documents:{name}", args=[document.pk]))
        assert (name, page.status_code, SAID in page.content.decode()) == (name, 200, False)


def test_what_was_consulted_about_it_says_so(everywhere, cast, director, client):
    row = Consulted.objects.get()
    ask(row, LATER)
    destroy(everywhere, cast, director)
    client.force_login(cast.countersigner)
    page = client.get(reverse("documents:consulted", args=[row.pk]))
    assert (page.status_code, "本件已依法销毁" in page.content.decode()) == (200, True)


def test_lawfully_destroyed_is_not_tampered_with(everywhere, cast, director):
    destroy(everywhere, cast, director)
    assert (list(faults()), signed_texts().ok) == ([], True)
    document = Document.objects.get(pk=everywhere.document_id)
    with pytest.raises(DecisionRefused, match="已依法销毁") as told:
        hold_to_signed(document)
    assert not isinstance(told.value, TextTampered)
    Document.objects.filter(pk=document.pk).update(content={**document.content, "body": "后来添的。"})
    [fault] = faults()
    assert "却又有了内容" in fault


def test_marked_as_destroyed_without_a_destruction_it_is(everywhere):
    ArchivalItem.objects.update(state="destroyed")
    [fault] = faults()
    assert "没有销毁记录" in fault


def test_the_guard_lets_it_be_emptied_and_nothing_else(everywhere, cast, director, guarded):
    other = signed(cast, LATER)
    document = everywhere.document
    emptied = {"kind": "通知", "body": "空"}
    papers = Document.objects.filter(pk=document.pk)
    for change in (
        lambda: papers.update(content=emptied),
        lambda: document.attached.update(body=""),
        lambda: Look.objects.all().delete() and document.versions.all().delete(),
    ):
        assert refused(change)
    ArchivalItem.objects.filter(document=document).update(state="destroyed")
    assert papers.update(content=emptied) == 1
    assert document.attached.update(body="", stored=None) == 1
    Look.objects.all().delete()
    assert not refused(lambda: document.versions.all().delete())
    for change in (
        lambda: papers.update(title="关于别的事"),
        lambda: papers.update(signed_hash="0" * 64),
        lambda: papers.update(corrected_hash="0" * 64),
        lambda: document.attached.update(body="别的"),
        lambda: document.attached.all().delete(),
        lambda: Attached.objects.create(document=document, order=2, title="表", body="表"),
        lambda: Document.objects.filter(pk=other.pk).update(content=emptied),
        lambda: Version.objects.filter(document=other).delete(),
        lambda: Version.objects.filter(document=other).update(note="改"),
    ):
        assert refused(change)


def test_a_package_that_nobody_took_over_is_void(filed, cast, director, now):
    item, other = filed(), filed()
    ordered = packing.order(fonds="0102", years=(2026, 2026), retention="", by=cast.archivist, now=now)
    pack(ordered, now)
    kept = Path(ordered.file.path)
    assert kept.exists()
    destroy(item, cast, director)
    ordered.refresh_from_db()
    assert (kept.exists(), ordered.state, ordered.total) == (False, Package.State.FAILED, 1)
    assert packing.retry(ordered)
    pack(ordered, now)
    assert (ordered.state, ordered.done) == (Package.State.DONE, 2)
    assert hashlib.sha256(Path(ordered.file.path).read_bytes()).hexdigest() == ordered.sha256
    assert list(ordered.packed.values_list("item", flat=True)) == [other.pk]
