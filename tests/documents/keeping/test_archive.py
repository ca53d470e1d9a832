"""The archive: the period the table proposes, the code, the frozen files, batches, and what is left out."""

import hashlib
import json
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from documents import archive as archiving
from documents.duties import refresh
from documents.keeping import catalogue, freeze
from documents.keeping.retention import expiry, proposed
from documents.models import Addressee, ArchivalItem, Attached, CopyRun, Document, LeftOut, RetentionRule
from documents.printing import NotStored, archive_copy_of, print_rendition
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.files.keep import keep
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from tests.documents.course.test_course import signed
from tests.documents.keeping.conftest import printed, send
from tests.documents.lists.test_queries import take_for_printed


def paper(kind="通知", **known) -> Document:
    return Document(kind=kind, **known)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("document", "period"),
    [
        (paper(), "D10"),
        (paper(important=True), "Y"),
        (paper(normative=True), "Y"),
        (paper("决定"), "Y"),
        (paper("请示"), "D30"),
        (paper("请示", important=True), "Y"),
        (paper("函"), "D10"),
        (paper("函", important=True), "D30"),
        (paper("函", important=True, normative=True), "Y"),
        (paper("意见"), "D30"),
    ],
)
def test_the_table_as_it_is_delivered(document, period):
    assert proposed(document) == period


@pytest.mark.django_db
def test_the_office_edits_its_table_and_an_empty_one_keeps_longer():
    RetentionRule.objects.filter(kind="通知", condition="").update(retention="D30")
    assert proposed(paper()) == "D30"
    RetentionRule.objects.all().delete()
    assert proposed(paper()) == "D30"


@pytest.mark.parametrize(
    ("year", "period", "day"), [(2026, "D10", date(2036, 12, 31)), (2026, "D30", date(2056, 12, 31)), (2026, "Y", None)]
)
def test_a_period_is_reckoned_from_the_next_year(year, period, day):
    assert expiry(year, period) == day


def test_another_period_than_the_tables_takes_a_reason(cast, now, sent):
    document = sent()
    with pytest.raises(DecisionRefused, match="按保管期限表应为“10年”"):
        archiving.archive(document, retention="Y", by=cast.archivist, now=now)
    item = archiving.archive(document, retention="Y", deviation="具有长远查考价值", by=cast.archivist, now=now)
    assert (item.reason, item.expires_on, item.reference_code) == (
        "具有长远查考价值", None, "0102-WS·2026-Y-ZHK-0001",
    )  # fmt: skip


def test_the_code_is_built_as_the_settings_say(cast, now, sent, settings):
    settings.ARCHIVE_CODE = "{fonds}-{category}.{year}-{retention}-{office}-{number}"
    settings.ARCHIVE_CATEGORY, settings.ARCHIVE_ITEM_DIGITS = "KJ", 6
    item = archiving.archive(sent(), retention="D10", by=cast.archivist, now=now)
    assert item.reference_code == "0102-KJ.2026-D10-ZHK-000001"


def test_freezing_keeps_all_that_belongs_to_the_item_with_its_hashes(cast, now):
    document = signed(cast, now)
    stored = keep(ContentFile("清单".encode(), "清单.txt"), by=cast.drafter, now=now)
    Attached.objects.create(document=document, order=1, title="储备清单", stored=stored)
    Document.objects.filter(pk=document.pk).update(signed_hash=document.content_hash())
    document.refresh_from_db()
    send(printed(document, cast, now), cast, now)
    item = archiving.archive(document, retention="D10", by=cast.archivist, now=now)
    print_rendition(archive_copy_of(document).pk, now)
    later = now + timedelta(minutes=1)
    assert [freeze.freeze_item(item.pk, later), freeze.freeze_item(item.pk, later)] == [True, False]
    item.refresh_from_db()
    parts = [file.part for file in item.files.all()]
    assert parts == ["original", "archive", "proof", "text", "sheet", "case", "attachment"]
    for file in item.files.all():
        content = Path(file.file.path).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (file.sha256, file.size)
        assert hashlib.new("sm3", content).hexdigest() == file.sm3
    text = json.loads(Path(item.files.get(part="text").file.path).read_bytes())
    assert (text["title"], text["document_number"]) == (document.title, document.document_number)
    assert item.digest == freeze.digest_of(item.manifest)
    assert events_of(document).get(verb="frozen").facts == {"digest": item.digest, "files": 7}
    assert item.manifest["item"][0]["sha256"] == item.manifest["original"]["sha256"]
    assert list(broken()) == []


def test_a_worker_that_died_is_followed_and_leaves_no_second_copy(filed, cast, now, monkeypatch):
    item = filed()
    names = {file.file.name for file in item.files.all()}
    item.files.all().delete()
    ArchivalItem.objects.filter(pk=item.pk).update(frozen_at=None, digest="", claimed_at=now)
    assert not freeze.freeze_item(item.pk, now + timedelta(seconds=1))  # still claimed
    assert freeze.freeze_item(item.pk, now + timedelta(days=1))  # the claim lapsed
    assert {file.file.name for file in item.files.filter(part__in=["original", "proof"])} <= names


def test_an_item_waits_for_its_pdf_to_be_made(cast, now, sent):
    item = archiving.archive(sent(), retention="D10", by=cast.archivist, now=now)
    item.document.renditions.filter(purpose="proof").update(state="queued")
    assert not freeze.freeze_item(item.pk, now)
    item.refresh_from_db()
    assert item.attempts == 0


