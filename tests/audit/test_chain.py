"""The record of what happened: whatever is changed behind its back is found."""

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from officehub.audit import guard
from officehub.audit.models import Event, Seal
from officehub.audit.record import broken, canonical, merkle_root, record, seal_events
from officehub.people.models import Person


@pytest.fixture
def chain(cast, now):
    """Five events of one person, three of another, sealed two times."""
    subject, other = cast.drafter, cast.head
    for step in range(5):
        record(subject, "tried", by=cast.clerk, now=now + timedelta(minutes=step), facts={"步": step, "b": [1, None]})
    seal_events(now)
    for step in range(3):
        record(other, "tried", by=cast.clerk, now=now, acting_for=cast.leader, facts={"步": step})
    seal_events(now + timedelta(hours=1))
    return list(Event.objects.order_by("id"))


def raw(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_an_untouched_record_is_whole(chain):
    assert list(broken()) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("verb", "agreed"),
        ("facts", json.dumps({"步": 99})),
        ("at", "2026-11-23 01:30:00.000001+00:00"),
        ("seq", 77),
        ("prev", "0" * 63 + "1"),
        ("hash", "f" * 64),
        ("subject_id", 987654),
    ],
)
def test_changing_any_field_is_found(chain, column, value):
    raw(f"UPDATE audit_event SET {column} = %s WHERE id = %s", value, chain[2].pk)  # noqa: S608
    assert list(broken()) != []


@pytest.mark.parametrize("column", ["actor_id", "acting_for_id", "subject_type_id"])
def test_changing_who_or_what_is_found(chain, cast, column):
    other = Person.objects.get(username="stranger").pk if column != "subject_type_id" else chain[0].subject_type_id + 1
    raw(f"UPDATE audit_event SET {column} = %s WHERE id = %s", other, chain[2].pk)  # noqa: S608
    assert list(broken()) != []


@pytest.mark.parametrize(
    ("victims", "says"),
    [((2,), "前面缺了事件"), ((0,), "前面缺了事件"), ((4,), "封存"), ((7,), "封存"), ((0, 1, 2, 3, 4), "封存")],
    ids=["middle", "first", "last of the first", "last of all", "a whole chain"],
)
def test_removing_events_is_found(chain, victims, says):
    for victim in victims:
        raw("DELETE FROM audit_event WHERE id = %s", chain[victim].pk)
    assert says in next(broken())


def test_a_forger_who_works_out_the_hashes_again_is_found_by_the_seal(chain):
    """The last event rewritten with a hash that fits: the chain is whole, the seal is not."""
    event = chain[-1]
    event.verb = "returned"
    raw(
        "UPDATE audit_event SET verb = %s, hash = %s WHERE id = %s",
        "returned",
        hashlib.sha256(canonical(event)).hexdigest(),
        event.pk,
    )
    assert [fault.split("：")[0] for fault in broken()] == [f"封存 {Seal.objects.order_by('-id').first().pk}"]


@pytest.mark.parametrize(
    ("column", "value"), [("root", "a" * 64), ("count", 4), ("prev", "b" * 64), ("hash", "c" * 64)]
)
def test_changing_a_seal_is_found(chain, column, value):
    raw(f"UPDATE audit_seal SET {column} = %s WHERE id = %s", value, Seal.objects.order_by("id").first().pk)  # noqa: S608
    assert list(broken()) != []


def test_sealing_covers_each_event_once(chain, cast, now):
    assert list(Seal.objects.order_by("id").values_list("count", flat=True)) == [5, 3]
    assert seal_events(now) is None
    record(cast.drafter, "tried", by=cast.clerk, now=now)
    assert seal_events(now).count == 1
    assert list(broken()) == []


def test_events_of_one_subject_are_numbered_and_linked(chain):
    mine = [event for event in chain if event.subject_id == chain[0].subject_id]
    assert [event.seq for event in mine] == [1, 2, 3, 4, 5]
    assert [event.prev for event in mine] == ["0" * 64, *[event.hash for event in mine[:-1]]]


def test_an_event_hashes_alike_on_every_database(cast):
    """A literal: whoever changes `canonical` breaks every record already written."""
    event = Event(
        subject_type=None,
        subject_id=7,
        seq=2,
        verb="sign_off",
        actor_id=3,
        acting_for_id=None,
        at=datetime(2026, 11, 23, 1, 30, 0, 5, tzinfo=UTC),
        facts={"意见": "同意", "n": 1.5, "a": [True, None]},
        prev="0" * 64,
    )
    assert canonical(event).decode() == (
        '{"acting_for":null,"actor":3,"at":"2026-11-23T01:30:00.000005Z",'
        '"facts":{"a":[true,null],"n":1.5,"意见":"同意"},"prev":"' + "0" * 64 + '",'
        '"seq":2,"subject":[null,7],"verb":"sign_off"}'
    )


@pytest.mark.parametrize("facts", [{"n": 1.0, "big": 10**17, "text": "é\u2028“”", "deep": {"b": 1, "a": {}}}, {}])
def test_an_event_read_back_has_the_hash_it_was_written_with(cast, now, facts):
    written = record(cast.drafter, "tried", by=None, now=now, facts=facts)
    read = Event.objects.get(pk=written.pk)
    assert (canonical(read), list(broken())) == (canonical(written), [])


def test_the_root_of_an_odd_number_carries_the_last_one_up():
    a, b, c = (hashlib.sha256(letter.encode()).digest() for letter in "abc")
    ab = hashlib.sha256(a + b).digest()
    assert merkle_root([a.hex(), b.hex(), c.hex()]) == hashlib.sha256(ab + c).hexdigest()
    assert merkle_root([a.hex()]) == a.hex()


@pytest.fixture
def guarded(chain):
    guard.install(connection)
    yield chain
    guard.remove(connection)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_event WHERE id = %s",
        "UPDATE audit_event SET verb = 'x' WHERE id = %s",
        "UPDATE audit_event SET facts = '{}' WHERE id = %s",
        "UPDATE audit_event SET hash = 'x' WHERE id = %s",
        "UPDATE audit_event SET seal_id = NULL WHERE id = %s",
    ],
)
def test_the_database_itself_refuses_to_change_an_event(guarded, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        raw(sql, guarded[1].pk)
    assert list(broken()) == []


def test_the_guard_lets_events_be_written_and_sealed(guarded, cast, now):
    record(cast.drafter, "tried", by=cast.clerk, now=now)
    assert seal_events(now).count == 1
