"""The main errand in a browser, from the draft to the archive, by those who would do it, at a desk and by phone."""

import os
from pathlib import Path

import pytest

from documents.models import Document
from officehub.audit.record import broken
from officehub.inbox.models import WorkItem

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("OFFICEHUB_SHOTS")
TITLE = "海青市人民政府办公室关于做好冬季供暖保障工作的通知"
BODY = """为做好今冬供暖保障，经市政府同意，现将有关事项通知如下。
一、备足燃料
各供热单位应于12月5日前完成储备。
二、加强值守
供暖期内实行二十四小时值班。"""


def shoot(page, name: str) -> None:
    """Keep a picture to look at, when asked to (OFFICEHUB_SHOTS=folder)."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def open_errand(page, title: str = TITLE) -> None:
    page.goto("/")
    page.get_by_role("link", name=title).first.click()


def settle(page) -> None:
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_paper_goes_from_draft_to_archive(cast, enter, phone):
    kind = "phone" if phone else "desktop"
    _draft_and_submit(enter("drafter", phone=phone), kind)
    for who, button in [("head", "同意"), ("vetter", "核稿通过"), ("leader_in_charge", "同意并签发")]:
        _agree(enter(who, phone=phone), button, f"{kind}-{who}")
    _recheck_and_number(enter("rechecker", phone=phone), kind)
    _seal(enter("seal_keeper", phone=phone), kind)
    _distribute(enter("clerk", phone=phone), kind)
    _read(enter("reader", phone=phone), kind)
    _archive(enter("archivist", phone=phone), kind)
    paper = Document.objects.get()
    assert (paper.state, paper.document_number) == ("archived", f"海政办发〔{paper.signed_at.year}〕1号")
    assert not WorkItem.objects.filter(done_at=None).exists()
    assert list(broken()) == []


def _draft_and_submit(page, kind):
    page.goto("/papers/new/")
    page.get_by_role("button", name="开始拟稿").click()
    page.fill("#id_title", TITLE)
    page.fill("#id_primary_recipients", "市政府各部门")
    page.fill("#id_body", BODY)
    page.select_option("#id_disclosure", "主动公开")
    page.locator("#checked .sheet img").first.wait_for()
    settle(page)
    shoot(page, f"{kind}-draft")
    page.get_by_role("button", name="保存并提交").click()
    page.get_by_role("button", name="提交审批").wait_for()
    settle(page)
    shoot(page, f"{kind}-submit")
    page.get_by_role("button", name="提交审批").click()
    page.get_by_text("已提交审批").wait_for()
    shoot(page, f"{kind}-submitted")


def _agree(page, button, shot):
    shoot(page, f"{shot}-workbench")
    open_errand(page)
    settle(page)
    for box in page.locator("#agree input[type=checkbox]:visible").all():
        box.check()
    shoot(page, shot)
    page.locator("#agree .button-main", has_text=button).click()
    page.get_by_text("已办理").wait_for()


def _recheck_and_number(page, kind):
    open_errand(page)
    settle(page)
    shoot(page, f"{kind}-recheck")
    page.get_by_role("button", name="复核通过").click()
    page.get_by_text("复核完毕").wait_for()
    page.get_by_role("button", name="编号并排版").click()
    page.get_by_text("已编号").first.wait_for()


def _seal(page, kind):
    open_errand(page)
    settle(page)
    shoot(page, f"{kind}-seal")
    page.get_by_role("button", name="用印", exact=True).click()
    page.get_by_text("已用印").first.wait_for()


def _distribute(page, kind):
    open_errand(page)
    page.get_by_role("link", name="选择分送对象").click()
    page.get_by_label("市财政局", exact=True).check()
    shoot(page, f"{kind}-distribute")
    page.get_by_role("button", name="分发", exact=True).click()
    page.get_by_text("已分发").first.wait_for()


def _read(page, kind):
    open_errand(page)
    settle(page)
    shoot(page, f"{kind}-read")
    page.get_by_role("button", name="已阅，签收").click()
    page.get_by_text("已签收").first.wait_for()


def _archive(page, kind):
    open_errand(page)
    settle(page)
    page.get_by_role("button", name="归档", exact=True).click()
    page.get_by_text("已归档").first.wait_for()
    settle(page)
    shoot(page, f"{kind}-archived")
