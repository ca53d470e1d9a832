"""Where a year's numbers begin, which year a paper is numbered in, and what `numbers check` finds and explains."""

import json
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.models import Document, NumberEntry, NumberYear, Series
from documents.number import faults, number
from documents.numbers.explain import gaps
from documents.numbers.opening import open_at
from documents.numbers.reserve import left, release
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.moves import events_of

OLD = "1至86号已在旧系统使用"


def opened(series, used, cast, now, reason=OLD):
    open_at(series, 2026, used, reason=reason, by=cast.rechecker, now=now)


def checked(*options) -> tuple[int, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as left_with:
        call_command("numbers", "check", *options, stdout=out, no_color=True)
    return left_with.value.code, out.getvalue().strip()


def test_an_office_that_migrates_mid_year_goes_on_where_it_was(cast, now, series, rechecked):
    opened(series, 86, cast, now)
    document = rechecked()
    number(document, series=series, by=cast.rechecker, now=now)
    assert document.document_number == "海政办发〔2026〕87号"
    assert list(faults()) == []
    assert [(str(gap), gap.sort, gap.reason, gap.who) for gap in gaps()] == [
        ("海政办发〔2026〕1至86号", "opening", OLD, "复核员rechecker")
    ]
    (event,) = events_of(series)
    assert (event.verb, event.facts) == ("open_numbers", {"year": 2026, "used": 86, "reason": OLD})


def test_the_beginning_may_be_put_right_until_a_number_is_taken(cast, now, series, rechecked, setting_aside):
    opened(series, 86, cast, now)
    opened(series, 68, cast, now)
    assert setting_aside().first == 69
    with pytest.raises(DecisionRefused, match="已经编过号或预留过号"):
        opened(series, 90, cast, now)
    assert NumberYear.objects.values_list("opening", "last").get() == (68, 69)


def test_the_beginning_takes_a_reason_and_a_number(cast, now, series):
    with pytest.raises(NeedsReason):
        opened(series, 86, cast, now, reason=" ")
    with pytest.raises(DecisionRefused, match="不必登记"):
        opened(series, 0, cast, now)
    assert not NumberYear.objects.exists()


def test_the_database_wants_the_beginning_explained(series):
    with pytest.raises(IntegrityError), transaction.atomic():
        NumberYear.objects.create(series=series, year=2026, last=5, opening=5)


def test_a_new_year_begins_at_one_and_the_old_one_goes_on_for_its_own_papers(cast, series, rechecked):
    """Signed on New Year's Eve and numbered days later: the year is that of 成文日期 (R20)."""
    eve = datetime(2026, 12, 31, 17, 0, tzinfo=timezone.get_current_timezone())
    late, fresh, another = rechecked(signed=eve), rechecked(signed=eve + timedelta(days=4)), rechecked(signed=eve)
    for document in (late, fresh, another):
        number(document, series=series, by=cast.rechecker, now=eve + timedelta(days=5))
    given = [document.document_number for document in (late, fresh, another)]
    assert given == ["海政办发〔2026〕1号", "海政办发〔2027〕1号", "海政办发〔2026〕2号"]
    assert list(faults()) == []


def test_a_paper_adopted_by_a_meeting_is_dated_and_numbered_by_the_meeting(cast, now, series, rechecked):
    signed = datetime(2027, 1, 5, 9, 0, tzinfo=timezone.get_current_timezone())
    document = rechecked(
        signed=signed,
        kind="决定",
        title="海青市人民政府办公室关于表彰防汛先进集体的决定",
        body="（2026年12月30日海青市人民政府办公室第8次办公会议通过）\n决定表彰下列集体。",
    )
    number(document, series=series, by=cast.rechecker, now=signed)
    assert document.paper().date_of_document.isoformat() == "2026-12-30"
    assert document.document_number == "海政办发〔2026〕1号"


def test_the_check_explains_every_gap(cast, now, series, rechecked, setting_aside):
    opened(series, 2, cast, now, reason="旧系统")
    release(left(setting_aside(1)), reason="会议取消", by=cast.rechecker, now=now)
    setting_aside(3, reason="防汛总结")
    number(rechecked(), series=series, by=cast.rechecker, now=now)
    assert checked() == (
        0,
        "海政办发〔2026〕1至2号：启用前已用，旧系统（复核员rechecker，2026-11-23）\n"
        "海政办发〔2026〕3号：空号，释放：会议取消（复核员rechecker，2026-11-23）\n"
        "海政办发〔2026〕4至6号：预留，防汛总结，留给信息科至2026-11-23（复核员rechecker，2026-11-23）\n"
        "核对 1 个年度系列，全部连续、无重号。",
    )
    code, said = checked("--json")
    found = json.loads(said)
    assert (code, found["ok"], found["faults"]) == (0, True, [])
    assert [(gap["sort"], gap["first"], gap["last"], gap["until"]) for gap in found["gaps"]] == [
        ("opening", 1, 2, None), ("void", 3, 3, None), ("reserved", 4, 6, "2026-11-23"),
    ]  # fmt: skip


def test_the_check_finds_what_is_wrong(cast, now, series, rechecked):
    document = rechecked()
    number(document, series=series, by=cast.rechecker, now=now)
    stray = rechecked()
    Document.objects.filter(pk=document.pk).update(document_number="海政办发〔2026〕9号")
    Document.objects.filter(pk=stray.pk).update(document_number="海政办发〔2026〕3号")
    NumberEntry.objects.create(series=series, year=2026, seq=4, reason="作废", at=now)
    other = Series.objects.get(code="海政办函")
    NumberYear.objects.create(series=other, year=2026, last=5, opening=5, opening_reason=OLD, opened_by=cast.rechecker)
    NumberEntry.objects.create(series=other, year=2026, seq=5, reason="作废", at=now)
    code, said = checked()
    assert code == 1
    *lines, verdict = said.splitlines()
    assert set(lines) == {
        f"海政办函〔2026〕1至5号：启用前已用，{OLD}（复核员rechecker）",
        "海政办函〔2026〕5号：空号，作废",
        "海政办函〔2026〕：5 号在启用前的号码（至 5 号）之内，又有登记。",
        "海政办发〔2026〕4号：空号，作废",
        "海政办发〔2026〕：1 号登记的公文，文号却是“海政办发〔2026〕9号”。",
        "海政办发〔2026〕：缺 2 至 3 号，没有登记。",
        "海政办发〔2026〕：已用到 1 号，登记到 4 号。",
        "海政办发〔2026〕3号：公文有此号，登记簿中没有。",
    }
    assert verdict == "核对 2 个年度系列，有 5 处问题。"
