"""修改文稿: changing a paper in approval at a stage that permits it, and what that asks anew."""

import pytest
from django.urls import reverse

from documents import drafting
from documents.models import Document
from officehub.approvals import halt
from officehub.approvals.models import Permit, Step
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from officehub.moves import events_of
from tests.cast import NOTICE


@pytest.fixture
def vetting(cast, route, submitted, agree, monkeypatch):
    """A paper the head and the bureau agreed to; the vetter may change it, and what the bureau said holds even so."""
    monkeypatch.setattr(drafting, "layout_faults", lambda document, today: [])
    route(
        {"person": cast.head, "name": "审核"},
        {"person": cast.countersigner, "name": "会签", "if_changed": "keep"},
        {"person": cast.vetter, "name": "初核", "permits": [Permit.EDIT, Permit.RETURN]},
        {
            "person": cast.reader,
            "name": "合法性审核",
            "verb": "legality",
            "merges": False,
            "condition": [{"fact": "normative", "is": True}],
        },
        {"person": cast.leader, "name": "签发"},
    )
    document = submitted()
    agree(document, cast.head)
    agree(document, cast.countersigner)
    return document


@pytest.fixture
def edit(client):
    """Somebody sends the edit page of a paper, as it stands but for some fields."""

    def sent(document, who, **changes):
        document.refresh_from_db()
        client.force_login(who)
        given = {**NOTICE, "revision": document.revision, "issuers": "", **changes}
        return client.post(reverse("documents:edit", args=[document.pk]), given)

    return sent


def amendments(document) -> list:
    return list(events_of(document).filter(verb="amend").order_by("seq"))


def test_a_change_asks_anew_exactly_those_whose_stage_wants_it(cast, vetting, edit, client, look, sound, agree):
    before = vetting.content_hash()
    answer = edit(vetting, cast.vetter, body=NOTICE["body"] + "\n三、落实责任\n各单位应当明确责任人。")
    assert answer.status_code == 302
    assert "已改动：审核将重新办理。" in client.get(answer["Location"]).content.decode()
    vetting.refresh_from_db()
    [event] = amendments(vetting)
    assert (event.facts["old_hash"], event.facts["content_hash"]) == (before, vetting.content_hash())
    assert event.facts["reopened"] == ["审核"]
    assert sound(vetting)
    assert list(broken()) == []
    agree(vetting, cast.vetter)
    assert WorkItem.objects.get(done_at=None).assignee == cast.head
    page = look(vetting, cast.drafter)
    assert "已重新办理" in page
    assert 'class="done fallen"' in page
    assert "修改文稿" in page


def test_an_empty_save_changes_nothing(cast, vetting, edit, client):
    beat = Step.objects.get(state="open").run.beat
    answer = edit(vetting, cast.vetter)
    assert "没有改动。" in client.get(answer["Location"]).content.decode()
    assert (amendments(vetting), Step.objects.get(state="open").run.beat) == ([], beat)


def test_an_office_fact_brings_in_the_stages_it_applies_to(cast, vetting, edit, agree, sound):
    edit(vetting, cast.vetter, normative="on")
    vetting.refresh_from_db()
    assert vetting.normative
    assert amendments(vetting)[0].facts["facts"] == {"normative": [False, True]}
    assert sound(vetting)
    agree(vetting, cast.vetter)
    agree(vetting, cast.head)  # who must agree is part of what was agreed to
    assert WorkItem.objects.get(done_at=None).assignee == cast.reader


def test_whose_turn_it_never_was_finds_no_such_page_and_the_others_come_too_late(cast, vetting, edit, client):
    for who, status in ((cast.drafter, 409), (cast.head, 409), (cast.leader, 404), (cast.stranger, 404)):
        assert edit(vetting, who, body="改了。").status_code == status
        assert client.get(reverse("documents:edit", args=[vetting.pk])).status_code == status
        assert client.post(reverse("documents:check", args=[vetting.pk]), NOTICE).status_code == status
    assert amendments(vetting) == []


@pytest.mark.parametrize("meanwhile", ["agreed", "suspended", "terminated"])
def test_who_was_writing_when_it_was_settled_learns_who_was_first(cast, vetting, edit, agree, client, now, meanwhile):
    match meanwhile:
        case "agreed":
            agree(vetting, cast.vetter)
        case "suspended":
            halt.suspend(vetting, by=cast.leader, now=now, reason="待核")
        case "terminated":
            halt.terminate(vetting, by=cast.leader, now=now, reason="不办了")
    answer = edit(vetting, cast.vetter, body="来不及的改动。")
    assert (answer.status_code, "已有人先办理" in answer.content.decode()) == (409, True)
    check = reverse("documents:check", args=[vetting.pk])
    assert client.post(check, NOTICE).status_code == 409
    client.force_login(cast.stranger)
    assert client.post(check, NOTICE).status_code == 404


def test_the_amender_types_with_the_rules_beside_and_leaves_attachments_alone(cast, vetting, client):
    client.force_login(cast.vetter)
    page = client.get(reverse("documents:edit", args=[vetting.pk])).content.decode()
    assert ("保存改动" in page, 'id="attachments"' in page, "保存并提交" in page) == (True, False, False)
    assert client.post(reverse("documents:attach", args=[vetting.pk]), {"title": "表"}).status_code == 404
    assert WorkItem.objects.get(assignee=cast.vetter).seen_at


def test_what_was_changed_meanwhile_is_not_overwritten(cast, vetting, edit):
    revision = vetting.revision
    edit(vetting, cast.vetter, body="第一次改动。")
    assert edit(vetting, cast.vetter, body="旧页面上的改动。", revision=revision).status_code == 409
    assert "第一次改动" in Document.objects.get().content["body"]


def test_what_breaks_a_rule_is_not_kept(cast, vetting, edit):
    answer = edit(vetting, cast.vetter, title="关于供暖的通知。", disclosure="")
    assert (answer.status_code, "没有办成" in answer.content.decode()) == (422, True)
    assert amendments(vetting) == []


def test_a_request_does_not_become_downward_on_its_way(cast, vetting, edit):
    answer = edit(vetting, cast.vetter, kind="请示", direction="downward", title="关于供暖的请示")
    page = answer.content.decode()
    assert (answer.status_code, "请改选上行文或按文种" in page, 'value="关于供暖的请示"' in page) == (422, True, True)
    assert amendments(vetting) == []


def test_the_detail_page_leads_there(cast, vetting, look):
    address = reverse("documents:edit", args=[vetting.pk])
    assert address in look(vetting, cast.vetter)
    assert address not in look(vetting, cast.drafter)


def test_a_change_that_sets_a_rule_aside_is_the_drafters_to_explain(cast, vetting, edit):
    answer = edit(vetting, cast.vetter, kind="报告", title="海青市人民政府办公室关于供暖的报告", body="妥否，请批示。")
    assert answer.status_code == 422
    assert "确需如此的，请退回拟稿人，由其说明理由后重新提交。" in answer.content.decode()
