"""The calendar and the number series in the administrators' pages."""

import json
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import NumberEntry, Series
from officehub.audit.models import Event
from officehub.workdays.models import CalendarDay

IMPORT = "admin:workdays_calendarday_import"
LIST = "2027-01-01,休,元旦,试办发〔2026〕1号\n2027-01-02,班,,试办发〔2026〕1号"


TAKE = {"year": 2027, "text": LIST, "take": "1"}
NOTICE = json.dumps({"year": 2027, "papers": ["https://www.gov.cn/a"],
                     "days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": True}]})  # fmt: skip


def test_a_year_is_confirmed_by_its_list(as_, cast):
    answer = as_("sys_admin").post(reverse(IMPORT), TAKE, follow=True)
    assert "已确认 365 天" in answer.content.decode()
    assert CalendarDay.objects.get(date=date(2027, 1, 2)).is_workday
    event = Event.objects.get(verb="calendar_confirmed")
    assert (event.actor, event.facts) == (cast.sys_admin, {"year": 2027, "listed": 2, "source": "试办发〔2026〕1号"})


def test_a_list_is_seen_before_it_is_taken(as_, cast):
    client = as_("sys_admin")
    page = client.post(reverse(IMPORT), {"year": 2027, "text": LIST})
    assert "将变更 365 天" in page.content.decode()
    assert "其中 363 天未列出" in page.content.decode()
    assert [(str(one["date"]), one["was"], one["became"]) for one in page.context["seen"]["named"]] == [
        ("2027-01-01", "班（按推算）", "休 元旦"),
        ("2027-01-02", "休（按推算）", "班"),
    ]
    assert not CalendarDay.objects.filter(date__year=2027).exists()
    client.post(reverse(IMPORT), {**page.context["seen"]["fields"], "take": "1"})
    assert CalendarDay.objects.filter(date__year=2027).count() == 365


def test_the_notice_of_a_year_is_taken_as_data(as_, cast):
    file = SimpleUploadedFile("2027.json", NOTICE.encode())
    page = as_("sys_admin").post(reverse(IMPORT), {"year": 2027, "file": file})
    as_("sys_admin").post(reverse(IMPORT), {**page.context["seen"]["fields"], "take": "1"})
    assert CalendarDay.objects.get(date=date(2027, 1, 1)).source == "https://www.gov.cn/a"
    refused = as_("sys_admin").post(reverse(IMPORT), {"year": 2026, "text": NOTICE})
    assert "year 是 2027，不是所选的 2026" in refused.content.decode()


def test_a_local_holiday_stands_against_the_national_list(as_, cast):
    client = as_("sys_admin")
    row = {"date": "2027-01-02", "name": "古尔邦节", "source": "本地", "confirmed": "on", "is_local": "on"}
    client.post(reverse("admin:workdays_calendarday_add"), row)
    page = client.post(reverse(IMPORT), {"year": 2027, "text": LIST})
    assert "本地规定的日子保留不动：2027-01-02" in page.content.decode()
    client.post(reverse(IMPORT), TAKE)
    assert not CalendarDay.objects.get(date=date(2027, 1, 2)).is_workday


def test_a_list_with_one_wrong_line_is_refused_whole_and_what_was_typed_stays(as_, cast):
    answer = as_("sys_admin").post(reverse(IMPORT), {"year": 2027, "text": LIST + "\n2027-01-40,休,元旦,试办"})
    page = answer.content.decode()
    assert "第 3 行：“2027-01-40”不是日期" in page
    assert "2027-01-40,休,元旦,试办" in page
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_a_list_may_come_as_a_file_in_utf8(as_, cast):
    client = as_("sys_admin")
    for content, says in [("\ufeff" + LIST, "将变更 365 天"), (LIST.encode("gb18030"), "不是 UTF-8")]:
        file = SimpleUploadedFile("2027.csv", content if isinstance(content, bytes) else content.encode())
        assert says in client.post(reverse(IMPORT), {"year": 2027, "file": file}).content.decode()


def test_neither_nothing_nor_two_lists(as_, cast):
    client = as_("sys_admin")
    file = SimpleUploadedFile("2027.csv", LIST.encode())
    for fields in ({"year": 2027}, {"year": 2027, "text": LIST, "file": file}):
        assert "二者取一" in client.post(reverse(IMPORT), fields).content.decode()


def test_only_the_system_administrator_confirms_a_year(as_, cast):
    for name in ("security_admin", "audit_admin"):
        assert as_(name).post(reverse(IMPORT), TAKE).status_code == 403
    assert not CalendarDay.objects.filter(date__year=2027).exists()


def test_one_day_is_changed_and_the_calendar_remembers(as_, cast):
    url = reverse("admin:workdays_calendarday_change", args=["2026-12-31"])
    fields = {"name": "本地假日", "source": "本地文件", "confirmed": "on"}
    assert as_("sys_admin").post(url, fields).status_code == 302
    assert not CalendarDay.objects.get(date=date(2026, 12, 31)).is_workday
    assert Event.objects.get().facts == {"date": "2026-12-31", "is_workday": False}


def test_the_calendar_is_shown_by_year(as_, cast):
    page = as_("sys_admin").get(reverse("admin:workdays_calendarday_changelist"), {"year": "2025"})
    assert page.context["cl"].result_count == 365


def test_a_series_is_made_for_kinds_by_ticking(as_, cast):
    fields = {"organ": cast.office.pk, "code": "海政办令", "kinds": ["通知", "函"], "is_active": "on"}
    as_("sys_admin").post(reverse("admin:documents_series_add"), fields)
    assert Series.objects.get(code="海政办令").kinds == ["通知", "函"]


def test_a_series_code_with_brackets_is_refused(as_, cast):
    fields = {"organ": cast.office.pk, "code": "海政办〔1〕", "is_active": "on"}
    answer = as_("sys_admin").post(reverse("admin:documents_series_add"), fields)
    assert "机关代字只能是汉字和字母" in answer.content.decode()


def test_a_used_series_keeps_its_code_and_is_not_deleted(as_, cast, now):
    series = Series.objects.get(code="海政办发")
    NumberEntry.objects.create(series=series, year=2026, seq=1, reason="作废", at=now)
    client = as_("sys_admin")
    client.post(
        reverse("admin:documents_series_change", args=[series.pk]), {"code": "别的", "organ": cast.government.pk}
    )
    client.post(reverse("admin:documents_series_delete", args=[series.pk]), {"post": "yes"})
    series.refresh_from_db()
    assert (series.code, series.organ) == ("海政办发", cast.office)


def test_the_audit_administrator_reads_events_and_changes_none(as_, cast):
    as_("sys_admin").post(reverse(IMPORT), TAKE)
    client, event = as_("audit_admin"), Event.objects.get()
    page = client.get(reverse("admin:audit_event_change", args=[event.pk]))
    assert "试办发〔2026〕1号" in page.content.decode()
    assert client.post(reverse("admin:audit_event_change", args=[event.pk]), {"verb": "x"}).status_code == 403
    assert client.post(reverse("admin:audit_event_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    found = client.get(reverse("admin:audit_event_changelist"), {"verb": "calendar_confirmed", "q": "sys_admin"})
    assert found.context["cl"].result_count == 1
