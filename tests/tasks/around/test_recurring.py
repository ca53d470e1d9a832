"""By which days a task recurs, and that each period is given out once, by however many beats."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from officehub.approvals.decide import DecisionRefused
from officehub.inbox.hand_over import hand_over
from officehub.moves import events_of
from officehub.notifications.models import Notice
from officehub.people.models import Department, Person
from officehub.web.admin.words import verb_in_words
from tasks.given import give
from tasks.models import Occurrence, Recurrence, Task, TaskTemplate
from tasks.recurring import make, templates
from tasks.recurring.blanks import open_blanks
from tasks.recurring.dates import upcoming
from tasks.recurring.said import said
from tests.tasks.around.conftest import GIVEN

DAY, day = timedelta(days=1), date


def rule(**more) -> Recurrence:
    return Recurrence(**{"starts_on": date(2026, 1, 1), "lead_days": 0, "day_by": "day", **more})


def dates(today: date, count: int = 3, **more) -> str:
    coming = upcoming(rule(**more), today)
    return " ".join(f"{one.due:%m-%d}" for one, _place in zip(coming, range(count), strict=False))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "today", "expected"),
    [
        # National Day 2026: 10-01 to 10-07 off, 09-20 (Sun) and 10-10 (Sat) worked; Spring Festival: 02-15 to 02-23.
        ({"every": "month", "day_by": "workday", "day": 5}, day(2026, 9, 1), "09-07 10-13 11-06"),
        ({"every": "month", "day_by": "workday", "day": -1}, day(2026, 9, 1), "09-30 10-30 11-30"),
        ({"every": "month", "day_by": "workday", "day": 23}, day(2026, 2, 1), "02-28 03-31 04-30"),
        ({"every": "week", "weekday": 3, "roll": "forward"}, day(2026, 9, 24), "09-24 10-08 10-08"),
        ({"every": "week", "weekday": 3, "roll": "back"}, day(2026, 9, 24), "09-24 09-30 10-08"),
        ({"every": "week", "day_by": "workday", "day": -1}, day(2026, 9, 21), "09-24 09-30 10-10"),
        ({"every": "week", "day_by": "workday", "day": 1}, day(2026, 2, 9), "02-09 02-24 02-24"),
        ({"every": "year", "month": 3, "day": 15, "roll": "forward"}, day(2025, 12, 1), "03-16 03-15 03-15"),
        ({"every": "year", "day_by": "workday", "day": -1}, day(2026, 1, 1), "12-31 12-31 12-29"),
        ({"every": "year", "day_by": "workday", "month": 1, "day": 5}, day(2026, 1, 1), "01-08 01-07 01-07"),
        ({"every": "month", "day": 31, "roll": "back"}, day(2026, 2, 1), "02-28 03-31 04-30"),
        ({"every": "month", "day": -1, "roll": "forward"}, day(2028, 2, 1), "02-29 03-31 05-01"),
        ({"every": "month", "day": 3, "roll": "forward", "ends_on": day(2026, 10, 31)}, day(2026, 9, 1), "09-03 10-08"),
    ],
)  # fmt: skip
def test_the_next_dates_are_those_of_the_calendar(more, today, expected):
    assert dates(today, **more) == expected


@pytest.mark.django_db
def test_a_year_nobody_has_confirmed_is_marked_as_reckoned():
    coming = list(zip(upcoming(rule(every="month", day=15), date(2026, 12, 1)), range(2), strict=False))
    assert [(one.period.key, one.provisional) for one, _place in coming] == [("2026-12", False), ("2027-01", True)]


@pytest.mark.django_db
def test_it_is_given_out_so_many_working_days_before():
    one = next(upcoming(rule(every="month", day_by="workday", day=5, lead_days=5), date(2026, 10, 1)))
    assert (one.due, one.on) == (date(2026, 10, 13), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"every": "month", "day_by": "workday", "day": 5}, "每月第5个工作日"),
        ({"every": "month", "day_by": "workday", "day": -1}, "每月最后一个工作日"),
        ({"every": "week", "weekday": 0, "roll": "back"}, "每周星期一（遇休息日提前到上一个工作日）"),
        ({"every": "year", "month": 3, "day": 15, "roll": "forward"}, "每年3月15日（遇休息日顺延到下一个工作日）"),
        ({"every": "year", "day_by": "workday", "month": 1, "day": 5}, "每年1月第5个工作日"),
        ({"every": "month", "day": -1, "roll": "forward"}, "每月最后一天（遇休息日顺延到下一个工作日）"),
    ],
)
def test_a_rule_is_said_in_words(more, words):
    assert said(rule(**more)) == words


# --- giving out -----------------------------------------------------------------------------------------------------


@pytest.fixture
def recurring(cast, now):
    """每月第5个工作日, of the head's to the bureau, given out five working days before."""

    def begun(at=now, by=cast.head, **more) -> Recurrence:
        fields = {**GIVEN, "title": "报送{年}年{月}月情况", "lead_unit": cast.bureau.pk}
        template = templates.keep(by=by, now=at, name="月报", fields=fields, shared=False)
        kept = {"every": "month", "day_by": "workday", "day": 5, "lead_days": 5, "starts_on": at.date(), **more}
        return make.start(template, by=by, now=at, **kept)

    return begun


