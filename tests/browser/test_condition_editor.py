"""The editor of conditions in a browser: rows come and go, only fitting comparisons are offered, values are pressed."""

import pytest
from django.urls import reverse

from officehub.approvals.models import Route, RouteVersion, Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def offered(row) -> list[str]:
    """The comparisons one can choose in a row."""
    return row.locator("[data-operator] option:not([hidden])").all_inner_texts()


def test_a_condition_is_put_together_by_choosing_and_pressing(cast, enter):
    route = Route.objects.get()
    page = enter("sys_admin")
    page.goto(reverse("admin:approvals_route_change", args=[route.pk]))
    rows = page.locator("[data-condition] [data-row]")
    assert rows.count() == 1
    rows.nth(0).locator("[data-fact]").select_option("kind")
    rows.nth(0).locator("[data-operator]").select_option("in")
    for kind in ("请示", "报告", "函", "函"):  # pressed again, a value is taken away
        rows.nth(0).locator("[data-offered] button", has_text=kind).click()
    page.locator("[data-add]").click()
    rows.nth(1).locator("[data-fact]").select_option("amount")
    assert offered(rows.nth(1)) == ["为", "不是", "不低于", "不高于"]
    rows.nth(1).locator("[data-operator]").select_option("at_least")
    rows.nth(1).locator("[data-value]").fill("500")
    page.locator("[data-add]").click()
    rows.nth(2).locator("[data-fact]").select_option("normative")
    rows.nth(2).locator("[data-remove]").click()
    page.locator("input[name=_continue]").click()
    assert page.locator(".condition-says").inner_text() == "即：文种为请示、报告，且金额不低于 500 万元"
    route.refresh_from_db()
    assert route.condition == [{"fact": "kind", "in": ["请示", "报告"]}, {"fact": "amount", "at_least": 500}]


def test_a_refused_comparison_stays_until_another_fact_is_chosen(cast, enter):
    page = enter("sys_admin", phone=True)
    page.goto(reverse("admin:approvals_route_change", args=[Route.objects.get().pk]))
    row = page.locator("[data-condition] [data-row]").first
    row.locator("[data-operator]").select_option("at_least")
    row.locator("[data-value]").fill("三")
    page.locator("input[name=_continue]").click()
    assert "第 1 行：写了值，还没有选事实" in page.locator(".errorlist").inner_text()
    assert (row.locator("[data-operator]").input_value(), row.locator("[data-value]").input_value()) == (
        "at_least",
        "三",
    )
    row.locator("[data-fact]").select_option("important")
    assert row.locator("[data-operator]").input_value() == "is"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_stage_just_added_has_its_own_editor(cast, enter):
    version = RouteVersion.objects.create(route=Route.objects.get(), number=2)
    page = enter("sys_admin")
    page.goto(reverse("admin:approvals_routeversion_change", args=[version.pk]))
    page.locator(".add-row a").click()
    stage = page.locator("#stages-0")
    stage.locator("[name=stages-0-order]").fill("1")
    stage.locator("[name=stages-0-name]").fill("合法性审核")
    stage.locator("[name=stages-0-verb]").select_option("review")
    stage.locator("[name=stages-0-who]").select_option("drafting_head")
    stage.locator("[data-add]").click()
    stage.locator("[data-fact]").nth(1).select_option("normative")
    stage.locator("[data-offered] button", has_text="是").click()
    page.locator("input[name=_save]").click()
    page.locator(".messagelist").wait_for()
    assert Stage.objects.get(version=version).condition == [{"fact": "normative", "is": True}]
