"""Papers in go into the archive as papers out do: 档号, period, frozen files, package, appraisal, and out of it."""

import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from defusedxml import ElementTree as ET
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents import archive as archiving
from documents import duties
from documents.incoming import reply
from documents.keeping import appraisal, catalogue, freeze, intake, waiting
from documents.keeping import package as packing
from documents.keeping.retention import proposed
from documents.models import (
    ArchivalItem,
    Distribution,
    Document,
    Incoming,
    IncomingFile,
    IncomingReply,
    LeftOut,
    RetentionRule,
)
from documents.printing import archive_copy_of, print_rendition
from officehub.approvals.decide import DecisionRefused
from officehub.audit.record import broken
from officehub.files.keep import keep
from officehub.files.models import StoredFile
from officehub.inbox.hand_over import HandoverRefused, hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.models import Department, Organ, Role, RoleHolding
from tests.cast import person
from tests.documents.course.test_course import signed
from tests.documents.keeping.conftest import printed, send
from tests.documents.keeping.test_package import check, pack

LATER = datetime(2057, 1, 2, 2, tzinfo=UTC)  # a thirty-year paper of 2026 has run out
DEED = {"retention": "D30"}


@pytest.fixture
def closed(cast, now, steps):
    """A paper acted on, answered and closed."""
    Organ.objects.filter(pk=cast.government.pk).update(fonds_number="0101")
    cast.government.refresh_from_db()

    def make(retention="D30", **more) -> Incoming:
        incoming = steps.answered(**more)
        reply.close(incoming, by=cast.clerk, now=now, retention=retention)
        return incoming

    return make


@pytest.fixture
def scanned(cast, now, closed):
    """The same with a scan and an attachment."""

    def make(**more) -> Incoming:
        incoming = closed(**more)
        for name, main in (("工程清单.txt", False), ("请示扫描件.txt", True)):  # the text came after what goes with it
            stored = keep(ContentFile(f"{name}{incoming.pk}".encode(), name), by=cast.clerk, now=now)
            IncomingFile.objects.create(incoming=incoming, stored=stored, pages=0, is_main=main)
        return incoming

    return make


@pytest.fixture
def filed_in(cast, now, scanned):
    """The same in the archive, its files frozen."""

    def make(**more) -> ArchivalItem:
        item = intake.archive(scanned(**more), **DEED, by=cast.archivist, now=now)
        assert freeze.freeze_item(item.pk, now + timedelta(minutes=1))
        item.refresh_from_db()
        return item

    return make


def asked(incoming) -> list[tuple[str, str]]:
    rows = WorkItem.objects.of(incoming).filter(verb="archive").order_by("assignee__username")
    return list(rows.values_list("assignee__username", "outcome"))


def numbered(count: int) -> list[dict]:
    """So many papers of numbers of their own."""
    return [{"document_number": f"北政〔2026〕{100 + at}号"} for at in range(count)]


def test_what_was_put_away_is_asked_of_the_archivists_of_then_and_of_today(cast, now, steps):
    Organ.objects.filter(pk=cast.government.pk).update(fonds_number="0101")
    incoming = steps.instructed()
    reply.put_away(incoming, by=cast.vetter, now=now, words="市长批示“阅”，存查。")
    assert asked(incoming) == [("archivist", "")]
    RoleHolding.objects.create(person=cast.stranger, role=Role.ARCHIVIST)
    assert asked(incoming) == [("archivist", ""), ("stranger", "")]
    intake.archive(Incoming.objects.get(), **DEED, by=cast.stranger, now=now)
    assert {outcome for _who, outcome in asked(incoming)} == {"已归档"}


# --- the deeds --------------------------------------------------------------------------------------------------------


