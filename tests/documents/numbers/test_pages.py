"""The pages of numbering: the register of gaps, setting aside and letting go, and the card that gives the number."""

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from documents.models import Document, NumberEntry, NumberYear
from documents.number import number, void
from documents.numbers.reserve import left
from officehub.moves import events_of
from tests.cast import looked_at

GAPS = "/papers/register/gaps/"


@pytest.fixture(autouse=True)
def _drawn(monkeypatch):
    """The pages of a paper are drawn elsewhere."""
    from documents import sheets

    monkeypatch.setattr(sheets, "_draw_once", lambda key, make: sheets.Sheets(key, 1))


@pytest.fixture
def today() -> timezone.datetime:
    """The pages read the real clock."""
    return timezone.now()


@pytest.fixture
def keeper(cast, client):
    client.force_login(cast.rechecker)
    return client


def words(answer) -> str:
    return re.sub(r"\s+", "", strip_tags(answer.content.decode()))


def reserving(client, series, /, **changes):
    until = timezone.localdate().isoformat()
    given = {"series": series.pk, "count": 2, "holder": "信息科", "reason": "防汛总结", "until": until}
    return client.post(reverse("documents:reserve_numbers"), given | changes)


def test_the_keeper_sets_numbers_aside_and_finds_them_in_the_register(keeper, series):
    assert reserving(keeper, series).url == GAPS
    year = timezone.localdate().year
    page = words(keeper.get(GAPS))
    assert f"海政办发〔{year}〕2号预留防汛总结信息科，至" in page
    assert "复核员rechecker" in page
    assert "预留：防汛总结，留给信息科" in words(keeper.get(reverse("documents:register")))


def test_a_refused_reservation_keeps_what_was_typed(keeper, series):
    answer = reserving(keeper, series, first=7, reason="防汛总结会议")
    assert answer.status_code == 422
    assert "下一个是1号，不能从7号起" in words(answer)
    assert 'value="防汛总结会议"' in answer.content.decode()
    assert not NumberEntry.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"series": "²"}, {"series": "9" * 30}, {"count": "-1"}, {"count": "51"}, {"until": "2026-02-30"},
        {"holder": "\x00"}, {"reason": "甲\u202e乙"}, {"first": "1e9"}, {"reason": ""}, {"until": ""},
    ],
)  # fmt: skip
def test_odd_input_is_told_beside_its_field(keeper, series, changes):
    answer = reserving(keeper, series, **changes)
    (name,) = changes
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert not NumberEntry.objects.exists()


def test_one_number_or_all_that_are_left_are_let_go(keeper, series):
    reserving(keeper, series, count=3)
    first = NumberEntry.objects.get(seq=1)
    address = reverse("documents:release_number", args=[first.pk])
    assert "防汛总结；留给信息科" in words(keeper.get(address))
    assert keeper.post(address, {"scope": "one", "reason": ""}).status_code == 422
    assert keeper.post(address, {"scope": "one", "reason": "会议取消"}).url == GAPS
    second = NumberEntry.objects.get(seq=2)
    keeper.post(reverse("documents:release_number", args=[second.pk]), {"scope": "all", "reason": "不用了"})
    rows = NumberEntry.objects.order_by("seq").values_list("reason", flat=True)
    assert list(rows) == ["释放：会议取消", "释放：不用了", "释放：不用了"]
    late = keeper.post(address, {"scope": "one", "reason": "又释放"}, follow=True)
    assert f"{first}已被使用或已释放。" in words(late)
    assert NumberEntry.objects.get(pk=first.pk).reason == "释放：会议取消"


def test_the_numbers_used_before_are_one_line(keeper, series):
    given = {"series": series.pk, "year": 2026, "used": 86, "reason": "旧系统"}
    assert keeper.post(reverse("documents:open_numbers"), given).url == GAPS
    assert "海政办发〔2026〕1至86号启用前已用旧系统" in words(keeper.get(GAPS))
    assert "启用前已用" not in words(keeper.get(GAPS, {"sort": "void"}))
    assert NumberYear.objects.get().last == 86