def at(now, day: date):
    return now.replace(year=day.year, month=day.month, day=day.day)


def test_a_period_is_given_out_once_by_however_many_beats(cast, now, recurring):
    one = recurring()
    assert one.next_on == date(2026, 11, 30)
    assert make.give_out(one.pk, at(now, date(2026, 11, 29))) == 0
    assert [make.give_out(one.pk, at(now, date(2026, 11, 30))) for _beat in range(3)] == [1, 0, 0]
    task = Task.objects.get()
    assert (task.title, f"{task.due_at:%Y-%m-%d}") == ("报送2026年12月情况", "2026-12-07")
    assert (task.occurrence.period, task.assigner, task.state) == ("2026-12", cast.head, "assigned")
    one.refresh_from_db()
    assert one.next_on == date(2026, 12, 31)  # 2027's first days are only reckoned


@pytest.mark.parametrize(("rule", "made"), [("latest", ["missed", "missed", "made"]), ("all", ["made"] * 3)])
def test_what_an_outage_missed_is_made_up_for_by_rule(cast, now, recurring, rule, made):
    weekly = {"every": "week", "day_by": "day", "day": None, "weekday": 0, "lead_days": 1}
    one = recurring(**weekly, catch_up=rule, starts_on=now.date() + DAY)
    later = at(now, date(2026, 12, 11))  # three Mondays' tasks were to be given out by this Friday
    assert make.give_out(one.pk, later) == made.count("made")
    rows = list(Occurrence.objects.order_by("period"))
    assert [(row.period, row.state) for row in rows] == list(
        zip(["2026-W49", "2026-W50", "2026-W51"], made, strict=True)
    )
    assert all(task.due_at > later for task in Task.objects.all())  # what is late has its days all the same


def test_a_skipped_period_is_not_given_out_and_may_be_taken_back(cast, now, recurring):
    one = recurring()
    make.skip(one, "2026-12", by=cast.head, now=now)
    assert make.give_out(one.pk, at(now, date(2026, 12, 1))) == 0
    make.unskip(one, "2026-12", by=cast.head, now=now)
    assert make.give_out(one.pk, at(now, date(2026, 12, 1))) == 1
    with pytest.raises(DecisionRefused):
        make.skip(one, "2026-12", by=cast.head, now=at(now, date(2026, 12, 1)))


def test_while_it_is_paused_nothing_comes_and_nothing_is_made_up_for(cast, now, recurring):
    one = recurring()
    make.pause(one, by=cast.head, now=now)
    assert make.give_out(one.pk, at(now, date(2026, 12, 1))) == 0
    make.resume(one, by=cast.head, now=at(now, date(2026, 12, 10)))
    assert make.give_out(one.pk, at(now, date(2026, 12, 10))) == 0
    assert make.give_out(one.pk, at(now, date(2026, 12, 31))) == 1


def test_a_change_applies_to_what_is_still_to_come(cast, now, recurring):
    one = recurring()
    make.give_out(one.pk, at(now, date(2026, 11, 30)))
    template = one.template
    template.fields = {**template.fields, "title": "改后{月}月"}
    template.save()
    make.change(one, by=cast.head, now=at(now, date(2026, 12, 1)), day=-1)
    make.give_out(one.pk, at(now, date(2027, 1, 25)))
    assert sorted(Task.objects.values_list("title", flat=True)) == ["报送2026年12月情况", "改后1月"]


