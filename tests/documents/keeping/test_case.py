"""办文全程: the whole life on one page, in parts, folded when long, whole in print; for those whose business it is."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse

from documents import drafting
from documents.keeping import sheet
from documents.keeping.case import LONG, Case
from documents.models import Document
from documents.paper.render import page_count
from officehub.approvals.decide import run_of
from officehub.audit.record import record
from tests.cast import NOTICE
from tests.documents.course.test_course import draft

QUERIES = 26


def told(document: Document, now) -> list[tuple[str, str, str]]:
    entries = Case(document, run_of(document), now).entries
    return [(entry.part, entry.line.who, entry.line.verb) for entry in entries]


def test_the_life_of_a_paper_is_told_from_draft_to_archive(filed, cast, now):
    """In the test all happens at one moment but the filing, so the order within it is not asked for."""
    lines = told(filed().document, now)
    assert lines[-3:] == [
        ("archive", cast.archivist.name, "归档"),
        ("office", "系统", "排版"),
        ("archive", "系统", "归档文件封存"),
    ]
    assert sorted(lines[:-3]) == sorted(
        [
            ("draft", cast.drafter.name, "拟稿"),
            ("draft", cast.drafter.name, "提交审批"),
            ("approval", cast.head.name, "部门审核"),
            ("approval", cast.vetter.name, "核稿"),
            ("approval", cast.leader_in_charge.name, "签发"),
            ("office", cast.rechecker.name, "复核"),
            ("office", cast.rechecker.name, "编号"),
            ("office", "系统", "排版"),
            ("office", cast.seal_keeper.name, "用印"),
            ("office", "系统", "排版"),
            ("reading", cast.clerk.name, "分发"),
            ("reading", "系统", "送达"),
            ("reading", "收件人", "签收 1/1"),
        ]
    )


def save(document: Document, cast, now, times: int) -> None:
    for turn in range(times):
        body = f"第{turn}稿。"
        deed = {"by": cast.drafter, "now": now + timedelta(minutes=turn), "revision": document.revision}
        drafting.save(document, fields={**NOTICE, "body": body}, **deed)
        document.refresh_from_db()


def test_savings_in_a_row_are_told_once(cast, now):
    document = draft(cast, now)
    save(document, cast, now, 5)
    assert told(document, now)[-1] == ("draft", cast.drafter.name, "修改草稿 5 次")


def test_a_deed_of_another_room_is_shown_though_its_name_is_not_known(cast, now):
    document = draft(cast, now)
    with transaction.atomic():
        record(document, "blessed", by=cast.head, now=now, facts={"reason": "试试"})
    entry = Case(document, None, now).entries[-1]
    assert (entry.part, entry.line.verb, entry.line.opinion) == ("office", "其他记录（blessed）", "试试")


def test_the_page_shows_a_part_when_asked_and_asks_no_more_for_a_long_life(
    cast, client, now, sent, django_assert_num_queries
):
    client.force_login(cast.drafter)
    for events in (0, LONG + 5):
        document = sent()
        with transaction.atomic():
            for turn in range(events):
                record(document, f"deed{turn}", by=cast.head, now=now)
        address = reverse("documents:case", args=[document.pk])
        client.get(address)
        with django_assert_num_queries(QUERIES):
            page = client.get(address)
    text = page.content.decode()
    assert "全部展开" in text
    assert text.count("beyond") == len(page.context["entries"]) - LONG
    part = client.get(address, {"part": "reading"})
    assert {entry.part for entry in part.context["entries"]} == {"reading"}


def test_whoever_was_only_sent_the_paper_finds_no_case(cast, client, sent):
    document = sent()
    for who, status in ((cast.reader, 404), (cast.stranger, 404), (cast.sys_admin, 404), (cast.head, 200)):
        client.force_login(who)
        for name in ("case", "dispatch_sheet"):
            assert client.get(reverse(f"documents:{name}", args=[document.pk])).status_code == status


def test_opinions_are_escaped_and_markup_in_a_title_draws_nothing(cast, now, client):
    title = "海青市人民政府办公室关于<b>供暖</b>的通知"
    document = draft(cast, now, title=title)
    client.force_login(cast.drafter)
    page = client.get(reverse("documents:case", args=[document.pk])).content.decode()
    assert "<b>供暖" not in page
    assert "&lt;b&gt;供暖" in page
    assert page_count(sheet.dispatch_sheet(document, now)) == 1
    assert page_count(sheet.case_sheet(document, now)) == 1
