"""A thousand copies and five thousand addressees: the same queries for each batch, and memory that does not grow."""

import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents import distribute, receive
from documents.models import Copy
from documents.paper.render import engine
from documents.sending import certify, number_copies
from officehub.people.models import Person

THOUSAND = 1000
MOST = 12 * 1024 * 1024  # bytes of Python objects while a thousand copies are made; each copy is a quarter megabyte


def many(cast, count: int) -> list[Person]:
    rows = [Person(username=f"many{n}", name=f"科员第{n}", department=cast.other_section) for n in range(count)]
    return Person.objects.bulk_create(rows)


def test_a_thousand_copies_in_one_job_with_progress_and_in_bounded_memory(cast, now, sealed, monkeypatch):
    people = many(cast, THOUSAND)
    sent = distribute.distribute(sealed, departments=[], people=people, by=cast.clerk, now=now, first_number=1)
    run, made, queries = sent.copy_run, [], []
    batch = number_copies._make_batch

    def counted(*args):
        asked = [0]

        def counting(execute, *statement):
            asked[0] += 1
            return execute(*statement)

        with connection.execute_wrapper(counting):
            count = batch(*args)
        run.refresh_from_db()
        made.append(run.made)
        queries.append(asked[0])
        return count

    monkeypatch.setattr(number_copies, "_make_batch", counted)
    engine()  # the worker has its libraries and fonts long since
    tracemalloc.start()
    assert number_copies.make(run.pk, now)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made == [*range(100, THOUSAND + 1, 100), THOUSAND]  # what the page shows while it goes on
    assert len(set(queries[:-1])) == 1
    assert most < MOST, f"{most / 1024 / 1024:.1f} MB"
    assert Copy.objects.exclude(sha256="").values("sha256").distinct().count() == THOUSAND


@pytest.mark.parametrize("count", [5000])
def test_five_thousand_addressees(cast, now, sealed, client, count):
    people = many(cast, count)
    with CaptureQueriesContext(connection) as ordering:
        sent = distribute.distribute(sealed, departments=[], people=people, by=cast.clerk, now=now)
    assert len(ordering) < 120
    asked = []
    for _batch in range(4):
        with CaptureQueriesContext(connection) as delivering:
            distribute._deliver_batch(sent, now)
        asked.append(len(delivering))
    assert len(set(asked)) == 1
    assert distribute.deliver(sent.pk, now)
    assert receive.tally(sealed) == {"delivered": count, "opened": 0, "acknowledged": 0, "recalled": 0, "silent": count}
    receive.acknowledge(sealed, people[17], now)
    assert receive.tally(sealed)["acknowledged"] == 1
    client.force_login(cast.clerk)
    with CaptureQueriesContext(connection) as looking:
        page = client.get(reverse("documents:readers", args=[sealed.pk]))
    assert page.status_code == 200
    assert len(looking) < 25
    sent.refresh_from_db()
    proof = certify.issue(sent, by=cast.clerk, now=now)
    assert len(proof.lines) == count
    assert certify.contradicted(proof) == []
