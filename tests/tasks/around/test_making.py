"""The good rows of a workbook become tasks once, whatever is repeated, killed or pressed twice."""

from datetime import timedelta

import pytest
from django.urls import reverse

from officehub.approvals.decide import DecisionRefused
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.people.models import Department
from tasks.imports import make
from tasks.imports.form import form
from tasks.imports.names import directory
from tasks.imports.rows import read_rows
from tasks.imports.take import take
from tasks.models import Task, TaskImport
from tests.tasks.around.books import LASTING, ROW, book, read_book, streamed, upload

BAD = {**ROW, "title": ""}


def several(count: int) -> list[dict]:
    return [{**ROW, "title": f"第{at}项"} for at in range(1, count + 1)]


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch):
    """The job is run by the test."""
    monkeypatch.setattr(make, "enqueue", lambda job, *args: None)


def run(workbook: TaskImport, now) -> int:
    runs = 1
    while make.make(workbook.pk, now + timedelta(seconds=runs)):
        runs += 1
    workbook.refresh_from_db()
    return runs


def test_every_good_row_becomes_a_task_of_whoever_uploaded_it(cast, now, taken):
    workbook = taken(*several(3))
    make.confirm(workbook, by=cast.head, now=now)
    run(workbook, now)
    tasks = list(Task.objects.order_by("id"))
    assert [(task.title, task.assigner, task.lead_unit, task.state) for task in tasks] == [
        (f"第{at}项", cast.head, cast.bureau, "assigned") for at in (1, 2, 3)
    ]
    assert (workbook.state, workbook.done, workbook.refused) == ("done", 3, 0)
    assert WorkItem.objects.filter(assignee=cast.countersigner, verb="task_allocate").count() == 3
    assert [event.verb for event in events_of(workbook).order_by("seq")] == ["confirm_import", "import_done"]


def test_it_goes_on_in_pieces_and_where_a_killed_worker_stopped(cast, now, taken, monkeypatch):
    monkeypatch.setattr(make, "PIECE", 2)
    workbook = taken(*several(5))
    make.confirm(workbook, by=cast.head, now=now)
    real, seen = make.give, []

    def dies(fields, **kwargs):
        seen.append(fields["title"])
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(fields, **kwargs)

    monkeypatch.setattr(make, "give", dies)
    with pytest.raises(KeyboardInterrupt):
        make.make(workbook.pk, now)
    assert not make.make(workbook.pk, now + timedelta(minutes=1))  # the dead one's claim still stands
    runs = run(workbook, now + make.LEASE + timedelta(minutes=1))
    assert (runs, workbook.state, workbook.done) == (2, "done", 5)
    assert sorted(Task.objects.values_list("title", flat=True)) == [f"第{at}项" for at in range(1, 6)]


def test_a_job_that_is_run_again_makes_nothing_more(cast, now, taken):
    workbook = taken(*several(2))
    make.confirm(workbook, by=cast.head, now=now)
    run(workbook, now)
    TaskImport.objects.update(state="queued", claimed_at=None)
    run(workbook, now)
    assert (Task.objects.count(), workbook.done) == (2, 2)


def test_a_worker_that_always_dies_is_given_up_and_may_be_tried_again(cast, now, taken):
    workbook = taken()
    make.confirm(workbook, by=cast.head, now=now)
    TaskImport.objects.update(attempts=make.GIVE_UP_AFTER)
    run(workbook, now)
    assert (workbook.state, Task.objects.count()) == ("failed", 0)
    make.retry(workbook, by=cast.head, now=now)
    run(workbook, now)
    assert (workbook.state, Task.objects.count()) == ("done", 1)


def test_a_row_that_was_good_and_is_no_longer_is_refused_alone(cast, now, taken):
    workbook = taken({**ROW, "title": "甲"}, {**ROW, "title": "乙", "lead_unit": "综合科"})
    make.confirm(workbook, by=cast.head, now=now)
    Department.objects.filter(pk=cast.bureau.pk).update(is_active=False)
    run(workbook, now)
    assert (workbook.state, workbook.done, workbook.refused) == ("done", 1, 1)
    assert workbook.rows.get(task=None).faults == {"": "其中的单位或人员已停用，请改选后再交办。"}


def test_rows_in_error_are_left_out_only_when_that_is_said(cast, now, taken):
    workbook = taken(ROW, BAD)
    with pytest.raises(DecisionRefused, match="请勾选确认"):
        make.confirm(workbook, by=cast.head, now=now)
    make.confirm(workbook, by=cast.head, now=now, only_good=True)
    run(workbook, now)
    assert Task.objects.count() == 1


