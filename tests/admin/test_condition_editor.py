"""The editor of conditions: what rows say is what is kept, a bad row is named, and nothing typed is lost."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from pytest_django.asserts import assertContains, assertNotContains

from documents.models import Document
from officehub.approvals.models import Route
from officehub.web.admin.conditions import BLANKS, ConditionField, Row, condition_of, rows_of
from tests.approvals.test_conditions import CONDITIONS

IMPORTANT = {"fact": "important", "is": True}
UPWARD = {"fact": "direction", "is": "upward"}


@pytest.fixture
def editing(as_, cast):
    """The page of the cast's route, sent with these rows."""
    route = Route.objects.get()
    client, url = as_("sys_admin"), reverse("admin:approvals_route_change", args=[route.pk])
    kind = ContentType.objects.get_for_model(Document).pk

    def send(*rows: Row):
        columns = {f"condition-{part}": [getattr(row, part) for row in rows] for part in Row._fields}
        return client.post(url, {"name": route.name, "subject_type": kind, "priority": 1, "is_active": "on", **columns})

    return send


@pytest.mark.parametrize(
    ("rows", "condition"),
    [
        ([], []),
        ([Row(), Row()], []),
        ([Row("and", "kind", "in", "请示、报告")], [{"fact": "kind", "in": ["请示", "报告"]}]),
        ([Row("and", "kind", "in", " 请示\r\n报告\r\n")], [{"fact": "kind", "in": ["请示", "报告"]}]),
        ([Row("and", "kind", "not_in", "函,纪要；决定")], [{"fact": "kind", "not_in": ["函", "纪要", "决定"]}]),
        ([Row("and", "direction", "is", "上行文")], [UPWARD]),
        ([Row("and", "urgency", "is", "无")], [{"fact": "urgency", "is": ""}]),
        ([Row("and", "important", "is", "否")], [{"fact": "important", "is": False}]),
        ([Row("and", "amount", "at_least", "1,200.5 万元")], [{"fact": "amount", "at_least": 1200.5}]),
        ([Row("and", "amount", "at_most", "５００")], [{"fact": "amount", "at_most": 500}]),
        ([Row("and", "issuers", "has", "海青市财政局")], [{"fact": "issuers", "has": "海青市财政局"}]),
        (
            [Row("and", "drafting_department", "is", "法规、审批科")],
            [{"fact": "drafting_department", "is": "法规、审批科"}],
        ),
        (
            [
                Row("or", "direction", "is", "上行文"),
                Row(),
                Row("or", "important", "is", "是"),
                Row("and", "kind", "not", "函"),
            ],
            [{"any": [UPWARD, IMPORTANT]}, {"fact": "kind", "not": "函"}],
        ),
    ],
)  # fmt: skip
def test_rows_are_read_as_a_condition(rows, condition):
    assert condition_of(rows) == condition


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row("and", "", "is", "请示"), "还没有选事实"),
        (Row("and", "kind", "is", " "), "“文种”还没有写值"),
        (Row("and", "kind", "is", "请柬"), "“文种”没有“请柬”，可用：决议"),
        (Row("and", "kind", "in", "、"), "至少写一个值"),
        (Row("and", "kind", "at_least", "请示"), "“文种”（文字）只能比较：为、不是"),
        (Row("and", "important", "is", "yes"), "写“是”或“否”"),
        (Row("and", "amount", "at_least", "NaN"), "写一个数"),
        (Row("and", "amount", "at_least", "1e999999999"), "写一个数"),
        (Row("and", "drafting_department", "is", "甲\n乙"), "应是一行文字"),
        (Row("and", "drafting_department", "is", "甲\x00"), "应是一行文字"),
        (Row("and", "salary", "is", "1"), "没有“salary”"),
        (Row("and", "kind", "fact", "1"), "应写成"),
        (Row("and", "kind", "", "1"), "只能比较"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do(row, says):
    with pytest.raises(ValidationError) as refused:
        condition_of([Row("and", "kind", "is", "函"), Row(), row])
    assert len(refused.value.messages) == 1
    assert refused.value.messages[0].startswith("第 3 行：")
    assert says in refused.value.messages[0]


@given(CONDITIONS)
def test_every_condition_is_shown_as_rows_that_say_it(condition):
    rows = rows_of(condition)
    sent = QueryDict(mutable=True)
    for row in rows:
        for part in Row._fields:
            sent.appendlist(f"condition-{part}", getattr(row, part).replace("\n", "\r\n"))
    field = ConditionField()
    received = field.widget.value_from_datadict(sent, {}, "condition")
    assert field.clean(received) == condition
    assert field.has_changed(condition, received) is False


def test_what_is_sent_is_kept_and_said(editing):
    sent = editing(Row("and", "direction", "is", "上行文"), Row("or", "important", "is", "是"), Row())
    assert (sent.status_code, Route.objects.get().condition) == (302, [{"any": [UPWARD, IMPORTANT]}])


def test_refused_rows_come_back_as_typed(editing):
    page = editing(Row("and", "kind", "in", "请示、请柬"), Row(), Row("or", "amount", "at_least", "<b>很多"), Row())
    assertContains(page, "第 1 行：“文种”没有“请柬”")
    assertContains(page, "第 3 行：“金额”的值写一个数")
    assertContains(page, "\n请示、请柬</textarea>")
    assertContains(page, "\n&lt;b&gt;很多</textarea>")
    assertContains(page, 'name="condition-fact"', count=3 + BLANKS)
    assert Route.objects.get().condition == []


def test_the_page_says_what_is_kept(editing, as_):
    editing(Row("and", "amount", "at_least", "500"))
    page = as_("sys_admin").get(reverse("admin:approvals_route_change", args=[Route.objects.get().pk]))
    assertContains(page, "即：金额不低于 500 万元")
    assertNotContains(page, "initial-condition")
    assertNotContains(page, "{&quot;fact&quot;")
    assertContains(page, '<option value="at_least" data-types="number" selected>不低于</option>', html=True)


def test_a_page_without_the_rows_leaves_the_condition(as_, cast):
    route = Route.objects.get()
    Route.objects.update(condition=[IMPORTANT])
    kind = ContentType.objects.get_for_model(Document).pk
    sent = {"name": "新名", "subject_type": kind, "priority": 1, "is_active": "on"}
    as_("sys_admin").post(reverse("admin:approvals_route_change", args=[route.pk]), sent)
    route.refresh_from_db()
    assert (route.name, route.condition) == ("新名", [IMPORTANT])


def test_a_condition_in_the_address_is_not_read(as_, cast):
    page = as_("sys_admin").get(reverse("admin:approvals_route_add"), {"condition": "函"})
    assertContains(page, 'name="condition-fact"', count=BLANKS)
