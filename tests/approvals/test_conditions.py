"""The language of conditions is closed: whatever is not a clause over a fact it knows is refused, by its place."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Document
from officehub.approvals.conditions import ALLOWED, SEVERAL, Fact, Type, holds, validate_condition, words

FACTS = {
    "kind": "请示",
    "important": True,
    "urgency": "",
    "direction": "upward",
    "amount": Decimal("500.1"),
    "normative": False,
    "issuers": ["海青市财政局", "海青市民政局"],
    "drafting_department": "秘书科",
}
LETTER = {"fact": "kind", "is": "函"}


class Loan:
    """A subject of another room, whose facts no module here has heard of."""

    APPROVAL_FACTS = {"sum": Fact("借款", Type.NUMBER, unit="元"), "urgent": Fact("急用", Type.FLAG)}


def refusal(condition, model=Document) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        validate_condition(condition, model, "condition")
    return refused.value.message_dict["condition"]


@pytest.mark.parametrize(
    "condition",
    [
        [],
        [{"fact": "kind", "in": ["请示", "报告"]}],
        [{"fact": "important", "is": True}, {"fact": "urgency", "is": ""}],
        [{"fact": "kind", "not": "函"}, {"fact": "urgency", "not_in": ["特急", ""]}],
        [{"fact": "amount", "at_least": 500}, {"fact": "amount", "at_most": 999.5}],
        [{"fact": "issuers", "has": "海青市财政局"}],
        [{"any": [{"fact": "direction", "is": "upward"}, {"fact": "important", "is": True}]}],
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
        ([{"fact": "kind"}], "第 1 条：应写成一项事实"),
        ([{"in": ["请示"]}], "第 1 条：应写成一项事实"),
        ([{"fact": "kind", "in": ["请示"], "is": "请示"}], "第 1 条：应写成一项事实"),
        ([{"fact": "kind", "matches": ".*"}], "“文种”（文字）只能比较：为、不是、为其中之一、不是其中任何一个"),
        ([{"fact": "salary", "is": 1}], "没有“salary”，可用：kind"),
        ([{"fact": ["kind"], "is": 1}], "第 1 条：没有"),
        ([{"fact": "__class__", "is": 1}], "没有“__class__”"),
        ([{"fact": "kind", "in": "请示"}], "“文种”的几个值应是一个列表"),
        ([{"fact": "kind", "in": []}], "至少写一个值，如决议"),
        ([{"fact": "kind", "is": ["请示"]}], "几个值请用“为其中之一”"),
        ([{"fact": "kind", "is": "请柬"}], "“文种”没有“请柬”，可用：决议、"),
        ([{"fact": "direction", "in": ["upward", "up"]}], "没有“up”，可用：上行文、下行文、平行文、公开发布"),
        ([{"fact": "kind", "is": True}], "“文种”没有“True”"),
        ([{"fact": "kind", "at_least": 3}], "“文种”（文字）只能比较"),
        ([{"fact": "important", "is": "yes"}], "“重要公文”的值写“是”或“否”"),
        ([{"fact": "important", "is": 1}], "“重要公文”的值写“是”或“否”"),
        ([{"fact": "important", "in": [True]}], "“重要公文”（是或否）只能比较：为、不是"),
        ([{"fact": "amount", "at_least": "500"}], "“金额”的值写一个数，如 500（单位：万元）"),
        ([{"fact": "amount", "at_least": True}], "“金额”的值写一个数"),
        ([{"fact": "amount", "at_least": None}], "“金额”的值写一个数"),
        ([{"fact": "amount", "at_least": float("nan")}], "“金额”的值写一个数"),
        ([{"fact": "amount", "at_least": 10**400}], "“金额”的值写一个数"),
        ([{"fact": "amount", "has": 1}], "“金额”（数）只能比较：为、不是、不低于、不高于"),
        ([{"fact": "issuers", "is": "海青市财政局"}], "“发文机关”（几个值）只能比较：含有"),
        ([{"fact": "issuers", "has": ["海青市财政局"]}], "这里只写一个值"),
        ([{"fact": "drafting_department", "is": ""}], "应是一行文字"),
        ([{"fact": "drafting_department", "is": " 秘书科"}], "应是一行文字"),
        ([{"fact": "drafting_department", "is": "秘书\x00科"}], "应是一行文字"),
        ([{"any": []}], "any 后面应是至少两条的列表"),
        ([{"any": {"fact": "kind", "is": "函"}}], "any 后面应是至少两条的列表"),
        ([{"any": [{"fact": "important", "is": True}]}], "any 后面应是至少两条的列表"),
        ([{"any": [{"fact": "important", "is": True}, {"any": []}]}], "第 1 条：应写成一项事实"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_its_place(condition, says):
    assert says in refusal(condition)[0]


def test_every_wrong_clause_is_named():
    wrong = [{"fact": "kind", "is": "请柬"}, {"fact": "kind", "is": "函"}, {"fact": "amount", "is": "多"}]
    assert [said.partition("：")[0] for said in refusal(wrong)] == ["第 1 条", "第 3 条"]


def test_a_subject_of_another_room_has_its_own_facts():
    assert validate_condition([{"fact": "sum", "at_least": 1}], Loan, "condition") is None
    assert refusal([{"fact": "kind", "is": "函"}], Loan) == ["第 1 条：没有“kind”，可用：sum、urgent。"]
    assert words([{"fact": "sum", "at_most": 20000}, {"fact": "urgent", "not": True}], Loan) == (
        "借款不高于 20000 元，且急用为否"
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ([], True),
        ([{"fact": "kind", "in": ["请示", "报告"]}], True),
        ([{"fact": "kind", "in": ["通知"]}], False),
        ([{"fact": "kind", "not": "通知"}], True),
        ([{"fact": "kind", "not": "请示"}], False),
        ([{"fact": "kind", "not_in": ["通知", "函"]}], True),
        ([{"fact": "kind", "not_in": ["通知", "请示"]}], False),
        ([{"fact": "important", "is": True}, {"fact": "urgency", "is": ""}], True),
        ([{"fact": "important", "is": True}, {"fact": "urgency", "is": "特急"}], False),
        ([{"fact": "normative", "not": True}], True),
        ([{"fact": "amount", "at_least": 500.1}, {"fact": "amount", "at_most": 500.1}], True),
        ([{"fact": "amount", "is": 500.1}], True),
        ([{"fact": "amount", "not": 500.1}], False),
        ([{"fact": "amount", "at_least": 501}], False),
        ([{"fact": "amount", "at_most": 500}], False),
        ([{"fact": "issuers", "has": "海青市民政局"}], True),
        ([{"fact": "issuers", "has": "民政局"}], False),
        ([{"any": [{"fact": "kind", "is": "函"}, {"fact": "direction", "is": "upward"}]}], True),
        ([{"any": [{"fact": "kind", "is": "函"}, {"fact": "normative", "is": True}]}], False),
        ([{"any": [{"fact": "kind", "is": "请示"}, LETTER]}, LETTER], False),
    ],
)  # fmt: skip
def test_every_clause_must_hold_and_of_a_group_one(condition, expected):
    assert holds(condition, FACTS) is expected


@pytest.mark.parametrize("operator", ["at_least", "at_most", "is"])
def test_an_amount_that_is_not_given_satisfies_no_number(operator):
    assert holds([{"fact": "amount", operator: 0}], {"amount": None}) is False
    assert holds([{"fact": "amount", "not": 0}], {"amount": None}) is True


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ([], "总是"),
        (
            [{"fact": "kind", "in": ["请示", "报告"]}, {"fact": "amount", "at_least": 500}],
            "文种为请示、报告，且金额不低于 500 万元",
        ),
        ([{"fact": "amount", "at_most": 1200.50}], "金额不高于 1200.5 万元"),
        ([{"fact": "amount", "is": 1e10}], "金额为 10000000000 万元"),
        ([{"fact": "needs_principal", "is": False}], "无须主要负责人签发"),
        ([{"fact": "normative", "not": False}], "是规范性文件"),
        ([{"fact": "urgency", "not": ""}, {"fact": "issuers", "has": "财政局"}], "紧急程度不是无，且发文机关含财政局"),
        (
            [{"any": [{"fact": "direction", "is": "upward"}, {"fact": "important", "is": True}]}],
            "行文方向为上行文，或是重要公文",
        ),
        (
            [
                {"any": [{"fact": "direction", "is": "upward"}, {"fact": "important", "is": True}]},
                {"fact": "kind", "not_in": ["函", "纪要"]},
            ],
            "（行文方向为上行文，或是重要公文），且文种不是函、纪要",
        ),
        ([{"fact": "salary", "is": "多"}], "“salary”（已无此项）为多"),
    ],
)
def test_a_condition_is_said_in_words(condition, said):
    assert words(condition, Document) == said


# --- made-up conditions -------------------------------------------------------------------------------------------

LINES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12)
NUMBERS = st.integers(-(10**12), 10**12) | st.decimals(0, 10**9, places=2).map(float)


def values_of(fact: Fact) -> st.SearchStrategy:
    if fact.type == Type.FLAG:
        return st.booleans()
    if fact.type == Type.NUMBER:
        return NUMBERS
    return st.sampled_from([value for value, _words in fact.choices]) if fact.choices else LINES


def clauses_over(name: str, fact: Fact, operator: str) -> st.SearchStrategy:
    value = values_of(fact)
    several = st.lists(value, min_size=1, max_size=4)
    return (several if operator in SEVERAL else value).map(lambda chosen: {"fact": name, operator: chosen})


CLAUSES = st.one_of(
    clauses_over(name, fact, operator)
    for name, fact in Document.APPROVAL_FACTS.items()
    for operator in ALLOWED[fact.type]
)
CONDITIONS = st.lists(CLAUSES | st.lists(CLAUSES, min_size=2, max_size=3).map(lambda some: {"any": some}), max_size=4)
SUBJECTS = st.fixed_dictionaries(
    {
        name: st.lists(LINES) if fact.type == Type.LIST else values_of(fact)
        for name, fact in Document.APPROVAL_FACTS.items()
        if name != "amount"
    }
    | {"amount": st.none() | st.decimals(0, 10**9, places=4)}
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["fact", "is", "in", "any", "at_least", "has", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(CONDITIONS, SUBJECTS)
def test_whatever_is_accepted_can_be_judged_and_said(condition, facts):
    validate_condition(condition, Document, "condition")
    assert holds(condition, facts) in (True, False)
    assert words(condition, Document)


@given(CLAUSES, SUBJECTS)
def test_a_comparison_and_its_opposite_never_agree(clause, facts):
    opposite = {"is": "not", "not": "is", "in": "not_in", "not_in": "in"}
    operator = next(key for key in clause if key != "fact")
    if operator in opposite:
        other = {"fact": clause["fact"], opposite[operator]: clause[operator]}
        assert holds([clause], facts) is not holds([other], facts)


@given(CONDITIONS, CONDITIONS, SUBJECTS)
def test_a_longer_condition_holds_for_no_more_subjects(one, more, facts):
    assert holds([*one, *more], facts) is (holds(one, facts) and holds(more, facts))


@given(JSON)
def test_whatever_is_sent_is_accepted_or_refused_with_a_sentence(sent):
    said = refused(sent)
    assert all(sentence.endswith("。") for sentence in said) if said else words(sent, Document)


def refused(sent) -> list[str]:
    try:
        validate_condition(sent, Document, "condition")
    except ValidationError as error:
        return error.message_dict["condition"]
    return []
