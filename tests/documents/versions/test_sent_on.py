"""R31 after a paper went out: whatever hands its text on first holds it to the text that was signed."""

import pytest
from django.urls import reverse

from documents.consulting.transmit import source_of
from documents.keeping import disclosure
from documents.models import Addressee, Distribution, Document
from documents.sending import further, scope, widen
from documents.sending.whom import Whom
from documents.versions.lock import TextTampered
from officehub.moves import events_of
from tests.documents.versions.test_lock import body_changed, until


@pytest.fixture
def out(cast, now, printed) -> Document:
    """A paper received by the bureau."""
    return until("archive", cast, now, printed)


def sent_further(document, cast, now):
    scope.register(document, Whom([], [cast.stranger]), "widened", cast.clerk, now)
    further.further(document, Whom([], [cast.stranger]), by=cast.clerk, now=now)


def passed_on(document, cast, now):
    line = Addressee.objects.get(distribution__document=document)
    further.pass_on(line, [cast.countersigner], by=cast.reader, now=now)


def widened(document, cast, now):
    asked = document.widenings.first() or widen.ask(
        document, Whom([], [cast.stranger]), by=cast.reader, now=now, reason="须了解"
    )
    widen.agree(asked, by=cast.clerk, now=now)


def published(document, cast, now):
    kept = document.disclosure
    disclosure.publish(kept, day=now.date(), channel="site", place="http://www.example.gov.cn/", by=cast.clerk, now=now)


DEEDS = {"further": sent_further, "pass_on": passed_on, "widen": widened, "publish": published,
         "transmit": lambda document, cast, now: source_of(document)}  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS)
def test_another_text_goes_to_nobody(out, cast, now, deed):
    body_changed(out)
    with pytest.raises(TextTampered):
        DEEDS[deed](Document.objects.get(pk=out.pk), cast, now)
    assert Distribution.objects.count() == 1
    assert not events_of(out).filter(verb__in=("distribute_further", "pass_on", "agree_widening", "disclosed")).exists()


@pytest.mark.parametrize("deed", DEEDS)
def test_the_signed_one_does(out, cast, now, deed):
    DEEDS[deed](Document.objects.get(pk=out.pk), cast, now)


def test_nor_is_another_text_handed_out_as_a_word_file(signed_paper, cast, client):
    client.force_login(cast.drafter)
    address = reverse("documents:docx", args=[signed_paper.pk])
    assert client.get(address).status_code == 200
    body_changed(signed_paper)
    answer = client.get(address, follow=True)
    assert "文稿与签发时不一致" in answer.content.decode()
    assert events_of(signed_paper).filter(verb="download").count() == 1