def test_who_archives_is_asked_when_a_paper_is_closed_and_the_deed_gives_its_code(cast, now, closed, state):
    incoming = closed()
    assert asked(incoming) == [("archivist", "")]
    item = intake.archive(incoming, **DEED, by=cast.archivist, now=now)
    assert (item.reference_code, item.pages) == ("0101-WS·2026-D30-CZJ-0001", 2)
    assert (item.expires_on.isoformat(), item.number, item.day.isoformat()) == (
        "2056-12-31", "北政〔2026〕7号", "2026-11-20",
    )  # fmt: skip
    assert (state(incoming), asked(incoming)) == ("archived", [("archivist", "已归档")])
    assert events_of(incoming).get(verb="archive").facts == {"retention": "D30", "deviation": ""}
    with pytest.raises(TooLate):
        intake.archive(incoming, **DEED, by=cast.archivist, now=now)
    assert ArchivalItem.objects.count() == 1
    assert list(broken()) == []


def test_its_year_is_the_one_it_was_closed_in(cast, now, closed):
    incoming = closed()
    Incoming.objects.filter(pk=incoming.pk).update(filed_at=now + timedelta(days=60))
    incoming.refresh_from_db()
    assert intake.archive(incoming, **DEED, by=cast.archivist, now=now).year == 2027


def test_a_paper_no_department_of_ours_led_is_the_registrys(cast, now, steps):
    Organ.objects.filter(pk=cast.government.pk).update(fonds_number="0101")
    incoming = steps.circulating(names=("mayor",))
    steps.sign(incoming)
    incoming.refresh_from_db()
    reply.close(incoming, by=cast.clerk, now=now)
    incoming = Incoming.objects.get()
    assert intake.archive(incoming, retention="D30", by=cast.archivist, now=now).office_code == "BGS"


def test_what_is_lacking_is_said_and_nothing_is_done(cast, now, closed, state):
    incoming = closed()
    Organ.objects.filter(pk=cast.government.pk).update(fonds_number="")
    Department.objects.update(code="")
    incoming = Incoming.objects.select_related("organ").get(pk=incoming.pk)
    with pytest.raises(DecisionRefused) as refused:
        intake.archive(incoming, **DEED, by=cast.archivist, now=now)
    assert ["全宗号" in refused.value.sentences[0], "机构代码" in refused.value.sentences[1]] == [True, True]
    assert (state(incoming), ArchivalItem.objects.count()) == ("filed", 0)


def test_what_is_open_is_not_archived(cast, now, steps):
    steps.answered()
    Organ.objects.update(fonds_number="0101")
    with pytest.raises(TooLate):
        intake.archive(Incoming.objects.get(), **DEED, by=cast.archivist, now=now)


@pytest.mark.parametrize(
    ("known", "period"),
    [
        ({"kind": "请示"}, "D30"),
        ({"kind": "请示", "important": True}, "Y"),
        ({"kind": "通知"}, "D10"),
        ({"kind": "通知", "important": True}, "D30"),
        ({"kind": "其他"}, "D10"),
        ({"kind": "批复"}, "D30"),
    ],
)
@pytest.mark.django_db
def test_the_table_for_papers_in(known, period):
    assert proposed(Incoming(**known)) == period


@pytest.mark.django_db
def test_the_table_of_one_sort_says_nothing_of_the_other():
    RetentionRule.objects.filter(papers="in", kind="", condition="").update(retention="Y")
    assert (proposed(Incoming(kind="通知")), proposed(Document(kind="通知"))) == ("Y", "D10")
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRule.objects.create(papers="in", condition="normative", retention="Y")


def test_another_period_takes_a_reason(cast, now, closed):
    incoming = closed()
    with pytest.raises(DecisionRefused, match="按保管期限表应为“30年”"):
        intake.archive(incoming, retention="D10", by=cast.archivist, now=now)
    item = intake.archive(incoming, retention="D10", deviation="事项已撤销", by=cast.archivist, now=now)
    assert (item.reason, item.retention) == ("事项已撤销", "D10")


def test_left_out_it_is_asked_for_no_more_and_may_still_be_filed(cast, now, closed, state):
    incoming, deed = closed(), {"ground": "reference", "reason": "供参阅", "by": cast.archivist, "now": now}
    intake.leave_out(incoming, **deed)
    assert (state(incoming), asked(incoming)) == ("left_out", [("archivist", "不归档")])
    with pytest.raises(TooLate):
        intake.leave_out(incoming, **deed)
    intake.archive(Incoming.objects.get(), **DEED, by=cast.archivist, now=now)
    assert (state(incoming), LeftOut.objects.exists()) == ("archived", False)


