"""The drafter's and the office's panel: who has a paper, chasing, stopping; and the report of bypasses."""

import pytest
from django.urls import reverse

from documents import drafting
from officehub.approvals import decide, halt
from officehub.approvals.models import Bypass, Step
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice
from officehub.people.models import Role, RoleHolding
from tests.cast import NOTICE, person


@pytest.fixture
def director(cast):
    return person("director", cast.vetter.department, "主任乙", False, [Role.OFFICE_DIRECTOR])


@pytest.fixture
def supervisor(cast):
    return person("supervisor", cast.vetter.department, "督查员", False, [Role.SUPERVISOR])


@pytest.fixture
def going(cast, route, submitted):
    route({"person": cast.head, "name": "审核"}, {"person": cast.leader, "name": "签发"})
    return submitted()


@pytest.fixture
def oversee(client, now):
    def done(document, who, name, **given):
        client.force_login(who)
        return client.post(reverse("documents:oversee", args=[document.pk, name]), given)

    return done


def test_the_drafter_sees_who_has_it_and_chases(cast, going, look, oversee):
    page = look(going, cast.drafter)
    assert "正在谁手里" in page
    assert "科长head" in page
    assert "撤回" in page
    assert oversee(going, cast.drafter, "chase").status_code == 302
    assert Notice.objects.get(verb="approval.chased").recipient == cast.head
    again = oversee(going, cast.drafter, "chase")
    assert (again.status_code, "请稍后再催" in again.content.decode()) == (422, True)
    assert "上次催办" in look(going, cast.drafter)


def test_whoever_has_it_has_no_panel(cast, going, look):
    assert 'id="oversight"' not in look(going, cast.head)


def test_a_stranger_and_who_merely_takes_part_find_no_such_door(cast, going, oversee, supervisor):
    for who in (cast.stranger, cast.head, cast.sys_admin):
        for name in ("chase", "suspend", "resume", "terminate"):
            assert oversee(going, who, name, reason="试试").status_code == 404
    assert oversee(going, cast.drafter, "nonsense").status_code == 404


def test_stopping_needs_a_reason_and_shows_in_the_head_and_the_list(cast, going, oversee, look, client, sound):
    refused = oversee(going, cast.drafter, "suspend", reason=" ")
    page = refused.content.decode()
    assert (refused.status_code, "data-again" in page, "须写明理由" in page) == (422, True, True)
    oversee(going, cast.drafter, "suspend", reason="等上级答复")
    assert not WorkItem.objects.filter(done_at=None).exists()
    assert sound(going)
    page = look(going, cast.drafter)
    assert "badge-pressing" in page
    assert "等上级答复" in page
    assert "（已中止）" in page
    assert "badge-pressing" in client.get(reverse("documents:list")).content.decode()
    assert 'id="decision"' not in look(going, cast.head)
    oversee(going, cast.drafter, "resume")
    assert WorkItem.objects.get(done_at=None).assignee == cast.head
    assert sound(going)


def test_a_terminated_paper_goes_no_further_and_says_so(cast, going, oversee, look, client, sound, now):
    RoleHolding.objects.create(person=cast.head, role=Role.OFFICE_DIRECTOR)
    oversee(going, cast.head, "terminate", reason="事项已并入另一件")
    going.refresh_from_db()
    assert going.state == "terminated"
    assert sound(going)
    page = look(going, cast.drafter)
    assert "badge-ended" in page
    assert "事项已并入另一件" in page
    assert 'id="oversight"' not in page
    mine = client.get(reverse("documents:list"), {"tab": "mine", "state": "terminated"}).content.decode()
    assert str(going) in mine
    client.force_login(cast.drafter)
    assert "终止了" in client.get(reverse("notices")).content.decode()
    assert oversee(going, cast.drafter, "resume").status_code == 409


# --- the report of bypasses ------------------------------------------------------------------------------------------


def bypassed(document, cast, now) -> None:
    step = Step.objects.get(run__subject_id=document.pk, state="open")
    decide.circle(step, by=cast.head, now=now, seen=document.approval_hash())
    Bypass.objects.create(
        step=step, by=cast.head, rule="R30", what="拟稿人与签发人为同一人", reason="<b>值班</b>", at=now
    )


def test_the_report_is_for_who_runs_the_office(cast, going, client, now, director, supervisor):
    bypassed(going, cast, now)
    given = {}
    for who in (director, supervisor, cast.leader, cast.mayor, cast.drafter, cast.stranger, cast.sys_admin):
        client.force_login(who)
        answer = client.get(reverse("documents:bypasses"))
        shown = answer.status_code == 200 and "拟稿人与签发人为同一人" in answer.content.decode()
        given[who.username] = (answer.status_code, shown)
    assert given == {
        "director": (200, True), "supervisor": (200, True), "leader": (200, True),
        "mayor": (200, False),  # of another organ
        "drafter": (404, False), "stranger": (404, False), "sys_admin": (404, False),
    }  # fmt: skip


def test_a_paper_one_may_not_see_is_named_and_not_linked(cast, going, client, now, supervisor):
    bypassed(going, cast, now)
    client.force_login(supervisor)
    page = client.get(reverse("documents:bypasses")).content.decode()
    assert str(going) in page
    assert reverse("documents:detail", args=[going.pk]) not in page
    assert "&lt;b&gt;值班" in page


def test_the_report_asks_the_same_for_one_row_and_for_four(
    cast, route, submitted, client, now, director, django_assert_num_queries
):
    route({"person": cast.head}, {"person": cast.leader})
    client.force_login(director)
    for count in (1, 3):
        for _ in range(count):
            bypassed(submitted(), cast, now)
        client.get(reverse("documents:bypasses"))
        with django_assert_num_queries(13):
            page = client.get(reverse("documents:bypasses"))
    assert len(page.context["page"].rows) == 4


def test_the_menu_leads_there_only_who_may_go(cast, client, director):
    shown = {}
    for who in (director, cast.drafter):
        client.force_login(who)
        shown[who.username] = reverse("documents:bypasses") in client.get("/").content.decode()
    assert shown == {"director": True, "drafter": False}


def test_chasing_an_adviser_reaches_the_adviser(cast, route, submitted, now, step_of, oversee):
    from officehub.approvals import hand_on

    route({"person": cast.head}, {"person": cast.leader})
    document = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    submitted(document)
    seen = document.approval_hash()
    hand_on.assist(step_of(document, cast.head), cast.vetter, by=cast.head, now=now, seen=seen)
    oversee(document, cast.drafter, "chase")
    assert Notice.objects.get(verb="approval.chased").recipient == cast.vetter
    assert halt.chases(document, cast.drafter)
