"""The workbench: my errands and nobody else's, grouped, counted, opened and left."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from officehub.approvals.models import Route, RouteVersion, Run, Stage, Step, Visit
from officehub.inbox.models import WorkItem
from officehub.people.models import Department
from officehub.web import hubs
from officehub.web.views.workbench import OnTime, greeting, on_time

QUERIES = {"todo": 17, "running": 18, "done": 16, "started": 18}
STAGE = {"name": "试办", "verb": "try", "who": "chosen_heads"}


@pytest.fixture
def inside(client, person):
    client.force_login(person)
    return client


@pytest.fixture
def set_going(person, stranger, department, room):
    """A run started by the person that waits for the stranger."""
    kind = ContentType.objects.get_for_model(Department)

    def start(name, now, state="running"):
        route = Route.objects.get_or_create(name="试办流程", defaults={"subject_type": kind})[0]
        version = RouteVersion.objects.get_or_create(route=route, number=1)[0]
        stage = Stage.objects.get_or_create(version=version, order=1, defaults=STAGE)[0]
        subject = Department.objects.create(organ=department.organ, name=name)
        run = Run.objects.create(
            subject_type=kind, subject_id=subject.pk, version=version, started_by=person, started_at=now, state=state
        )
        visit = Visit.objects.create(run=run, stage=stage, round=1, opened_at=now)
        Step.objects.create(run=run, stage=stage, visit=visit, round=1, approver=stranger, opened_at=now, due_at=now)

    return start


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("tab", ["todo", "running", "done", "started"])
def test_the_workbench_asks_the_same_whatever_its_length(
    inside, entrust, set_going, tab, rows, django_assert_num_queries
):
    now = timezone.now()
    for n in range(rows):
        entrust(f"第{n}件", now + timedelta(days=n))
        entrust(f"办过的第{n}件", now, done_at=now)
        set_going(f"综合{n}科", now)
    inside.get("/")  # the first page of a process fills the content type cache
    with django_assert_num_queries(QUERIES[tab]):
        inside.get("/", {"tab": tab})


def test_what_i_set_going_says_whose_turn_it_is(inside, set_going):
    set_going("综合科", timezone.now())
    set_going("信息科", timezone.now(), state="agreed")
    running, started = inside.get("/", {"tab": "running"}), inside.get("/", {"tab": "started"})
    assertContains(running, "试办：路人甲")
    assertNotContains(running, "信息科")
    assertContains(started, "已通过")
    assert started.context["tabs"][1].count == 1


def test_i_see_my_own_errands_only(inside, entrust, stranger, client):
    entrust("关于防汛的通知")
    assertContains(inside.get("/"), "关于防汛的通知")
    client.force_login(stranger)
    assertNotContains(client.get("/"), "关于防汛的通知")


def test_the_count_on_the_tab_is_the_number_of_open_errands(inside, entrust):
    for title in "甲乙丙":
        entrust(title)
    entrust("丁", done_at=timezone.now())
    response = inside.get("/")
    assert (response.context["pressing"]["all"], response.context["tab"].count) == (3, 3)


def test_opening_an_errand_notes_it_once_and_leads_to_its_subject(inside, entrust, department):
    item = entrust("关于防汛的通知")
    assertRedirects(inside.get(f"/items/{item.pk}/"), f"/departments/{department.pk}/", fetch_redirect_response=False)
    first = WorkItem.objects.get().seen_at
    inside.get(f"/items/{item.pk}/")
    assert WorkItem.objects.get().seen_at == first is not None


def test_a_strangers_errand_is_not_there(client, entrust, stranger):
    item = entrust("关于防汛的通知")
    client.force_login(stranger)
    assert client.get(f"/items/{item.pk}/").status_code == 404
    assert WorkItem.objects.get().seen_at is None


def test_an_errand_without_a_door_leads_back_with_a_word(inside, entrust, room):
    item = entrust("关于防汛的通知")
    room.doors.clear()
    assertContains(inside.get(f"/items/{item.pk}/", follow=True), "“关于防汛的通知”已不能打开")


def test_an_empty_workbench_says_so(inside, room):
    assertContains(inside.get("/"), "都办完了")


def test_an_unknown_tab_is_the_first(inside, room):
    assert inside.get("/", {"tab": "no"}).context["tab"].name == "todo"


def test_the_rate_counts_limits_of_the_last_ninety_days_only(entrust, person, now, day):
    entrust("按时", now, opened_at=now - 100 * day, done_at=now - day)
    entrust("逾期", now - 2 * day, opened_at=now - 100 * day, done_at=now - day)
    entrust("无期限", None, opened_at=now - 100 * day, done_at=now - day)
    entrust("从前", now - 99 * day, opened_at=now - 100 * day, done_at=now - 91 * day)
    assert on_time(person, now) == OnTime(done=2, late=1)


def test_the_rate_of_somebody_who_finished_nothing_is_a_dash():
    assert (OnTime(0, 0).rate, OnTime(8, 1).rate) == ("—", "87.5%")


@pytest.mark.parametrize(("hour", "words"), [(3, "夜深了"), (9, "上午好"), (12, "下午好"), (20, "晚上好")])
def test_the_greeting_follows_the_clock(now, hour, words):
    assert greeting(now.replace(hour=hour)) == words


def test_a_panel_another_room_hung_is_shown_with_its_own_words(inside, room, monkeypatch):
    panel = hubs.Panel("workbench.side", "components/empty.html", lambda person, now: {"title": f"{person.name}的会"})
    monkeypatch.setitem(hubs._hubs, "tests.meeting", hubs.Hub(panels=[panel]))
    assertContains(inside.get("/"), "温若兰的会")
