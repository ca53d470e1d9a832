"""The approval page by thumb and by keyboard: the menu and its dialogs, people in order, refusals, and axe."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from documents import drafting
from officehub.approvals import decide, hand_on
from officehub.approvals.models import Permit, Step
from officehub.people.models import Role
from tests.approvals.conftest import route  # noqa: F401
from tests.cast import NOTICE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
SHOTS = os.environ.get("OFFICEHUB_SHOTS")
SMALL = """() => [...document.querySelectorAll('button, .button, summary, .field-check, .dialog fieldset div > label')]
    .filter(e => e.offsetParent && !e.closest('.top') && e.getBoundingClientRect().height < 44)
    .map(e => e.textContent.trim())"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def shoot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page="dialog" not in name)


@pytest.fixture
def asked(cast, route):  # noqa: F811
    """A paper before the head, at a stage where everything is permitted; returned once, so that it has a past."""
    everything, vetter = {"permits": Permit.values}, {"who": "role", "role": Role.VETTER}
    heads = {"who": "chosen_heads", "verb": "countersign", "mode": "all", "dissent": "record"}
    route(
        {"name": "部门审核", "who": "drafting_head", **everything},
        {"name": "会签", **heads, **everything},
        {"name": "核稿", "verb": "vet", "merges": False, **vetter, **everything},
        {"name": "签发", "verb": "sign_off", "who": "leader_in_charge", "merges": False},
    )
    document = drafting.create(by=cast.drafter, now=timezone.now(), organ=cast.office, fields=NOTICE)
    submit(document, cast)
    step = Step.objects.get(state="open")
    seen = document.approval_hash()
    decide.return_(step, by=cast.head, now=timezone.now(), seen=seen, reason="请补充时间安排，并与财政局协商一致。")
    document.refresh_from_db()
    submit(document, cast)
    return document


def submit(document, cast) -> None:
    drafting.submit(document, by=cast.drafter, now=timezone.now(), chosen=[cast.bureau.pk], reasons={})


def address(document) -> str:
    return reverse("documents:detail", args=[document.pk])


def faults(page) -> list:
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in Axe().run(page, options=WCAG).response["violations"]]


def choose(page, dialog: str, words: str, name: str) -> None:
    """Find somebody by name in a dialog and tick them."""
    page.locator(f"#{dialog} .picker-search").fill(words)
    page.locator(f"#{dialog}").get_by_label(name).check()


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_every_dialog_of_the_menu_opens_fits_and_passes_axe(cast, enter, asked, phone):
    page, kind = enter("head", phone=phone), "phone" if phone else "desktop"
    page.goto(address(asked))
    shoot(page, f"{kind}-decide")
    assert (faults(page), max(page.evaluate(WIDE), 0)) == ([], 0)
    page.locator("details.more > summary").click()
    shoot(page, f"{kind}-dialog-menu")
    assert faults(page) == []
    offered = page.locator(".more-card [data-opens]").evaluate_all("all => all.map(one => one.dataset.opens)")
    for place in ["back", *offered]:
        if place != "back" and not page.locator("details.more[open]").count():
            page.locator("details.more > summary").click()
        page.locator(f"[data-opens={place}]").click()
        shoot(page, f"{kind}-dialog-{place}")
        assert (place, faults(page), page.evaluate(SMALL) if phone else []) == (place, [], [])
        page.keyboard.press("Escape")
    page.locator("details.more > summary:focus").wait_for()


def test_on_a_phone_two_sign_first_in_the_order_ticked(cast, enter, asked):
    page = enter("head", phone=True)
    page.goto(address(asked))
    page.locator("details.more > summary").click()
    page.get_by_role("button", name="加签", exact=True).click()
    choose(page, "deed-add", "vetter", "核稿员vetter")
    page.locator("#deed-add .picker-people").get_by_text("第1位").wait_for(state="attached")
    choose(page, "deed-add", "reader", "文书reader")
    page.locator("#deed-add .picker-people").get_by_text("第2位").wait_for(state="attached")
    shoot(page, "phone-dialog-two-ticked")
    page.locator("#deed-add .button-main").click()
    page.get_by_text("等待他人先办").wait_for()
    shoot(page, "phone-in-hands")
    assert faults(page) == []
    added = Step.objects.filter(origin="added").order_by("id")
    assert list(added.values_list("approver__username", "state")) == [("vetter", "open"), ("reader", "waiting")]


