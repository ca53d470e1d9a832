"""Versions: one for each text that others saw, in the deed's own transaction, never twice the same, never changed."""

import pytest
from django.apps import apps
from django.db import transaction
from django.urls import reverse

from documents import drafting, signing
from documents.interchange import Refused
from documents.models import Attached, Document, Version
from documents.versions.faults import faults
from documents.versions.freeze import hash_of
from documents.versions.keep import keep, keep_by_hand, signed_version
from officehub.approvals.models import Permit, Stage, Step
from officehub.files.models import StoredFile
from officehub.moves import TooLate
from tests.cast import NOTICE
from tests.documents.guarding import refused

POINTS = dict.fromkeys(signing.FIVE_POINTS, True)


@pytest.fixture(autouse=True)
def _amendable(cast, monkeypatch):
    """Vetting permits changes to the text."""
    Stage.objects.filter(verb="vet").update(permits=list(Permit.values))
    monkeypatch.setattr("officehub.approvals.plan._published", {})


def told(document) -> list[tuple]:
    return list(document.versions.order_by("number").values_list("number", "why"))


def submit(document, cast, now):
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})


def amend(document, cast, now, **changes):
    """The vetter changes the text at a stage that permits it."""
    step = Step.objects.get(run__subject_id=document.pk, approver=cast.vetter, state="open")
    fields = {**NOTICE, **changes}
    drafting.amend(document, by=cast.vetter, step=step, now=now, fields=fields, revision=document.revision)
    document.refresh_from_db()


def test_submitting_amending_and_signing(cast, paper, now, agree):
    submit(paper, cast, now)
    agree(paper, cast.head)
    amend(paper, cast, now, body=NOTICE["body"].replace("12月5日", "12月15日"))
    assert told(paper) == [(1, "submit"), (2, "amend")]
    assert paper.versions.get(number=2).stage == "核稿"
    agree(paper, cast.vetter, **POINTS)
    agree(paper, cast.head)
    agree(paper, cast.leader_in_charge, disclosure_confirmed=True)
    assert told(paper) == [(1, "submit"), (2, "amend")]  # signed as it was: the same text makes no second row
    assert signed_version(paper).number == 2
    assert list(faults()) == []


def test_a_text_that_comes_back_is_kept_again(cast, paper, now, agree):
    submit(paper, cast, now)
    agree(paper, cast.head)
    for body in (NOTICE["body"].replace("12月5日", "12月15日"), NOTICE["body"]):
        amend(paper, cast, now, body=body)
    assert told(paper) == [(1, "submit"), (2, "amend"), (3, "amend")]


def test_what_a_version_holds_gives_its_hash(cast, paper, now):
    stored = StoredFile.objects.create(
        name="清单.pdf", size=7, sha256="ab" * 32, file="files/x", content_type="application/pdf",
        uploaded_by=cast.drafter, uploaded_at=now,
    )  # fmt: skip
    Attached.objects.create(document=paper, order=1, title="储备清单", stored=stored)
    Document.objects.filter(pk=paper.pk).update(important=True, amount="12.50")
    paper.refresh_from_db()
    with transaction.atomic():
        version = keep(paper, Version.Why.SUBMITTED, by=cast.drafter, now=now)
    version.refresh_from_db()
    assert hash_of(version.content) == version.content_hash == paper.content_hash()
    assert version.approval_hash == paper.approval_hash() != version.content_hash
    assert version.content["facts"] == {"important": True, "amount": "12.5"}
    assert version.content["files"] == [{"title": "储备清单", "name": "清单.pdf", "size": 7, "sha256": "ab" * 32}]


def test_by_hand_the_same_text_makes_no_second_row(cast, paper, now):
    first = keep_by_hand(paper, by=cast.drafter, now=now, revision=paper.revision, note="初稿")
    again = keep_by_hand(paper, by=cast.drafter, now=now, revision=paper.revision)
    assert (first[1], again[1], again[0].pk) == (True, False, first[0].pk)
    submit(paper, cast, now)
    assert told(paper) == [(1, "keep")]
    with pytest.raises(TooLate):
        keep_by_hand(paper, by=cast.drafter, now=now, revision=paper.revision)


