"""The submit page: whom the drafter chooses, and what is said beforehand of who will get the paper and by when."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from documents import drafting
from documents.models import Document
from documents.outlook import outlook
from officehub.approvals import decide
from officehub.approvals.asked import Choice
from officehub.approvals.models import Run, Step
from officehub.people.models import Delegation
from tests.approvals.conftest import agree, open_step, route  # noqa: F401  fixtures
from tests.cast import NOTICE, person


@pytest.fixture
def draft(cast, now):
    return drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)


@pytest.fixture
def chosen_route(cast, route):  # noqa: F811
    """Experts (two or more) and one leader are chosen by the drafter, out of those the route names."""
    version = route(
        {"who": "sender", "mode": "all", "name": "专家审核", "candidates": [cast.vetter, cast.rechecker, cast.clerk]},
        {"who": "sender", "name": "领导审定", "candidates": [cast.leader, cast.leader_in_charge]},
        {"person": cast.mayor, "verb": "sign_off", "name": "签发", "merges": False},
    )
    return version.stages.filter(who="sender").order_by("order")


def door(name, document):
    return reverse(f"documents:{name}", args=[document.pk])


def words(response) -> str:
    return re.sub(r"\s+", "", strip_tags(response.content.decode()))


def submit(client, document, stages, *people):
    given = zip(stages, people, strict=False)
    return client.post(door("submit", document), {f"people_{stage.pk}": chosen for stage, chosen in given})


def test_whoever_the_drafter_chooses_is_asked(cast, client, draft, chosen_route):
    client.force_login(cast.drafter)
    sent = submit(client, draft, chosen_route, [cast.vetter.pk, cast.clerk.pk], [cast.leader.pk])
    assert sent.status_code == 302
    experts, leaders = chosen_route
    assert Run.objects.get().chosen["people"] == {
        str(experts.pk): [cast.vetter.pk, cast.clerk.pk],
        str(leaders.pk): [cast.leader.pk],
    }
    assert set(Step.objects.values_list("approver__username", flat=True)) == {"vetter", "clerk"}


def test_who_must_be_chosen_and_is_not_is_named_at_the_field(cast, client, draft, chosen_route):
    client.force_login(cast.drafter)
    refused = submit(client, draft, chosen_route, [cast.vetter.pk])
    assert (refused.status_code, Document.objects.get().state) == (422, "drafting")
    assert refused.context["form"].errors == {f"people_{chosen_route[1].pk}": ["请从候选人中选定“领导审定”的办理人。"]}
    assert "checked" in refused.content.decode()


@pytest.mark.parametrize("odd", ["stranger", "x", "9" * 30, "-1"])
def test_nobody_else_may_be_chosen(cast, client, draft, chosen_route, odd):
    client.force_login(cast.drafter)
    odd = cast.stranger.pk if odd == "stranger" else odd
    refused = submit(client, draft, chosen_route, [odd], [odd])
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {f"people_{stage.pk}" for stage in chosen_route}
    assert not Run.objects.exists()


def test_where_the_route_names_no_candidate_it_is_said_who_mends_it(cast, client, draft, route):  # noqa: F811
    route({"who": "sender", "name": "专家审核"})
    client.force_login(cast.drafter)
    assert "没有可选的候选人，请系统管理员在“审批流程”中补充。" in words(client.get(door("submit", draft)))


def test_who_was_chosen_last_time_is_ticked_again(cast, client, draft, chosen_route, now):
    client.force_login(cast.drafter)
    submit(client, draft, chosen_route, [cast.vetter.pk, cast.clerk.pk], [cast.leader.pk])
    decide.return_(open_step(draft, cast.clerk), by=cast.clerk, now=now, seen=draft.approval_hash(), reason="改")
    page = client.get(door("submit", draft)).content.decode()
    ticked = re.findall(r'name="people_\d+" value="(\d+)"[^>]*checked', page)
    assert sorted(map(int, ticked)) == sorted([cast.vetter.pk, cast.clerk.pk, cast.leader.pk])


def test_the_plan_follows_what_is_ticked(cast, client, draft, chosen_route):
    client.force_login(cast.drafter)
    experts, leaders = chosen_route
    unready = words(client.get(door("simulate", draft)))
    assert "“专家审核”：请从候选人中选定办理人" in unready
    ticked = {f"people_{experts.pk}": [cast.vetter.pk, cast.clerk.pk], f"people_{leaders.pk}": cast.leader.pk}
    ready = words(client.get(door("simulate", draft), ticked))
    assert "专家审核会签最迟" in ready
    assert ready.index("核稿员vetter") < ready.index("主任leader") < ready.index("市长mayor")


def test_the_plan_says_who_acts_who_signs_once_and_what_is_left_out(cast, client, draft, route, now):  # noqa: F811
    Delegation.objects.create(
        principal=cast.head, delegate=cast.clerk, since=now.date(), until=now.date() + timedelta(days=9)
    )
    heads = {"who": "chosen_heads", "verb": "countersign", "mode": "all", "silence_consents": True, "limit_value": 7}
    route(
        {"person": cast.head, "name": "部门审核"},
        {"person": cast.head, "name": "部门复审"},
        {**heads, "name": "会签", "branch": "会签"},
        {"person": cast.vetter, "name": "法制审核", "branch": "法制"},
        {"person": cast.mayor, "name": "市长审定", "condition": [{"fact": "important", "is": True}]},
        {"person": cast.leader, "name": "审定"},
    )
    seen = outlook(draft, Choice([cast.bureau.pk]), now)
    assert [[[one.sort for one in branch] for branch in row] for row in seen.rows] == [
        [["ask"]], [["merged"]], [["ask"], ["ask"]], [["skipped"]], [["ask"]],
    ]  # fmt: skip
    [countersign, _lawyer] = (branch[0] for branch in seen.rows[2])
    assert (countersign.notes, countersign.places[0].department) == (("逾期未复视为无不同意见",), cast.bureau)
    assert seen.rows[0][0][0].places[0].acting == cast.clerk
    client.force_login(cast.drafter)
    page = words(client.get(door("simulate", draft), {"departments": cast.bureau.pk}))
    for said in ("外出，由收发员clerk代办", "与上一环节同一人，免签", "只用于：是重要公文", "逾期未复视为无不同意见"):
        assert said in page


def returned(cast, now, document, *, straight):
    """Agreed by the head, returned by the vetter."""
    drafting.submit(document, by=cast.drafter, now=now, chosen=[], reasons={})
    seen = document.approval_hash()
    decide.agree(open_step(document, cast.head), by=cast.head, now=now, seen=seen)
    step = open_step(document, cast.vetter)
    decide.return_(step, by=cast.vetter, now=now, seen=seen, reason="补充依据", straight=straight)
    document.refresh_from_db()


def test_after_a_return_it_is_said_what_stands_and_where_it_goes(cast, draft, now):
    returned(cast, now, draft, straight=True)
    unchanged = outlook(draft, Choice(), now)
    assert unchanged.back == "这是退回件：重新提交后直送退回人核稿员vetter（核稿）。"
    assert (unchanged.rows[0][0][0].sort, unchanged.rows[0][0][0].notes) == (
        "stands",
        ("已办，文稿未改，意见继续有效",),
    )
    draft.content = {**draft.content, "body": "另一段话，与前次不同。"}
    changed = outlook(draft, Choice(), now)
    assert changed.back.startswith("退回人要求直送：文稿或所选有变")
    assert changed.rows[0][0][0].notes == ("文稿已改，须重新办理",)


def test_after_a_return_step_by_step_everybody_is_asked_anew(cast, draft, now):
    returned(cast, now, draft, straight=False)
    seen = outlook(draft, Choice(), now)
    assert seen.back == "这是退回件：按流程逐级重新办理。"
    assert (seen.rows[0][0][0].sort, seen.rows[0][0][0].notes) == ("ask", ())


def test_a_draft_that_became_incomplete_after_a_return_is_no_error(cast, client, draft, now):
    returned(cast, now, draft, straight=True)
    Document.objects.filter(pk=draft.pk).update(content={**draft.content, "title": ""})
    client.force_login(cast.drafter)
    assert "文稿还不完整" in words(client.get(door("submit", draft)))


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("override", "核稿人与签发人将是同一人（核稿员vetter），届时办理时须写明理由（拟稿、核稿、签发三分离）。"),
        ("block", "核稿人与签发人将是同一人（核稿员vetter），届时不能由其办理（拟稿、核稿、签发三分离）。"),
        ("off", ""),
    ],
)
def test_hands_that_would_coincide_are_said_before(cast, draft, route, now, settings, policy, said):  # noqa: F811
    settings.FOUR_EYES = policy
    route(
        {"person": cast.vetter, "verb": "vet", "name": "核稿", "merges": False},
        {"person": cast.vetter, "verb": "sign_off", "name": "签发", "merges": False},
    )
    assert list(outlook(draft, Choice(), now).warnings) == ([said] if said else [])


def test_where_several_could_sign_nobody_is_suspected(cast, draft, route, now):  # noqa: F811
    person("second", cast.section, "二核", False, ["vetter"])
    vet = {"who": "role", "role": "vetter", "verb": "vet", "name": "核稿", "merges": False}
    sign = {"person": cast.vetter, "verb": "sign_off", "name": "签发", "merges": False}
    route(vet, sign)
    assert outlook(draft, Choice(), now).warnings == ()
    route({**vet, "mode": "all"}, sign)
    assert len(outlook(draft, Choice(), now).warnings) == 1