def test_what_cannot_be_frozen_says_why_and_is_given_up_the_third_time(cast, now, sent, monkeypatch):
    item = archiving.archive(sent(), retention="D10", by=cast.archivist, now=now)
    take_for_printed(item.document, now)

    def full(*args):
        raise NotStored("存储空间不足")

    monkeypatch.setattr(freeze, "_pieces", full)
    for turn in range(4):
        freeze.freeze_item(item.pk, now + timedelta(hours=turn))
    item.refresh_from_db()
    assert (item.attempts, item.error, freeze.waiting(now).exists()) == (3, "存储空间不足", False)
    assert freeze.retry(item)
    assert freeze.waiting(now).exists()


def test_a_paper_left_out_is_asked_for_no_more_and_may_still_be_filed(cast, now, sent):
    document = sent()
    deed = {"ground": "no_value", "reason": "临时事务", "by": cast.archivist, "now": now}
    archiving.leave_out(document, **deed)
    assert WorkItem.objects.get(verb="archive").outcome == "不归档"
    assert refresh(now) == 0  # nobody is asked for it again
    with pytest.raises(TooLate):
        archiving.leave_out(document, **deed)
    archiving.archive(document, retention="D10", by=cast.archivist, now=now)
    assert not LeftOut.objects.exists()


def test_important_papers_are_not_left_out(cast, now, sent):
    document = sent()
    document.important = True
    with pytest.raises(DecisionRefused, match="应当归档"):
        archiving.leave_out(document, ground="no_value", reason="临时", by=cast.archivist, now=now)


# --- the pages ------------------------------------------------------------------------------------------------------


def test_many_are_filed_at_once_each_whole_or_refused_with_its_reason(cast, client, sent, issued, now):
    from documents import distribute

    good, silent = [sent(), sent()], issued()
    order = distribute.distribute(silent, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    distribute.deliver(order.pk, now)
    client.force_login(cast.archivist)
    ticked = [paper.pk for paper in (*good, silent)]
    page = client.post(reverse("documents:file_many"), {"papers": ticked}, follow=True).content.decode()
    assert "已归档 2 件" in page
    assert "还有 1 人没有签收" in page
    assert ArchivalItem.objects.count() == 2
    silent.refresh_from_db()
    assert silent.state == "distributed"


def test_the_catalogue_is_in_the_order_of_the_codes_and_has_the_columns_of_the_standard(cast, client, sent, now):
    for paper_ in (sent(), sent()):
        archiving.archive(paper_, retention="D10", by=cast.archivist, now=now)
    rows = list(catalogue.lines(ArchivalItem.objects.all()))
    assert list(catalogue.COLUMNS) == ["序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "备注"]
    assert [row[1] for row in rows] == ["0102-WS·2026-D10-ZHK-0001", "0102-WS·2026-D10-ZHK-0002"]
    assert rows[0][3] == "海青市人民政府办公室"
    assert len(rows[0][5]) == 8
    client.force_login(cast.archivist)
    answer = client.get(reverse("documents:export_catalogue"), {"year": "2026"})
    names = ZipFile(BytesIO(b"".join(answer.streaming_content))).namelist()
    assert "xl/worksheets/sheet1.xml" in names


@pytest.mark.parametrize(("tab", "queries"), [("waiting", 16), ("kept", 13), ("left", 14)])
def test_a_list_of_the_archive_asks_the_same_for_one_and_for_three(
    cast, client, sent, now, django_assert_num_queries, tab, queries
):
    client.force_login(cast.archivist)
    address = f"{reverse('documents:archives')}?tab={tab}"
    for count in (1, 2):
        for _ in range(count):
            document = sent()
            if tab == "kept":
                archiving.archive(document, retention="D10", by=cast.archivist, now=now)
            if tab == "left":
                archiving.leave_out(document, ground="letter", reason="介绍信", by=cast.archivist, now=now)
        client.get(address)
        with django_assert_num_queries(queries):
            page = client.get(address)
    assert len(page.context["page"].rows) == 3


def test_the_archivist_opens_an_item_and_fetches_its_files(filed, cast, client):
    item = filed()
    client.force_login(cast.archivist)
    page = client.get(reverse("documents:archived", args=[item.document_id])).content.decode()
    assert item.reference_code in page
    assert "发文稿纸" in page
    file = item.files.get(part="original")
    answer = client.get(reverse("documents:archived_file", args=[item.document_id, file.pk]))
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == file.sha256
    client.force_login(cast.reader)  # was sent the paper; its course is none of theirs
    assert client.get(reverse("documents:archived", args=[item.document_id])).status_code == 404
    assert client.get(reverse("documents:archives")).status_code == 404


def test_numbered_copies_that_failed_hold_a_paper_up_until_the_office_decides(cast, now, sent):
    document = sent()
    distribution = document.distributions.get()
    run = CopyRun.objects.create(
        distribution=distribution, original_sha256="0" * 64, total=1, queued_at=now, state="failed"
    )
    type(distribution).objects.update(done_at=None)
    Addressee.objects.update(delivered_at=None)
    deed = {"retention": "D10", "reason": "先行归档", "by": cast.archivist, "now": now}
    with pytest.raises(DecisionRefused, match="继续编制，或者决定不编份号送出"):
        archiving.archive(document, **deed)
    CopyRun.objects.filter(pk=run.pk).update(state="queued")
    with pytest.raises(DecisionRefused, match="还在送达"):
        archiving.archive(document, **deed)
    CopyRun.objects.filter(pk=run.pk).update(state="failed")
    Addressee.objects.update(delivered_at=now)  # sent out without numbers
    assert archiving.archive(document, **deed).reference_code
