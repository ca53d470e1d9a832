"""归档件: ordered when a paper is filed, from the record its original was printed from, and handed to the archivist."""

import pytest
from django.urls import reverse

from documents import distribute, number, printing, receive, seal, signing
from documents.archive import archive
from documents.models import Rendition, Series
from documents.printing import print_rendition
from tests.documents.course.test_course import signed

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(cast, now):
    document = signed(cast, now)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    print_rendition(seal.proof_of(document).pk, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    print_rendition(seal.original_of(document).pk, now)
    sent = distribute.distribute(document, departments=[], people=[cast.stranger], by=cast.clerk, now=now)
    distribute.deliver(sent.pk, now)
    receive.acknowledge(document, cast.stranger, now)
    archive(document, retention="D10", by=cast.archivist, now=now)
    return document


def page(client, person, document):
    client.force_login(person)
    return client.get(reverse("documents:detail", args=[document.pk])).content.decode()


def test_a_filed_paper_gets_its_archive_copy_and_the_archivist_can_fetch_it(filed, cast, now, client):
    made = printing.archive_copy_of(filed)
    assert (made.state, made.source) == ("queued", seal.original_of(filed).source)
    address = reverse("documents:archive_copy", args=[filed.pk])
    assert "正在排队制作" in page(client, cast.archivist, filed)
    assert client.get(address).status_code == 404
    assert print_rendition(made.pk, now)
    made.refresh_from_db()
    assert (made.state, made.measured["ok"], made.pages) == ("done", True, seal.original_of(filed).pages)
    assert address in page(client, cast.archivist, filed)
    answer = client.get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")
    assert filed.renditions.count() == 3


def test_nobody_else_is_offered_or_given_one(filed, cast, client):
    address = reverse("documents:archive_copy", args=[filed.pk])
    for person in (cast.drafter, cast.clerk, cast.stranger):
        assert address not in page(client, person, filed)
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)


def test_one_that_is_lacking_is_made_on_demand_and_only_once(filed, cast, client):
    printing.archive_copy_of(filed).delete()
    address = reverse("documents:archive_copy", args=[filed.pk])
    assert "还没有归档件" in page(client, cast.archivist, filed)
    for _ in range(2):
        assert client.post(address).status_code == 302
    assert Rendition.objects.filter(document=filed, purpose="archive", state="queued").count() == 1


def test_one_that_failed_is_ordered_again(filed, now):
    Rendition.objects.filter(document=filed, purpose="archive").update(state="failed", attempts=3)
    printing.request_archive_copy(filed, now)
    made = printing.archive_copy_of(filed)
    assert (made.state, made.attempts) == ("queued", 0)


def test_a_paper_that_was_never_printed_here_has_none_and_says_so(filed, cast, client):
    filed.renditions.all().delete()
    client.force_login(cast.archivist)
    answer = client.post(reverse("documents:archive_copy", args=[filed.pk]), follow=True)
    assert "没有排印过这份公文的正本" in answer.content.decode()
    assert not filed.renditions.exists()
