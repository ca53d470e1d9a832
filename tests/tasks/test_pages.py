"""The pages: what each person finds there, what a form says when it is refused, and that nothing typed is lost."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from documents import drafting
from officehub.people.models import Role, RoleHolding
from tasks import cancelling
from tasks.limits import Limit
from tasks.models import Extension, Task
from tests.cast import NOTICE
from tests.tasks.conftest import DAY, Steps, asked, text_file

SOON = Limit(5, "working_days")


@pytest.fixture
def today_s(cast) -> Steps:
    """The office as it is now: pages look at the clock."""
    return Steps(cast, timezone.now())


@pytest.fixture
def as_(client):
    def log_in(who):
        client.force_login(who)
        return client

    return log_in


def page(task: Task) -> str:
    return reverse("tasks:detail", args=[task.pk])


def do(task: Task, deed: str) -> str:
    return reverse("tasks:do", args=[task.pk, deed])


# --- giving ---------------------------------------------------------------------------------------------------------


def test_one_press_on_the_phone_gives_an_instruction(cast, as_):
    given = {"title": "请财政局报送缺口", "lead_unit": cast.bureau.pk, "by_when": "three", "urgency": "加急"}
    response = as_(cast.mayor).post(reverse("tasks:instruct"), given)
    task = Task.objects.get()
    assert (response.status_code, response.url, task.state, asked()) == (302, page(task), "assigned", {"countersigner"})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": ""}, "请写明要办什么。"),
        ({"lead_unit": ""}, "请选择交给哪个单位或哪个人。"),
        ({"by_when": ""}, "请选择办理时限。"),
        ({"by_when": "day"}, "请选择日期。"),
        ({"by_when": "day", "due_on": "2020-01-01"}, "办理时限已过，请改填今天或以后的日期。"),
        ({"lead_unit": "x"}, "选择一个有效的选项"),
    ],
)
def test_a_refused_instruction_says_why_and_keeps_what_was_typed(cast, as_, change, said):
    given = {"title": "请财政局报送缺口", "lead_unit": cast.bureau.pk, "by_when": "today", "details": "附测算表"}
    response = as_(cast.mayor).post(reverse("tasks:instruct"), {**given, **change})
    assertContains(response, said, status_code=422)
    assertContains(response, "附测算表", status_code=422)
    assert Task.objects.count() == 0


def test_a_unit_that_nobody_answers_for_is_named_on_the_form(cast, as_):
    given = {"title": "请信息科报送", "lead_unit": cast.other_section.pk, "by_when": "today"}
    response = as_(cast.mayor).post(reverse("tasks:instruct"), given)
    assertContains(response, "信息科没有负责人", status_code=422)
    assertContains(response, "请信息科报送", status_code=422)


def full(cast, **more) -> dict:
    due = timezone.localdate() + timedelta(days=20)
    return {
        "title": "编制方案", "details": "附图表", "source": "meeting", "source_text": "常务会议", "importance": "1",
        "lead_unit": cast.bureau.pk, "assisting_units": [cast.section.pk], "responsible": [cast.countersigner.pk],
        "by_when": "day", "due_on": due.isoformat(), "evidence_asked": "方案", "evidence_file": "on",
        "milestone_0": "初稿", "milestone_0_day": (due - 5 * DAY).isoformat(), "way": "assign", **more,
    }  # fmt: skip


def test_a_task_in_full_is_given(cast, as_):
    response = as_(cast.mayor).post(reverse("tasks:new"), {**full(cast), "files": text_file()})
    task = Task.objects.get()
    assert (response.status_code, task.state, task.importance, task.responsible) == (
        302,
        "assigned",
        1,
        cast.countersigner,
    )
    assert asked() == {"countersigner", "head"}
    assert ([one.name for one in task.milestones.all()], task.files.count()) == (["初稿"], 1)
    assertContains(as_(cast.mayor).get(page(task)), "附图表")


def test_a_draft_is_kept_and_given_later(cast, as_):
    client = as_(cast.mayor)
    client.post(reverse("tasks:new"), {"title": "只有名称", "way": "draft"})
    task = Task.objects.get()
    assert (task.state, asked()) == ("draft", set())
    edit = reverse("tasks:edit", args=[task.pk])
    assertContains(client.get(edit), "只有名称")
    response = client.post(edit, {"title": "只有名称", "way": "assign"})
    assertContains(response, "请明确办理时限。", status_code=422)
    client.post(edit, full(cast))
    task.refresh_from_db()
    assert (task.state, task.title) == ("assigned", "编制方案")
    assert client.get(edit).status_code == 404


def test_a_milestone_half_written_is_named(cast, as_):
    response = as_(cast.mayor).post(reverse("tasks:new"), full(cast, milestone_1="评审"))
    assertContains(response, "请选择节点的日期。", status_code=422)


def test_a_secret_is_not_taken(cast, as_):
    response = as_(cast.mayor).post(reverse("tasks:new"), full(cast, details="机密★5年"))
    assertContains(response, "国家秘密", status_code=422)


def test_a_task_is_made_from_a_paper_one_may_see(cast, as_, now):
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=NOTICE)
    assertContains(as_(cast.drafter).get(reverse("documents:detail", args=[paper.pk])), "转为任务")
    address = f"{reverse('tasks:new')}?document={paper.pk}"
    assertContains(as_(cast.drafter).get(address), paper.title)
    as_(cast.drafter).post(address, full(cast, source="document"))
    task = Task.objects.get()
    assert (task.document, task.source) == (paper, "document")
    assertContains(as_(cast.countersigner).get(page(task)), paper.title)
    assertContains(as_(cast.drafter).get(reverse("documents:detail", args=[paper.pk])), task.number)
    assert as_(cast.stranger).get(address).status_code == 404


def test_a_part_is_split_off_by_who_does_the_whole(cast, as_, today_s):
    whole = today_s.under_way(limit=SOON)
    address = f"{reverse('tasks:new')}?parent={whole.pk}"
    assert as_(cast.mayor).get(address).status_code == 404
    given = {"title": "测算需求", "lead_person": [cast.drafter.pk], "by_when": "today", "way": "assign"}
    as_(cast.reader).post(address, given)
    part = Task.objects.get(parent=whole)
    assert (part.depth, part.lead_person, asked("task_accept")) == (1, cast.drafter, {"drafter"})
    assertContains(as_(cast.reader).get(page(whole)), "测算需求")
    assertNotContains(as_(cast.mayor).get(page(whole)), "测算需求")
    assertContains(as_(cast.mayor).get(page(whole)), "另有 1 项您不能查看的子任务")


def test_the_picker_finds_people(cast, as_):
    address = reverse("tasks:people")
    assertContains(as_(cast.head).get(address, {"picker": "task_lead", "person": "drafter"}), "科员drafter")
    assertNotContains(as_(cast.head).get(address, {"picker": "task_lead", "person": "sys_admin"}), "sys_admin<")
    assert as_(cast.head).get(address, {"picker": "forged"}).status_code == 404


# --- doing ----------------------------------------------------------------------------------------------------------


def test_the_whole_way_by_the_pages(cast, as_, today_s):
    task = today_s.assigned(limit=SOON, evidence_file=True)
    as_(cast.countersigner).post(do(task, "allocate"), {"person": cast.reader.pk})
    as_(cast.reader).post(do(task, "accept"))
    said = {"percent": 30, "text": "已摸底", "files": text_file()}
    assert as_(cast.reader).post(do(task, "report"), said).status_code == 302
    assertContains(as_(cast.mayor).get(page(task)), "已摸底")
    as_(cast.reader).post(do(task, "submit"), {"text": "已完成"})
    assertContains(as_(cast.mayor).get(page(task)), "核验通过，办结")
    as_(cast.mayor).post(do(task, "verify"), {"way": "back", "words": "数据不全"})
    as_(cast.reader).post(do(task, "submit"), {"text": "已补充"})
    as_(cast.mayor).post(do(task, "verify"), {"way": "pass", "words": "同意"})
    task.refresh_from_db()
    assert (task.state, task.returned, task.percent, asked()) == ("closed", 1, 100, set())


def test_a_refused_report_keeps_what_was_typed(cast, as_, today_s):
    task = today_s.under_way(limit=SOON)
    today_s.report(task, 50)
    client = as_(cast.reader)
    response = client.post(do(task, "report"), {"percent": 30, "text": "有些数据要重来"})
    assertContains(response, "进度由 50% 回退到 30%，请写明理由。", status_code=422)
    assertContains(response, "有些数据要重来", status_code=422)
    response = client.post(do(task, "report"), {"percent": 101, "text": "超了"})
    assertContains(response, "进度不能超过 100。", status_code=422)
    bad = SimpleUploadedFile("坏.exe", b"MZ")
    response = client.post(do(task, "report"), {"percent": 60, "text": "附件不对", "files": bad})
    assertContains(response, "附件不对", status_code=422)
    assert task.reports.count() == 1


def test_a_return_without_a_reason_is_refused_where_it_was_typed(cast, as_, today_s):
    task = today_s.submitted(limit=SOON)
    assertContains(as_(cast.mayor).post(do(task, "verify"), {"way": "back"}), "须写明理由。", status_code=422)


def test_the_doer_finds_no_door_to_verify(cast, as_, today_s):
    task = today_s.submitted(limit=SOON)
    assert as_(cast.reader).post(do(task, "verify"), {"way": "pass"}).status_code == 404


def test_who_comes_too_late_is_told_who_was_first(cast, as_, today_s):
    task = today_s.assigned(limit=SOON)
    as_(cast.countersigner).post(do(task, "allocate"), {"person": cast.reader.pk})
    response = as_(cast.countersigner).post(do(task, "allocate"), {"person": cast.reader.pk})
    assert response.status_code == 409
    assertContains(response, "待承办人签收", status_code=409)


def test_an_extension_after_the_limit_is_refused_in_a_whole_sentence(cast, as_, today_s):
    task = today_s.under_way(limit=SOON)
    Task.objects.filter(pk=task.pk).update(due_at=timezone.now() - DAY)
    client = as_(cast.reader)
    assertContains(client.get(page(task)), "时限已过，不能再申请延期")
    given = {"until": (timezone.localdate() + 9 * DAY).isoformat(), "reason": "来不及了"}
    response = client.post(do(task, "ask_extension"), given)
    assertContains(response, "时限已过，不能再申请延期", status_code=422)
    assertContains(response, "来不及了", status_code=422)


def test_an_extension_is_decided_on_its_own_page(cast, as_, today_s):
    task = today_s.under_way(limit=SOON)
    first = task.first_due_at
    until = timezone.localdate() + 30 * DAY
    as_(cast.reader).post(do(task, "ask_extension"), {"until": until.isoformat(), "reason": "等指标"})
    extension = Extension.objects.get()
    address = reverse("tasks:extension", args=[extension.pk])
    client = as_(cast.mayor)
    assertContains(client.get(address), "等指标")
    seen = {"seen": extension.approval_hash()}
    assertContains(client.post(address, {**seen, "way": "refuse"}), "不同意延期，须写明理由。", status_code=422)
    forged = client.post(address, {"seen": "0" * 64, "way": "agree"})
    assertContains(forged, "延期申请已有改动", status_code=422)
    assert client.post(address, {**seen, "way": "agree", "words": "同意"}).status_code == 302
    task.refresh_from_db()
    assert (timezone.localdate(task.due_at), task.first_due_at, task.extended) == (until, first, 1)
    assertContains(client.get(page(task)), "已延期 1 次")
    assert client.post(address, {**seen, "way": "agree"}).status_code == 409


def test_it_is_printed(cast, as_, today_s):
    task = today_s.closed(limit=SOON)
    response = as_(cast.mayor).get(reverse("tasks:print", args=[task.pk]))
    assertContains(response, "任务交办单")
    assertContains(response, "方案已报送。")


def test_files_are_for_those_who_see_the_task(cast, as_, today_s):
    task = today_s.submitted(limit=SOON)
    address = reverse("tasks:file", args=[task.files.get().pk])
    given = as_(cast.mayor).get(address)
    assert given.getvalue().decode() == "情况说明"
    assert as_(cast.stranger).get(address).status_code == 404


# --- lists ----------------------------------------------------------------------------------------------------------


def titles(client, **given) -> list[str]:
    return [task.title for task in client.get(reverse("tasks:list"), given).context["page"].rows]


def test_the_tabs_show_mine_given_assisting_and_to_verify(cast, as_, today_s):
    today_s.under_way(title="甲", limit=SOON)
    today_s.submitted(title="乙", limit=SOON)
    today_s.under_way(title="丙", limit=SOON, assisting_people=[cast.vetter])
    assert titles(as_(cast.reader)) == ["丙", "乙", "甲"]
    assert titles(as_(cast.mayor)) == ["乙"]  # who has nothing to do begins with what waits to be verified
    assert titles(as_(cast.mayor), tab="given") == ["丙", "乙", "甲"]
    assert titles(as_(cast.mayor), tab="verify") == ["乙"]
    assert titles(as_(cast.vetter), tab="assisting") == ["丙"]
    assert titles(as_(cast.vetter), tab="all") == ["丙"]
    assert titles(as_(cast.countersigner), tab="all") == ["丙", "乙", "甲"]
    assert titles(as_(cast.stranger), tab="all") == []
    assert titles(as_(cast.sys_admin), tab="all") == []


def test_the_filters_narrow_a_list(cast, as_, today_s):
    today_s.under_way(title="甲", limit=Limit(30, "working_days"))
    today_s.under_way(title="乙", limit=Limit(1, "working_days"))
    late = today_s.under_way(title="丙", limit=SOON)
    Task.objects.filter(pk=late.pk).update(due_at=timezone.now() - DAY)
    today_s.closed(title="丁", limit=SOON)
    client = as_(cast.reader)
    for signal, found in (("overdue", ["丙"]), ("due_soon", ["乙"]), ("on_track", ["甲"])):
        assert titles(client, signal=signal) == found
    assert titles(client, state="closed") == ["丁"]
    assert titles(client, words="乙") == ["乙"]
    assert titles(client, unit=cast.section.pk) == []
    assert titles(client, until=(timezone.localdate() - 1 * DAY).isoformat()) == ["丙"]
    assert titles(client, state="forged") == ["丁", "丙", "乙", "甲"]


def test_a_list_goes_on_after_its_last_row(cast, as_, today_s, settings):
    settings.PAGE_SIZE = 2
    for title in "甲乙丙":
        today_s.under_way(title=title, limit=SOON)
    client = as_(cast.reader)
    first = client.get(reverse("tasks:list")).context["page"]
    assert [task.title for task in first.rows] == ["丙", "乙"]
    assert titles(client, after=first.next_cursor) == ["甲"]


LISTS = {"mine": ("reader", 14), "given": ("mayor", 14), "assisting": ("vetter", 14), "verify": ("mayor", 14),
         "all": ("mayor", 16)}  # fmt: skip
DETAIL = 30


@pytest.mark.parametrize("tab", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_three(cast, as_, today_s, django_assert_num_queries, tab):
    who, queries = LISTS[tab]
    client, address = as_(getattr(cast, who)), f"{reverse('tasks:list')}?tab={tab}"
    for count in (1, 2):
        for _ in range(count):
            today_s.submitted(limit=SOON)
            today_s.under_way(limit=SOON, assisting_people=[cast.vetter])
        client.get(address)
        with django_assert_num_queries(queries):
            client.get(address)


def test_a_task_with_three_of_everything_asks_no_more(cast, as_, today_s, django_assert_num_queries):
    client = as_(cast.mayor)
    for count in (1, 3):
        days = [timezone.localdate() + n * DAY for n in range(1, count + 1)]
        task = today_s.under_way(
            limit=Limit(30, "working_days"), milestones=[(f"节点{n}", one) for n, one in enumerate(days)],
            assisting_people=[cast.vetter, cast.rechecker, cast.clerk][:count],
        )  # fmt: skip
        for n in range(count):
            today_s.part(task, limit=SOON)
            today_s.report(task, 10 + n, f"进展{n}", files=[text_file()])
        client.get(page(task))
        with django_assert_num_queries(DETAIL):
            client.get(page(task))


# --- who sees -------------------------------------------------------------------------------------------------------


def test_who_may_open_a_task(cast, as_, today_s):
    RoleHolding.objects.create(person=cast.rechecker, role=Role.SUPERVISOR)
    task = today_s.under_way(limit=SOON, assisting_units=[cast.section])
    may = {name for name, who in cast.people.items() if as_(who).get(page(task)).status_code == 200}
    assert may == {"mayor", "countersigner", "reader", "head", "rechecker", "leader", "leader_in_charge"}


def test_the_search_finds_a_task_by_number_and_title(cast, as_, today_s):
    task = today_s.under_way(limit=SOON)
    for words in (task.number, "供暖保障"):
        assertContains(as_(cast.reader).get("/search", {"q": words}), task.title)
        assertNotContains(as_(cast.stranger).get("/search", {"q": words}), page(task))


def test_the_workbench_counts_what_is_mine(cast, as_, today_s):
    today_s.under_way(limit=SOON)
    assertContains(as_(cast.mayor).get("/"), "我交办 1")
    assertNotContains(as_(cast.stranger).get("/"), "我交办 ")


def test_a_cancelled_task_says_why(cast, as_, today_s):
    task = today_s.under_way(limit=SOON)
    cancelling.cancel(task, by=cast.mayor, now=today_s.now, reason="合并办理。")
    assertContains(as_(cast.reader).get(page(task)), "合并办理。")


def test_dates_are_the_office_s(cast, as_, today_s):
    task = today_s.assigned(limit=Limit(day=date(2099, 1, 5)))
    assertContains(as_(cast.mayor).get(page(task)), "2099年1月5日")
