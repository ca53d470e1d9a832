"""The language of conditions is closed: whatever is not a clause over a known fact is refused, by its place."""

import pytest
from django.core.exceptions import ValidationError

from documents.models import Document
from officehub.approvals.conditions import holds, validate_condition

FACTS = {"kind": "请示", "important": True, "urgency": "", "direction": "upward"}


@pytest.mark.parametrize(
    "condition",
    [
        [],
        [{"fact": "kind", "in": ["请示", "报告"]}],
        [{"fact": "important", "is": True}, {"fact": "urgency", "is": ""}],
        [{"fact": "kind", "in": []}],
    ],
)
def test_clauses_over_known_facts_are_accepted(condition):
    assert validate_condition(condition, Document, "condition") is None


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({}, "应是一个列表"),
        (None, "应是一个列表"),
        ("kind == '请示'", "应是一个列表"),
        ([{"fact": "kind", "in": ["请示"]}, "x"], "第 2 条"),
        ([{"fact": "kind"}], "第 1 条"),
        ([{"in": ["请示"]}], "第 1 条"),
        ([{"fact": "kind", "in": ["请示"], "is": "请示"}], "第 1 条"),
        ([{"fact": "kind", "matches": ".*"}], "第 1 条"),
        ([{"fact": "salary", "is": 1}], "没有“salary”，可用：kind"),
        ([{"fact": ["kind"], "is": 1}], "第 1 条"),
        ([{"fact": "kind", "in": "请示"}], "in 后面应是列表"),
        ([{"fact": "kind", "is": ["请示"]}], "几个值请用 in"),
        ([{"fact": "__class__", "is": 1}], "没有“__class__”"),
    ],
)
def test_anything_else_is_refused_by_its_place(condition, says):
    with pytest.raises(ValidationError) as refused:
        validate_condition(condition, Document, "condition")
    assert says in refused.value.message_dict["condition"][0]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ([], True),
        ([{"fact": "kind", "in": ["请示", "报告"]}], True),
        ([{"fact": "kind", "in": ["通知"]}], False),
        ([{"fact": "kind", "in": []}], False),
        ([{"fact": "important", "is": True}, {"fact": "urgency", "is": ""}], True),
        ([{"fact": "important", "is": True}, {"fact": "urgency", "is": "特急"}], False),
    ],
)
def test_every_clause_must_hold(condition, expected):
    assert holds(condition, FACTS) is expected
