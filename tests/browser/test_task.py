"""A task in a browser: a leader instructs by phone, a head allocates, the doer reports and asks for more time by phone,
the leader agrees on the phone and closes it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from officehub.audit.record import broken
from officehub.inbox.models import WorkItem
from tasks import stock
from tasks.models import Task

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TITLE = "请财政局报送供暖补贴资金缺口"


def open_errand(page) -> None:
    page.goto("/")
    page.get_by_role("link", name=TITLE).first.click()


def within(page, title: str):
    """The folded form of one deed, opened."""
    page.locator("summary", has_text=title).click()
    return page.locator("details[open]", has=page.locator("summary", has_text=title))


def test_a_task_from_the_instruction_to_its_end(cast, enter):
    stock.extension_route(timezone.now())
    leader, doer = enter("mayor", phone=True), enter("reader", phone=True)
    _instruct(leader)
    head = enter("countersigner")
    open_errand(head)
    head.select_option("#allocate-person", str(cast.reader.pk))
    head.get_by_role("button", name="分派", exact=True).click()
    head.get_by_text("已分派。").wait_for()
    _take_and_report(doer)
    first = Task.objects.get().due_at
    _ask_for_time(doer)
    _agree(leader)
    _submit(doer)
    open_errand(leader)
    leader.get_by_role("button", name="核验通过，办结").click()
    leader.get_by_text("已核验办结。").wait_for()
    task = Task.objects.get()
    assert (task.state, task.percent, task.first_due_at, task.extended) == ("closed", 100, first, 1)
    assert task.files.get().stored.name == "缺口.txt"
    assert not WorkItem.objects.filter(done_at=None).exists()
    assert list(broken()) == []


def _instruct(page) -> None:
    page.goto("/tasks/instruct/")
    page.fill("#id_title", TITLE)
    page.select_option("#id_lead_unit", label="市财政局")
    page.get_by_text("一周", exact=True).click()
    page.get_by_role("button", name="交办", exact=True).click()
    page.get_by_text("已交办：").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _take_and_report(page) -> None:
    open_errand(page)
    page.get_by_role("button", name="签收", exact=True).click()
    page.get_by_text("已签收").first.wait_for()
    page.fill("#report-percent", "40")
    page.fill("#report-text", "已向各县区收集数据。")
    proof = {"name": "缺口.txt", "mimeType": "text/plain", "buffer": "缺口 320 万元".encode()}
    page.set_input_files("#report-files", proof)
    page.get_by_role("button", name="报告", exact=True).click()
    page.get_by_text("进展已报告。").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def _ask_for_time(page) -> None:
    form = within(page, "申请延期")
    form.locator("input[type=date]").fill((timezone.localdate() + timedelta(days=30)).isoformat())
    form.locator("textarea").fill("松岭县数据需复核。")
    form.get_by_role("button", name="申请", exact=True).click()
    page.get_by_text("已申请延期").wait_for()


def _agree(page) -> None:
    page.goto("/")
    page.get_by_role("link", name="延至").first.click()
    page.get_by_text("松岭县数据需复核。").wait_for()
    page.get_by_role("button", name="同意", exact=True).last.click()
    page.get_by_text("已同意延期。").wait_for()


def _submit(page) -> None:
    open_errand(page)
    page.get_by_text("已延期 1 次").wait_for()
    form = within(page, "提交核验")
    form.locator("textarea").fill("缺口320万元，建议动用预备费。")
    form.get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("已提交核验。").wait_for()
