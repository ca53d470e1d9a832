"""When the calendar changes every open limit whose way it touches is counted anew, once, and everybody hears of it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from officehub.audit.models import Event
from officehub.inbox.errands import Errand, close, give, redate
from officehub.inbox.models import WorkItem
from officehub.notifications.models import Notice
from officehub.workdays import recount
from officehub.workdays.arithmetic import chosen, limit
from officehub.workdays.arrangement import read_list
from officehub.workdays.change import set_days, take
from officehub.workdays.models import CalendarChange, MovedLimit

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 28, 9, 30, tzinfo=SHANGHAI)  # a Monday; no day of 2027 is confirmed
YEAR = "2027-01-01,休,元旦,国办\n2027-01-02,休,元旦,国办\n2027-01-03,休,元旦,国办\n2027-01-04,休,元旦,国办"


def asked(subject, people, key="a", how=None) -> None:
    given = how or limit(NOW, 5, "working_days")
    give(Errand("review", key, "关于供暖的通知", **given.fields), subject, people, NOW)


def change_calendar(text=YEAR) -> CalendarChange:
    return take(read_list(text, 2027), 2027, by=None, now=NOW + timedelta(hours=1))[1]


def settle() -> int:
    """Count until there is nothing more to do. Returns how many steps it took."""
    steps, now = 1, NOW + timedelta(hours=2)
    while recount.step(now):
        steps += 1
        now += timedelta(seconds=1)
    return steps


def due(key="a"):
    return sorted({(str(item.due_at.astimezone(SHANGHAI).date()), item.due_provisional)
                   for item in WorkItem.objects.filter(key=key)})  # fmt: skip


def test_a_provisional_limit_moves_when_the_year_is_confirmed(cast):
    asked(cast.section, [cast.head, cast.clerk])
    assert due() == [("2027-01-04", True)]
    change = change_calendar()
    settle()
    change.refresh_from_db()
    assert (due(), change.settled, change.done_at is not None) == ([("2027-01-06", False)], 2, True)
    moved = MovedLimit.objects.filter(change=change).order_by("id")
    assert [(one.verb, one.title, str(one.was.astimezone(SHANGHAI).date()), str(one.became.astimezone(SHANGHAI).date()))
            for one in moved] == [("review", "关于供暖的通知", "2027-01-04", "2027-01-06")] * 2  # fmt: skip
    assert {person for one in moved for person in one.people.all()} == {cast.head, cast.clerk}


def test_what_moved_is_in_the_record_of_its_subject(cast):
    asked(cast.section, [cast.head])
    change = change_calendar()
    settle()
    event = Event.objects.get(verb="limit_recounted")
    assert (event.subject_id, event.facts) == (
        cast.section.pk,
        {"verb": "review", "was": "2027-01-04T23:59:59+08:00", "due": "2027-01-06T23:59:59+08:00",
         "calendar": change.pk},
    )  # fmt: skip


def test_each_of_the_people_is_told_once_however_many_moved(cast):
    for key in ("a", "b", "c"):
        asked(cast.section, [cast.head], key)
    asked(cast.section, [cast.clerk], "d")
    change_calendar()
    settle()
    told = Notice.objects.filter(verb="calendar.moved").order_by("recipient")
    assert {(one.recipient, one.params["count"]) for one in told} == {(cast.head, 3), (cast.clerk, 1)}
    assert told.count() == 2


def test_a_date_that_stays_is_confirmed_without_a_word(cast):
    asked(cast.section, [cast.head], how=limit(NOW, 9, "natural_days"))  # 2027-01-06
    assert due() == [("2027-01-06", False)] or due() == [("2027-01-06", True)]
    change = change_calendar()
    settle()
    assert (due(), change.moves.count(), Notice.objects.filter(verb="calendar.moved").count()) == (
        [("2027-01-06", False)], 0, 0,
    )  # fmt: skip
    assert not Event.objects.filter(verb="limit_recounted").exists()


def test_a_chosen_date_and_hours_and_what_is_done_do_not_move(cast):
    asked(cast.section, [cast.head], "chosen", chosen(limit(NOW, 5, "working_days").at))
    asked(cast.section, [cast.head], "hours", limit(NOW, 170, "hours"))
    asked(cast.section, [cast.head], "done")
    close(WorkItem.objects.filter(key="done"), "已办", NOW)
    change = change_calendar()
    settle()
    assert [due(key)[0][0] for key in ("chosen", "hours", "done")] == ["2027-01-04", "2027-01-04", "2027-01-04"]
    assert change.moves.count() == 0


def test_noon_stays_noon_and_office_hours_are_counted_anew(cast):
    from officehub.workdays.arithmetic import by_noon

    late = datetime(2026, 12, 31, 15, 30, tzinfo=SHANGHAI)
    asked(cast.section, [cast.head], "noon", by_noon(late))
    asked(cast.section, [cast.head], "hours", limit(late, 4, "office_hours"))
    change_calendar()
    settle()
    ends = [WorkItem.objects.get(key=key).due_at.astimezone(SHANGHAI).isoformat()[:16] for key in ("noon", "hours")]
    assert ends == ["2027-01-05T12:00", "2027-01-05T10:30"]


def test_one_day_edited_moves_confirmed_limits_too(cast):
    asked(cast.section, [cast.head], how=limit(NOW, 2, "working_days"))
    asked(cast.section, [cast.head], "before", how=limit(NOW, 1, "working_days"))
    assert (due(), due("before")) == ([("2026-12-30", False)], [("2026-12-29", False)])
    row = {"is_workday": False, "name": "本地假日", "source": "本地", "confirmed": True, "is_local": True}
    set_days({date(2026, 12, 30): row}, by=None, now=NOW)
    settle()
    assert (due(), due("before")) == ([("2026-12-31", False)], [("2026-12-29", False)])


def test_counting_again_finds_nothing_and_a_dead_worker_s_piece_is_taken_up(cast, monkeypatch):
    monkeypatch.setattr(recount, "PIECE", 2)
    for n in range(5):
        asked(cast.section, [cast.head], f"k{n}")
    change = change_calendar()
    now = NOW + timedelta(hours=2)
    assert recount.step(now)  # two of five
    CalendarChange.objects.update(claimed_at=now)  # and the next worker was killed in the middle
    assert not recount.step(now + timedelta(minutes=1))
    assert recount.step(now + timedelta(minutes=10))
    while recount.step(now + timedelta(minutes=11)):
        pass
    change.refresh_from_db()
    assert (change.done_at is not None, change.moves.count()) == (True, 5)
    assert Event.objects.filter(verb="limit_recounted").count() == 5
    assert not recount.step(now + timedelta(minutes=12))


def test_it_is_gone_through_once_more_after_deeds_have_ended_that_had_read_the_old_calendar(cast):
    change = change_calendar()
    at = change.at + timedelta(seconds=5)
    while recount.step(at):
        pass
    change.refresh_from_db()
    assert change.done_at is None
    late = limit(NOW, 5, "working_days")
    give(Errand("review", "late", "晚到的", due_at=late.at - timedelta(days=1), due_provisional=True,
                due_from=NOW, due_value=5, due_unit="working_days"), cast.section, [cast.head], NOW)  # fmt: skip
    assert not recount.step(at)
    while recount.step(change.at + timedelta(minutes=2)):
        pass
    change.refresh_from_db()
    assert (due("late"), change.done_at is not None) == ([("2027-01-06", False)], True)


def test_a_change_on_top_of_another_is_listed_from_where_it_stood(cast):
    asked(cast.section, [cast.head])
    asked(cast.section, [cast.clerk], "b", limit(NOW, 6, "working_days"))
    change = change_calendar()
    while recount.step(change.at + timedelta(seconds=5)):
        pass
    assert change.moves.count() == 2
    plain = {"is_workday": True, "name": "", "source": "更正", "confirmed": True, "is_local": False}
    set_days({date(2027, 1, 1): plain, date(2027, 1, 4): plain}, by=None, now=change.at + timedelta(seconds=9))
    settle()
    assert (due(), due("b"), MovedLimit.objects.count()) == ([("2027-01-04", False)], [("2027-01-05", False)], 0)


def test_a_limit_that_was_given_another_date_meanwhile_is_left_alone(cast, monkeypatch):
    asked(cast.section, [cast.head])
    change_calendar()
    mine = WorkItem.objects.get()
    again = recount.Owner.again

    def meanwhile(self, row, calendar):
        redate(WorkItem.objects.filter(pk=mine.pk), NOW, False, NOW)
        return again(self, row, calendar)

    monkeypatch.setattr("officehub.inbox.recount.Errands.again", meanwhile)
    settle()
    assert (WorkItem.objects.get().due_at, MovedLimit.objects.count()) == (NOW, 0)


@pytest.fixture
def moved_page(client, cast):
    asked(cast.section, [cast.head])
    change = change_calendar()
    settle()

    def read(name: str):
        client.force_login(cast.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client.get(f"/calendar/{change.pk}/")

    return read


def test_whoever_it_concerns_reads_which_of_theirs_moved(moved_page):
    page = moved_page("head").content.decode()
    assert ("关于供暖的通知" in page, "2027年1月6日" in page) == (True, True)
    assert moved_page("clerk").status_code == 404