def test_the_same_file_is_not_taken_twice_unless_that_is_meant(cast, now):
    content = book([ROW])
    first = take(upload(content), by=cast.head, now=now)
    make.confirm(first, by=cast.head, now=now)
    run(first, now)
    second = take(upload(content), by=cast.head, now=now)
    with pytest.raises(DecisionRefused, match="同一个文件已经导入过"):
        make.confirm(second, by=cast.head, now=now)
    make.confirm(second, by=cast.head, now=now, again=True)
    run(second, now)
    assert Task.objects.count() == 2


def test_the_same_file_is_not_taken_twice_while_its_tasks_are_being_made(cast, now):
    content = book([ROW])
    first, second = (take(upload(content), by=cast.head, now=now) for _upload in range(2))
    make.confirm(first, by=cast.head, now=now)
    with pytest.raises(DecisionRefused, match="同一个文件已经导入过"):
        make.confirm(second, by=cast.head, now=now)


def test_two_presses_are_one_and_what_was_dropped_is_gone(cast, now, taken):
    workbook = taken()
    make.confirm(workbook, by=cast.head, now=now)
    again = TaskImport.objects.get(pk=workbook.pk)
    with pytest.raises(TooLate):
        make.confirm(again, by=cast.head, now=now)
    other = taken({**ROW, "title": "另一项"})
    make.drop(other, by=cast.head, now=now)
    with pytest.raises(TooLate):
        make.confirm(TaskImport.objects.get(pk=other.pk), by=cast.head, now=now)
    assert other.rows.count() == 0


def test_a_workbook_of_nothing_but_errors_makes_nothing(cast, now, taken):
    with pytest.raises(DecisionRefused, match="没有可以交办的行"):
        make.confirm(taken(BAD), by=cast.head, now=now, only_good=True)


# --- the pages ------------------------------------------------------------------------------------------------------


def test_an_upload_leads_to_its_preview_and_from_there_to_its_tasks(cast, as_):
    client = as_(cast.head)
    answer = client.post(reverse("tasks:imports"), {"workbook": upload(book([LASTING, {**LASTING, "title": ""}]))})
    workbook = TaskImport.objects.get()
    page = client.get(answer.url).content.decode()
    assert ("必填。" in page, "市财政局" in page) == (True, True)
    refused = client.post(reverse("tasks:confirm_import", args=[workbook.pk]))
    assert (refused.status_code, "请勾选确认" in refused.content.decode()) == (422, True)
    assert client.post(reverse("tasks:confirm_import", args=[workbook.pk]), {"only_good": "on"}).status_code == 302
    assert "排队中" in client.get(reverse("tasks:import_progress", args=[workbook.pk])).content.decode()


def test_what_is_no_workbook_is_said_on_the_page(cast, as_):
    answer = as_(cast.head).post(reverse("tasks:imports"), {"workbook": upload(b"hello", "a.xlsx")})
    assert (answer.status_code, "不是有效的压缩文件" in answer.content.decode()) == (422, True)


def test_nobody_else_sees_what_somebody_uploaded(cast, as_, taken):
    workbook = taken()
    names = ("import", "import_progress", "import_file")
    for who in (cast.stranger, cast.sys_admin):
        assert [as_(who).get(reverse(f"tasks:{name}", args=[workbook.pk])).status_code for name in names] == [404] * 3
        deeds = ("confirm_import", "drop_import", "retry_import")
        assert [as_(who).post(reverse(f"tasks:{name}", args=[workbook.pk])).status_code for name in deeds] == [404] * 3


def test_the_form_can_be_filled_in_and_read_back(cast, now):
    rows = read_book(form(directory(now.date())))
    assert rows[1][0].startswith("（示例")
    empty = {"rows": rows, "total": len(rows), "long": [], "merged": [], "formulas": []}
    assert read_rows(empty, directory(now.date()), cast.head, now.date()) == []  # the example is no row


def test_the_form_is_a_download(cast, as_):
    answer = as_(cast.head).get(reverse("tasks:import_form"))
    assert read_book(streamed(answer))[0][0] == "任务名称"


@pytest.mark.parametrize("count", [1, 3])
def test_the_preview_asks_the_same_for_one_row_and_for_three(cast, now, as_, taken, count, django_assert_num_queries):
    workbook = taken(*several(count))
    make.confirm(workbook, by=cast.head, now=now)
    run(workbook, now)
    client, address = as_(cast.head), reverse("tasks:import", args=[workbook.pk])
    client.get(address)
    with django_assert_num_queries(PREVIEW):
        client.get(address)


PREVIEW = 14