def test_an_incomplete_draft_is_not_kept(cast, paper, now):
    Document.objects.filter(pk=paper.pk).update(content={**paper.content, "title": ""})
    with pytest.raises(Refused):
        keep_by_hand(paper, by=cast.drafter, now=now, revision=paper.revision)
    assert told(paper) == []


def test_it_is_kept_with_the_deed_or_not_at_all(cast, paper, now):
    def halfway():
        with transaction.atomic():
            submit(paper, cast, now)
            raise RuntimeError("undone")

    with pytest.raises(RuntimeError, match="undone"):
        halfway()
    assert told(paper) == []


def test_the_drafter_keeps_a_version_from_the_page(cast, paper, client):
    client.force_login(cast.drafter)
    given = {**NOTICE, "issuers": "", "revision": paper.revision, "keep": "1"}
    answer = client.post(reverse("documents:edit", args=[paper.pk]), given, follow=True)
    assert "草稿已保存为第1版。" in answer.content.decode()
    paper.refresh_from_db()
    given |= {"revision": paper.revision, "title": "关于供暖的通知"}
    client.post(reverse("documents:edit", args=[paper.pk]), given)
    assert told(paper) == [(1, "keep"), (2, "keep")]


# --- the database itself refuses ------------------------------------------------------------------------------------


def test_a_kept_version_is_neither_changed_nor_deleted(cast, paper, now, guarded):
    submit(paper, cast, now)
    assert refused(lambda: Version.objects.update(note="改"))
    assert refused(lambda: Version.objects.all().delete())


CHANGES = [
    {"content": {**NOTICE, "body": "改了。"}},
    {"title": "关于别的事"},
    {"important": True},
    {"amount": 3},
    {"signed_hash": "0" * 64},
]


@pytest.mark.parametrize("changes", CHANGES, ids=lambda changes: next(iter(changes)))
def test_a_signed_text_is_not_changed(signed_paper, guarded, changes):
    assert refused(lambda: Document.objects.filter(pk=signed_paper.pk).update(**changes))


def test_nor_are_its_attachments(cast, paper, now, agree, guarded):
    Attached.objects.create(document=paper, order=1, title="清单", body="一、范围")
    submit(paper, cast, now)
    agree(paper, cast.head)
    agree(paper, cast.vetter, **POINTS)
    agree(paper, cast.leader_in_charge, disclosure_confirmed=True)
    assert refused(lambda: Attached.objects.update(body="改了"))
    assert refused(lambda: Attached.objects.all().delete())
    assert refused(lambda: Attached.objects.create(document=paper, order=2, title="表", body="表"))


def test_the_guard_lets_print_marks_and_the_lawful_ways_pass(cast, signed_paper, now, guarded):
    content = {**signed_paper.content, "print_run": 50}
    assert Document.objects.filter(pk=signed_paper.pk).update(content=content, printing_date=now.date()) == 1
    changes = {"content": {**content, "body": "改正。"}, "corrected_hash": "1" * 64}
    assert Document.objects.filter(pk=signed_paper.pk).update(**changes) == 1
    Document.objects.filter(pk=signed_paper.pk).update(
        state="numbered", document_number="海政办发〔2026〕9号", printing_date=now.date()
    )
    assert refused(lambda: Document.objects.filter(pk=signed_paper.pk).update(corrected_hash="2" * 64))
    back = {"state": "returned", "signed_hash": "", "signed_by": None, "signed_at": None}
    assert Document.objects.filter(pk=signed_paper.pk).update(**back) == 1
    assert Document.objects.filter(pk=signed_paper.pk).update(content=NOTICE) == 1


def test_papers_under_way_get_their_first_version(cast, paper, now, agree):
    """What the migration does, on papers that came before there were versions."""
    from importlib import import_module

    migration = import_module("documents.migrations.0007_versions")
    Document.objects.filter(pk=paper.pk).update(amount="3.20")
    paper.refresh_from_db()
    Attached.objects.create(document=paper, order=1, title="清单", body="一、范围")
    submit(paper, cast, now)
    Version.objects.all().delete()
    migration.keep_what_there_is(apps, None)
    [version] = Version.objects.all()
    assert (version.number, version.why) == (1, "found")
    assert version.content_hash == paper.content_hash() == hash_of(version.content)
    assert version.approval_hash == paper.approval_hash()
    migration.keep_what_there_is(apps, None)
    assert Version.objects.count() == 1
