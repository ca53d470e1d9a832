"""Every list of papers in asks the database the same number of questions for one row and for three."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from documents.incoming import circulate
from documents.models import Hop, Incoming
from officehub.people import grants
from officehub.people.models import Delegation
from tests.documents.lists.test_queries import look  # noqa: F401  the fixture itself

LISTS = {"documents:incoming": 17, "documents:incoming_register": 16}
QUERIES_AWAY = 4  # who is away, who stands in, the stations, who stands in today; however many stations
OTHERS = 15  # the register, as somebody reads it who does not keep it
DETAIL = 35


def one_of_each(steps, count: int) -> None:
    number = count * 10
    steps.registered(document_number=f"北政〔2026〕{number}号")
    steps.circulating(("mayor", "leader"), document_number=f"北政〔2026〕{number + 1}号")
    steps.handling(document_number=f"北政〔2026〕{number + 2}号")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_few_and_for_many(steps, cast, look, name):  # noqa: F811
    for count in (1, 2, 3):
        one_of_each(steps, count)
        look(cast.clerk, reverse(name), LISTS[name])


def test_the_register_of_who_keeps_none_asks_the_same_for_few_and_for_many(steps, cast, look):  # noqa: F811
    for count in (1, 2, 3):
        one_of_each(steps, count)
        look(cast.mayor, reverse("documents:incoming_register"), OTHERS)


def test_the_register_of_who_keeps_none_is_only_of_what_they_see(steps, cast, client, monkeypatch):
    one_of_each(steps, 1)
    url = reverse("documents:incoming_register")
    client.force_login(cast.reader)
    few = [paper.pk for paper in client.get(url).context["page"].rows]
    monkeypatch.setattr(grants, "FEW", 0)
    assert few == [paper.pk for paper in client.get(url).context["page"].rows] == [Incoming.objects.latest("pk").pk]


def test_a_day_of_the_register_is_the_offices_day(steps, cast, client, now):
    incoming = steps.registered()
    client.force_login(cast.clerk)
    for moment, shown in (
        ("2026-11-22T16:00:00Z", True),
        ("2026-11-23T15:59:59Z", True),
        ("2026-11-23T16:00:00Z", False),
    ):
        Incoming.objects.update(registered_at=datetime.fromisoformat(moment))
        page = client.get(reverse("documents:incoming_register"), {"since": "2026-11-23", "until": "2026-11-23"})
        assert (incoming in page.context["page"].rows) == shown


def test_the_five_minutes_look_reads_only_the_stations_of_who_is_away(steps, cast, now, django_assert_num_queries):
    for number in range(4):
        steps.circulating(("mayor", "leader", "reader"), mode="at_once", document_number=f"北政〔2026〕{number}号")
    with django_assert_num_queries(2):
        assert circulate.reseat(now) == 0
    today = timezone.localdate(now)
    away = {"since": today, "until": today + timedelta(days=1)}
    Delegation.objects.create(principal=cast.mayor, delegate=cast.leader_in_charge, **away)
    assert circulate.reseat(now) == 4
    with django_assert_num_queries(QUERIES_AWAY):
        assert circulate.reseat(now) == 0
    steps.circulating(("mayor", "leader"), mode="at_once", document_number="北政〔2026〕9号")
    with django_assert_num_queries(QUERIES_AWAY):
        assert circulate.reseat(now) == 0
    assert circulate.reseat(now + timedelta(days=3)) == 5
    assert set(Hop.objects.values_list("asked__username", "person__username")) == {
        (name, name) for name in ("mayor", "leader", "reader")
    }


def test_a_page_asks_the_same_after_one_reader_and_after_three(steps, cast, look):  # noqa: F811
    incoming = steps.circulating(("mayor", "leader", "leader_in_charge", "reader"))
    address = reverse("documents:incoming_detail", args=[incoming.pk])
    for name in ("mayor", "leader", "leader_in_charge"):
        steps.sign(incoming, name, "")
        look(cast.clerk, address, DETAIL)
