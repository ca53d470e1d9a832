"""Hostile files at every door where a file comes in: refused or harmless, nothing half-kept, and the house lives on."""

import socket

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import drafting
from documents.models import Attached, Document, WordImport
from officehub.approvals.models import Step
from officehub.files.models import StoredFile
from tests.cast import NOTICE
from tests.documents.hostile.files import HEAVY, NAMES, NOT_TAKEN, POINTING, TWO_THINGS


@pytest.fixture
def listening():
    """Nothing may connect to this port, which the hostile files name in the place of 1."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        server.settimeout(0.05)
        yield server
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.fixture
def draft(cast, now, client):
    client.force_login(cast.drafter)
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def upload(name, content):
    return SimpleUploadedFile(name, content)


def at_every_door(client, cast, draft, name, content):
    """What the doors of a draft answer to one file."""
    attach = {"title": "甲", "file": upload(name, content)}
    return {
        "attach": client.post(reverse("documents:attach", args=[draft.pk]), attach),
        "from_word": client.post(
            reverse("documents:from_word"), {"organ": cast.office.pk, "word": upload(name, content)}
        ),
        "word": client.post(reverse("documents:word", args=[draft.pk]), {"word": upload(name, content)}),
    }


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_dangerous_file_gets_in_nowhere(draft, client, cast, name):
    answers = at_every_door(client, cast, draft, name, NOT_TAKEN[name])
    assert {door: answer.status_code for door, answer in answers.items()} == dict.fromkeys(answers, 422)
    assert (StoredFile.objects.count(), Document.objects.count(), WordImport.objects.count()) == (0, 1, 0)
    assert "root:" not in "".join(answer.content.decode() for answer in answers.values())


def test_nor_with_an_opinion(draft, client, cast, now):
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    draft.refresh_from_db()
    client.force_login(cast.head)
    address = reverse("documents:decide", args=[draft.pk, Step.objects.get().pk])
    given = {"decision": "agree", "opinion": "同意", "seen": draft.approval_hash()}
    answers = {name: client.post(address, {**given, "files": upload(name, NOT_TAKEN[name])}) for name in NOT_TAKEN}
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(NOT_TAKEN, 422)
    assert (StoredFile.objects.count(), Step.objects.get().state) == (0, "open")


@pytest.mark.parametrize("name", POINTING)
def test_what_points_outside_is_read_without_following_it(draft, client, cast, listening, name):
    port = listening.getsockname()[1]
    content = POINTING[name]
    answers = at_every_door(client, cast, draft, name, content.replace(b"127.0.0.1:1/", f"127.0.0.1:{port}/".encode()))
    assert answers["attach"].status_code == 422
    assert answers["from_word"].status_code == 302
    assert "outside" in [note["name"] for note in WordImport.objects.exclude(taken_at=None).get().notes]


@pytest.mark.parametrize("name", HEAVY)
def test_much_too_much_is_answered_in_time(draft, client, cast, name):
    answers = at_every_door(client, cast, draft, name, HEAVY[name])
    assert {answer.status_code for answer in answers.values()} <= {302, 422}
    assert client.get(reverse("documents:drafts")).status_code == 200


@pytest.mark.parametrize("name", TWO_THINGS)
def test_a_file_that_is_two_things_is_only_ever_the_harmless_one(draft, client, cast, name):
    answer = client.post(
        reverse("documents:attach", args=[draft.pk]), {"title": "甲", "file": upload(name, TWO_THINGS[name])}
    )
    assert answer.status_code == 302
    attached = Attached.objects.get()
    out = client.get(reverse("documents:attachment", args=[draft.pk, attached.pk]))
    assert out["Content-Type"].partition(";")[0] in ("image/jpeg", "application/pdf", "text/plain")
    assert (out["X-Content-Type-Options"], "sandbox" in out["Content-Security-Policy"]) == ("nosniff", True)
    assert out["Content-Disposition"].startswith("attachment")
    assert b"".join(out.streaming_content) == TWO_THINGS[name]
    seen = client.get(reverse("documents:attachment_look", args=[draft.pk, attached.pk]))
    assert (seen.status_code, b"<script>alert" in seen.content) == (200, False)


@pytest.mark.parametrize("name", NAMES)
def test_a_strange_name_is_made_plain_or_refused(draft, client, name):
    answer = client.post(
        reverse("documents:attach", args=[draft.pk]), {"title": "甲", "file": upload(name, b"%PDF-1.7\n%%EOF")}
    )
    assert answer.status_code in (302, 422)
    for kept in StoredFile.objects.all():
        assert not set(kept.name) & set("/\\\0\u202e")
        assert len(kept.name) <= 200
        assert kept.file.name.startswith("files/")
    page = client.get(reverse("documents:edit", args=[draft.pk])).content.decode()
    assert "<script>.pdf" not in page