def test_an_important_paper_is_not_left_out(cast, now, closed):
    incoming = closed()
    incoming.important = True
    with pytest.raises(DecisionRefused, match="应当归档"):
        intake.leave_out(incoming, ground="reference", reason="参阅", by=cast.archivist, now=now)


def test_an_item_is_of_one_paper(cast, now, closed):
    item = intake.archive(closed(), **DEED, by=cast.archivist, now=now)
    document = signed(cast, now)
    for changes in ({"document": document}, {"incoming": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ArchivalItem.objects.filter(pk=item.pk).update(**changes)
    for paper in ({}, {"document": document, "incoming": item.incoming}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LeftOut.objects.create(ground="letter", reason="信", by=cast.archivist, at=now, **paper)


def test_a_new_archivist_is_asked_and_who_is_one_no_more_is_not(cast, now, closed):
    incoming = closed()
    RoleHolding.objects.get(person=cast.archivist, role=Role.ARCHIVIST).delete()
    RoleHolding.objects.create(person=cast.clerk, role=Role.ARCHIVIST)
    assert asked(incoming) == [("archivist", "已改派"), ("clerk", "")]
    assert duties.refresh(now) == 0


def test_an_archivist_who_leaves_is_followed_by_another_or_not_let_go(cast, now, closed):
    incoming = closed()
    with pytest.raises(HandoverRefused, match="市政府有 1 件收文等档案员办理"):
        hand_over(cast.archivist, cast.drafter, by=cast.sys_admin, now=now)
    RoleHolding.objects.create(person=cast.clerk, role=Role.ARCHIVIST)
    hand_over(cast.archivist, cast.drafter, by=cast.sys_admin, now=now)
    assert asked(incoming) == [("archivist", "已改派"), ("clerk", "")]


# --- the files --------------------------------------------------------------------------------------------------------


def test_the_sheet_comes_first_then_the_paper_its_attachments_and_its_course(filed_in):
    item = filed_in()
    files = list(item.files.all())
    assert [(file.part, file.title) for file in files] == [
        ("handling", "公文处理单"), ("received", "请示扫描件.txt"), ("attachment", "工程清单.txt"),
        ("entry", "登记内容"), ("case", "办文全程"),
    ]  # fmt: skip
    line = json.loads(Path(files[3].file.path).read_bytes())
    assert (line["number"], line["title"]) == ("收〔2026〕1号", item.incoming.title)
    assert item.manifest["reply"]["words"] == "已电话告知。"
    assert item.digest == freeze.digest_of(item.manifest)
    assert events_of(item.incoming).get(verb="frozen").facts == {"digest": item.digest, "files": 5}
    assert list(broken()) == []


def test_a_package_of_papers_in_and_out_passes_its_own_check(filed_in, cast, now, tmp_path):
    item = filed_in()
    answer = send(printed(signed(cast, now), cast, now), cast, now)
    IncomingReply.objects.update(document=answer, manner="paper")
    Document.objects.filter(pk=answer.pk).update(answers=item.incoming)
    out = archiving.archive(answer, retention="D10", by=cast.archivist, now=now)
    ArchivalItem.objects.filter(pk=out.pk).update(fonds_number="0101")
    print_rendition(archive_copy_of(answer).pk, now)
    assert freeze.freeze_item(out.pk, now + timedelta(minutes=1))
    ordered = packing.order(fonds="0101", years=(2026, 2026), retention="", by=cast.archivist, now=now)
    pack(ordered, now)
    assert (ordered.state, ordered.total) == ("done", 2)
    assert check(ordered.file.path, "--head", ordered.head) == (0, f"检验合格：2 件，链首 {ordered.head}。\n")
    with zipfile.ZipFile(ordered.file.path) as archive:
        received = ET.fromstring(archive.read(f"items/{item.reference_code}/metadata.xml"))
        issued = ET.fromstring(archive.read(f"items/{out.reference_code}/metadata.xml"))
    assert received.findtext("entity/responsible") == "北湾县人民政府"
    assert received.findtext("entity/received_number") == "收〔2026〕1号"
    activities = {one.get("verb"): one.get("name") for one in received.iterfind("activities/activity")}
    assert {"register", "act_on", "propose", "instruct", "assign", "answer", "file", "archive"} <= set(activities)
    assert all(activities.values()), activities
    assert [(one.get("name"), one.text) for one in received.iterfind("opinions/opinion")] == [
        (cast.mayor.name, "同意。")
    ]
    relation = received.find("relations/relation")
    assert (relation.get("document_number"), relation.get("identifier")) == (answer.document_number, str(out))
    back = issued.find("relations/relation")
    assert (back.get("type"), back.get("identifier")) == ("来文", item.reference_code)


def test_the_catalogue_names_the_sender_and_its_number(filed_in):
    item = filed_in()
    assert list(catalogue.lines(ArchivalItem.objects.all())) == [
        [1, item.reference_code, "北政〔2026〕7号", "北湾县人民政府", item.incoming.title, "20261120", "", 2, ""]
    ]


def test_what_is_destroyed_leaves_its_line_and_course(filed_in, cast, steps, client, now):
    item = filed_in()
    paths = [file.file.path for file in item.files.all()] + [one.file.path for one in StoredFile.objects.all()]
    assert [one.reference_code for one in appraisal.expired(["0101"], LATER.date())] == [item.reference_code]
    register = appraisal.propose([item], reason="已无保存价值", by=cast.archivist, now=LATER)
    appraisal.answer(register, agreed=True, words="", by=cast.leader, now=LATER)
    assert appraisal.destroy(register, by=cast.archivist, now=LATER) == 1
    appraisal.wipe(register.pk, LATER)
    assert (len(paths), [path for path in paths if Path(path).exists()]) == (7, [])
    assert (IncomingFile.objects.count(), StoredFile.objects.count()) == (0, 0)
    client.force_login(cast.archivist)
    for name in ("incoming_detail", "incoming_case", "incoming_archived"):
        page = client.get(reverse(f"documents:{name}", args=[item.incoming_id]))
        assert (page.status_code, item.incoming.title in page.content.decode()) == (200, True)
    assert "销毁" in client.get(reverse("documents:incoming_case", args=[item.incoming_id])).content.decode()
    file = reverse("documents:incoming_archived_file", args=[item.incoming_id, item.files.first().pk])
    assert client.get(file).status_code == 404
    assert list(broken()) == []


# --- the pages --------------------------------------------------------------------------------------------------------


def address(name: str, *args) -> str:
    return reverse(f"documents:{name}", args=args)


def test_both_sorts_wait_in_one_list_and_no_line_is_lost_between_its_pages(cast, now, closed, settings):
    settings.PAGE_SIZE = 2
    for one in numbered(3):
        closed(**one)  # all at one moment
    for _ in range(2):
        document = signed(cast, now)
        Document.objects.filter(pk=document.pk).update(
            state="distributed", sort_at=now, organ=cast.office, document_number=f"海政办发〔2026〕{document.pk}号",
            printing_date=now.date(),
        )  # fmt: skip
        Distribution.objects.create(document=document, by=cast.clerk, at=now, due_at=now, done_at=now)
    Incoming.objects.filter(pk=Incoming.objects.latest("pk").pk).update(filed_at=now + timedelta(hours=1))
    names, cursor, pages = [], "", 0
    while pages == 0 or cursor:
        page = waiting.page_of([cast.office, cast.government], cursor)
        names += [line.name for line in page.rows]
        cursor, pages = page.next_cursor, pages + 1
    received = [f"in-{pk}" for pk in Incoming.objects.order_by("-pk").values_list("pk", flat=True)]
    out = [f"out-{pk}" for pk in Document.objects.order_by("-pk").values_list("pk", flat=True)]
    assert (names, pages) == ([received[0], *out, *received[1:]], 3)
    first = waiting.page_of([cast.office, cast.government], "in~nonsense")
    assert first.is_first


def test_the_list_asks_the_same_for_one_and_for_three(cast, client, closed, django_assert_num_queries):
    client.force_login(cast.archivist)
    for count in (1, 2):
        for one in numbered(count):
            closed(**{**one, "document_number": f"{one['document_number'][:-1]}{count}号"})
        client.get(address("archives"))
        with django_assert_num_queries(16):
            page = client.get(address("archives"))
    assert len(page.context["page"].rows) == 3
    assert "北湾县人民政府" in page.content.decode()


def test_what_is_ticked_is_filed_or_left_out(cast, client, closed, state):
    papers = [closed(**one) for one in numbered(3)]
    ticks = [f"in-{paper.pk}" for paper in papers]
    client.force_login(cast.archivist)
    done = client.post(address("file_many"), {"papers": ticks[:1]}, follow=True).content.decode()
    assert "已归档 1 件" in done
    slip = client.post(address("file_many"), {"papers": ticks[1:2], "deed": "leave_out", "ground": "reference"})
    assert (slip.status_code, state(papers[1])) == (302, "filed")  # without an explanation nothing is done
    said = {"deed": "leave_out", "ground": "reference", "reason": "供参阅"}
    left = client.post(address("file_many"), {"papers": ticks[1:2], **said}, follow=True).content.decode()
    assert "已登记为不归档 1 件" in left
    assert [state(paper) for paper in papers] == ["archived", "left_out", "filed"]
    listed = client.get(address("archives"), {"tab": "left"}).content.decode()
    assert papers[1].title in listed
    kept = client.get(address("archives"), {"tab": "kept"}).content.decode()
    assert "0101-WS·2026-D30-CZJ-0001" in kept
    client.force_login(cast.clerk)
    assert client.post(address("file_many"), {"papers": ticks[2:]}).status_code == 404


def test_the_archivist_files_it_from_its_own_page_and_a_late_click_is_told(cast, client, closed, state):
    incoming = closed(retention="")
    client.force_login(cast.archivist)
    page = client.get(address("incoming_detail", incoming.pk)).content.decode()
    assert "办结时拟不归档" in page
    wrong = client.post(address("incoming_do", incoming.pk, "archive"), {"retention": "Y", "deviation": ""})
    assert (wrong.status_code, "按保管期限表应为" in wrong.content.decode()) == (422, True)
    done = client.post(address("incoming_do", incoming.pk, "archive"), {"retention": "D30"}, follow=True)
    assert ("已归档" in done.content.decode(), state(incoming)) == (True, "archived")
    assert client.post(address("incoming_do", incoming.pk, "archive"), {"retention": "D30"}).status_code == 409
    assert client.post(address("incoming_do", incoming.pk, "leave_out"), {}).status_code == 409
    client.force_login(cast.clerk)
    assert client.post(address("incoming_do", incoming.pk, "archive"), {"retention": "D30"}).status_code == 404


def test_the_item_is_for_who_may_see_the_paper(filed_in, cast, client):
    item = filed_in()
    file = item.files.get(part="received")
    for who, status in ((cast.archivist, 200), (cast.clerk, 200), (cast.stranger, 404), (cast.sys_admin, 404)):
        client.force_login(who)
        assert client.get(address("incoming_archived", item.incoming_id)).status_code == status
        answer = client.get(address("incoming_archived_file", item.incoming_id, file.pk))
        assert answer.status_code == status
        if status == 200:
            assert b"".join(answer.streaming_content) == f"请示扫描件.txt{item.incoming_id}".encode()
    client.force_login(cast.archivist)
    assert events_of(item.incoming).filter(verb="download").count() == 2
    assert client.post(address("incoming_freeze_again", item.incoming_id)).status_code == 409
    later = person("later", cast.section, "后来的档案员", False, [Role.ARCHIVIST])
    client.force_login(later)
    assert client.get(address("incoming_archived", item.incoming_id)).status_code == 200
    RoleHolding.objects.get(person=later).delete()
    assert client.get(address("incoming_archived", item.incoming_id)).status_code == 404