def test_the_register_is_filtered(cast, now, keeper, series, rechecked, setting_aside):
    document = rechecked()
    number(document, series=series, by=cast.rechecker, now=now)
    void(document, by=cast.rechecker, now=now, reason="印错")
    setting_aside(2)
    for asked, shown in [
        ({}, [3, 2, 1]),
        ({"sort": "reserved"}, [3, 2]),
        ({"sort": "overdue"}, [3, 2] if timezone.localdate() > now.date() else []),
        ({"sort": "void"}, [1]),
        ({"year": "2025"}, []),
        ({"year": "２０２６"}, [3, 2, 1]),
        ({"series": str(series.pk)}, [3, 2, 1]),
        ({"series": "²"}, [3, 2, 1]),
    ]:
        page = keeper.get(GAPS, asked).context["page"]
        assert [entry.seq for entry in page.rows] == shown, asked


def test_the_export_is_text_and_no_formula(keeper, series):
    reserving(keeper, series, reason='=HYPERLINK("http://evil")')
    answer = keeper.get(reverse("documents:export_gaps"))
    sheet = ZipFile(BytesIO(b"".join(answer.streaming_content))).read("xl/worksheets/sheet1.xml").decode()
    assert ("<f>" in sheet, "=HYPERLINK" in sheet) == (False, True)


def test_only_who_keeps_the_numbers_sees_and_manages_them(cast, client, series, setting_aside):
    entry = left(setting_aside())[0]
    release = reverse("documents:release_number", args=[entry.pk])
    doors = [GAPS, reverse("documents:export_gaps"), reverse("documents:reserve_numbers"), release]
    seen = {}
    for who in ("rechecker", "clerk", "drafter", "sys_admin"):
        client.force_login(getattr(cast, who))
        seen[who] = [looked_at(client, address) for address in doors]
    assert seen == {
        "rechecker": [200, 200, 200, 200],
        "clerk": [200, 200, 404, 404],
        "drafter": [404] * 4,
        "sys_admin": [404] * 4,
    }
    client.force_login(cast.clerk)
    assert client.post(release, {"scope": "one", "reason": "甲"}).status_code == 404
    assert "释放" not in words(client.get(GAPS)).replace("释放为", "")


@pytest.mark.parametrize("rows", [1, 3])
def test_the_register_of_gaps_asks_the_same_for_one_and_for_three(
    keeper, setting_aside, rows, django_assert_num_queries
):
    for row in range(rows):
        setting_aside(reason=f"防汛总结之{row}")
    keeper.get(GAPS)
    with django_assert_num_queries(15):
        keeper.get(GAPS)


# --- the card that gives the number -----------------------------------------------------------------------------------


def numbering(client, document, series, **given):
    return client.post(reverse("documents:number", args=[document.pk]), {"series": series.pk, **given})


def seen_by_rechecker(client, cast, document) -> str:
    from documents.signing import let_see

    let_see(document, [cast.rechecker])
    client.force_login(cast.rechecker)
    return words(client.get(reverse("documents:detail", args=[document.pk])))


def test_the_numberer_chooses_the_next_or_one_set_aside(cast, client, series, rechecked, setting_aside, today):
    document = rechecked(signed=today)
    assert "取下一个顺序号，或用预留的号" not in seen_by_rechecker(client, cast, document)
    entry = left(setting_aside(2, now=today, until=timezone.localdate(today)))[1]
    page = seen_by_rechecker(client, cast, document)
    assert f"{entry}（预留：防汛总结，留给信息科）" in page
    assert numbering(client, document, series, reserved=entry.pk).status_code == 302
    document.refresh_from_db()
    assert document.document_number == str(entry)


