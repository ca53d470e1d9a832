"""转发、批转 of a paper received: begun from its page, with its particulars and its file."""

import io

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from documents.models import Attached, Document, IncomingFile, Transmission
from officehub.files.keep import keep


def scan() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(kept, "PNG")
    return kept.getvalue()


@pytest.fixture
def received(steps, cast, now):
    """A paper of the province's, registered with one scanned page."""
    incoming = steps.registered(
        sender_name="东岭省人民政府",
        document_number="东政发〔2026〕30号",
        title="东岭省人民政府关于加强供暖保障的意见",
        kind="意见",
    )
    IncomingFile.objects.create(
        incoming=incoming, stored=keep(ContentFile(scan(), "扫描件.png"), by=cast.clerk, now=now)
    )
    return incoming


def begin(client, cast, received, **typed):
    given = {"organ": cast.office.pk, "pattern": "forward", "incoming": received.pk, "title": received.title,
             "issuer": received.sender_name, "number": received.document_number, "issued_on": "2026-11-20"}  # fmt: skip
    return client.post(reverse("documents:transmit"), {**given, **typed})


def test_its_page_leads_to_a_form_that_is_filled_in(client, cast, received):
    client.force_login(cast.clerk)
    door = f"{reverse('documents:transmit')}?incoming={received.pk}"
    page = client.get(reverse("documents:incoming_detail", args=[received.pk])).content.decode()
    assert door in page
    form = client.get(door).content.decode()
    for said in (received.title, received.sender_name, received.document_number, "2026-11-20", "扫描件.png"):
        assert said in form
    assert client.get(door).context["form"]["pattern"].value() == "forward"


def test_the_registered_file_goes_with_the_notice_as_a_copy_of_its_own(client, cast, received):
    client.force_login(cast.clerk)
    assert begin(client, cast, received).status_code == 302
    made, attached = Document.objects.get(), Attached.objects.get()
    assert made.title == "海青市人民政府办公室转发东岭省人民政府关于加强供暖保障的意见的通知"
    original = received.files.get().stored
    assert (attached.stored.sha256, attached.stored.pk != original.pk) == (original.sha256, True)
    assert Transmission.objects.get().number == "东政发〔2026〕30号"


def test_a_text_typed_goes_in_place_of_the_file(client, cast, received):
    client.force_login(cast.clerk)
    begin(client, cast, received, body="一、加强储备。")
    assert (Attached.objects.get().body, Attached.objects.get().stored) == ("一、加强储备。", None)


def test_who_may_not_see_it_neither_reads_nor_passes_it_on(client, cast, received):
    client.force_login(cast.stranger)
    form = client.get(f"{reverse('documents:transmit')}?incoming={received.pk}").content.decode()
    assert received.title not in form
    answer = begin(client, cast, received)
    assert (answer.status_code, Document.objects.count()) == (422, 0)
    assert "这份来文您不能查看" in answer.content.decode()


@pytest.mark.parametrize("asked", ["incoming=x", "source=x", "incoming=99999999999999999999", "pattern=odd", "source="])
def test_an_odd_address_opens_an_empty_form(client, cast, asked):
    client.force_login(cast.drafter)
    assert client.get(f"{reverse('documents:transmit')}?{asked}").status_code == 200