def test_what_cannot_be_given_is_told_once_holds_nobody_up_and_is_tried_again(cast, now, recurring):
    one = recurring()
    Department.objects.filter(pk=cast.bureau.pk).update(is_active=False)
    day = at(now, date(2026, 11, 30))
    assert [make.give_out(one.pk, day + DAY * more) for more in (0, 1)] == [0, 0]
    one.refresh_from_db()
    assert one.trouble == "其中的单位或人员已停用，请改选后再交办。"
    assert Notice.objects.filter(recipient=cast.head, verb="tasks.recurrence_trouble").count() == 1
    Department.objects.filter(pk=cast.bureau.pk).update(is_active=True)
    assert make.give_out(one.pk, day + DAY * 2) == 1
    one.refresh_from_db()
    assert one.trouble == ""


def test_nothing_is_given_in_the_name_of_who_left_and_those_of_the_department_hear_of_it(cast, now, recurring):
    one = recurring(by=cast.drafter)
    Person.objects.filter(pk=cast.drafter.pk).update(is_active=False)
    assert make.give_out(one.pk, at(now, date(2026, 11, 30))) == 0
    heard = Notice.objects.filter(verb="tasks.recurrence_trouble").values_list("recipient", flat=True)
    assert (list(heard), Task.objects.count()) == ([cast.head.pk], 0)


def test_it_ends_by_itself_after_its_last_day(cast, now, recurring):
    one = recurring(ends_on=date(2026, 12, 31))
    make.give_out(one.pk, at(now, date(2026, 12, 1)))
    make.give_out(one.pk, at(now, date(2027, 1, 4)))
    one.refresh_from_db()
    assert (one.state, one.next_on, Task.objects.count()) == ("ended", None, 1)


def test_a_template_with_blanks_to_fill_by_hand_does_not_recur(cast, now):
    fields = {**GIVEN, "title": "报送【单位】情况", "lead_unit": cast.bureau.pk}
    template = templates.keep(by=cast.head, now=now, name="情况", fields=fields, shared=True)
    assert open_blanks(fields) == ["【单位】"]
    with pytest.raises(DecisionRefused, match="待填的空"):
        make.start(template, by=cast.head, now=now, every="month", day_by="workday", day=1, starts_on=now.date())


def test_a_shared_template_is_for_the_department_and_those_below_it(cast, now):
    fields = {**GIVEN, "lead_unit": cast.bureau.pk}
    own = templates.keep(by=cast.leader, now=now, name="甲", fields=fields, shared=False)
    shared = templates.keep(by=cast.leader, now=now, name="乙", fields=fields, shared=True)
    assert list(templates.usable(cast.drafter)) == [shared]
    assert list(templates.usable(cast.reader)) == []
    assert {one.pk for one in templates.usable(cast.leader)} == {own.pk, shared.pk}


def test_a_template_others_let_recur_is_theirs_to_word(cast, now):
    kept = {"name": "乙", "fields": {**GIVEN, "lead_unit": cast.bureau.pk}, "shared": True}
    template = templates.keep(by=cast.leader, now=now, **kept)
    make.start(template, by=cast.drafter, now=now, every="month", day_by="workday", day=1, starts_on=now.date())
    with pytest.raises(DecisionRefused, match="其他人的定期任务"):
        templates.change(template, by=cast.leader, now=now, **{**kept, "name": "丙"})
    with pytest.raises(DecisionRefused, match="有定期任务用着"):
        templates.drop(template, by=cast.leader, now=now)
    make.end(Recurrence.objects.get(), by=cast.drafter, now=now)
    templates.change(template, by=cast.leader, now=now, **{**kept, "name": "丙"})
    said = [verb_in_words(event.verb, "tasks") for event in events_of(template).order_by("seq")]
    assert (said, TaskTemplate.objects.get().name) == (["存为模板", "修改模板"], "丙")


def test_what_recurs_goes_on_in_the_name_of_who_takes_over(cast, now, recurring):
    one = recurring()
    proof = hand_over(cast.head, cast.drafter, by=cast.sys_admin, now=now)
    assert (proof.counts["recurrence"], make.give_out(one.pk, at(now, date(2026, 11, 30)))) == (1, 1)
    assert Task.objects.get().assigner == cast.drafter
    assert list(templates.usable(cast.drafter)) == [one.template]


