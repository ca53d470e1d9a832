"""Saved lists: one's own and the office's, several at once, and members who left are named and left out."""

import pytest

from documents.sending import lists
from documents.sending.forms import DistributeForm
from documents.sending.whom import Whom
from officehub.approvals.decide import DecisionRefused
from tests.cast import person


@pytest.fixture
def keep(cast, now):
    def kept(name, departments=(), people=(), organ=None, by=None):
        whom = Whom(list(departments), list(people))
        return lists.save(None, name=name, whom=whom, organ=organ, by=by or cast.clerk, now=now)

    return kept


def test_own_lists_are_ones_own_and_shared_ones_the_clerks(cast, keep):
    own, shared = keep("我的", people=[cast.stranger]), keep("市直", departments=[cast.bureau], organ=cast.office)
    other = person("other_clerk", cast.section, "收发员乙", False, ["registry_clerk"])
    assert set(lists.lists_of(cast.clerk)) == {own, shared}
    assert set(lists.lists_of(other)) == {shared}
    assert set(lists.lists_of(cast.drafter)) == set()
    assert set(lists.lists_of(cast.reader)) == set()  # a registry clerk of another organ


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
