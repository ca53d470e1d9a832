"""Writing a paper on the screen: nothing typed is lost, nothing half-written stays, every refusal names its field."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from documents import drafting
from documents.models import Attached, Document
from officehub.audit.models import Event
from officehub.files.models import StoredFile
from tests.cast import NOTICE


@pytest.fixture
def draft(cast, now, client):
    client.force_login(cast.drafter)
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


def typed(**changes) -> dict:
    kept = {key: NOTICE[key] for key in ("kind", "title", "primary_recipients", "body", "disclosure")}
    return {**kept, "revision": 0, **changes}


def test_a_draft_is_saved_and_its_revision_counts_up(draft, client):
    response = client.post(
        reverse("documents:edit", args=[draft.pk]), typed(title="海青市人民政府办公室关于供热工作的通知")
    )
    draft.refresh_from_db()
    assert (response.status_code, draft.title, draft.revision) == (302, "海青市人民政府办公室关于供热工作的通知", 1)


def test_what_the_office_knows_of_a_paper_is_saved_shown_and_asked_by_routes(draft, client):
    client.post(reverse("documents:edit", args=[draft.pk]), typed())
    draft.refresh_from_db()
    text = draft.content_hash()
    known = {"amount": "1200.5", "normative": "on", "affects_business": "on", "important": "on"}
    client.post(reverse("documents:edit", args=[draft.pk]), typed(revision=1, **known))
    draft.refresh_from_db()
    assert (draft.revision, draft.content_hash()) == (2, text)
    facts = draft.approval_facts()
    assert {name: facts[name] for name in known} == {
        "amount": Decimal("1200.5"), "normative": True, "affects_business": True, "important": True,
    }  # fmt: skip
    assert not set(draft.content) & set(Document.OFFICE_FACTS)
    page = client.get(reverse("documents:edit", args=[draft.pk])).content.decode()
    assert 'value="1200.5"' in page
    assert [re.search(r'name="(\w+)"', box)[1] for box in re.findall(r"<input[^>]*checked[^>]*>", page)] == [
        "important", "normative", "affects_business",
    ]  # fmt: skip


def test_what_the_office_knows_is_taken_back_by_saving_without_it(draft, client):
    client.post(reverse("documents:edit", args=[draft.pk]), typed(amount="3", normative="on"))
    client.post(reverse("documents:edit", args=[draft.pk]), typed(revision=1))
    draft.refresh_from_db()
    assert (draft.amount, draft.normative, draft.revision) == (None, False, 2)


def test_checking_while_typing_keeps_nothing_and_names_a_wrong_amount(draft, client):
    page = client.post(reverse("documents:check", args=[draft.pk]), typed(amount="多")).content.decode()
    draft.refresh_from_db()
    assert ("金额（万元）：请写一个数" in page, draft.amount, draft.revision) == (True, None, 0)


def test_saving_without_naming_them_leaves_what_the_office_knows(draft, cast, now):
    drafting.save(draft, by=cast.drafter, now=now, fields=NOTICE, revision=0, amount=Decimal(7), important=True)
    drafting.save(draft, by=cast.drafter, now=now, fields=NOTICE, revision=1, normative=True)
    draft.refresh_from_db()
    assert (draft.amount, draft.important, draft.normative) == (Decimal(7), True, True)


def test_the_office_knows_only_what_is_named(draft, cast, now):
    with pytest.raises(TypeError, match="state"):
        drafting.save(draft, by=cast.drafter, now=now, fields=NOTICE, revision=0, state="signed")


def test_an_imported_paper_has_no_amount_and_no_flags(draft, cast, now):
    imported = drafting.import_paper(draft.raw(), by=cast.drafter, organ=cast.office, now=now)
    assert [getattr(imported, name) for name in Document.OFFICE_FACTS] == [False, None, False, False]


def test_every_fact_that_routes_may_ask_is_told(draft):
    assert set(draft.approval_facts()) == set(Document.APPROVAL_FACTS)


def test_a_negative_amount_is_refused_by_the_database_too(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(amount=-1)


def test_a_second_window_does_not_overwrite_the_first(draft, client):
    client.post(reverse("documents:edit", args=[draft.pk]), typed(title="先保存的标题"))
    response = client.post(reverse("documents:edit", args=[draft.pk]), typed(title="后保存的标题"))
    draft.refresh_from_db()
    assert (response.status_code, draft.title) == (409, "先保存的标题")


@pytest.mark.parametrize("kind", ["请示", "报告"])
def test_a_direction_the_law_does_not_know_for_the_kind_is_refused_and_stays_typed(draft, client, kind):
    address = reverse("documents:edit", args=[draft.pk])
    answer = client.post(address, typed(kind=kind, direction="downward", title="新的标题"))
    page = answer.content.decode()
    assert (answer.status_code, "行文方向</a>：请示、报告是上行文（条例 第八条）" in page) == (422, True)
    assert ('value="downward" selected' in page, 'value="新的标题"' in page) == (True, True)
    draft.refresh_from_db()
    assert (draft.kind, draft.revision) == ("通知", 0)
    assert client.post(address, typed(kind=kind, direction="")).status_code == 302


def test_a_request_needs_the_principal_whatever_direction_was_kept_with_it(draft, cast, now):
    fields = {**NOTICE, "kind": "请示", "direction": "downward"}
    kept = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
    assert (kept.direction, kept.needs_principal) == ("upward", True)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("title", "长" * 201, "标题"),
        ("title", "空\x00字", "标题"),
        ("body", "字" * 100_001, "正文"),
        ("kind", "请柬", "文种"),
        ("urgency", "火急", "紧急程度"),
        ("print_run", "-1", "印数"),
        ("amount", "-1", "金额（万元）"),
        ("amount", "五百万", "金额（万元）"),
        ("amount", "0.00001", "金额（万元）"),
        ("amount", "NaN", "金额（万元）"),
    ],
)
def test_bad_input_is_refused_by_field_and_what_was_typed_stays(draft, client, field, value, says):
    response = client.post(
        reverse("documents:edit", args=[draft.pk]), typed(primary_recipients="各县区", **{field: value})
    )
    page = response.content.decode()
    assert response.status_code == 422
    assert f"{says}</a>：" in page
    assert 'value="各县区"' in page
    assert field != "amount" or f'value="{value}"' in page
    draft.refresh_from_db()
    assert (draft.title, draft.revision) == (NOTICE["title"], 0)


def test_hostile_text_comes_out_as_text(draft, client):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    client.post(reverse("documents:edit", args=[draft.pk]), typed(body=hostile, title=f"{hostile}的通知"))
    for door in ("documents:detail", "documents:edit", "documents:submit"):
        page = client.get(reverse(door, args=[draft.pk])).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_full_width_brackets_in_a_number_are_named(draft, client):
    answered = typed(in_reply_to="云政办函（２０２６）3号")
    page = client.post(reverse("documents:check", args=[draft.pk]), answered).content.decode()
    assert "所答复来文的字号：" in page
    assert "六角括号〔〕" in page


def docx(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", **members}.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("方案.pdf", b"MZ\x90\x00 not a pdf", "内容与扩展名"),
        ("方案.docx", b"PK\x03\x04 broken", "方案.docx"),
        ("方案.docx", docx(**{"word/document.xml": b"\0" * 200_000_000}), "方案.docx"),
        ("图.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不接收"),
        ("页.html", b"<script>alert(1)</script>", "不接收"),
        ("空.pdf", b"", "空"),
    ],
    ids=["not-a-pdf", "broken-docx", "zip-bomb", "svg", "html", "empty"],
)
def test_a_file_is_judged_by_its_content(draft, client, name, content, says):
    upload = SimpleUploadedFile(name, content)
    response = client.post(reverse("documents:attach", args=[draft.pk]), {"title": "实施方案", "file": upload})
    page = response.content.decode()
    assert response.status_code == 422
    assert says in page
    assert 'value="实施方案"' in page
    assert (Attached.objects.count(), StoredFile.objects.count()) == (0, 0)


def test_an_attachment_is_kept_listed_and_taken_off_again(draft, client):
    upload = SimpleUploadedFile("方案.pdf", b"%PDF-1.7\n%%EOF")
    client.post(reverse("documents:attach", args=[draft.pk]), {"title": "实施方案", "file": upload})
    client.post(reverse("documents:attach", args=[draft.pk]), {"title": "任务清单", "body": "一、备煤"})
    assert [one.title for one in draft.attached.all()] == ["实施方案", "任务清单"]
    client.post(reverse("documents:detach", args=[draft.pk, draft.attached.first().pk]))
    assert [(one.order, one.title) for one in draft.attached.all()] == [(1, "任务清单")]
    assert list(Event.objects.filter(verb__in=["attach", "detach"]).order_by("id").values_list("verb", flat=True)) == [
        "attach", "attach", "detach",
    ]  # fmt: skip


def test_submitting_against_a_rule_needs_its_reason_and_keeps_what_was_ticked(draft, cast, client):
    client.post(
        reverse("documents:edit", args=[draft.pk]),
        typed(
            kind="请示",
            title="海青市人民政府办公室关于供热资金的请示",
            primary_recipients="海青市人民政府、东岭省人民政府",
            body="现申请资金。\n妥否，请批示。", remarks="联系人：张三，电话：0700-1234567",
        ),
    )  # fmt: skip
    address = reverse("documents:submit", args=[draft.pk])
    refused = client.post(address, {"departments": [cast.bureau.pk]})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "还不能提交" in page
    ticked = re.findall(r'<input[^>]*name="departments"[^>]*checked[^>]*>', page)
    assert [re.search(r'value="(\d+)"', box)[1] for box in ticked] == [str(cast.bureau.pk)]
    assert Document.objects.get().state == "drafting"
    accepted = client.post(address, {"departments": [cast.bureau.pk], "reason_R01": "已经市政府同意，一并报送。"})
    paper = Document.objects.get()
    assert (accepted.status_code, paper.state) == (302, "in_approval")
    assert paper.overrides == {"R01": "已经市政府同意，一并报送。"}
