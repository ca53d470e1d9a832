"""The pages of the papers in, as their users press through them."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from documents.incoming import screen
from documents.incoming.screen import POINTS
from documents.models import Document, Hop, Incoming, IncomingFile
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from officehub.people.models import Delegation

NEW = reverse("documents:incoming_new")


def typed(cast, **more) -> dict:
    at = timezone.localtime() - timedelta(hours=1)
    return {
        "organ": cast.government.pk, "sender_name": "北湾县人民政府", "document_number": "北政[2026]7号",
        "title": "北湾县人民政府关于申请修缮渡口的请示", "kind": "请示", "urgency": "", "dated": "2026-11-02",
        "copies": "2", "pages": "3", "source": "exchange", "received_at": f"{at:%Y-%m-%dT%H:%M}", "receiver": "收发员",
        "asked_due": "", "recipients": "", "cc": "", "contact": "", "remarks": "", "twin_reason": "", **more,
    }  # fmt: skip


def png() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    return SimpleUploadedFile("来文.png", out.getvalue())


@pytest.fixture
def as_(client, steps):
    def log_in(person):
        client.force_login(person)
        return client

    return log_in


@pytest.fixture
def do(as_):
    """Press the button of a deed."""

    def press(person, incoming, deed, follow=True, **fields):
        url = reverse("documents:incoming_do", args=[incoming.pk, deed])
        return as_(person).post(url, fields, follow=follow)

    return press


# --- registering ----------------------------------------------------------------------------------------------------


def test_registering_leaves_an_empty_form_for_the_next(as_, cast):
    page = as_(cast.clerk).post(NEW, typed(cast), follow=True)
    incoming = Incoming.objects.get()
    assert (incoming.number, incoming.document_number, incoming.copies) == (
        f"收〔{timezone.localdate().year}〕1号", "北政〔2026〕7号", 2,
    )  # fmt: skip
    assert (page.status_code, page.context["last"]) == (200, incoming)
    assert page.context["form"]["title"].value() in (None, "")
    assert "可接着登记下一件" in page.content.decode()


def test_a_twin_is_refused_with_a_link_and_nothing_typed_is_lost(as_, cast):
    client = as_(cast.clerk)
    client.post(NEW, typed(cast))
    page = client.post(NEW, typed(cast, remarks="补送"))
    first = Incoming.objects.get()
    assert page.status_code == 422
    assert reverse("documents:incoming_detail", args=[first.pk]) in page.content.decode()
    assert page.context["form"]["remarks"].value() == "补送"
    assert client.post(NEW, typed(cast, twin_reason="补送盖章件")).status_code == 302
    assert Incoming.objects.count() == 2


def test_twins_are_told_of_while_one_types(as_, cast, steps):
    first = steps.registered()
    asked = {"organ": cast.government.pk, "sender_name": "北湾县人民政府", "document_number": "北政〔2026〕7号"}
    page = as_(cast.clerk).get(reverse("documents:incoming_twins"), asked).content.decode()
    assert first.number in page
    asked = {"organ": "x", "sender_name": "", "document_number": "", "title": "关于申请修缮渡口的请示"}
    assert "标题相近" in as_(cast.clerk).get(reverse("documents:incoming_twins"), asked).content.decode()


@pytest.mark.parametrize(("field", "value", "said"), [
    ("title", "机密★10年关于某事的通知", "国家秘密标志"), ("urgency", "十万火急", "紧急程度"), ("copies", "0", "份数"),
    ("dated", "2999-01-01", "还没有到"), ("received_at", "2999-01-01T00:00", "还没有到"),
    ("sender_name", "", "来文机关"),
    ("title", "关于\u202e某事的通知", "不能印刷"), ("organ", "999", "收文机关"),
])  # fmt: skip
def test_what_cannot_be_taken_is_said_by_its_field(as_, cast, field, value, said):
    page = as_(cast.clerk).post(NEW, typed(cast, **{field: value}))
    assert (page.status_code, said in page.content.decode(), Incoming.objects.count()) == (422, True, 0)


def test_scans_wait_to_be_registered_and_stand_beside_the_form(as_, cast):
    client = as_(cast.clerk)
    page = client.post(reverse("documents:incoming_upload"), {"uploads": [png(), png()]}, follow=True)
    waiting = IncomingFile.objects.order_by("id")
    assert (page.context["upload"], len(page.context["waiting"])) == (waiting[0], 2)
    assert reverse("documents:incoming_file", args=[waiting[0].pk]) in page.context["sheets"].rows[0].url
    after = client.post(NEW, typed(cast, upload=waiting[0].pk), follow=True)
    assert (after.context["upload"], Incoming.objects.get().files.get()) == (waiting[1], waiting[0])


def test_an_upload_is_registered_once(as_, cast):
    client = as_(cast.clerk)
    client.post(reverse("documents:incoming_upload"), {"uploads": [png()]})
    upload = IncomingFile.objects.get().pk
    client.post(NEW, typed(cast, upload=upload))
    page = client.post(NEW, typed(cast, upload=upload, document_number="北政〔2026〕8号"), follow=True)
    assert ("已被登记或删除" in page.content.decode(), Incoming.objects.count()) == (True, 1)


def test_a_bad_file_is_refused_and_a_good_one_beside_it_taken(as_, cast):
    bad = SimpleUploadedFile("来文.pdf", b"no pdf")
    page = as_(cast.clerk).post(reverse("documents:incoming_upload"), {"uploads": [bad, png()]}, follow=True)
    assert ("与扩展名" in page.content.decode(), IncomingFile.objects.count()) == (True, 1)


def test_anothers_upload_is_not_seen(as_, cast):
    as_(cast.clerk).post(reverse("documents:incoming_upload"), {"uploads": [png()]})
    found = IncomingFile.objects.get()
    at = {"incoming_file": [found.pk], "incoming_page": [found.pk, 1]}
    addresses = [reverse(f"documents:{name}", args=args) for name, args in at.items()]
    assert [as_(cast.reader).get(address).status_code for address in addresses] == [404, 404]
    assert as_(cast.reader).post(reverse("documents:incoming_discard", args=[found.pk])).status_code == 404


def test_only_clerks_register(as_, cast):
    assert [as_(one).get(NEW).status_code for one in (cast.clerk, cast.vetter, cast.reader, cast.sys_admin)] == [
        200, 404, 404, 404,
    ]  # fmt: skip


def test_a_correction_shows_both_in_the_course(as_, cast, steps):
    incoming = steps.registered()
    url = reverse("documents:incoming_correct", args=[incoming.pk])
    said = typed(cast, title="北湾县人民政府关于申请修缮东渡口的请示", reason="漏字")
    page = as_(cast.clerk).post(url, said, follow=True).content.decode()
    assert "更正为“北湾县人民政府关于申请修缮东渡口的请示”" in page
    assert as_(cast.clerk).post(url, {**said, "reason": ""}).status_code == 422


# --- from screening to the answer ------------------------------------------------------------------------------------


def test_the_whole_way_by_the_buttons(do, cast, steps, state):
    incoming = steps.registered(important=True)
    seen = lambda: Incoming.objects.get().entry_hash()  # noqa: E731
    pressed = [
        (cast.vetter, "screen", {"points": list(POINTS), "nature": "for_action"}, "for_action"),
        (cast.vetter, "propose", {"words": "拟请财政局办理", "concrete": "on", "people": [cast.mayor.pk],
                                  "mode": "in_order", "lead": cast.bureau.pk}, "proposed"),
        (cast.leader, "settle", {"words": "同意", "way": "agree"}, "instructing"),
        (cast.mayor, "instruct", {"words": "", "seen": seen, "way": "circle"}, "instructed"),
        (cast.vetter, "assign", {"lead": cast.bureau.pk, "assisting": [cast.section.pk], "people": [cast.clerk.pk]},
         "assigned"),
        (cast.reader, "allocate", {"handler": cast.reader.pk}, "handling"),
        (cast.reader, "progress", {"words": "正在核算"}, "handling"),
        (cast.head, "allocate", {"handler": cast.drafter.pk}, "handling"),
        (cast.drafter, "part", {"words": "无不同意见"}, "handling"),
        (cast.vetter, "chase", {"words": "请抓紧"}, "handling"),
        (cast.reader, "answer", {"result": "已拨付", "manner": "phone", "whom": "县办", "words": "已告知"}, "answered"),
        (cast.clerk, "close", {"retention": "D10"}, "filed"),
        (cast.archivist, "archive", {"retention": "Y"}, "archived"),
    ]  # fmt: skip
    for person, deed, fields, after in pressed:
        said = {name: value() if callable(value) else value for name, value in fields.items()}
        page = do(person, incoming, deed, **said)
        assert (page.status_code, deed, state(incoming)) == (200, deed, after)
    assert Hop.objects.get().manner == "consent"
    page = page.content.decode()
    for words in ("视为同意", "无不同意见", "主办 市财政局", "电话答复", "办结归卷", "档号"):
        assert words in page
    assert not WorkItem.objects.filter(done_at=None).exists()


def test_what_a_deed_refuses_is_said_and_what_was_typed_stays(do, cast, steps, state):
    incoming = steps.instructed(urgency="特急")
    page = do(cast.vetter, incoming, "assign", lead=cast.bureau.pk, assisting=[cast.bureau.pk], words="请速办")
    text = page.content.decode()
    assert (page.status_code, state(incoming), "请速办" in text) == (422, "instructed", True)
    twice = {"lead": cast.bureau.pk, "assisting": [cast.bureau.pk], "people": cast.clerk.pk}
    page = do(cast.vetter, incoming, "assign", **twice)
    assert "不能再作协办" in page.content.decode()


def test_who_is_not_asked_finds_no_such_door(do, cast, steps):
    incoming = steps.registered()
    assert do(cast.clerk, incoming, "screen", nature="for_action").status_code == 404
    assert do(cast.stranger, incoming, "screen", nature="for_action").status_code == 404
    assert do(cast.vetter, incoming, "no-such-deed").status_code == 404


def test_who_was_asked_and_comes_too_late_is_told_who_was_first(do, cast, steps, now):
    incoming = steps.registered()
    screen.return_(incoming, by=cast.vetter, now=now, reason="不属我市职权")
    page = do(cast.vetter, incoming, "screen", nature="for_action", points=list(POINTS))
    assert (page.status_code, cast.vetter.name in page.content.decode()) == (409, True)


def test_a_leader_sees_the_proposal_the_others_and_whose_place_it_is(as_, cast, steps, now):
    incoming = steps.sent_to_leaders(leaders=("leader_in_charge", "mayor"))
    steps.sign(incoming, "leader_in_charge", "请财政局抓紧。")
    today = timezone.localdate()
    Delegation.objects.create(principal=cast.mayor, delegate=cast.leader, since=today, until=today, reason="出差")
    page = as_(cast.leader).get(reverse("documents:incoming_detail", args=[incoming.pk])).content.decode()
    for words in (
        "拟请市财政局牵头办理。",
        "请财政局抓紧。",
        "受市长mayor委托",
        "只圈阅即为同意",
        "拟同意，请领导审定",
    ):
        assert words in page


def test_opening_the_page_marks_the_errand_seen(as_, cast, steps):
    incoming = steps.registered()
    as_(cast.vetter).get(reverse("documents:incoming_detail", args=[incoming.pk]))
    assert WorkItem.objects.get(assignee=cast.vetter).seen_at is not None


def test_the_handler_drafts_the_answer(as_, cast, steps):
    incoming = steps.handling()
    page = as_(cast.reader).post(reverse("documents:incoming_reply", args=[incoming.pk]))
    document = Document.objects.get()
    assert (page.status_code, page.url, document.answers) == (
        302, reverse("documents:edit", args=[document.pk]), incoming,
    )  # fmt: skip
    assert as_(cast.clerk).post(reverse("documents:incoming_reply", args=[incoming.pk])).status_code == 404


def test_hostile_words_are_only_words(as_, cast, steps):
    hostile = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
    incoming = steps.registered(title=hostile, sender_name=hostile, remarks=hostile)
    for address in (reverse("documents:incoming_detail", args=[incoming.pk]), reverse("documents:incoming"),
                    reverse("documents:incoming_register"), f"/search?q={hostile[:8]}"):  # fmt: skip
        page = as_(cast.clerk).get(address).content.decode()
        assert "<script>alert(1)" not in page
        assert "<img src=x" not in page


def test_files_are_handed_out_to_who_may_see_and_noted(as_, cast):
    client = as_(cast.clerk)
    client.post(reverse("documents:incoming_upload"), {"uploads": [png()]})
    found = IncomingFile.objects.get()
    client.post(NEW, typed(cast, upload=found.pk))
    address = reverse("documents:incoming_file", args=[found.pk])
    for query, manner in (("", "attachment"), ("?show=1", "inline")):
        answer = client.get(address + query)
        assert (answer["Content-Disposition"].split(";")[0], b"".join(answer)[:4]) == (manner, b"\x89PNG")
    assert events_of(Incoming.objects.get()).filter(verb="download").count() == 1
    assert as_(cast.stranger).get(address).status_code == 404


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_register_filters(as_, cast, steps, now):
    steps.registered()
    steps.registered(sender_name="青岗县人民政府", document_number="青政〔2026〕1号")
    late = steps.handling(document_number="北政〔2026〕9号")
    Incoming.objects.filter(pk=late.pk).update(due_at=now - timedelta(days=400))
    client, url = as_(cast.clerk), reverse("documents:incoming_register")
    found = lambda query: len(client.get(url + query).context["page"].rows)  # noqa: E731
    assert [found(query) for query in (
        "", "?sender=青岗", "?sender=北政〔2026〕9号", "?state=handling", "?overdue=on",
        "?since=2026-11-24", "?until=2026-11-23",
        "?since=rubbish&state=rubbish", "?until=9999-12-31", "?since=0001-01-01",
    )] == [3, 1, 1, 1, 1, 0, 3, 3, 3, 3]  # fmt: skip


def test_who_keeps_no_register_sees_what_they_may_see(as_, cast, steps):
    steps.registered()
    assert [len(as_(one).get(reverse("documents:incoming_register")).context["page"].rows)
            for one in (cast.clerk, cast.stranger, cast.sys_admin)] == [1, 0, 0]  # fmt: skip


def test_the_excel_holds_text_as_text(as_, cast, steps):
    steps.registered(title='=HYPERLINK("http://x")', sender_name="+1+1")
    answer = as_(cast.clerk).get(reverse("documents:incoming_export"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"=HYPERLINK" in sheet
    assert b"+1+1" in sheet


def test_the_workbench_counts_what_came_in(as_, cast, steps):
    steps.registered()
    panels = dict(as_(cast.clerk).get("/").context["panels"])
    assert panels["documents/incoming_panel.html"]["screening"] == 1
    assert "documents/incoming_panel.html" not in dict(as_(cast.stranger).get("/").context["panels"])


def test_it_is_found_by_number_and_words_by_who_may_see_it(as_, cast, steps):
    steps.registered()
    for words in ("北政[2026]7", "修缮渡口", "北湾县"):
        assert "修缮渡口" in as_(cast.clerk).get("/search", {"q": words}).content.decode()
        assert "收〔2026〕1号" not in as_(cast.stranger).get("/search", {"q": words}).content.decode()


def test_the_leaders_offered_stay_until_somebody_else_is_searched_for(as_, cast, steps):
    ask = {"picker": "in_leaders", "people": [cast.mayor.pk], "offered": [cast.mayor.pk, cast.leader.pk]}
    page = as_(cast.vetter).get(reverse("documents:people"), ask)
    assert (page.context["people"], page.context["others"]) == ([cast.mayor], [cast.leader])
    page = as_(cast.vetter).get(reverse("documents:people"), {**ask, "person": "stranger"})
    assert page.context["others"] == [cast.stranger]


# --- what does not go straight on -----------------------------------------------------------------------------------


def test_the_office_returns_what_it_sees_and_not_what_went_on_meanwhile(do, cast, steps, state):
    incoming = steps.screened()
    late = do(cast.vetter, incoming, "return", reason="不属我市职权", seen_state="registered")
    assert (late.status_code, state(incoming)) == (409, "for_action")
    page = do(cast.vetter, incoming, "return", reason="不属我市职权", seen_state="for_action")
    assert ("已退文" in page.content.decode(), state(incoming)) == (True, "returned")


def test_each_change_is_for_who_may_make_it_and_too_late_the_second_time(do, cast, steps, state):
    reason = {"reason": "分办有误"}
    cases = {
        "put_away": (steps.instructed, cast.vetter, {"words": "存查", "retention": ""}, "filed"),
        "read_instead": (steps.instructed, cast.vetter, reason, "for_reading"),
        "reclassify": (steps.circulating, cast.clerk, reason, "for_action"),
        "take_back": (steps.handling, cast.vetter, reason, "instructed"),
        "void": (steps.handling, cast.clerk, reason, "voided"),
    }
    for number, (deed, (make, person, fields, after)) in enumerate(cases.items()):
        incoming = make(document_number=f"北政〔2026〕{number}号")
        before = state(incoming)
        assert (deed, do(cast.stranger, incoming, deed, **fields).status_code) == (deed, 404)
        assert (deed, do(cast.mayor, incoming, deed, **fields).status_code) == (deed, 404)
        if "reason" in fields:
            assert (deed, do(person, incoming, deed).status_code, state(incoming)) == (deed, 422, before)
        assert (deed, do(person, incoming, deed, **fields).status_code, state(incoming)) == (deed, 200, after)
        assert (deed, do(person, incoming, deed, **fields).status_code) == (deed, 409)


def test_a_paper_is_given_to_others_with_its_limit_restated(do, cast, steps, state):
    incoming = steps.handling(due_on=timezone.localdate() + timedelta(days=9))
    form = next(
        card["form"]
        for card in do(cast.vetter, incoming, "reassign").context["more"]
        if card["deed"].name == "reassign"
    )
    assert form.errors.keys() == {"lead", "reason"}
    later = timezone.localdate() + timedelta(days=20)
    said = {"lead": cast.section.pk, "assisting": [cast.bureau.pk], "due_on": later, "reason": "职责调整"}
    page = do(cast.vetter, incoming, "reassign", **said).content.decode()
    assert (state(incoming), "主办 综合科，协办 市财政局" in page, "职责调整" in page) == ("assigned", True, True)
    assert WorkItem.objects.filter(done_at=None, due_at__date=later).count() == 2


def test_the_head_of_the_department_changes_its_handler(do, cast, steps):
    incoming = steps.handling()
    said = {"handler": cast.countersigner.pk, "reason": "出差"}
    assert do(cast.reader, incoming, "change_handler", **said).status_code == 404
    page = do(cast.countersigner, incoming, "change_handler", **said).content.decode()
    assert f"{cast.reader.name}改为{cast.countersigner.name}" in page
    again = do(cast.countersigner, incoming, "change_handler", **said)
    assert again.status_code == 422


def test_the_director_names_another_for_a_leader_who_left(do, cast, steps, state):
    incoming = steps.proposed(leaders=("mayor", "leader_in_charge"))
    type(cast.mayor).objects.filter(pk=cast.mayor.pk).update(is_active=False)
    page = do(cast.leader, incoming, "settle", way="agree", words="").content.decode()
    assert (f"拟送的领导{cast.mayor.name}已离岗" in page, state(incoming)) == (True, "proposed")
    do(
        cast.leader,
        incoming,
        "settle",
        way="agree",
        words="",
        people=[cast.leader_in_charge.pk],
    )
    assert state(incoming) == "instructing"


def test_every_station_is_shown_with_its_times(do, as_, cast, steps, now):
    incoming = steps.circulating(("mayor", "leader"))
    steps.sign(incoming, "mayor", at=now + timedelta(hours=2))
    page = as_(cast.clerk).get(reverse("documents:incoming_detail", args=[incoming.pk])).content.decode()
    first, second = (f"{timezone.localtime(moment):%H:%M}" for moment in (now, now + timedelta(hours=2)))
    table = page.partition("传阅情况")[2].partition("</section>")[0]
    assert (table.count(first), table.count(second), table.count("—")) == (3, 6, 1)  # as text and in two attributes


def test_the_director_sees_whom_the_proposal_goes_to(as_, cast, steps):
    incoming = steps.proposed()
    page = as_(cast.leader).get(reverse("documents:incoming_detail", args=[incoming.pk])).content.decode()
    assert f"拟送{cast.mayor.name}批示" in page
