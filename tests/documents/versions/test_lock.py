"""R31: what was signed is what is numbered, sealed, sent out and filed; whatever was changed behind it is found."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from documents import distribute, number, seal, signing
from documents.archive import archive
from documents.doctor import signed_texts
from documents.models import Attached, Document, NumberEntry, Series
from documents.versions.faults import faults
from documents.versions.lock import TextTampered
from officehub.audit.models import Event
from tests.documents.course.test_course import signed


def numbered(document, cast, now):
    series = Series.objects.get(code="海政办发")
    number.number(document, series=series, by=cast.rechecker, now=now)


def sent(document, cast, now):
    order = distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    distribute.deliver(order.pk, now)


DEEDS = {
    "recheck": lambda paper, cast, now: signing.recheck(paper, by=cast.rechecker, now=now),
    "number": numbered,
    "seal": lambda paper, cast, now: seal.apply_seal(paper, by=cast.seal_keeper, now=now),
    "distribute": sent,
    "archive": lambda paper, cast, now: archive(
        paper, retention="D10", reason="已电话确认", by=cast.archivist, now=now
    ),
}


def until(deed: str, cast, now, printed) -> Document:
    """A paper on which a deed is the next to be done."""
    document = signed(cast, now)
    for name, do in DEEDS.items():
        if name == deed:
            return document
        do(document, cast, now)
        printed(document)
    raise AssertionError(deed)


def behind_its_back(document, column: str, value) -> None:
    """As somebody with the database's password would."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE documents_document SET {column} = %s WHERE id = %s", [value, document.pk])  # noqa: S608


def body_changed(document) -> None:
    Document.objects.filter(pk=document.pk).update(content={**document.content, "body": "与签发的不同。"})


def attachment_added(document) -> None:
    Attached.objects.create(document=document, order=1, title="多出的附件", body="一、范围")


def title_shown(document) -> None:
    behind_its_back(document, "title", "关于别的事项的通知")


def another_hash(document) -> None:
    body_changed(document)
    changed = Document.objects.get(pk=document.pk)
    behind_its_back(document, "corrected_hash", changed.content_hash())


def print_changed(document) -> None:
    rendition = document.renditions.latest("id")
    rendition.source = {**rendition.source, "body": "与签发的不同。"}
    rendition.save()


@pytest.mark.parametrize("deed", ["seal", "distribute", "archive"])
def test_so_is_a_print_ordered_from_another_text(cast, now, printed, deed):
    document = until(deed, cast, now, printed)
    print_changed(document)
    [fault] = faults()
    assert "排版所依据的文本" in fault
    with pytest.raises(TextTampered):
        DEEDS[deed](document, cast, now)


@pytest.mark.parametrize("tamper", [body_changed, attachment_added, title_shown])
@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_after_sign_off_refuses_another_text(cast, now, printed, deed, tamper):
    document = until(deed, cast, now, printed)
    events, numbers = Event.objects.count(), NumberEntry.objects.count()
    tamper(document)
    with pytest.raises(TextTampered):
        DEEDS[deed](document, cast, now)
    assert (Event.objects.count(), NumberEntry.objects.count()) == (events, numbers)
    assert Document.objects.get(pk=document.pk).state == until_state(deed)


def until_state(deed: str) -> str:
    order = ["signed", "rechecked", "numbered", "sealed", "distributed"]
    return order[list(DEEDS).index(deed)]


@pytest.mark.parametrize("deed", DEEDS)
def test_and_does_what_it_should_on_the_signed_one(cast, now, printed, deed):
    document = until(deed, cast, now, printed)
    DEEDS[deed](document, cast, now)
    assert Document.objects.get(pk=document.pk).state != until_state(deed)


@pytest.mark.parametrize("tamper", [body_changed, attachment_added, title_shown, another_hash])
def test_the_records_name_it(cast, now, signed_paper, tamper):
    assert (list(faults()), signed_texts().ok) == ([], True)
    tamper(signed_paper)
    [fault] = faults()
    assert f"公文 {signed_paper.pk}" in fault
    assert (signed_texts().ok, fault in signed_texts().says) == (False, True)


def test_audit_verify_names_it(signed_paper, capsys):
    body_changed(signed_paper)
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")
    assert ended.value.code == 1
    assert f"公文 {signed_paper.pk}" in capsys.readouterr().out


def test_a_changed_version_is_named(cast, now, signed_paper):
    version = signed_paper.versions.get()
    version.content["paper"]["title"] = "关于别的事项的通知"
    version.save()
    assert list(faults()) == [f"公文 {signed_paper.pk} 第1版：内容与哈希不符，记录被改动过。"]


def test_the_refusal_shows_the_signed_text_beside_the_present_one(cast, signed_paper, client):
    body_changed(signed_paper)
    client.force_login(cast.rechecker)
    answer = client.post(reverse("documents:recheck", args=[signed_paper.pk]), {"decision": "agree"}, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain[0][0].endswith("?from=signed&to=now")
    assert ("文稿与签发时不一致" in page, "与签发的不同。" in page, "第1版与现稿比较" in page) == (True, True, True)