@pytest.mark.parametrize("odd", ["0", "²", "9" * 30, "甲"])
def test_an_odd_number_is_refused_and_said(cast, client, series, rechecked, today, odd):
    document = rechecked(signed=today)
    seen_by_rechecker(client, cast, document)
    assert numbering(client, document, series, reserved=odd).status_code == 422
    document.refresh_from_db()
    assert document.state == "rechecked"


def issued_before(cast, series, rechecked, count, at) -> None:
    for _ in range(count):
        number(rechecked(signed=at), series=series, by=cast.rechecker, now=at, reasons={"R53": "防汛"})


def test_more_than_last_year_takes_an_explanation_that_is_kept_and_shown(cast, client, series, rechecked, today):
    """R53. Last year one paper by this day; this one is the second of this year."""
    issued_before(cast, series, rechecked, 1, today - timedelta(days=370))
    issued_before(cast, series, rechecked, 1, today - timedelta(minutes=1))
    document = rechecked(signed=today)
    assert "今年第2件发文，已超过去年同期的1件" in seen_by_rechecker(client, cast, document)
    refused = numbering(client, document, series)
    assert (refused.status_code, "（R53，请写明理由）" in words(refused)) == (422, True)
    numbering(client, document, series, reason_R53="汛情紧急，须连发通知")
    document.refresh_from_db()
    assert (document.state, document.overrides) == ("numbered", {"R53": "汛情紧急，须连发通知"})
    assert events_of(document).get(verb="number").facts["overrides"] == {"R53": "汛情紧急，须连发通知"}
    page = seen_by_rechecker(client, cast, document)
    assert "R53今年以来发文数超过去年同期的，编号时说明理由。汛情紧急，须连发通知" in page


def test_no_more_than_last_year_or_no_record_of_it_asks_nothing(cast, client, series, rechecked, today):
    document = rechecked(signed=today)
    assert "去年同期" not in seen_by_rechecker(client, cast, document)
    issued_before(cast, series, rechecked, 2, today - timedelta(days=370))
    issued_before(cast, series, rechecked, 1, today - timedelta(minutes=1))
    assert "去年同期" not in seen_by_rechecker(client, cast, document)


def test_a_paper_of_later_last_year_does_not_count(cast, series, rechecked, now):
    from documents.numbers.yearly import issued, more_than_last_year

    issued_before(cast, series, rechecked, 1, now - timedelta(days=364))  # the day after this one, a year ago
    assert issued(cast.office, now - timedelta(days=365)) == 0
    assert more_than_last_year(cast.office, now) == []


def test_reasons_given_at_submission_are_honoured_and_new_ones_asked_for(cast, client, series, rechecked, today):
    """An override recorded before is not asked for again; one that nobody gave a reason for is."""
    fields = {"kind": "请示", "primary_recipients": "市政府，省政府", "remarks": "联系人：李文，电话：6543210"}
    title = {"title": "海青市人民政府办公室关于设立值班室的请示", "body": "拟设立值班室。\n妥否，请批示。"}
    document = rechecked(signed=today, direction="upward", **fields, **title)
    refused = seen_by_rechecker(client, cast, document)
    assert "原则上只主送一个" in refused
    answer = numbering(client, document, series)
    assert (answer.status_code, "（R01，请写明理由）" in words(answer)) == (422, True)
    Document.objects.filter(pk=document.pk).update(overrides={"R01": "市领导要求一并报送"})
    assert numbering(client, document, series).status_code == 302


def test_what_the_numbering_refuses_uses_no_number(cast, client, series, rechecked, today):
    document = rechecked(signed=today, body="请遵照执行。\n2026年03月01日")
    seen_by_rechecker(client, cast, document)
    answer = numbering(client, document, series)
    assert (answer.status_code, "不合规定" in words(answer)) == (422, True)
    assert not NumberEntry.objects.exists()
    assert not NumberYear.objects.filter(last__gt=0).exists()
