"""三服务: asked, answered in time or by way of a task, judged, and done again when the asker is not content."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from officehub.approvals.decide import DecisionRefused
from officehub.inbox.hand_over import hand_over
from officehub.inbox.models import WorkItem
from officehub.moves import TooLate, events_of
from officehub.notifications.models import Notice
from officehub.people.models import Role, RoleHolding
from tasks import cancelling
from tasks.models import ServiceRequest, Task
from tasks.serving import deeds
from tasks.serving.figures import figures
from tests.calendar_changes import rest_on
from tests.cast import looked_at, person
from tests.tasks.around.books import read_book, streamed
from tests.tasks.around.conftest import GIVEN


@pytest.fixture
def ask(cast, now):
    """The bureau's clerk asks the office; the office's own clerk receives it."""

    def asked(title="请协调会议室", *, by=None, at=None) -> ServiceRequest:
        more = {"details": "二十人", "contact": "文书 0700-1", "kind": "departments"}
        return deeds.ask(organ=cast.office, by=by or cast.reader, now=at or now, title=title, **more)

    return asked


def errands(who, verb: str) -> int:
    return WorkItem.objects.todo(who).filter(verb=verb).count()


def test_a_request_gets_a_number_a_limit_and_an_errand_of_the_office(cast, ask):
    one, two = ask(), ask()
    assert (one.number, two.number) == ("服〔2026〕1号", "服〔2026〕2号")
    assert f"{one.due_at:%m-%d %H:%M}" == "11-26 23:59"  # three working days after Monday
    assert errands(cast.clerk, "request_answer") == 2
    assert Notice.objects.filter(recipient=cast.clerk, verb="tasks.service_asked").count() == 2


def test_its_limit_is_counted_anew_when_the_calendar_changes(cast, now, ask):
    one = ask()
    rest_on(date(2026, 11, 25), at=now + timedelta(minutes=1))
    one.refresh_from_db()
    due = WorkItem.objects.get(verb="request_answer").due_at
    assert (one.due_at, f"{timezone.localtime(due):%m-%d %H:%M}") == (due, "11-27 23:59")


def test_an_answer_ends_the_errand_and_asks_the_asker_what_it_is_worth(cast, now, ask):
    one = ask()
    answered = deeds.answer(one, "已安排第三会议室", by=cast.clerk, now=now + timedelta(hours=1))
    assert (answered.in_time, errands(cast.clerk, "request_answer"), errands(cast.reader, "request_rate")) == (
        True,
        0,
        1,
    )
    done = deeds.rate(one, "satisfied", by=cast.reader, now=now)
    assert (done.state, errands(cast.reader, "request_rate")) == ("closed", 0)
    assert [event.verb for event in events_of(one).order_by("seq")] == ["ask_service", "answer", "rate"]


def test_who_is_not_content_says_why_and_it_is_done_again_and_counted(cast, now, ask):
    one, later = ask(), now + timedelta(days=7)
    deeds.answer(one, "不能安排", by=cast.clerk, now=later)
    with pytest.raises(DecisionRefused, match="写明原因"):
        deeds.rate(one, "dissatisfied", by=cast.reader, now=later)
    again = deeds.rate(one, "dissatisfied", by=cast.reader, now=later, words="没有说明原因")
    assert (again.state, again.round, again.reopened, errands(cast.clerk, "request_answer")) == ("redo", 2, 1, 1)
    assert again.due_at.date() > later.date()
    deeds.answer(again, "已安排", by=cast.clerk, now=later)
    deeds.rate(again, "basically", by=cast.reader, now=later)
    counted = figures(ServiceRequest.objects.all())
    said = (counted.asked, counted.answered, counted.in_time, counted.rated, counted.content, counted.redone)
    assert (said, counted.in_time_rate, counted.content_rate) == ((1, 1, 0, 1, 1, 1), "0.0%", "100.0%")


def test_it_becomes_a_task_and_is_answered_when_that_has_ended(cast, now, ask):
    one = ask()
    task = deeds.take_up(one, {**GIVEN, "lead_unit": cast.section.pk}, by=cast.clerk, now=now)
    one.refresh_from_db()
    assert (one.state, one.task, task.service_request, task.kind) == ("in_hand", task, one, Task.Kind.REQUEST)
    assert one.number in task.source_text
    with pytest.raises(DecisionRefused, match="还没有办结"):
        deeds.answer(one, "好", by=cast.clerk, now=now)
    assert deeds.tell_done(now) == 0
    cancelling.cancel(task, by=cast.clerk, now=now, reason="不需要了")
    assert (deeds.tell_done(now), deeds.tell_done(now)) == (1, 0)
    answered = deeds.answer(one, "不再需要", by=cast.clerk, now=now)
    assert (answered.task, task.request_answers.get()) == (task, answered)


def test_two_answers_at_once_are_one(cast, now, ask):
    one = ask()
    deeds.answer(one, "已安排", by=cast.clerk, now=now)
    with pytest.raises(TooLate):
        deeds.answer(one, "也安排了", by=cast.clerk, now=now)
    assert one.answers.count() == 1


def test_what_nobody_judged_in_time_ends_unjudged(cast, now, ask):
    one = ask()
    deeds.answer(one, "已安排", by=cast.clerk, now=now)
    assert deeds.close_unrated(now + timedelta(days=10)) == 0
    assert (deeds.close_unrated(now + timedelta(days=20)), deeds.close_unrated(now + timedelta(days=20))) == (1, 0)
    one.refresh_from_db()
    assert (one.state, one.answers.get().rating, errands(cast.reader, "request_rate")) == ("closed", "", 0)


def test_an_ended_task_is_told_once_however_often_it_is_looked(cast, now, ask):
    task = deeds.take_up(ask(), {**GIVEN, "lead_unit": cast.section.pk}, by=cast.clerk, now=now)
    assert deeds.tell_done(now) == 0
    cancelling.cancel(task, by=cast.clerk, now=now, reason="不必办")
    assert (deeds.tell_done(now), deeds.tell_done(now)) == (1, 0)


def test_the_errands_follow_the_role(cast, now, ask):
    one = ask()
    fresh = person("fresh", cast.section, "机要员", False, [])
    RoleHolding.objects.create(person=fresh, role=Role.REGISTRY_CLERK)
    RoleHolding.objects.get(person=cast.clerk, role=Role.REGISTRY_CLERK).delete()
    assert (deeds.refresh(now), deeds.refresh(now)) == (1, 0)
    assert (errands(cast.clerk, "request_answer"), errands(fresh, "request_answer")) == (0, 1)
    assert ServiceRequest.objects.visible_to(fresh, now).get() == one


def test_nobody_to_receive_it_is_said_before_anything_is_kept(cast, ask):
    RoleHolding.objects.filter(role=Role.REGISTRY_CLERK).delete()
    with pytest.raises(DecisionRefused, match="没有收发员"):
        ask()
    assert ServiceRequest.objects.count() == 0


def test_it_may_be_withdrawn_until_it_is_taken_up(cast, now, ask):
    one = ask()
    deeds.withdraw(one, by=cast.reader, now=now)
    assert errands(cast.clerk, "request_answer") == 0
    with pytest.raises(TooLate):
        deeds.answer(one, "好", by=cast.clerk, now=now)


def test_who_takes_over_from_somebody_judges_what_they_asked(cast, now, ask):
    one = ask()
    deeds.answer(one, "已安排", by=cast.clerk, now=now)
    proof = hand_over(cast.reader, cast.countersigner, by=cast.sys_admin, now=now)
    assert (proof.counts["request"], errands(cast.countersigner, "request_rate")) == (1, 1)
    one.refresh_from_db()
    assert (one.asker, ServiceRequest.objects.visible_to(cast.countersigner, now).get()) == (cast.countersigner, one)


# --- the pages ------------------------------------------------------------------------------------------------------


def test_a_request_goes_from_page_to_page(cast, as_):
    asker = as_(cast.reader)
    form = {"organ": cast.office.pk, "kind": "departments", "title": "请协调会议室", "contact": "文书 1"}
    address = asker.post(reverse("tasks:ask_service"), form).url
    one = ServiceRequest.objects.get()
    office = as_(cast.clerk)
    assert "转为任务交办" in office.get(address).content.decode()
    assert office.post(reverse("tasks:answer_request", args=[one.pk]), {"text": "", "seen_round": 1}).status_code == 422
    office.post(reverse("tasks:answer_request", args=[one.pk]), {"text": "已安排", "seen_round": 1})
    assert office.post(reverse("tasks:answer_request", args=[one.pk]), {"text": "再答"}).status_code == 409
    asker = as_(cast.reader)
    assert asker.post(reverse("tasks:rate_request", args=[one.pk]), {"rating": "dissatisfied"}).status_code == 422
    asker.post(reverse("tasks:rate_request", args=[one.pk]), {"rating": "satisfied"})
    page = asker.get(address).content.decode()
    assert ("已办结" in page, "满意" in page, "按时答复" in page) == (True, True, True)


def test_a_task_is_made_of_it_on_its_page(cast, as_, ask):
    one = ask()
    form = {"title": "协调会议室", "lead_unit": cast.section.pk, "limit_value": 3, "limit_unit": "working_days"}
    office, address = as_(cast.clerk), reverse("tasks:take_up_request", args=[one.pk])
    assert office.post(address, {**form, "lead_unit": ""}).status_code == 422
    assert office.post(address, form).status_code == 302
    assert Task.objects.get().number in office.get(reverse("tasks:request", args=[one.pk])).content.decode()
    assert office.post(address, form).status_code == 409


def test_strangers_and_administrators_find_nothing(cast, as_, ask):
    one = ask()
    for who in (cast.stranger, cast.sys_admin):
        client = as_(who)
        assert client.get(reverse("tasks:request", args=[one.pk])).status_code == 404
        names = ("answer_request", "take_up_request", "rate_request", "withdraw_request")
        assert [client.post(reverse(f"tasks:{name}", args=[one.pk])).status_code for name in names] == [404] * 4
    assert as_(cast.clerk).post(reverse("tasks:rate_request", args=[one.pk])).status_code == 404
    assert as_(cast.reader).post(reverse("tasks:answer_request", args=[one.pk])).status_code == 404


def test_the_ledger_is_exported_as_text(cast, as_, ask, now):
    one = ask(title='=HYPERLINK("http://127.0.0.1/","点")')
    deeds.answer(one, "+1+1", by=cast.clerk, now=now)
    rows = read_book(streamed(as_(cast.clerk).get(reverse("tasks:export_requests"))))
    assert (rows[1][0], rows[1][2], rows[1][11]) == (one.number, one.title, "+1+1")


def test_the_filters_narrow_list_and_export_alike(cast, as_, ask, now):
    ask(title="要会议室")
    ask(title="要车辆")
    client = as_(cast.clerk)
    for address in ("requests", "export_requests"):
        assert looked_at(client, reverse(f"tasks:{address}") + "?words=车辆&since=坏") == 200
    assert len(client.get(reverse("tasks:requests"), {"words": "车辆"}).context["page"].rows) == 1
    assert len(read_book(streamed(client.get(reverse("tasks:export_requests"), {"words": "车辆"})))) == 2
    assert as_(cast.stranger).get(reverse("tasks:requests")).context["page"].rows == []


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_the_list_asks_the_same_for_one_row_and_for_three(cast, as_, ask, who, django_assert_num_queries):
    client = as_(getattr(cast, who))
    for more in (1, 2):
        for _ in range(more):
            ask()
        client.get(reverse("tasks:requests"))
        with django_assert_num_queries(LIST[who]):
            client.get(reverse("tasks:requests"))


LIST = {"clerk": 16, "reader": 16}
