"""Saved lists: one's own and the office's, several at once, and members who left are named and left out."""

import pytest
from django.urls import reverse

from documents.sending import lists, scope
from documents.sending.forms import DistributeForm
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from tests.cast import person
from tests.documents.course.test_course import draft


@pytest.fixture
def keep(cast, now):
    def kept(name, departments=(), people=(), organ=None, by=None):
        whom = Whom(list(departments), list(people))
        return lists.save(None, name=name, whom=whom, organ=organ, by=by or cast.clerk, now=now)

    return kept


def test_own_lists_are_ones_own_and_shared_ones_the_clerks_to_keep_and_the_offices_to_use(cast, keep):
    own, shared = keep("我的", people=[cast.stranger]), keep("市直", departments=[cast.bureau], organ=cast.office)
    other = person("other_clerk", cast.section, "收发员乙", False, ["registry_clerk"])
    whole = keep("各县区", people=[cast.vetter], organ=cast.government)  # the office is the government's
    kept, offered = ({who: set(found(who)) for who in (cast.clerk, other, cast.drafter, cast.reader, cast.sys_admin)}
                     for found in (lists.kept_by, lists.offered_to))  # fmt: skip
    assert kept == {
        cast.clerk: {own, shared, whole}, other: {shared, whole}, cast.drafter: set(),
        cast.reader: set(),  # a clerk of the government's bureau; its office work is its office's
        cast.sys_admin: set(),
    }  # fmt: skip
    assert offered == {
        cast.clerk: {own, shared, whole}, other: {shared, whole}, cast.drafter: {shared, whole},
        cast.reader: {whole},
        cast.sys_admin: set(),
    }  # fmt: skip


def test_a_drafter_proposes_by_the_offices_list_and_cannot_change_it(cast, now, keep, client):
    shared = keep("市直", departments=[cast.bureau], organ=cast.office)
    paper = draft(cast, now)
    client.force_login(cast.drafter)
    address = reverse("documents:propose_scope", args=[paper.pk])
    assert "市直" in client.get(address).content.decode()
    client.post(address, {"lists": [shared.pk]})
    assert scope.scope_of(paper).names == ["市财政局"]
    assert client.get(reverse("documents:sending_list", args=[shared.pk])).status_code == 404
    assert client.post(reverse("documents:drop_sending_list", args=[shared.pk])).status_code == 404
    page = client.get(reverse("documents:sending_lists")).content.decode()
    assert ("由收发员维护" in page, "删除" in page) == (True, False)


def test_several_lists_count_everybody_once_and_name_who_left(cast, keep):
    gone = person("gone", cast.other_section, "科员", False, [])
    first = keep("甲", departments=[cast.bureau], people=[cast.stranger, gone])
    second = keep("乙", departments=[cast.bureau, cast.section], people=[cast.stranger])
    gone.is_active = False
    gone.save()
    whom, left = lists.together([first, second])
    assert (whom.names, left) == (["市财政局", "综合科", cast.stranger.name], [gone.name])
    form = DistributeForm(
        {"lists": [str(first.pk), str(second.pk)], "departments": [str(cast.bureau.pk)]}, person=cast.clerk
    )
    assert form.is_valid(), form.errors
    assert (form.whom().names, form.left_out) == (["市财政局", "综合科", cast.stranger.name], [gone.name])


def test_a_list_of_somebody_else_cannot_be_chosen(cast, keep):
    foreign = keep("别人的", people=[cast.stranger], by=cast.rechecker)
    form = DistributeForm({"lists": [str(foreign.pk)]}, person=cast.clerk)
    assert not form.is_valid()


def test_a_name_is_taken_once_and_a_list_is_not_empty(cast, keep):
    keep("甲", people=[cast.stranger])
    with pytest.raises(DecisionRefused, match="已有名为“甲”"):
        keep("甲", people=[cast.vetter])
    with pytest.raises(DecisionRefused, match="请选择"):
        keep("空")
