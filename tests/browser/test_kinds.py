"""The editor follows the kind and the direction as they are chosen, and organs are pressed into a joint paper."""

import pytest
from django.urls import reverse
from django.utils import timezone

from documents import drafting
from documents.models import Document
from officehub.people.models import Organ
from tests.cast import NOTICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIELDS = ("layout", "co_issuers", "co_signers", "masthead", "masthead_form", "ending", "stamp_name", "present",
          "primary_recipients")  # fmt: skip


def visible(page) -> set[str]:
    page.locator("#draft details.fold").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
    return {name for name in FIELDS if page.locator(f"#id_{name}").is_visible()}


@pytest.mark.parametrize("phone", [False, True])
def test_a_joint_paper_is_begun_and_its_kind_changed(cast, enter, phone):
    for name in ("海青市财政局", "海青市水利局"):
        Organ.objects.create(name=name, short_name=name[3:], level="city", kind="department", superior=cast.government)
    fields = {**NOTICE, "primary_recipients": ""}
    draft = drafting.create(by=cast.drafter, now=timezone.now(), organ=cast.office, fields=fields)
    page = enter("drafter", phone=phone)
    page.goto(reverse("documents:edit", args=[draft.pk]))
    ordinary = {"layout", "co_issuers", "masthead_form", "ending", "primary_recipients"}
    assert visible(page) == ordinary
    page.select_option("#id_kind", "纪要")
    assert visible(page) == {"masthead", "present"}
    page.select_option("#id_kind", "命令")
    assert visible(page) == {"masthead", "stamp_name"}
    page.select_option("#id_kind", "请示")
    assert visible(page) == ordinary - {"layout"} | {"co_signers"}
    assert page.locator("#id_ending").input_value() == "sealed"
    page.select_option("#id_kind", "意见")
    page.select_option("#id_direction", "upward")
    assert visible(page) == ordinary | {"co_signers"}
    page.select_option("#id_kind", "通知")
    page.select_option("#id_direction", "")
    for name in ("海青市水利局", "海青市财政局", "海青市水利局"):
        page.click(f"#joint .chip:has-text('{name}')")
    assert page.locator("#id_co_issuers").input_value() == "海青市水利局\n海青市财政局"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.get_by_role("button", name="保存草稿").click()
    page.wait_for_selector(".message")
    saved = Document.objects.get(pk=draft.pk).content["issuers"]
    assert saved == [cast.office.name, "海青市水利局", "海青市财政局"]
