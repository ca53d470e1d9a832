"""Writing events and proving that none was touched.

Each subject has its own chain: an event's hash covers its content and the hash before it. Whoever writes holds the
subject's row, so two writers of one chain follow each other; the unique sequence is the backstop.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from officehub.audit.models import Event, Seal

GENESIS = "0" * 64
BATCH = 10_000


def canonical(event: Event) -> bytes:
    """What an event's hash covers; the same bytes on every database."""
    content = {
        "subject": [event.subject_type_id and event.subject_type.natural_key(), event.subject_id],
        "seq": event.seq,
        "verb": event.verb,
        "actor": event.actor_id,
        "acting_for": event.acting_for_id,
        "at": event.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "facts": event.facts,
        "prev": event.prev,
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(event: Event) -> str:
    return hashlib.sha256(canonical(event)).hexdigest()


def hold(subject) -> None:
    """Lock the subject's row until the transaction ends: whoever does something to it, or records it, waits here."""
    subject._meta.model._base_manager.select_for_update(no_key=True).values_list("pk").get(pk=subject.pk)


def record(
    subject, verb: str, *, by, now: datetime, acting_for=None, facts: dict | None = None, held: bool = False
) -> Event:
    """Append one event to the subject's chain, inside the caller's transaction. `facts` must be plain JSON. `held` says
    that the caller has locked the subject's row in this transaction already.

    Raises RuntimeError outside a transaction, where a deed could stand without its event and two writers fork a chain.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"record({verb}): call it inside transaction.atomic(), with the deed it is the event of.")
    content_type = ContentType.objects.get_for_model(subject)
    if not held:
        hold(subject)
    chain = Event.objects.filter(subject_type=content_type, subject_id=subject.pk)
    last = chain.order_by("-seq").values("seq", "hash").first() or {"seq": 0, "hash": GENESIS}
    event = Event(
        subject_type=content_type,
        subject_id=subject.pk,
        seq=last["seq"] + 1,
        verb=verb,
        actor=by,
        acting_for=acting_for,
        at=now,
        facts=json.loads(json.dumps(facts or {}, ensure_ascii=False)),
        prev=last["hash"],
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def merkle_root(hashes: list[str]) -> str:
    """The root over the hashes in order; an odd one out is carried up."""
    level = [bytes.fromhex(h) for h in hashes]
    while len(level) > 1:
        pairs = [level[n : n + 2] for n in range(0, len(level), 2)]
        level = [hashlib.sha256(b"".join(pair)).digest() if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0].hex()


def _seal_hash(seal: Seal) -> str:
    at = seal.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return hashlib.sha256(f"{seal.prev}|{at}|{seal.count}|{seal.root}".encode()).hexdigest()


def seal_events(now: datetime) -> Seal | None:
    """Seal the events no seal covers yet (found by the missing mark, so a late commit is never skipped)."""
    with transaction.atomic():
        _one_sealer_at_a_time()
        last = Seal.objects.order_by("-id").first()
        open_events = list(Event.objects.filter(seal=None).order_by("id").values_list("id", "hash")[:BATCH])
        if not open_events:
            return None
        seal = Seal(
            at=now,
            count=len(open_events),
            root=merkle_root([h for _, h in open_events]),
            prev=last.hash if last else GENESIS,
        )
        seal.hash = _seal_hash(seal)
        seal.save()
        ids = [pk for pk, _ in open_events]
        for start in range(0, len(ids), 500):
            Event.objects.filter(id__in=ids[start : start + 500]).update(seal=seal)
    return seal


def _one_sealer_at_a_time() -> None:
    """Hold a row that is always there: before the first seal there is none to lock."""
    ContentType.objects.select_for_update().get(pk=ContentType.objects.get_for_model(Seal).pk)


def broken() -> Iterator[str]:
    """Every fault of the chains and seals, in order; nothing when no record was touched."""
    yield from _broken_chains()
    yield from _broken_seals()


def _broken_chains() -> Iterator[str]:
    previous: Event | None = None
    events = Event.objects.select_related("subject_type").order_by("subject_type_id", "subject_id", "seq")
    for event in events.iterator(2000):
        same = previous and (previous.subject_type_id, previous.subject_id) == (event.subject_type_id, event.subject_id)
        seq, prev = (previous.seq + 1, previous.hash) if previous and same else (1, GENESIS)
        if event.seq != seq:
            yield f"事件 {event.pk}（{event}）：序号应为 {seq}，前面缺了事件。"
        elif event.prev != prev:
            yield f"事件 {event.pk}（{event}）：与前一事件的哈希接不上。"
        elif event.hash != digest(event):
            yield f"事件 {event.pk}（{event}）：内容与哈希不符，记录被改动过。"
        previous = event


def _broken_seals() -> Iterator[str]:
    prev = GENESIS
    for seal in Seal.objects.order_by("id").iterator():
        hashes = list(seal.events.order_by("id").values_list("hash", flat=True))
        if seal.prev != prev:
            yield f"封存 {seal.pk}：与前一封存接不上。"
        elif seal.hash != _seal_hash(seal):
            yield f"封存 {seal.pk}：封存记录被改动过。"
        elif len(hashes) != seal.count or not hashes or merkle_root(hashes) != seal.root:
            yield f"封存 {seal.pk}：应有 {seal.count} 个事件，现有 {len(hashes)} 个或内容不符。"
        prev = seal.hash
