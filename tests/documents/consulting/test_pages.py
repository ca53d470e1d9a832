"""征求意见 at its doors: who sees what, what a refused form shows again, and how many questions a page asks."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents import drafting
from documents.consulting import answers, rounds, settling
from documents.models import Attached, Consultation, Consulted
from officehub.approvals.models import Step
from officehub.files.keep import keep
from officehub.inbox.models import WorkItem
from officehub.web import hubs

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


@pytest.fixture
def post(client):
    def sent(who, name, *args, **given):
        client.force_login(who)
        return client.post(reverse(f"documents:{name}", args=args), given)

    return sent


def test_who_is_asked_sees_the_text_of_the_round_and_nothing_of_its_course(cast, draft, sent, row, page):
    mine = row("市财政局")
    seen = page(cast.reader, "consulted", mine.pk)
    assert "二十四小时值班" in seen
    assert "请研究第一部分。" in seen
    assert "市水利局" not in seen
    page(cast.reader, "detail", draft.pk, status=404)
    page(cast.reader, "consultations", draft.pk, status=404)
    page(cast.reader, "consulted", row("市水利局").pk, status=404)
    page(cast.stranger, "consulted", mine.pk, status=404)
    page(cast.drafter, "consulted", mine.pk, status=404)  # who asked has a page of their own


def test_the_errand_leads_to_the_page_and_is_seen(cast, sent, client):
    item = WorkItem.objects.get(assignee=cast.reader)
    assert hubs.door(item.subject) == reverse("documents:consulted", args=[item.subject_id])
    client.force_login(cast.reader)
    client.get(hubs.door(item.subject))
    item.refresh_from_db()
    assert item.seen_at is not None


@pytest.mark.parametrize("shared", [False, True])
def test_the_others_answers_are_shown_only_where_the_office_says_so(cast, sent, row, say, page, settings, shared):
    settings.CONSULTATION_SHARE_ANSWERS = shared
    say("市水利局", "suggest", "补充水源保护。")
    assert ("补充水源保护。" in page(cast.reader, "consulted", row("市财政局").pk)) == shared


def test_an_answer_that_lacks_something_is_shown_again_with_all_that_was_typed(cast, row, post):
    mine = row("市财政局")
    answer = post(cast.reader, "consulted", mine.pk, answer="object", text="")
    said = answer.content.decode()
    assert (answer.status_code, row("市财政局").state) == (422, "waiting")
    assert "请写明意见" in said
    assert "请选择同意此答复的负责人" in said
    answer = post(cast.reader, "consulted", mine.pk, answer="object", text="没有预算<script>", responsible="")
    assert "没有预算&lt;script&gt;" in answer.content.decode()


def test_an_answer_with_a_file_is_kept_whole_or_not_at_all(cast, row, post, page, draft):
    mine = row("市财政局")
    given = {"answer": "object", "text": "没有预算。", "responsible": cast.countersigner.pk}
    bad = post(cast.reader, "consulted", mine.pk, **given, files=SimpleUploadedFile("a.pdf", b"no pdf"))
    assert (bad.status_code, row("市财政局").state) == (422, "waiting")
    good = post(cast.reader, "consulted", mine.pk, **given, files=SimpleUploadedFile("依据.pdf", PDF))
    assert good.status_code == 302
    kept = row("市财政局").files.get()
    page_of = page(cast.drafter, "consultations", draft.pk)
    assert "文书reader（经局长countersigner同意）" in page_of
    assert reverse("documents:consultation_file", args=[draft.pk, kept.pk]) in page_of


def test_the_second_of_two_learns_who_was_first(cast, row, say, post):
    say("市财政局", "none")
    answer = post(cast.reader, "consulted", row("市财政局").pk, answer="none", responsible=cast.countersigner.pk)
    assert answer.status_code == 409
    assert "局长countersigner" in answer.content.decode()


def test_files_go_to_whom_they_were_sent_and_to_nobody_else(cast, now, draft, bureaus, client):
    with_file = SimpleUploadedFile("方案.pdf", PDF)
    Attached.objects.create(document=draft, order=1, title="方案", stored=keep(with_file, by=cast.drafter, now=now))
    sent = rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus)
    ours, theirs = sent.asked.all()
    stored = keep(SimpleUploadedFile("依据.pdf", PDF), by=cast.water_head, now=now)
    answers.answer(theirs, by=cast.water_head, now=now, said="none", files=[stored])
    [of_round, of_answer] = sent.files.all()

    def given(name, *args) -> int:
        answer = client.get(reverse(f"documents:{name}", args=args))
        if answer.streaming:  # read to its end, the file is closed
            assert b"".join(answer.streaming_content)
        return answer.status_code

    client.force_login(cast.reader)
    assert given("consulted_file", ours.pk, of_round.pk) == 200
    assert given("consulted_file", ours.pk, of_answer.pk) == 404
    client.force_login(cast.drafter)
    assert given("consultation_file", draft.pk, of_answer.pk) == 200
    client.force_login(cast.stranger)
    assert given("consultation_file", draft.pk, of_round.pk) == 404


# --- the drafter's side -------------------------------------------------------------------------------------------


def test_a_round_is_opened_by_the_form_and_the_concerned_are_ticked(cast, now, draft, bureaus, post, page):
    settling.state_concerns(draft, [cast.bureau], by=cast.drafter, now=now)
    assert page(cast.drafter, "open_consultation", draft.pk).count("checked") == 1
    nobody = post(cast.drafter, "open_consultation", draft.pk)
    assert (nobody.status_code, Consultation.objects.count()) == (422, 0)
    sent = post(
        cast.drafter, "open_consultation", draft.pk, departments=[cast.bureau.pk], units="甲公司\n乙公司\n甲公司"
    )
    assert sent.status_code == 302
    assert [str(one) for one in Consulted.objects.order_by("id")] == ["市财政局", "甲公司", "乙公司"]


def test_every_deed_of_a_round_has_its_page(cast, draft, sent, say, post, page):
    assert "现在的时限是" in page(cast.drafter, "change_consultation", draft.pk, sent.pk, "extend")
    early = post(cast.drafter, "change_consultation", draft.pk, sent.pk, "extend", days="1", reason="多留时间")
    assert (early.status_code, "晚于原时限" in early.content.decode()) == (422, True)
    assert (
        post(cast.drafter, "change_consultation", draft.pk, sent.pk, "extend", days="9", reason="多留").status_code
        == 302
    )
    assert post(cast.drafter, "chase_consultation", draft.pk, sent.pk).status_code == 302
    assert post(cast.drafter, "change_consultation", draft.pk, sent.pk, "close").status_code == 422
    assert post(cast.drafter, "change_consultation", draft.pk, sent.pk, "close", reason="急").status_code == 302
    late = post(cast.drafter, "change_consultation", draft.pk, sent.pk, "withdraw", reason="再撤")
    assert late.status_code == 409
    page(cast.drafter, "change_consultation", draft.pk, sent.pk, "burn", status=409)


def test_a_letter_is_entered_by_the_form(cast, draft, row, post, page):
    unit = row("海青供热公司")
    given = {"answer": "none", "number": "海热函〔2026〕7号", "dated": "2026-11-20"}
    bare = post(cast.drafter, "record_letter", draft.pk, unit.pk, **given)
    assert (bare.status_code, "请附复函的扫描件" in bare.content.decode()) == (422, True)
    scan = SimpleUploadedFile("复函.pdf", PDF)
    assert post(cast.drafter, "record_letter", draft.pk, unit.pk, **given, files=scan).status_code == 302
    assert "海热函〔2026〕7号" in page(cast.drafter, "consultations", draft.pk)
    assert post(cast.drafter, "record_letter", draft.pk, unit.pk, **given, files=scan).status_code == 409
    page(cast.drafter, "record_letter", draft.pk, row("市财政局").pk, status=404)


def test_an_opinion_is_settled_by_the_form(cast, draft, say, post, page):
    one = say("市财政局", "object", "没有预算。")
    bare = post(cast.drafter, "settle", draft.pk, one.pk, decision="rejected", explanation="有必要")
    assert (bare.status_code, "协商经过和结果" in bare.content.decode()) == (422, True)
    given = {"decision": "rejected", "explanation": "有必要", "talks": "谈过两次", "outcome": "failed"}
    assert post(cast.drafter, "settle", draft.pk, one.pk, **given).status_code == 302
    seen = page(cast.drafter, "consultations", draft.pk)
    assert 'class="disputed"' in seen
    assert "谈过两次" in seen
    page(cast.head, "settle", draft.pk, one.pk, status=404)


def test_approvers_see_beside_the_paper_what_was_said_of_it(cast, now, draft, say, page):
    say("市财政局", "object", "没有预算。")
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    seen = page(cast.head, "detail", draft.pk)
    assert 'class="dispute"' in seen
    assert "没有预算。" in seen
    assert "汇总表" in seen
    assert "没有预算。" in page(cast.head, "consultations", draft.pk)


def test_the_sheet_holds_text_and_no_formula(cast, draft, say, client, sent):
    say("市财政局", "suggest", '=HYPERLINK("http://x","y")')
    client.force_login(cast.drafter)
    answer = client.get(reverse("documents:export_consultations", args=[draft.pk]))
    with ZipFile(BytesIO(answer.content)) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
        assert "市财政局" in book.read("xl/sharedStrings.xml").decode()


def test_a_reviewer_sends_back_what_must_be_changed_and_nothing_else_passes(cast, now, route, client, draft):
    route(
        {"person": cast.head, "name": "合法性审核", "verb": "legality"},
        {"person": cast.leader, "name": "签发", "verb": "sign_off", "merges": False},
    )
    drafting.submit(draft, by=cast.drafter, now=now, chosen=[], reasons={})
    step = Step.objects.get(state="open")
    client.force_login(cast.head)
    look = client.get(reverse("documents:detail", args=[draft.pk])).content.decode()
    assert all(words in look for words in ("应当予以修改", "提前审结的理由", "没有违法设立行政许可"))
    given = {"decision": "agree", "seen": draft.approval_hash(), "conclusion": "amend"}
    address = reverse("documents:decide", args=[draft.pk, step.pk])
    assert client.post(address, given).status_code == 422
    assert client.post(address, {**given, "opinion": "第二条缺少依据。"}).status_code == 302
    draft.refresh_from_db()
    step.refresh_from_db()
    assert (draft.state, step.opinion) == ("returned", "合法性审核结论：应当予以修改。第二条缺少依据。")


@pytest.mark.parametrize("more", [0, 2])
def test_the_pages_ask_as_many_questions_however_many_were_asked(
    cast, now, draft, bureaus, client, more, django_assert_num_queries
):
    units = [f"第{number}公司" for number in range(1 + 20 * more)]
    for _round in range(1 + more):
        sent = rounds.open_round(draft, by=cast.drafter, now=now, departments=bureaus, units=units)
        rounds.close(sent, by=cast.drafter, now=now, reason="够了")
    client.force_login(cast.drafter)
    client.get(reverse("documents:consultations", args=[draft.pk]))
    with django_assert_num_queries(18):
        client.get(reverse("documents:consultations", args=[draft.pk]))
    mine = Consulted.objects.filter(department=cast.bureau).latest("id")
    client.force_login(cast.reader)
    client.get(reverse("documents:consulted", args=[mine.pk]))
    with django_assert_num_queries(15):
        client.get(reverse("documents:consulted", args=[mine.pk]))