# --- the pages ------------------------------------------------------------------------------------------------------


RULE = {"every": "month", "day_by": "workday", "number": 5, "roll": "forward", "lead_days": 5, "catch_up": "latest"}


def test_from_a_template_to_its_next_dates(cast, as_, now):
    client = as_(cast.head)
    kept = {"name": "月报", "title": "报送{月}月情况", "lead_unit": cast.bureau.pk, "importance": 0}
    assert client.post(reverse("tasks:new_template"), {"name": "月报"}).status_code == 422
    assert client.post(reverse("tasks:new_template"), kept).status_code == 302
    template = templates.usable(cast.head).get()
    address = reverse("tasks:new_recurrence", args=[template.pk])
    assert client.post(address, {**RULE, "number": ""}).status_code == 422
    page = client.post(address, {**RULE, "starts_on": "2026-01-01"}, follow=True)
    assert (len(page.context["next"]), "每月第5个工作日" in page.content.decode()) == (5, True)
    assert "按推算" in page.content.decode()
    one = Recurrence.objects.get()
    period = page.context["next"][0].period.key
    client.post(reverse("tasks:skip_period", args=[one.pk]), {"period": period})
    assert Occurrence.objects.get().state == "skipped"
    assert client.post(reverse("tasks:skip_period", args=[one.pk]), {"period": "1900"}).status_code == 422
    change = reverse("tasks:change_recurrence", args=[one.pk])
    assert client.post(change, {**RULE, "from_end": "on", "number": 1, "starts_on": "2026-01-01"}).status_code == 302
    for deed, state in (("pause", "paused"), ("resume", "active"), ("end", "ended")):
        client.post(reverse(f"tasks:{deed}_recurrence", args=[one.pk]))
        one.refresh_from_db()
        assert one.state == state
    assert client.get(change).status_code == 409
    assert client.get(reverse("tasks:recurrences")).status_code == 200


def test_a_template_is_used_by_filling_its_blanks(cast, as_, now):
    fields = {**GIVEN, "title": "{月}月【单位】情况", "lead_unit": cast.bureau.pk}
    template = templates.keep(by=cast.head, now=now, name="情况", fields=fields, shared=False)
    client, address = as_(cast.head), reverse("tasks:use_template", args=[template.pk])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"blank0": "市财政局"}).status_code == 302
    assert Task.objects.get().title.endswith("月市财政局情况")


def test_what_is_another_s_is_no_page_of_mine(cast, as_, recurring):
    one = recurring()
    names = ("recurrence", "change_recurrence", "skip_period", "pause_recurrence", "end_recurrence")
    for who in (cast.stranger, cast.sys_admin):
        assert {as_(who).post(reverse(f"tasks:{name}", args=[one.pk])).status_code for name in names} <= {404, 405}
        assert as_(who).get(reverse("tasks:recurrence", args=[one.pk])).status_code == 404
        more = ("change_template", "use_template", "new_recurrence")
        assert [as_(who).get(reverse(f"tasks:{name}", args=[one.template_id])).status_code for name in more] == [
            404
        ] * 3


def test_a_task_is_kept_as_a_template_from_its_own_page(cast, as_, now):
    fields = {**GIVEN, "lead_unit": cast.bureau.pk, "assisting": [cast.section.pk], "evidence_asked": "报告"}
    task = give(fields, by=cast.leader, now=now)
    client = as_(cast.leader)
    assert reverse("tasks:keep_template", args=[task.pk]) in client.get(f"/tasks/{task.pk}/").content.decode()
    kept = client.post(reverse("tasks:keep_template", args=[task.pk]), follow=True)
    template = templates.usable(cast.leader).get()
    said = {name: template.fields[name] for name in ("lead_unit", "assisting", "limit_value", "evidence_asked")}
    assert (kept.status_code, said) == (
        200, {"lead_unit": cast.bureau.pk, "assisting": [cast.section.pk], "limit_value": 5, "evidence_asked": "报告"}
    )  # fmt: skip
    assert as_(cast.stranger).post(reverse("tasks:keep_template", args=[task.pk])).status_code == 404
