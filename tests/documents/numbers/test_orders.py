"""Numbers that are no 代字〔年份〕: orders run on by the term of office, minutes are counted by issue."""

from datetime import timedelta

import pytest
from django.urls import reverse

from documents import drafting
from documents.models import Document, NumberYear, Series
from documents.number import faults, number, series_for
from documents.numbers.explain import gaps
from documents.numbers.forms import NumberForm
from documents.numbers.opening import open_at
from documents.numbers.reserve import reserve
from documents.paper.head import number_text
from documents.rules.number import is_well_formed

STAMP = {"office": "海青市市长", "name": "高远"}
ORDER = {"kind": "命令", "title": "", "signature_stamp": STAMP, "primary_recipients": "", "printing_office": ""}
MINUTES = {"kind": "纪要", "title": "供暖工作专题会议纪要", "masthead": "海青市专题会议纪要", "primary_recipients": "",
           "present": ["高远", "李明"]}  # fmt: skip


@pytest.fixture
def orders(cast) -> Series:
    return Series.objects.create(organ=cast.office, code="海青令", kinds=["命令"], form="order", term_from=2022)


@pytest.fixture
def issues(cast) -> Series:
    return Series.objects.create(organ=cast.office, code="海青专题会议纪要", kinds=["纪要"], form="issue")


def test_orders_run_on_over_the_year_and_begin_anew_with_the_term(cast, now, orders, rechecked):
    first, second, third = rechecked(**ORDER), rechecked(now + timedelta(days=60), **ORDER), rechecked(**ORDER)
    assert series_for(first) == [orders]
    for paper, at in ((first, now), (second, now + timedelta(days=60))):
        number(paper, series=orders, by=cast.rechecker, now=at)
    assert [first.document_number, second.document_number] == ["海青令〔2022〕第1号", "海青令〔2022〕第2号"]
    Series.objects.update(term_from=2027)
    orders.refresh_from_db()
    number(third, series=orders, by=cast.rechecker, now=now)
    assert third.document_number == "海青令〔2027〕第1号"
    assert [number_text(one.paper()) for one in (first, second, third)] == ["第1号", "第2号", "第1号"]
    assert all(is_well_formed(one.paper()) for one in (first, second, third))
    assert list(faults()) == []


def test_orders_of_all_terms_run_on_without_a_bracket(cast, now, orders, rechecked):
    orders.term_from = None
    orders.save()
    paper = rechecked(**ORDER)
    number(paper, series=orders, by=cast.rechecker, now=now)
    assert (paper.document_number, str(paper.number_entry), str(paper)) == ("海青令第1号",) * 3
    assert str(NumberYear.objects.get(series=orders)) == "海青令"
    assert list(faults()) == []


def test_minutes_are_counted_by_issue_each_year(cast, now, issues, rechecked):
    paper = rechecked(**MINUTES)
    number(paper, series=issues, by=cast.rechecker, now=now)
    assert paper.document_number == "海青专题会议纪要〔2026〕第1期"
    assert number_text(paper.paper()) == "第1期"
    assert is_well_formed(paper.paper())


def test_orders_set_aside_are_offered_whatever_the_year(cast, now, orders, rechecked):
    said = {"holder": "法制科", "reason": "绿地办法", "until": now.date(), "by": cast.rechecker, "now": now}
    held = reserve(orders, count=2, **said)
    assert str(held) == "海青令〔2022〕1至2号"
    paper = rechecked(now, **ORDER)
    form = NumberForm(document=paper, series=[orders])
    assert [str(one) for one in form.fields["reserved"].queryset] == ["海青令〔2022〕第1号", "海青令〔2022〕第2号"]
    number(paper, series=orders, by=cast.rechecker, now=now, reserved=form.fields["reserved"].queryset[0])
    assert paper.document_number == "海青令〔2022〕第1号"


def test_orders_given_before_this_system_are_those_of_the_term(cast, now, orders, rechecked):
    open_at(orders, 2026, 11, reason="1至11号已在旧系统使用", by=cast.rechecker, now=now)
    paper = rechecked(**ORDER)
    number(paper, series=orders, by=cast.rechecker, now=now)
    assert paper.document_number == "海青令〔2022〕第12号"
    assert [str(gap) for gap in gaps()] == ["海青令〔2022〕1至11号"]


def test_the_register_lists_an_order_in_the_year_it_was_given(cast, now, orders, rechecked, client):
    number(rechecked(**ORDER), series=orders, by=cast.rechecker, now=now)
    client.force_login(cast.clerk)
    listed = {year: client.get(reverse("documents:register"), {"year": year}).content.decode() for year in (2022, 2026)}
    assert ("海青令〔2022〕第1号" in listed[2026], "海青令〔2022〕第1号" in listed[2022]) == (True, False)


def test_only_orders_have_a_term(cast, client, issues):
    client.force_login(cast.sys_admin)
    door = reverse("admin:documents_series_change", args=[issues.pk])
    given = {"organ": cast.office.pk, "code": issues.code, "form": "issue", "term_from": 2022, "is_active": "on"}
    assert "只有令号按届编号" in client.post(door, given).content.decode()
    assert client.post(door, {**given, "form": "order"}).status_code == 302
    issues.refresh_from_db()
    assert (issues.form, issues.term_from) == ("order", 2022)


def test_an_order_without_its_stamp_is_not_numbered(cast, now, orders):
    fields = {**ORDER, "signature_stamp": None, "issuers": [cast.office.name], "body": "现予公布。"}
    paper = drafting.create(by=cast.drafter, now=now, organ=cast.office, fields=fields)
    with pytest.raises(drafting.NotReady, match="应加盖签发人签名章"):
        drafting.submit(paper, by=cast.drafter, now=now, chosen=[], reasons={})
    assert Document.objects.get().state == "drafting"
