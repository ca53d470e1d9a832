"""Numbers set aside: contiguous with the used ones, given to one paper, let go for good, and each with its event."""

from datetime import date, timedelta

import pytest

from documents.models import NumberEntry, NumberYear
from documents.number import faults, number, void
from documents.numbers.explain import gaps
from documents.numbers.reserve import MOST, left, release
from officehub.approvals.decide import DecisionRefused, NeedsReason
from officehub.audit.record import broken
from officehub.moves import events_of

YEAR_END = date(2026, 12, 31)


def taken(series) -> list[tuple[int, bool, str]]:
    """Every number with whether a paper has it, and why not."""
    rows = NumberEntry.objects.filter(series=series).order_by("seq")
    return [
        (seq, document is not None, reason) for seq, document, reason in rows.values_list("seq", "document", "reason")
    ]


def test_reserved_numbers_follow_the_used_ones_and_papers_follow_them(cast, now, series, rechecked, setting_aside):
    number(rechecked(), series=series, by=cast.rechecker, now=now)
    made = setting_aside(3)
    number(rechecked(), series=series, by=cast.rechecker, now=now)
    assert (str(made), made.first, made.last) == ("海政办发〔2026〕2至4号", 2, 4)
    assert taken(series) == [(1, True, ""), (2, False, ""), (3, False, ""), (4, False, ""), (5, True, "")]
    assert list(faults()) == []


def test_a_reserved_number_is_given_to_a_paper_and_keeps_its_reservation(cast, now, series, rechecked, setting_aside):
    entry = left(setting_aside(2))[1]
    document = rechecked()
    number(document, series=series, reserved=entry, by=cast.rechecker, now=now)
    document.refresh_from_db()
    assert document.document_number == "海政办发〔2026〕2号" == str(document.number_entry)
    assert [str(one) for one in left(entry.reservation)] == ["海政办发〔2026〕1号"]
    assert NumberYear.objects.get(series=series).last == 2


def test_a_reserved_number_is_given_once(cast, now, series, rechecked, setting_aside):
    entry = left(setting_aside())[0]
    number(rechecked(), series=series, reserved=entry, by=cast.rechecker, now=now)
    late = rechecked()
    with pytest.raises(DecisionRefused, match="刚被使用或释放"):
        number(late, series=series, reserved=entry, by=cast.rechecker, now=now)
    late.refresh_from_db()
    assert (late.state, late.document_number) == ("rechecked", None)


def test_a_reserved_number_of_another_year_is_refused(cast, now, series, rechecked, setting_aside):
    entry = left(setting_aside())[0]
    old = rechecked(signed=now - timedelta(days=400))
    with pytest.raises(DecisionRefused, match="2025年的号"):
        number(old, series=series, reserved=entry, by=cast.rechecker, now=now)


def test_a_later_number_cannot_be_reserved_ahead(series, setting_aside):
    with pytest.raises(DecisionRefused, match="下一个是1号，不能从5号起"):
        setting_aside(first=5)
    assert (taken(series), NumberYear.objects.filter(series=series).count()) == ([], 0)
    assert setting_aside(first=1).last == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"count": 0}, "一次预留1至50个号"),
        ({"count": MOST + 1}, "现为51个"),
        ({"holder": " "}, "事由和留给谁"),
        ({"reason": ""}, "事由和留给谁"),
        ({"until": date(2026, 11, 22)}, "今天至2026年12月31日"),
        ({"until": date(2027, 1, 1)}, "今天至2026年12月31日"),
    ],
)
def test_a_reservation_says_for_whom_why_and_until_when(series, setting_aside, changes, said):
    with pytest.raises(DecisionRefused, match=said):
        setting_aside(**changes)
    assert taken(series) == []


def test_a_series_out_of_use_has_nothing_to_reserve(series, setting_aside):
    series.is_active = False
    with pytest.raises(DecisionRefused, match="已停用"):
        setting_aside()


def test_what_is_let_go_stays_empty_and_is_never_used(cast, now, series, rechecked, setting_aside):
    made = setting_aside(2, until=YEAR_END)
    release(left(made)[:1], reason="会议取消", by=cast.rechecker, now=now)
    number(rechecked(), series=series, by=cast.rechecker, now=now)
    assert taken(series) == [(1, False, "释放：会议取消"), (2, False, ""), (3, True, "")]
    with pytest.raises(DecisionRefused, match="已被使用或已释放"):
        release(list(made.entries.order_by("seq")), reason="再释放", by=cast.rechecker, now=now)
    assert taken(series)[1] == (2, False, "")
    entry = NumberEntry.objects.get(series=series, seq=1)
    with pytest.raises(DecisionRefused, match="刚被使用或释放"):
        number(rechecked(), series=series, reserved=entry, by=cast.rechecker, now=now)
    assert (entry.emptied_by, entry.emptied_at) == (cast.rechecker, now)


def test_letting_go_takes_a_reason(cast, now, series, setting_aside):
    with pytest.raises(NeedsReason):
        release(left(setting_aside()), reason=" ", by=cast.rechecker, now=now)
    assert taken(series) == [(1, False, "")]


def test_a_reserved_number_once_given_and_voided_is_void(cast, now, series, rechecked, setting_aside):
    entry = left(setting_aside())[0]
    document = rechecked()
    number(document, series=series, reserved=entry, by=cast.rechecker, now=now)
    void(document, by=cast.rechecker, now=now, reason="印错")
    entry.refresh_from_db()
    assert (entry.document, entry.reason, entry.emptied_by, entry.emptied_at) == (
        None, "作废：印错", cast.rechecker, now,
    )  # fmt: skip
    assert not NumberEntry.objects.reserved().exists()
    assert [(str(gap), gap.sort, gap.who) for gap in gaps()] == [("海政办发〔2026〕1号", "void", "复核员rechecker")]


def test_every_deed_leaves_an_event_on_the_series(cast, now, series, setting_aside):
    made = setting_aside(2)
    release(left(made), reason="不用了", by=cast.rechecker, now=now)
    said = [(event.verb, event.actor, event.facts) for event in events_of(series).order_by("seq")]
    assert said == [
        (
            "reserve_numbers",
            cast.rechecker,
            {"numbers": "海政办发〔2026〕1至2号", "holder": "信息科", "reason": "防汛总结", "until": "2026-11-23"},
        ),
        (
            "release_numbers",
            cast.rechecker,
            {"numbers": "海政办发〔2026〕1号、海政办发〔2026〕2号", "reason": "不用了"},
        ),
    ]
    assert list(broken()) == []
