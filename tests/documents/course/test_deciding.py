"""What a person does with their own step on the approval page, and what the page says when it may not be done."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from officehub.approvals import decide, hand_on
from officehub.approvals.models import Advice, Bypass, OpinionFile, Permit, Step
from officehub.inbox.models import WorkItem
from tests.cast import person
from tests.documents.course.conftest import EVERYTHING

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def upload(name="意见.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def reviewed(cast, route, submitted):
    """A paper with the head, where everything is permitted; the bureau and the leader come after."""
    route(
        {"person": cast.head, "permits": EVERYTHING, "name": "审核"},
        {"person": cast.countersigner, "permits": EVERYTHING, "name": "会签"},
        {"person": cast.leader, "permits": EVERYTHING, "name": "签发"},
    )
    return submitted()


def test_the_menu_shows_what_the_stage_permits_and_no_more(cast, route, submitted, look):
    route({"person": cast.head, "permits": [Permit.TRANSFER, Permit.TERMINATE]}, {"person": cast.leader})
    page = look(submitted(), cast.head)
    offered = {name for name in ("transfer", "terminate", "disagree", "add", "consult") if f'id="deed-{name}"' in page}
    assert offered == {"transfer", "terminate"}
    assert ('id="back"' in page, 'value="circle"' in page, "修改文稿" in page) == (False, False, False)


def test_what_the_stage_does_not_permit_is_refused_with_a_sentence(cast, route, submitted, deed):
    route({"person": cast.head, "permits": []}, {"person": cast.leader})
    document = submitted()
    answer = deed(document, cast.head, "transfer", people=[cast.reader.pk], reason="出差")
    assert (answer.status_code, "环节不能转办" in answer.content.decode()) == (422, True)


def test_agreeing_keeps_the_opinion_and_says_how_to_have_it_back(cast, reviewed, deed, client, step_of, sound):
    answer = deed(reviewed, cast.head, "agree", opinion="同意，请尽快印发。", keep="on")
    assert answer.status_code == 302
    assert "#take-back" in client.get("/").content.decode()
    assert Step.objects.get(approver=cast.head).opinion == "同意，请尽快印发。"
    assert cast.head.stock_phrases.filter(text="同意，请尽快印发。").exists()
    assert (step_of(reviewed, cast.countersigner).stage.name, sound(reviewed)) == ("会签", True)


def test_circling_is_kept_as_such_and_takes_no_opinion(cast, reviewed, deed, look):
    refused = deed(reviewed, cast.head, "circle", opinion="有一点意见")
    assert refused.status_code == 422
    assert "圈阅只记姓名和日期" in refused.content.decode()
    assert "有一点意见" in refused.content.decode()
    deed(reviewed, cast.head, "circle")
    assert Step.objects.get(approver=cast.head).manner == "circled"
    page = look(reviewed, cast.drafter)
    assert "（圈阅）" in page
    assert re.search(r'class="signature">\s*科长head', page)


@pytest.mark.parametrize("decision", ["return", "disagree", "transfer", "terminate"])
def test_without_a_reason_nothing_is_done_and_the_dialog_comes_back(cast, reviewed, deed, decision, step_of):
    answer = deed(reviewed, cast.head, decision, people=[cast.reader.pk], typed="写了一半的意见")
    page = answer.content.decode()
    assert (answer.status_code, "data-again" in page, "写了一半的意见" in page) == (422, True, True)
    assert "须写明理由" in page
    assert step_of(reviewed, cast.head)


def test_a_return_offers_the_stages_that_led_here_and_goes_where_it_is_told(
    cast, reviewed, deed, look, step_of, now, agree, sound
):
    agree(reviewed, cast.head)
    agree(reviewed, cast.countersigner)
    page = look(reviewed, cast.leader)
    assert re.findall(r'name="to" value="(\d*)"', page) == [
        "", *(str(Step.objects.get(approver=who).stage_id) for who in (cast.countersigner, cast.head)),
    ]  # fmt: skip
    to = Step.objects.get(approver=cast.head).stage_id
    deed(reviewed, cast.leader, "return", to=to, reason="请再核实数据", way="straight")
    assert step_of(reviewed, cast.head).stage_id == to
    agree(reviewed, cast.head)
    assert step_of(reviewed, cast.leader)
    assert sound(reviewed)


def test_a_return_to_a_stage_that_has_not_passed_is_refused(cast, reviewed, deed):
    later = reviewed_stage(reviewed, "签发")
    answer = deed(reviewed, cast.head, "return", to=later, reason="请改")
    assert answer.status_code == 422


def reviewed_stage(document, name: str) -> int:
    return decide.run_of(document).version.stages.get(name=name).pk


@pytest.mark.parametrize(("policy", "says"), [("steps", "逐级重新办理。"), ("straight", "直送您。")])
def test_where_the_stage_has_settled_the_way_back_it_is_said(cast, route, submitted, look, policy, says):
    route({"person": cast.head, "after_return": policy}, {"person": cast.leader})
    page = look(submitted(), cast.head)
    assert ('name="way"' in page, says in page) == (False, True)


def test_files_come_with_an_opinion_and_only_insiders_fetch_them(cast, reviewed, deed, client):
    deed(reviewed, cast.head, "agree", opinion="见附件", files=[upload(), upload("数据.pdf")])
    kept = list(OpinionFile.objects.order_by("id"))
    assert [one.stored.name for one in kept] == ["意见.pdf", "数据.pdf"]
    address, given = reverse("documents:opinion_file", args=[reviewed.pk, kept[0].pk]), {}
    for who in ("drafter", "countersigner", "stranger"):
        client.force_login(getattr(cast, who))
        answer = client.get(address)
        given[who] = answer.status_code
        if answer.streaming:
            assert b"".join(answer.streaming_content) == PDF
    assert given == {"drafter": 200, "countersigner": 200, "stranger": 404}


def test_a_file_that_is_refused_is_named_and_the_opinion_kept(cast, reviewed, deed, step_of, settings):
    answer = deed(reviewed, cast.head, "agree", opinion="见附件", files=[upload(), upload("木马.pdf", b"MZ" * 99)])
    page = answer.content.decode()
    assert (answer.status_code, "木马.pdf" in page, "见附件" in page) == (422, True, True)
    assert (OpinionFile.objects.exists(), step_of(reviewed, cast.head).opinion) == (False, "")
    assert [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()] == []


def test_a_changed_text_is_shown_anew_before_it_is_decided_on(cast, reviewed, client, step_of):
    client.force_login(cast.head)
    address = reverse("documents:decide", args=[reviewed.pk, step_of(reviewed, cast.head).pk])
    answer = client.post(address, {"decision": "agree", "seen": "0" * 64, "opinion": "同意印发"})
    page = answer.content.decode()
    assert (answer.status_code, "请重新阅读" in page, "同意印发" in page) == (422, True, True)
    assert f'name="seen" value="{reviewed.approval_hash()}"' in page


def test_a_step_that_is_gone_is_told_as_too_late(cast, reviewed, client, agree):
    step = agree(reviewed, cast.head)
    client.force_login(cast.head)
    address = reverse("documents:decide", args=[reviewed.pk, step.pk])
    for given in ({"decision": "agree", "seen": reviewed.approval_hash()}, {"decision": "return"}):
        assert client.post(address, given).status_code == 409


def test_another_papers_step_is_no_door_here(cast, reviewed, client, step_of, now):
    from tests.documents.course.test_course import draft

    other = draft(cast, now)
    for who, status in ((cast.stranger, 404), (cast.countersigner, 404), (cast.drafter, 404)):
        client.force_login(who)
        address = reverse("documents:decide", args=[other.pk, step_of(reviewed, cast.head).pk])
        assert client.post(address, {"decision": "agree"}).status_code == status


# --- bringing others in --------------------------------------------------------------------------------------------


def test_a_transfer_makes_it_anothers(cast, reviewed, deed, step_of, sound):
    deed(reviewed, cast.head, "transfer", people=[cast.reader.pk], reason="出差")
    assert step_of(reviewed, cast.reader).origin == "transferred"
    assert sound(reviewed)


def test_signers_are_asked_in_the_order_ticked_and_taken_off_again(cast, reviewed, deed, look, step_of, sound):
    people = [cast.vetter.pk, cast.reader.pk]
    deed(reviewed, cast.head, "add", people=people, place="before")
    assert step_of(reviewed, cast.vetter)
    assert step_of(reviewed, cast.reader, "waiting")
    page = look(reviewed, cast.head)
    assert re.search(r"核稿员vetter（加签）、\s*文书reader（加签）", page)
    assert "减签" in page
    assert deed(reviewed, cast.head, "agree", state="waiting").status_code == 409
    removed = step_of(reviewed, cast.vetter)
    deed(reviewed, cast.head, "remove", state="waiting", signer=removed.pk, reason="不必了")
    assert step_of(reviewed, cast.reader)
    assert sound(reviewed)


def test_who_agreed_just_now_is_too_late_to_be_taken_off(cast, reviewed, deed, step_of, sound):
    deed(reviewed, cast.head, "add", people=[cast.vetter.pk, cast.reader.pk], place="before")
    signer = step_of(reviewed, cast.vetter)
    deed(reviewed, cast.vetter, "agree")
    answer = deed(reviewed, cast.head, "remove", state="waiting", signer=signer.pk, reason="不必了")
    page = answer.content.decode()
    assert (answer.status_code, "已有人先办理" in page, cast.vetter.name in page) == (409, True, True)
    elsewhere = deed(reviewed, cast.head, "remove", state="waiting", signer=signer.pk + 999, reason="不必了")
    assert (elsewhere.status_code, "请从列表中选择人员。" in elsewhere.content.decode()) == (422, True)
    assert sound(reviewed)


LONG = [
    ("agree", "opinion", "我的意见", 2000),
    ("transfer", "reason", "理由", 500),
    ("return", "reason", "退回理由", 500),
]


@pytest.mark.parametrize(("name", "field", "label", "most"), LONG)
def test_what_is_too_long_is_told_in_office_words_and_stays_typed(cast, reviewed, deed, name, field, label, most):
    answer = deed(reviewed, cast.head, name, **{field: "长" * (most + 1)})
    page = answer.content.decode()
    assert (answer.status_code, f"{label}不能超过 {most} 字，现有 {most + 1} 字。" in page) == (422, True)
    assert "长" * (most + 1) in page


@pytest.mark.parametrize("given", [{"to": "999999"}, {"way": "x"}])
def test_what_was_not_offered_is_told_in_office_words(cast, reviewed, deed, given):
    answer = deed(reviewed, cast.head, "return", **{"reason": "改", **given})
    assert (answer.status_code, "请从列表中选择。" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("odd", ["999999", "x", "\x00"])
def test_nobody_unknown_is_given_anything(cast, reviewed, deed, odd):
    answer = deed(reviewed, cast.head, "add", people=[cast.vetter.pk, odd], place="before")
    assert (answer.status_code, "请从列表中选择人员。" in answer.content.decode()) == (422, True)


def test_a_person_asked_already_is_refused_by_name(cast, reviewed, deed):
    answer = deed(reviewed, cast.head, "add", people=[cast.head.pk], place="after")
    page = answer.content.decode()
    assert (answer.status_code, "已在本环节办理之列" in page, "data-again" in page) == (422, True, True)
    assert f'id="add-{cast.head.pk}" name="people" value="{cast.head.pk}" checked' in page


def test_an_assistant_answers_and_it_comes_back(cast, reviewed, deed, client, look, step_of, sound):
    deed(reviewed, cast.head, "assist", people=[cast.vetter.pk], question="数据对吗？")
    assert "已委派核稿员vetter" in look(reviewed, cast.head)
    page = look(reviewed, cast.vetter)
    assert "科长head请您提出意见" in page
    assert "数据对吗？" in page
    advice, given = Advice.objects.get(), {"seen": reviewed.approval_hash(), "text": ""}
    address = reverse("documents:answer", args=[reviewed.pk, advice.pk])
    assert client.post(address, given).status_code == 422
    assert client.post(address, {**given, "text": "数据准确。"}).status_code == 302
    assert client.post(address, {**given, "text": "再说一次"}).status_code == 409
    assert step_of(reviewed, cast.head)
    assert sound(reviewed)
    assert "数据准确。" in look(reviewed, cast.drafter)


def test_an_answer_on_a_changed_text_is_kept_and_asked_again(cast, reviewed, deed, client):
    deed(reviewed, cast.head, "consult", people=[cast.vetter.pk, cast.reader.pk], question="可行吗？")
    client.force_login(cast.vetter)
    address = reverse("documents:answer", args=[reviewed.pk, Advice.objects.get(adviser=cast.vetter).pk])
    answer = client.post(address, {"seen": "0" * 64, "text": "可行。"})
    assert (answer.status_code, "可行。" in answer.content.decode()) == (422, True)
    client.force_login(cast.stranger)
    assert client.post(address, {"seen": "", "text": "我也说"}).status_code == 404


def test_what_was_asked_can_be_taken_back_by_who_asked(cast, reviewed, deed, client, step_of, sound):
    deed(reviewed, cast.head, "assist", people=[cast.vetter.pk])
    address = reverse("documents:recall", args=[reviewed.pk, Advice.objects.get().pk])
    for who, status in (("vetter", 404), ("stranger", 404), ("head", 302), ("head", 409)):
        client.force_login(getattr(cast, who))
        assert client.post(address).status_code == status, who
    assert step_of(reviewed, cast.head)
    assert sound(reviewed)


def test_people_are_found_by_name_and_stay_in_the_order_ticked(cast, client):
    client.force_login(cast.head)
    given = {"picker": "add", "person": "drafter", "people": [cast.vetter.pk, cast.reader.pk]}
    page = client.get(reverse("documents:people"), given).content.decode()
    assert re.findall(r'value="(\d+)"', page) == [str(one.pk) for one in (cast.vetter, cast.reader, cast.drafter)]
    assert "找到 1 人，已选 2 人。" in page


# --- four eyes -------------------------------------------------------------------------------------------------------


@pytest.fixture
def by_one(cast, route, submitted, now):
    """A paper that the leader has vetted and is to sign as well."""
    route(
        {"person": cast.leader, "verb": "vet", "merges": False},
        {"person": cast.leader, "verb": "sign_off", "merges": False},
    )
    document = submitted()
    points = dict.fromkeys(("reason", "content", "consultation", "form", "other"), True)
    step = Step.objects.get(state="open")
    decide.agree(step, by=cast.leader, now=now, seen=document.approval_hash(), extra=points)
    return document


def test_one_person_for_two_duties_gives_a_reason_which_is_kept(cast, by_one, deed, look):
    assert "核稿人与签发人为同一人" in look(by_one, cast.leader)
    given = {"disclosure_confirmed": "on", "opinion": "同意印发。"}
    refused = deed(by_one, cast.leader, "agree", **given)
    assert (refused.status_code, "请写明理由" in refused.content.decode()) == (422, True)
    assert "同意印发。" in refused.content.decode()
    deed(by_one, cast.leader, "agree", bypass_reason="值班只有一人", **given)
    assert Bypass.objects.get().reason == "值班只有一人"


def test_where_it_is_forbidden_there_is_no_button(cast, by_one, look, settings):
    settings.FOUR_EYES = "block"
    page = look(by_one, cast.leader)
    assert ('value="agree"' in page, "须由他人办理" in page) == (False, True)


# --- taking back, and what has been seen -----------------------------------------------------------------------------


def test_a_decision_is_taken_back_until_the_next_has_opened_it(cast, reviewed, deed, client, look, step_of, sound):
    deed(reviewed, cast.head, "agree")
    decided = Step.objects.get(approver=cast.head)
    address = reverse("documents:have_back", args=[reviewed.pk, decided.pk])
    client.force_login(cast.countersigner)
    assert client.post(address).status_code == 404
    assert "可以拿回" in look(reviewed, cast.head)
    assert client.post(address).status_code == 302
    assert step_of(reviewed, cast.head)
    assert sound(reviewed)
    deed(reviewed, cast.head, "agree")
    look(reviewed, cast.countersigner)  # by whatever way the page is opened
    assert WorkItem.objects.get(assignee=cast.countersigner, done_at=None).seen_at is not None
    assert 'id="take-back"' not in look(reviewed, cast.head)
    again = Step.objects.get(approver=cast.head, state="agreed")
    assert client.post(reverse("documents:have_back", args=[reviewed.pk, again.pk])).status_code == 409


def test_an_open_step_costs_the_same_questions_however_many_sign_beside_it(
    cast, route, submitted, client, now, django_assert_max_num_queries, monkeypatch
):
    from documents import sheets

    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))
    route({"person": cast.head, "permits": EVERYTHING}, {"person": cast.leader})
    asked = []
    for count in (1, 4):
        document = submitted()
        people = [person(f"signer{count}{n}", cast.section, "科员", False, []) for n in range(count)]
        step = Step.objects.get(run__subject_id=document.pk, approver=cast.head, state="open")
        hand_on.add_signers(step, people, before=False, by=cast.head, now=now, seen=document.approval_hash())
        client.force_login(cast.head)
        address = reverse("documents:detail", args=[document.pk])
        client.get(address)
        with django_assert_max_num_queries(60) as counted:
            client.get(address)
        asked.append(len(counted.captured_queries))
    assert asked[0] == asked[1]
