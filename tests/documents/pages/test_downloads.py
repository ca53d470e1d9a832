"""A paper's PDF and files are handed out where every statement commits by itself, and each taking is recorded."""

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from documents import drafting
from documents.models import Attached, Rendition
from officehub.audit.record import record
from officehub.files.keep import keep
from officehub.moves import events_of
from tests.cast import NOTICE
from tests.races.conftest import committed  # noqa: F401  the fixture of a really committing test

PDF = b"%PDF-1.7\n%%EOF"


@pytest.fixture
def draft(committed, now, client):  # noqa: F811  the fixture itself
    client.force_login(committed.drafter)
    return drafting.create(by=committed.drafter, now=now, organ=committed.office, fields=NOTICE)


def downloads(document) -> list[dict]:
    return list(events_of(document).filter(verb="download").values_list("facts", flat=True))


def test_the_printed_paper_is_handed_out_and_the_taking_recorded(draft, client, now):
    order = {"purpose": "proof", "source": {}, "state": "done", "sha256": "a" * 64, "queued_at": now}
    rendition = Rendition(document=draft, **order)
    rendition.pdf.save("proof.pdf", ContentFile(PDF), save=False)
    rendition.save()
    response = client.get(reverse("documents:pdf", args=[draft.pk]))
    assert (response.status_code, b"".join(response.streaming_content)) == (200, PDF)
    response.close()
    assert downloads(draft) == [{"sha256": "a" * 64}]


def test_an_attached_file_is_handed_out_and_the_taking_recorded(draft, client, committed, now):  # noqa: F811
    stored = keep(ContentFile(PDF, "方案.pdf"), by=committed.drafter, now=now)
    attached = Attached.objects.create(document=draft, order=1, title="实施方案", stored=stored)
    response = client.get(reverse("documents:attachment", args=[draft.pk, attached.pk]))
    assert (response.status_code, b"".join(response.streaming_content)) == (200, PDF)
    response.close()
    assert downloads(draft) == [{"attachment": "实施方案"}]


def test_an_event_outside_a_transaction_is_refused_on_every_database(draft, now):
    with pytest.raises(RuntimeError, match="transaction"):
        record(draft, "tried", by=None, now=now)
    assert events_of(draft).filter(verb="tried").count() == 0