def test_a_refused_deed_comes_back_open_with_everything_typed(cast, enter, asked):
    page = enter("head")
    page.goto(address(asked))
    page.fill("#opinion", "数据还要核对")
    page.locator("details.more > summary").click()
    page.get_by_role("button", name="转办", exact=True).click()
    choose(page, "deed-transfer", "head", "科长head")
    page.locator("#deed-transfer .picker-search").press("Enter")  # searches, and sends nothing
    page.locator("#transfer-reason").fill("请代为核对")
    page.locator("#deed-transfer .button-main").click()
    page.get_by_text("已在本环节办理之列").wait_for()
    page.locator("#deed-transfer:modal").wait_for()  # the script opens it once the answer has come
    assert (page.input_value("#opinion"), page.input_value("#transfer-reason")) == ("数据还要核对", "请代为核对")
    assert page.locator("#deed-transfer").get_by_label("科长head").is_checked()


def test_the_drafter_sees_who_has_it_and_stops_it(cast, enter, asked):
    page = enter("drafter", phone=True)
    page.goto(address(asked))
    shoot(page, "phone-drafter")
    assert (faults(page), page.evaluate(SMALL)) == ([], [])
    page.get_by_role("button", name="中止").click()
    page.locator("#halt-suspend-reason").fill("等上级答复")
    page.locator("#halt-suspend .button-main").click()
    page.get_by_role("heading", name="已中止").wait_for()
    shoot(page, "phone-suspended")
    page.get_by_role("button", name="恢复").click()
    page.get_by_text("已恢复办理").wait_for()


def test_an_adviser_answers_and_the_course_tells_it(cast, enter, asked):
    step, seen, now = Step.objects.get(state="open"), asked.approval_hash(), timezone.now()
    people = [cast.vetter, cast.countersigner]
    hand_on.consult(step, people, by=cast.head, now=now, seen=seen, question="措施是否可行？")
    page = enter("vetter")
    page.goto(address(asked))
    shoot(page, "desktop-adviser")
    assert faults(page) == []
    page.locator("#answer-text").fill("可行，建议写明责任单位。")
    page.get_by_role("button", name="答复", exact=True).click()
    page.get_by_text("已答复").wait_for()
    page = enter("head")
    page.goto(address(asked))
    page.get_by_text("可行，建议写明责任单位。").wait_for()
    shoot(page, "desktop-advised")
    assert faults(page) == []


def test_a_long_course_is_read_by_everybody(cast, enter, asked):
    """Signatures, countersigners under one line, a change of the text that made an opinion fall."""
    now = timezone.now()
    decide.circle(Step.objects.get(state="open"), by=cast.head, now=now, seen=asked.approval_hash())
    step = Step.objects.get(state="open")
    people = [cast.reader, cast.leader]
    hand_on.add_signers(step, people, before=False, by=cast.countersigner, now=now, seen=asked.approval_hash())
    decide.disagree(step, by=cast.countersigner, now=now, seen=asked.approval_hash(), opinion="储备量偏低。")
    fields = {**asked.content, "kind": asked.kind, "title": asked.title, "body": NOTICE["body"] + "\n三、加强检查"}
    asked.refresh_from_db()
    mine = Step.objects.get(state="open")
    facts = {name: getattr(asked, name) for name in asked.OFFICE_FACTS}
    drafting.amend(asked, by=cast.reader, step=mine, now=now, fields=fields, revision=asked.revision, **facts)
    for phone in (False, True):
        page = enter("drafter", phone=phone)
        page.goto(address(asked))
        page.get_by_text("（圈阅）").wait_for()
        assert page.locator(".timeline .fallen").count() == 2
        assert (faults(page), max(page.evaluate(WIDE), 0)) == ([], 0)
        page.locator(".approve-side").evaluate("e => { e.style.maxHeight = 'none' }")
        shoot(page, f"{'phone' if phone else 'desktop'}-course")
