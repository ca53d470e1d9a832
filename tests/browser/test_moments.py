"""Moments that matter on the screens of papers: a fix pressed, two at once, the keyboard alone, a return, and axe."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from documents import distribute, drafting, number, seal, signing
from documents.models import Document, Series
from documents.printing import print_rendition
from officehub.approvals import decide
from officehub.approvals.models import Step
from tests.cast import NOTICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def draft(cast, **changes) -> Document:
    return drafting.create(by=cast.drafter, now=timezone.now(), organ=cast.office, fields={**NOTICE, **changes})


def submitted(cast) -> Document:
    document = draft(cast)
    drafting.submit(document, by=cast.drafter, now=timezone.now(), chosen=[], reasons={})
    return document


def agreed(document: Document, person, **extra) -> None:
    step = Step.objects.get(approver=person, state="open")
    decide.agree(step, by=person, now=timezone.now(), seen=document.approval_hash(), extra=extra)
    document.refresh_from_db()


def distributed(cast) -> Document:
    document, now = submitted(cast), timezone.now()
    agreed(document, cast.head)
    agreed(document, cast.vetter, **dict.fromkeys(signing.FIVE_POINTS, True))
    agreed(document, cast.leader_in_charge, disclosure_confirmed=True)
    signing.recheck(document, by=cast.rechecker, now=now)
    number.number(document, series=Series.objects.get(code="海政办发"), by=cast.rechecker, now=now)
    print_rendition(seal.proof_of(document).pk, now)
    seal.apply_seal(document, by=cast.seal_keeper, now=now)
    print_rendition(seal.original_of(document).pk, now)
    sent = distribute.distribute(document, departments=[cast.bureau], people=[], by=cast.clerk, now=now)
    distribute.deliver(sent.pk, now)
    return document


def door(document: Document, name: str = "detail") -> str:
    return reverse(f"documents:{name}", args=[document.pk])


def test_a_fix_pressed_sets_the_field_and_the_fault_is_gone(cast, enter):
    document = draft(cast, title=f"{NOTICE['title']}。")
    page = enter("drafter")
    page.goto(door(document, "edit"))
    page.locator("#checked [data-sets=id_title]").first.click()
    assert page.input_value("#id_title") == NOTICE["title"]
    page.locator("#checked .passed").wait_for()
    page.get_by_role("button", name="保存草稿").click()
    page.get_by_text("草稿已保存").wait_for()
    document.refresh_from_db()
    assert document.title == NOTICE["title"]


def test_the_second_of_two_windows_sees_who_was_first(cast, enter):
    document = submitted(cast)
    first, second = enter("head"), enter("head")
    for page in (first, second):
        page.goto(door(document))
    first.locator("#agree .button-main").click()
    first.get_by_text("已办理").wait_for()
    second.get_by_role("button", name="退回").click()
    second.locator("#reason").fill("格式不对")
    second.locator("#back .button-main").click()
    second.get_by_text("您已经办理过").first.wait_for()
    assert list(Step.objects.order_by("id").values_list("state", flat=True)) == ["agreed", "open"]


def test_a_leader_approves_with_the_keyboard_alone(cast, enter):
    document = submitted(cast)
    page = enter("head")
    page.goto(door(document))
    page.locator("#opinion").focus()
    page.keyboard.type("情况属实，拟同意。")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('#agree .button-main')"):
            break
    page.keyboard.press("Enter")
    page.get_by_text("已办理").wait_for()
    assert Step.objects.get(approver=cast.head).opinion == "情况属实，拟同意。"


def test_a_return_needs_its_reason_and_brings_the_paper_back(cast, enter):
    document = submitted(cast)
    page = enter("head", phone=True)
    page.goto(door(document))
    page.get_by_role("button", name="退回", exact=True).first.click()
    page.locator("#back .button-main").click()
    assert page.locator("#reason:invalid").count() == 1
    page.locator("#reason").fill("请补充时间地点")
    page.locator("#back .button-main").click()
    page.get_by_text("已退回").first.wait_for()
    drafter = enter("drafter")
    drafter.get_by_role("link", name=NOTICE["title"]).first.click()
    assert drafter.get_by_text("请补充时间地点").first.is_visible()
    document.refresh_from_db()
    assert document.state == "returned"


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_screens_of_papers_are_open_to_everybody(cast, enter, phone):
    """WCAG 2.2 AA by axe, and nothing wider than the window."""
    document, waiting, written = distributed(cast), submitted(cast), draft(cast)
    faults = {}
    for who, address in [
        ("drafter", reverse("documents:list")),
        ("drafter", reverse("documents:new")),
        ("drafter", door(written, "edit")),
        ("drafter", door(written, "submit")),
        ("head", door(waiting)),
        ("reader", door(document)),
        ("clerk", door(document, "readers")),
        ("clerk", reverse("documents:register")),
        ("clerk", reverse("documents:rules")),
    ]:
        page = enter(who, phone=phone)
        page.goto(address)
        page.wait_for_load_state("networkidle")
        found = [violation["id"] for violation in Axe().run(page, options=WCAG).response["violations"]]
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if found or wide > 0:
            faults[address] = (found, wide)
    assert faults == {}
